//! Which second factor an account has, for its owner before a page. It is no operation that a program calls, so it has no route
//! and no tool: the contract's account says only whether one is on. Access is judged in the one place all the same.

use serde_json::{Value, json};

use super::Access;
use super::caller::{CallContext, Subject, admit};
use super::dispatch::Answer;
use super::page_requests::answer;
use crate::context::Context;
use crate::domain::second_factor::SecondFactorMethod;
use crate::fault::Fault;

/// The account's address and its factor: `{email, method}`, where `method` is `mail`, `app` or null.
pub async fn look_at_own_factor(context: &Context, arrival: CallContext) -> Answer {
    let request_id = arrival.request_id.clone();
    let looked: Result<Value, Fault> = async {
        let subject = Subject::default();
        let caller = admit(context, arrival, Access::Person, false, &subject).await?;
        let user = caller.user()?;
        let method = context.services.accounts.method_of(user).await?;
        let method = method.map(|method| match method {
            SecondFactorMethod::Mail => "mail",
            SecondFactorMethod::App => "app",
        });
        Ok(json!({"email": user.email.as_str(), "method": method}))
    }
    .await;
    answer(looked, &request_id)
}
