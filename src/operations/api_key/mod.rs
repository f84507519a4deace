//! API key: the one long-lived key of an account, to view and to replace.
//! A key never opens these doors itself: only somebody signed in sees or resets it.

mod reset;
mod view;

pub use reset::Reset;
pub use view::View;
