//! What happens to a body that nobody read to its end. A server that answers and closes while the client still sends makes
//! the client see a broken connection in place of the answer: so the rest is read and thrown away, for a moment.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt as _;

/// How long the rest of a refused body is taken in.
const MOMENT: Duration = Duration::from_secs(3);

/// Puts the request's body under this care, where there is one.
pub fn linger(request: Request) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    // Who asks before sending is told no by the answer, and sends nothing; reading would ask for it.
    let waits = request.headers().contains_key(header::EXPECT);
    request.map(|inner| {
        Body::new(DrainOnDrop {
            inner: Some(inner),
            is_coming: !waits,
        })
    })
}

struct DrainOnDrop {
    inner: Option<Body>,
    /// Whether the client is sending it, or would only begin if it were read.
    is_coming: bool,
}

impl HttpBody for DrainOnDrop {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.is_coming = true;
        let Some(inner) = &mut self.inner else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(inner).poll_frame(task);
        if let Poll::Ready(None | Some(Err(_))) = &polled {
            self.inner = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or_else(SizeHint::new, HttpBody::size_hint)
    }
}

impl Drop for DrainOnDrop {
    fn drop(&mut self) {
        let unread = self.inner.take().filter(|inner| !inner.is_end_stream());
        if let (Some(mut rest), true) = (unread, self.is_coming) {
            tokio::spawn(async move {
                let thrown_away = async { while let Some(Ok(_)) = rest.frame().await {} };
                let _ = tokio::time::timeout(MOMENT, thrown_away).await;
            });
        }
    }
}
