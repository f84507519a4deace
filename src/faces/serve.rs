//! Every route of `clara serve`: the faces, mounted beneath what all of them share.

use std::sync::Arc;

use axum::Router;

use super::http::{self, HttpState};
use super::{mcp, pages, rest};

/// The faces together, guarded.
pub fn router(site: &Arc<HttpState>) -> Router {
    let routes = Router::new()
        .merge(rest::router(site))
        .merge(mcp::router(site))
        .merge(pages::router(site))
        .merge(http::own_routes(site))
        .method_not_allowed_fallback(rest::no_method);
    http::guarded(routes, site)
}
