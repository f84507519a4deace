//! The table of settings: what `clara help` prints and what the environment and flags are read by.
//! One row a setting; nothing else in the house names a variable's default.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Without the prefix: `DATA_DIR` is `CLARA_DATA_DIR` in the environment and `--data-dir` on the command line.
    pub name: &'static str,
    /// What holds where nothing is said; empty where the words explain it.
    pub default: &'static str,
    /// What it does, for `clara help`.
    pub words: &'static str,
    /// Its value is never printed.
    pub secret: bool,
    /// Also read without the prefix, as the documentation has it.
    pub bare: bool,
}

const fn setting(name: &'static str, default: &'static str, words: &'static str) -> Setting {
    Setting {
        name,
        default,
        words,
        secret: false,
        bare: false,
    }
}

const fn secret(name: &'static str, words: &'static str) -> Setting {
    Setting {
        name,
        default: "",
        words,
        secret: true,
        bare: false,
    }
}

/// Every setting that this version reads.
pub const SETTINGS: &[Setting] = &[
    setting(
        "DATA_DIR",
        "",
        "Folder for the embedded database, the outbox and generated secrets; the platform's data folder if missing",
    ),
    Setting {
        bare: true,
        ..setting(
            "USER_ID",
            "",
            "Who acts over stdio and in the terminal, with API_KEY_TOKEN",
        )
    },
    Setting {
        bare: true,
        ..secret(
            "API_KEY_TOKEN",
            "The API key token (clara_api_…) of USER_ID",
        )
    },
    setting(
        "LOCAL_ACCOUNT",
        "local@localhost",
        "Account used over stdio when nobody else is named; `none` for no such account",
    ),
    setting(
        "LOCAL_CREDITS",
        "10000",
        "Credits the local account is filled up to when it has fewer than 1,000",
    ),
    setting(
        "TOOLSETS",
        "all",
        "Tools to offer: all, or some of auth, user, api_key, transaction, task, agent, stripe, misc",
    ),
    setting(
        "WORKERS",
        "",
        "Analysis workers inside this process; one a core if missing, 0 for none",
    ),
    setting(
        "AUTO_MIGRATE",
        "true",
        "Bring the database up to date at each start",
    ),
    secret(
        "DATABASE_URL",
        "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME; a file in DATA_DIR if missing",
    ),
    secret(
        "SECRET_KEY",
        "At least 32 random bytes that tokens and codes hang on; made at the first start, required with PostgreSQL",
    ),
    secret(
        "SECRET_KEY_PREVIOUS",
        "The key before, still accepted for checking",
    ),
    secret(
        "PUBLIC_API_KEY",
        "The front end's key; made at the first start, required with PostgreSQL",
    ),
    secret(
        "PRIVATE_API_KEY",
        "The operator's key; made at the first start, required with PostgreSQL",
    ),
    setting(
        "PASSWORD_MIN",
        "8",
        "Fewest characters of a new password, 8 to 128; 15 where anybody can reach this server",
    ),
    setting(
        "BREACHED_PASSWORDS",
        "off",
        "Where new passwords are looked up: off, file:///PATH (sorted SHA-1 digests), or https://HOST/range/",
    ),
    setting(
        "HIDE_ACCOUNTS",
        "false",
        "Answer alike whether an address has an account or not, where codes are sent and used",
    ),
    setting(
        "SESSION_EXPIRY_IN_DAYS",
        "7",
        "Days a sign-in lasts, 1 to 30",
    ),
    setting(
        "OTP_EXPIRY_IN_MINUTES",
        "10",
        "Minutes a mailed code lives, 1 to 10",
    ),
    secret(
        "MAIL_URL",
        "smtps://USER:PASSWORD@HOST, smtp://… (TLS required; ?tls=opportunistic or none) or file:///FOLDER; the outbox folder in DATA_DIR if missing",
    ),
    setting("MAIL_FROM", "Clara <noreply@localhost>", "Sender of mails"),
    setting(
        "MAIL_CA",
        "",
        "File of certificates (PEM) that the mail server must be vouched for by; the well-known ones if missing",
    ),
    setting(
        "TASK_RETENTION_DAYS",
        "0",
        "Days after which ended tasks are deleted with their reports; 0 keeps them",
    ),
    setting("SIGNUP_CREDITS", "100", "Free credits at activation"),
    setting("ANALYSIS_CREDITS", "20", "What an analysis costs"),
    setting(
        "CREDIT_RATES",
        "5-10000:100",
        "Prices: dollars-dollars:credits a dollar, comma-separated",
    ),
    secret(
        "STRIPE_SECRET_KEY",
        "Stripe's secret key (sk_… or rk_…); without it no credits are sold",
    ),
    setting(
        "STRIPE_PRICE_ID",
        "",
        "Stripe's price of one credit (price_…); or one for each of CREDIT_RATES, comma-separated",
    ),
    secret(
        "STRIPE_WEBHOOK_SECRET",
        "What Stripe signs its events with (whsec_…); two while it is being changed, comma-separated",
    ),
    setting(
        "STRIPE_API_BASE",
        "",
        "Where Stripe is asked, for a proxy or a stand-in; Stripe's own address if missing",
    ),
    setting(
        "STRIPE_RETURN_URL",
        "",
        "Where the customer portal leads back to; CLIENT_URL if missing",
    ),
    setting(
        "GOOGLE_CLIENT_ID",
        "",
        "Client ids that Google's ID tokens may be made for, comma-separated; without one nobody signs in with Google",
    ),
    setting(
        "GOOGLE_JWKS_URL",
        "https://www.googleapis.com/oauth2/v3/certs",
        "Where Google publishes the keys that it signs with",
    ),
    setting(
        "ANALYSIS_ENGINE",
        "builtin",
        "Which engine judges; this version has builtin",
    ),
    setting(
        "EVIDENCE_SOURCES",
        "wikipedia",
        "Where evidence is searched beyond the attachments; none, or names, comma-separated",
    ),
    setting(
        "KEEP_ATTACHMENTS",
        "false",
        "Keep attachments when their task has ended",
    ),
    setting(
        "ALLOW_UNCONFINED",
        "false",
        "Read attachments even where the process that reads them cannot be confined; for files of one's own only",
    ),
    setting(
        "MAX_ACCOUNT_MB",
        "2000",
        "Megabytes of texts, files and reports that one account may keep",
    ),
    setting(
        "ATTACHMENT_ROOTS",
        "",
        "Folders local clients may name files in; Documents, Downloads, Desktop and the working folder if missing",
    ),
    setting("MAX_ATTACHMENT_MB", "25", "Largest attachment, 1 to 100"),
    setting(
        "MAX_REQUEST_MB",
        "130",
        "Largest request, with all its attachments, 1 to 1000",
    ),
    setting(
        "HOST",
        "127.0.0.1",
        "Address of this machine that `serve` listens on",
    ),
    Setting {
        bare: true,
        ..setting(
            "PORT",
            "8000",
            "Port that `serve` listens on; 0 for any free one",
        )
    },
    setting(
        "PUBLIC_URL",
        "",
        "Where this server is reached from outside; http://HOST:PORT if missing",
    ),
    setting(
        "CLIENT_URL",
        "",
        "Where the front end lives; PUBLIC_URL if missing",
    ),
    setting(
        "ALLOWED_ORIGINS",
        "",
        "Browser origins that may call besides PUBLIC_URL's and CLIENT_URL's, comma-separated",
    ),
    setting(
        "TRUSTED_PROXIES",
        "",
        "Networks whose X-Forwarded-For is believed, comma-separated",
    ),
    setting(
        "RATE_LIMIT",
        "10",
        "Requests a second and credential; 0 for no such limit (sign-in, codes and registration keep theirs)",
    ),
    setting(
        "HSTS_DAYS",
        "365",
        "Days for which browsers are told to come by TLS alone, where PUBLIC_URL is https; 0 for not at all",
    ),
    setting(
        "MAX_CONNECTIONS",
        "1024",
        "Connections that `serve` keeps at once",
    ),
    setting(
        "MAX_CONNECTIONS_PER_ADDRESS",
        "64",
        "Connections at once from one address; not counted for TRUSTED_PROXIES",
    ),
    setting(
        "LOG",
        "info",
        "What is logged to stderr: a tracing filter such as warn or clara=debug",
    ),
    setting("LOG_FORMAT", "text", "text, or json for machines"),
];
