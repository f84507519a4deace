//! MCP over standard input and output. Standard output carries the protocol and nothing else; when standard input ends,
//! the client has left and the server ends with it. A line that is no message is answered with an error, where the
//! protocol library would drop it, and the next one is served.

use std::io;
use std::sync::Arc;

use futures_util::StreamExt as _;
use rmcp::service::{RxJsonRpcMessage, ServerInitializeError, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::transport::io::{StdioReader, StdioWriter};
use rmcp::{RoleServer, ServiceExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Mutex;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};
use tokio_util::sync::CancellationToken;

use super::McpServer;
use super::incoming::Source;
use super::message::{read, refuse};
use crate::context::Context;
use crate::operations::caller::ProcessIdentity;

/// Serves until standard input ends or `stop` is cancelled.
pub async fn serve_stdio(
    context: Arc<Context>,
    identity: Arc<ProcessIdentity>,
    stop: CancellationToken,
) -> io::Result<()> {
    let closing = stop.child_token();
    let longest_line = usize::try_from(context.settings.max_request_bytes).unwrap_or(usize::MAX);
    let (input, output) = rmcp::transport::io::stdio_pipes();
    let transport = Lines {
        input: FramedRead::new(input, LinesCodec::new_with_max_length(longest_line)),
        output: Arc::new(Mutex::new(output)),
        ended: closing.clone(),
    };
    let source = Source::Process {
        identity,
        closing,
        stop: stop.clone(),
    };
    let server = McpServer::new(context, source);
    let service = match server.serve_with_ct(transport, stop).await {
        Ok(service) => service,
        // A client that leaves before it said anything is no fault of ours.
        Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => {
            return Ok(());
        }
        Err(error) => return Err(io::Error::other(error)),
    };
    service.waiting().await.map_err(io::Error::other)?;
    Ok(())
}

/// One JSON message a line.
struct Lines {
    input: FramedRead<StdioReader, LinesCodec>,
    output: Arc<Mutex<StdioWriter>>,
    /// Cancelled when no more lines will come.
    ended: CancellationToken,
}

impl Transport<RoleServer> for Lines {
    type Error = io::Error;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let output = self.output.clone();
        async move {
            let mut line = serde_json::to_vec(&message)?;
            line.push(b'\n');
            let mut output = output.lock().await;
            output.write_all(&line).await?;
            output.flush().await
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        let mut after_error = false;
        loop {
            let refusal = match self.input.next().await {
                Some(Ok(line)) if line.trim().is_empty() => continue,
                Some(Ok(line)) => match read(&line) {
                    Ok(message) => return Some(message),
                    Err(refusal) => refusal,
                },
                Some(Err(LinesCodecError::MaxLineLengthExceeded)) => {
                    Some(refuse("The line is too long.", None))
                }
                // Bytes that are no text; the codec has taken the line and pauses once.
                Some(Err(LinesCodecError::Io(error)))
                    if error.kind() == io::ErrorKind::InvalidData =>
                {
                    Some(refuse("The line is not UTF-8.", None))
                }
                None if after_error => {
                    after_error = false;
                    continue;
                }
                Some(Err(_)) | None => {
                    self.ended.cancel();
                    return None;
                }
            };
            after_error = true;
            if let Some(refusal) = refusal
                && self.send(*refusal).await.is_err()
            {
                self.ended.cancel();
                return None;
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        self.output.lock().await.shutdown().await
    }
}
