//! Readiness: whether this process can do its work now, for load balancers and service managers. It asks the parts and
//! changes nothing; what a person should do about it is the doctor's business.

use std::time::Duration;

use serde::Serialize;

use crate::context::Context;
use crate::fault::Fault;
use crate::worker::Liveness;

/// How long the database may take to answer before it counts as gone.
const SCHEMA_TIMEOUT: Duration = Duration::from_secs(2);

/// How one part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Works,
    Broken,
    /// There is none in this process, by setting.
    Off,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Readiness {
    pub ready: bool,
    pub database: Part,
    /// Whether the schema is the one this version knows.
    pub migrations: Part,
    pub workers: Part,
}

/// Asks each part.
pub async fn look(context: &Context, workers: &Liveness) -> Readiness {
    let schema = tokio::time::timeout(SCHEMA_TIMEOUT, context.services.store.is_up_to_date()).await;
    let (database, migrations) = match schema {
        Ok(Ok(true)) => (Part::Works, Part::Works),
        Ok(Ok(false)) => (Part::Works, Part::Broken),
        Ok(Err(_)) | Err(_) => (Part::Broken, Part::Broken),
    };
    let workers = match (workers.expected(), workers.alive()) {
        (0, _) => Part::Off,
        (expected, alive) if alive == expected => Part::Works,
        _ => Part::Broken,
    };
    let is_fine = |part| part != Part::Broken;
    Readiness {
        ready: [database, migrations, workers].into_iter().all(is_fine),
        database,
        migrations,
        workers,
    }
}

/// How many analyses wait, and how many run, in the whole store.
pub async fn queue_length(context: &Context) -> Result<(u32, u32), Fault> {
    let (waiting, running) = context.services.store.queue_length().await?;
    let capped = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok((capped(waiting), capped(running)))
}

/// How many mails wait to be sent, in the whole store.
pub async fn waiting_mails(context: &Context) -> Result<u32, Fault> {
    let (waiting, _) = context.services.outbox.waiting().await?;
    Ok(u32::try_from(waiting).unwrap_or(u32::MAX))
}
