//! Stripe: what credits cost, where to buy them, and the customer portal.
//! Rates are settings; what needs Stripe itself answers as documented while it is not configured.

mod buy;
mod portal;
mod rate;

pub use buy::Buy;
pub use portal::Portal;
pub use rate::Rate;
