//! What `clara serve` costs beside a bare server of the same protocol library, in one run on one machine:
//! `cargo bench --bench http`. Calls a second and latency by number of clients, latency on every transport, and memory:
//! at rest, after many calls, and of idle sessions.
//!
//! `CLARA_BENCH_MILLISECONDS` (each half of a pair, 800), `CLARA_BENCH_CALLS` (100000), `CLARA_BENCH_SESSIONS` (10000) and
//! `CLARA_BENCH_BINARY` make a run shorter or another, `CLARA_BENCH_ONLY` (a part of a line's name) measures calls alone. The generator, the bare server and Clara are a process each.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people to read"
)]

mod bare;
mod counting;
mod gate;
mod load;
mod protocol;
mod rows;
mod servers;
mod wire;

use std::error::Error;
use std::path::Path;
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
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("bare-server") {
        let (database, user_id) = (arguments.next(), arguments.next());
        let (database, user_id) = database.zip(user_id).ok_or("a database and an account")?;
        let runtime = tokio::runtime::Runtime::new()?;
        return runtime.block_on(bare::serve(Path::new(&database), &user_id));
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

/// What is called, at Clara and at the bare server.
struct Work {
    name: &'static str,
    request: Vec<u8>,
}

/// One measurement is a pair: the bare server, then Clara. The ratio is the median of so many.
const PAIRS: usize = 5;

async fn measure() -> Outcome<()> {
    let clara = Server::clara()?;
    let at_rest = clara.resident()?;
    let account = clara.seed().await?;
    let bare = Server::bare(&clara, &account)?;
    if let Some(wanted) = gate::wanted() {
        return gate::pass(&bare, &clara, &works(&account), &wanted).await;
    }
    if let Some(figures) = counting::measure().await? {
        println!("\na call counted on PostgreSQL: median, p99, longest in milliseconds");
        show("one upsert", figures);
    }
    let mut works = works(&account);
    let only = std::env::var("CLARA_BENCH_ONLY").ok();
    if let Some(only) = &only {
        works.retain(|work| work.name.contains(only));
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
    let work = |name, request| Work { name, request };
    let nothing = json!({});
    let fifty = json!({"limit": 50});
    let own = format!("/users/{}", account.id);
    let listed = format!("{own}/transactions?limit=50");
    let mcp = |tool: &str, arguments: &Value| stateless(tool, arguments, Some(account));
    vec![
        work("MCP   misc_version", mcp("misc_version", &nothing)),
        work("MCP   user_view", mcp("user_view", &nothing)),
        work(
            "MCP   transaction_view_all",
            mcp("transaction_view_all", &fifty),
        ),
        work("REST  misc_version", rest("/version", account)),
        work("REST  user_view", rest(&own, account)),
        work("REST  transaction_view_all", rest(&listed, account)),
    ]
}

async fn throughput(bare: &Server, clara: &Server, works: &[Work]) -> Outcome<()> {
    let time = Duration::from_millis(wish("CLARA_BENCH_MILLISECONDS", 800) as u64);
    println!(
        "\ncalls a second of a server that does nothing else, and of Clara; median of {PAIRS} pairs"
    );
    println!(
        "{:<28} {:>7} {:>9} {:>9} {:>7} {:>8} {:>8} {:>8}",
        "", "clients", "bare", "clara", "ratio", "median", "p99", "p99/p50"
    );
    for clients in [1, 16, 64] {
        for work in works {
            same_answer(bare, clara, work).await?;
            let until = Until::Elapsed(time);
            let ask =
                |server: &Server| run(server.address, &work.request, "success", clients, until);
            let mut pairs = Vec::with_capacity(PAIRS);
            for _ in 0..PAIRS {
                pairs.push((ask(bare).await?, ask(clara).await?));
            }
            let ratio = |pair: &(Figures, Figures)| pair.1.a_second / pair.0.a_second;
            pairs.sort_by(|one, other| ratio(one).total_cmp(&ratio(other)));
            let middle = pairs[PAIRS / 2];
            let (at_bare, figures) = middle;
            println!(
                "{:<28} {clients:>7} {:>9.0} {:>9.0} {:>7.2} {:>8.2} {:>8.2} {:>8.1}",
                work.name,
                at_bare.a_second,
                figures.a_second,
                ratio(&middle),
                milliseconds(figures.median),
                milliseconds(figures.p99),
                figures.p99.as_secs_f64() / figures.median.as_secs_f64(),
            );
        }
    }
    Ok(())
}

/// Whether both answer the same: else the ratio would say nothing.
async fn same_answer(bare: &Server, clara: &Server, work: &Work) -> Outcome<()> {
    let mut answers = Vec::new();
    for server in [bare, clara] {
        let mut connection = Connection::open(server.address).await?;
        connection.exchange(&work.request).await?;
        let answer: Value = serde_json::from_slice(connection.body())?;
        answers.push(answer);
    }
    if answers[0] == answers[1] {
        return Ok(());
    }
    let name = work.name;
    Err(format!("{name}: bare answers {}, Clara {}", answers[0], answers[1]).into())
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
            run(clara.address, &work.request, "success", 16, until).await?;
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
    let clara = Server::clara()?;
    let account = clara.seed().await?;
    let bare = Server::bare(&clara, &account)?;
    let before = bare.resident()?;
    let held = hold_sessions(&bare, "/sessions", None, sessions).await?;
    let of_bare = each(&bare, before, sessions)?;
    println!("bare rmcp, Streamable HTTP     {of_bare:>6.1}");
    drop((held, bare));

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
