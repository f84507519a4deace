//! Google OAuth: signs in, or makes an account, with a Google ID token. Verifying one needs keys from Google, which this
//! deployment has no adapter for yet: the documented answer for a service that is not set up is given.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::second_factor::SecondFactorCode;
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::views::SignedInView;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Signs in with a Google ID token; a first sign-in makes an active account. Answers 503 where Google is not configured:
/// use `auth_register` and `auth_login` there.
#[derive(JsonSchema)]
pub struct GoogleOauth;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The ID token (a JWT) from Google's sign-in.
    #[serde(rename = "id_token")]
    #[schemars(length(min = 1, max = 8192))]
    #[schemars(extend("examples" = ["eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"]))]
    _id_token: String,
    /// Only with 2FA on, as for `auth_login`.
    #[serde(rename = "code")]
    _code: Option<SecondFactorCode>,
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
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::Unauthenticated,
        FaultKind::SecondFactorRequired,
        FaultKind::NotConfigured(Service::Google),
    ];

    async fn run(
        _context: &Context,
        _caller: &Caller,
        _input: Input,
    ) -> Result<SignedInView, Fault> {
        let fault = Fault::new(FaultKind::NotConfigured(Service::Google));
        Err(fault.next("Sign in with auth_login, or make an account with auth_register."))
    }
}
