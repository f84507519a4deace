//! A request's body under guard: no more bytes than allowed, checked before they are read, and not slower than a person's
//! worst line. Faces read bodies through here and nowhere else.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::time::{Instant, Sleep};

use super::byte_budget::Reservation;
use super::watched_body::{BodyWatch, WatchedBody};
use crate::fault::{Fault, FaultKind, Service};

/// The stretch of time over which the pace is measured; a body may begin at any pace for as long.
const PACE_WINDOW: Duration = Duration::from_secs(10);
/// The least pace, in bytes a second.
const MIN_PACE: u64 = 8 * 1024;
/// How often the pace is looked at.
const PACE_INTERVAL: Duration = Duration::from_secs(1);
/// How long a body may take whatever its pace: a little for the shortest, more for a longer one, and this at most.
const MAX_BODY_TIME: Duration = Duration::from_mins(15);
const MIN_BODY_TIME: Duration = Duration::from_secs(30);

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
    #[error("too much is under way already")]
    OverBudget,
    #[error("the connection broke")]
    Broken,
}

impl From<BodyRefusal> for Fault {
    fn from(refusal: BodyRefusal) -> Self {
        match refusal {
            BodyRefusal::TooLarge { limit_bytes } => FaultKind::TooLarge { limit_bytes }.into(),
            BodyRefusal::TooSlow | BodyRefusal::Broken => FaultKind::TooSlow.into(),
            BodyRefusal::OverBudget => FaultKind::Unavailable(Service::Clara).into(),
        }
    }
}

/// A body that fails where it grows too long, arrives too slowly, or holds more than is left of a budget.
pub type GuardedBody = WatchedBody<Body, BodyGuard>;

/// What a guarded body has seen so far, and how much more it may.
pub struct BodyGuard {
    limit_bytes: u64,
    seen: u64,
    reservation: Option<Arc<Reservation>>,
    deadline: Instant,
    pace: Pace,
    look: Pin<Box<Sleep>>,
}

/// The bytes of the last seconds. Only time that was spent waiting for the client counts: a reader of ours that is slow is
/// no fault of the sender's.
#[derive(Default)]
struct Pace {
    waiting_since: Option<Instant>,
    waited: Duration,
    /// How many bytes came, and after how much waiting.
    arrivals: VecDeque<(Duration, u64)>,
}

impl Pace {
    /// Counts the time until now, where the client was waited for.
    fn wake(&mut self) {
        if let Some(since) = self.waiting_since.take() {
            self.waited += since.elapsed();
        }
        while let Some((at, _)) = self.arrivals.front()
            && self.waited.saturating_sub(*at) >= PACE_WINDOW
        {
            self.arrivals.pop_front();
        }
    }

    fn arrived(&mut self, bytes: u64) {
        match self.arrivals.back_mut() {
            Some((at, sum)) if self.waited.saturating_sub(*at) < PACE_INTERVAL / 4 => *sum += bytes,
            _ => self.arrivals.push_back((self.waited, bytes)),
        }
    }

    fn is_too_slow(&self) -> bool {
        let arrived: u64 = self.arrivals.iter().map(|(_, bytes)| bytes).sum();
        // What arrives once a second may fall on either edge of the window.
        let due = MIN_PACE * PACE_WINDOW.saturating_sub(PACE_INTERVAL).as_secs();
        self.waited >= PACE_WINDOW && arrived < due
    }
}

impl GuardedBody {
    /// Guards `inner`. What a `Content-Length` beyond the limit announces is refused before a byte is read.
    pub fn new(inner: Body, headers: &HeaderMap, limit_bytes: u64) -> Result<Self, BodyRefusal> {
        if announced(headers).is_some_and(|length| length > limit_bytes) {
            return Err(BodyRefusal::TooLarge { limit_bytes });
        }
        let slowest = Duration::from_secs(limit_bytes / (2 * MIN_PACE));
        let time = MAX_BODY_TIME.min(MIN_BODY_TIME.saturating_add(slowest));
        let guard = BodyGuard {
            limit_bytes,
            seen: 0,
            reservation: None,
            deadline: Instant::now() + time,
            pace: Pace::default(),
            look: Box::pin(tokio::time::sleep(PACE_INTERVAL)),
        };
        Ok(Self::watched(inner, guard))
    }

    /// Its bytes count in a budget from now on.
    #[must_use]
    pub fn counted_in(mut self, reservation: Arc<Reservation>) -> Self {
        self.watch.reservation = Some(reservation);
        self
    }
}

impl BodyGuard {
    /// Why these bytes are not taken, if they are not.
    fn refusal(&mut self, bytes: u64) -> Option<BodyRefusal> {
        self.seen = self.seen.saturating_add(bytes);
        self.pace.arrived(bytes);
        let limit_bytes = self.limit_bytes;
        if self.seen > limit_bytes {
            return Some(BodyRefusal::TooLarge { limit_bytes });
        }
        if Instant::now() > self.deadline {
            return Some(BodyRefusal::TooSlow);
        }
        let reservation = self.reservation.as_ref();
        reservation
            .is_some_and(|reservation| !reservation.grow(bytes))
            .then_some(BodyRefusal::OverBudget)
    }
}

/// The length that the headers announce.
pub fn announced(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

impl BodyWatch<Body> for BodyGuard {
    type Error = BodyRefusal;

    fn polled(&mut self) {
        self.pace.wake();
    }

    fn passing(&mut self, bytes: u64) -> Result<(), BodyRefusal> {
        self.refusal(bytes).map_or(Ok(()), Err)
    }

    fn pending(&mut self, task: &mut Context<'_>) -> Result<(), BodyRefusal> {
        while self.look.as_mut().poll(task).is_ready() {
            if self.pace.is_too_slow() || Instant::now() > self.deadline {
                return Err(BodyRefusal::TooSlow);
            }
            let next = Instant::now() + PACE_INTERVAL;
            self.look.as_mut().reset(next);
        }
        self.pace.waiting_since = Some(Instant::now());
        Ok(())
    }

    fn failed(&mut self, _error: axum::Error) -> BodyRefusal {
        BodyRefusal::Broken
    }
}

/// Reads a whole body that may be long; its bytes are in the budget as long as the reservation is held.
pub async fn read_large_body(
    body: Body,
    headers: &HeaderMap,
    limit_bytes: u64,
    reservation: &Arc<Reservation>,
) -> Result<Bytes, Fault> {
    let guarded = GuardedBody::new(body, headers, limit_bytes)?;
    let mut guarded = guarded.counted_in(reservation.clone());
    // Room for all of it from the start: a buffer that grows would hold it twice for a moment.
    let room = announced(headers).unwrap_or_default().min(limit_bytes);
    let mut whole = BytesMut::with_capacity(usize::try_from(room).unwrap_or_default());
    while let Some(frame) = guarded.frame().await {
        if let Ok(data) = frame?.into_data() {
            whole.extend_from_slice(&data);
        }
    }
    Ok(whole.freeze())
}

/// Reads a whole body of at most `limit_bytes`, which are few.
pub async fn read_body(body: Body, headers: &HeaderMap, limit_bytes: u64) -> Result<Bytes, Fault> {
    let guarded = GuardedBody::new(body, headers, limit_bytes)?;
    Ok(guarded.collect().await?.to_bytes())
}

#[cfg(test)]
mod tests;
