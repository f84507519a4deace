//! User: an account looks at itself and changes its name or looks.
//! Knows the accounts service; what guards an account is under `auth`.

mod update;
mod view;

pub use update::Update;
pub use view::View;
