//! What every service stands on: the store, time, randomness, keys and the few settings they share. It decides nothing.

use std::sync::Arc;
use std::time::Duration;

use super::call_control::Waiters;
use super::crypto::keys::SecretKeys;
use super::guarding::Guarding;
use super::passwords::Passwords;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::clock::{Clock, Timestamp};
use crate::domain::credits::{CreditRates, Credits};
use crate::domain::ids::{ApiKeyId, SessionId, TransactionId, UserId};
use crate::domain::ledger::{CauseKind, Direction};
use crate::domain::randomness::Randomness;
use crate::domain::user::ApiKey;
use crate::store::Store;
use crate::store::audit::AuditEntry;
use crate::store::ledger::NewEntry;
use crate::store::sessions::NewSession;

/// How many sessions of an account live at once; the oldest ends.
const MAX_SESSIONS: u32 = 50;

pub(super) struct ServiceDeps {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) randomness: Arc<dyn Randomness>,
    pub(super) keys: SecretKeys,
    pub(super) passwords: Passwords,
    pub(super) session_life: Duration,
    pub(super) code_life: Duration,
    pub(super) signup_credits: Credits,
    pub(super) credit_rates: CreditRates,
    pub(super) keep_attachments: bool,
    /// How long a finished analysis keeps the texts of its sources.
    pub(super) source_life: Duration,
    /// The bytes of texts, files and reports that one account may keep.
    pub(super) max_account_bytes: u64,
    /// Where people reach this Clara; mails link there.
    pub(super) public_url: url::Url,
    pub(super) waiters: Waiters,
    pub(super) guarding: Guarding,
}

impl ServiceDeps {
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A random identifier with a prefix, for rows that never show on the wire.
    pub(super) fn draw_id(&self, prefix: &str) -> String {
        let mut bytes = [0_u8; 16];
        self.randomness.fill(&mut bytes);
        format!("{prefix}{}", base16ct::lower::encode_string(&bytes))
    }

    pub(super) fn new_session(&self, user_id: &UserId, origin: &Origin) -> NewSession {
        let now = self.now();
        NewSession {
            id: SessionId::random(&*self.randomness),
            user_id: user_id.clone(),
            created_at: now,
            expires_at: now.after(self.session_life),
            at_most: MAX_SESSIONS,
            address: origin.address.clone(),
            face: origin.face,
            proven_at: Some(now),
        }
    }

    pub(super) fn new_api_key(&self, user_id: &UserId) -> ApiKey {
        let now = self.now();
        ApiKey {
            id: ApiKeyId::random(&*self.randomness),
            user_id: user_id.clone(),
            created_at: now,
            updated_at: now,
            last_used_at: None,
        }
    }

    /// An entry worth what its credits are at the rate.
    pub(super) fn new_entry(
        &self,
        user_id: &UserId,
        direction: Direction,
        amount: Credits,
        description: String,
        cause_kind: CauseKind,
        cause_id: String,
    ) -> NewEntry {
        NewEntry {
            id: TransactionId::random(&*self.randomness),
            user_id: user_id.clone(),
            direction,
            amount,
            fiat: self.credit_rates.fiat_value(amount),
            description,
            cause_kind,
            cause_id,
            at: self.now(),
        }
    }

    pub(super) fn audit(
        &self,
        user_id: Option<&UserId>,
        event: AuditEvent,
        origin: &Origin,
    ) -> AuditEntry {
        AuditEntry {
            at: self.now(),
            user_id: user_id.cloned(),
            event,
            good: true,
            origin: origin.clone(),
            details: serde_json::json!({}),
        }
    }

    pub(super) fn audit_refusal(
        &self,
        user_id: Option<&UserId>,
        event: AuditEvent,
        origin: &Origin,
        reason: &str,
    ) -> AuditEntry {
        AuditEntry {
            good: false,
            details: serde_json::json!({ "reason": reason }),
            ..self.audit(user_id, event, origin)
        }
    }
}
