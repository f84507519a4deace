//! A write timeout for connections: a client that takes nothing of its answer is disconnected, and all that its answer
//! holds (memory, a stream's place, a lease on a call) comes free.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// How long a write may wait for the client to read.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// A connection whose writes fail after [`WRITE_TIMEOUT`] without progress.
pub struct WriteTimeout<S> {
    inner: S,
    timer: Pin<Box<Sleep>>,
    is_waiting: bool,
}

impl<S> WriteTimeout<S> {
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            timer: Box::pin(tokio::time::sleep(WRITE_TIMEOUT)),
            is_waiting: false,
        }
    }

    /// Passes on what a write came to; where it waits, the timer runs from its first wait on.
    fn timed<T>(
        &mut self,
        task: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.is_waiting = false;
            return written;
        }
        if !self.is_waiting {
            self.is_waiting = true;
            self.timer.as_mut().reset(Instant::now() + WRITE_TIMEOUT);
        }
        ready!(self.timer.as_mut().poll(task));
        metrics::counter!("clara_write_timeouts_total").increment(1);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WriteTimeout<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(task, bytes);
        self.timed(task, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(task, slices);
        self.timed(task, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(task);
        self.timed(task, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(task)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteTimeout<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(task, buffer)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn unread_write_times_out_after_30_seconds() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let mut connection = WriteTimeout::new(ours);
        connection.write_all(&[0; 64]).await.unwrap();
        let began = Instant::now();
        let refused = connection.write_all(&[0; 64]).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::TimedOut);
        assert_eq!(began.elapsed().as_secs(), 30);
        theirs.read_exact(&mut [0; 64]).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_that_makes_progress_is_kept() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let reader = tokio::spawn(async move {
            for _ in 0..4 {
                tokio::time::sleep(WRITE_TIMEOUT.saturating_sub(Duration::from_secs(1))).await;
                theirs.read_exact(&mut [0; 64]).await.unwrap();
            }
        });
        let mut connection = WriteTimeout::new(ours);
        connection.write_all(&[0; 4 * 64]).await.unwrap();
        reader.await.unwrap();
    }
}
