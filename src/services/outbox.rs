//! Gets queued mails out: at least once, again after a failure with growing pauses, and never a code that is dead. What
//! a mail says it does not read.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::foundation::Foundation;
use crate::adapters::mail::{MailError, Mailer, OutgoingMail};
use crate::domain::email::Email;
use crate::fault::Fault;
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
/// How long an operation waits for a mail that another process is just writing.
const LOCAL_PATIENCE: Duration = Duration::from_secs(2);

/// The outbox. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    foundation: Arc<Foundation>,
    mailer: Arc<Mailer>,
    wake: Arc<Notify>,
}

impl Outbox {
    pub(super) fn new(foundation: Arc<Foundation>, mailer: Mailer) -> Self {
        Self {
            foundation,
            mailer: Arc::new(mailer),
            wake: Arc::new(Notify::new()),
        }
    }

    /// Sends everything that is due, and says how many tries that took.
    pub async fn deliver_due(&self) -> Result<usize, Fault> {
        let mut tries = 0;
        while let Some(mail) = self.foundation.store.claim_mail(LEASE).await? {
            tries += 1;
            let outcome = self.deliver(&mail).await;
            self.foundation
                .store
                .settle_mail(&mail, outcome, self.foundation.now())
                .await?;
        }
        Ok(tries)
    }

    /// Sends what is due whenever there is something; runs until it is dropped.
    pub async fn run(&self) {
        loop {
            if let Err(fault) = self.deliver_due().await {
                tracing::warn!(%fault, "the outbox could not be read");
            }
            let _ = tokio::time::timeout(LOOK_EVERY, self.wake.notified()).await;
        }
    }

    /// Whether the way out is open, for `clara doctor`.
    pub async fn check(&self) -> Result<(), MailError> {
        self.mailer.check().await
    }

    /// Sends one mail at once, past the table, to see whether mails arrive.
    pub async fn send_test(&self, recipient: &Email) -> Result<(), MailError> {
        let written_at = self.foundation.now();
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
        self.mailer.send(&mail).await
    }

    /// Called after a commit that queued this mail. A file stands when this returns; a mail server is left to the
    /// background, where its slowness tells a caller nothing.
    pub(super) async fn deliver_soon(&self, mail_id: &str) {
        if !self.mailer.is_local() {
            self.wake.notify_one();
            return;
        }
        let delivered = tokio::time::timeout(LOCAL_PATIENCE, async {
            loop {
                self.deliver_due().await?;
                if !self.foundation.store.is_mail_waiting(mail_id).await? {
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
        let dead = |good_until| self.foundation.now() >= good_until;
        if mail.good_until.is_some_and(dead) {
            return MailOutcome::Dropped;
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
        tracing::warn!(mail = mail.id, attempt = mail.attempt, %error, again = pause.is_some(), "a mail did not leave");
        pause.map_or(MailOutcome::Dropped, |pause| MailOutcome::Later(*pause))
    }
}
