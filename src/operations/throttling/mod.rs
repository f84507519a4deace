//! Throttling: by what each call is counted, and what in it is counted besides, in one place for all faces. What limit an
//! operation has is said with the operation and applied where it is called; how much is too much is the throttling service's
//! table. Whoever sits at this machine is not counted at all.

mod mailed_codes;
mod operation;

use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use super::authorization_header::ParsedAuthorization;
use super::caller::{CallContext, CallOrigin, Caller, Credential, Face};
use super::caller_key::CallerKey;
use crate::context::Context;
use crate::fault::{Fault, FaultKind};
use crate::services::throttling::{Limit, Whom};

pub use operation::OperationLimit;
pub(super) use operation::{AccountLimit, CallLimit, GuessLimit, apply};

/// How long a call over MCP waits for its turn before it is refused: models call many tools at once, and few of their
/// frameworks try again.
const MAX_TURN_WAIT: Duration = Duration::from_secs(2);
const MIN_TURN_WAIT: Duration = Duration::from_millis(5);

/// Whether calls are counted at all; the settings may have turned that off.
pub(super) fn count_calls(context: &Context) -> bool {
    context.services.limits.holds(Limit::Credential)
}

/// Counts a call before anything it shows is judged. What was not made here shares the bucket of its address: made-up
/// credentials are then neither a way around the limit nor keys without end to remember.
pub(super) async fn call(
    context: &Context,
    proof: &ParsedAuthorization,
    whence: &CallOrigin<'_>,
) -> Result<(), Fault> {
    let limits = &context.services.limits;
    if !count_calls(context) {
        return guess(context, proof, whence).await;
    }
    let by_credential = async |whom: Whom| {
        let deadline = Instant::now() + MAX_TURN_WAIT;
        loop {
            let taken = limits.acquire(Limit::Credential, &whom, || whence.origin());
            let Err(fault) = taken.await else {
                return Ok(());
            };
            let wait = limits.wait_time(Limit::Credential, &whom);
            let wait = wait.unwrap_or_default().max(MIN_TURN_WAIT);
            let is_over = Instant::now() + wait > deadline;
            let has_turn = matches!(fault.kind(), FaultKind::RateLimited { .. });
            if !has_turn || is_over || whence.face != Face::McpHttp {
                return Err(fault);
            }
            tokio::time::sleep(wait).await;
        }
    };
    match proof {
        // All sessions of an account are one caller: fifty sign-ins are not fifty times the calls.
        ParsedAuthorization::UserToken(token) => {
            by_credential(token.user_id().as_str().into()).await
        }
        ParsedAuthorization::ApiToken(token) => by_credential(token.key().as_str().into()).await,
        ParsedAuthorization::OperatorKey => by_credential("operator".into()).await,
        // One credential in many hands: every browser that shows the front end sends it. Counted by itself it would let
        // any one of them shut out all others, so it is counted for each address.
        ParsedAuthorization::PublicKey => {
            by_credential(CallerKey::PublicKey(network(whence)).counted_by()).await
        }
        // Counted as a wrong key whether or not the address still has calls: a flood must not hide the guesses in it.
        ParsedAuthorization::WrongKey => {
            wrong_key(context, whence).await?;
            anonymous(context, whence).await
        }
        _ => anonymous(context, whence).await,
    }
}

/// Counts a call against its address.
pub(super) async fn anonymous(context: &Context, whence: &CallOrigin<'_>) -> Result<(), Fault> {
    count(context, Limit::Anonymous, whence).await
}

/// Counts what may be a guess at a key of the deployment, and nothing else.
pub(super) async fn guess(
    context: &Context,
    proof: &ParsedAuthorization,
    whence: &CallOrigin<'_>,
) -> Result<(), Fault> {
    match proof {
        ParsedAuthorization::WrongKey => wrong_key(context, whence).await,
        _ => Ok(()),
    }
}

/// Counts a wrong key of the deployment. Where keys are refused already, that is the answer.
async fn wrong_key(context: &Context, whence: &CallOrigin<'_>) -> Result<(), Fault> {
    count(context, Limit::DeploymentKey, whence).await
}

/// Where too many wrong keys came from, the right one opens nothing either: else trying on would find it.
pub(super) fn check_key(context: &Context, whence: &CallOrigin<'_>) -> Result<(), Fault> {
    match network(whence) {
        Some(address) => context.services.limits.check(Limit::DeploymentKey, address),
        None => Ok(()),
    }
}

/// Counts a message of a protocol that is no call of an operation, for whoever sent it.
pub async fn protocol_message(
    context: &Context,
    key: &CallerKey,
    call_context: &CallContext,
) -> Result<(), Fault> {
    let limits = &context.services.limits;
    limits
        .acquire(Limit::Protocol, key.counted_by(), || {
            call_context.from().origin()
        })
        .await
}

/// The operator's calls are other people's: by its own address they would all be one caller.
fn acts_for_others(caller: &Caller) -> bool {
    matches!(caller.credential, Credential::Operator)
}

async fn count(context: &Context, limit: Limit, whence: &CallOrigin<'_>) -> Result<(), Fault> {
    match network(whence) {
        Some(address) => {
            let limits = &context.services.limits;
            limits.acquire(limit, address, || whence.origin()).await
        }
        None => Ok(()),
    }
}

/// The address as limits count it; none for who sits at this machine.
fn network(whence: &CallOrigin<'_>) -> Option<IpAddr> {
    whence.address.filter(|_| !whence.face.is_local())
}
