//! Everything outside the process, one file an outside: here only bytes and protocols, no rule of the house.

pub mod files;
pub mod web;
