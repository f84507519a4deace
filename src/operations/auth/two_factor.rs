//! Enable 2FA and Disable 2FA: a second proof at every sign-in, switched with a mailed code.
//! Both know the accounts service only; a change ends every other session of the account.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::code::OtpCode;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Turns two-factor sign-in on, with a code that `auth_send_otp` mailed for TWO_FACTOR_AUTH. From then on `auth_login`
/// asks for such a code.
#[derive(JsonSchema)]
pub struct EnableTwoFactor;

/// How the second factor reaches its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "SecondFactorMethod")]
pub enum Method {
    Mail,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableInput {
    /// The six digits from the mail.
    code: OtpCode,
    /// `mail`, also if missing.
    #[serde(rename = "method")]
    #[schemars(extend("examples" = ["mail"]))]
    _method: Option<Method>,
}

impl Operation for EnableTwoFactor {
    type Input = EnableInput;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "auth_enable_2fa",
        title: "Enable 2FA",
        area: Area::Auth,
        route: Route::post("/users/{user_id}/2fa"),
        access: Access::Session,
        while_inactive: false,
        about_account: true,
        body: Body::Required,
        success: Success::ok("User 2FA enabled successfully."),
        hints: Hints::SET.again_differs(),
    };

    async fn run(context: &Context, caller: &Caller, input: EnableInput) -> Result<(), Fault> {
        let accounts = &context.services.accounts;
        accounts
            .enable_2fa(
                &caller.user()?.id,
                &input.code,
                caller.session().cloned(),
                &caller.origin(),
            )
            .await
            .map_err(|fault| super::send_otp::ask_for_code(fault, "TWO_FACTOR_AUTH"))?;
        Ok(())
    }
}

/// Turns two-factor sign-in off, with a code that `auth_send_otp` mailed for TWO_FACTOR_AUTH.
#[derive(JsonSchema)]
pub struct DisableTwoFactor;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableInput {
    /// The six digits from the mail.
    code: OtpCode,
}

impl Operation for DisableTwoFactor {
    type Input = DisableInput;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "auth_disable_2fa",
        title: "Disable 2FA",
        area: Area::Auth,
        route: Route::delete("/users/{user_id}/2fa"),
        access: Access::Session,
        while_inactive: false,
        about_account: true,
        body: Body::Required,
        success: Success::no_content("User 2FA disabled successfully."),
        hints: Hints::END.again_differs(),
    };

    async fn run(context: &Context, caller: &Caller, input: DisableInput) -> Result<(), Fault> {
        let accounts = &context.services.accounts;
        accounts
            .disable_2fa(
                &caller.user()?.id,
                &input.code,
                caller.session().cloned(),
                &caller.origin(),
            )
            .await
            .map_err(|fault| super::send_otp::ask_for_code(fault, "TWO_FACTOR_AUTH"))?;
        Ok(())
    }
}
