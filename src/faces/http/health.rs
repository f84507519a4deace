//! Health for machines: `/livez` says that the process runs, `/readyz` that it can do its work and is not stopping.
//! Plain routes, no operations; they cost no credential and tell nothing but states.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::json;

use super::HttpState;
use crate::diagnostics::readiness;

pub fn router(site: &Arc<HttpState>) -> Router {
    Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(site.clone())
}

async fn ready(State(site): State<Arc<HttpState>>) -> Response {
    let readiness = readiness::look(&site.context, &site.workers).await;
    let stopping = site.stop.is_cancelled();
    let status = if readiness.ready && !stopping {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({
        "ready": readiness.ready && !stopping,
        "stopping": stopping,
        "database": readiness.database,
        "migrations": readiness.migrations,
        "workers": readiness.workers,
    });
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, body.to_string()).into_response()
}
