//! Faces: the doors through which Clara is used. Each turns its own protocol into calls of operations and answers back.
//! A face knows operations and their registry; it must not know services, the store or adapters.

pub mod cli;
pub mod http;
mod json;
pub mod mcp;
pub mod pages;
pub mod rest;
mod serve;
