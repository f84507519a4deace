//! Rate limits as a caller over HTTP meets them, through the real dispatch and with a clock that is pushed by hand. The
//! counting itself is tested with the store.

mod flood;
mod guessing;
mod hidden;
mod owners;
mod strict;

use std::time::Duration;

use clara::operations::dispatch::Answer;

use super::context::{PASSWORD, TestContext};

const HERE: &str = "192.0.2.7";
const ELSEWHERE: &str = "192.0.2.8";

fn passed(statuses: &[u16]) -> usize {
    statuses.iter().filter(|status| **status != 429).count()
}

/// That it says when to come again, and that this is true; what was too much stands in `next`.
fn seconds_to_wait(answer: &Answer, too_much: &str) -> Duration {
    assert_eq!(answer.status, 429);
    assert_eq!(answer.message, "You have exceeded the rate limit.");
    let next = answer.next().unwrap();
    assert!(next.contains(too_much), "{next}");
    let seconds = answer.data["retry_after_seconds"].as_u64().unwrap();
    assert!(seconds >= 1);
    Duration::from_secs(seconds)
}
