//! MCP over Streamable HTTP, at `/mcp`: the protocol library's service behind our own limits.

use std::sync::Arc;

use axum::Router;

use crate::faces::http::Site;

/// The route `/mcp`.
pub fn http_router(_site: &Arc<Site>) -> Router {
    Router::new()
}
