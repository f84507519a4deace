//! Purchases of credits: what was sold, what Stripe says of its payment, and how many credits a payment taken back is
//! worth. Pure rules; asking Stripe and storing the answer are others' work.

use super::clock::Timestamp;
use super::credits::{Credits, FiatCents};
use super::ids::{TransactionId, UserId};

/// How far a purchase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PurchaseStatus {
    /// Stored before Stripe is asked for a page.
    Started,
    /// There is a page to pay on.
    Open,
    /// Paid in a way that takes days; nothing is given yet.
    Pending,
    /// Paid, and the credits were given.
    Paid,
    /// Paid after its account was removed: nobody is left to give credits to, and the money is to be sent back by hand.
    Unclaimed,
    /// Its page closed unpaid.
    Expired,
    /// Its payment failed in the end.
    Failed,
}

impl PurchaseStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Started,
        Self::Open,
        Self::Pending,
        Self::Paid,
        Self::Unclaimed,
        Self::Expired,
        Self::Failed,
    ];

    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "STARTED",
            Self::Open => "OPEN",
            Self::Pending => "PENDING",
            Self::Paid => "PAID",
            Self::Unclaimed => "UNCLAIMED",
            Self::Expired => "EXPIRED",
            Self::Failed => "FAILED",
        }
    }

    /// Whether the money arrived, whoever it was for.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Paid | Self::Unclaimed)
    }
}

/// A purchase of credits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// The identifier of the ledger entry that its payment will make; also what Stripe is told to tell retries apart by.
    pub id: TransactionId,
    pub user_id: UserId,
    pub status: PurchaseStatus,
    /// What is sold.
    pub credits: Credits,
    /// What it costs, in cents of a dollar.
    pub fiat: FiatCents,
    /// Whether real money moves.
    pub is_live: bool,
    /// Stripe's Checkout Session, once there is one.
    pub session_id: Option<String>,
    /// Stripe's payment intent, once it is known.
    pub payment_id: Option<String>,
    /// What Stripe has paid back of it in all, in cents.
    pub refunded: FiatCents,
    /// The credits taken back for refunds and disputes as of now.
    pub taken: Credits,
    /// How often `taken` has changed.
    pub reversals: u32,
    pub created_at: Timestamp,
    /// When its page closes.
    pub expires_at: Timestamp,
}

/// How a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DisputeStatus {
    /// The bank holds the money back.
    Open,
    /// The payer keeps it.
    Lost,
    /// It came back, or was never held.
    Won,
}

impl DisputeStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Open, Self::Lost, Self::Won];

    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Lost => "LOST",
            Self::Won => "WON",
        }
    }
}

impl DisputeStatus {
    /// What is known after both were heard, in whatever order: an end beats the beginning, and money that came back is
    /// back.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let rank = |status| match status {
            Self::Open => 0,
            Self::Lost => 1,
            Self::Won => 2,
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}

/// A payer's bank wants a payment back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Stripe's.
    pub id: String,
    /// Stripe's payment intent that it is about.
    pub payment_id: String,
    /// In cents.
    pub amount: FiatCents,
    pub status: DisputeStatus,
}

impl Dispute {
    /// What is known after hearing of the same dispute once more.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self {
            status: self.status.and(other.status),
            amount: self.amount.max(other.amount),
            ..self
        }
    }

    /// The cents that it keeps from us.
    pub fn withheld(&self) -> FiatCents {
        match self.status {
            DisputeStatus::Open | DisputeStatus::Lost => self.amount,
            DisputeStatus::Won => FiatCents::ZERO,
        }
    }
}

/// As much of `whole` as `part` is of `of`, rounded down, and never more than all of it: how many credits a reversed
/// payment asks back, and what credits have cost.
pub fn share(whole: Credits, of: FiatCents, part: FiatCents) -> Credits {
    if part >= of {
        return whole;
    }
    let wide = |amount: Credits| i128::from(amount.as_hundredths());
    let share = wide(whole) * wide(part).max(0) / wide(of);
    Credits::hundredths(i64::try_from(share).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reversal_asks_back_its_share_and_never_more_than_all() {
        let asked_back = |reversed| {
            share(
                Credits::whole(500),
                FiatCents::hundredths(500),
                FiatCents::hundredths(reversed),
            )
        };
        assert_eq!(asked_back(0), Credits::ZERO);
        assert_eq!(asked_back(1), Credits::whole(1));
        assert_eq!(asked_back(250), Credits::whole(250));
        assert_eq!(asked_back(500), Credits::whole(500));
        assert_eq!(asked_back(900), Credits::whole(500));
        let third = share(
            Credits::whole(1),
            FiatCents::hundredths(300),
            FiatCents::hundredths(100),
        );
        assert_eq!(third, Credits::hundredths(33), "rounded down");
    }
}
