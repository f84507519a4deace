//! The MCP face: one server over the registry for every transport. Tools, their schemas and hints come from the
//! operations' entries; nothing about a single operation is known here.

mod backpressure;
mod calls;
mod elicitation;
mod handshake;
mod http;
mod http_common;
mod incoming;
mod instructions;
mod line;
mod message;
mod nearest;
mod owned_sessions;
mod params;
mod present;
mod prompts;
mod resources;
mod server;
mod session_owner;
mod sse;
mod stdio;
mod url_elicitation;

pub use present::tool;
pub use server::McpServer;
pub use stdio::serve_stdio;

use std::sync::Arc;

use axum::Router;
use rmcp::service::{RunningService, ServerInitializeError};
use rmcp::transport::Transport;
use rmcp::{RoleServer, ServiceExt as _};
use tokio_util::sync::CancellationToken;

use super::http::HttpState;

/// The error code of what was too much, in the range for errors of a server's own.
const RATE_LIMITED: i32 = -32029;

/// Serves one connection. What comes before the handshake and does not begin it (a notification, a stray response, an
/// `initialize` that is refused) is passed over: the protocol library would give the connection up.
async fn serve<T>(
    server: McpServer,
    transport: T,
    stop: CancellationToken,
) -> Result<RunningService<RoleServer, McpServer>, ServerInitializeError>
where
    T: Transport<RoleServer> + Clone + 'static,
{
    loop {
        let begun = server
            .clone()
            .serve_with_ct(transport.clone(), stop.clone())
            .await;
        match begun {
            Err(
                ServerInitializeError::ExpectedInitializeRequest(_)
                | ServerInitializeError::InitializeFailed(_),
            ) => {}
            begun => return begun,
        }
    }
}

/// The routes of both network transports. One caller's streams are counted over the two together.
pub fn router(site: &Arc<HttpState>) -> Router {
    let streams = http_common::Streams::new(site);
    http::router(site, &streams).merge(sse::router(site, streams))
}
