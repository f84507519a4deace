//! End: one session of the account, at once and on every server.
//! Knows the sessions service only.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::ids::SessionId;
use crate::domain::operator::{OperatorName, Reason};
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::operator;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Ends one session of the account; its token stops working at once.
#[derive(JsonSchema)]
pub struct End;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The session, as the list of sessions names it.
    session_id: SessionId,
    /// Who acts, for the audit trail; only the operator's word is kept.
    operator: Option<OperatorName>,
    /// Why, for the audit trail; only the operator's word is kept.
    reason: Option<Reason>,
}

impl Operation for End {
    type Input = Input;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "session_end",
        title: "End a session",
        area: Area::Auth,
        route: Route::delete("/users/{user_id}/sessions/{session_id}"),
        access: Access::Person,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::no_content("Session ended successfully."),
        hints: Hints::END.again_differs(),
    };
    const REFUSALS: &'static [FaultKind] = &[FaultKind::NotFound(Resource::Session)];

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<(), Fault> {
        let by = operator::by(caller, input.operator, input.reason);
        let sessions = &context.services.sessions;
        sessions
            .end(&caller.user()?.id, &input.session_id, &by)
            .await
    }
}
