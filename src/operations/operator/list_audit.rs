//! List Audit: the trail of everybody or of one account, removed ones too, newest first, for the operator. Knows the audit
//! service and, for an address, the caller's subject only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::act;
use crate::context::Context;
use crate::domain::audit::EventName;
use crate::domain::clock::Timestamp;
use crate::domain::ids::UserId;
use crate::domain::operator::{OperatorName, Reason};
use crate::domain::page::{Page, Whole};
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::Listed;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::audit::{AuditRecord, WantedRecords};

/// Lists what was done: by or to all accounts or one, newest first. Rows are kept for a year, whole network addresses for 30
/// days. Needs the private API key.
#[derive(JsonSchema)]
pub struct ListAudit;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Only of this account, which may be removed by now.
    user_id: Option<UserId>,
    /// Only events of this name.
    event: Option<EventName>,
    /// Only rows before this position: the last of a page leads to the next, whatever is written meanwhile.
    #[schemars(extend("examples" = [42]))]
    before: Option<Whole<1, { u32::MAX }>>,
    /// Rows at most; 20 if missing.
    #[schemars(extend("examples" = [20]))]
    limit: Option<Whole<1, 1_000>>,
    /// Rows to skip, newest first; 0 if missing.
    #[schemars(extend("examples" = [0]))]
    offset: Option<Whole<0, 1_000_000_000>>,
    /// Who acts, for the audit trail.
    operator: Option<OperatorName>,
    /// Why, for the audit trail.
    reason: Option<Reason>,
}

/// A row of the trail.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AuditEntry")]
pub struct AuditView {
    /// Grows with each row.
    #[schemars(extend("examples" = [42]))]
    position: i64,
    created_at: Timestamp,
    /// Whose account it is about.
    user_id: Option<UserId>,
    #[schemars(extend("examples" = ["sign_in_refused"]))]
    event: String,
    /// Whether it was let through.
    #[schemars(extend("examples" = [false]))]
    good: bool,
    /// Where the call came from; after 30 days its network only.
    #[schemars(extend("examples" = ["192.0.2.7"]))]
    address: Option<String>,
    /// The face it came in by.
    #[schemars(extend("examples" = ["rest"]))]
    face: String,
    /// The call's identifier, which the log carries too; the caller's own choice where they gave one.
    #[schemars(extend("examples" = ["req_7f3a"]))]
    request_id: String,
    /// Clara's own identifier of the call, which nobody chose.
    #[schemars(extend("examples" = ["9b1d40c2e7a65f03"]))]
    own_request_id: Option<String>,
    /// What else there is to know, as JSON.
    #[schemars(extend("examples" = ["{\"reason\":\"password\"}"]))]
    details: String,
}

impl From<AuditRecord> for AuditView {
    fn from(record: AuditRecord) -> Self {
        Self {
            position: record.position,
            created_at: record.at,
            user_id: record.user_id,
            event: record.event,
            good: record.good,
            address: record.address,
            face: record.face,
            request_id: record.request_id,
            own_request_id: record.own_request_id,
            details: record.details,
        }
    }
}

impl Operation for ListAudit {
    type Input = Input;
    type Output = Listed<AuditView>;
    const SPEC: Spec = Spec {
        tool: "operator_list_audit",
        title: "List the audit trail",
        area: Area::Operator,
        route: Route::get("/audit"),
        access: Access::Operator,
        while_inactive: false,
        about_account: false,
        body: Body::None,
        success: Success::ok("Audit trail fetched successfully."),
        hints: Hints::READ,
    };

    async fn run(
        context: &Context,
        caller: &Caller,
        input: Input,
    ) -> Result<Listed<AuditView>, Fault> {
        // In the terminal an account may be named by its address, which was looked up with the caller.
        let named = caller.user().ok().map(|user| user.id.clone());
        let wanted = WantedRecords {
            user_id: input.user_id.or(named),
            event: input.event,
            before: input.before.map(Whole::get),
            page: Page {
                limit: input.limit.map_or(Page::DEFAULT_LIMIT, Whole::get),
                offset: input.offset.map_or(0, Whole::get),
            },
        };
        let act = act(caller, input.operator, input.reason);
        Ok(Listed::new(
            context.services.audit.records(&wanted, &act).await?,
        ))
    }

    fn total(output: &Listed<AuditView>) -> Option<u64> {
        Some(output.total)
    }
}
