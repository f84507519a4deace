//! From where a form comes: one that was not filled in on a page of ours is refused, whatever cookies came with it. And
//! under which name the pages are reached, since a cookie and an origin belong to one.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use url::Url;

use crate::faces::http::HttpState;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a form was sent by a page of this very site. Every browser of today says so itself; where it does not, the page's
/// origin must be ours. What says neither is no browser's form.
pub fn is_ours(site: &HttpState, headers: &HeaderMap) -> bool {
    let mut fetched = headers.get_all(FETCH_SITE).iter();
    if let Some(said) = fetched.next() {
        return said == "same-origin" && fetched.next().is_none();
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(said) = origins.next() else {
        return false;
    };
    let ours = Url::parse(&site.public_url).map(|url| url.origin().ascii_serialization());
    origins.next().is_none() && ours.is_ok_and(|ours| said == ours.as_str())
}

/// A machine has many names for itself, and a browser takes each for another site. Whoever comes by another than the one
/// that links name is sent there.
pub async fn one_name(
    State(site): State<Arc<HttpState>>,
    request: Request,
    next: Next,
) -> Response {
    let elsewhere = matches!(*request.method(), Method::GET | Method::HEAD)
        .then(|| other_name(&site.public_url, request.headers(), request.uri()))
        .flatten();
    match elsewhere {
        Some(address) => (
            StatusCode::TEMPORARY_REDIRECT,
            [(header::LOCATION, address)],
        )
            .into_response(),
        None => next.run(request).await,
    }
}

/// Only between names of this machine: a proxy may well ask for a public page by a name of its own.
fn other_name(public_url: &str, headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let public = Url::parse(public_url).ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let said = host.parse::<axum::http::uri::Authority>().ok()?;
    let (said, ours) = (said.host(), public.host_str()?);
    let own = |name: &str| {
        let name = name.to_ascii_lowercase();
        matches!(name.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    };
    if !own(said) || !own(ours) || said.eq_ignore_ascii_case(ours) {
        return None;
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Some(format!("{}{path}", public.origin().ascii_serialization()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_sends_its_visitors_to_one_of_its_names_and_a_proxy_nowhere() {
        let sent = |public_url: &str, host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            other_name(
                public_url,
                &headers,
                &"/sign-in?notice=sent".parse().unwrap(),
            )
        };
        let home = "http://127.0.0.1:8000";
        assert_eq!(
            sent(home, "localhost:8000").as_deref(),
            Some("http://127.0.0.1:8000/sign-in?notice=sent")
        );
        assert_eq!(sent(home, "127.0.0.1:8000"), None);
        assert_eq!(sent(home, "127.0.0.1:9000"), None, "a tunnel");
        assert_eq!(sent("https://clara.example.org", "127.0.0.1:8000"), None);
        assert_eq!(sent(home, "clara.example.org"), None);
    }
}
