//! `clara doctor`: prints what was found, one line a part: what works, what is off, what is broken and what to do.
//! The finding itself is elsewhere; this only shows it.

use std::fmt::Write as _;
use std::process::ExitCode;

use super::output::Output;
use crate::diagnostics::doctor::{State, examine};
use crate::settings::Settings;

/// Examines the set-up; fails where something is broken.
pub async fn run(settings: Settings, mail: Option<String>) -> ExitCode {
    let findings = examine(settings, mail).await;
    let mut lines = String::new();
    for finding in &findings {
        let mark = match finding.state {
            State::Works => "works ",
            State::Off => "off   ",
            State::Broken => "BROKEN",
        };
        let _ = writeln!(lines, "{mark}  {:<12} {}", finding.part, finding.words);
    }
    let printed = Output::data(&lines);
    if findings
        .iter()
        .any(|finding| finding.state == State::Broken)
    {
        ExitCode::FAILURE
    } else {
        printed
    }
}
