//! Codes that are mailed, counted by who asks for one and by whom it reaches.

use super::{acts_for_others, network};
use crate::context::Context;
use crate::domain::email::Email;
use crate::fault::Fault;
use crate::operations::caller::{Caller, Credential};
use crate::services::Origin;
use crate::services::accounts::Accounts;
use crate::services::throttling::{Limit, Whom};

/// Runs the sending of a code, counted by who asks and by whom it reaches. What reaches nobody counts for the asker alone:
/// who may have an account must not be found out by asking.
pub(in crate::operations) async fn code<T>(
    context: &Context,
    caller: &Caller,
    recipient: &Email,
    send: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    if caller.face.is_local() {
        return send.await;
    }
    let limits = &context.services.limits;
    let origin = || caller.from().origin();
    let asker = asker(caller);
    if let Some(asker) = &asker {
        limits.acquire(Limit::CodeCaller, asker, origin).await?;
    }
    let accounts = &context.services.accounts;
    let is_signed_in = caller.session().is_some();
    let recipient = recipient_for(accounts, recipient, &caller.origin(), is_signed_in).await?;
    if let Err(fault) = limits
        .acquire(Limit::CodeRecipient, &recipient, origin)
        .await
    {
        if let Some(asker) = &asker {
            limits.refund(Limit::CodeCaller, asker).await;
        }
        return Err(fault);
    }
    let outcome = send.await;
    if outcome.is_err() {
        limits.refund(Limit::CodeRecipient, &recipient).await;
    }
    outcome
}

/// By what codes for an address are counted: those that its owner asks for, signed in or from a network of theirs, apart from
/// those of everybody else. Otherwise strangers could use up the day's codes and keep the owner out.
async fn recipient_for(
    accounts: &Accounts,
    recipient: &Email,
    origin: &Origin,
    is_signed_in: bool,
) -> Result<String, Fault> {
    let is_owners = is_signed_in || accounts.is_owners_network(recipient, origin).await?;
    let whose = if is_owners { " owner" } else { "" };
    Ok(format!("{}{whose}", recipient.key()))
}

/// Counts a code against who asks for it, and has `send` run after the answer, counted by whom it reaches: whether it
/// reaches anybody, and how long that takes, is nobody's business.
pub(in crate::operations) async fn hidden_code(
    context: &Context,
    caller: &Caller,
    recipient: &Email,
    send: impl Future<Output = Result<(), Fault>> + Send + 'static,
) -> Result<(), Fault> {
    if let Some(asker) = asker(caller) {
        let origin = || caller.origin();
        let limits = &context.services.limits;
        limits.acquire(Limit::CodeCaller, &asker, origin).await?;
    }
    let is_counted = !caller.face.is_local();
    let (accounts, limits) = (
        context.services.accounts.clone(),
        context.services.limits.clone(),
    );
    let (recipient, origin) = (recipient.clone(), caller.origin());
    context.services.background.begin(async move {
        let whom = recipient_for(&accounts, &recipient, &origin, false).await;
        let whom = whom.unwrap_or_else(|_| recipient.key().to_owned());
        if is_counted
            && limits
                .acquire(Limit::CodeRecipient, &whom, || origin)
                .await
                .is_err()
        {
            return;
        }
        if let Err(fault) = send.await {
            tracing::debug!(%fault, "a code was asked for and not sent");
            if is_counted {
                limits.refund(Limit::CodeRecipient, &whom).await;
            }
        }
    });
    Ok(())
}

/// By what whoever asks for a code is counted; none for who is not.
fn asker(caller: &Caller) -> Option<Whom> {
    match &caller.credential {
        Credential::Session { user, .. } => Some(user.id.as_str().into()),
        _ if acts_for_others(caller) => None,
        _ => network(&caller.from()).map(Whom::from),
    }
}
