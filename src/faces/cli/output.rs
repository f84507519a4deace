//! Output: data on standard output, everything for people on standard error, colour only where a terminal shows it.
//! A closed pipe is no failure: who reads only the first lines has read enough.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

/// Where a command writes.
pub struct Output;

impl Output {
    /// Writes data, followed by a line break.
    pub fn data(text: &str) -> ExitCode {
        let mut stdout = std::io::stdout().lock();
        let written =
            writeln!(stdout, "{}", text.trim_end_matches('\n')).and_then(|()| stdout.flush());
        match written {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        }
    }

    /// Tells a person something.
    pub fn tell(text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
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
