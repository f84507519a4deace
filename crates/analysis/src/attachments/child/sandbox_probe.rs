//! What a file could make a broken reader do. Debug builds only: tests ask the child to try each, and see it contained.

use std::io::Write as _;

use crate::attachments::draft::Reading;

/// An attempt to break out of the child, or to use up the machine.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Misbehaviour {
    Spin,
    Sleep,
    Allocate,
    Recurse,
    Panic,
    Flood,
    ReadFile,
    WriteFile,
    Connect,
    StartProgram,
    StartThread,
    KillParent,
    SayEnvironment,
}

impl Misbehaviour {
    /// Tries it. Comes back only where the attempt was refused, or went through, and says which.
    pub(super) fn act(self) -> Reading {
        let outcome: Result<String, String> = match self {
            Self::Spin => loop {
                std::hint::black_box(0);
            },
            Self::Sleep => loop {
                std::thread::sleep(std::time::Duration::from_secs(1));
            },
            Self::Allocate => allocate(),
            Self::Recurse => Ok(recurse(1).to_string()),
            Self::Panic => std::panic::panic_any("a reader's bug"),
            Self::Flood => flood(),
            Self::ReadFile => report(std::fs::read_to_string("/etc/hostname")),
            Self::WriteFile => {
                report(std::fs::write("clara-was-here", "x").map(|()| String::new()))
            }
            Self::Connect => {
                report(std::net::TcpStream::connect("127.0.0.1:9").map(|_| String::new()))
            }
            Self::StartProgram => report(
                std::process::Command::new("/bin/true")
                    .status()
                    .map(|s| s.to_string()),
            ),
            Self::StartThread => report(
                std::thread::Builder::new()
                    .spawn(|| ())
                    .map(|_| String::new()),
            ),
            Self::KillParent => kill_parent(),
            Self::SayEnvironment => Ok(std::env::vars_os()
                .map(|(name, _)| name.to_string_lossy().into_owned())
                .collect::<Vec<_>>()
                .join(" ")),
        };
        Reading {
            text: match outcome {
                Ok(done) => format!("done: {done}"),
                Err(error) => format!("refused: {error}"),
            },
            ..Reading::default()
        }
    }
}

/// A refused connection went out: only what never left counts as refused.
fn report(outcome: std::io::Result<String>) -> Result<String, String> {
    match outcome {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Err(error.to_string())
        }
        Err(error) => Ok(error.to_string()),
        Ok(done) => Ok(done),
    }
}

fn allocate() -> Result<String, String> {
    let mut held: Vec<Vec<u8>> = Vec::new();
    loop {
        held.push(vec![1; 16 * 1024 * 1024]);
        if held.len() > 256 {
            return Ok("4 GB".to_owned());
        }
    }
}

#[expect(unconditional_recursion, reason = "that is the misbehaviour")]
fn recurse(depth: u64) -> u64 {
    std::hint::black_box(recurse(std::hint::black_box(depth) + 1) + 1)
}

fn flood() -> Result<String, String> {
    let chunk = vec![b'x'; 1024 * 1024];
    loop {
        if std::io::stdout().lock().write_all(&chunk).is_err() {
            return Err("the pipe was closed".to_owned());
        }
    }
}

#[cfg(unix)]
fn kill_parent() -> Result<String, String> {
    let Some(parent) = rustix::process::getppid() else {
        return Err("no parent is known".to_owned());
    };
    rustix::process::test_kill_process(parent)
        .map(|()| "the parent can be signalled".to_owned())
        .map_err(|error| error.to_string())
}

#[cfg(not(unix))]
fn kill_parent() -> Result<String, String> {
    Err("no signals here".to_owned())
}
