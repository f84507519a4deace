//! Who a user token speaks for, which sign-ins an account has, and their end. Whether a password or code was right is decided
//! before anybody comes here.

use std::sync::Arc;

use serde_json::json;

use super::crypto::tokens;
use super::ledger::books::said;
use super::service_deps::ServiceDeps;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::operator::Act;
use crate::domain::page::Page;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Resource};
use crate::store::audit::AuditEntry;
use crate::store::sessions::Ending;
pub use crate::store::sessions::SessionRecord;

/// A caller that was recognised.
#[derive(Debug, Clone)]
pub struct Identity {
    pub user: User,
    /// The session behind a user token; an API key has none.
    pub session: Option<SessionId>,
}

/// What a user token says that was made here.
#[derive(Debug, Clone)]
pub struct UserToken {
    user_id: UserId,
    session: SessionId,
}

impl UserToken {
    /// The account that it speaks for, as the token says.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }
}

/// Who looks at sessions or ends them.
#[derive(Debug, Clone)]
pub enum By {
    Owner(Origin),
    Operator(Act),
}

impl By {
    fn origin(&self) -> &Origin {
        match self {
            Self::Owner(origin) => origin,
            Self::Operator(act) => &act.origin,
        }
    }
}

/// Sign-ins that live.
#[derive(Clone)]
pub struct Sessions(pub(super) Arc<ServiceDeps>);

impl Sessions {
    /// Whom the token speaks for, if its session lives.
    pub async fn identify_user_token(&self, token: &str) -> Result<Identity, Fault> {
        let genuine = self.read_user_token(token);
        let genuine = genuine.ok_or_else(|| Fault::new(FaultKind::Unauthenticated))?;
        self.identify_genuine(genuine).await
    }

    /// Reads a token without asking whether its session lives; `None`: nobody here made it, or its time is over.
    pub fn read_user_token(&self, token: &str) -> Option<UserToken> {
        let (user_id, session) = tokens::read_user_token(&self.0.keys, token, self.0.now())?;
        Some(UserToken { user_id, session })
    }

    /// Whom a genuine token speaks for, if its session lives.
    pub async fn identify_genuine(&self, token: UserToken) -> Result<Identity, Fault> {
        let user = self
            .0
            .store
            .session_user(&token.session, &token.user_id, self.0.now())
            .await?
            .ok_or_else(|| Fault::new(FaultKind::Unauthenticated))?;
        Ok(Identity {
            user,
            session: Some(token.session),
        })
    }

    /// Ends the session; its token is worth nothing from now on.
    pub async fn logout(&self, identity: &Identity, origin: &Origin) -> Result<(), Fault> {
        let Some(session) = &identity.session else {
            return Err(Fault::new(FaultKind::Unauthenticated));
        };
        let entry = self
            .0
            .audit(Some(&identity.user.id), AuditEvent::SignedOut, origin);
        self.0.store.end_session(session, &entry).await?;
        Ok(())
    }

    /// The account's sessions that live, newest first, and how many there are. An operator's look is written down.
    pub async fn list(
        &self,
        user_id: &UserId,
        page: Page,
        by: &By,
    ) -> Result<(Vec<SessionRecord>, u64), Fault> {
        if let By::Operator(act) = by {
            let asked = json!({"limit": page.limit, "offset": page.offset});
            let details = said(act, json!({"command": "sessions", "asked": asked}));
            let mut entry = self
                .0
                .audit(Some(user_id), AuditEvent::OperatorActed, &act.origin);
            entry.details = details;
            self.0.store.write_audit(&entry).await?;
        }
        Ok(self.0.store.sessions(user_id, page, self.0.now()).await?)
    }

    /// Ends one session of the account; its token is worth nothing from now on, on every server.
    pub async fn end(&self, user_id: &UserId, session: &SessionId, by: &By) -> Result<(), Fault> {
        let entry = self.ended(user_id, session.as_str(), by);
        let ending = Ending::One(session);
        if self.0.store.end_sessions(user_id, ending, &entry).await? {
            Ok(())
        } else {
            Err(FaultKind::NotFound(Resource::Session).into())
        }
    }

    /// Ends every session of the account but the one to keep.
    pub async fn end_others(
        &self,
        user_id: &UserId,
        keep: Option<&SessionId>,
        by: &By,
    ) -> Result<(), Fault> {
        let which = if keep.is_some() { "all others" } else { "all" };
        let entry = self.ended(user_id, which, by);
        let ending = Ending::AllBut(keep);
        self.0.store.end_sessions(user_id, ending, &entry).await?;
        Ok(())
    }

    fn ended(&self, user_id: &UserId, which: &str, by: &By) -> AuditEntry {
        let details = json!({ "sessions": which });
        let event = AuditEvent::SessionsEnded;
        let mut entry = self.0.audit(Some(user_id), event, by.origin());
        entry.details = match by {
            By::Owner(_) => details,
            By::Operator(act) => said(act, details),
        };
        entry
    }
}
