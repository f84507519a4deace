//! A panic as a fault of ours like others: caught, counted, and told to nobody but the log.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

use super::Fault;

/// What comes of work; a panic in it is an internal fault. What a panic says may hold somebody's words; where it happened
/// stands in the log already.
pub async fn catch_panic<T>(work: impl Future<Output = T>) -> Result<T, Fault> {
    let caught = AssertUnwindSafe(work).catch_unwind().await;
    caught.map_err(|_| {
        metrics::counter!("clara_panics_total").increment(1);
        Fault::internal("it panicked")
    })
}
