//! The context: builds everything from the settings, once, and hands it to operations, worker and faces.
//! Nothing else constructs services. A start that cannot go on says why in one line.

mod engines;
mod hearing;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use crate::adapters::breached::BreachedPasswords;
use crate::adapters::files::{Files, default_roots};
use crate::adapters::google::{self, Google};
use crate::adapters::mail::Mailer;
use crate::adapters::stripe::{Stripe, StripeTimeouts};
use crate::adapters::web::Web;
use crate::analysis::Engines;
use crate::analysis::attachments::{Extractor, Ffmpeg, OcrTools};
use crate::data_dir;
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::randomness::{Randomness, SystemRandomness};
use crate::services::billing::Selling;
use crate::services::crypto::keys::SecretKeys;
use crate::services::guarding::Guarding;
use crate::services::intake::Intake;
use crate::services::{Config, Services};
use crate::settings::{self, Confinement, DatabaseUrl, Settings};
use crate::store::{Store, StoreOptions};

/// Everything a running Clara is made of.
pub struct Context {
    pub settings: Settings,
    pub services: Services,
    pub intake: Intake,
    pub extractor: Extractor,
    /// Who judges claims.
    pub engines: Engines,
    pub clock: Arc<dyn Clock>,
    pub randomness: Arc<dyn Randomness>,
    serves_at: OnceLock<String>,
    public_api_key: SecretString,
    private_api_key: SecretString,
}

/// What a start takes from outside the settings: time, randomness, and test hooks.
pub struct RuntimeOptions {
    pub clock: Arc<dyn Clock>,
    pub randomness: Arc<dyn Randomness>,
    /// The program whose `extract` command reads attachments: this one, save in tests.
    pub extractor_program: PathBuf,
    /// Where programs of other makers are looked for that read pictures and hear recordings, written as `PATH` is.
    pub search_path: Option<OsString>,
    /// Aborts the process at the n-th statement that the store sends; for crash tests.
    pub abort_at_statement: Option<u64>,
    /// Moves the time that leases are judged by, so that tests need not wait for one to run out.
    pub leases_advanced_by: Duration,
    /// How long Stripe is waited for; shorter in tests.
    pub stripe_timeouts: StripeTimeouts,
}

impl RuntimeOptions {
    /// The machine's clock and randomness, and this very program.
    pub fn of_this_process() -> Result<Self, StartError> {
        let program = std::env::current_exe()
            .map_err(|error| StartError(format!("cannot find this program: {error}")))?;
        Ok(Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            extractor_program: program,
            search_path: std::env::var_os("PATH"),
            abort_at_statement: None,
            leases_advanced_by: Duration::ZERO,
            stripe_timeouts: StripeTimeouts::default(),
        })
    }
}

/// Why Clara did not start, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);

impl StartError {
    fn from(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl Context {
    /// Opens the store (bringing it up to date unless told not to) and builds the services on it.
    pub async fn start(
        settings: Settings,
        surroundings: RuntimeOptions,
    ) -> Result<Self, StartError> {
        let RuntimeOptions {
            clock,
            randomness,
            extractor_program,
            search_path,
            abort_at_statement,
            leases_advanced_by,
            stripe_timeouts,
        } = surroundings;
        data_dir::prepare(&settings.data_dir).map_err(StartError::from)?;
        let (secret_key, public_api_key, private_api_key) =
            secrets(&settings, randomness.as_ref())?;
        let url = match &settings.database {
            DatabaseUrl::Sqlite(path) => sqlite_url(path),
            DatabaseUrl::Postgres(url) => url.expose_secret().to_owned(),
        };
        let options = StoreOptions {
            auto_migrate: settings.auto_migrate,
            abort_at_statement,
            ..StoreOptions::new(url)
        };
        let store = Store::open(options).await.map_err(StartError::from)?;
        store.advance_leases(leases_advanced_by);
        let outbox = format!("file://{}", settings.data_dir.join("outbox").display());
        let mail_url = settings
            .mail_url
            .as_ref()
            .map_or(outbox.as_str(), |url| url.expose_secret());
        let mut mailer = Mailer::new(mail_url, &settings.mail_from).map_err(StartError::from)?;
        if let Some(path) = &settings.mail_ca {
            let roots = std::fs::read(path).map_err(|error| {
                StartError(format!("CLARA_MAIL_CA: {}: {error}", path.display()))
            })?;
            mailer = mailer.trusting(&roots).map_err(StartError::from)?;
        }
        let previous = settings
            .secret_key_previous
            .as_ref()
            .map(|key| key.expose_secret().as_bytes());
        let keys = SecretKeys::derive(secret_key.expose_secret().as_bytes(), previous)
            .map_err(StartError::from)?;
        let configuration = Config {
            clock: clock.clone(),
            randomness: randomness.clone(),
            keys,
            session_days: settings.session_expiry_in_days,
            otp_minutes: settings.otp_expiry_in_minutes,
            signup_credits: settings.signup_credits,
            credit_rates: settings.credit_rates.clone(),
            keep_attachments: settings.keep_attachments,
            source_hours: settings.source_hours,
            max_account_bytes: settings.max_account_bytes,
            rate_limit: settings.network.rate_limit,
            selling: selling(&settings, stripe_timeouts)?,
            google: google(&settings, &clock),
            guarding: guarding(&settings),
            public_url: public_url(&settings)?,
            task_retention_days: settings.task_retention_days,
        };
        let files = files(&settings);
        let engines = engines::engines(&settings, &randomness)?;
        let hearing = hearing::hearing(&settings, &randomness, search_path.as_deref());
        Ok(Self {
            services: Services::new(store, configuration, mailer),
            intake: Intake::new(
                files,
                Web::new(),
                settings.data_dir.clone(),
                settings.max_attachment_bytes,
            ),
            extractor: Extractor::new(extractor_program)
                .with_unconfined(settings.confinement == Confinement::WherePossible)
                .with_ocr(OcrTools::find(search_path.as_deref()))
                .with_hearing(hearing)
                .with_ffmpeg(Ffmpeg::find(search_path.as_deref())),
            engines,
            clock,
            randomness,
            serves_at: OnceLock::new(),
            public_api_key,
            private_api_key,
            settings,
        })
    }

    /// Closes the store, waiting for what is under way.
    pub async fn close(&self) {
        self.services.background.finish().await;
        self.services.store.close().await;
    }

    /// Notes where this process serves its pages, once its listener is bound.
    pub fn serves_at(&self, url: &str) {
        let _ = self.serves_at.set(url.to_owned());
    }

    /// Where people find our pages, without a slash at its end; `None` where nobody said so and this process serves none.
    pub fn pages_url(&self) -> Option<&str> {
        let said = || self.settings.network.public_url.as_ref();
        let here = self.serves_at.get().map(String::as_str);
        here.or_else(|| said().map(|url| url.as_str().trim_end_matches('/')))
    }

    /// The front end's key.
    pub fn public_api_key(&self) -> &SecretString {
        &self.public_api_key
    }

    /// The operator's key.
    pub fn private_api_key(&self) -> &SecretString {
        &self.private_api_key
    }
}

/// What an address gives a meaning of its own to is escaped.
fn sqlite_url(path: &std::path::Path) -> String {
    let escaped = path
        .display()
        .to_string()
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    format!("sqlite://{escaped}")
}

/// Where people reach this Clara: as it was said, or the address that it listens on.
fn public_url(settings: &Settings) -> Result<url::Url, StartError> {
    let network = &settings.network;
    match &network.public_url {
        Some(url) => Ok(url.clone()),
        None => url::Url::parse(&format!("http://{}", network.listen_address()))
            .map_err(StartError::from),
    }
}

/// What is sold, through whom, and where people come back to.
fn selling(settings: &Settings, timeouts: StripeTimeouts) -> Result<Selling, StartError> {
    let network = &settings.network;
    let client_url = match &network.client_url {
        Some(url) => url.clone(),
        None => public_url(settings)?,
    };
    let said = &settings.stripe;
    let stripe = said
        .secret_key
        .as_ref()
        .map(|key| Stripe::new(key, said.api_base.as_ref(), timeouts))
        .transpose()
        .map_err(StartError::from)?;
    let rates = 0..settings.credit_rates.all().len();
    Ok(Selling {
        stripe,
        is_live: said.is_live(),
        prices: rates
            .filter_map(|rate| said.price_id(rate).map(str::to_owned))
            .collect(),
        webhook_secrets: said.webhook_secrets.clone(),
        return_url: said
            .return_url
            .clone()
            .unwrap_or_else(|| client_url.clone()),
        client_url,
    })
}

/// Google's sign-in, where there is a client that tokens are made for.
fn google(settings: &Settings, clock: &Arc<dyn Clock>) -> Option<Google> {
    let said = &settings.google;
    let timeouts = google::GoogleTimeouts::default();
    (!said.client_ids.is_empty()).then(|| {
        Google::new(
            &said.client_ids,
            said.jwks_url.clone(),
            clock.clone(),
            timeouts,
        )
    })
}

/// How accounts are guarded. No password may be made of the name under which this server is known.
fn guarding(settings: &Settings) -> Guarding {
    let said = &settings.guarding;
    let host = settings.network.public_url.as_ref();
    let breached = match &said.breached_passwords {
        settings::BreachedPasswords::Off => BreachedPasswords::Off,
        settings::BreachedPasswords::File(path) => BreachedPasswords::File(path.clone()),
        settings::BreachedPasswords::Service(base) => BreachedPasswords::service(base.clone()),
    };
    Guarding::new(
        said.password_min,
        host.and_then(url::Url::host_str),
        breached,
        said.hides_accounts,
    )
}

/// The folders that local clients may name files in.
fn files(settings: &Settings) -> Files {
    let home = etcetera::home_dir().ok();
    // Without a working directory, relative paths lead nowhere, which is all that can be done about them.
    let working = std::env::current_dir().unwrap_or_default();
    let roots = settings.attachment_roots.clone();
    let roots = roots.unwrap_or_else(|| default_roots(home.as_deref(), &working));
    Files::new(
        &roots,
        home,
        working,
        &settings.data_dir,
        settings.max_attachment_bytes / 1_000_000,
    )
}

/// RawSettings secrets win; what was not said is generated, which the settings allow for the embedded database only.
fn secrets(
    settings: &Settings,
    randomness: &dyn Randomness,
) -> Result<(SecretString, SecretString, SecretString), StartError> {
    if let (Some(secret), Some(public), Some(private)) = (
        &settings.secret_key,
        &settings.public_api_key,
        &settings.private_api_key,
    ) {
        return Ok((secret.clone(), public.clone(), private.clone()));
    }
    let generated = data_dir::secrets(&settings.data_dir, randomness).map_err(StartError::from)?;
    Ok((
        settings.secret_key.clone().unwrap_or(generated.secret_key),
        settings
            .public_api_key
            .clone()
            .unwrap_or(generated.public_api_key),
        settings
            .private_api_key
            .clone()
            .unwrap_or(generated.private_api_key),
    ))
}
