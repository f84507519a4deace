//! What happens to a body that nobody read to its end. A server that answers and closes while the client still sends makes
//! the client see a broken connection in place of the answer: so the rest is read and thrown away, for a moment.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header;
use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::watched_body::{BodyWatch, WatchedBody};

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
        let is_coming = !waits;
        Body::new(WatchedBody::watched(inner, DrainRest { is_coming }))
    })
}

/// Takes in what nobody read.
struct DrainRest {
    /// Whether the client is sending it, or would only begin if it were read.
    is_coming: bool,
}

impl BodyWatch<Body> for DrainRest {
    type Error = axum::Error;

    fn polled(&mut self) {
        self.is_coming = true;
    }

    fn failed(&mut self, error: axum::Error) -> axum::Error {
        error
    }

    fn abandoned(&mut self, mut rest: Body) {
        if self.is_coming && !rest.is_end_stream() {
            tokio::spawn(async move {
                let thrown_away = async { while let Some(Ok(_)) = rest.frame().await {} };
                let _ = tokio::time::timeout(MOMENT, thrown_away).await;
            });
        }
    }
}
