//! Codes that are mailed, counted by who asks for one. By whom it reaches they are counted where they are mailed.

use super::{acts_for_others, network};
use crate::context::Context;
use crate::fault::{Fault, FaultKind};
use crate::operations::caller::{Caller, Credential};
use crate::services::throttling::{Limit, Whom};

/// Runs the mailing of a code, counted by who asks. A mailbox that has had enough was not reached, and does not count for the
/// asker; an address without an account does: who may have one must not be found out by asking.
pub(super) async fn mailed_code<T>(
    context: &Context,
    caller: &Caller,
    send: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let Some(asker) = asker(caller) else {
        return send.await;
    };
    let limits = &context.services.limits;
    let origin = || caller.origin();
    limits.acquire(Limit::CodeCaller, &asker, origin).await?;
    let outcome = send.await;
    let had_enough = |fault: &Fault| matches!(fault.kind(), FaultKind::RateLimited { .. });
    if outcome.as_ref().is_err_and(had_enough) {
        limits.refund(Limit::CodeCaller, &asker).await;
    }
    outcome
}

/// By what whoever asks for a code is counted; none for who is not.
fn asker(caller: &Caller) -> Option<Whom> {
    if caller.face.is_local() {
        return None;
    }
    match &caller.credential {
        Credential::Session { user, .. } => Some(user.id.as_str().into()),
        _ if acts_for_others(caller) => None,
        _ => network(&caller.from()).map(Whom::from),
    }
}
