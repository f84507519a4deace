//! The one wrapper around bodies: its watch counts what passes, refuses it, or holds something until the body is gone.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

/// What is done about a body while it is read.
pub trait BodyWatch<B: HttpBody>: Unpin {
    type Error;

    /// Before the body is asked for more.
    fn polled(&mut self) {}

    /// A frame with so many bytes of data is to pass.
    fn passing(&mut self, _bytes: u64) -> Result<(), Self::Error> {
        Ok(())
    }

    /// There is nothing yet. Whoever wants to be woken besides registers the task.
    fn pending(&mut self, _task: &mut Context<'_>) -> Result<(), Self::Error> {
        Ok(())
    }

    /// What an error of the body means.
    fn failed(&mut self, error: B::Error) -> Self::Error;

    /// Nobody reads on, and this is what was not read.
    fn abandoned(&mut self, _rest: B) {}
}

/// A body with its watch.
pub struct WatchedBody<B: HttpBody, W: BodyWatch<B>> {
    /// Gone once it has ended.
    inner: Option<B>,
    pub(super) watch: W,
}

impl<B: HttpBody, W: BodyWatch<B>> WatchedBody<B, W> {
    pub fn watched(inner: B, watch: W) -> Self {
        Self {
            inner: Some(inner),
            watch,
        }
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin, W: BodyWatch<B>> HttpBody for WatchedBody<B, W> {
    type Data = Bytes;
    type Error = W::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, W::Error>>> {
        let Self { inner, watch } = &mut *self;
        let Some(body) = inner else {
            return Poll::Ready(None);
        };
        watch.polled();
        let polled = Pin::new(body).poll_frame(task);
        if polled.is_pending() {
            return match watch.pending(task) {
                Ok(()) => Poll::Pending,
                Err(refusal) => Poll::Ready(Some(Err(refusal))),
            };
        }
        Poll::Ready(match ready!(polled) {
            Some(Ok(frame)) => {
                let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
                Some(watch.passing(bytes).map(|()| frame))
            }
            Some(Err(error)) => {
                *inner = None;
                Some(Err(watch.failed(error)))
            }
            None => {
                *inner = None;
                None
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.as_ref();
        inner.map_or_else(SizeHint::new, HttpBody::size_hint)
    }
}

impl<B: HttpBody, W: BodyWatch<B>> Drop for WatchedBody<B, W> {
    fn drop(&mut self) {
        if let Some(rest) = self.inner.take() {
            self.watch.abandoned(rest);
        }
    }
}
