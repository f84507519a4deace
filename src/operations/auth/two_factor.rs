//! Enable 2FA and Disable 2FA: a second proof at every sign-in, by mail or by an authenticator app.
//! Both know the accounts service only; a change ends every other session of the account.

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::context::Context;
use crate::domain::second_factor::{RecoveryCode, SecondFactorCode, SecondFactorMethod};
use crate::fault::{Fault, FaultKind};
use crate::operations::caller::Caller;
use crate::operations::{
    Access, Area, Body, GuessLimit, Hints, Operation, OperationLimit, Presentation, Route, Spec,
    Success,
};
use crate::services::accounts::{Offer, ReauthContext, qr_png};

/// Turns two-factor sign-in on. By mail: give the `code` that `auth_send_otp` mailed for TWO_FACTOR_AUTH. By app: call with
/// method `app` alone, show the person the QR code or address, then call again with the app's first `code`; recovery codes
/// come back once. A later code of the app makes new ones. People can do all of it on the page /account/second-factor.
#[derive(JsonSchema)]
pub struct EnableTwoFactor;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableInput {
    /// Six digits from the mail or the app.
    code: Option<SecondFactorCode>,
    /// `mail` if missing.
    #[schemars(extend("examples" = ["app"]))]
    method: Option<SecondFactorMethod>,
    /// To put a new app in the place of a factor that is on: a code of that one.
    current: Option<SecondFactorCode>,
    /// For the first app, where the sign-in is older than ten minutes: the account's password.
    #[schemars(with = "Option<String>", extend("format" = "password"))]
    password: Option<SecretString>,
}

/// What an authenticator app is set up with, then what helps out without it; null with mail.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "TwoFactorSetup")]
pub enum SetupView {
    Offer {
        /// What the app reads; it holds the secret.
        #[schemars(extend("examples" = ["otpauth://totp/Clara:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Clara"]))]
        otpauth_url: String,
        /// The same as a QR code to scan.
        #[schemars(extend("examples" = ["<svg xmlns=\"http://www.w3.org/2000/svg\"/>"]))]
        qr_svg: String,
    },
    On {
        /// Ten, each good once in the place of a code; never shown again.
        recovery_codes: Vec<RecoveryCode>,
    },
}

impl From<Offer> for SetupView {
    fn from(offer: Offer) -> Self {
        Self::Offer {
            otpauth_url: offer.address,
            qr_svg: offer.qr_svg,
        }
    }
}

impl Operation for EnableTwoFactor {
    type Input = EnableInput;
    type Output = Option<SetupView>;
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
        // The secret of an app, or the recovery codes, of before are gone for good.
        hints: Hints::END.again_differs(),
    };
    const LIMIT: OperationLimit = OperationLimit::Guesses(GuessLimit {
        proof: &[],
        second_factor: Some("code"),
        names_account: false,
    });
    const REFUSALS: &'static [FaultKind] = &[FaultKind::SecondFactorRequired {
        method: SecondFactorMethod::App,
    }];

    fn present(data: &Value) -> Option<Presentation> {
        let address = data["otpauth_url"].as_str()?;
        Some(Presentation {
            headline: Some("The app's secret is made; two-factor sign-in is not on yet."),
            data: data.clone(),
            text: format!(
                "It is on once the app's first code has come back. For the person to put into their authenticator app \
                 (the picture and `qr_svg` show the same): {address}"
            ),
            picture: qr_png(address).ok(),
        })
    }

    fn next_step(data: &Value) -> Option<String> {
        if data["otpauth_url"].is_string() {
            return Some(
                "Two-factor sign-in is not on yet: call auth_enable_2fa again with method app and the app's first code."
                    .to_owned(),
            );
        }
        let has_codes = data["recovery_codes"].is_array();
        has_codes.then(|| {
            "Two-factor sign-in is on. Give the person the recovery codes to keep: they are never shown again."
                .to_owned()
        })
    }

    async fn run(
        context: &Context,
        caller: &Caller,
        input: EnableInput,
    ) -> Result<Option<SetupView>, Fault> {
        Box::pin(enable(context, caller, input)).await
    }
}

/// By mail or by app, as the input says.
async fn enable(
    context: &Context,
    caller: &Caller,
    input: EnableInput,
) -> Result<Option<SetupView>, Fault> {
    let EnableInput {
        code,
        method,
        current,
        password,
    } = input;
    let accounts = &context.services.accounts;
    let (user_id, origin) = (&caller.user()?.id, caller.origin());
    let keep = caller.session().cloned();
    let for_app = [
        ("current", current.is_some()),
        ("password", password.is_some()),
    ];
    let here = ReauthContext {
        session: keep.clone(),
        password,
    };
    match (method.unwrap_or_default(), code) {
        (SecondFactorMethod::Mail, _) if for_app.iter().any(|(_, is_given)| *is_given) => {
            let given = for_app.iter().find(|(_, is_given)| *is_given);
            let name = given.map_or("method", |(name, _)| name);
            Err(Fault::field(name, "is for the method `app`; leave it out"))
        }
        (SecondFactorMethod::Mail, Some(SecondFactorCode::Digits(code))) => accounts
            .enable_2fa(user_id, &code, keep, &origin)
            .await
            .map(|_| None)
            .map_err(|fault| super::send_otp::ask_for_code(fault, "TWO_FACTOR_AUTH")),
        (SecondFactorMethod::Mail, Some(SecondFactorCode::Recovery(_))) => {
            Err(Fault::field("code", "must be the six digits from the mail"))
        }
        (SecondFactorMethod::Mail, None) => Err(Fault::missing("code")),
        (SecondFactorMethod::App, None) => {
            let offer = accounts.offer_app(user_id, &here, &origin).await?;
            Ok(Some(offer.into()))
        }
        (SecondFactorMethod::App, Some(code)) => {
            let attempt =
                Box::pin(accounts.enable_app(user_id, &code, current.as_ref(), &here, &origin));
            let recovery_codes = attempt.await.map_err(ask_for_current)?;
            Ok(Some(SetupView::On { recovery_codes }))
        }
    }
}

fn ask_for_current(fault: Fault) -> Fault {
    match fault.kind() {
        FaultKind::SecondFactorRequired { .. } => {
            let how = fault.next_step().unwrap_or_default();
            let next = format!("{how} It goes in `current`, beside the new app's in `code`.");
            fault.with_hint(next)
        }
        _ => fault,
    }
}

/// Turns two-factor sign-in off, with a code of the factor that is on: the app's or a recovery code, or what
/// `auth_send_otp` mailed for TWO_FACTOR_AUTH.
#[derive(JsonSchema)]
pub struct DisableTwoFactor;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableInput {
    /// Six digits from the mail or the app, or a recovery code.
    code: SecondFactorCode,
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
    const LIMIT: OperationLimit = OperationLimit::Guesses(GuessLimit {
        proof: &["code"],
        second_factor: Some("code"),
        names_account: false,
    });

    async fn run(context: &Context, caller: &Caller, input: DisableInput) -> Result<(), Fault> {
        let (user_id, origin) = (&caller.user()?.id, caller.origin());
        let keep = caller.session().cloned();
        let accounts = &context.services.accounts;
        let attempt = Box::pin(accounts.disable_2fa(user_id, &input.code, keep, &origin));
        attempt.await.map(drop)
    }
}
