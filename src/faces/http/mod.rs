//! The HTTP server under every face that is reached by URL: listener and limits, who may come in, request ids, security
//! headers, health and a graceful stop. It knows no face that it carries.

mod body;
mod byte_budget;
mod concurrency;
mod drain;
mod file_form;
mod guard;
mod health;
mod listener;
mod metrics;
mod origin;
mod request_meta;
mod state;
mod watched_body;
mod write_timeout;

pub use body::{
    BodyRefusal, GuardedBody, MAX_BYTES_WITHOUT_FILES, STRANGERS_BYTES, announced, read_body,
    read_large_body, refuse_packed,
};
pub use byte_budget::{ByteBudget, Reservation};
pub use concurrency::{ConcurrencyLimiter, ConcurrencyLimits, ConcurrencyPermit};
pub use file_form::{FileForm, FormPart};
use guard::Guard;
pub use guard::envelope;
pub use listener::{Listening, listen};
pub use metrics::record as record_metrics;
pub use request_meta::RequestMeta;
pub use state::HttpState;
pub use watched_body::{BodyWatch, WatchedBody};

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

/// What there is beside the faces: health and metrics.
pub fn own_routes(site: &Arc<HttpState>) -> Router {
    health::router(site).merge(metrics::router(site))
}

/// Has every request to these routes pass what stands before all of them: one layer, for each has its price at every call.
pub fn guarded(routes: Router, site: &Arc<HttpState>) -> Router {
    routes.layer(from_fn_with_state(Arc::new(Guard::new(site)), guard::pass))
}
