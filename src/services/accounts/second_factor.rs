//! The second factor of an account: asked for wherever somebody gets in, and switched by who proves to have it. A try is
//! counted before a code is looked at; a right one is used up in the same transaction as what it opens.

use super::Accounts;
use super::guarded::wrong_code;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::code::{CodePurpose, OtpCode};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::second_factor::SecondFactorCode;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};
use crate::services::codes;
use crate::services::mail::Letters;
use crate::store::accounts::{Secured, SecurityChange};
use crate::store::second_factors::SecondFactorProof;

const ASK_FOR_SECOND_FACTOR: &str =
    "Ask for a code with auth_send_otp, type TWO_FACTOR_AUTH, and sign in again with it as `code`.";

impl Accounts {
    /// What of the second factor has to be used up with a way in: every way asks here, once the first proof was right, and
    /// hands the answer to the store's transaction. Where a factor is on and the code does not prove it, nobody gets in.
    pub(super) async fn second_factor(
        &self,
        user: &User,
        code: Option<&SecondFactorCode>,
        origin: &Origin,
    ) -> Result<SecondFactorProof, Fault> {
        if !user.is_2fa_enabled {
            return Ok(SecondFactorProof::NotOn);
        }
        let right = match code {
            Some(SecondFactorCode::Digits(digits)) => {
                let purpose = CodePurpose::TwoFactorAuth;
                codes::check(&self.foundation, &user.id, purpose, digits).await?
            }
            _ => None,
        };
        if let Some(right) = right {
            return Ok(SecondFactorProof::Mailed(right));
        }
        let reason = if code.is_some() { "code" } else { "no code" };
        self.note_refusal(Some(&user.id), origin, reason).await?;
        Err(required())
    }

    /// From now on signing in takes a mailed code too. Every other session ends. Switching on what is on changes
    /// nothing more.
    pub async fn enable_2fa(
        &self,
        user_id: &UserId,
        code: &OtpCode,
        keep_session: Option<SessionId>,
        origin: &Origin,
    ) -> Result<User, Fault> {
        self.switch_second_factor(user_id, true, code, keep_session, origin)
            .await
    }

    /// From now on the password alone signs in.
    pub async fn disable_2fa(
        &self,
        user_id: &UserId,
        code: &OtpCode,
        keep_session: Option<SessionId>,
        origin: &Origin,
    ) -> Result<User, Fault> {
        self.switch_second_factor(user_id, false, code, keep_session, origin)
            .await
    }

    async fn switch_second_factor(
        &self,
        user_id: &UserId,
        on: bool,
        code: &OtpCode,
        keep: Option<SessionId>,
        origin: &Origin,
    ) -> Result<User, Fault> {
        let foundation = &*self.foundation;
        let user = self.view(user_id).await?;
        let code = self
            .right_code(Some(&user.id), CodePurpose::TwoFactorAuth, code, origin)
            .await?;
        let event = if on {
            AuditEvent::SecondFactorEnabled
        } else {
            AuditEvent::SecondFactorDisabled
        };
        let mail = Letters(foundation).second_factor(&user, on)?;
        self.change_security(SecurityChange {
            code,
            change: Secured::SecondFactor(on),
            keep,
            mail,
            audit: foundation.audit(Some(&user.id), event, origin),
            at: foundation.now(),
        })
        .await?
        .ok_or_else(|| wrong_code(CodePurpose::TwoFactorAuth))
    }
}

/// The answer to who has not proved the second factor.
pub(super) fn required() -> Fault {
    Fault::new(FaultKind::SecondFactorRequired).next(ASK_FOR_SECOND_FACTOR)
}
