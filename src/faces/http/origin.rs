//! From where a request may come: the `Host` it was addressed to must be one of ours, and the page that sent it must live
//! at an origin we know. Without this, any web page could reach a server on the visitor's own machine (DNS rebinding).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header, request::Parts};
use axum::middleware::Next;
use axum::response::Response;
use tower::{Layer as _, ServiceExt as _};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use url::Url;

use super::state::Host;
use super::{HttpState, guard};

/// Which header speaks against a request, and what it may say.
pub fn refusal(
    site: &HttpState,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<(&'static str, &'static str)> {
    if !host_is_ours(&site.hosts, uri, headers) {
        let problem = "is not an address of this server; the operator sets PUBLIC_URL to the one it is reached by";
        return Some(("Host", problem));
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    if !is_open(uri) && !origins.all(|origin| origin_is_known(site, origin)) {
        let problem =
            "is not an origin that may call this server; the operator adds it to ALLOWED_ORIGINS";
        return Some(("Origin", problem));
    }
    None
}

/// What tells nothing of anybody, so that any page may read it.
fn is_open(uri: &Uri) -> bool {
    const OPEN: [&str; 3] = ["/api/v1/health", "/api/v1/version", "/openapi.json"];
    OPEN.contains(&uri.path())
}

fn host_is_ours(hosts: &[Host], uri: &Uri, headers: &HeaderMap) -> bool {
    let mut said = headers.get_all(header::HOST).iter();
    let first = said.next().and_then(|host| host.to_str().ok());
    if said.next().is_some() {
        return false;
    }
    let authority = match first.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
    {
        Some(host) => host.parse::<axum::http::uri::Authority>(),
        None => return false,
    };
    let Ok(authority) = authority else {
        return false;
    };
    hosts.iter().any(|host| {
        let same_port = match host.port {
            None => true,
            // Without a port it is the scheme's own, which only the proxy in front knows.
            Some(port) => authority.port_u16().is_none_or(|said| said == port),
        };
        same_port && host.name.eq_ignore_ascii_case(authority.host())
    })
}

fn origin_is_known(site: &HttpState, origin: &HeaderValue) -> bool {
    let Some(origin) = origin.to_str().ok().and_then(|raw| Url::parse(raw).ok()) else {
        return false;
    };
    let origin = origin.origin();
    origin.is_tuple() && site.origins.contains(&origin)
}

/// Whether a browser asks on behalf of a page. OPTIONS is its question only where it says which method it is about; any other
/// is for the route itself.
pub fn is_shared(request: &Request) -> bool {
    let headers = request.headers();
    if request.method() == Method::OPTIONS {
        return headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    }
    headers.contains_key(header::ORIGIN)
}

/// Lets pages of known origins read answers.
pub async fn share(
    cors: &CorsLayer,
    site: &Arc<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    let inner = tower::service_fn(|request| {
        let (site, next) = (site.clone(), next.clone());
        async move { Ok::<_, Infallible>(guard::admit(&site, request, next).await) }
    });
    match cors.layer(inner).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// An answer to a request without an origin could be another with one.
pub fn vary(headers: &mut HeaderMap) {
    const ON: HeaderValue = HeaderValue::from_static(
        "origin, access-control-request-method, access-control-request-headers",
    );
    headers.append(header::VARY, ON);
}

/// Which pages may read answers. Cookies never cross.
pub fn cors(site: &Arc<HttpState>) -> CorsLayer {
    let known = site.clone();
    let headers = AllowHeaders::list([
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        HeaderName::from_static("user-id"),
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("last-event-id"),
        HeaderName::from_static("mcp-session-id"),
        HeaderName::from_static("mcp-protocol-version"),
        HeaderName::from_static("mcp-method"),
        HeaderName::from_static("mcp-name"),
    ]);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, parts: &Parts| {
            is_open(&parts.uri) || origin_is_known(&known, origin)
        }))
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers(headers)
        .expose_headers([
            header::WWW_AUTHENTICATE,
            header::RETRY_AFTER,
            HeaderName::from_static("mcp-session-id"),
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("x-total-count"),
        ])
        .max_age(Duration::from_hours(1))
}
