//! Logout: ends the session the caller is signed in with, at once and everywhere.
//! Knows the accounts service; over stdio the process then acts again for whom its settings name.

use schemars::JsonSchema;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, NoInput, Operation, Route, Spec, Success};

/// Ends the current session; its token stops working at once. Over stdio the process goes back to `API_KEY_TOKEN` or the
/// local account.
#[derive(JsonSchema)]
pub struct Logout;

impl Operation for Logout {
    type Input = NoInput;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "auth_logout",
        title: "Log out",
        area: Area::Auth,
        route: Route::delete("/auth/session"),
        access: Access::Session,
        while_inactive: true,
        about_account: true,
        body: Body::None,
        success: Success::no_content("User logged out successfully."),
        hints: Hints::END.again_differs(),
    };

    async fn run(context: &Context, caller: &Caller, _input: NoInput) -> Result<(), Fault> {
        // The local account never signed in, so there is no session to end.
        if let Some(identity) = caller.identity() {
            context
                .services
                .sessions
                .logout(&identity, &caller.origin())
                .await?;
        }
        caller.release_process();
        Ok(())
    }
}
