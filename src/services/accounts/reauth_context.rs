//! Whether it is the owner who sets up an account's first authenticator app, and not only somebody with their session. What an
//! app and its codes are is not known here.

use std::time::Duration;

use secrecy::SecretString;

use super::Accounts;
use super::reauth::ReauthCredentials;
use crate::domain::audit::Origin;
use crate::domain::clock::Timestamp;
use crate::domain::ids::SessionId;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};

/// How long a sign-in says that its owner is there.
const PROOF_HOLDS: Duration = Duration::from_mins(10);

fn proof_holds_since(now: Timestamp) -> Timestamp {
    let life = i64::try_from(PROOF_HOLDS.as_millis()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_sub(life))
}

const WHO_IS_THERE: &str = "Setting up an account's first authenticator app takes a sign-in of the last ten minutes: sign in anew, or \
                            give the account's `password` too. Better, the person does it on the page /account/second-factor.";

/// Who sets up an app, as far as the call says.
#[derive(Debug, Default)]
pub struct ReauthContext {
    /// The session that acts, which is kept.
    pub session: Option<SessionId>,
    pub password: Option<SecretString>,
}

impl Accounts {
    /// Whether it is the owner who sets up the account's first factor, and not only somebody with their session: whoever
    /// has the factor has the account. A sign-in of the last minutes says so, or the password; so does sitting at the machine
    /// that the database is on.
    pub(super) async fn make_sure_of_owner(
        &self,
        user: &User,
        here: &ReauthContext,
        origin: &Origin,
    ) -> Result<(), Fault> {
        if origin.by_operator || origin.network().is_none() {
            return Ok(());
        }
        let deps = &*self.deps;
        if let Some(session) = &here.session
            && deps
                .store
                .is_proven_since(session, proof_holds_since(deps.now()))
                .await?
        {
            return Ok(());
        }
        if here.password.is_none() {
            return Err(Fault::new(FaultKind::Unauthenticated).with_hint(WHO_IS_THERE));
        }
        let shown = ReauthCredentials {
            password: here.password.clone(),
            code: None,
        };
        Box::pin(self.prove_password(user, &shown, origin))
            .await
            .map(drop)
    }

    /// Whether an app was offered just now, which asked who is there: nobody is asked twice.
    pub(super) async fn was_offered_lately(&self, user: &User) -> Result<bool, Fault> {
        let deps = &*self.deps;
        let offered = deps.store.authenticator(&user.id, false).await?;
        let since = proof_holds_since(deps.now());
        Ok(offered.is_some_and(|app| app.offered_at > since))
    }
}
