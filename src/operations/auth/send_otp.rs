//! Send OTP: mails a six-digit code for one purpose; a new one kills the old.
//! Knows the accounts service; must not know how the mail travels.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::code::CodePurpose;
use crate::domain::email::Email;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::throttling::OperationLimit;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::accounts::CodeRequest;

/// Mails an account a six-digit code: good once, for ten minutes and five tries; a new one kills the old. ACTIVATION is
/// for `auth_activate`, TWO_FACTOR_AUTH for `auth_login`, `auth_enable_2fa` and `auth_disable_2fa`, CHANGE_PASSWORD for
/// `auth_change_password`.
#[derive(JsonSchema)]
pub struct SendOtp;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The account's address.
    user_email: Email,
    /// What the code will be used for.
    otp_type: CodePurpose,
}

impl Operation for SendOtp {
    type Input = Input;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "auth_send_otp",
        title: "Send a code",
        area: Area::Auth,
        route: Route::post("/users/{user_email}/otp/{otp_type}"),
        access: Access::PublicKeyOrSession,
        while_inactive: true,
        about_account: false,
        body: Body::None,
        success: Success::created("OTP sent successfully."),
        hints: Hints::ADD.in_open_world(),
    };
    const REFUSALS: &'static [FaultKind] = &[FaultKind::NotFound(Resource::User)];
    const LIMIT: OperationLimit = OperationLimit::MailedCode;

    fn next_step(_data: &serde_json::Value) -> Option<String> {
        Some(
            "The code is in the mail and good for a few minutes: ask the person for it. ACTIVATION: auth_activate. CHANGE_PASSWORD: auth_change_password. TWO_FACTOR_AUTH: auth_login, auth_enable_2fa or auth_disable_2fa."
                .to_owned(),
        )
    }

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<(), Fault> {
        let accounts = context.services.accounts.clone();
        let request = CodeRequest {
            recipient: input.user_email,
            purpose: input.otp_type,
            is_signed_in: caller.session().is_some(),
            is_counted: !caller.face.is_local(),
            origin: caller.origin(),
        };
        // Who is signed in asks about the own account, which they know to exist.
        if accounts.are_hidden() && !request.is_signed_in {
            // Whether it reaches anybody, and how long that takes, is nobody's business: it is sent after the answer.
            context.services.background.begin(async move {
                if let Err(fault) = accounts.request_code(&request).await {
                    tracing::debug!(%fault, "a code was asked for and not sent");
                }
            });
            return Ok(());
        }
        accounts.request_code(&request).await
    }
}

/// Adds to a refused code where a new one comes from.
pub(super) fn ask_for_code(fault: Fault, purpose: &str) -> Fault {
    match fault.kind() {
        FaultKind::Unauthenticated => fault.with_hint(format!(
            "The code is wrong, used or expired: ask for a new one with auth_send_otp, otp_type {purpose}."
        )),
        _ => fault,
    }
}
