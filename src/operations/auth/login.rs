//! Login: an address and its password become a session, after the second factor where one is on.
//! Knows the accounts service; over REST the two come from the header, which dispatch has put into the input.

use std::time::Duration;

use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::time::Instant;

use crate::context::Context;
use crate::domain::page_request::PageTicket;
use crate::domain::second_factor::{SecondFactorCode, SecondFactorMethod};
use crate::fault::{Fault, FaultKind, FieldProblem, Service};
use crate::operations::caller::Caller;
use crate::operations::url_elicitation::{ByPerson, Offered};
use crate::operations::views::SignedInView;
use crate::operations::{
    Access, Area, Body, GuessLimit, Hints, Operation, OperationLimit, Route, Spec, Success,
};
use crate::services::page_requests::Outcome;

/// How often it is looked whether a person is done on a page.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Signs in and returns the account with a session `token`. Over MCP, a call without a password offers the page where the
/// person signs in: prefer that. Over stdio this process then acts for the account until `auth_logout`. An account that is not
/// activated can sign in, and then needs `auth_activate`.
#[derive(JsonSchema)]
pub struct Login;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The address the account was registered with.
    #[schemars(extend("format" = "email"))]
    #[schemars(extend("examples" = ["ada@example.org"]))]
    email: Option<String>,
    /// The account's password.
    #[schemars(with = "Option<String>", extend("format" = "password"))]
    #[schemars(extend("examples" = ["quiet harbour 1931 lantern"]))]
    password: Option<SecretString>,
    /// Only with 2FA on: the app's code or a recovery code; without an app, what `auth_send_otp` mails for TWO_FACTOR_AUTH.
    code: Option<SecondFactorCode>,
    /// Over MCP, in place of all else: what an earlier call gave with the page where a person signs in.
    page: Option<PageTicket>,
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
    const LIMIT: OperationLimit = OperationLimit::Guesses(GuessLimit {
        proof: &["email", "password"],
        second_factor: Some("code"),
        names_account: false,
    });
    const BY_PERSON: Option<ByPerson> = Some(ByPerson {
        argument: "password",
        instead: Some("page"),
        path: "/sign-in",
        purpose: "Clara's own page to sign in, and to say whether this program may act for you.",
        offered: Offered::WhereMissing,
    });
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::SecondFactorRequired {
            method: SecondFactorMethod::Mail,
        },
        FaultKind::Unavailable(Service::PasswordHashing),
    ];

    fn next_step(data: &serde_json::Value) -> Option<String> {
        let email = data["email"].as_str()?;
        Some(if data["is_active"] == false {
            format!(
                "The account is not active yet: call auth_activate with user_email {email} and the six-digit code from the mail. Call auth_send_otp with otp_type ACTIVATION for a new one."
            )
        } else {
            "Signed in: over stdio this process now acts for the account, over HTTP the token goes in the Authorization header. Call agent_analysis with a text to check it."
                .to_owned()
        })
    }

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<SignedInView, Fault> {
        if let Some(ticket) = &input.page {
            return by_page(context, caller, ticket).await;
        }
        let (email, password) = both(input.email.as_deref(), input.password.as_ref())?;
        let (code, origin) = (input.code.as_ref(), caller.origin());
        let accounts = &context.services.accounts;
        let attempt = Box::pin(accounts.login(email, password.expose_secret(), code, &origin));
        let signed_in = attempt.await.map_err(explain)?;
        caller.bind_process(&signed_in.token);
        Ok(SignedInView::new(signed_in.user, signed_in.token))
    }
}

/// Without a page, both are there.
fn both<'i>(
    email: Option<&'i str>,
    password: Option<&'i SecretString>,
) -> Result<(&'i str, &'i SecretString), Fault> {
    if let (Some(email), Some(password)) = (email, password) {
        return Ok((email, password));
    }
    let missing = [("email", email.is_none()), ("password", password.is_none())];
    let problems = missing.into_iter().filter(|(_, is_missing)| *is_missing);
    let problems = problems.map(|(name, _)| FieldProblem::missing(name));
    Err(FaultKind::InvalidFields(problems.collect()).into())
}

/// What a person allowed on the page; where they are still at it, after waiting as long as the caller does.
async fn by_page(
    context: &Context,
    caller: &Caller,
    ticket: &PageTicket,
) -> Result<SignedInView, Fault> {
    let requests = &context.services.page_requests;
    let deadline = Instant::now() + caller.call_control.max_wait;
    loop {
        match requests.take(ticket, &caller.origin()).await? {
            Outcome::SignedIn(signed_in) => {
                caller.bind_process(&signed_in.token);
                return Ok(SignedInView::new(signed_in.user, signed_in.token));
            }
            Outcome::NotYet => {}
            Outcome::Denied => {
                return Err(Fault::new(FaultKind::Unauthenticated).with_hint(
                    "The person said no on the page. Leave it at that unless they say otherwise.",
                ));
            }
            Outcome::Nothing => {
                return Err(Fault::field("page", "is of no page that waits for anybody")
                    .with_hint("It works once and for ten minutes. Call auth_login without arguments for a new page."));
            }
        }
        if Instant::now() >= deadline || caller.call_control.is_over() {
            return Err(Fault::new(FaultKind::Unauthenticated).with_hint(format!(
                "Not signed in yet: the person is still at it. Once they say that they are done, call auth_login again with page \"{}\" and nothing else.",
                ticket.expose()
            )));
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = caller.call_control.over() => {}
        }
    }
}

fn explain(fault: Fault) -> Fault {
    match fault.kind() {
        FaultKind::Unauthenticated if fault.next_step().is_none() => fault.with_hint(
            "Address or password is wrong. No account yet? Make one with auth_register. Password forgotten? auth_send_otp with otp_type CHANGE_PASSWORD, then auth_change_password.",
        ),
        _ => fault,
    }
}
