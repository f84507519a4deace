//! Who a user token speaks for, and the end of a sign-in. Whether a password or code was right is decided before
//! anybody comes here.

use std::sync::Arc;

use super::foundation::Foundation;
use super::tokens;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};

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
    /// The session it names, which tells it from every other token.
    pub fn session(&self) -> &SessionId {
        &self.session
    }
}

/// Sign-ins that live.
#[derive(Clone)]
pub struct Sessions(pub(super) Arc<Foundation>);

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
}
