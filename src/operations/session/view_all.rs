//! View All: the account's living sessions, newest first, and from where each was started.
//! Knows the sessions service only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::domain::clock::Timestamp;
use crate::domain::ids::SessionId;
use crate::domain::operator::{OperatorName, Reason};
use crate::domain::page::{Page, Whole};
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::operator;
use crate::operations::views::Listed;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::sessions::SessionRecord;

/// Lists where the account is signed in, newest first.
#[derive(JsonSchema)]
pub struct ViewAll;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Rows at most; 20 if missing.
    #[schemars(extend("examples" = [20]))]
    limit: Option<Whole<1, 100>>,
    /// Rows to skip, newest first; 0 if missing.
    #[schemars(extend("examples" = [0]))]
    offset: Option<Whole<0, 1_000_000_000>>,
    /// Who acts, for the audit trail; only the operator's word is kept.
    operator: Option<OperatorName>,
    /// Why, for the audit trail; only the operator's word is kept.
    reason: Option<Reason>,
}

/// A session, as its owner sees it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Session")]
pub struct SessionView {
    id: SessionId,
    created_at: Timestamp,
    expires_at: Timestamp,
    /// Through which face it was started; null where that was not written down yet.
    #[schemars(extend("examples" = ["rest"]))]
    face: Option<String>,
    /// From which network address; null where there was no network between.
    #[schemars(extend("examples" = ["203.0.113.7"]))]
    address: Option<String>,
    /// Whether it is the one that asks.
    #[schemars(extend("examples" = [true]))]
    is_current: bool,
}

impl SessionView {
    fn new(session: SessionRecord, current: Option<&SessionId>) -> Self {
        Self {
            is_current: current == Some(&session.id),
            id: session.id,
            created_at: session.created_at,
            expires_at: session.expires_at,
            face: session.face,
            address: session.address,
        }
    }
}

impl Operation for ViewAll {
    type Input = Input;
    type Output = Listed<SessionView>;
    const SPEC: Spec = Spec {
        tool: "session_view_all",
        title: "List sessions",
        area: Area::Auth,
        route: Route::get("/users/{user_id}/sessions"),
        access: Access::Person,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::ok("Sessions fetched successfully."),
        hints: Hints::READ,
    };

    async fn run(
        context: &Context,
        caller: &Caller,
        input: Input,
    ) -> Result<Listed<SessionView>, Fault> {
        let page = Page {
            limit: input.limit.map_or(Page::DEFAULT_LIMIT, Whole::get),
            offset: input.offset.map_or(0, Whole::get),
        };
        let by = operator::by(caller, input.operator, input.reason);
        let sessions = &context.services.sessions;
        let (found, total) = sessions.list(&caller.user()?.id, page, &by).await?;
        let view = |session| SessionView::new(session, caller.session());
        let views: Vec<SessionView> = found.into_iter().map(view).collect();
        Ok(Listed::new((views, total)))
    }

    fn total(output: &Listed<SessionView>) -> Option<u64> {
        Some(output.total)
    }
}
