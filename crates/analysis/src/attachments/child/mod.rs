//! The child process that reads one file and may do nothing else: what it is asked, how it limits itself, what it
//! answers. The parent's side is [`super::Extractor`]. It knows no task and no settings; its environment is empty.

mod confine;
mod request;
#[cfg(debug_assertions)]
mod sandbox_probe;
mod tool;

use std::io::Write as _;
use std::process::ExitCode;

pub use confine::{CPU_SECONDS, MEMORY, SandboxLimit};
pub use request::{Header, Job};
pub use tool::tool_child_main;
pub(super) use tool::{NOT_STARTED, ToolBounds, ToolRun, UNCONFINED};

#[cfg(debug_assertions)]
pub use sandbox_probe::Misbehaviour;

use super::draft::Reading;
use super::read_from_web;

/// What the child writes to its standard output, as JSON.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub reading: Reading,
    /// Which limits it could set on itself, where it was asked or would not read without them.
    pub limits: Vec<SandboxLimit>,
}

/// Does what is asked. A file is looked at only by a child that could limit itself, or where that need not be.
fn answer(header: &Header, bytes: &[u8], limits: Vec<SandboxLimit>) -> Answer {
    match header.job {
        Job::Read if header.allow_unconfined || SandboxLimit::suffice(&limits) => Answer {
            reading: read_from_web(&header.name, header.charset.as_deref(), bytes),
            limits: Vec::new(),
        },
        Job::Read | Job::Limits => Answer {
            reading: Reading::default(),
            limits,
        },
        #[cfg(debug_assertions)]
        Job::Misbehave(misbehaviour) => Answer {
            reading: misbehaviour.act(),
            limits: Vec::new(),
        },
    }
}

/// The body of `clara extract`: limits itself, reads one request from standard input, answers on standard output.
pub fn extract_child_main() -> ExitCode {
    let limits = confine::confine();
    let mut input = std::io::stdin().lock();
    let Some((header, bytes)) = request::receive(&mut input) else {
        return ExitCode::from(2);
    };
    let answer = answer(&header, &bytes, limits);
    let mut output = std::io::stdout().lock();
    let written = serde_json::to_vec(&answer)
        .map_err(std::io::Error::from)
        .and_then(|json| output.write_all(&json))
        .and_then(|()| output.flush());
    if written.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(holds: bool, required: bool) -> Vec<SandboxLimit> {
        let what = "no sockets".to_owned();
        vec![SandboxLimit {
            what,
            holds,
            required,
        }]
    }

    fn read(allow_unconfined: bool, limits: Vec<SandboxLimit>) -> Answer {
        let header = Header {
            name: "a.txt".to_owned(),
            charset: None,
            length: 4,
            job: Job::Read,
            allow_unconfined,
        };
        answer(&header, b"text", limits)
    }

    #[test]
    fn an_unconfined_child_reads_nothing() {
        for unconfined in [limits(false, true), Vec::new()] {
            let refused = read(false, unconfined.clone());
            assert_eq!(refused.reading.text, "");
            assert_eq!(refused.limits, unconfined);
            assert_eq!(read(true, unconfined).reading.text, "text");
        }
        for confined in [limits(true, true), limits(false, false)] {
            let answer = read(false, confined);
            assert_eq!(
                (answer.reading.text.as_str(), answer.limits.len()),
                ("text", 0)
            );
        }
    }
}
