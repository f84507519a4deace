//! The settings of `clara serve`: where it listens, how it is reached from outside, whom it believes and how much it takes.
//! Checked here, once; listeners and faces only read the result.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use url::{Origin, Url};

use super::setting::{Given, RawSettings, SettingsError};
use super::table::{
    ALLOWED_ORIGINS, CLIENT_URL, HOST, HSTS_DAYS, MAX_CONNECTIONS, MAX_CONNECTIONS_PER_ADDRESS,
    PORT, PUBLIC_URL, RATE_LIMIT, TRUSTED_PROXIES,
};

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
    pub(super) fn read(raw: &RawSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            host: raw.get(&HOST)?,
            port: raw.get(&PORT)?,
            public_url: raw.get(&PUBLIC_URL)?,
            client_url: raw.get(&CLIENT_URL)?,
            trusted_proxies: raw.get(&TRUSTED_PROXIES)?,
            allowed_origins: raw.get(&ALLOWED_ORIGINS)?,
            rate_limit: raw.get(&RATE_LIMIT)?,
            hsts_days: raw.get(&HSTS_DAYS)?,
            max_connections: raw.get(&MAX_CONNECTIONS)?,
            max_connections_per_address: raw.get(&MAX_CONNECTIONS_PER_ADDRESS)?,
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

pub(super) fn host(given: Given<'_>) -> Result<IpAddr, SettingsError> {
    let raw = given.text();
    if raw == "localhost" {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    raw.trim_matches(['[', ']']).parse().map_err(|_| {
        given.got(
            &raw,
            "takes an address of this machine: 127.0.0.1, 0.0.0.0, ::1 or ::",
        )
    })
}

pub(super) fn base_url(given: Given<'_>) -> Result<Option<Url>, SettingsError> {
    let raw = given.text();
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
        _ => Err(given.problem(
            "takes an address such as `https://clara.example.org`, without a user, a query or a fragment",
        )),
    }
}

pub(super) fn trusted_proxies(given: Given<'_>) -> Result<Vec<IpNet>, SettingsError> {
    given.list(
        "takes networks such as `10.0.0.0/8, fd00::/8`, comma-separated",
        |part| {
            part.parse::<IpNet>()
                .ok()
                .or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from))
        },
    )
}

pub(super) fn allowed_origins(given: Given<'_>) -> Result<Vec<Origin>, SettingsError> {
    given.list(
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
