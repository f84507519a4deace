//! The MCP face: one server over the registry for every transport. Tools, their schemas and hints come from the
//! operations' entries; nothing about a single operation is known here.

mod present;
mod resources;
mod server;
mod stdio;

pub use present::tool;
pub use server::McpServer;
pub use stdio::serve_stdio;
