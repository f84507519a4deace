//! Reads files as the analysis does and prints one JSON line for each: its name, how long it took, and the reading. With `--ocr` first,
//! words in pictures are read too, each file in a confined child as the server does it.
//!
//! `cargo run -p clara-analysis --example read -- report.pdf figures.csv`

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

use std::error::Error;
use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Instant;

use clara_analysis::attachments::{
    Extractor, OcrTools, extract_child_main, read_here, tool_child_main,
};
use clara_domain::clock::Timestamp;
use clara_domain::submission::Attachment;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    match words.split_first() {
        Some((first, [])) if first == "extract" => return Ok(extract_child_main()),
        Some((first, tool)) if first == "extract" => return Ok(tool_child_main(tool)),
        Some((first, files)) if first == "--ocr" => with_ocr(files)?,
        _ => without_ocr(&words)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn without_ocr(files: &[OsString]) -> Result<(), Box<dyn Error>> {
    for path in files {
        let bytes = std::fs::read(path)?;
        let name = path.to_string_lossy();
        let began = Instant::now();
        let reading = read_here(&name, &bytes);
        let milliseconds = u64::try_from(began.elapsed().as_millis())?;
        let line = serde_json::json!({
            "file": name,
            "milliseconds": milliseconds,
            "text": reading.text,
            "records": reading.records,
            "layouts": reading.layouts,
            "read": reading.read,
            "unread": reading.unread,
        });
        println!("{line}");
    }
    Ok(())
}

fn with_ocr(files: &[OsString]) -> Result<(), Box<dyn Error>> {
    let tools = OcrTools::find(std::env::var_os("PATH").as_deref());
    let extractor = Extractor::new(std::env::current_exe()?).with_ocr(tools);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    for path in files {
        let attachment = Attachment {
            name: path.to_string_lossy().into_owned(),
            url: None,
            charset: None,
            bytes: std::fs::read(path)?.into(),
        };
        let began = Instant::now();
        let read = extractor.read(&attachment, "s1".to_owned(), Timestamp(0));
        let source = runtime.block_on(read)?;
        let milliseconds = u64::try_from(began.elapsed().as_millis())?;
        let line = serde_json::json!({
            "file": attachment.name,
            "milliseconds": milliseconds,
            "text": source.text.as_str(),
            "places": source.places,
            "read": source.read,
            "unread": source.unread,
        });
        println!("{line}");
    }
    Ok(())
}
