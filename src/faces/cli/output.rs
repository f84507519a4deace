//! Output: data on standard output, everything for people on standard error, colour only where a terminal shows it.
//! A closed pipe is no failure: who reads only the first lines has read enough.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use super::sanitize;
use crate::operations::dispatch::Answer;

/// Where a command writes.
pub struct Output;

impl Output {
    /// Writes text, followed by a line break.
    pub fn data(text: &str) -> ExitCode {
        Self::write_line(&sanitize::text(text))
    }

    /// Writes text that we coloured.
    pub fn coloured(text: &str) -> ExitCode {
        Self::write_line(&sanitize::coloured(text))
    }

    /// Writes JSON to read.
    pub fn json(value: &impl Serialize) -> ExitCode {
        Self::write_line(&sanitize::json(value))
    }

    fn write_line(text: &str) -> ExitCode {
        let mut stdout = std::io::stdout().lock();
        let written =
            writeln!(stdout, "{}", text.trim_end_matches('\n')).and_then(|()| stdout.flush());
        match written {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        }
    }

    /// Writes a part of a text, without a line break. Where that does not go on, gives the code to end with.
    pub fn raw(text: &str) -> Result<(), ExitCode> {
        let mut stdout = std::io::stdout().lock();
        // A file gets each byte as it is: a spreadsheet's line ends are among them.
        let safe = stdout.is_terminal().then(|| sanitize::text(text));
        let written = stdout
            .write_all(safe.as_deref().unwrap_or(text).as_bytes())
            .and_then(|()| stdout.flush());
        written.map_err(|error| match error.kind() {
            std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        })
    }

    /// Tells a person something.
    pub fn tell(text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", sanitize::text(text));
    }

    /// Shows how far something is, on a terminal only, in one line that is written over.
    pub fn progress(text: &str) {
        let mut stderr = std::io::stderr().lock();
        if stderr.is_terminal() {
            let _ = write!(stderr, "\r\x1b[2K{text}").and_then(|()| stderr.flush());
        }
    }

    /// Whether data goes to a terminal that shows colour.
    pub fn colour() -> bool {
        std::io::stdout().is_terminal()
            && anstream::stdout().current_choice() != anstream::ColorChoice::Never
    }

    /// The width to write for.
    pub fn width() -> usize {
        let said = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        said.unwrap_or(100).clamp(40, 160)
    }
}

/// One line about why nothing was done.
pub fn refuse(line: &str) -> ExitCode {
    Output::tell(&format!("clara: {line}"));
    ExitCode::from(2)
}

/// Why an operation did nothing, with every field that was wrong.
pub fn refused(answer: &Answer) -> ExitCode {
    let mut line = answer.message.clone();
    for problem in answer.data["errors"].as_array().into_iter().flatten() {
        line = format!(
            "{line}\n  {} {}",
            problem["field"].as_str().unwrap_or_default(),
            problem["problem"].as_str().unwrap_or_default()
        );
    }
    if let Some(next) = answer.next() {
        line = format!("{line}\n{next}");
    }
    refuse(&line)
}
