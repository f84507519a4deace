//! The MCP face: one server over the registry for every transport. Tools, their schemas and hints come from the
//! operations' entries; nothing about a single operation is known here.

mod asking;
mod backpressure;
mod calls;
mod door;
mod holder;
mod http;
mod incoming;
mod message;
mod offering;
mod opened;
mod present;
mod prompts;
mod resources;
mod server;
mod sse;
mod stdio;

pub use present::tool;
pub use server::McpServer;
pub use stdio::serve_stdio;

use std::sync::Arc;

use axum::Router;

use super::http::Site;

/// The routes of both network transports. One caller's streams are counted over the two together.
pub fn router(site: &Arc<Site>) -> Router {
    let streams = door::Streams::new(site);
    http::router(site, &streams).merge(sse::router(site, streams))
}
