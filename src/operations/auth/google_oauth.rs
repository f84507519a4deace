//! Google OAuth: signs in, or makes an account, with a Google ID token. Knows the accounts service; what makes a token good
//! it does not know.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::google::{IdToken, Nonce};
use crate::domain::second_factor::{SecondFactorCode, SecondFactorMethod};
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::views::SignedInView;
use crate::operations::{
    Access, Area, Body, GuessLimit, Hints, Operation, OperationLimit, Route, Spec, Success,
};

/// Signs in with a Google ID token and returns the account with a session `token`; a first sign-in makes an active account.
/// Each ID token is taken once. Answers 503 where Google is not configured: use `auth_register` and `auth_login` there.
#[derive(JsonSchema)]
pub struct GoogleOauth;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The ID token (a JWT) from Google's sign-in.
    id_token: IdToken,
    /// The nonce of that sign-in's request, where it had one: the token must hold it.
    nonce: Option<Nonce>,
    /// Only with 2FA on: the code, with the same ID token again.
    code: Option<SecondFactorCode>,
}

impl Operation for GoogleOauth {
    type Input = Input;
    type Output = SignedInView;
    const SPEC: Spec = Spec {
        tool: "auth_google_oauth",
        title: "Sign in with Google",
        area: Area::Auth,
        route: Route::post("/auth/google"),
        access: Access::Open,
        while_inactive: true,
        about_account: false,
        body: Body::Required,
        success: Success::created("User logged in successfully."),
        hints: Hints::ADD.in_open_world(),
    };
    const LIMIT: OperationLimit = OperationLimit::Guesses(GuessLimit {
        proof: &["id_token"],
        second_factor: Some("code"),
        names_account: false,
    });
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::Unauthenticated,
        FaultKind::SecondFactorRequired {
            method: SecondFactorMethod::Mail,
        },
        FaultKind::NotConfigured(Service::Google),
        FaultKind::Unavailable(Service::Google),
    ];

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<SignedInView, Fault> {
        let (nonce, code, origin) = (input.nonce.as_ref(), input.code.as_ref(), caller.origin());
        let accounts = &context.services.accounts;
        let attempt = Box::pin(accounts.google_sign_in(&input.id_token, nonce, code, &origin));
        let done = attempt.await.map_err(explain)?;
        caller.bind_process(&done.signed_in.token);
        let mut view = SignedInView::new(done.signed_in.user, done.signed_in.token);
        view.is_new = done.is_new;
        Ok(view)
    }

    fn message(output: &SignedInView) -> &'static str {
        if output.is_new {
            "User registered successfully."
        } else {
            Self::SPEC.success.message
        }
    }
}

fn explain(fault: Fault) -> Fault {
    match fault.kind() {
        FaultKind::SecondFactorRequired { .. } => {
            let how = fault.next_step().unwrap_or_default();
            let next = format!("{how} The same `id_token` goes with it.");
            fault.with_hint(next)
        }
        _ => fault,
    }
}
