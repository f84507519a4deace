//! How many analyses are accepted and finished a second: a real `clara serve`, asked over REST by many at once without a
//! worker, and started again with its workers until none waits, on SQLite and, where one answers, on PostgreSQL. The text
//! holds nothing to check, so what is measured is the queue and its commits, each of which is on the disk. After that, how
//! long one claim takes beside queues of several lengths.
//!
//! `cargo bench --bench tasks`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on panics, and prints what it measured"
)]

use std::time::{Duration, Instant};

use clara::domain::clock::Timestamp;
use clara::store::{Store, StoreOptions};
use clara_test_support::{self as support, postgres, rest};
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use sqlx::Connection as _;

use rest::{PRIVATE, PUBLIC, data, numbered_account};
use support::{Folder, Server};

const TASKS: usize = 4_000;
const CONNECTIONS: usize = 64;
/// How many claims are timed beside each length of the queue, and for how long each holds.
const CLAIMS: usize = 300;
const LEASE: Duration = Duration::from_secs(30);
/// The length of an id without its prefix.
const ZEROS: &str = "00000000000000000000000000000000";
/// How often it is looked whether any task still waits.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    println!("| database | accounts | workers | accepted a second | finished a second |");
    println!("|---|---|---|---|---|");
    // On the disk, for its commits are what this is about.
    let on_disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for crowd in [
        Crowd {
            accounts: 1,
            workers: 4,
        },
        Crowd {
            accounts: 16,
            workers: 12,
        },
    ] {
        let on_disk = tempfile::tempdir_in(on_disk.path()).unwrap();
        postgres::on_each_database(&runtime, on_disk.path(), async |name, url, folder| {
            measure(name, url, folder, crowd).await;
        });
    }
    println!("\n| database | waiting | a claim: median | p90 |");
    println!("|---|---|---|---|");
    postgres::on_each_database(&runtime, on_disk.path(), measure_claims);
}

/// Who hands in, and who works.
#[derive(Clone, Copy)]
struct Crowd {
    accounts: u16,
    workers: usize,
}

fn start(folder: &Folder, url: &str, workers: &str) -> Server {
    let settings = [
        ("CLARA_DATABASE_URL", url),
        ("CLARA_SECRET_KEY", "a root secret of this bench 0123456789"),
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_PRIVATE_API_KEY", PRIVATE),
        ("CLARA_LOG", "warn"),
        ("CLARA_WORKERS", workers),
    ];
    Server::start(folder, &settings)
}

/// The URL of the same database. Those of tests do not wait for the disk; a connection that asks for it does.
fn waiting_for_the_disk(url: &str) -> String {
    let mut durable = url::Url::parse(url).unwrap();
    if durable.scheme().starts_with("postgres") {
        let option = "options[synchronous_commit]";
        durable.query_pairs_mut().append_pair(option, "on");
        return durable.into();
    }
    url.to_owned()
}

async fn measure(name: &str, url: &str, folder: &Folder, crowd: Crowd) {
    let durable = waiting_for_the_disk(url);
    let url = durable.as_str();
    let server = start(folder, url, "0");
    let mut people = Vec::new();
    for number in 0..crowd.accounts {
        let person = numbered_account(folder, &server, number).await;
        let credits = Some(json!({"credits": 10_000_000}));
        let path = format!("{}/credits", person.path);
        data(&server, "PUT", &path, PRIVATE, credits).await;
        people.push(person);
    }
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let submit = async |number: usize| {
        let person = &people[number % people.len()];
        let request = client
            .post(server.at(&format!("/api/v1{}/agent/analysis", person.path)))
            .header("authorization", person.key())
            .json(&json!({"text": format!("Is anybody there at number {number}?")}));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 201);
        response.bytes().await.unwrap();
    };
    let began = Instant::now();
    stream::iter(0..TASKS)
        .map(submit)
        .buffer_unordered(CONNECTIONS)
        .collect::<Vec<()>>()
        .await;
    let accepted = rate(began.elapsed());
    drop(server);
    let server = start(folder, url, &crowd.workers.to_string());
    let began = Instant::now();
    for person in &people {
        let newest = format!("/api/v1{}/tasks?limit=1", person.path);
        let pending = async || {
            let request = client
                .get(server.at(&newest))
                .header("authorization", person.key());
            let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
            // An account's tasks are first come, first served: the newest is the last.
            answer["data"][0]["status"] != "COMPLETED"
        };
        while pending().await {
            tokio::time::sleep(LOOK_INTERVAL).await;
        }
    }
    println!(
        "| {name} | {} | {} | {accepted:.0} | {:.0} |",
        crowd.accounts,
        crowd.workers,
        rate(began.elapsed())
    );
}

/// How long a claim takes beside so many tasks that wait, a tenth as many accounts having handed them in. Each claimed task is
/// put back, so that the queue stays as long as it is.
async fn measure_claims(name: &str, url: &str, _: &Folder) {
    let store = Store::open(StoreOptions::new(url)).await.unwrap();
    let mut there = 0;
    for waiting in [100, 1_000, 10_000] {
        let users = format!(
            "INSERT INTO users (id, email, email_key, is_active, created_at, updated_at) \
             WITH RECURSIVE numbers (n) AS (SELECT {there} + 1 UNION ALL SELECT n + 10 FROM numbers WHERE n + 10 <= {waiting}) \
             SELECT 'user_' || SUBSTR('{ZEROS}' || n, LENGTH('{ZEROS}' || n) - 31), n || '@example.org', n || '@example.org', TRUE, 1, 1 \
             FROM numbers"
        );
        let tasks = format!(
            "INSERT INTO tasks (id, user_id, status, submitted_text, price, due_at, created_at, updated_at) \
             WITH RECURSIVE numbers (n) AS (SELECT {there} + 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {waiting}) \
             SELECT 'task_' || SUBSTR('{ZEROS}' || n, LENGTH('{ZEROS}' || n) - 31), 'user_' || SUBSTR('{ZEROS}' || (n - (n - 1) % 10), \
             LENGTH('{ZEROS}' || (n - (n - 1) % 10)) - 31), 'PENDING', 'x', 0, 1, 1, 1 FROM numbers"
        );
        for statement in [users, tasks, "ANALYZE".to_owned()] {
            fill(url, statement).await;
        }
        there = waiting;
        let mut times = Vec::new();
        for _ in 0..CLAIMS {
            let began = Instant::now();
            let claim = store.claim_task("bench", LEASE, Timestamp(1)).await;
            times.push(began.elapsed());
            let claim = claim.unwrap().unwrap();
            let put_back = store.put_back(&claim, Duration::ZERO, false, Timestamp(1));
            assert!(put_back.await.unwrap());
        }
        times.sort();
        let at = |share: usize| times[(CLAIMS - 1) * share / 100].as_secs_f64() * 1e3;
        println!(
            "| {name} | {waiting} | {:.2} ms | {:.2} ms |",
            at(50),
            at(90)
        );
    }
    store.close().await;
}

/// Past the store, which makes one task a call.
async fn fill(url: &str, statement: String) {
    let statement = sqlx::raw_sql(sqlx::AssertSqlSafe(statement));
    if url.starts_with("sqlite:") {
        let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
        statement.execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        statement.execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

fn rate(took: Duration) -> f64 {
    f64::from(u32::try_from(TASKS).unwrap()) / took.as_secs_f64()
}
