//! The older MCP transport: an event stream at `/sse`, and `/messages` to post to.

use std::sync::Arc;

use axum::Router;

use crate::faces::http::Site;

/// The routes `/sse` and `/messages`.
pub fn sse_router(_site: &Arc<Site>) -> Router {
    Router::new()
}
