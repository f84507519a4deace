//! Every setting of Clara as one typed value, or one line that names the variable, what it got and what it takes. The table
//! declares each once. It touches no database and no network; a secret's value is never repeated.

mod analysis;
#[cfg(test)]
mod documents;
mod google;
mod guarding;
mod identity;
mod local_model;
mod mail;
mod models;
mod network;
mod paths;
mod setting;
mod speech;
mod stripe;
mod table;

use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};

use crate::domain::area::Area;
use crate::domain::credits::{CreditRates, Credits};
use crate::domain::email::Email;
use crate::domain::ids::UserId;

pub use analysis::Confinement;
pub use google::Google;
pub use guarding::{ADVISED_PASSWORD_MIN, BreachedPasswords, Guarding};
pub use local_model::LocalModel;
pub use models::{JudgingModel, KEY_TAKES, ModelBudget, is_key};
pub use network::Network;
pub use paths::expand_home;
pub use setting::{RawSettings, Setting, SettingsError};
pub use speech::SpeechRecogniser;
pub use stripe::Stripe;
pub use table::SETTINGS;

/// What the process was told to be, checked, before anything was opened.
#[derive(Debug, Clone)]
pub struct Settings {
    pub data_dir: PathBuf,
    pub user_id: Option<UserId>,
    pub api_key_token: Option<SecretString>,
    /// `None` where it is turned off.
    pub local_account: Option<Email>,
    pub local_credits: Credits,
    pub toolsets: Vec<Area>,
    pub workers: usize,
    pub auto_migrate: bool,
    pub database: DatabaseUrl,
    pub secret_key: Option<SecretString>,
    pub secret_key_previous: Option<SecretString>,
    pub public_api_key: Option<SecretString>,
    pub private_api_key: Option<SecretString>,
    pub session_expiry_in_days: u32,
    pub otp_expiry_in_minutes: u32,
    /// `None`: the outbox folder under the data directory.
    pub mail_url: Option<SecretString>,
    pub mail_from: String,
    /// Whom a mail server must be vouched for by; `None`: the well-known roots.
    pub mail_ca: Option<PathBuf>,
    /// How long ended tasks are kept, in days; `None`: as long as their account.
    pub task_retention_days: Option<std::num::NonZeroU32>,
    pub signup_credits: Credits,
    pub analysis_credits: Credits,
    pub credit_rates: CreditRates,
    pub evidence_sources: Vec<String>,
    pub keep_attachments: bool,
    /// How long the texts of an ended analysis' sources are kept, in hours; 0 for not at all.
    pub source_hours: u32,
    pub confinement: Confinement,
    /// The bytes of texts, files and reports that one account may keep.
    pub max_account_bytes: u64,
    /// `None`: the usual document folders.
    pub attachment_roots: Option<Vec<PathBuf>>,
    pub max_attachment_bytes: u64,
    pub max_request_bytes: u64,
    /// What selling credits needs.
    pub stripe: Stripe,
    /// What signing in with Google needs.
    pub google: Google,
    /// Who judges what the builtin engine leaves open; `None`: nobody.
    pub model: Option<JudgingModel>,
    /// A model in a folder that judges it; never together with the one above.
    pub local_model: Option<LocalModel>,
    /// Who hears recordings; `None`: nobody.
    pub speech: Option<SpeechRecogniser>,
    /// How accounts are guarded.
    pub guarding: Guarding,
    /// What `clara serve` needs.
    pub network: Network,
    pub log: String,
    pub log_json: bool,
}

/// Where the store is.
#[derive(Debug, Clone)]
pub enum DatabaseUrl {
    /// A file on this machine.
    Sqlite(PathBuf),
    /// A server; the address may hold a password.
    Postgres(SecretString),
}

impl DatabaseUrl {
    /// Whether it is the embedded one.
    pub fn is_embedded(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

impl Settings {
    /// Checks what was given.
    pub fn read(raw: &RawSettings) -> Result<Self, SettingsError> {
        let data_dir = raw.get(&table::DATA_DIR)?.or_else(default_data_dir);
        let data_dir = data_dir.ok_or_else(|| {
            table::DATA_DIR
                .problem("is not set and this system names no folder for data; set it to one")
        })?;
        let database = database(raw, &data_dir)?;
        let settings = Self {
            user_id: raw.get(&table::USER_ID)?,
            api_key_token: raw.get(&table::API_KEY_TOKEN)?,
            local_account: raw.get(&table::LOCAL_ACCOUNT)?,
            local_credits: raw.get(&table::LOCAL_CREDITS)?,
            toolsets: raw.get(&table::TOOLSETS)?,
            workers: raw.get(&table::WORKERS)?,
            auto_migrate: raw.get(&table::AUTO_MIGRATE)?,
            secret_key: raw.get(&table::SECRET_KEY)?,
            secret_key_previous: raw.get(&table::SECRET_KEY_PREVIOUS)?,
            public_api_key: raw.get(&table::PUBLIC_API_KEY)?,
            private_api_key: raw.get(&table::PRIVATE_API_KEY)?,
            session_expiry_in_days: raw.get(&table::SESSION_EXPIRY_IN_DAYS)?,
            otp_expiry_in_minutes: raw.get(&table::OTP_EXPIRY_IN_MINUTES)?,
            mail_url: raw.get(&table::MAIL_URL)?,
            mail_from: raw.get(&table::MAIL_FROM)?,
            mail_ca: raw.get(&table::MAIL_CA)?,
            task_retention_days: raw.get(&table::TASK_RETENTION_DAYS)?,
            signup_credits: raw.get(&table::SIGNUP_CREDITS)?,
            analysis_credits: raw.get(&table::ANALYSIS_CREDITS)?,
            credit_rates: raw.get(&table::CREDIT_RATES)?,
            evidence_sources: raw.get(&table::EVIDENCE_SOURCES)?,
            keep_attachments: raw.get(&table::KEEP_ATTACHMENTS)?,
            source_hours: raw.get(&table::SOURCE_HOURS)?,
            confinement: raw.get(&table::ALLOW_UNCONFINED)?,
            max_account_bytes: raw.get(&table::MAX_ACCOUNT_MB)?,
            attachment_roots: raw.get(&table::ATTACHMENT_ROOTS)?,
            max_attachment_bytes: raw.get(&table::MAX_ATTACHMENT_MB)?,
            max_request_bytes: raw.get(&table::MAX_REQUEST_MB)?,
            stripe: Stripe::read(raw)?,
            google: Google::read(raw)?,
            model: JudgingModel::read(raw)?,
            local_model: LocalModel::read(raw)?,
            speech: SpeechRecogniser::read(raw)?,
            guarding: Guarding::read(raw)?,
            network: Network::read(raw)?,
            log: raw.get(&table::LOG)?,
            log_json: raw.get(&table::LOG_FORMAT)? == "json",
            data_dir,
            database,
        };
        settings.fit_together()?;
        Ok(settings)
    }

    /// What no setting can tell alone.
    fn fit_together(&self) -> Result<(), SettingsError> {
        if self.user_id.is_some() && self.api_key_token.is_none() {
            return Err(
                table::USER_ID.problem("is set without API_KEY_TOKEN; set both, or neither")
            );
        }
        let same_keys = match (&self.public_api_key, &self.private_api_key) {
            (Some(public), Some(private)) => public.expose_secret() == private.expose_secret(),
            _ => false,
        };
        if same_keys {
            return Err(table::PRIVATE_API_KEY.problem("must differ from PUBLIC_API_KEY"));
        }
        Ok(())
    }
}

fn default_data_dir() -> Option<PathBuf> {
    use etcetera::BaseStrategy as _;
    Some(
        etcetera::base_strategy::choose_native_strategy()
            .ok()?
            .data_dir()
            .join("clara"),
    )
}

fn database(raw: &RawSettings, data_dir: &std::path::Path) -> Result<DatabaseUrl, SettingsError> {
    let takes = "takes `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`";
    let Some(url) = raw.get(&table::DATABASE_URL)? else {
        return Ok(DatabaseUrl::Sqlite(data_dir.join("clara.db")));
    };
    let address = url.expose_secret();
    if let Some(path) = address
        .strip_prefix("sqlite://")
        .or_else(|| address.strip_prefix("sqlite:"))
    {
        if path.is_empty() {
            return Err(table::DATABASE_URL.problem(takes));
        }
        let path = expand_home(std::path::Path::new(path));
        return path
            .map(DatabaseUrl::Sqlite)
            .map_err(|problem| table::DATABASE_URL.problem(problem));
    }
    let postgres = address.starts_with("postgres://") || address.starts_with("postgresql://");
    if !postgres || url::Url::parse(address).is_err() {
        return Err(table::DATABASE_URL.problem(takes));
    }
    for needed in [
        &table::SECRET_KEY,
        &table::PUBLIC_API_KEY,
        &table::PRIVATE_API_KEY,
    ] {
        if raw.is_missing(needed) {
            return Err(needed.problem(
                "is required with PostgreSQL, the same on every machine: at least 32 random characters",
            ));
        }
    }
    Ok(DatabaseUrl::Postgres(url))
}

#[cfg(test)]
mod tests;
