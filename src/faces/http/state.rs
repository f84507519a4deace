//! What all HTTP faces share: the context, under which addresses this server is known, and when it stops.
//! Made once, after the listener is bound, because the port may have been any free one.

use std::net::SocketAddr;
use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::{ExposeSecret as _, SecretString};
use tokio_util::sync::CancellationToken;
use url::{Origin, Url};

use super::byte_budget::{BudgetBounds, ByteBudget};
use crate::context::{Context, StartError};
use crate::domain::ids::UserId;
use crate::worker::Liveness;

/// The server's surroundings, for its faces.
pub struct HttpState {
    pub context: Arc<Context>,
    /// Where this server is reached from outside, without a slash at its end.
    pub public_url: String,
    /// Host names, with the port where it matters, that a request may be addressed to.
    pub hosts: Vec<Host>,
    /// Browser origins that may call.
    pub origins: Vec<Origin>,
    /// Who acts for requests without a credential; only on a loopback address.
    pub stand_in: Option<StandIn>,
    /// The analysis workers of this process.
    pub workers: Liveness,
    /// Renders the metrics of this process.
    pub metrics: PrometheusHandle,
    /// The bytes of bodies that are held in memory.
    pub body_memory: ByteBudget,
    /// The bytes of bodies whose files are on disk.
    pub body_disk: ByteBudget,
    /// Cancelled when the server stops: streams end, and calls that only wait answer at once.
    pub stop: CancellationToken,
}

/// A name this server answers to. A loopback or listening address answers on any port: tunnels change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    pub name: String,
    /// `None`: any.
    pub port: Option<u16>,
}

/// `USER_ID` and `API_KEY_TOKEN`, which stand in for missing headers.
#[derive(Debug, Clone)]
pub struct StandIn {
    pub user_id: UserId,
    pub authorization: SecretString,
}

impl HttpState {
    /// The site of a server that listens on `address`.
    pub fn new(
        context: Arc<Context>,
        address: SocketAddr,
        workers: Liveness,
        metrics: PrometheusHandle,
        stop: CancellationToken,
    ) -> Result<Arc<Self>, StartError> {
        let network = &context.settings.network;
        let listening = || {
            let host = if address.ip().is_unspecified() {
                "localhost".to_owned()
            } else if address.is_ipv6() {
                format!("[{}]", address.ip())
            } else {
                address.ip().to_string()
            };
            Url::parse(&format!("http://{host}:{}", address.port()))
        };
        let public_url = match &network.public_url {
            Some(url) => url.clone(),
            None => listening().map_err(|error| StartError(format!("PUBLIC_URL: {error}")))?,
        };
        let mut origins = vec![public_url.origin()];
        origins.extend(network.client_url.as_ref().map(Url::origin));
        origins.extend(network.allowed_origins.iter().cloned());
        let pages_url = public_url.as_str().trim_end_matches('/').to_owned();
        context.serves_at(&pages_url);
        let max_request_bytes = context.settings.max_request_bytes;
        Ok(Arc::new(Self {
            hosts: hosts(&public_url, address),
            origins,
            stand_in: stand_in(&context)?,
            public_url: pages_url,
            context,
            workers,
            metrics,
            body_memory: ByteBudget::new(BudgetBounds::for_memory(max_request_bytes)),
            body_disk: ByteBudget::new(BudgetBounds::for_disk(max_request_bytes)),
            stop,
        }))
    }
}

fn hosts(public_url: &Url, address: SocketAddr) -> Vec<Host> {
    let any_port = |name: &str| Host {
        name: name.to_owned(),
        port: None,
    };
    let mut hosts: Vec<Host> = ["localhost", "127.0.0.1", "[::1]"]
        .into_iter()
        .map(any_port)
        .collect();
    if !address.ip().is_unspecified() {
        let name = match address.ip() {
            std::net::IpAddr::V4(ip) => ip.to_string(),
            std::net::IpAddr::V6(ip) => format!("[{ip}]"),
        };
        hosts.push(any_port(&name));
    }
    if let Some(name) = public_url.host_str() {
        hosts.push(Host {
            name: name.to_owned(),
            port: public_url.port_or_known_default(),
        });
    }
    hosts
}

/// The documented server lets its environment stand in for missing headers. Where others can reach this server, it would
/// let them all act as one account: such a start is refused.
fn stand_in(context: &Context) -> Result<Option<StandIn>, StartError> {
    let settings = &context.settings;
    let (Some(user_id), Some(token)) = (&settings.user_id, &settings.api_key_token) else {
        return Ok(None);
    };
    if !settings.network.is_loopback() {
        return Err(StartError(format!(
            "CLARA_USER_ID and CLARA_API_KEY_TOKEN are set while CLARA_HOST is {}: everybody who reaches it would act as \
             that account. Unset them, or listen on 127.0.0.1",
            settings.network.host
        )));
    }
    Ok(Some(StandIn {
        user_id: user_id.clone(),
        authorization: format!("Bearer {}", token.expose_secret()).into(),
    }))
}
