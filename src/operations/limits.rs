//! By what each call is counted, and what in it is counted besides: one place for all faces. How much is too much is the
//! limits service's table. Whoever sits at this machine is not counted at all.

use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use super::authorization_header::ParsedAuthorization;
use super::caller::{CallContext, CallOrigin, Caller, Credential, Face};
use super::caller_key::CallerKey;
use crate::context::Context;
use crate::domain::email::Email;
use crate::fault::{Fault, FaultKind, Resource};
use crate::services::Origin;
use crate::services::accounts::Accounts;
use crate::services::limits::{Limit, Whom};

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

/// What of a failed try counts against its address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counting {
    /// Whether a code was given that the second factor may have refused. Asked for one, the owner has said nothing wrong yet.
    pub(super) with_code: bool,
    /// Whether the address stood in the call, and the answer says what it has here: that is asking too.
    pub(super) names_account: bool,
}

impl Counting {
    /// A call that shows a password, and a code where there is one.
    pub(super) fn proof(with_code: bool) -> Self {
        Self {
            with_code,
            names_account: false,
        }
    }

    /// A call that names an account by its address and shows a mailed code.
    pub(super) fn mailed_code(with_code: bool) -> Self {
        Self {
            with_code,
            names_account: true,
        }
    }

    fn counts(self, kind: &FaultKind) -> bool {
        match kind {
            FaultKind::Unauthenticated => true,
            FaultKind::SecondFactorRequired { .. } => self.with_code,
            FaultKind::NotFound(Resource::User) => self.names_account,
            FaultKind::InvalidFields(problems) => {
                self.names_account && problems.iter().any(|problem| problem.field == "user_email")
            }
            _ => false,
        }
    }
}

/// Runs a sign-in, or what else a guessed code would open; a wrong one counts. The try is counted first and taken back where
/// nothing was wrong, so that many at once are not more tries.
pub(super) async fn sign_in<T>(
    context: &Context,
    caller: &Caller,
    attempt: impl Future<Output = Result<T, Fault>>,
    counting: Counting,
) -> Result<T, Fault> {
    let address = network(&caller.from()).filter(|_| !acts_for_others(caller));
    let Some(address) = address else {
        return attempt.await;
    };
    count(context, Limit::SignIn, &caller.from()).await?;
    let outcome = attempt.await;
    let is_counted = |fault: &Fault| counting.counts(fault.kind());
    if !outcome.as_ref().is_err_and(is_counted) {
        let limits = &context.services.limits;
        limits.refund(Limit::SignIn, address).await;
    }
    outcome
}

/// Counts a registration, whatever becomes of it: a refused one says that an address has an account.
pub(super) async fn registration(context: &Context, caller: &Caller) -> Result<(), Fault> {
    if acts_for_others(caller) {
        return Ok(());
    }
    count(context, Limit::Registration, &caller.from()).await
}

/// Counts a message of a protocol that is no call of an operation, for whoever sent it.
pub async fn protocol_message(
    context: &Context,
    key: &CallerKey,
    arrival: &CallContext,
) -> Result<(), Fault> {
    let limits = &context.services.limits;
    limits
        .acquire(Limit::Protocol, key.counted_by(), || {
            arrival.from().origin()
        })
        .await
}

/// Counts an analysis that is handed in, for its account.
pub(super) async fn submission(context: &Context, caller: &Caller) -> Result<(), Fault> {
    by_account(context, caller, Limit::Submission, 1).await
}

/// Counts judgements that are handed in, for their account.
pub(super) async fn judgements(
    context: &Context,
    caller: &Caller,
    amount: usize,
) -> Result<(), Fault> {
    by_account(context, caller, Limit::Judgement, amount).await
}

/// Counts a search of an analysis' sources, for its account.
pub(super) async fn search(context: &Context, caller: &Caller) -> Result<(), Fault> {
    by_account(context, caller, Limit::Search, 1).await
}

async fn by_account(
    context: &Context,
    caller: &Caller,
    limit: Limit,
    amount: usize,
) -> Result<(), Fault> {
    let user_id = caller.user()?.id.as_str();
    if caller.face.is_local() || acts_for_others(caller) {
        return Ok(());
    }
    let amount = u32::try_from(amount).unwrap_or(u32::MAX);
    let limits = &context.services.limits;
    limits
        .acquire_amount(limit, user_id, amount, || caller.origin())
        .await
}

/// Runs the sending of a code, counted by who asks and by whom it reaches. What reaches nobody counts for the asker alone:
/// who may have an account must not be found out by asking.
pub(super) async fn code<T>(
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
pub(super) async fn hidden_code(
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
