//! The rules of the house: accounts, codes, sessions, keys, the books, analyses and mails. Services stand on the store
//! and on adapters; they know no JSON schema, no header, no MCP.

pub mod accounts;
pub mod api_keys;
pub mod audit;
mod authenticators;
pub mod background;
pub mod backups;
pub mod billing;
pub mod call_control;
mod codes;
pub mod crypto;
pub mod exports;
mod fetch_budget;
pub mod guarding;
pub mod housekeeping;
pub mod intake;
pub mod judging;
pub mod ledger;
mod mail;
pub mod outbox;
mod owners_networks;
pub mod page_requests;
mod password_rules;
mod passwords;
pub mod queue;
mod service_deps;
pub mod sessions;
mod signup;
mod submission_keys;
pub mod tasks;
pub mod throttling;
pub mod upload_requests;
pub mod uploads;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use crate::adapters::google::Google;
use crate::adapters::mail::Mailer;
use crate::adapters::own_server::OwnServer;
pub use crate::domain::audit::Origin;
use crate::domain::clock::Clock;
use crate::domain::credits::{CreditRates, Credits};
use crate::domain::randomness::Randomness;
use crate::store::Store;
pub use api_keys::ApiToken;
pub use codes::MAX_TRIES as MAX_CODE_TRIES;
pub use crypto::tokens::{API_PREFIX, USER_PREFIX};
use service_deps::ServiceDeps;
pub use sessions::{Identity, UserToken};

/// What the services are told from outside.
pub struct Config {
    pub clock: Arc<dyn Clock>,
    pub randomness: Arc<dyn Randomness>,
    pub keys: crypto::keys::SecretKeys,
    pub session_days: u32,
    pub otp_minutes: u32,
    pub signup_credits: Credits,
    pub credit_rates: CreditRates,
    pub keep_attachments: bool,
    /// For how long a finished analysis keeps the texts of its sources, in hours.
    pub source_hours: u32,
    /// The bytes of texts, files and reports that one account may keep.
    pub max_account_bytes: u64,
    /// Calls a second and credential; `None`: no such limit, and none on calls without a credential.
    pub rate_limit: Option<NonZeroU32>,
    pub selling: billing::Selling,
    /// `None`: nobody signs in with Google.
    pub google: Option<Google>,
    pub guarding: guarding::Guarding,
    /// Where people reach this Clara.
    pub public_url: url::Url,
    /// How long ended tasks are kept, in days; `None`: as long as their account.
    pub task_retention_days: Option<NonZeroU32>,
}

/// Every service, built once. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub accounts: accounts::Accounts,
    pub sessions: sessions::Sessions,
    pub api_keys: api_keys::ApiKeys,
    pub ledger: ledger::Ledger,
    pub books: ledger::books::Books,
    pub exports: exports::Exports,
    pub tasks: tasks::Tasks,
    pub queue: queue::Queue,
    pub judging: judging::Judging,
    pub uploads: uploads::Uploads,
    pub outbox: outbox::Outbox,
    pub audit: audit::Audit,
    pub backups: backups::Backups,
    pub housekeeping: housekeeping::Housekeeping,
    pub limits: throttling::Limits,
    pub billing: billing::Billing,
    pub seals: crypto::seals::Seals,
    pub background: background::Background,
    pub page_requests: page_requests::PageRequests,
    pub upload_requests: upload_requests::UploadRequests,
    /// For `clara doctor` and health checks.
    pub store: Store,
}

impl Services {
    /// Builds every service on one store.
    pub fn new(store: Store, config: Config, mailer: Mailer) -> Self {
        let deps = Arc::new(ServiceDeps {
            store: store.clone(),
            passwords: passwords::Passwords::new(config.randomness.clone()),
            clock: config.clock,
            randomness: config.randomness,
            keys: config.keys,
            session_life: Duration::from_hours(u64::from(config.session_days) * 24),
            code_life: Duration::from_mins(u64::from(config.otp_minutes)),
            signup_credits: config.signup_credits,
            credit_rates: config.credit_rates,
            keep_attachments: config.keep_attachments,
            source_life: Duration::from_hours(u64::from(config.source_hours)),
            max_account_bytes: config.max_account_bytes,
            public_url: config.public_url,
            waiters: call_control::Waiters::default(),
            guarding: config.guarding,
        });
        let outbox = outbox::Outbox::new(deps.clone(), mailer);
        let background = background::Background::default();
        let limits = throttling::Limits::new(deps.clone(), config.rate_limit);
        let judging = judging::Judging::new(deps.clone());
        let server = OwnServer::default();
        let throttle =
            throttling::LoginThrottle::new(deps.clone(), background.clone(), outbox.clone());
        Self {
            accounts: accounts::Accounts {
                deps: deps.clone(),
                outbox: outbox.clone(),
                google: config.google,
                limits: limits.clone(),
                judging: judging.clone(),
                throttle,
            },
            sessions: sessions::Sessions(deps.clone()),
            api_keys: api_keys::ApiKeys {
                deps: deps.clone(),
                outbox: outbox.clone(),
            },
            tasks: tasks::Tasks(deps.clone()),
            queue: queue::Queue(deps.clone()),
            uploads: uploads::Uploads(deps.clone()),
            limits,
            billing: billing::Billing::new(deps.clone(), config.selling),
            seals: crypto::seals::Seals(deps.clone()),
            page_requests: page_requests::PageRequests {
                deps: deps.clone(),
                server: server.clone(),
            },
            upload_requests: upload_requests::UploadRequests {
                deps: deps.clone(),
                server,
            },
            books: ledger::books::Books(deps.clone()),
            exports: exports::Exports::new(deps.clone()),
            audit: audit::Audit(deps.clone()),
            backups: backups::Backups(deps.clone()),
            housekeeping: housekeeping::Housekeeping::new(
                deps.clone(),
                judging.clone(),
                config.task_retention_days,
            ),
            judging,
            ledger: ledger::Ledger(deps),
            outbox,
            background,
            store,
        }
    }
}
