//! Stripe: what credits cost, where to buy them, and the customer portal.
//! Rates are settings; the pages are Stripe's own, and answer as documented where Stripe is not configured.

mod buy;
mod portal;
mod rate;
mod settle;

pub use buy::Buy;
pub use portal::Portal;
pub use rate::Rate;
pub use settle::Settle;
