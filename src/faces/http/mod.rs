//! The HTTP server under every face that is reached by URL: listener and limits, who may come in, request ids, security
//! headers, health and a graceful stop. REST and MCP are mounted here; what they answer is their own business.

mod body;
mod byte_budget;
mod drain;
mod guard;
mod health;
mod listener;
mod metrics;
mod origin;
mod request_meta;
mod state;
mod write_timeout;

pub use body::{
    BodyRefusal, GuardedBody, MAX_BYTES_WITHOUT_FILES, STRANGERS_BYTES, announced, read_body,
    read_large_body, refuse_packed,
};
pub use byte_budget::{ByteBudget, Reservation};
pub use guard::envelope;
pub use listener::{Listening, listen};
pub use metrics::record as record_metrics;
pub use request_meta::RequestMeta;
pub use state::HttpState;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use super::{mcp, pages, rest};

/// Every route of `clara serve`.
pub fn router(site: &Arc<HttpState>) -> Router {
    Router::new()
        .merge(rest::router(site))
        .merge(mcp::router(site))
        .merge(pages::router(site))
        .merge(health::router(site))
        .merge(metrics::router(site))
        .method_not_allowed_fallback(rest::no_method)
        .layer(from_fn_with_state(site.clone(), guard::admit))
        .layer(from_fn_with_state(origin::cors(site), origin::share))
        .layer(from_fn_with_state(site.clone(), guard::common_headers))
        .layer(from_fn_with_state(site.clone(), request_meta::receive))
}
