//! One request to the API from its arrival to its answer: who asks, in which version, whether it was asked before, what a
//! test ordered to go wrong with it, and what it was answered.

use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use hyper::http::request::Parts;
use serde_json::Value;

use super::commands::{Logged, What};
use super::endpoints::{self, Call, Route};
use super::idempotency::Kept;
use super::parameters::{self, Parameters};
use super::problem::Problem;
use super::server::{Cut, Reply, Server};
use super::state::Cause;

struct Answer {
    kept: Kept,
    replayed: bool,
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

pub async fn answer(server: &Server, head: &Parts, body: &[u8]) -> Result<Reply, Cut> {
    let method = head.method.as_str();
    let path = head.uri.path();
    let mut logged = Logged {
        method: method.to_owned(),
        path: path.to_owned(),
        idempotency_key: header(&head.headers, "idempotency-key"),
        stripe_version: header(&head.headers, "stripe-version"),
        ..Logged::default()
    };
    let (number, request_id, fault) = {
        let mut state = server.state();
        state.log.push(logged.clone());
        let number = state.log.len() - 1;
        let request_id = state.new_id("req");
        (number, request_id, state.take_fault(method, path))
    };
    let asked = understand(&mut logged, head, body);
    server.state().log[number] = logged.clone();
    if fault == Some(What::CutBefore) {
        server.state().journal.request(&logged);
        return Err(Cut);
    }
    let outcome = match asked {
        Ok((route, call)) => carry_out(server, route, call, &logged, &request_id, fault).await,
        Err(problem) => Err(problem),
    };
    if fault == Some(What::CutAfter) {
        server.state().journal.request(&logged);
        return Err(Cut);
    }
    let answer = outcome.unwrap_or_else(|problem| Answer {
        kept: kept(&problem, &request_id),
        replayed: false,
    });
    logged.status = Some(answer.kept.status);
    logged.replayed = answer.replayed;
    logged.body = answer.kept.body.clone();
    let reply = reply(&answer, &logged, &request_id);
    let mut state = server.state();
    state.journal.request(&logged);
    state.log[number] = logged;
    Ok(reply)
}

fn kept(problem: &Problem, request_id: &str) -> Kept {
    Kept {
        status: problem.status,
        body: problem.body(request_id),
        request_id: request_id.to_owned(),
    }
}

/// What is asked for, noted as far as it can be read.
fn understand(
    logged: &mut Logged,
    head: &Parts,
    body: &[u8],
) -> Result<(&'static Route, Call), Problem> {
    let found = endpoints::find(&logged.method, &logged.path);
    if let Some((route, _)) = &found {
        route.template.clone_into(&mut logged.template);
    }
    logged.query = parameters::parse(head.uri.query().unwrap_or_default())?;
    let body = std::str::from_utf8(body);
    let body = body.map_err(|_| Problem::malformed("The body is no text."))?;
    logged.form = parameters::parse(body)?;
    let kind = header(&head.headers, CONTENT_TYPE.as_str());
    if !body.is_empty() && kind.as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::malformed("A body is a form, and says so."));
    }
    let authorization = header(&head.headers, AUTHORIZATION.as_str());
    let key = authorization
        .as_deref()
        .and_then(|text| text.strip_prefix("Bearer "));
    if !key.is_some_and(|key| key.starts_with("sk_test_") || key.starts_with("rk_test_")) {
        return Err(Problem::unauthorized());
    }
    // Stripe takes its account's own version where none is sent; whoever is tested here must not rely on it.
    if !logged.stripe_version.as_deref().is_some_and(is_version) {
        return Err(Problem::malformed(
            "The header Stripe-Version is missing or no version.",
        ));
    }
    let unknown = || Problem::unknown_address(&logged.method, &logged.path);
    let (route, id) = found.ok_or_else(unknown)?;
    let (parameters, elsewhere) = match route.method {
        "GET" => (&logged.query, &logged.form),
        _ => (&logged.form, &logged.query),
    };
    if let Some(name) = elsewhere.keys().next() {
        let message = "A GET says it in its query, a POST in its form.";
        return Err(Problem::invalid(name, message));
    }
    let call = Call {
        id,
        parameters: parameters.clone(),
        cause: Cause::default(),
    };
    Ok((route, call))
}

/// A date, and since 2024 a name after it.
fn is_version(version: &str) -> bool {
    let (date, name) = version.split_once('.').unwrap_or((version, "x"));
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = date.split('-').collect();
    let is_date = matches!(parts[..], [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2));
    is_date && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// A key whose first request is under way; free again where that request vanishes without an answer to keep.
struct InUse<'a> {
    server: &'a Server,
    key: String,
}

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        self.server.state().keys.free(&self.key);
    }
}

async fn carry_out(
    server: &Server,
    route: &Route,
    mut call: Call,
    logged: &Logged,
    request_id: &str,
    fault: Option<What>,
) -> Result<Answer, Problem> {
    if let Some(What::Status(status)) = fault.filter(|fault| *fault != What::Status(500)) {
        return Err(Problem::ordered(status));
    }
    // Stripe reads keys of POST alone.
    let key = logged
        .idempotency_key
        .clone()
        .filter(|_| route.method == "POST");
    let in_use = match key.clone() {
        None => None,
        Some(key) => {
            let mut state = server.state();
            let now = state.now();
            if let Some(kept) = state
                .keys
                .begin(&key, &logged.path, &call.parameters, now)?
            {
                return Ok(Answer {
                    kept,
                    replayed: true,
                });
            }
            Some(InUse { server, key })
        }
    };
    if fault == Some(What::TimeOut) {
        server.hold().await;
    }
    call.cause = Cause {
        request_id: Some(request_id.to_owned()),
        key,
    };
    let outcome = execute(server, route, &call, fault);
    let (kept, executed) = match &outcome {
        Ok(body) => (
            Kept {
                status: 200,
                body: body.clone(),
                request_id: request_id.to_owned(),
            },
            true,
        ),
        Err(problem) => (kept(problem, request_id), problem.executed),
    };
    if let Some(InUse { key, .. }) = in_use.as_ref().filter(|_| executed) {
        server.state().keys.keep(key, kept.clone());
    }
    if fault == Some(What::TimeOutAfter) {
        server.hold().await;
    }
    Ok(Answer {
        kept,
        replayed: false,
    })
}

fn execute(
    server: &Server,
    route: &Route,
    call: &Call,
    fault: Option<What>,
) -> Result<Value, Problem> {
    if fault == Some(What::Status(500)) {
        return Err(Problem::ordered(500));
    }
    let mut state = server.state();
    check_expand(&call.parameters)?;
    let mut body = (route.endpoint)(&mut state, call)?;
    endpoints::expand(&state, call, &mut body)?;
    Ok(body)
}

/// Before anything is done: a refusal must not leave an object behind.
fn check_expand(given: &Parameters) -> Result<(), Problem> {
    match given.get("expand") {
        None | Some(Value::Array(_)) => Ok(()),
        Some(_) => Err(Problem::invalid("expand", "`expand` is a list.")),
    }
}

fn reply(answer: &Answer, logged: &Logged, request_id: &str) -> Reply {
    let mut reply = hyper::Response::builder()
        .status(answer.kept.status)
        .header(CONTENT_TYPE, "application/json")
        .header("Request-Id", request_id);
    if let Some(version) = &logged.stripe_version {
        reply = reply.header("Stripe-Version", version);
    }
    if let Some(key) = &logged.idempotency_key {
        reply = reply.header("Idempotency-Key", key);
    }
    if answer.replayed {
        reply = reply
            .header("Idempotent-Replayed", "true")
            .header("Original-Request", &answer.kept.request_id);
    }
    let body = serde_json::to_string_pretty(&answer.kept.body).unwrap();
    reply.body(body.into()).unwrap()
}
