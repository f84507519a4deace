//! What a second code proves: right digits of a mail or an app, or a recovery code that is left. A try is counted before
//! anything is compared; using up what was found right is the store's work, together with what it opens.

use sha2::{Digest as _, Sha256};

use super::Accounts;
use crate::domain::audit::Origin;
use crate::domain::code::{CodePurpose, OtpCode};
use crate::domain::ids::UserId;
use crate::domain::second_factor::{RecoveryCode, SecondFactorCode, SecondFactorMethod};
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};
use crate::services::mail::Letters;
use crate::services::throttling::Limit;
use crate::services::{authenticators, codes};
use crate::store::outbox::NewMail;
use crate::store::second_factors::{Authenticator, SecondFactorProof};

impl Accounts {
    /// The proof of a way in, or its refusal.
    pub(super) async fn proved(
        &self,
        user: &User,
        method: SecondFactorMethod,
        code: Option<&SecondFactorCode>,
        origin: &Origin,
    ) -> Result<SecondFactorProof, Fault> {
        let proof = match code {
            Some(code) => self.proof(user, method, code, origin).await?,
            None => None,
        };
        if let Some(proof) = proof {
            return Ok(proof);
        }
        let reason = if code.is_some() { "code" } else { "no code" };
        self.note_refusal(Some(&user.id), origin, reason).await?;
        Err(required(method))
    }

    /// What a code proves, where it is right.
    pub(super) async fn proof(
        &self,
        user: &User,
        method: SecondFactorMethod,
        code: &SecondFactorCode,
        origin: &Origin,
    ) -> Result<Option<SecondFactorProof>, Fault> {
        match (method, code) {
            (SecondFactorMethod::App, code) => self.app_or_recovery(user, code, origin).await,
            (SecondFactorMethod::Mail, SecondFactorCode::Digits(digits)) => {
                let purpose = CodePurpose::TwoFactorAuth;
                let right = codes::check(&self.deps, &user.id, purpose, digits, origin).await?;
                Ok(right.map(SecondFactorProof::Mailed))
            }
            (SecondFactorMethod::Mail, SecondFactorCode::Recovery(_)) => Ok(None),
        }
    }

    pub(super) async fn app_or_recovery(
        &self,
        user: &User,
        code: &SecondFactorCode,
        origin: &Origin,
    ) -> Result<Option<SecondFactorProof>, Fault> {
        match code {
            SecondFactorCode::Digits(digits) => {
                self.counted(&user.id, origin, async || {
                    self.app_proof(user, digits).await
                })
                .await
            }
            SecondFactorCode::Recovery(code) => {
                let digest = digest(code);
                let store = &self.deps.store;
                if !store.has_recovery_code(&user.id, &digest).await? {
                    return Ok(None);
                }
                let letters = self.letters(user)?;
                Ok(Some(SecondFactorProof::Recovery { digest, letters }))
            }
        }
    }

    /// What digits prove of the app in force. Their try is counted by the caller.
    pub(super) async fn app_proof(
        &self,
        user: &User,
        digits: &OtpCode,
    ) -> Result<Option<SecondFactorProof>, Fault> {
        let app = self.deps.store.authenticator(&user.id, true).await?;
        let Some(app) = app else {
            return Ok(None);
        };
        let step = self.right_step(&app, digits).await?;
        Ok(step.map(|step| SecondFactorProof::App {
            authenticator: app.id,
            step,
        }))
    }

    /// Counts a try before anything is compared, and takes it back where it was right: many at once are not more tries.
    pub(super) async fn counted<T>(
        &self,
        user_id: &UserId,
        origin: &Origin,
        attempt: impl AsyncFnOnce() -> Result<Option<T>, Fault>,
    ) -> Result<Option<T>, Fault> {
        let (limit, whom) = (Limit::AppCode, user_id.as_str());
        self.limits.take_of_account(limit, user_id, origin).await?;
        let right = attempt().await?;
        if right.is_some() {
            self.limits.refund(limit, whom).await;
        }
        Ok(right)
    }

    /// The step of a right code that is later than the last one accepted. A seed under the key of before is put under the
    /// present one on the way.
    pub(super) async fn right_step(
        &self,
        app: &Authenticator,
        digits: &OtpCode,
    ) -> Result<Option<i64>, Fault> {
        let deps = &*self.deps;
        let opened = authenticators::open(deps, &app.seed, &app.user_id)?;
        if opened.is_under_previous_key {
            self.reseal(app, &opened.seed).await;
        }
        let step = opened.seed.matching_step(digits, deps.now())?;
        Ok(step.filter(|step| *step > app.last_step))
    }

    /// A mail with one identifier in as many wordings as numbers of codes may be left.
    fn letters(&self, user: &User) -> Result<Vec<NewMail>, Fault> {
        let letters = Letters(&self.deps);
        let id = self.deps.draw_id("mail_");
        (0..RecoveryCode::NUMBER)
            .map(|left| {
                let letter = letters.recovery_code_used(user, left)?;
                Ok(NewMail {
                    id: id.clone(),
                    ..letter
                })
            })
            .collect()
    }
}

/// 120 random bits need no slow hash: nobody can try them through.
pub(super) fn digest(code: &RecoveryCode) -> String {
    base16ct::lower::encode_string(&Sha256::digest(code.as_str().as_bytes()))
}

/// How the factor that is on is proved, for who has not.
pub(super) fn ask(method: SecondFactorMethod) -> &'static str {
    match method {
        SecondFactorMethod::Mail => {
            "This account has 2FA on: ask for a code with auth_send_otp, otp_type TWO_FACTOR_AUTH, and give it. A code is good once."
        }
        SecondFactorMethod::App => {
            "This account has an authenticator app on: give the six digits that it shows now, good once, or a recovery code."
        }
    }
}

/// The answer to who has not proved the second factor.
pub(super) fn required(method: SecondFactorMethod) -> Fault {
    Fault::new(FaultKind::SecondFactorRequired { method }).with_hint(ask(method))
}
