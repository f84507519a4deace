//! How many analyses are accepted and finished a second: a real `clara serve`, asked over REST by many at once without a
//! worker, and started again with its workers until none waits, on SQLite and, where one answers, on PostgreSQL. The text
//! holds nothing to check, so what is measured is the queue and its commits, each of which is on the disk.
//!
//! `cargo bench --bench tasks`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on panics, and prints what it measured"
)]

use std::time::{Duration, Instant};

use clara_test_support::{self as support, postgres, rest};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use rest::{PRIVATE, PUBLIC, account, data};
use support::{Folder, Server};

const TASKS: usize = 4_000;
const CONNECTIONS: usize = 64;
/// How often it is looked whether any task still waits.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    println!("| database | accepted a second | finished a second |");
    println!("|---|---|---|");
    // On the disk, for its commits are what this is about.
    let on_disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    postgres::on_each_database(&runtime, on_disk.path(), measure);
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

async fn measure(name: &str, url: &str, folder: &Folder) {
    let durable = waiting_for_the_disk(url);
    let url = durable.as_str();
    let server = start(folder, url, "0");
    let ada = account(folder, &server).await;
    let credits = Some(json!({"credits": 10_000_000}));
    let path = format!("{}/credits", ada.path);
    data(&server, "PUT", &path, PRIVATE, credits).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let submit = async |number: usize| {
        let request = client
            .post(server.at(&format!("/api/v1{}/agent/analysis", ada.path)))
            .header("authorization", ada.key())
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
    let server = start(folder, url, "4");
    let began = Instant::now();
    let newest = format!("/api/v1{}/tasks?limit=1", ada.path);
    let pending = async || {
        let request = client
            .get(server.at(&newest))
            .header("authorization", ada.key());
        let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        // The queue is first come, first served: the newest is the last.
        answer["data"][0]["status"] != "COMPLETED"
    };
    while pending().await {
        tokio::time::sleep(LOOK_INTERVAL).await;
    }
    println!("| {name} | {accepted:.0} | {:.0} |", rate(began.elapsed()));
}

fn rate(took: Duration) -> f64 {
    f64::from(u32::try_from(TASKS).unwrap()) / took.as_secs_f64()
}
