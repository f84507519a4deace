//! A child process that reads, and that does not outlive its parent's interest in it: dropping it kills its whole group.

use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

/// A child with a pipe to it and one back.
pub(super) struct Running {
    child: Child,
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

impl Running {
    /// Starts it. Its environment has what `command` sets and nothing else.
    pub fn start(mut command: Command) -> std::io::Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A panic's message may hold a stranger's text.
            .stderr(Stdio::null())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn()?;
        Ok(Self {
            #[cfg(unix)]
            group: child
                .id()
                .and_then(|id| i32::try_from(id).ok())
                .and_then(rustix::process::Pid::from_raw),
            child,
        })
    }

    /// Sends the request and takes the answer at the same time: neither side ever waits for a full pipe. One byte more than
    /// `most` comes back of an answer that is longer.
    pub async fn exchange(
        &mut self,
        frame: &[u8],
        bytes: &[u8],
        most: u64,
    ) -> std::io::Result<(ExitStatus, Vec<u8>)> {
        let missing = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        let mut input = self.child.stdin.take().ok_or_else(missing)?;
        let output = self.child.stdout.take().ok_or_else(missing)?;
        let send = async move {
            // A child that dies early closes the pipe: its end says more than the pipe does.
            if input.write_all(frame).await.is_ok() {
                drop(input.write_all(bytes).await);
            }
        };
        let mut answer = Vec::new();
        let mut capped = output.take(most + 1);
        let receive = async {
            let received = capped.read_to_end(&mut answer).await;
            drop(capped);
            received
        };
        let ((), received) = tokio::join!(send, receive);
        received?;
        if answer.len() as u64 > most {
            self.kill_group();
        }
        let status = self.child.wait().await?;
        // Its number may be somebody else's from here on.
        #[cfg(unix)]
        {
            self.group = None;
        }
        Ok((status, answer))
    }

    fn kill_group(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.group.take() {
            // A group that is gone already is what was wanted.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill_group();
    }
}
