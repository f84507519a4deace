//! Programs of other makers, each run in a child of its own that gave up its rights before it became that program: input by pipe,
//! output by pipe, at most one a core, killed with its group when it takes too long.

use std::time::Duration;

use tokio::process::Command;

use super::super::child::{NOT_STARTED, ToolBounds, ToolRun, UNCONFINED};
use super::super::running::Running;
use super::Extractor;

/// Why a program did not do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ToolError {
    #[error("it is not installed")]
    Missing,
    #[error("it took too long")]
    TookTooLong,
    #[error("it wrote more than is taken")]
    TooMuch,
    #[error("it ended with an error")]
    Failed,
    #[error("this machine cannot confine it (Landlock, seccomp and limits of resources)")]
    Unconfined,
    #[error("it could not be started")]
    NotStarted,
}

impl Extractor {
    /// Runs a program on what is handed in, and takes at most `most` bytes of what it writes.
    pub(super) async fn run_tool(
        &self,
        run: &ToolRun,
        input: &[u8],
        most: u64,
        timeout: Duration,
    ) -> Result<Vec<u8>, ToolError> {
        let _place = self.places.acquire().await.map_err(|_| ToolError::Failed)?;
        let mut command = self.tool_command(run)?;
        if run.bounds == ToolBounds::Picture {
            // One thread: more may not be started.
            command.env("OMP_THREAD_LIMIT", "1");
        }
        let mut running = Running::start(command).map_err(|_| ToolError::NotStarted)?;
        let exchange = running.exchange(&[], input, most);
        let (status, output) = tokio::time::timeout(timeout, exchange)
            .await
            .map_err(|_| ToolError::TookTooLong)?
            .map_err(|_| ToolError::Failed)?;
        if output.len() as u64 > most {
            return Err(ToolError::TooMuch);
        }
        match status.code() {
            Some(0) => Ok(output),
            Some(code) if code == i32::from(UNCONFINED) => Err(ToolError::Unconfined),
            Some(code) if code == i32::from(NOT_STARTED) => Err(ToolError::NotStarted),
            _ => Err(ToolError::Failed),
        }
    }

    /// The child that confines itself and becomes the program. Where nothing could confine it, it is started as it is, if that
    /// was allowed.
    fn tool_command(&self, run: &ToolRun) -> Result<Command, ToolError> {
        if cfg!(target_os = "linux") {
            let mut command = self.child();
            command.args(run.words());
            return Ok(command);
        }
        if !run.allow_unconfined {
            return Err(ToolError::Unconfined);
        }
        let mut command = Command::new(&run.program);
        command.args(&run.arguments);
        Ok(command)
    }
}
