//! What counting a call costs where servers share a PostgreSQL. Needs an empty database at `CLARA_BENCH_POSTGRES`, and is
//! left out without.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clara::domain::clock::Timestamp;
use clara::store::limits::{Allowance, Taken};
use clara::store::{Store, StoreOptions};

use crate::Outcome;
use crate::load::Figures;

const CALLS: u32 = 5000;

/// Counts calls of a hundred credentials; `None` without a database.
pub async fn measure() -> Outcome<Option<Figures>> {
    let Ok(url) = std::env::var("CLARA_BENCH_POSTGRES") else {
        return Ok(None);
    };
    let store = Store::open(StoreOptions::new(url)).await?;
    let allowance = Allowance::Flow {
        per_second: 1000,
        burst: 1000,
    };
    let mut took = Vec::new();
    let began = Instant::now();
    for number in 0..CALLS {
        let key = format!("bench {}", number % 100);
        let asked = Instant::now();
        let taken = store.acquire(&key, allowance, now()?).await?;
        took.push(asked.elapsed());
        if taken != Taken::Yes {
            return Err("a call was refused".into());
        }
    }
    let figures = Figures::of(took, began.elapsed());
    store.close().await;
    Ok(Some(figures))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program that measures time has no other clock"
)]
fn now() -> Outcome<Timestamp> {
    let since: Duration = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp(i64::try_from(since.as_millis())?))
}
