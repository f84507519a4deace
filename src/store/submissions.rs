//! Submissions that come twice: the same account, the same key, not long ago. Looked up in the transaction that
//! stores the task with its key, under the lock of the account's balance, so that of two at once one is the other's.

use super::sql::values;
use super::{StoreError, Transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::UserId;
use crate::domain::task::Task;

/// What makes a submission the same as an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionKey {
    pub digest: String,
    /// Earlier ones are others.
    pub since: Timestamp,
}

/// The task of the same submission, unless it came to nothing.
pub(super) async fn find(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
    key: &SubmissionKey,
) -> Result<Option<Task>, StoreError> {
    let row = transaction
        .optional(
            "SELECT * FROM tasks WHERE user_id = $1 AND submission_key = $2 AND created_at >= $3 \
             AND status IN ('PENDING', 'RUNNING', 'COMPLETED') ORDER BY position DESC LIMIT 1",
            values![user_id, &key.digest, key.since],
        )
        .await?;
    row.map(|row| super::tasks::task(&row, "result"))
        .transpose()
}
