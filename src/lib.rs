//! Clara, a fact-checking service for language-model agents: claims, a verdict for each, and quoted evidence.
//!
//! Faces (MCP, REST, command line) stand on operations, operations on services, services on the store and on adapters,
//! and all of them on the domain. `ARCHITECTURE.md` draws the map.
#![forbid(unsafe_code)]

pub use clara_analysis as analysis;
pub use clara_domain as domain;

pub mod adapters;
pub mod context;
pub mod data_dir;
pub mod diagnostics;
pub mod faces;
pub mod fault;
pub mod operations;
pub mod services;
pub mod settings;
pub mod store;
pub mod worker;
