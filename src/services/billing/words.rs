//! How the books tell of purchases: a sentence a line, for the person whose credits they are. No number is decided here.

use crate::domain::credits::{Credits, FiatCents};
use crate::domain::purchase::Purchase;

/// Why credits are taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reversal {
    Refund,
    Dispute,
    /// It was reversed before it was known to be paid.
    Earlier,
}

/// The line of the purchase itself, as the contract has it.
pub(super) fn bought(purchase: &Purchase) -> String {
    format!(
        "User bought {} credits for {}.",
        purchase.credits,
        dollars(purchase.fiat)
    )
}

/// Credits taken back.
pub(super) fn taken(purchase: &Purchase, why: Reversal, amount: Credits) -> String {
    let reason = match why {
        Reversal::Refund => format!(
            "{} of it was refunded",
            dollars(purchase.refunded.min(purchase.fiat))
        ),
        Reversal::Dispute => "its payment is disputed".to_owned(),
        Reversal::Earlier => "its payment was reversed already".to_owned(),
    };
    format!(
        "Purchase of {} credits for {}: {reason}, so {amount} credits were taken back.",
        purchase.credits,
        dollars(purchase.fiat)
    )
}

/// Credits that were to be taken back and were spent: lent, in the line before the one that takes them.
pub(super) fn lent(lent: Credits, owed: Credits) -> String {
    format!(
        "{lent} credits that are taken back were spent already and are owed: {owed} owed in all, taken from the next \
         purchase."
    )
}

/// Owed credits taken from what came in.
pub(super) fn repaid(repaid: Credits, owed: Credits) -> String {
    format!("{repaid} owed credits were paid back from what came in: {owed} still owed.")
}

/// Credits given again.
pub(super) fn restored(purchase: &Purchase, amount: Credits) -> String {
    format!(
        "Purchase of {} credits for {}: the dispute is settled, so {amount} credits were given back.",
        purchase.credits,
        dollars(purchase.fiat)
    )
}

/// `$5`, or `$2.50` where there are cents.
pub(super) fn dollars(amount: FiatCents) -> String {
    let (whole, cents) = (amount.as_hundredths() / 100, amount.as_hundredths() % 100);
    if cents == 0 {
        format!("${whole}")
    } else {
        format!("${whole}.{cents:02}")
    }
}
