//! MCP over standard input and output. Standard output carries the protocol and nothing else; when standard input ends,
//! the client has left and the server ends with it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use rmcp::ServiceExt as _;
use rmcp::transport::async_rw::AsyncRwTransport;
use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::sync::CancellationToken;

use super::McpServer;
use crate::context::Context;
use crate::operations::caller::{Face, Presented, ProcessIdentity};

/// Serves until standard input ends or `stop` is cancelled.
pub async fn serve_stdio(
    context: Arc<Context>,
    identity: Arc<ProcessIdentity>,
    stop: CancellationToken,
) -> io::Result<()> {
    let closing = stop.child_token();
    let longest_line = usize::try_from(context.settings.max_request_bytes).unwrap_or(usize::MAX);
    let (input, output) = rmcp::transport::io::stdio_pipes();
    let input = EndWatch {
        inner: input,
        ended: closing.clone(),
    };
    let transport = AsyncRwTransport::new_server(input, output).with_max_line_length(longest_line);
    let server = McpServer::new(context, Presented::Process(identity), Face::Stdio, closing);
    let service = match server.serve_with_ct(transport, stop).await {
        Ok(service) => service,
        // A client that leaves before it said anything is no fault of ours.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(io::Error::other(error)),
    };
    service.waiting().await.map_err(io::Error::other)?;
    Ok(())
}

/// Passes reads through and tells when there will be no more.
struct EndWatch<R> {
    inner: R,
    ended: CancellationToken,
}

impl<R: AsyncRead + Unpin> AsyncRead for EndWatch<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut TaskContext<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(context, buffer);
        let nothing_came = buffer.filled().len() == before && buffer.remaining() > 0;
        if matches!(polled, Poll::Ready(Err(_)))
            || (matches!(polled, Poll::Ready(Ok(()))) && nothing_came)
        {
            self.ended.cancel();
        }
        polled
    }
}
