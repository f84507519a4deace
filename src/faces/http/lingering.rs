//! A connection that is not torn down in its client's face. Where a body is refused before it was read to its end, closing
//! at once would reset the connection, and the client would never see why; so what still comes is read and dropped for a
//! moment first. It knows no HTTP.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// For how long, and how much, is still taken in. Who sends more than that does not read what it is told.
const MOMENT: Duration = Duration::from_secs(2);
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A stream that lingers when it is dropped, unless its other side closed first.
pub struct Lingering {
    stream: Option<TcpStream>,
    closed_by_client: bool,
}

impl Lingering {
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream: Some(stream),
            closed_by_client: false,
        }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let gone = || io::Error::from(io::ErrorKind::NotConnected);
        self.stream.as_mut().map(Pin::new).ok_or_else(gone)
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        if self.closed_by_client {
            return;
        }
        let (Some(stream), Ok(runtime)) =
            (self.stream.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        runtime.spawn(async move {
            let mut rest = stream.take(MOST_BYTES);
            let mut nowhere = tokio::io::sink();
            let _ = tokio::time::timeout(MOMENT, tokio::io::copy(&mut rest, &mut nowhere)).await;
        });
    }
}

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (before, room) = (buffer.filled().len(), buffer.remaining());
        let polled = self.stream()?.poll_read(task, buffer);
        let ended = match &polled {
            Poll::Ready(Ok(())) => room > 0 && buffer.filled().len() == before,
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        };
        self.closed_by_client |= ended;
        polled
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(task, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(task, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream
            .as_ref()
            .is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(task)
    }
}
