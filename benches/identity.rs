//! Whether the time of an answer tells if an address has an account, over REST against a real `clara serve` that hides them;
//! and how many sign-ins a second there are, and how other calls fare meanwhile. Each on SQLite and, where one answers, on
//! PostgreSQL.
//!
//! `cargo bench --bench identity`; `CLARA_BENCH_SAMPLES` takes fewer than 2,000 of each, `CLARA_BENCH_SECONDS` less than 10.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on panics, and prints what it measured"
)]

mod statistics;

use clara_test_support::{self as support, postgres};

use statistics::{median, rank_test, share};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::time::{Duration, Instant};

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use clara::domain::audit::{AuditEvent, Origin};
use clara::domain::clock::{Clock as _, SystemClock, Timestamp};
use clara::domain::code::CodePurpose;
use clara::domain::ids::{CodeId, SessionId, UserId};
use clara::domain::randomness::{Randomness as _, SystemRandomness};
use clara::store::accounts::{NewUser, Registration};
use clara::store::audit::AuditEntry;
use clara::store::codes::NewCode;
use clara::store::outbox::NewMail;
use clara::store::sessions::NewSession;
use clara::store::{Store, StoreOptions};
use serde_json::{Value, json};

use support::{Folder, Server, from_address};

const PUBLIC: &str = "public-key-of-this-bench-0123456789";
const PASSWORD: &str = "a long walk by the river";
/// How many sign in at once.
const CLIENTS: usize = 8;
/// Below this the two kinds of address can be told apart.
const SIGNIFICANT: f64 = 0.01;
/// Measured first and thrown away.
const WARM_UP: usize = 40;

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let folder = Folder::new();
    postgres::on_each_database(&runtime, folder.parent(), measure);
}

fn setting(name: &str, default: usize) -> usize {
    let said = std::env::var(name).ok();
    said.map_or(default, |said| said.parse().unwrap())
}

/// A server, and whoever asks it things: each time from another address.
struct House {
    server: Server,
    client: reqwest::Client,
    asked: AtomicU16,
}

impl House {
    async fn ask(
        &self,
        method: &str,
        path: &str,
        proof: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = self.server.at(&format!("/api/v1{path}"));
        let (name, address) = from_address(self.asked.fetch_add(1, Ordering::Relaxed));
        let request = self.client.request(method.parse().unwrap(), url);
        let mut request = request.header(name, address).header("authorization", proof);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await;
        let response = response.unwrap_or_else(|error| panic!("{error:?}: {}", self.server.log()));
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap();
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        )
    }

    /// How long one call takes, which must be answered like this.
    async fn time(&self, call: &Call, email: &str) -> Duration {
        let (method, path, proof, body) = (call.request)(email);
        let began = Instant::now();
        let (status, answer) = self.ask(method, &path, &proof, body).await;
        let took = began.elapsed();
        assert_eq!(status, call.status, "{path}: {answer}");
        took
    }
}

type Request = (&'static str, String, String, Option<Value>);

struct Call {
    name: &'static str,
    status: u16,
    request: fn(&str) -> Request,
}

const CALLS: [Call; 4] = [
    Call {
        name: "Send OTP",
        status: 201,
        request: |email| {
            let path = format!("/users/{email}/otp/CHANGE_PASSWORD");
            ("POST", path, PUBLIC.to_owned(), None)
        },
    },
    Call {
        name: "Activate, wrong code",
        status: 401,
        request: |email| {
            let body = json!({"code": "000001"});
            (
                "POST",
                format!("/users/{email}/activate"),
                PUBLIC.to_owned(),
                Some(body),
            )
        },
    },
    Call {
        name: "Change Password, wrong code",
        status: 401,
        request: |email| {
            let body = json!({"code": "000001", "password": "seven mossy kettles"});
            (
                "PATCH",
                format!("/users/{email}/password"),
                PUBLIC.to_owned(),
                Some(body),
            )
        },
    },
    Call {
        name: "Login, wrong password",
        status: 401,
        request: |email| {
            (
                "POST",
                "/auth/session".to_owned(),
                basic(email, "a wrong guess"),
                None,
            )
        },
    },
];

fn basic(email: &str, password: &str) -> String {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{email}:{password}"));
    format!("Basic {pair}")
}

fn known(number: usize) -> String {
    format!("known{number:05}@example.org")
}

fn unknown(number: usize) -> String {
    format!("other{number:05}@example.org")
}

async fn measure(name: &str, url: &str, folder: &Folder) {
    let samples = setting("CLARA_BENCH_SAMPLES", 2_000);
    let settings = [
        ("CLARA_DATABASE_URL", url),
        ("CLARA_SECRET_KEY", "a root secret of this bench 0123456789"),
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        (
            "CLARA_PRIVATE_API_KEY",
            "private-key-of-this-bench-012345678",
        ),
        ("CLARA_HIDE_ACCOUNTS", "true"),
        ("CLARA_WORKERS", "0"),
    ];
    let house = House {
        server: Server::start(folder, &settings),
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        asked: AtomicU16::new(0),
    };
    let store = Store::open(StoreOptions::new(url)).await.unwrap();
    let hash = hash();
    for number in 0..samples + WARM_UP {
        make_account(&store, &known(number), &hash).await;
    }
    println!(
        "\n{name}, {samples} addresses with an account and {samples} without, in random order:\n"
    );
    println!("| call | with: median | without: median | differ by | p of the rank test | |");
    println!("|---|---|---|---|---|---|");
    for call in &CALLS {
        quiet(&store).await;
        let (with, without) = times(&house, call, samples).await;
        let p = rank_test(&with, &without);
        let (with, without) = (median(with), median(without));
        let verdict = if p < SIGNIFICANT {
            "told apart"
        } else {
            "not told apart"
        };
        println!(
            "| {} | {:.3} ms | {:.3} ms | {:+.2} % | {p:.3} | {verdict} |",
            call.name,
            with * 1000.0,
            without * 1000.0,
            (with / without - 1.0) * 100.0,
        );
        let (apart, least) = ((with - without).abs(), with.min(without));
        let is_near = apart < 0.003 && apart < 0.05 * least;
        assert!(is_near, "{}: the medians differ", call.name);
    }
    quiet(&store).await;
    let seconds = Duration::from_secs(setting("CLARA_BENCH_SECONDS", 10) as u64);
    sign_ins(Arc::new(house), samples, seconds).await;
    store.close().await;
}

/// Waits until no mail is left to be sent.
async fn quiet(store: &Store) {
    while store.waiting_mails(SystemClock.now()).await.unwrap().0 > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The times of a call in seconds: of addresses with an account, and of those without.
async fn times(house: &House, call: &Call, samples: usize) -> (Vec<f64>, Vec<f64>) {
    let mut addresses: Vec<(bool, String)> = (0..samples)
        .flat_map(|number| [(true, known(number)), (false, unknown(number))])
        .collect();
    for last in (1..addresses.len()).rev() {
        let chosen = SystemRandomness.below(u32::try_from(last + 1).unwrap());
        addresses.swap(last, chosen as usize);
    }
    for number in samples..samples + WARM_UP {
        house.time(call, &known(number)).await;
        house.time(call, &unknown(number)).await;
    }
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for (has_account, email) in addresses {
        let took = house.time(call, &email).await.as_secs_f64();
        if has_account {
            with.push(took);
        } else {
            without.push(took);
        }
    }
    (with, without)
}

/// Sign-ins a second of many at once, and how long others wait for a call meanwhile.
async fn sign_ins(house: Arc<House>, accounts: usize, lasting: Duration) {
    let (_, answer) = house
        .ask("POST", "/auth/session", &basic(&known(0), PASSWORD), None)
        .await;
    let path = format!("/users/{}", answer["data"]["id"].as_str().unwrap());
    let session = format!("Bearer {}", answer["data"]["token"].as_str().unwrap());
    let alone = views(&house, &path, &session, lasting / 5).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (house, is_over) = (house.clone(), is_over.clone());
            tokio::spawn(async move {
                let mut done = 0_u32;
                while !is_over.load(Ordering::Relaxed) {
                    let account = known((client + done as usize * CLIENTS) % accounts);
                    let proof = basic(&account, PASSWORD);
                    let (status, answer) = house.ask("POST", "/auth/session", &proof, None).await;
                    assert_eq!(status, 200, "{answer}");
                    done += 1;
                }
                done
            })
        })
        .collect();
    let began = Instant::now();
    let meanwhile = views(&house, &path, &session, lasting).await;
    is_over.store(true, Ordering::Relaxed);
    let took = began.elapsed();
    let mut done = 0;
    for client in clients {
        done += client.await.unwrap();
    }
    let rate = f64::from(done) / took.as_secs_f64();
    println!("\n{rate:.1} sign-ins a second, {CLIENTS} at once.");
    for (when, times) in [("alone", alone), ("meanwhile", meanwhile)] {
        let p99 = share(times.clone(), 99) * 1000.0;
        println!(
            "user_view {when}: median {:.2} ms, p99 {p99:.2} ms",
            median(times) * 1000.0
        );
    }
}

/// The times of calls that sign nobody in, a hundred a second.
async fn views(house: &House, path: &str, session: &str, lasting: Duration) -> Vec<f64> {
    let mut times = Vec::new();
    let began = Instant::now();
    while began.elapsed() < lasting {
        let asked = Instant::now();
        let (status, answer) = house.ask("GET", path, session, None).await;
        assert_eq!(status, 200, "{answer}");
        times.push(asked.elapsed().as_secs_f64());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    times
}

fn hash() -> String {
    let parameters = Params::new(19_456, 2, 1, Some(32)).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let hash: PasswordHash = argon2
        .hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16])
        .unwrap();
    hash.to_string()
}

/// An account that waits for its activation, with a code that lives.
async fn make_account(store: &Store, email: &str, hash: &str) {
    let now = SystemClock.now();
    let id = UserId::random(&SystemRandomness);
    let registration = Registration {
        user: NewUser {
            id: id.clone(),
            email: email.parse().unwrap(),
            first_name: None,
            last_name: None,
            password_hash: Some(hash.to_owned()),
            is_active: false,
            created_at: now,
        },
        session: NewSession {
            id: SessionId::random(&SystemRandomness),
            user_id: id.clone(),
            created_at: now,
            expires_at: now.after(Duration::from_hours(1)),
            at_most: 50,
            address: None,
            face: "rest",
            proven_at: None,
        },
        code: NewCode {
            id: CodeId::random(&SystemRandomness),
            user_id: id.clone(),
            purpose: CodePurpose::Activation,
            digest: "0".repeat(64),
            created_at: now,
            expires_at: now.after(Duration::from_hours(1)),
        },
        // Too late to be sent: no mail is in the way of what is measured.
        mail: NewMail {
            id: format!("mail_{id}"),
            user_id: Some(id.clone()),
            kind: "code_activation".to_owned(),
            recipient: email.to_owned(),
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            created_at: now,
            good_until: Some(Timestamp(0)),
        },
        audit: AuditEntry {
            at: now,
            user_id: Some(id),
            event: AuditEvent::Registered,
            good: true,
            origin: Origin::inside("bench"),
            details: json!({}),
        },
        replace_before: Timestamp(0),
        seen: None,
    };
    store.register(&registration).await.unwrap().unwrap();
}
