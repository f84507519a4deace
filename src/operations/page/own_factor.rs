//! Which second factor an account has, for its owner before a page: the contract's account says only whether one is on.

use schemars::JsonSchema;
use serde::Serialize;

use super::spec;
use crate::context::Context;
use crate::domain::second_factor::SecondFactorMethod;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Hints, NoInput, Operation, Spec};

/// Says which second factor the account has.
#[derive(JsonSchema)]
pub struct ViewOwnFactor;

/// The account's address and its factor.
#[derive(Serialize, JsonSchema)]
pub struct OwnFactorView {
    email: String,
    /// `mail`, `app` or null.
    method: Option<&'static str>,
}

impl Operation for ViewOwnFactor {
    type Input = NoInput;
    type Output = OwnFactorView;
    const SPEC: Spec = Spec {
        while_inactive: false,
        ..spec(
            "page_view_own_factor",
            "View the second factor",
            Access::Person,
            Hints::READ,
        )
    };

    async fn run(context: &Context, caller: &Caller, _: NoInput) -> Result<OwnFactorView, Fault> {
        let user = caller.user()?;
        let method = context.services.accounts.method_of(user).await?;
        Ok(OwnFactorView {
            email: user.email.as_str().to_owned(),
            method: method.map(|method| match method {
                SecondFactorMethod::Mail => "mail",
                SecondFactorMethod::App => "app",
            }),
        })
    }
}
