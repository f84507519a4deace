//! A world a test, for every binary whose tests run on both databases: a database of its own, a clock that is pushed by
//! hand, a directory for mails, and the services.
//! PostgreSQL is at `TEST_DATABASE_URL` or 127.0.0.1:5432; without it its tests are skipped, and one line says so.

pub use crate::cases;
use crate::mailbox;
pub use crate::mailbox::newest_code_in;
use crate::postgres::{self, Server};

use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use clara::adapters::google::Google;
use clara::adapters::mail::Mailer;
use clara::domain::clock::{ManualClock, Timestamp};
use clara::domain::code::OtpCode;
use clara::domain::credits::Credits;
use clara::domain::email::Email;
use clara::domain::password::Password;
use clara::domain::randomness::SeededRandomness;
use clara::domain::user::User;
use clara::services::accounts::{NewAccount, SignedIn};
use clara::services::billing::Selling;
use clara::services::crypto::keys::SecretKeys;
use clara::services::guarding::Guarding;
use clara::services::{Config, Origin, Services};
use clara::store::{Store, StoreOptions};
use libtest_mimic::{Arguments, Trial};

pub const START: Timestamp = Timestamp(1_764_201_600_000);
pub const PASSWORD: &str = "correct horse: battery";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub type Body = fn(World) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// A test that runs on both databases.
pub struct Case {
    pub name: &'static str,
    pub body: Body,
}

/// Lists a module's tests.
#[macro_export]
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        pub fn cases() -> Vec<$crate::worlds::Case> {
            vec![$($crate::worlds::Case {
                name: concat!(module_path!(), "::", stringify!($name)),
                body: |world| Box::pin($name(world)),
            }),*]
        }
    };
}

static RAN_ON_SQLITE: AtomicU32 = AtomicU32::new(0);
static RAN_ON_POSTGRES: AtomicU32 = AtomicU32::new(0);
static SEED: AtomicU64 = AtomicU64::new(1);

/// Runs each case on both databases, and `more` as they are.
pub fn run(cases: Vec<Case>, more: Vec<Trial>) -> ExitCode {
    let arguments = Arguments::from_args();
    let runtime = runtime();
    let server = runtime.block_on(Server::find());
    if server.is_none() && !arguments.list {
        if std::env::var("REQUIRE_POSTGRES").is_ok_and(|value| value == "1") {
            eprintln!(
                "REQUIRE_POSTGRES=1, but no PostgreSQL answers at {}",
                postgres::server_url()
            );
            return ExitCode::FAILURE;
        }
        eprintln!(
            "no PostgreSQL answers at {}: its tests are skipped",
            postgres::server_url()
        );
    }
    let server = server.map(Arc::new);
    let mut trials = more;
    for Case { name, body } in cases {
        let name = name.split_once("::").map_or(name, |(_, name)| name);
        trials.push(Trial::test(format!("{name}::sqlite"), move || {
            RAN_ON_SQLITE.fetch_add(1, Ordering::SeqCst);
            on_sqlite(body);
            Ok(())
        }));
        if let Some(server) = server.clone() {
            trials.push(Trial::test(format!("{name}::postgres"), move || {
                RAN_ON_POSTGRES.fetch_add(1, Ordering::SeqCst);
                on_postgres(&server, body);
                Ok(())
            }));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if let Some(server) = server {
        runtime.block_on(server.clean_up());
    }
    if !arguments.list {
        println!(
            "ran {} tests on SQLite, {} on PostgreSQL",
            RAN_ON_SQLITE.load(Ordering::SeqCst),
            RAN_ON_POSTGRES.load(Ordering::SeqCst)
        );
    }
    conclusion.exit_code()
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// In memory where there is such a place: tests kill processes, not machines, so nothing needs to wait for a disk.
fn directory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

fn on_sqlite(body: Body) {
    let directory = directory();
    let url = format!("sqlite://{}/clara.db", directory.path().display());
    runtime().block_on(live(Engine::Sqlite, url, directory, body));
}

fn on_postgres(server: &Server, body: Body) {
    let runtime = runtime();
    let url = runtime.block_on(server.make_database());
    let directory = directory();
    runtime.block_on(live(Engine::Postgres, url, directory, body));
}

async fn live(engine: Engine, url: String, directory: tempfile::TempDir, body: Body) {
    let clock = Arc::new(ManualClock::new(START));
    let store = Store::open(StoreOptions::new(url.clone())).await.unwrap();
    let directory = Arc::new(directory);
    let world = World {
        engine,
        url,
        services: services(&store, &clock, &directory),
        store: store.clone(),
        clock,
        directory: directory.clone(),
    };
    let is_soak = std::env::vars().any(|(name, _)| name.starts_with("CLARA_SOAK_"));
    let timeout = Duration::from_mins(if is_soak { 180 } else { 2 });
    tokio::time::timeout(timeout, body(world))
        .await
        .expect("a test takes less than two minutes");
    let discrepancies = store.discrepancies().await.unwrap();
    assert!(
        discrepancies.is_empty(),
        "the books are out: {discrepancies:?}"
    );
    store.close().await;
}

fn services(store: &Store, clock: &Arc<ManualClock>, directory: &tempfile::TempDir) -> Services {
    let seed = SEED.fetch_add(1, Ordering::SeqCst);
    let mailer = mails_into(directory.path());
    Services::new(store.clone(), config(clock, seed), mailer)
}

pub fn services_with(
    store: &Store,
    clock: &Arc<ManualClock>,
    directory: &std::path::Path,
    seed: u64,
    selling: Selling,
) -> Services {
    let config = Config {
        selling,
        ..config(clock, seed)
    };
    Services::new(store.clone(), config, mails_into(directory))
}

fn mails_into(directory: &std::path::Path) -> Mailer {
    let mail_url = format!("file://{}/outbox", directory.display());
    Mailer::new(&mail_url, "Clara <noreply@localhost>").unwrap()
}

fn config(clock: &Arc<ManualClock>, seed: u64) -> Config {
    Config {
        clock: clock.clone(),
        randomness: Arc::new(SeededRandomness::new(seed)),
        keys: SecretKeys::derive(&[42; 32], None).unwrap(),
        session_days: 7,
        otp_minutes: 10,
        signup_credits: Credits::whole(100),
        credit_rates: "5-10000:100".parse().unwrap(),
        keep_attachments: false,
        source_hours: 24,
        max_account_bytes: 50_000_000,
        rate_limit: NonZeroU32::new(10),
        selling: Selling::nothing("https://client.example".parse().unwrap()),
        google: None,
        guarding: Guarding::default(),
        public_url: "https://clara.example".parse().unwrap(),
        task_retention_days: None,
    }
}

/// All a test needs.
#[derive(Clone)]
pub struct World {
    pub engine: Engine,
    pub url: String,
    pub store: Store,
    pub services: Services,
    pub clock: Arc<ManualClock>,
    pub directory: Arc<tempfile::TempDir>,
}

impl World {
    /// The same world, in which credits are sold like this.
    pub fn selling(&self, selling: Selling) -> World {
        self.otherwise(|config| config.selling = selling)
    }

    /// The same world, in which people sign in with Google.
    pub fn with_google(&self, google: Google) -> World {
        self.otherwise(|config| config.google = Some(google))
    }

    /// The same world, in which accounts are guarded like this.
    pub fn guarding(&self, guarding: Guarding) -> World {
        self.otherwise(|config| config.guarding = guarding)
    }

    /// The same world under another secret key, and with one before it where one is said. A world's own is 42.
    pub fn under(&self, key: u8, previous: Option<u8>) -> World {
        let previous = previous.map(|byte| [byte; 32]);
        let previous = previous.as_ref().map(<[u8; 32]>::as_slice);
        let keys = SecretKeys::derive(&[key; 32], previous).unwrap();
        self.otherwise(|config| config.keys = keys)
    }

    /// The same world, in which mails leave like this.
    pub fn mailing(&self, mailer: Mailer) -> World {
        let config = config(&self.clock, SEED.fetch_add(1, Ordering::SeqCst));
        World {
            services: Services::new(self.store.clone(), config, mailer),
            ..self.clone()
        }
    }

    fn otherwise(&self, change: impl FnOnce(&mut Config)) -> World {
        let mut config = config(&self.clock, SEED.fetch_add(1, Ordering::SeqCst));
        change(&mut config);
        let mailer = mails_into(self.directory.path());
        World {
            services: Services::new(self.store.clone(), config, mailer),
            ..self.clone()
        }
    }

    /// The same world, in which ended tasks are kept for so many days.
    pub fn keeping_tasks_for(&self, days: u32) -> World {
        let mut world = self.clone();
        world.services.housekeeping = self
            .services
            .housekeeping
            .keeping_tasks_for(NonZeroU32::new(days));
        world
    }

    /// The same world, in which the texts of sources are kept for so many hours.
    pub fn keeping_sources_for(&self, hours: u32) -> World {
        self.otherwise(|config| config.source_hours = hours)
    }

    /// The same database as another process sees it.
    pub async fn another_process(&self) -> World {
        let store = Store::open(StoreOptions::new(self.url.clone()))
            .await
            .unwrap();
        World {
            services: services(&store, &self.clock, &self.directory),
            store,
            ..self.clone()
        }
    }

    pub async fn register(&self, email: &str) -> SignedIn {
        let new = NewAccount {
            email: email.parse().unwrap(),
            first_name: "Ada".parse().unwrap(),
            last_name: "Lovelace".parse().unwrap(),
            password: Password::new(PASSWORD.to_owned()).unwrap(),
        };
        self.services
            .accounts
            .register(new, &origin())
            .await
            .unwrap()
    }

    /// An active account with its sign-up credit.
    pub async fn active(&self, email: &str) -> User {
        self.register(email).await;
        let code = self.newest_code(email);
        let email: Email = email.parse().unwrap();
        // From a network each: one gives only so many accounts a day their credit.
        let [_, high, middle, low] = SEED.fetch_add(1, Ordering::SeqCst).to_be_bytes()[4..] else {
            unreachable!("a number has eight bytes")
        };
        let from = origin_at(&format!("10.{high}.{middle}.{low}"));
        let accounts = &self.services.accounts;
        accounts.activate(&email, &code, &from).await.unwrap()
    }

    /// The mails that left, oldest first.
    pub fn mails(&self) -> Vec<String> {
        mailbox::mails_in(self.directory.path())
    }

    /// The code in the newest mail to this address.
    pub fn newest_code(&self, email: &str) -> OtpCode {
        newest_code_in(self.directory.path(), email)
    }
}

pub fn origin() -> Origin {
    origin_at("192.0.2.7")
}

pub fn origin_at(address: &str) -> Origin {
    Origin {
        address: Some(address.to_owned()),
        face: "test",
        request_id: "req_1".into(),
        by_operator: false,
    }
}
