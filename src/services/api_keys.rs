//! The key an agent signs in with: one an account, its token remade from the row, gone at once when it is reset. No
//! token is ever stored.

use std::sync::Arc;
use std::time::Duration;

use super::crypto::tokens;
use super::mail::Letters;
use super::outbox::Outbox;
use super::service_deps::ServiceDeps;
use super::sessions::Identity;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{ApiKeyId, UserId};
use crate::domain::user::{ApiKey, User};
use crate::fault::{Fault, FaultKind};

/// How exactly `last_used_at` is kept.
const USE_IS_NOTED_EVERY: Duration = Duration::from_mins(1);

/// A key with the token that only its owner sees.
#[derive(Debug, Clone)]
pub struct ApiKeyWithToken {
    pub key: ApiKey,
    pub token: String,
}

/// What an API key's token says that was made here.
#[derive(Debug, Clone)]
pub struct ApiToken {
    user_id: UserId,
    key: ApiKeyId,
}

impl ApiToken {
    /// The key it names, which tells it from every other token.
    pub fn key(&self) -> &ApiKeyId {
        &self.key
    }
}

/// API keys.
#[derive(Clone)]
pub struct ApiKeys {
    pub(super) deps: Arc<ServiceDeps>,
    pub(super) outbox: Outbox,
}

impl ApiKeys {
    /// Whom the token speaks for, if its key was not reset.
    pub async fn identify(&self, token: &str) -> Result<Identity, Fault> {
        let genuine = self.read_token(token);
        let genuine = genuine.ok_or_else(|| Fault::new(FaultKind::Unauthenticated))?;
        self.identify_genuine(genuine).await
    }

    /// Reads a token without asking whether its key was reset; `None`: nobody here made it.
    pub fn read_token(&self, token: &str) -> Option<ApiToken> {
        let (user_id, key) = tokens::read_api_token(&self.deps.keys, token)?;
        Some(ApiToken { user_id, key })
    }

    /// Whom a genuine token speaks for, if its key was not reset.
    pub async fn identify_genuine(&self, token: ApiToken) -> Result<Identity, Fault> {
        let store = &self.deps.store;
        let (user, last_used) = store
            .api_key_user(&token.key, &token.user_id)
            .await?
            .ok_or_else(|| Fault::new(FaultKind::Unauthenticated))?;
        let now = self.deps.now();
        if last_used.is_none_or(|last_used| now.since(last_used) >= USE_IS_NOTED_EVERY) {
            let before = Timestamp(now.0 - 60_000);
            store.note_api_key_use(&token.key, now, before).await?;
        }
        Ok(Identity {
            user,
            session: None,
        })
    }

    /// The account's key, made where it has none yet.
    pub async fn view(&self, user: &User, origin: &Origin) -> Result<ApiKeyWithToken, Fault> {
        let entry = self
            .deps
            .audit(Some(&user.id), AuditEvent::ApiKeyViewed, origin);
        let new = self.deps.new_api_key(&user.id);
        let key = self.deps.store.api_key_or(&new, &entry).await?;
        self.with_token(key)
    }

    /// A new key in the place of the old one, whose token stops working at once; the owner gets a mail about it.
    pub async fn reset(&self, user: &User, origin: &Origin) -> Result<ApiKeyWithToken, Fault> {
        let deps = &self.deps;
        let entry = deps.audit(Some(&user.id), AuditEvent::ApiKeyReset, origin);
        let key = deps.new_api_key(&user.id);
        let mail = Letters(deps).api_key_reset(user)?;
        deps.store.replace_api_key(&key, &mail, &entry).await?;
        self.outbox.deliver_soon(&mail.id).await;
        self.with_token(key)
    }

    fn with_token(&self, key: ApiKey) -> Result<ApiKeyWithToken, Fault> {
        let token = tokens::api_token(&self.deps.keys, &key)?;
        Ok(ApiKeyWithToken { key, token })
    }
}
