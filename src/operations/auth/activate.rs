//! Activate: opens a new account with the code from its welcome mail, which also pays the sign-up credit.
//! Knows the accounts service; must not know HTTP, MCP, SQL, or how the caller proved who it is.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::code::OtpCode;
use crate::domain::email::Email;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::views::UserView;
use crate::operations::{
    Access, Area, Body, GuessLimit, Hints, Operation, OperationLimit, Route, Spec, Success,
};

/// Activates an account with the six-digit code that was mailed to it, and adds its free credits. Lost or expired: call
/// `auth_send_otp` with otp_type ACTIVATION.
#[derive(JsonSchema)]
pub struct Activate;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The address the account was registered with.
    user_email: Email,
    /// The six digits from the mail.
    code: OtpCode,
}

impl Operation for Activate {
    type Input = Input;
    type Output = UserView;
    const SPEC: Spec = Spec {
        tool: "auth_activate",
        title: "Activate account",
        area: Area::Auth,
        route: Route::post("/users/{user_email}/activate"),
        access: Access::PublicKey,
        while_inactive: true,
        about_account: false,
        body: Body::Required,
        success: Success::ok("User activated successfully."),
        hints: Hints::ADD,
    };
    const LIMIT: OperationLimit = OperationLimit::Guesses(GuessLimit {
        proof: &["code"],
        second_factor: None,
        names_account: true,
    });
    const REFUSALS: &'static [FaultKind] = &[FaultKind::NotFound(Resource::User)];

    fn next_step(_data: &serde_json::Value) -> Option<String> {
        Some(
            "The account is active and has its free credits. Sign in with auth_login; over stdio that signs this process in. Then agent_analysis checks a text."
                .to_owned(),
        )
    }

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<UserView, Fault> {
        let (accounts, origin) = (&context.services.accounts, caller.origin());
        let activated = accounts.activate(&input.user_email, &input.code, &origin);
        let activated = activated.await.map(UserView::from);
        activated.map_err(|fault| super::send_otp::ask_for_code(fault, "ACTIVATION"))
    }
}
