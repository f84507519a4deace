//! The books: entries that are only ever added, and what each was caused by. Adding up and storing them is the store's
//! work.

use super::clock::Timestamp;
use super::credits::{Credits, FiatCents};
use super::ids::{TransactionId, UserId};

/// Which way credits moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Direction {
    /// Credits were added.
    Credit,
    /// Credits were taken.
    Debit,
}

impl Direction {
    /// The word on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credit => "CREDIT",
            Self::Debit => "DEBIT",
        }
    }
}

/// Why credits moved. A cause with its identifier moves money once, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CauseKind {
    /// Free credits at activation; the identifier is the user's.
    Signup,
    /// The local account filled up at start; the identifier is drawn anew each time.
    LocalFill,
    /// Credits reserved for an analysis; the identifier is the task's.
    Reservation,
    /// Credits given back for an analysis that failed or was cancelled; the identifier is the task's.
    Refund,
    /// Credits bought; the identifier is the payment's.
    Purchase,
    /// Credits taken back because their payment was refunded or is disputed; the identifier is the purchase's with a
    /// number.
    PurchaseRefund,
    /// Credits given again because a dispute was won; the identifier is the purchase's with a number.
    PurchaseRestored,
    /// Credits that were to be taken back and had been spent: lent, so that the balance stays at zero. The identifier is
    /// that of what takes them back.
    Advance,
    /// Lent credits taken back from a purchase; the identifier is that of what brought the credits.
    Repayment,
    /// The operator set a balance; the identifier is drawn anew each time.
    Adjustment,
}

impl CauseKind {
    /// Every kind of cause.
    pub const ALL: [Self; 10] = [
        Self::Signup,
        Self::LocalFill,
        Self::Reservation,
        Self::Refund,
        Self::Purchase,
        Self::PurchaseRefund,
        Self::PurchaseRestored,
        Self::Advance,
        Self::Repayment,
        Self::Adjustment,
    ];

    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signup => "signup",
            Self::LocalFill => "local_fill",
            Self::Reservation => "reservation",
            Self::Refund => "refund",
            Self::Purchase => "purchase",
            Self::PurchaseRefund => "purchase_refund",
            Self::PurchaseRestored => "purchase_restored",
            Self::Advance => "advance",
            Self::Repayment => "repayment",
            Self::Adjustment => "adjustment",
        }
    }
}

/// One line of the books.
#[derive(Debug, Clone)]
pub struct LedgerEntry {
    pub id: TransactionId,
    pub user_id: UserId,
    pub direction: Direction,
    /// Always more than zero; the direction says which way.
    pub amount: Credits,
    /// What was paid for a purchase, else what the credits are worth at the rate.
    pub fiat: FiatCents,
    pub description: String,
    pub created_at: Timestamp,
}
