//! Gets queued mails out: at least once, again after a failure with growing pauses, and never a code that is dead. What
//! a mail says it does not read.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::service_deps::ServiceDeps;
use crate::adapters::mail::{MailError, Mailer, OutgoingMail};
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::email::Email;
use crate::fault::Fault;
use crate::store::audit::AuditEntry;
use crate::store::outbox::{ClaimedMail, MailOutcome};

/// How long one try may take before another process takes the mail over; more than the adapter's own limit.
const LEASE: Duration = Duration::from_mins(2);
/// How often the background loop looks without being called.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Pauses after the first, second, … failed try; after the last the mail is dropped.
const PAUSES: [Duration; 8] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
    Duration::from_hours(3),
    Duration::from_hours(12),
];
/// How long a mail that is being sent may hold up a stop. Cut off, it may have arrived and is sent again.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an operation waits for a mail that another process is just writing.
const LOCAL_TIMEOUT: Duration = Duration::from_secs(2);

/// The outbox. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    deps: Arc<ServiceDeps>,
    mailer: Arc<Mailer>,
    wake: Arc<Notify>,
}

impl Outbox {
    pub(super) fn new(deps: Arc<ServiceDeps>, mailer: Mailer) -> Self {
        Self {
            deps,
            mailer: Arc::new(mailer),
            wake: Arc::new(Notify::new()),
        }
    }

    /// Sends everything that is due, and says how many tries that took.
    pub async fn deliver_due(&self) -> Result<usize, Fault> {
        Ok(self.try_due(&CancellationToken::new()).await?.len())
    }

    /// Sends everything that is due, or until `stop` is cancelled, and names the mails it tried.
    async fn try_due(&self, stop: &CancellationToken) -> Result<Vec<String>, Fault> {
        let mut tried = Vec::new();
        while let Some(mail) = self.deps.store.claim_mail(LEASE).await? {
            let outcome = self.deliver(&mail).await;
            self.deps
                .store
                .settle_mail(&mail, &outcome, self.deps.now())
                .await?;
            tried.push(mail.id);
            if stop.is_cancelled() {
                break;
            }
        }
        if !tried.is_empty() {
            self.mailer.rest().await;
        }
        Ok(tried)
    }

    /// Sends what is due whenever there is something, until `stop` is cancelled; a mail that is under way then still
    /// has a moment.
    pub async fn run(&self, stop: &CancellationToken) {
        let too_late = async {
            stop.cancelled().await;
            tokio::time::sleep(STOP_TIMEOUT).await;
        };
        tokio::select! {
            () = self.deliver_until(stop) => {}
            () = too_late => tracing::warn!("the mail server was too slow for this stop: a mail may arrive twice"),
        }
    }

    async fn deliver_until(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(fault) = self.try_due(stop).await {
                tracing::warn!(%fault, "the outbox could not be read");
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Whether the way out is open, for `clara doctor`.
    pub async fn check(&self) -> Result<(), MailError> {
        self.mailer.check().await
    }

    /// Which way out there is, for people.
    pub fn describe(&self) -> String {
        self.mailer.describe()
    }

    /// How many mails wait, and since when the oldest does.
    pub async fn waiting(&self) -> Result<(u64, Option<Duration>), Fault> {
        let now = self.deps.now();
        Ok(self.deps.store.waiting_mails(now).await?)
    }

    /// Sends one mail at once, past the table, to see whether mails arrive.
    pub async fn send_test(&self, recipient: &Email) -> Result<(), MailError> {
        let written_at = self.deps.now();
        let id = format!("test-{}", written_at.0);
        let mail = OutgoingMail {
            id: &id,
            recipient: recipient.as_str(),
            subject: "A test mail from Clara",
            text: "This mail was sent by `clara doctor --mail`. If you can read it, mails from this Clara arrive.\n",
            html: "<p>This mail was sent by <code>clara doctor --mail</code>. If you can read it, mails from this Clara \
                   arrive.</p>\n",
            written_at,
        };
        Box::pin(self.mailer.send(&mail)).await
    }

    /// Called after a commit that queued this mail. A file stands when this returns; a mail server is left to the
    /// background, where its slowness tells a caller nothing.
    pub(super) async fn deliver_soon(&self, mail_id: &str) {
        if !self.mailer.is_local() {
            self.wake.notify_one();
            return;
        }
        let delivered = tokio::time::timeout(LOCAL_TIMEOUT, async {
            loop {
                // On the heap: a conversation over TLS is large, and every operation that mails would carry its size.
                let tried = Box::pin(self.try_due(&CancellationToken::new())).await?;
                if tried.iter().any(|id| id == mail_id)
                    || !self.deps.store.is_mail_waiting(mail_id).await?
                {
                    return Ok::<_, Fault>(());
                }
                // Another caller holds it and is about to be done.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        match delivered.await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!(%fault, "a mail stays in the outbox"),
            Err(_) => self.wake.notify_one(),
        }
    }

    async fn deliver(&self, mail: &ClaimedMail) -> MailOutcome {
        let outcome = self.tried(mail).await;
        let word = match &outcome {
            MailOutcome::Sent => "sent",
            MailOutcome::Expired => "expired",
            MailOutcome::Dropped(_) => "dropped",
            MailOutcome::Later(_) => "later",
        };
        metrics::counter!("clara_mails_total", "outcome" => word).increment(1);
        outcome
    }

    async fn tried(&self, mail: &ClaimedMail) -> MailOutcome {
        let dead = |good_until| self.deps.now() >= good_until;
        if mail.good_until.is_some_and(dead) {
            return MailOutcome::Expired;
        }
        let outgoing = OutgoingMail {
            id: &mail.id,
            recipient: &mail.recipient,
            subject: &mail.subject,
            text: &mail.text,
            html: &mail.html,
            written_at: mail.created_at,
        };
        let Err(error) = self.mailer.send(&outgoing).await else {
            return MailOutcome::Sent;
        };
        let done = usize::try_from(mail.attempt - 1).unwrap_or(usize::MAX);
        let pause = PAUSES.get(done).filter(|_| !error.is_final);
        tracing::warn!(mail = mail.id, kind = mail.kind, attempt = mail.attempt, %error, again = pause.is_some(), "a mail did not leave");
        pause.map_or_else(
            || MailOutcome::Dropped(self.dropped(mail, &error)),
            |pause| MailOutcome::Later(*pause),
        )
    }

    fn dropped(&self, mail: &ClaimedMail, error: &MailError) -> AuditEntry {
        let event = AuditEvent::MailDropped;
        let mut entry = self
            .deps
            .audit(mail.user_id.as_ref(), event, &Origin::inside("outbox"));
        let reason = if error.is_final {
            "refused"
        } else {
            "tried too often"
        };
        entry.good = false;
        entry.details = serde_json::json!({"reason": reason, "code": error.code, "mail": mail.id, "kind": mail.kind});
        entry
    }
}
