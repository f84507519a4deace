//! The table of settings: each is declared once, with its name, default, words, type and parser. Flags, the environment,
//! `clara help`, the README's table and `docs/settings.md` are read off it.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use ipnet::IpNet;
use secrecy::SecretString;
use url::{Origin, Url};

use super::models::ChosenEngine;
use super::setting::{Setting, Typed, plain, secret};
use super::{
    BreachedPasswords, Confinement, analysis, google, guarding, identity, local_model, mail,
    models, network, stripe,
};
use crate::domain::area::Area;
use crate::domain::credits::{CreditRates, Credits};
use crate::domain::email::Email;
use crate::domain::ids::UserId;
use crate::domain::password::Password;

/// Declares the settings: words, name, type, how it is shown, and how its value is read.
macro_rules! settings {
    ($($(#[doc = $words:literal])+ $name:ident: $type:ty = $about:expr, $read:expr;)+) => {
        $(
            $(#[doc = $words])+
            pub(super) const $name: Typed<$type> = Typed {
                setting: Setting::new(stringify!($name), concat!($($words),+), $about),
                read: $read,
            };
        )+

        /// Every setting that this version reads, in the order of the help.
        pub const SETTINGS: &[Setting] = &[$($name.setting),+];
    };
}

settings! {
    /// Folder for the embedded database, the outbox and generated secrets; the platform's data folder if missing
    DATA_DIR: Option<PathBuf> = plain("").common(), |given| given.path();
    /// Who acts over stdio and in the terminal, with API_KEY_TOKEN
    USER_ID: Option<UserId> = plain("").bare().common(), |given| given.parsed();
    /// The API key token (clara_api_…) of USER_ID
    API_KEY_TOKEN: Option<SecretString> = secret().bare().common(), |given| given.secret();
    /// Account used over stdio when nobody else is named; `none` for no such account
    LOCAL_ACCOUNT: Option<Email> = plain("local@localhost"), identity::local_account;
    /// Credits the local account is filled up to when it has fewer than 1,000
    LOCAL_CREDITS: Credits = plain("10000"), |given| given.credits(1_000_000_000);
    /// Tools to offer: all, or some of auth, user, api_key, transaction, task, agent, stripe, misc
    TOOLSETS: Vec<Area> = plain("all").common(), identity::toolsets;
    /// Analysis workers inside this process; one a core if missing, 0 for none
    WORKERS: usize = plain("").common(), analysis::workers;
    /// Bring the database up to date at each start
    AUTO_MIGRATE: bool = plain("true"), |given| given.switch();
    /// sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME; a file in DATA_DIR if missing
    DATABASE_URL: Option<SecretString> = secret().common(), |given| given.secret();
    /// At least 32 random bytes that tokens and codes hang on; made at the first start, required with PostgreSQL
    SECRET_KEY: Option<SecretString> = secret().common(), identity::secret_of_32_bytes;
    /// The key before, still accepted for checking
    SECRET_KEY_PREVIOUS: Option<SecretString> = secret(), identity::secret_of_32_bytes;
    /// The front end's key; made at the first start, required with PostgreSQL
    PUBLIC_API_KEY: Option<SecretString> = secret().common(), identity::deployment_key;
    /// The operator's key; made at the first start, required with PostgreSQL
    PRIVATE_API_KEY: Option<SecretString> = secret().common(), identity::deployment_key;
    /// Fewest characters of a new password, 8 to 128; 15 where anybody can reach this server
    PASSWORD_MIN: usize = plain("8").common(), |given| given.number(Password::MIN_CHARACTERS, Password::MAX_CHARACTERS);
    /// Where new passwords are looked up: off, file:///PATH (sorted SHA-1 digests), or https://HOST/range/
    BREACHED_PASSWORDS: BreachedPasswords = plain("off"), guarding::breached_passwords;
    /// Answer alike whether an address has an account or not, where codes are sent and used
    HIDE_ACCOUNTS: bool = plain("false").common(), |given| given.switch();
    /// Days a sign-in lasts, 1 to 30
    SESSION_EXPIRY_IN_DAYS: u32 = plain("7"), |given| given.number(1, 30);
    /// Minutes a mailed code lives, 1 to 10
    OTP_EXPIRY_IN_MINUTES: u32 = plain("10"), |given| given.number(1, 10);
    /// smtps://USER:PASSWORD@HOST, smtp://… (TLS required; ?tls=opportunistic or none) or file:///FOLDER; the outbox folder
    /// in DATA_DIR if missing
    MAIL_URL: Option<SecretString> = secret().common(), mail::url;
    /// Sender of mails
    MAIL_FROM: String = plain("Clara <noreply@localhost>"), mail::from;
    /// File of certificates (PEM) that the mail server must be vouched for by; the well-known ones if missing
    MAIL_CA: Option<PathBuf> = plain(""), |given| given.path();
    /// Days after which ended tasks are deleted with their reports; 0 keeps them
    TASK_RETENTION_DAYS: Option<NonZeroU32> = plain("0"), |given| given.number(0, 36_500).map(NonZeroU32::new);
    /// Free credits at activation
    SIGNUP_CREDITS: Credits = plain("100"), |given| given.credits(1_000_000);
    /// What an analysis costs
    ANALYSIS_CREDITS: Credits = plain("20"), |given| given.credits(1_000_000);
    /// Prices: dollars-dollars:credits a dollar, comma-separated
    CREDIT_RATES: CreditRates = plain("5-10000:100"), |given| given.required();
    /// Stripe's secret key (sk_… or rk_…); without it no credits are sold
    STRIPE_SECRET_KEY: Option<SecretString> = secret().common(), stripe::secret_key;
    /// Stripe's price of one credit (price_…); or one for each of CREDIT_RATES, comma-separated
    STRIPE_PRICE_ID: Vec<String> = plain("").common(), stripe::price_ids;
    /// What Stripe signs its events with (whsec_…); two while it is being changed, comma-separated
    STRIPE_WEBHOOK_SECRET: Vec<SecretString> = secret().common(), stripe::webhook_secrets;
    /// Where Stripe is asked, for a proxy or a stand-in; Stripe's own address if missing
    STRIPE_API_BASE: Option<Url> = plain(""), network::base_url;
    /// Where the customer portal leads back to; CLIENT_URL if missing
    STRIPE_RETURN_URL: Option<Url> = plain(""), network::base_url;
    /// Client ids that Google's ID tokens may be made for, comma-separated; without one nobody signs in with Google
    GOOGLE_CLIENT_ID: Vec<String> = plain("").common(), google::client_ids;
    /// Where Google publishes the keys that it signs with
    GOOGLE_JWKS_URL: Url = plain("https://www.googleapis.com/oauth2/v3/certs"), google::jwks_url;
    /// Who judges what plain comparison leaves open: builtin (nobody), openai, anthropic, gemini, ollama, or nli (a model in
    /// a folder of this machine)
    ANALYSIS_ENGINE: ChosenEngine = plain("builtin"), models::engine;
    /// The model of ANALYSIS_ENGINE, by the name that its server knows; for nli its folder
    MODEL: Option<String> = plain(""), models::name;
    /// Where the model is served; the provider's own service if missing, this machine's for ollama
    MODEL_URL: Option<Url> = plain(""), models::url;
    /// The key to the model's server
    MODEL_API_KEY: Option<SecretString> = secret(), models::key;
    /// A file with the key to the model's server, in place of MODEL_API_KEY
    MODEL_API_KEY_FILE: Option<PathBuf> = plain(""), |given| given.path();
    /// What the model judges: open (what the builtin engine leaves open) or all
    MODEL_JUDGES: &'static str = plain("open"), |given| given.choice(&["open", "all"]);
    /// Have the model find claims too, part sentences, and read them by themselves
    MODEL_CLAIMS: bool = plain("false"), |given| given.switch();
    /// Calls to the model that one analysis may make, 1 to 1000
    MODEL_MAX_CALLS: u32 = plain("40"), |given| given.number(1, 1_000);
    /// Tokens of questions and answers that one analysis may use
    MODEL_MAX_TOKENS: u64 = plain("200000"), |given| given.number(10_000, 100_000_000);
    /// Seconds that the model may take for one analysis, 1 to 540
    MODEL_MAX_SECONDS: u64 = plain("120"), |given| given.number(1, 540);
    /// Money that one analysis may spend on the model, in the currency of the two prices; no bound if missing
    MODEL_MAX_COST: Option<f64> = plain(""), models::amount;
    /// What a million tokens of questions cost
    MODEL_PRICE_INPUT: Option<f64> = plain(""), models::amount;
    /// What a million tokens of answers cost
    MODEL_PRICE_OUTPUT: Option<f64> = plain(""), models::amount;
    /// Calls to the model at once, of this process, 1 to 64
    MODEL_CONCURRENCY: usize = plain("4"), |given| given.number(1, 64);
    /// Threads that a model in a folder works on, of this process, 1 to 256; as many as there are cores if missing
    MODEL_THREADS: usize = plain(""), local_model::threads;
    /// Where recordings are heard: an address that speaks OpenAI's protocol, such as https://api.openai.com/v1
    TRANSCRIBE_URL: Option<Url> = plain("").common(), models::url;
    /// The model that hears recordings, by the name that TRANSCRIBE_URL knows; whisper-1 if missing
    TRANSCRIBE_MODEL: Option<String> = plain(""), models::name;
    /// The key to TRANSCRIBE_URL
    TRANSCRIBE_API_KEY: Option<SecretString> = secret(), models::key;
    /// File of a model of whisper.cpp: recordings are heard by whisper-cli on this machine, in place of TRANSCRIBE_URL
    WHISPER_MODEL: Option<PathBuf> = plain("").common(), |given| given.path();
    /// Where evidence is searched beyond the attachments; none, or names, comma-separated
    EVIDENCE_SOURCES: Vec<String> = plain("wikipedia"), analysis::evidence_sources;
    /// Keep attachments when their task has ended
    KEEP_ATTACHMENTS: bool = plain("false"), |given| given.switch();
    /// Hours for which a finished analysis keeps the texts of its sources, to be searched and judged; 0 for none
    SOURCE_HOURS: u32 = plain("24").common(), |given| given.number(0, 8_760);
    /// Read attachments even where the process that reads them cannot be confined; for files of one's own only
    ALLOW_UNCONFINED: Confinement = plain("false").common(), analysis::confinement;
    /// Megabytes of texts, files and reports that one account may keep
    MAX_ACCOUNT_MB: u64 = plain("2000"), |given| given.megabytes(1_000_000);
    /// Folders local clients may name files in; Documents, Downloads, Desktop and the working folder if missing
    ATTACHMENT_ROOTS: Option<Vec<PathBuf>> = plain("").common(), |given| given.path_list();
    /// Largest attachment, 1 to 100
    MAX_ATTACHMENT_MB: u64 = plain("25"), |given| given.megabytes(100);
    /// Largest request, with all its attachments, 1 to 1000
    MAX_REQUEST_MB: u64 = plain("130"), |given| given.megabytes(1_000);
    /// Address of this machine that `serve` listens on
    HOST: IpAddr = plain("127.0.0.1").common(), network::host;
    /// Port that `serve` listens on; 0 for any free one
    PORT: u16 = plain("8000").bare().common(), |given| given.number(0, u16::MAX);
    /// Where this server is reached from outside; http://HOST:PORT if missing
    PUBLIC_URL: Option<Url> = plain("").common(), network::base_url;
    /// Where the front end lives; PUBLIC_URL if missing
    CLIENT_URL: Option<Url> = plain(""), network::base_url;
    /// Browser origins that may call besides PUBLIC_URL's and CLIENT_URL's, comma-separated
    ALLOWED_ORIGINS: Vec<Origin> = plain(""), network::allowed_origins;
    /// Networks whose X-Forwarded-For is believed, comma-separated
    TRUSTED_PROXIES: Vec<IpNet> = plain(""), network::trusted_proxies;
    /// Requests a second and credential; 0 for no such limit (sign-in, codes and registration keep theirs)
    RATE_LIMIT: Option<NonZeroU32> = plain("10"), |given| given.number(0, 1_000_000).map(NonZeroU32::new);
    /// Days for which browsers are told to come by TLS alone, where PUBLIC_URL is https; 0 for not at all
    HSTS_DAYS: u32 = plain("365"), |given| given.number(0, 3_650);
    /// Connections that `serve` keeps at once
    MAX_CONNECTIONS: usize = plain("1024"), |given| given.number(1, 1_000_000);
    /// Connections at once from one address; not counted for TRUSTED_PROXIES
    MAX_CONNECTIONS_PER_ADDRESS: usize = plain("64"), |given| given.number(1, 1_000_000);
    /// What is logged to stderr: a tracing filter such as warn or clara=debug
    LOG: String = plain("info").common(), |given| Ok(given.text());
    /// text, or json for machines
    LOG_FORMAT: &'static str = plain("text"), |given| given.choice(&["text", "json"]);
}
