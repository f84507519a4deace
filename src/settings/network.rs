//! The settings of `clara serve`: where it listens, how it is reached from outside, whom it believes and how much it takes.
//! Checked here, once; listeners and faces only read the result.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use url::{Origin, Url};

use super::values::{RawSettings, SettingsError};

/// Where and how Clara is served over HTTP.
#[derive(Debug, Clone)]
pub struct Network {
    pub host: IpAddr,
    /// 0 takes any free port.
    pub port: u16,
    /// Where this server is reached from outside; `None` where nobody said: then the address it listens on.
    pub public_url: Option<Url>,
    /// Where the front end lives; `None`: at `public_url`.
    pub client_url: Option<Url>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Browser origins that may call besides our own and the front end's.
    pub allowed_origins: Vec<Origin>,
    /// Requests a second and credential; `None` for no such limit.
    pub rate_limit: Option<std::num::NonZeroU32>,
    /// For how many days browsers are told to come by TLS alone, where `public_url` is https; 0 for not at all.
    pub hsts_days: u32,
    pub max_connections: usize,
    pub max_connections_per_address: usize,
}

impl Network {
    pub(super) fn read(said: &RawSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            host: host(said)?,
            port: said.number("PORT", 0, u16::MAX)?,
            public_url: base_url(said, "PUBLIC_URL")?,
            client_url: base_url(said, "CLIENT_URL")?,
            trusted_proxies: trusted_proxies(said)?,
            allowed_origins: allowed_origins(said)?,
            rate_limit: std::num::NonZeroU32::new(said.number("RATE_LIMIT", 0, 1_000_000)?),
            hsts_days: said.number("HSTS_DAYS", 0, 3_650)?,
            max_connections: said.number("MAX_CONNECTIONS", 1, 1_000_000)?,
            max_connections_per_address: said.number(
                "MAX_CONNECTIONS_PER_ADDRESS",
                1,
                1_000_000,
            )?,
        })
    }

    /// Where to listen.
    pub fn listen_address(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }

    /// Whether only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        self.host.is_loopback()
    }
}

fn host(said: &RawSettings) -> Result<IpAddr, SettingsError> {
    let raw = said.text("HOST");
    if raw == "localhost" {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    raw.trim_matches(['[', ']']).parse().map_err(|_| {
        SettingsError::got(
            "HOST",
            &raw,
            "takes an address of this machine: 127.0.0.1, 0.0.0.0, ::1 or ::",
        )
    })
}

pub(super) fn base_url(
    said: &RawSettings,
    name: &'static str,
) -> Result<Option<Url>, SettingsError> {
    let raw = said.text(name);
    if raw.is_empty() {
        return Ok(None);
    }
    let plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    match Url::parse(&raw) {
        Ok(url) if plain(&url) => Ok(Some(url)),
        // An address may hold a password: it is not repeated.
        _ => Err(SettingsError::new(
            name,
            "takes an address such as `https://clara.example.org`, without a user, a query or a fragment",
        )),
    }
}

fn trusted_proxies(said: &RawSettings) -> Result<Vec<IpNet>, SettingsError> {
    list(
        said,
        "TRUSTED_PROXIES",
        "takes networks such as `10.0.0.0/8, fd00::/8`, comma-separated",
        |part| {
            part.parse::<IpNet>()
                .ok()
                .or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from))
        },
    )
}

fn allowed_origins(said: &RawSettings) -> Result<Vec<Origin>, SettingsError> {
    list(
        said,
        "ALLOWED_ORIGINS",
        "takes origins such as `https://app.example.org`, comma-separated; `*` is not one",
        |part| {
            let url = Url::parse(part).ok()?;
            let bare =
                matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
            let origin = url.origin();
            (bare && origin.is_tuple()).then_some(origin)
        },
    )
}

fn list<T>(
    said: &RawSettings,
    name: &'static str,
    takes: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, SettingsError> {
    let raw = said.text(name);
    raw.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| read(part).ok_or_else(|| SettingsError::got(name, part, takes)))
        .collect()
}
