//! What answers show of accounts, keys, transactions and tasks: the contract's objects, and nothing that is never out.
//! They copy and name fields; no rule is decided here.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::domain::clock::Timestamp;
use crate::domain::credits::{Credits, FiatCents};
use crate::domain::ids::{ApiKeyId, TaskId, TransactionId, UserId};
use crate::domain::ledger::{Direction, LedgerEntry};
use crate::domain::page::{Page, Whole};
use crate::domain::task::{ClaimProgress, Task, TaskError, TaskStatus};
use crate::domain::user::{ApiKey, User};

/// An account.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "User")]
pub struct UserView {
    id: UserId,
    #[schemars(extend("examples" = ["ada@example.org"]))]
    email: String,
    #[schemars(extend("examples" = ["Ada"]))]
    first_name: Option<String>,
    #[schemars(extend("examples" = ["Marsh"]))]
    last_name: Option<String>,
    /// Balance.
    credits: Credits,
    #[schemars(extend("examples" = [true]))]
    is_active: bool,
    #[schemars(extend("examples" = [false]))]
    is_2fa_enabled: bool,
    #[schemars(extend("examples" = [true]))]
    is_dark_mode: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email.to_string(),
            first_name: user.first_name.map(|name| name.to_string()),
            last_name: user.last_name.map(|name| name.to_string()),
            credits: user.credits,
            is_active: user.is_active,
            is_2fa_enabled: user.is_2fa_enabled,
            is_dark_mode: user.is_dark_mode,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// An account that has just signed in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SignedIn")]
pub struct SignedInView {
    #[serde(flatten)]
    user: UserView,
    /// Session token, for `Authorization: Bearer`.
    #[schemars(extend("examples" = ["clara_user_eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"]))]
    token: String,
    /// Whether this very call made the account; the answer's message says so, its data does not.
    #[serde(skip)]
    pub is_new: bool,
}

impl SignedInView {
    /// The one place where a session's token becomes text for its owner.
    pub fn new(user: User, token: String) -> Self {
        Self {
            user: user.into(),
            token,
            is_new: false,
        }
    }
}

/// An account's API key.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApiKey")]
pub struct ApiKeyView {
    id: ApiKeyId,
    /// For `Authorization: Bearer`, or `API_KEY_TOKEN`.
    #[schemars(extend("examples" = ["clara_api_eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"]))]
    token: String,
    user_id: UserId,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// To the minute; null until it is used.
    last_used_at: Option<Timestamp>,
}

impl ApiKeyView {
    /// The one place where a key's token becomes text for its owner.
    pub fn new(key: ApiKey, token: String) -> Self {
        Self {
            id: key.id,
            token,
            user_id: key.user_id,
            created_at: key.created_at,
            updated_at: key.updated_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// A line of the books.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Transaction")]
pub struct TransactionView {
    id: TransactionId,
    user_id: UserId,
    #[serde(rename = "type")]
    #[schemars(extend("examples" = ["DEBIT"]))]
    direction: Direction,
    #[schemars(extend("examples" = ["User ran an analysis."]))]
    description: String,
    #[schemars(extend("examples" = [20.0]))]
    value_in_credits: Credits,
    /// Dollars.
    #[schemars(extend("examples" = [0.2]))]
    value_in_fiat: FiatCents,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<LedgerEntry> for TransactionView {
    fn from(entry: LedgerEntry) -> Self {
        Self {
            id: entry.id,
            user_id: entry.user_id,
            direction: entry.direction,
            description: entry.description,
            value_in_credits: entry.amount,
            value_in_fiat: entry.fiat,
            created_at: entry.created_at,
            // An entry is never changed after it was made.
            updated_at: entry.created_at,
        }
    }
}

/// An analysis.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Task")]
pub struct TaskView {
    id: TaskId,
    user_id: UserId,
    #[schemars(extend("examples" = ["COMPLETED"]))]
    status: TaskStatus,
    /// Percent.
    #[schemars(range(min = 0, max = 100))]
    #[schemars(extend("examples" = [100]))]
    progress: u8,
    /// While a model judges: how many claims it is through with.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim_progress: Option<ClaimProgressView>,
    /// The report, once COMPLETED.
    #[schemars(with = "Option<serde_json::Map<String, Value>>", extend("examples" = [brief_report()]))]
    result: Option<Value>,
    /// Why it FAILED.
    #[schemars(extend("examples" = [null]))]
    error: Option<TaskError>,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// What this very call paid for it, where it began it.
    #[serde(skip)]
    pub paid: Option<Paid>,
}

/// How many claims of an analysis are judged.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ClaimProgress")]
struct ClaimProgressView {
    #[schemars(extend("examples" = [7]))]
    judged: u32,
    #[schemars(extend("examples" = [12]))]
    total: u32,
}

/// An analysis in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListedTask")]
pub struct ListedTaskView {
    #[serde(flatten)]
    task: TaskView,
    /// The first words of its text; null once the text is deleted.
    #[schemars(extend("examples" = ["The lighthouse of Lindmouth was built in 1911."]))]
    title: Option<String>,
}

impl From<Task> for ListedTaskView {
    fn from(mut task: Task) -> Self {
        Self {
            title: task.title.take(),
            task: task.into(),
        }
    }
}

/// What a call paid, and the balance after it.
#[derive(Debug, Clone, Copy)]
pub struct Paid {
    pub price: Credits,
    pub left: Credits,
}

impl TaskView {
    /// A task that a call has just paid for.
    pub fn paid_by(task: Task, paid: Paid) -> Self {
        Self {
            paid: Some(paid),
            ..task.into()
        }
    }
}

/// What lists show of a report.
fn brief_report() -> Value {
    serde_json::json!({
        "format": "clara-report/2",
        "summary": "2 claims: 1 supported, 1 refuted.",
        "counts": {"supported": 1, "refuted": 1, "conflicting": 0, "not_enough_evidence": 0},
    })
}

impl From<Task> for TaskView {
    fn from(task: Task) -> Self {
        Self {
            id: task.id,
            user_id: task.user_id,
            status: task.status,
            progress: task.progress,
            claim_progress: task
                .claim_progress
                .filter(|_| task.status == TaskStatus::Running)
                .map(|ClaimProgress { judged, total }| ClaimProgressView { judged, total }),
            result: task.result,
            error: task.error,
            created_at: task.created_at,
            updated_at: task.updated_at,
            paid: None,
        }
    }
}

/// One part of a list; shown as its items alone, with the total beside the answer where a face has a place for it.
#[derive(Debug)]
pub struct Listed<T> {
    items: Vec<T>,
    /// How many there are in all.
    pub total: u64,
}

impl<T> Listed<T> {
    /// A part of `total` items, as they are shown.
    pub fn new<U: Into<T>>((items, total): (Vec<U>, u64)) -> Self {
        Self {
            items: items.into_iter().map(Into::into).collect(),
            total,
        }
    }
}

impl<T: Serialize> Serialize for Listed<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.serialize(serializer)
    }
}

impl<T: JsonSchema> JsonSchema for Listed<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Vec::<T>::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<T>::json_schema(generator)
    }
}

/// Which part of a list.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageInput {
    /// Rows at most; 20 if missing.
    #[schemars(extend("examples" = [20]))]
    limit: Option<Whole<1, 100>>,
    /// Rows to skip, newest first; 0 if missing.
    #[schemars(extend("examples" = [0]))]
    offset: Option<Whole<0, 1_000_000_000>>,
}

impl From<PageInput> for Page {
    fn from(input: PageInput) -> Self {
        Self {
            limit: input.limit.map_or(Page::DEFAULT_LIMIT, Whole::get),
            offset: input.offset.map_or(0, Whole::get),
        }
    }
}
