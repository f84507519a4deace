use std::collections::HashMap;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Settings, String> {
    let environment: HashMap<String, String> = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let said = RawSettings::gather(
        |_| None,
        |name| environment.get(name).cloned(),
        &HashMap::new(),
    );
    Settings::read(&said).map_err(|error| error.to_string())
}

#[test]
fn defaults_are_the_documented_ones() {
    let settings = read(&[("CLARA_DATA_DIR", "/data")]).unwrap();
    assert_eq!(settings.local_account.unwrap().as_str(), "local@localhost");
    assert_eq!(settings.local_credits, Credits::whole(10_000));
    assert_eq!(settings.analysis_credits, Credits::whole(20));
    assert_eq!(settings.max_attachment_bytes, 25_000_000);
    assert!(
        matches!(settings.database, DatabaseUrl::Sqlite(path) if path.to_str() == Some("/data/clara.db"))
    );
    assert_eq!(settings.toolsets.len(), 8);
    assert_eq!(settings.task_retention_days, None);
    assert_eq!(settings.mail_ca, None);
}

#[test]
fn a_sign_in_lasts_a_week_unless_told_otherwise_and_a_mailed_code_ten_minutes_at_most() {
    let settings = read(&[("CLARA_DATA_DIR", "/data")]).unwrap();
    assert_eq!(settings.session_expiry_in_days, 7);
    assert_eq!(settings.otp_expiry_in_minutes, 10);
    let days = "CLARA_SESSION_EXPIRY_IN_DAYS";
    let minutes = "CLARA_OTP_EXPIRY_IN_MINUTES";
    for (name, number, is_taken) in [
        (days, "1", true),
        (days, "30", true),
        (days, "31", false),
        (days, "0", false),
        (minutes, "1", true),
        (minutes, "11", false),
        (minutes, "0", false),
    ] {
        let settings = read(&[("CLARA_DATA_DIR", "/data"), (name, number)]);
        assert_eq!(settings.is_ok(), is_taken, "{name} {number}");
    }
}

#[test]
fn every_mistake_is_one_line_that_names_the_variable_and_what_it_takes() {
    let cases = [
        (
            "CLARA_WORKERS",
            "many",
            "CLARA_WORKERS got `many`, takes a whole number from 0 to 256",
        ),
        (
            "CLARA_AUTO_MIGRATE",
            "perhaps",
            "CLARA_AUTO_MIGRATE got `perhaps`, takes true or false",
        ),
        (
            "CLARA_LOG_FORMAT",
            "xml",
            "CLARA_LOG_FORMAT got `xml`, takes text or json",
        ),
        (
            "USER_ID",
            "user_1",
            "CLARA_USER_ID got `user_1`, must be `user_` followed by 32 lower-case hex digits",
        ),
        (
            "CLARA_CREDIT_RATES",
            "free",
            "CLARA_CREDIT_RATES got `free`, takes `dollars-dollars:credits a dollar`, comma-separated, such as `5-10000:100`",
        ),
        (
            "CLARA_MAIL_FROM",
            "nobody",
            "CLARA_MAIL_FROM got `nobody`, takes an address such as `Clara <noreply@example.org>`",
        ),
        (
            "CLARA_EVIDENCE_SOURCES",
            "gossip",
            "CLARA_EVIDENCE_SOURCES got `gossip`, takes some of none, wikipedia, wikidata, searxng, brave, tavily, factcheck, crossref, openalex, pubmed, folder, comma-separated",
        ),
    ];
    for (name, value, expected) in cases {
        assert_eq!(
            read(&[("CLARA_DATA_DIR", "/data"), (name, value)]).unwrap_err(),
            expected
        );
    }
}

#[test]
fn a_secrets_value_is_never_repeated() {
    for name in [
        "CLARA_SECRET_KEY",
        "CLARA_PUBLIC_API_KEY",
        "CLARA_DATABASE_URL",
        "CLARA_MAIL_URL",
    ] {
        let error = read(&[("CLARA_DATA_DIR", "/data"), (name, "hunter2")]).unwrap_err();
        assert!(
            error.starts_with(name) && !error.contains("hunter2"),
            "{error}"
        );
    }
}

#[test]
fn only_three_settings_are_read_without_the_prefix() {
    let settings = read(&[
        ("CLARA_DATA_DIR", "/data"),
        ("DATABASE_URL", "postgres://a@b/c"),
        ("WORKERS", "9"),
    ])
    .unwrap();
    assert!(settings.database.is_embedded());
    assert_ne!(settings.workers, 9);
    let error = read(&[
        ("CLARA_DATA_DIR", "/data"),
        ("USER_ID", "user_0123456789abcdef0123456789abcdef"),
    ])
    .unwrap_err();
    assert_eq!(
        error,
        "CLARA_USER_ID is set without API_KEY_TOKEN; set both, or neither"
    );
}

#[test]
fn postgresql_needs_its_secrets_said() {
    let error = read(&[
        ("CLARA_DATA_DIR", "/data"),
        ("CLARA_DATABASE_URL", "postgres://a:b@c/d"),
    ])
    .unwrap_err();
    assert!(
        error.starts_with("CLARA_SECRET_KEY is required with PostgreSQL"),
        "{error}"
    );
}

#[test]
fn a_server_is_for_this_machine_unless_told_otherwise() {
    let network = read(&[("CLARA_DATA_DIR", "/data")]).unwrap().network;
    assert_eq!(network.listen_address().to_string(), "127.0.0.1:8000");
    assert!(network.is_loopback() && network.public_url.is_none());
    assert!(network.trusted_proxies.is_empty() && network.allowed_origins.is_empty());
    assert_eq!(network.rate_limit.map(std::num::NonZero::get), Some(10));
    assert_eq!(
        (network.max_connections, network.max_connections_per_address),
        (1024, 64)
    );
    let off = read(&[("CLARA_DATA_DIR", "/data"), ("CLARA_RATE_LIMIT", "0")]).unwrap();
    assert_eq!(off.network.rate_limit, None);
}

#[test]
fn lists_of_networks_and_origins_are_read_whole_or_not_at_all() {
    let network = read(&[
        ("CLARA_HOST", "[::1]"),
        ("CLARA_TRUSTED_PROXIES", "10.0.0.0/8, 203.0.113.7 ,fd00::/8"),
        (
            "CLARA_ALLOWED_ORIGINS",
            "https://a.example, http://localhost:3000/",
        ),
    ])
    .unwrap()
    .network;
    assert_eq!(network.listen_address().to_string(), "[::1]:8000");
    let proxies: Vec<String> = network
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(proxies, ["10.0.0.0/8", "203.0.113.7/32", "fd00::/8"]);
    assert_eq!(network.allowed_origins.len(), 2);
    assert!(read(&[("CLARA_TRUSTED_PROXIES", "10.0.0.0/8,any")]).is_err());
}

#[test]
fn the_keys_of_a_deployment_are_long_and_not_the_same() {
    let long = |letter: &str| letter.repeat(32);
    let read_keys = |public: &str, private: &str| {
        read(&[
            ("CLARA_DATA_DIR", "/data"),
            ("CLARA_PUBLIC_API_KEY", public),
            ("CLARA_PRIVATE_API_KEY", private),
        ])
    };
    assert!(read_keys(&long("a"), &long("b")).is_ok());
    let short = "hunter2".repeat(5)[..31].to_owned();
    for (public, private, expected) in [
        (
            long("a"),
            long("a"),
            "CLARA_PRIVATE_API_KEY must differ from PUBLIC_API_KEY",
        ),
        (
            long("a"),
            format!(" {} ", long("a")),
            "CLARA_PRIVATE_API_KEY must differ from PUBLIC_API_KEY",
        ),
        (
            long("a"),
            short.clone(),
            "CLARA_PRIVATE_API_KEY is too short: takes at least 32 random characters",
        ),
        (
            short,
            long("b"),
            "CLARA_PUBLIC_API_KEY is too short: takes at least 32 random characters",
        ),
    ] {
        let error = read_keys(&public, &private).unwrap_err();
        assert_eq!(error, expected);
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn paths_expand_the_home_folder() {
    let home = etcetera::home_dir().unwrap();
    let lists = "file://~/sha1.txt";
    let settings = read(&[
        ("CLARA_DATA_DIR", "~/clara-data"),
        ("CLARA_DATABASE_URL", "sqlite://~/x.db"),
        ("CLARA_ATTACHMENT_ROOTS", "~/Documents:/srv/~/kept:~"),
        ("CLARA_MAIL_CA", "~/ca.pem"),
        ("CLARA_MAIL_URL", "file:///~/outbox"),
        ("CLARA_BREACHED_PASSWORDS", lists),
    ])
    .unwrap();
    assert_eq!(settings.data_dir, home.join("clara-data"));
    assert!(matches!(settings.database, DatabaseUrl::Sqlite(path) if path == home.join("x.db")));
    let roots = [
        home.join("Documents"),
        PathBuf::from("/srv/~/kept"),
        home.clone(),
    ];
    assert_eq!(settings.attachment_roots.unwrap(), roots);
    assert_eq!(settings.mail_ca, Some(home.join("ca.pem")));
    let mail_url = settings.mail_url.unwrap();
    assert_eq!(
        secrecy::ExposeSecret::expose_secret(&mail_url),
        format!("file://{}", home.join("outbox").display())
    );
    let file = BreachedPasswords::File(home.join("sha1.txt"));
    assert_eq!(settings.guarding.breached_passwords, file);
}

#[test]
fn home_of_another_user_is_refused() {
    for (name, value) in [
        ("CLARA_DATA_DIR", "~ada/clara"),
        ("CLARA_DATABASE_URL", "sqlite://~ada/x.db"),
        ("CLARA_ATTACHMENT_ROOTS", "/srv:~ada/Documents"),
        ("CLARA_MAIL_URL", "file://~ada/outbox"),
    ] {
        let error = read(&[(name, value)]).unwrap_err();
        assert!(
            error.starts_with(&format!("{name} begins with ~")),
            "{error}"
        );
    }
}
