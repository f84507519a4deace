//! Proving anew who one is, before an act that a stolen session must not do: the password, and the second factor where one
//! is on. What was found good is used up in the transaction of the act itself; a wrong one counts as a wrong
//! sign-in does.

use secrecy::{ExposeSecret as _, SecretString};

use super::Accounts;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::code::CodePurpose;
use crate::domain::second_factor::SecondFactorCode;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};
use crate::services::codes;
use crate::services::passwords::Checked;
use crate::store::removal::Proof;
use crate::store::second_factors::SecondFactorProof;

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

impl Accounts {
    /// Finds out whether the owner is there: by the password, and by the second factor where the account asks for one. An
    /// account without a password was made by a sign-in elsewhere; there a mailed code stands in its place.
    pub async fn prove_password(
        &self,
        user: &User,
        shown: &ReauthCredentials,
        origin: &Origin,
    ) -> Result<ReauthProof, Fault> {
        let attempt = self.check_proof(user, shown, origin);
        self.throttled(user, shown.code.as_ref(), origin, attempt)
            .await
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
