//! An analysis as its owner sees it: a task with a status, a progress, and in the end a report or a reason. Leases,
//! workers and payment are not here: the store and services have them.

use super::clock::Timestamp;
use super::ids::{TaskId, UserId};

/// Where a task stands.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum TaskStatus {
    /// Paid for and waiting for a worker.
    Pending,
    /// A worker holds its lease.
    Running,
    /// Ended with a report.
    Completed,
    /// Ended without one; the credits went back.
    Failed,
    /// Ended by its owner; the credits went back.
    Cancelled,
}

impl TaskStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Running,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Whether nothing will change any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// Why a task failed, for its owner.
#[derive(
    Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub struct TaskError {
    /// What went wrong and what to do about it.
    #[schemars(extend("examples" = ["The analysis took too long; submit a shorter text."]))]
    pub message: String,
    /// Whether submitting the same again may work.
    #[schemars(extend("examples" = [true]))]
    pub retryable: bool,
}

/// An analysis. `result` is the stored report as JSON, for lists only its `format`, `summary` and `counts`.
#[derive(Debug, Clone)]
pub struct Task {
    pub id: TaskId,
    pub user_id: UserId,
    pub status: TaskStatus,
    /// 0 to 100.
    pub progress: u8,
    pub result: Option<serde_json::Value>,
    pub error: Option<TaskError>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
