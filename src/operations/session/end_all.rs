//! End All: every session of the account but the caller's own; the operator, who has none, ends all.
//! Knows the sessions service only.

use schemars::JsonSchema;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::operator::{self, ActInput};
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Ends every session of the account but the caller's own; the operator's call ends all. Their tokens stop working at once.
#[derive(JsonSchema)]
pub struct EndAll;

impl Operation for EndAll {
    type Input = ActInput;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "session_end_all",
        title: "End all other sessions",
        area: Area::Auth,
        route: Route::delete("/users/{user_id}/sessions"),
        access: Access::Person,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::no_content("Sessions ended successfully."),
        hints: Hints::END,
    };

    async fn run(context: &Context, caller: &Caller, input: ActInput) -> Result<(), Fault> {
        let by = operator::by(caller, input.operator, input.reason);
        let sessions = &context.services.sessions;
        sessions
            .end_others(&caller.user()?.id, caller.session(), &by)
            .await
    }
}
