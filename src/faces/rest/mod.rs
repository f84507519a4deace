//! The REST face: every operation at its documented method and path, in the documented envelope.

pub mod openapi;

use std::sync::Arc;

use axum::Router;

use super::http::Site;

/// The routes under `/api/v1`.
pub fn router(_site: &Arc<Site>) -> Router {
    Router::new()
}
