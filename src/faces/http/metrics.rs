//! Metrics of this process, in Prometheus' words. Layers count where things happen; here their meaning is described, and
//! `/metrics` shows them to this machine or to the operator.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, http::HeaderName};
use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use super::{HttpState, RequestMeta, guard};
use crate::operations::admission::require_operator;
use crate::operations::caller::Face;
use crate::operations::dispatch::Answer;

/// Upper bounds of the latency histogram, in seconds.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 60.0,
];
/// How often observations are folded into their buckets, so that they do not pile up between two looks.
const UPKEEP: Duration = Duration::from_secs(5);

/// Records this process's metrics from now on. Once a process.
pub fn record() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)?
        .install_recorder()?;
    describe();
    let upkeep = handle.clone();
    tokio::spawn(async move {
        let mut round = tokio::time::interval(UPKEEP);
        loop {
            round.tick().await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

fn describe() {
    describe_counter!(
        "clara_requests_total",
        "Calls of operations, by operation, face and status."
    );
    describe_histogram!(
        "clara_request_seconds",
        "Seconds that calls of operations took."
    );
    describe_counter!(
        "clara_http_responses_total",
        "HTTP answers by status, those that reached no operation included."
    );
    describe_counter!(
        "clara_connections_refused_total",
        "Connections closed at once because there were too many."
    );
    describe_counter!("clara_panics_total", "Handlers that panicked.");
    describe_counter!(
        "clara_rate_limited_total",
        "Calls refused by a rate limit, by limit."
    );
    describe_counter!(
        "clara_limits_not_kept_total",
        "Calls let through uncounted because the database did not answer in time, by limit."
    );
    describe_counter!(
        "clara_tasks_ended_total",
        "Analyses that this process ended, by how."
    );
    describe_counter!(
        "clara_credit_hundredths_moved_total",
        "Hundredths of a credit written to the books by this process, by cause."
    );
    describe_counter!(
        "clara_mails_total",
        "Tries of this process at sending a mail, by outcome."
    );
    describe_gauge!(
        "clara_mails_waiting",
        "Mails in the store that wait to be sent."
    );
    describe_gauge!("clara_tasks", "Analyses in the store that wait or run.");
    describe_gauge!("clara_workers_alive", "Analysis workers of this process.");
}

/// The route `/metrics`.
pub fn router(site: &Arc<HttpState>) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .with_state(site.clone())
}

/// Whether a header is one that proxies add.
fn is_proxys(name: &HeaderName) -> bool {
    const NAMES: [&str; 6] = [
        "forwarded",
        "via",
        "x-real-ip",
        "cf-connecting-ip",
        "true-client-ip",
        "x-envoy-external-address",
    ];
    let name = name.as_str();
    name.starts_with("x-forwarded-") || NAMES.contains(&name)
}

async fn show(
    State(site): State<Arc<HttpState>>,
    Extension(visit): Extension<RequestMeta>,
    headers: HeaderMap,
) -> Response {
    // Behind a proxy on this machine everybody seems to be local: what was forwarded is not, whichever header says so, and
    // a proxy that is known of may say nothing.
    let is_forwarded = headers.keys().any(is_proxys);
    let network = &site.context.settings.network;
    let may_forward = network.public_url.is_some();
    let is_local = visit.address.is_loopback() && !is_forwarded && !may_forward;
    let call_context = visit.call_context(&site, &headers, Face::Rest);
    if !is_local && let Err(refused) = require_operator(&site.context, &call_context).await {
        return guard::envelope(&Answer::from_fault(&refused, &visit.request_id));
    }
    if let Ok((waiting, running)) = crate::diagnostics::readiness::queue_length(&site.context).await
    {
        gauge!("clara_tasks", "state" => "pending").set(waiting);
        gauge!("clara_tasks", "state" => "running").set(running);
    }
    if let Ok(waiting) = crate::diagnostics::readiness::waiting_mails(&site.context).await {
        gauge!("clara_mails_waiting").set(waiting);
    }
    gauge!("clara_workers_alive").set(u32::try_from(site.workers.alive()).unwrap_or(u32::MAX));
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], site.metrics.render()).into_response()
}
