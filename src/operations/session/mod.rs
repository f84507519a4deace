//! Session: where an account is signed in, and ending what should not be. For people: over REST, on pages and in the
//! operator's terminal; a model needs none of it.

mod end;
mod end_all;
mod view_all;

pub use end::End;
pub use end_all::EndAll;
pub use view_all::ViewAll;
