//! Second factors: what was found right of one is used up here, in the transaction of what it opens. It keeps digests and
//! seals, and never sees a code.

use super::codes::{self, RightCode};
use super::sql::values;
use super::{StoreError, Transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::UserId;

/// What stands for an account's second factor. It is checked once more where it is used up: the factor may have been
/// switched, or the code used, meanwhile.
#[derive(Debug, Clone)]
pub enum SecondFactorProof {
    /// None is on, so none is asked for.
    NotOn,
    /// A mailed code that was found right.
    Mailed(RightCode),
}

/// Uses the proof up; `false` where somebody was faster or it is not what is asked for any more. The account's row is held.
pub(super) async fn redeem(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
    proof: &SecondFactorProof,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match proof {
        SecondFactorProof::NotOn => {
            let off = transaction
                .optional(
                    "SELECT id FROM users WHERE id = $1 AND NOT is_2fa_enabled",
                    values![user_id],
                )
                .await?;
            Ok(off.is_some())
        }
        SecondFactorProof::Mailed(code) => codes::redeem(transaction, code, now).await,
    }
}
