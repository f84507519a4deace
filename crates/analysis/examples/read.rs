//! Reads files as the analysis does and prints one JSON line for each: its name, how long it took, and the reading.
//!
//! `cargo run -p clara-analysis --example read -- report.pdf figures.csv`

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

use std::error::Error;
use std::time::Instant;

use clara_analysis::attachments::read_here;

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let began = Instant::now();
        let reading = read_here(&path, &bytes);
        let milliseconds = u64::try_from(began.elapsed().as_millis())?;
        let line = serde_json::json!({
            "file": path,
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
