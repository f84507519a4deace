//! MCP over standard input and output. Standard output carries the protocol and nothing else; when standard input ends,
//! the client has left and the server ends with it. A line that is no message is answered with an error, where the
//! protocol library would drop it, and the next one is served.

use std::io;
use std::sync::Arc;

use futures_util::StreamExt as _;
use rmcp::RoleServer;
use rmcp::service::{RxJsonRpcMessage, ServerInitializeError, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::transport::io::{StdioReader, StdioWriter};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_util::codec::FramedRead;
use tokio_util::sync::CancellationToken;

use super::incoming::Source;
use super::line::{Line, LineDecoder};
use super::message::{read, refuse};
use super::{McpServer, serve};
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
        input: Arc::new(Mutex::new(Input {
            lines: FramedRead::new(input, LineDecoder::new(longest_line)),
            refusing: None,
        })),
        output: Arc::new(Mutex::new(output)),
        ended: closing.clone(),
    };
    let source = Source::Process {
        identity,
        closing,
        stop: stop.clone(),
    };
    let server = McpServer::new(context, source);
    let service = match serve(server, transport, stop).await {
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

/// One JSON message a line. Clones share one connection.
#[derive(Clone)]
struct Lines {
    input: Arc<Mutex<Input>>,
    output: Arc<Mutex<StdioWriter>>,
    /// Cancelled when no more lines will come.
    ended: CancellationToken,
}

struct Input {
    lines: FramedRead<StdioReader, LineDecoder>,
    /// A refusal on its way out. It is a task of its own and kept here, for the protocol library drops a `receive` that is
    /// waiting as soon as something else is ready.
    refusing: Option<JoinHandle<io::Result<()>>>,
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
        let input = self.input.clone();
        let mut input = input.lock().await;
        loop {
            if let Some(refusing) = &mut input.refusing {
                let written = refusing.await;
                input.refusing = None;
                if !matches!(written, Ok(Ok(()))) {
                    self.ended.cancel();
                    return None;
                }
            }
            let refusal = match input.lines.next().await {
                Some(Ok(Line::Text(line))) if line.trim().is_empty() => continue,
                Some(Ok(Line::Text(line))) => match read(&line) {
                    Ok(message) => return Some(message),
                    Err(refusal) => refusal,
                },
                Some(Ok(Line::TooLong)) => Some(refuse("The line is too long.", None)),
                Some(Ok(Line::NotUtf8)) => Some(refuse("The line is not UTF-8.", None)),
                Some(Err(_)) | None => {
                    self.ended.cancel();
                    return None;
                }
            };
            if let Some(refusal) = refusal {
                input.refusing = Some(tokio::spawn(self.send(*refusal)));
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        self.output.lock().await.shutdown().await
    }
}
