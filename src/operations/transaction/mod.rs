//! Transactions: what moved an account's credits, line by line.
//! Reading only; the books are written by whatever causes an entry.

mod view;
mod view_all;

pub use view::View;
pub use view_all::ViewAll;
