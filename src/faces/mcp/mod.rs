//! The MCP face: one server over the registry for every transport. Tools, their schemas and hints come from the
//! operations' entries; nothing about a single operation is known here.

mod http;
mod present;
mod resources;
mod server;
mod sse;
mod stdio;

pub use http::http_router;
pub use present::tool;
pub use server::McpServer;
pub use sse::sse_router;
pub use stdio::serve_stdio;
