//! So many clients, each asking again as soon as it was answered.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::wire::Connection;

/// What came of it.
#[derive(Clone, Copy)]
pub struct Figures {
    pub a_second: f64,
    pub median: Duration,
    pub p99: Duration,
    pub worst: Duration,
}

impl Figures {
    pub fn of(mut took: Vec<Duration>, lasted: Duration) -> Self {
        took.sort_unstable();
        let at = |percent: usize| {
            let index = (took.len() * percent / 100).min(took.len().saturating_sub(1));
            took.get(index).copied().unwrap_or_default()
        };
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        let a_second = took.len() as f64 / lasted.as_secs_f64();
        Self {
            a_second,
            median: at(50),
            p99: at(99),
            worst: took.last().copied().unwrap_or_default(),
        }
    }
}

/// When to stop.
#[derive(Clone, Copy)]
pub enum Until {
    Elapsed(Duration),
    Calls(usize),
}

/// Runs `clients` at once; every answer must be a 200, and the first is looked at for `expected`.
pub async fn run(
    address: SocketAddr,
    request: &[u8],
    expected: &str,
    clients: usize,
    until: Until,
) -> Outcome<Figures> {
    let request: Rc<[u8]> = request.into();
    let mut ready = Vec::new();
    for _ in 0..clients {
        let mut connection = Connection::open(address).await?;
        let status = connection.exchange(&request).await?;
        let body = String::from_utf8_lossy(connection.body()).into_owned();
        if status != 200 || !body.contains(expected) {
            return Err(format!("{status} without {expected}: {body}").into());
        }
        ready.push(connection);
    }
    let began = Instant::now();
    let local = tokio::task::LocalSet::new();
    let tasks: Vec<_> = ready
        .into_iter()
        .map(|connection| local.spawn_local(ask(connection, request.clone(), clients, until)))
        .collect();
    let all = local.run_until(async {
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await??);
        }
        Ok::<_, Box<dyn std::error::Error>>(all)
    });
    let all = all.await?;
    Ok(Figures::of(all, began.elapsed()))
}

async fn ask(
    mut connection: Connection,
    request: Rc<[u8]>,
    clients: usize,
    until: Until,
) -> Outcome<Vec<Duration>> {
    let began = Instant::now();
    let mut took = Vec::with_capacity(16 * 1024);
    loop {
        let enough = match until {
            Until::Elapsed(time) => began.elapsed() >= time,
            Until::Calls(calls) => took.len() >= calls / clients,
        };
        if enough {
            return Ok(took);
        }
        let asked = Instant::now();
        let status = connection.exchange(&request).await?;
        took.push(asked.elapsed());
        if status != 200 {
            return Err(format!("an answer was {status}").into());
        }
    }
}
