//! Wakes whoever waits for work or for a task's end: at once within the process, soon between processes, and never
//! needed for correctness, since everybody who waits also looks now and then.
//!
//! SQLite's other processes are noticed by `PRAGMA data_version` on a connection of its own, looked at only while
//! somebody waits. PostgreSQL's by NOTIFY, sent after the commit and at most once in ten milliseconds: inside every
//! transaction it would make them queue up. These statements change nothing and are sent by the clock, so crash tests
//! do not count them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::postgres::PgListener;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, PgPool, SqliteConnection};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

use super::Engine;

/// How often another SQLite process is looked for while somebody waits for a task's end.
const LOOK_QUICKLY: Duration = Duration::from_millis(50);
/// The same while only workers wait for work.
const LOOK_SLOWLY: Duration = Duration::from_millis(250);
/// How long notifications are gathered before one is sent for all.
const GATHER: Duration = Duration::from_millis(10);
/// The pause after a lost connection.
const RECONNECT: Duration = Duration::from_secs(1);

const WORK_CHANNEL: &str = "clara_work";
const ENDED_CHANNEL: &str = "clara_ended";

/// What somebody may wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A task can be claimed.
    Work,
    /// A task has ended.
    Ended,
}

#[derive(Default)]
pub(super) struct Signals {
    shared: Arc<Shared>,
    tasks: Vec<AbortHandle>,
}

struct Shared {
    work: watch::Sender<u64>,
    ended: watch::Sender<u64>,
    waiting_for_work: AtomicUsize,
    waiting_for_ends: AtomicUsize,
    somebody_waits: Notify,
    work_to_tell: AtomicBool,
    end_to_tell: AtomicBool,
    something_to_tell: Notify,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            work: watch::Sender::new(0),
            ended: watch::Sender::new(0),
            waiting_for_work: AtomicUsize::new(0),
            waiting_for_ends: AtomicUsize::new(0),
            somebody_waits: Notify::new(),
            work_to_tell: AtomicBool::new(false),
            end_to_tell: AtomicBool::new(false),
            something_to_tell: Notify::new(),
        }
    }
}

impl Shared {
    fn sender(&self, topic: Topic) -> &watch::Sender<u64> {
        match topic {
            Topic::Work => &self.work,
            Topic::Ended => &self.ended,
        }
    }

    fn waiting(&self, topic: Topic) -> &AtomicUsize {
        match topic {
            Topic::Work => &self.waiting_for_work,
            Topic::Ended => &self.waiting_for_ends,
        }
    }

    fn wake(&self, topic: Topic) {
        self.sender(topic)
            .send_modify(|generation| *generation = generation.wrapping_add(1));
    }

    fn wake_all(&self) {
        self.wake(Topic::Work);
        self.wake(Topic::Ended);
    }

    /// Returns as soon as somebody waits, with how often to look.
    async fn pace(&self) -> Duration {
        loop {
            // Registered before the counters are read: a waiter that comes in between is not missed.
            let notified = self.somebody_waits.notified();
            if self.waiting_for_ends.load(Ordering::SeqCst) > 0 {
                return LOOK_QUICKLY;
            }
            if self.waiting_for_work.load(Ordering::SeqCst) > 0 {
                return LOOK_SLOWLY;
            }
            notified.await;
        }
    }
}

impl Signals {
    pub(super) fn start(engine: &Engine) -> Self {
        let shared = Arc::new(Shared::default());
        let tasks = match engine {
            Engine::Sqlite { readers, .. } => {
                let options = readers.options().clone();
                vec![tokio::spawn(watch_data_version(shared.clone(), options)).abort_handle()]
            }
            Engine::Postgres(pool) => vec![
                tokio::spawn(listen(shared.clone(), pool.clone())).abort_handle(),
                tokio::spawn(tell(shared.clone(), pool.clone())).abort_handle(),
            ],
        };
        Self { shared, tasks }
    }

    /// Called after a commit.
    pub(super) fn signal(&self, topic: Topic) {
        self.shared.wake(topic);
        match topic {
            Topic::Work => self.shared.work_to_tell.store(true, Ordering::SeqCst),
            Topic::Ended => self.shared.end_to_tell.store(true, Ordering::SeqCst),
        }
        self.shared.something_to_tell.notify_one();
    }

    pub(super) fn subscribe(&self, topic: Topic) -> Changes {
        self.shared.waiting(topic).fetch_add(1, Ordering::SeqCst);
        self.shared.somebody_waits.notify_one();
        Changes {
            receiver: self.shared.sender(topic).subscribe(),
            shared: self.shared.clone(),
            topic,
        }
    }

    pub(super) fn stop(&self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A place in the line of those who wait. What happens after it was taken is not missed: take it, look, then wait.
pub struct Changes {
    receiver: watch::Receiver<u64>,
    shared: Arc<Shared>,
    topic: Topic,
}

impl Changes {
    /// Returns when something may have happened since the last time, or after `at_most`.
    pub async fn next(&mut self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.receiver.changed()).await;
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        self.shared
            .waiting(self.topic)
            .fetch_sub(1, Ordering::SeqCst);
    }
}

async fn watch_data_version(shared: Arc<Shared>, options: SqliteConnectOptions) {
    let mut connection: Option<SqliteConnection> = None;
    let mut seen: Option<i64> = None;
    loop {
        let pace = shared.pace().await;
        tokio::time::sleep(pace).await;
        if connection.is_none() {
            connection = options.connect().await.ok();
        }
        let Some(open) = &mut connection else {
            continue;
        };
        let version = sqlx::query_scalar::<_, i64>("PRAGMA data_version")
            .fetch_one(open)
            .await
            .ok();
        if version.is_none() {
            connection = None;
        }
        if version != seen {
            seen = version;
            shared.wake_all();
        }
    }
}

async fn listen(shared: Arc<Shared>, pool: PgPool) {
    loop {
        shared.pace().await;
        if let Err(error) = listen_until_lost(&shared, &pool).await {
            tracing::debug!(%error, "the listening connection is lost");
        }
        tokio::time::sleep(RECONNECT).await;
    }
}

async fn listen_until_lost(shared: &Shared, pool: &PgPool) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen_all([WORK_CHANNEL, ENDED_CHANNEL]).await?;
    // What was told before nobody heard.
    shared.wake_all();
    while let Some(notification) = listener.try_recv().await? {
        match notification.channel() {
            WORK_CHANNEL => shared.wake(Topic::Work),
            _ => shared.wake(Topic::Ended),
        }
    }
    Ok(())
}

async fn tell(shared: Arc<Shared>, pool: PgPool) {
    loop {
        shared.something_to_tell.notified().await;
        tokio::time::sleep(GATHER).await;
        for (flag, channel) in [
            (&shared.work_to_tell, WORK_CHANNEL),
            (&shared.end_to_tell, ENDED_CHANNEL),
        ] {
            if !flag.swap(false, Ordering::SeqCst) {
                continue;
            }
            let told = sqlx::query("SELECT pg_notify($1, '')")
                .bind(channel)
                .execute(&pool)
                .await;
            if let Err(error) = told {
                tracing::debug!(%error, "a notification was not sent; the slow poll will do");
            }
        }
    }
}
