//! Who a user token speaks for, and the end of a sign-in. Whether a password or code was right is decided before
//! anybody comes here.

use std::sync::Arc;

use super::foundation::Foundation;
use super::tokens;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::ids::SessionId;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};

/// A caller that was recognised.
#[derive(Debug, Clone)]
pub struct Identity {
    pub user: User,
    /// The session behind a user token; an API key has none.
    pub session: Option<SessionId>,
}

/// Sign-ins that live.
#[derive(Clone)]
pub struct Sessions(pub(super) Arc<Foundation>);

impl Sessions {
    /// Whom the token speaks for, if its session lives.
    pub async fn identify_user_token(&self, token: &str) -> Result<Identity, Fault> {
        let now = self.0.now();
        let refused = || Fault::new(FaultKind::Unauthenticated);
        let (user_id, session) =
            tokens::read_user_token(&self.0.keys, token, now).ok_or_else(refused)?;
        let user = self
            .0
            .store
            .session_user(&session, &user_id, now)
            .await?
            .ok_or_else(refused)?;
        Ok(Identity {
            user,
            session: Some(session),
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
