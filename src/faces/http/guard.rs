//! What holds for every request and every answer, whichever face it belongs to: host and origin, the length of an
//! address, headers that keep browsers honest, and an envelope where something broke.
//! It must not know which face a request is for.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use tower_http::cors::CorsLayer;

use super::drain::linger;
use super::request_meta::REQUEST_ID;
use super::{HttpState, RequestMeta, origin, request_meta};
use crate::fault::{Fault, FaultKind, catch_panic};
use crate::operations::dispatch::Answer;

/// The longest address (path and query) that is looked at, in bytes.
const MAX_URL: usize = 8 * 1024;
/// The most bytes that names and values of headers may have together.
pub const MAX_HEADER_BYTES: usize = 32 * 1024;

/// What stands before all routes.
pub struct Guard {
    site: Arc<HttpState>,
    /// Which pages of other origins may read an answer.
    cors: CorsLayer,
}

impl Guard {
    pub fn new(site: &Arc<HttpState>) -> Self {
        Self {
            site: site.clone(),
            cors: origin::cors(site),
        }
    }
}

/// Notes where a request comes from, turns away what may not come in, and marks every answer.
pub async fn pass(State(guard): State<Arc<Guard>>, mut request: Request, next: Next) -> Response {
    let site = &guard.site;
    let told = request_meta::note(site, &mut request);
    let request = linger(request);
    let mut response = if origin::is_shared(&request) {
        origin::share(&guard.cors, site, request, next).await
    } else {
        let mut response = admit(site, request, next).await;
        origin::vary(response.headers_mut());
        response
    };
    common_headers(site, &mut response);
    if let Some(told) = told {
        response.headers_mut().insert(REQUEST_ID, told);
    }
    response
}

/// Turns away what came by the wrong name, from a strange page, or with an endless address.
pub(super) async fn admit(site: &HttpState, request: Request, next: Next) -> Response {
    if let Some((header, problem)) = origin::refusal(site, request.uri(), request.headers()) {
        let mut answer = Answer::from_fault(&Fault::new(FaultKind::Forbidden), "");
        answer.data = json!({"errors": [{"field": header, "problem": problem}]});
        return envelope(&answer);
    }
    let length = request
        .uri()
        .path_and_query()
        .map_or(0, |path| path.as_str().len());
    // The listener cuts headers somewhere past this size, where its buffer ends; here it is exact.
    let headers: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    for (size, limit) in [(length, MAX_URL), (headers, MAX_HEADER_BYTES)] {
        if size > limit {
            let limit_bytes = limit as u64;
            let fault = FaultKind::TooLarge { limit_bytes }.into();
            return envelope(&Answer::from_fault(&fault, ""));
        }
    }
    let request_id = request
        .extensions()
        .get::<RequestMeta>()
        .map(|visit| visit.request_id.clone())
        .unwrap_or_default();
    caught(&request_id, next.run(request)).await
}

/// What a handler answers, or that something went wrong where it panics: the caller learns the request's id and nothing
/// else, and the panic is counted.
async fn caught(request_id: &str, handling: impl Future<Output = Response>) -> Response {
    catch_panic(handling).await.unwrap_or_else(|fault| {
        tracing::error!(%request_id, "a handler panicked");
        envelope(&Answer::from_fault(&fault, request_id))
    })
}

/// A response with the documented body.
pub fn envelope(answer: &Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = answer.envelope().to_string();
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    if let Some(seconds) = answer.retry_after() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Headers of every answer, and its count.
fn common_headers(site: &HttpState, response: &mut Response) {
    let status = response.status().as_u16();
    metrics::counter!("clara_http_responses_total", "status" => status.to_string()).increment(1);
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // Pages with forms say `same-origin`: with this, a browser would hide from us where a form was filled in.
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    let days = site.context.settings.network.hsts_days;
    if days > 0 && site.public_url.starts_with("https://") {
        let seconds = u64::from(days) * 24 * 60 * 60;
        let value = format!("max-age={seconds}; includeSubDomains");
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use http_body_util::BodyExt as _;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use serde_json::Value;

    use super::*;

    /// What comes of a handler, and the metrics after it.
    fn handled(handling: impl Future<Output = Response>) -> (Response, String) {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let answer = metrics::with_local_recorder(&recorder, || {
            caught("req_7", handling).now_or_never().unwrap()
        });
        (answer, handle.render())
    }

    #[test]
    fn a_handler_that_panics_is_a_request_id_to_its_caller_and_is_counted() {
        let breaks = std::future::poll_fn(|_| panic!("the canary of table users"));
        let (answer, metrics) = handled(breaks);
        assert_eq!(answer.status(), 500);
        let body = answer.into_body().collect().now_or_never().unwrap();
        let body: Value = serde_json::from_slice(&body.unwrap().to_bytes()).unwrap();
        let expected = json!({
            "status": "error",
            "message": "Something went wrong.",
            "data": {"request_id": "req_7"},
        });
        assert_eq!(body, expected);
        assert!(metrics.contains("clara_panics_total 1"), "{metrics}");
    }

    #[test]
    fn a_handler_that_answers_is_not_counted() {
        let (answer, metrics) = handled(async { StatusCode::NO_CONTENT.into_response() });
        assert_eq!(answer.status(), 204);
        assert!(!metrics.contains("clara_panics_total"), "{metrics}");
    }
}
