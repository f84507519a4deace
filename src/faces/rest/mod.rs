//! The REST face: every operation at its documented method and path, in the documented envelope. Routes are read off the
//! registry; no operation is known here by name.

mod arguments;
pub(super) mod document;
mod multipart;
mod stripe_webhook;

mod docs;
pub mod openapi;
pub mod spreadsheet;

use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderName, HeaderValue, Method as HttpMethod, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on, post};
use axum::{Extension, Router};

use super::http::{HttpState, RequestMeta, envelope};
use crate::fault::{Fault, FaultKind};
use crate::operations::Method;
use crate::operations::caller::Face;
use crate::operations::dispatch::{Answer, Call};
use crate::operations::registry::{self, Entry, Reply};
use arguments::Address;
use spreadsheet::Sheet;

/// Under which a client says that a request is the same as an earlier one.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Where the contract's paths begin.
pub const BASE: &str = "/api/v1";
const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// The routes under `/api/v1`, and the answer to every path that leads nowhere.
pub fn router(site: &Arc<HttpState>) -> Router {
    let mut router = Router::new();
    for entry in registry::ALL.iter() {
        let route = entry.spec.route;
        let sheet = Sheet::of(entry).map(Arc::new);
        let handler = async move |site, visit, variables, request: Request| {
            let sheet = sheet.filter(|_| spreadsheet::is_wanted(request.headers()));
            call(entry, sheet.as_deref(), site, visit, variables, request).await
        };
        router = router.route(
            &format!("{BASE}{}", route.path),
            on(filter(route.method), handler),
        );
    }
    for entry in registry::webhooks() {
        let handler = async move |site, visit, request: Request| {
            stripe_webhook::hear(entry, site, visit, request).await
        };
        router = router.route(&format!("{BASE}{}", entry.spec.route.path), post(handler));
    }
    router
        .with_state(site.clone())
        .merge(openapi::router(site))
        .merge(docs::router(site))
        .fallback(no_route)
}

fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Patch => MethodFilter::PATCH,
        Method::Delete => MethodFilter::DELETE,
    }
}

/// One call of an operation: the caller is judged first, then what was sent is read, then it is done.
async fn call(
    entry: &'static Entry,
    sheet: Option<&Sheet>,
    State(site): State<Arc<HttpState>>,
    Extension(visit): Extension<RequestMeta>,
    variables: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    // A path with a hole in it, or with what is no text, leads nowhere.
    let variables = match variables {
        Ok(variables) if variables.iter().all(|(_, value)| !value.is_empty()) => variables,
        _ => return no_route(Extension(visit)).await,
    };
    let context = &site.context;
    let address = Address::new(variables.iter(), parts.uri.query().unwrap_or_default());
    let mut call_context = visit.call_context(&site, &parts.headers, Face::Rest);
    let key = parts.headers.get(IDEMPOTENCY_KEY);
    call_context.call_control.idempotency_key =
        key.and_then(|key| key.to_str().ok().map(str::to_owned));
    let mut call = Call::begin(context, entry, &call_context);
    let reply = async {
        let caller = call.admit(call_context, &address.subject).await?;
        let said = address.read(&site, entry, &caller, &parts.headers, body);
        let said = said.await?;
        // Until the call is done, its body holds what it has of the budget.
        let _reservation = said.reservation;
        call.run(&caller, said.arguments, said.files).await
    };
    let reply: Result<Reply, Fault> = reply.await;
    let answer = call.answer(reply);
    if let Some(document) = answer.document() {
        return document::respond(&answer, document);
    }
    match sheet {
        Some(sheet) if answer.is_success() => counted(sheet.answer(&answer), &answer),
        _ => respond(&answer),
    }
}

/// With how many there are in all, where the answer is one part of a list.
fn counted(mut response: Response, answer: &Answer) -> Response {
    if let Some(total) = answer.total() {
        let headers = response.headers_mut();
        headers.insert(TOTAL_COUNT, HeaderValue::from(total));
    }
    response
}

fn respond(answer: &Answer) -> Response {
    if answer.status == 204 {
        return StatusCode::NO_CONTENT.into_response();
    }
    let mut response = counted(envelope(answer), answer);
    if answer.status == 401 {
        // HTTP demands it. A browser opens a dialog for Basic, so that one is not offered.
        let scheme = HeaderValue::from_static("Bearer realm=\"Clara\"");
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, scheme);
    }
    response
}

/// The answer to a path that leads nowhere.
async fn no_route(Extension(visit): Extension<RequestMeta>) -> Response {
    let fault = Fault::new(FaultKind::NoRoute);
    respond(&Answer::from_fault(&fault, &visit.request_id))
}

/// The answer where the path exists and the method does not; the router adds `Allow`. OPTIONS asks for nothing else.
pub async fn no_method(method: HttpMethod, Extension(visit): Extension<RequestMeta>) -> Response {
    if method == HttpMethod::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    let fault = Fault::new(FaultKind::MethodNotAllowed);
    respond(&Answer::from_fault(&fault, &visit.request_id))
}
