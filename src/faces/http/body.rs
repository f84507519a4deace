//! A request's body under guard: no more bytes than allowed, checked before they are read, and not slower than a person's
//! worst line. Faces read bodies through here and nowhere else.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::{Buf as _, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt as _;
use tokio::time::{Instant, Sleep};

use crate::fault::{Fault, FaultKind};

/// How long a body may arrive at any pace.
const GRACE: Duration = Duration::from_secs(10);
/// The least pace after that, in bytes a second.
const LEAST_PACE: u64 = 8 * 1024;
/// How often the pace is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// The longest body of somebody who proves nothing, on every face.
pub const STRANGERS_BYTES: u64 = 64 * 1024;
/// The longest body of somebody who is proven, where no files are in it or they could not be paid for.
pub const MAX_BYTES_WITHOUT_FILES: u64 = 1024 * 1024;

/// Bodies come as they are: a packed one could unpack to anything.
pub fn refuse_packed(headers: &HeaderMap) -> Result<(), Fault> {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    if encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Ok(());
    }
    let supported = &["identity"];
    Err(FaultKind::UnsupportedMediaType { supported }.into())
}

/// Why a body was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyRefusal {
    #[error("the body is longer than {limit_bytes} bytes")]
    TooLarge { limit_bytes: u64 },
    #[error("the body arrives too slowly")]
    TooSlow,
    #[error("the connection broke")]
    Broken,
}

impl From<BodyRefusal> for Fault {
    fn from(refusal: BodyRefusal) -> Self {
        match refusal {
            BodyRefusal::TooLarge { limit_bytes } => FaultKind::TooLarge { limit_bytes }.into(),
            BodyRefusal::TooSlow | BodyRefusal::Broken => FaultKind::TooSlow.into(),
        }
    }
}

/// A body that fails where it grows too long or arrives too slowly.
pub struct GuardedBody {
    inner: Body,
    limit_bytes: u64,
    seen: u64,
    began: Instant,
    look: Pin<Box<Sleep>>,
}

impl GuardedBody {
    /// Guards `inner`. What a `Content-Length` beyond the limit announces is refused before a byte is read.
    pub fn new(inner: Body, headers: &HeaderMap, limit_bytes: u64) -> Result<Self, BodyRefusal> {
        let announced = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|length| length > limit_bytes) {
            return Err(BodyRefusal::TooLarge { limit_bytes });
        }
        Ok(Self {
            inner,
            limit_bytes,
            seen: 0,
            began: Instant::now(),
            look: Box::pin(tokio::time::sleep(GRACE)),
        })
    }

    fn is_too_slow(&self) -> bool {
        let late = self.began.elapsed().saturating_sub(GRACE);
        self.seen < late.as_secs().saturating_mul(LEAST_PACE).max(1)
    }
}

impl HttpBody for GuardedBody {
    type Data = Bytes;
    type Error = BodyRefusal;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyRefusal>>> {
        match Pin::new(&mut self.inner).poll_frame(task) {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, |data| data.remaining() as u64);
                self.seen = self.seen.saturating_add(length);
                if self.seen > self.limit_bytes {
                    let limit_bytes = self.limit_bytes;
                    return Poll::Ready(Some(Err(BodyRefusal::TooLarge { limit_bytes })));
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(_))) => Poll::Ready(Some(Err(BodyRefusal::Broken))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                while self.look.as_mut().poll(task).is_ready() {
                    if self.is_too_slow() {
                        return Poll::Ready(Some(Err(BodyRefusal::TooSlow)));
                    }
                    let next = Instant::now() + LOOK;
                    self.look.as_mut().reset(next);
                }
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Reads a whole body of at most `limit_bytes`.
pub async fn read_body(body: Body, headers: &HeaderMap, limit_bytes: u64) -> Result<Bytes, Fault> {
    let guarded = GuardedBody::new(body, headers, limit_bytes)?;
    Ok(guarded.collect().await?.to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    fn guarded(body: Body, limit: u64) -> GuardedBody {
        GuardedBody::new(body, &HeaderMap::new(), limit)
            .ok()
            .unwrap()
    }

    fn drip(bytes: usize, pause: Duration) -> Body {
        drops(b"x", bytes, pause)
    }

    /// So many drops, with a pause before each.
    fn drops(drop: &'static [u8], number: usize, pause: Duration) -> Body {
        let drops = stream::unfold(0, move |sent| async move {
            if sent == number {
                return None;
            }
            tokio::time::sleep(pause).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(drop)), sent + 1))
        });
        Body::from_stream(drops)
    }

    #[tokio::test]
    async fn a_body_is_cut_at_its_limit_whether_announced_or_not() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, 11.into());
        let announced = GuardedBody::new(Body::from("hello world"), &headers, 10);
        assert_eq!(
            announced.err(),
            Some(BodyRefusal::TooLarge { limit_bytes: 10 })
        );
        let refused = guarded(Body::from("hello world"), 10).collect().await;
        assert_eq!(
            refused.err(),
            Some(BodyRefusal::TooLarge { limit_bytes: 10 })
        );
        let whole = guarded(Body::from("hello world"), 11).collect().await;
        assert_eq!(whole.unwrap().to_bytes(), "hello world");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_a_byte_a_second_is_given_up_after_ten() {
        let began = Instant::now();
        let refused = guarded(drip(1000, Duration::from_secs(1)), 10_000)
            .collect()
            .await;
        assert_eq!(refused.err(), Some(BodyRefusal::TooSlow));
        assert!(began.elapsed() < Duration::from_secs(13));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_begins_is_given_up_after_ten_seconds() {
        let began = Instant::now();
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let refused = guarded(never, 10_000).collect().await;
        assert_eq!(refused.err(), Some(BodyRefusal::TooSlow));
        assert!(began.elapsed() < Duration::from_secs(11));
    }

    /// The first ten seconds are a start that a slow sender eats up bit by bit: at seven eighths of the pace it lasts
    /// seventy seconds more.
    #[tokio::test(start_paused = true)]
    async fn after_ten_seconds_a_body_comes_at_eight_kibibytes_a_second_or_is_given_up() {
        let paced = async |drop: &'static [u8]| {
            let began = Instant::now();
            let body = drops(drop, 300, Duration::from_secs(1));
            let read = guarded(body, u64::MAX).collect().await;
            (
                read.map(|whole| whole.to_bytes().len()),
                began.elapsed().as_secs(),
            )
        };
        let (slow, took) = paced(&[0; 7 * 1024]).await;
        assert_eq!(slow, Err(BodyRefusal::TooSlow));
        assert!((79..=82).contains(&took), "{took}");
        for fast in [&[0; 8 * 1024][..], &[0; 9 * 1024]] {
            assert_eq!(paced(fast).await, (Ok(300 * fast.len()), 300));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_body_may_take_its_time() {
        let whole = guarded(drip(9, Duration::from_secs(1)), 10_000)
            .collect()
            .await;
        assert_eq!(whole.unwrap().to_bytes().len(), 9);
    }
}
