//! Everything outside the process, one file an outside: here only bytes and protocols, no rule of the house. What is
//! tried again, and when, services decide.

pub mod breached;
pub mod files;
pub mod google;
pub mod mail;
pub mod own_server;
pub mod stripe;
pub mod web;
