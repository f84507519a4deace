//! Register: makes an account that waits for its activation, signs it in, and mails it a code.
//! Knows the accounts service; must not know how the mail travels.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::email::Email;
use crate::domain::name::PersonName;
use crate::domain::password::Password;
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::url_elicitation::{ByPerson, Offered};
use crate::operations::views::SignedInView;
use crate::operations::{
    Access, Area, Body, Hints, Operation, OperationLimit, Route, Spec, Success,
};
use crate::services::accounts::NewAccount;

/// Makes an account and mails it a six-digit activation code. Next: `auth_activate` with that code, then `auth_login`.
/// Over MCP, a call without a password offers the page where a person does all this: prefer that.
/// Clara works without credits until then; activation brings free ones.
#[derive(JsonSchema)]
pub struct Register;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Given name, at most 100 characters.
    first_name: PersonName,
    /// Family name, at most 100 characters.
    #[schemars(extend("examples" = ["Marsh"]))]
    last_name: PersonName,
    /// Where the code is mailed, such as `ada@example.org`.
    email: Email,
    /// 8 to 128 characters of the owner's choice. Over MCP it may be left out: a person gives it on a page then.
    password: Password,
}

impl Operation for Register {
    type Input = Input;
    type Output = SignedInView;
    const SPEC: Spec = Spec {
        tool: "auth_register",
        title: "Register",
        area: Area::Auth,
        route: Route::post("/auth/register"),
        access: Access::PublicKey,
        while_inactive: true,
        about_account: false,
        body: Body::Required,
        success: Success::created("User registered successfully."),
        hints: Hints::ADD.in_open_world(),
    };
    const LIMIT: OperationLimit = OperationLimit::Registration;
    const BY_PERSON: Option<ByPerson> = Some(ByPerson {
        argument: "password",
        instead: None,
        path: "/register",
        purpose: "Clara's own page to make an account.",
        offered: Offered::WhereMissing,
    });
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::UserExists,
        FaultKind::Unavailable(Service::PasswordHashing),
    ];

    fn next_step(data: &serde_json::Value) -> Option<String> {
        let email = data["email"].as_str()?;
        Some(format!(
            "A six-digit code is in the mail to {email}: call auth_activate with user_email {email} and that code. Then sign in with auth_login."
        ))
    }

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<SignedInView, Fault> {
        let Input {
            first_name,
            last_name,
            email,
            password,
        } = input;
        let new = NewAccount {
            email,
            first_name,
            last_name,
            password,
        };
        let signed_in = context
            .services
            .accounts
            .register(new, &caller.origin())
            .await?;
        Ok(SignedInView::new(signed_in.user, signed_in.token))
    }
}
