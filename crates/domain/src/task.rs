//! An analysis as its owner sees it: a task with a status, a progress, and in the end a report or a reason. Leases,
//! workers and payment are not here: the store and services have them.

use std::fmt;

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

/// Why a finished analysis costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiver {
    NoClaim,
    NoSource,
}

impl Waiver {
    /// Of an analysis that found so many claims and had so many sources to weigh them against.
    pub fn of(claims: usize, sources: usize) -> Option<Self> {
        match (claims, sources) {
            (0, _) => Some(Self::NoClaim),
            (_, 0) => Some(Self::NoSource),
            _ => None,
        }
    }

    /// What the analysis did, after its name: `found no claim`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoClaim => "found no claim",
            Self::NoSource => "had no source to check against",
        }
    }
}

/// The longest title of a task, in characters.
const MAX_TITLE_CHARS: usize = 80;

/// The first words of a submitted text on one line, so that its owner recognizes it in a list; `None` where there are none.
pub fn title_of(text: &str) -> Option<String> {
    let separates = |c: char| c.is_whitespace() || c.is_control();
    let words = text.split(separates).filter(|word| !word.is_empty());
    let mut title = String::new();
    let mut length = 0;
    for word in words {
        let space = usize::from(length > 0);
        let word_length = word.chars().count();
        if length + space + word_length > MAX_TITLE_CHARS {
            if length == 0 {
                title.extend(word.chars().take(MAX_TITLE_CHARS - 1));
            }
            title.push('…');
            break;
        }
        if space > 0 {
            title.push(' ');
        }
        title.push_str(word);
        length += space + word_length;
    }
    (!title.is_empty()).then_some(title)
}

/// How far an analysis is: what a worker tells while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TaskProgress {
    /// 0 to 100.
    pub percent: u8,
    pub claims: Option<ClaimProgress>,
}

impl From<u8> for TaskProgress {
    fn from(percent: u8) -> Self {
        Self {
            percent,
            claims: None,
        }
    }
}

/// How many of an analysis' claims are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimProgress {
    pub judged: u32,
    pub total: u32,
}

impl fmt::Display for ClaimProgress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { judged, total } = self;
        let claims = if *total == 1 { "claim" } else { "claims" };
        write!(formatter, "{judged} of {total} {claims} judged")
    }
}

/// An analysis. `result` is the stored report as JSON, for lists only its `format`, `summary` and `counts`.
#[derive(Debug, Clone)]
pub struct Task {
    pub id: TaskId,
    pub user_id: UserId,
    pub status: TaskStatus,
    /// The first words of its text; `None` where the text is gone.
    pub title: Option<String>,
    /// 0 to 100.
    pub progress: u8,
    /// How many of its claims are judged, where that takes long enough to be told.
    pub claim_progress: Option<ClaimProgress>,
    pub result: Option<serde_json::Value>,
    pub error: Option<TaskError>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::title_of;

    #[test]
    fn title_is_the_first_words_on_one_line() {
        let short = "The mill\r\n\tis  31 metres high.\u{0}";
        assert_eq!(title_of(short).unwrap(), "The mill is 31 metres high.");
        let words = title_of(&"mill ".repeat(40)).unwrap();
        assert_eq!(words, format!("{}mill…", "mill ".repeat(15)));
        let one = title_of(&"ä".repeat(200)).unwrap();
        assert_eq!(one, format!("{}…", "ä".repeat(79)));
        assert_eq!(title_of(&"ä".repeat(80)).unwrap(), "ä".repeat(80));
        assert_eq!(title_of(" \n"), None);
    }
}
