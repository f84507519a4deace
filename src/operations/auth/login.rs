//! Login: an address and its password become a session, after the second factor where one is on.
//! Knows the accounts service; over REST the two come from the header, which dispatch has put into the input.

use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::context::Context;
use crate::domain::second_factor::SecondFactorCode;
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::views::SignedInView;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success, limits};

/// Signs in and returns the account with a session `token`. Over stdio this process then acts for the account until
/// `auth_logout`. An account that is not activated can sign in, and then needs `auth_activate`.
#[derive(JsonSchema)]
pub struct Login;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The address the account was registered with.
    #[schemars(extend("format" = "email"))]
    #[schemars(extend("examples" = ["ada@example.org"]))]
    email: String,
    /// The account's password.
    #[schemars(with = "String", extend("format" = "password"))]
    #[schemars(extend("examples" = ["quiet harbour 1931 lantern"]))]
    password: SecretString,
    /// Only with 2FA on: the app's code or a recovery code; without an app, what `auth_send_otp` mails for TWO_FACTOR_AUTH.
    code: Option<SecondFactorCode>,
}

impl Operation for Login {
    type Input = Input;
    type Output = SignedInView;
    const SPEC: Spec = Spec {
        tool: "auth_login",
        title: "Log in",
        area: Area::Auth,
        route: Route::post("/auth/session"),
        access: Access::Password,
        while_inactive: true,
        about_account: false,
        body: Body::Optional,
        success: Success::ok("User logged in successfully."),
        hints: Hints::ADD,
    };
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::SecondFactorRequired,
        FaultKind::Unavailable(Service::PasswordHashing),
    ];

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<SignedInView, Fault> {
        let password = input.password.expose_secret();
        let (code, origin) = (input.code.as_ref(), caller.origin());
        let accounts = &context.services.accounts;
        let attempt = accounts.login(&input.email, password, code, &origin);
        let signed_in = limits::sign_in(context, caller, attempt, code.is_some())
            .await
            .map_err(explain)?;
        caller.bind_process(&signed_in.token);
        Ok(SignedInView::new(signed_in.user, signed_in.token))
    }
}

fn explain(fault: Fault) -> Fault {
    match fault.kind() {
        FaultKind::Unauthenticated if fault.next_step().is_none() => fault.next(
            "Address or password is wrong. No account yet? Make one with auth_register. Password forgotten? auth_send_otp with otp_type CHANGE_PASSWORD, then auth_change_password.",
        ),
        _ => fault,
    }
}
