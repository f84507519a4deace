//! Backpressure for the transport that acknowledges a message before its answer is consumed: each message holds a permit
//! until it is handled, and each answer one until it has left. Bounds by count and by bytes; strangers have tighter ones.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What one stream may hold.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub max_messages: usize,
    pub max_bytes: usize,
}

impl Bounds {
    /// More than the calls that one stream may have under way, so that a call too many is still answered.
    pub const PROVEN: Self = Self {
        max_messages: 256,
        max_bytes: 8 * 1024 * 1024,
    };
    pub const STRANGER: Self = Self {
        max_messages: 32,
        max_bytes: 256 * 1024,
    };
}

/// The permits of one stream.
#[derive(Debug)]
pub struct Permits {
    bounds: Bounds,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    messages: usize,
    bytes: usize,
}

/// A message or an answer that a stream holds; given back when it is dropped.
#[derive(Debug)]
pub struct Permit {
    permits: Arc<Permits>,
    bytes: usize,
}

impl Permits {
    pub fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self {
            bounds,
            held: Mutex::default(),
        })
    }

    /// A permit for a message of so many bytes; `None` where the stream holds too much. One message is always taken, however
    /// long: how long it may be was judged before.
    pub fn acquire(self: &Arc<Self>, bytes: usize) -> Option<Permit> {
        self.acquire_within(self.bounds, bytes)
    }

    /// A permit for an answer. It has more room than messages have: what was taken in can always be answered, and only a
    /// client that does not read runs out of it.
    pub fn acquire_for_answer(self: &Arc<Self>, bytes: usize) -> Option<Permit> {
        let bounds = Bounds {
            max_messages: self.bounds.max_messages * 2,
            max_bytes: self.bounds.max_bytes * 4,
        };
        self.acquire_within(bounds, bytes)
    }

    fn acquire_within(self: &Arc<Self>, bounds: Bounds, bytes: usize) -> Option<Permit> {
        let mut held = self.lock();
        let total = held.bytes.saturating_add(bytes);
        let is_full = held.messages >= bounds.max_messages || total > bounds.max_bytes;
        if is_full && held.messages > 0 {
            return None;
        }
        held.messages += 1;
        held.bytes = total;
        Some(Permit {
            permits: self.clone(),
            bytes,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut held = self.permits.lock();
        held.messages -= 1;
        held.bytes -= self.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permits_are_bounded_by_count_and_bytes() {
        let permits = Permits::new(Bounds {
            max_messages: 2,
            max_bytes: 10,
        });
        let first = permits.acquire(6).unwrap();
        assert!(permits.acquire(5).is_none(), "eleven bytes");
        let second = permits.acquire(4).unwrap();
        assert!(permits.acquire(0).is_none(), "three messages");
        drop((first, second));
        let long = permits.acquire(1000).unwrap();
        assert!(permits.acquire(1).is_none(), "beside a long one");
        drop(long);
        assert!(permits.acquire(10).is_some(), "all were given back");
    }
}
