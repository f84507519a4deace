//! What `clara serve` costs beside a bare server of the same protocol library, in one run on one machine:
//! `cargo bench --bench http`. Calls a second and latency by number of clients, latency on every transport, and memory:
//! at rest, after many calls, and of idle sessions.
//!
//! `CLARA_BENCH_SECONDS` (each measurement, 3), `CLARA_BENCH_CALLS` (100000), `CLARA_BENCH_SESSIONS` (10000) and
//! `CLARA_BENCH_BINARY` make a run shorter or another, `CLARA_BENCH_ONLY` (a part of a line's name) measures calls alone. The generator, the bare server and Clara are a process each.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people to read"
)]

mod bare;
mod counting;
mod load;
mod protocol;
mod servers;
mod wire;

use std::error::Error;
use std::time::Duration;

use serde_json::{Value, json};

use load::{Figures, Until, run};
use protocol::{EventStream, Session, rest, stateless};
use servers::{Account, Server};
use wire::Connection;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// No call may take longer at one client, on any transport.
const STALL: Duration = Duration::from_millis(40);
const CALLS_A_TRANSPORT: usize = 1000;

fn main() -> Outcome<()> {
    if std::env::args().nth(1).as_deref() == Some("bare-server") {
        let runtime = tokio::runtime::Runtime::new()?;
        return runtime.block_on(bare::serve());
    }
    #[cfg(target_os = "linux")]
    rlimit::increase_nofile_limit(u64::MAX)?;
    // One thread: the servers need the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(measure())
}

fn wish(name: &str, default: usize) -> usize {
    let said = std::env::var(name).ok().and_then(|said| said.parse().ok());
    said.unwrap_or(default)
}

/// What is called: at the bare server, or at Clara's.
struct Work {
    name: &'static str,
    request: Vec<u8>,
    at_clara: bool,
}

async fn measure() -> Outcome<()> {
    let (bare, clara) = (Server::bare()?, Server::clara()?);
    let at_rest = clara.resident()?;
    let account = clara.seed().await?;
    if let Some(figures) = counting::measure().await? {
        println!("\na call counted on PostgreSQL: median, p99, longest in milliseconds");
        show("one upsert", figures);
    }
    let mut works = works(&account);
    let only = std::env::var("CLARA_BENCH_ONLY").ok();
    if let Some(only) = &only {
        works.retain(|work| !work.at_clara || work.name.contains(only));
    }
    throughput(&bare, &clara, &works).await?;
    if only.is_some() {
        return Ok(());
    }
    transports(&bare, &clara, &account).await?;
    memory(&bare, &clara, at_rest, &works).await?;
    drop((bare, clara));
    idle_sessions().await
}

fn works(account: &Account) -> Vec<Work> {
    let of_clara = |name, request| Work {
        name,
        request,
        at_clara: true,
    };
    let nothing = json!({});
    let fifty = json!({"limit": 50});
    let own = format!("/users/{}", account.id);
    let listed = format!("{own}/transactions?limit=50");
    let mcp = |tool: &str, arguments: &Value| stateless(tool, arguments, Some(account));
    vec![
        Work {
            name: "bare rmcp  echo",
            request: stateless("echo", &json!({"text": "0.1.0"}), None),
            at_clara: false,
        },
        of_clara("MCP   misc_version", mcp("misc_version", &nothing)),
        of_clara("MCP   user_view", mcp("user_view", &nothing)),
        of_clara(
            "MCP   transaction_view_all",
            mcp("transaction_view_all", &fifty),
        ),
        of_clara("REST  misc_version", rest("/version", account)),
        of_clara("REST  user_view", rest(&own, account)),
        of_clara("REST  transaction_view_all", rest(&listed, account)),
    ]
}

fn expected(work: &Work) -> &'static str {
    if work.at_clara { "success" } else { "0.1.0" }
}

async fn throughput(bare: &Server, clara: &Server, works: &[Work]) -> Outcome<()> {
    let time = Duration::from_secs(wish("CLARA_BENCH_SECONDS", 3) as u64);
    println!("\ncalls a second, to bare rmcp's, and latency in milliseconds");
    println!(
        "{:<28} {:>7} {:>9} {:>7} {:>8} {:>8} {:>8}",
        "", "clients", "a second", "ratio", "median", "p99", "p99/p50"
    );
    for clients in [1, 16, 64] {
        let mut at_bare = 0.0;
        for work in works {
            let server = if work.at_clara { clara } else { bare };
            let until = Until::Elapsed(time);
            let figures = run(
                server.address,
                &work.request,
                expected(work),
                clients,
                until,
            );
            let figures = figures.await?;
            if !work.at_clara {
                at_bare = figures.a_second;
            }
            println!(
                "{:<28} {clients:>7} {:>9.0} {:>7.2} {:>8.2} {:>8.2} {:>8.1}",
                work.name,
                figures.a_second,
                figures.a_second / at_bare,
                milliseconds(figures.median),
                milliseconds(figures.p99),
                figures.p99.as_secs_f64() / figures.median.as_secs_f64(),
            );
        }
    }
    Ok(())
}

async fn transports(bare: &Server, clara: &Server, account: &Account) -> Outcome<()> {
    println!(
        "\none client, {CALLS_A_TRANSPORT} calls of user_view on each transport, milliseconds"
    );
    println!("{:<28} {:>8} {:>8} {:>8}", "", "median", "p99", "longest");
    let until = Until::Calls(CALLS_A_TRANSPORT);
    let proof = Some(account);
    let mut asking = Connection::open(bare.address).await?;
    let session = Session::open(&mut asking, "/sessions", None).await?;
    let call = session.call("echo");
    show(
        "bare rmcp, session, stream",
        run(bare.address, &call, "result", 1, until).await?,
    );
    let own = rest(&format!("/users/{}", account.id), account);
    show("REST", run(clara.address, &own, "success", 1, until).await?);
    let call = stateless("user_view", &json!({}), proof);
    show(
        "MCP stateless, JSON",
        run(clara.address, &call, "success", 1, until).await?,
    );
    let mut asking = Connection::open(clara.address).await?;
    let session = Session::open(&mut asking, "/mcp", proof).await?;
    let call = session.call("user_view");
    show(
        "MCP session, event stream",
        run(clara.address, &call, "success", 1, until).await?,
    );
    let mut stream = EventStream::open(clara, &mut asking, account).await?;
    let figures = stream.calls(&mut asking, "user_view", CALLS_A_TRANSPORT);
    show("MCP older transport (SSE)", figures.await?);
    Ok(())
}

fn show(name: &str, figures: Figures) {
    let stalled = if figures.worst > STALL {
        "  STALLED"
    } else {
        ""
    };
    println!(
        "{name:<28} {:>8.2} {:>8.2} {:>8.2}{stalled}",
        milliseconds(figures.median),
        milliseconds(figures.p99),
        milliseconds(figures.worst)
    );
}

async fn memory(bare: &Server, clara: &Server, at_rest: u64, works: &[Work]) -> Outcome<()> {
    let calls = wish("CLARA_BENCH_CALLS", 100_000);
    println!("\nmemory, MB");
    println!("clara, started                 {:>6.1}", megabytes(at_rest));
    println!(
        "clara, after the calls above   {:>6.1}",
        megabytes(clara.resident()?)
    );
    for round in 1..=2 {
        for work in works.iter().filter(|work| work.name.contains("user_view")) {
            let until = Until::Calls(calls / 2);
            let run = run(clara.address, &work.request, expected(work), 16, until);
            run.await?;
        }
        println!(
            "clara, after {:>6} calls more  {:>6.1}",
            calls * round,
            megabytes(clara.resident()?)
        );
    }
    println!(
        "bare rmcp                      {:>6.1}",
        megabytes(bare.resident()?)
    );
    Ok(())
}

/// Each on a fresh server, so that no other work's memory is counted or used again.
async fn idle_sessions() -> Outcome<()> {
    let sessions = wish("CLARA_BENCH_SESSIONS", 10_000);
    println!("\n{sessions} idle sessions, each with its open stream: kilobytes each");
    let bare = Server::bare()?;
    let before = bare.resident()?;
    let held = hold_sessions(&bare, "/sessions", None, sessions).await?;
    let of_bare = each(&bare, before, sessions)?;
    println!("bare rmcp, Streamable HTTP     {of_bare:>6.1}");
    drop((held, bare));

    let clara = Server::clara()?;
    let account = clara.seed().await?;
    let before = clara.resident()?;
    let held = hold_sessions(&clara, "/mcp", Some(&account), sessions).await?;
    tell_sessions("clara, Streamable HTTP", &clara, before, sessions, of_bare)?;
    still_serves(&clara, &account).await?;
    drop((held, clara));

    let clara = Server::clara()?;
    let account = clara.seed().await?;
    let before = clara.resident()?;
    let mut asking = Connection::open(clara.address).await?;
    let mut held = Vec::with_capacity(sessions);
    for _ in 0..sessions {
        held.push(EventStream::open(&clara, &mut asking, &account).await?);
    }
    tell_sessions(
        "clara, older transport (SSE)",
        &clara,
        before,
        sessions,
        of_bare,
    )?;
    still_serves(&clara, &account).await?;
    drop((held, clara));
    Ok(())
}

async fn hold_sessions(
    server: &Server,
    path: &str,
    account: Option<&Account>,
    sessions: usize,
) -> Outcome<Vec<Connection>> {
    let mut asking = Connection::open(server.address).await?;
    let mut held = Vec::with_capacity(sessions);
    for _ in 0..sessions {
        let session = Session::open(&mut asking, path, account).await?;
        held.push(session.listen(server).await?);
    }
    Ok(held)
}

fn each(server: &Server, before: u64, sessions: usize) -> Outcome<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let each = server.resident()?.saturating_sub(before) as f64 / sessions as f64;
    Ok(each)
}

fn tell_sessions(
    name: &str,
    server: &Server,
    before: u64,
    sessions: usize,
    of_bare: f64,
) -> Outcome<()> {
    let each = each(server, before, sessions)?;
    println!("{name:<28}   {each:>6.1}  {:>5.2} of bare", each / of_bare);
    Ok(())
}

async fn still_serves(clara: &Server, account: &Account) -> Outcome<()> {
    let call = stateless("user_view", &json!({}), Some(account));
    let figures = run(clara.address, &call, "success", 1, Until::Calls(200)).await?;
    show("  new calls meanwhile", figures);
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1024.0
}
