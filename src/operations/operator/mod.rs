//! Operator: what only whoever holds the deployment's private key may do, over REST: look at all accounts, set a balance,
//! remove an account. None of it is a tool: no model gets these.

mod delete_user;
mod list_users;
mod set_credits;

pub use delete_user::DeleteUser;
pub use list_users::ListUsers;
pub use set_credits::SetCredits;
