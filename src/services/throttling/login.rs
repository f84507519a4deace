//! Guessing at passwords: a try is counted before anything is looked at, one network waits longer each time, and past a
//! hundred wrong tries in a row an account listens only to networks its owner was in. The owner is never locked out: a
//! new password, set with a mailed code, is heard from everywhere.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::clock::Timestamp;
use crate::domain::email::Email;
use crate::domain::second_factor::SecondFactorCode;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};
use crate::services::background::Background;
use crate::services::mail::Letters;
use crate::services::outbox::Outbox;
use crate::services::owners_networks::NETWORK_TTL;
use crate::services::service_deps::ServiceDeps;
use crate::store::login_throttle::{Counted, ThrottleKey, ThrottleRules};

const DAY: Duration = Duration::from_hours(24);
const MONTH: Duration = Duration::from_hours(30 * 24);

const RULES: ThrottleRules = ThrottleRules {
    free_tries: 5,
    first_wait: Duration::from_secs(1),
    longest_wait: Duration::from_mins(15),
    network_kept: DAY,
    ceiling: 100,
    account_kept: MONTH,
    network_known: NETWORK_TTL,
    told_every: DAY,
};

const ONLY_THE_OWNERS_NETWORKS: &str = "There were too many wrong passwords for this account: until its owner signs in from a network they used \
     lately, no other is heard. Set a new password with a code: auth_send_otp with otp_type CHANGE_PASSWORD, then \
     auth_change_password. After that it is taken from everywhere.";

/// A try that was counted.
#[derive(Debug)]
pub(in crate::services) struct Try {
    pub(in crate::services) guesser: ThrottleKey,
    tries: i64,
    for_account: bool,
}

/// Counts tries at passwords. Cheap to clone.
#[derive(Clone)]
pub(in crate::services) struct LoginThrottle {
    deps: Arc<ServiceDeps>,
    background: Background,
    outbox: Outbox,
}

impl LoginThrottle {
    pub(in crate::services) fn new(
        deps: Arc<ServiceDeps>,
        background: Background,
        outbox: Outbox,
    ) -> Self {
        Self {
            deps,
            background,
            outbox,
        }
    }

    /// Runs what tells whether the account's password is known, and is no sign-in: a wrong one counts as a wrong sign-in does.
    pub(in crate::services) async fn guard<T>(
        &self,
        user: &User,
        code: Option<&SecondFactorCode>,
        origin: &Origin,
        attempt: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let counted = self.count(user.email.key(), origin).await?;
        let outcome = attempt.await;
        if let Some(counted) = &counted
            && !outcome.as_ref().is_err_and(|fault| is_wrong(fault, code))
        {
            self.take_back(counted).await;
        }
        outcome
    }

    /// Counts a try, or refuses it. Whoever sits at this machine has no network and is not counted: they hold the
    /// database itself.
    pub(in crate::services) async fn count(
        &self,
        email: &str,
        origin: &Origin,
    ) -> Result<Option<Try>, Fault> {
        let deps = &*self.deps;
        let Some(network) = origin.network() else {
            return Ok(None);
        };
        let address: Option<Email> = email.parse().ok();
        let key = match &address {
            Some(address) => address.key().to_owned(),
            None => email.trim().to_lowercase(),
        };
        let guesser = ThrottleKey {
            account: deps.account_pseudonym(&key)?,
            network,
        };
        let now = deps.now();
        let counted = deps
            .store
            .count_password_try(&guesser, address.as_ref().map(Email::key), &RULES, now)
            .await?;
        match counted {
            Counted::Yes { tries, for_account } => Ok(Some(Try {
                guesser,
                tries,
                for_account,
            })),
            Counted::Waits { until } => {
                self.note_limit(origin, "password_wait").await?;
                Err(wait(until, now))
            }
            Counted::Full { tell_owner } => {
                metrics::counter!("clara_sign_ins_refused_total", "reason" => "ceiling")
                    .increment(1);
                self.note_limit(origin, "password_ceiling").await?;
                if tell_owner {
                    self.tell_owner(key, origin.clone());
                }
                Err(Fault::new(FaultKind::Unauthenticated).with_hint(ONLY_THE_OWNERS_NETWORKS))
            }
        }
    }

    /// Of no account: whether there is one is not looked at.
    async fn note_limit(&self, origin: &Origin, limit: &str) -> Result<(), Fault> {
        let deps = &*self.deps;
        let entry = deps.audit_refusal(None, AuditEvent::LimitHit, origin, limit);
        Ok(deps.store.write_audit(&entry).await?)
    }

    /// Who is refused gets the answer whatever becomes of the count.
    pub(in crate::services) async fn take_back(&self, counted: &Try) {
        let deps = &*self.deps;
        let taken_back = deps.store.take_back_password_try(
            &counted.guesser,
            (counted.tries, counted.for_account),
            deps.now(),
        );
        if let Err(error) = taken_back.await {
            tracing::warn!(%error, "a counted try could not be taken back");
        }
    }

    /// After the answer, so that it takes no longer where there is an owner.
    fn tell_owner(&self, email_key: String, origin: Origin) {
        let throttle = self.clone();
        self.background.begin(async move {
            if let Err(fault) = throttle.write_to_owner(&email_key, &origin).await {
                tracing::warn!(%fault, "an owner could not be told that passwords are guessed");
            }
        });
    }

    async fn write_to_owner(&self, email_key: &str, origin: &Origin) -> Result<(), Fault> {
        let deps = &*self.deps;
        let Ok(email) = email_key.parse::<Email>() else {
            return Ok(());
        };
        let Some(user) = deps.store.user_by_email(&email).await? else {
            return Ok(());
        };
        let entry = deps.audit_refusal(Some(&user.id), AuditEvent::GuessedAt, origin, "ceiling");
        if !user.is_active {
            return Ok(deps.store.write_audit(&entry).await?);
        }
        let mail = Letters(deps).guessed_at(&user)?;
        deps.store.queue_mail(&mail, &entry).await?;
        self.outbox.deliver_soon(&mail.id).await;
        Ok(())
    }
}

/// Whether a failed sign-in was a guess. Asked for its code, the owner has said nothing wrong yet; and what failed for
/// reasons of ours says nothing.
pub(in crate::services) fn is_wrong(fault: &Fault, code: Option<&SecondFactorCode>) -> bool {
    match fault.kind() {
        FaultKind::Unauthenticated => true,
        FaultKind::SecondFactorRequired { .. } => code.is_some(),
        _ => false,
    }
}

/// Whole seconds, rounded up: whoever waits that long is heard.
fn wait(until: Timestamp, now: Timestamp) -> Fault {
    metrics::counter!("clara_sign_ins_refused_total", "reason" => "wait").increment(1);
    let seconds = until.since(now).as_millis().div_ceil(1000);
    let retry_after_seconds = u64::try_from(seconds).unwrap_or(u64::MAX).max(1);
    let unit = if retry_after_seconds == 1 {
        "second"
    } else {
        "seconds"
    };
    Fault::new(FaultKind::RateLimited {
        retry_after_seconds,
    })
    .with_hint(format!(
        "There were too many wrong passwords for this account from this network: try again in {retry_after_seconds} \
         {unit}. Forgotten? auth_send_otp with otp_type CHANGE_PASSWORD, then auth_change_password."
    ))
}
