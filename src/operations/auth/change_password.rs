//! Change Password: for somebody signed in, or who forgot it; the mailed code is the proof either way.
//! Knows the accounts service; every session but the caller's own ends.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::code::OtpCode;
use crate::domain::email::Email;
use crate::domain::password::Password;
use crate::domain::second_factor::{SecondFactorCode, SecondFactorMethod};
use crate::fault::{Fault, FaultKind, Resource, Service};
use crate::operations::caller::Caller;
use crate::operations::url_elicitation::{ByPerson, Offered};
use crate::operations::{
    Access, Area, Body, GuessLimit, Hints, Operation, OperationLimit, Route, Spec, Success,
};
use crate::services::accounts::PasswordProofs;

/// Sets a new password with a code that `auth_send_otp` mailed for CHANGE_PASSWORD. Every other session of the account
/// ends. Over MCP, a call without a password offers the page where a person does this: prefer that.
#[derive(JsonSchema)]
pub struct ChangePassword;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The account's address.
    user_email: Email,
    /// The new password, 8 to 128 characters.
    password: Password,
    /// The six digits from the mail.
    code: OtpCode,
    /// Where an authenticator app is on: its code, or a recovery code.
    totp: Option<SecondFactorCode>,
}

impl Operation for ChangePassword {
    type Input = Input;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "auth_change_password",
        title: "Change password",
        area: Area::Auth,
        route: Route::patch("/users/{user_email}/password"),
        access: Access::PublicKeyOrSession,
        while_inactive: true,
        about_account: false,
        body: Body::Required,
        success: Success::ok("User password changed successfully."),
        hints: Hints::END.again_differs(),
    };
    const BY_PERSON: Option<ByPerson> = Some(ByPerson {
        argument: "password",
        instead: None,
        path: "/password",
        purpose: "Clara's own page to choose a new password.",
        offered: Offered::WhereMissing,
    });
    const LIMIT: OperationLimit = OperationLimit::Guesses(GuessLimit {
        proof: &["code"],
        second_factor: Some("totp"),
        names_account: true,
    });
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::SecondFactorRequired {
            method: SecondFactorMethod::Mail,
        },
        FaultKind::NotFound(Resource::User),
        FaultKind::Unavailable(Service::PasswordHashing),
    ];

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<(), Fault> {
        let accounts = &context.services.accounts;
        let origin = caller.origin();
        let proofs = PasswordProofs {
            code: &input.code,
            totp: input.totp.as_ref(),
        };
        let changed = accounts.change_password(
            &input.user_email,
            &input.password,
            proofs,
            caller.session().cloned(),
            &origin,
        );
        changed.await.map_err(explain)
    }
}

fn explain(fault: Fault) -> Fault {
    match fault.kind() {
        FaultKind::SecondFactorRequired { .. } => {
            let how = fault.next_step().unwrap_or_default();
            let next = format!("{how} It goes in `totp`, beside the mailed code in `code`.");
            fault.with_hint(next)
        }
        _ => super::send_otp::ask_for_code(fault, "CHANGE_PASSWORD"),
    }
}
