//! Every setting of Clara: its name, flag, default, range and words, once. RawSettings values (flag, environment, `.env` file)
//! become one typed value, or one line that names the variable, what it got and what it takes. It touches no database
//! and no network; a secret's value is never repeated.

mod google;
mod guarding;
mod network;
mod stripe;
mod table;
mod values;

use std::path::PathBuf;

use secrecy::SecretString;

use crate::domain::area::Area;
use crate::domain::credits::{CreditRates, Credits};
use crate::domain::email::Email;
use crate::domain::ids::UserId;

pub use google::Google;
pub use guarding::{ADVISED_PASSWORD_MIN, BreachedPasswords, Guarding};
pub use network::Network;
pub use stripe::Stripe;
pub use table::{SETTINGS, Setting};
pub use values::{RawSettings, SettingsError, expand_home};
use values::{file_url, setting_path};

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
    /// How accounts are guarded.
    pub guarding: Guarding,
    /// What `clara serve` needs.
    pub network: Network,
    pub log: String,
    pub log_json: bool,
}

/// Whether the process that reads attachments must be confined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confinement {
    Required,
    /// What it reads is the operator's own.
    WherePossible,
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
    /// Checks what was said.
    pub fn read(said: &RawSettings) -> Result<Self, SettingsError> {
        let data_dir = said
            .path("DATA_DIR")?
            .or_else(default_data_dir)
            .ok_or_else(|| {
                SettingsError::new(
                    "DATA_DIR",
                    "is not set and this system names no folder for data; set it to one",
                )
            })?;
        let database = database(said, &data_dir)?;
        let user_id = said.parsed::<UserId>("USER_ID")?;
        let api_key_token = said.secret("API_KEY_TOKEN");
        if user_id.is_some() && api_key_token.is_none() {
            return Err(SettingsError::new(
                "USER_ID",
                "is set without API_KEY_TOKEN; set both, or neither",
            ));
        }
        let local_account = match said.text("LOCAL_ACCOUNT").as_str() {
            "none" => None,
            _ => said.parsed::<Email>("LOCAL_ACCOUNT")?,
        };
        let settings = Self {
            user_id,
            api_key_token,
            local_account,
            local_credits: Credits::whole(said.number("LOCAL_CREDITS", 0, 1_000_000_000)?),
            toolsets: toolsets(said)?,
            workers: workers(said)?,
            auto_migrate: said.switch("AUTO_MIGRATE")?,
            secret_key: root_secret(said, "SECRET_KEY")?,
            secret_key_previous: root_secret(said, "SECRET_KEY_PREVIOUS")?,
            public_api_key: deployment_key(said, "PUBLIC_API_KEY")?,
            private_api_key: deployment_key(said, "PRIVATE_API_KEY")?,
            session_expiry_in_days: said.number("SESSION_EXPIRY_IN_DAYS", 1, 30)?,
            otp_expiry_in_minutes: said.number("OTP_EXPIRY_IN_MINUTES", 1, 10)?,
            mail_url: mail_url(said)?,
            mail_from: mail_from(said)?,
            mail_ca: said.path("MAIL_CA")?,
            task_retention_days: std::num::NonZeroU32::new(said.number(
                "TASK_RETENTION_DAYS",
                0,
                36_500,
            )?),
            signup_credits: Credits::whole(said.number("SIGNUP_CREDITS", 0, 1_000_000)?),
            analysis_credits: Credits::whole(said.number("ANALYSIS_CREDITS", 0, 1_000_000)?),
            credit_rates: said.required("CREDIT_RATES")?,
            evidence_sources: evidence_sources(said)?,
            keep_attachments: said.switch("KEEP_ATTACHMENTS")?,
            confinement: if said.switch("ALLOW_UNCONFINED")? {
                Confinement::WherePossible
            } else {
                Confinement::Required
            },
            max_account_bytes: said.number("MAX_ACCOUNT_MB", 1, 1_000_000_u64)? * 1_000_000,
            attachment_roots: said.path_list("ATTACHMENT_ROOTS")?,
            max_attachment_bytes: said.number::<u64>("MAX_ATTACHMENT_MB", 1, 100)? * 1_000_000,
            max_request_bytes: said.number::<u64>("MAX_REQUEST_MB", 1, 1_000)? * 1_000_000,
            stripe: Stripe::read(said)?,
            google: Google::read(said)?,
            guarding: Guarding::read(said)?,
            network: Network::read(said)?,
            log: said.text("LOG"),
            log_json: said.choice("LOG_FORMAT", &["text", "json"])? == "json",
            data_dir,
            database,
        };
        said.choice("ANALYSIS_ENGINE", &["builtin"])?;
        let same_keys = match (&settings.public_api_key, &settings.private_api_key) {
            (Some(public), Some(private)) => {
                use secrecy::ExposeSecret as _;
                public.expose_secret() == private.expose_secret()
            }
            _ => false,
        };
        if same_keys {
            return Err(SettingsError::new(
                "PRIVATE_API_KEY",
                "must differ from PUBLIC_API_KEY",
            ));
        }
        Ok(settings)
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

fn database(said: &RawSettings, data_dir: &std::path::Path) -> Result<DatabaseUrl, SettingsError> {
    let takes = "takes `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`";
    let Some(url) = said.secret("DATABASE_URL") else {
        return Ok(DatabaseUrl::Sqlite(data_dir.join("clara.db")));
    };
    let raw = secrecy::ExposeSecret::expose_secret(&url);
    if let Some(path) = raw
        .strip_prefix("sqlite://")
        .or_else(|| raw.strip_prefix("sqlite:"))
    {
        if path.is_empty() {
            return Err(SettingsError::new("DATABASE_URL", takes));
        }
        return Ok(DatabaseUrl::Sqlite(setting_path("DATABASE_URL", path)?));
    }
    let postgres = raw.starts_with("postgres://") || raw.starts_with("postgresql://");
    if !postgres || url::Url::parse(raw).is_err() {
        return Err(SettingsError::new("DATABASE_URL", takes));
    }
    for needed in ["SECRET_KEY", "PUBLIC_API_KEY", "PRIVATE_API_KEY"] {
        if said.secret(needed).is_none() {
            let problem = "is required with PostgreSQL, the same on every machine: at least 32 random characters";
            return Err(SettingsError::new(needed, problem));
        }
    }
    Ok(DatabaseUrl::Postgres(url))
}

fn root_secret(
    said: &RawSettings,
    name: &'static str,
) -> Result<Option<SecretString>, SettingsError> {
    let secret = said.secret(name);
    match &secret {
        Some(value) if secrecy::ExposeSecret::expose_secret(value).len() < 32 => Err(
            SettingsError::new(name, "is too short: takes at least 32 random bytes"),
        ),
        _ => Ok(secret),
    }
}

fn deployment_key(
    said: &RawSettings,
    name: &'static str,
) -> Result<Option<SecretString>, SettingsError> {
    let secret = said.secret(name);
    match &secret {
        Some(value) if secrecy::ExposeSecret::expose_secret(value).trim().len() < 32 => Err(
            SettingsError::new(name, "is too short: takes at least 32 random characters"),
        ),
        _ => Ok(secret),
    }
}

fn mail_url(said: &RawSettings) -> Result<Option<SecretString>, SettingsError> {
    let Some(url) = said.secret("MAIL_URL") else {
        return Ok(None);
    };
    let raw = secrecy::ExposeSecret::expose_secret(&url);
    let url = match file_url("MAIL_URL", raw)? {
        Some(expanded) => expanded.into(),
        None => url.clone(),
    };
    let raw = secrecy::ExposeSecret::expose_secret(&url);
    let known = ["file://", "smtp://", "smtps://"]
        .iter()
        .any(|scheme| raw.starts_with(scheme));
    if known && url::Url::parse(raw).is_ok() {
        Ok(Some(url))
    } else {
        Err(SettingsError::new(
            "MAIL_URL",
            "takes `smtp://`, `smtps://` (user and password in it), or `file:///FOLDER`",
        ))
    }
}

fn mail_from(said: &RawSettings) -> Result<String, SettingsError> {
    let raw = said.text("MAIL_FROM");
    match raw.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(raw),
        Err(_) => Err(SettingsError::got(
            "MAIL_FROM",
            &raw,
            "takes an address such as `Clara <noreply@example.org>`",
        )),
    }
}

fn toolsets(said: &RawSettings) -> Result<Vec<Area>, SettingsError> {
    let raw = said.text("TOOLSETS");
    if raw == "all" {
        return Ok(Area::ALL.to_vec());
    }
    let area = |name: &str| {
        Area::ALL
            .into_iter()
            .find(|area| area.name() == name.trim())
    };
    let areas: Option<Vec<Area>> = raw.split(',').map(area).collect();
    areas.ok_or_else(|| {
        let names: Vec<&str> = Area::ALL.iter().map(|area| area.name()).collect();
        SettingsError::got(
            "TOOLSETS",
            &raw,
            &format!(
                "takes `all`, or some of {}, comma-separated",
                names.join(", ")
            ),
        )
    })
}

fn workers(said: &RawSettings) -> Result<usize, SettingsError> {
    if said.is_missing("WORKERS") {
        return Ok(std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    }
    said.number("WORKERS", 0, 256)
}

/// The sources that `runtime.md` names; those that this version cannot ask are named in each report's limits.
const EVIDENCE_SOURCES: [&str; 11] = [
    "none",
    "wikipedia",
    "wikidata",
    "searxng",
    "brave",
    "tavily",
    "factcheck",
    "crossref",
    "openalex",
    "pubmed",
    "folder",
];

fn evidence_sources(said: &RawSettings) -> Result<Vec<String>, SettingsError> {
    let raw = said.text("EVIDENCE_SOURCES");
    let mut sources = Vec::new();
    for part in raw.split(',').map(str::trim) {
        let name = part.split('=').next().unwrap_or_default();
        if !EVIDENCE_SOURCES.contains(&name) {
            let takes = format!(
                "takes some of {}, comma-separated",
                EVIDENCE_SOURCES.join(", ")
            );
            return Err(SettingsError::got("EVIDENCE_SOURCES", name, &takes));
        }
        if name != "none" {
            sources.push(name.to_owned());
        }
    }
    Ok(sources)
}

#[cfg(test)]
mod tests;
