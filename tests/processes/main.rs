//! Many processes on one data directory, and processes that end at the worst moment: nothing is lost, made twice or
//! left half done.

#[path = "../support/mod.rs"]
mod support;

mod crash;
mod together;
