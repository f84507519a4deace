//! User: an account looks at itself, changes its name or looks, takes all that is kept of it along, and ends.
//! Knows the accounts and exports services; what guards an account is under `auth`.

mod delete;
mod export;
mod update;
mod view;

pub use delete::Delete;
pub use export::Export;
pub use update::Update;
pub use view::View;
