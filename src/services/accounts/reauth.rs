//! Reauthentication: proving anew who one is, before an act that a stolen session must not do, such as setting up an account's
//! first authenticator app. It takes the password, and the second factor where one is on. What was found good is used up in the
//! transaction of the act itself; a wrong one counts as a wrong sign-in does.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::Accounts;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::clock::Timestamp;
use crate::domain::code::CodePurpose;
use crate::domain::ids::SessionId;
use crate::domain::second_factor::SecondFactorCode;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};
use crate::services::codes;
use crate::services::passwords::Checked;
use crate::store::removal::Proof;
use crate::store::second_factors::SecondFactorProof;

/// How long a sign-in says that its owner is there.
const PROOF_HOLDS: Duration = Duration::from_mins(10);

fn proof_holds_since(now: Timestamp) -> Timestamp {
    now.before(PROOF_HOLDS)
}

const WHO_IS_THERE: &str = "Setting up an account's first authenticator app takes a sign-in of the last ten minutes: sign in anew, or \
                            give the account's `password` too. Better, the person does it on the page /account/second-factor.";

/// What somebody shows as proof.
#[derive(Debug, Default)]
pub struct ReauthCredentials {
    pub password: Option<SecretString>,
    pub code: Option<SecondFactorCode>,
}

/// A proof that was found good, to be given to the act that it is for.
#[derive(Debug)]
pub struct ReauthProof(Proof);

impl ReauthProof {
    pub(in crate::services) fn into_proof(self) -> Proof {
        self.0
    }
}

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

    /// Finds out whether the owner is there: by the password, and by the second factor where the account asks for one. An
    /// account without a password was made by a sign-in elsewhere; there a mailed code stands in its place.
    pub async fn prove_password(
        &self,
        user: &User,
        shown: &ReauthCredentials,
        origin: &Origin,
    ) -> Result<ReauthProof, Fault> {
        let attempt = self.check_proof(user, shown, origin);
        let code = shown.code.as_ref();
        self.throttle.guard(user, code, origin, attempt).await
    }

    async fn check_proof(
        &self,
        user: &User,
        shown: &ReauthCredentials,
        origin: &Origin,
    ) -> Result<ReauthProof, Fault> {
        let deps = &*self.deps;
        let found = deps.store.user_and_hash(&user.email).await?;
        let stored = found
            .filter(|(found, _)| found.id == user.id)
            .and_then(|(_, hash)| hash);
        if let Some(stored) = &stored {
            let Some(password) = &shown.password else {
                return Err(Fault::field(
                    "password",
                    "is required: the account's own, to prove that it is you",
                ));
            };
            let password = password.expose_secret();
            let checked = deps.passwords.check(password, Some(stored)).await?;
            if checked == Checked::Wrong {
                return Err(self.refused(user, origin, "password").await);
            }
        }
        let second_factor = if stored.is_some() || user.is_2fa_enabled {
            self.second_factor(user, shown.code.as_ref(), origin)
                .await?
        } else {
            let Some(code) = &shown.code else {
                return Err(Fault::field(
                    "code",
                    "is required: this account has no password, so give a code that was mailed for TWO_FACTOR_AUTH",
                ));
            };
            let purpose = CodePurpose::TwoFactorAuth;
            let right = match code {
                SecondFactorCode::Digits(digits) => {
                    codes::check(deps, &user.id, purpose, digits, origin).await?
                }
                SecondFactorCode::Recovery(_) => None,
            };
            match right {
                Some(right) => SecondFactorProof::Mailed(right),
                None => return Err(self.refused(user, origin, "code").await),
            }
        };
        Ok(ReauthProof(Proof {
            checked_hash: stored,
            second_factor,
        }))
    }

    async fn refused(&self, user: &User, origin: &Origin, reason: &str) -> Fault {
        let event = AuditEvent::ProofRefused;
        let entry = self
            .deps
            .audit_refusal(Some(&user.id), event, origin, reason);
        match self.deps.store.write_audit(&entry).await {
            Ok(()) => FaultKind::Unauthenticated.into(),
            Err(error) => error.into(),
        }
    }
}
