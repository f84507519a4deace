//! `clara serve` as a server: who may come in, how much at once, how it is watched, and how it stops.

mod admission;
mod away;
mod faults;
mod limits;
mod preflight;
mod second_factor;
mod secret_key;
mod secrets;
mod start;
mod stop;
mod together;
mod watched;

use clara_test_support::{self as support, postgres, rest, till};

use rest::client;
