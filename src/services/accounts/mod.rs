//! Accounts: making one and signing in to it, with Google in [`google`]. What a mailed code opens is in [`otp_flows`], the
//! second factor in [`second_factor`], what asks for the password anew in [`reauth`] and [`removal`], the rest in [`profile`].

mod google;
mod key_rotation;
mod new_network;
mod otp_flows;
mod profile;
mod qr;
mod reauth;
mod removal;
mod second_factor;
mod second_factor_check;

pub use key_rotation::SeedCounts;
pub use otp_flows::{CodeRequest, PasswordProofs};
pub use qr::qr_png;
pub use second_factor::Offer;

use std::sync::Arc;
use std::time::Duration;

use super::codes;
use super::crypto::tokens;
use super::judging::Judging;
use super::mail::Letters;
use super::outbox::Outbox;
use super::password_rules::Whose;
use super::passwords::Checked;
use super::service_deps::ServiceDeps;
use super::throttling::{Limits, LoginThrottle, is_wrong};
use crate::adapters::google::Google;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::code::CodePurpose;
use crate::domain::email::Email;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::name::PersonName;
use crate::domain::password::Password;
use crate::domain::second_factor::SecondFactorCode;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};
use crate::store::accounts::{NewUser, Registration, SignIn};
use crate::store::login_throttle::ThrottleKey;
use crate::store::mailbox_keys::EmailCollision;
use crate::store::sessions::NewSession;
pub use reauth::{ReauthContext, ReauthCredentials, ReauthProof};
pub(super) use removal::done as acted;

pub use google::GoogleSignedIn;

/// How long an account that was never activated holds its address.
const HOLDS_ADDRESS_FOR: Duration = Duration::from_hours(24);

/// What a person gives to make an account.
#[derive(Debug)]
pub struct NewAccount {
    pub email: Email,
    pub first_name: PersonName,
    pub last_name: PersonName,
    pub password: Password,
}

/// An account and the token of the session that was just started.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub user: User,
    pub session: SessionId,
    pub token: String,
}

/// Accounts.
#[derive(Clone)]
pub struct Accounts {
    pub(super) deps: Arc<ServiceDeps>,
    pub(super) outbox: Outbox,
    /// `None` where nobody signs in with Google.
    pub(super) google: Option<Google>,
    pub(super) limits: Limits,
    pub(super) judging: Judging,
    pub(super) throttle: LoginThrottle,
}

impl Accounts {
    /// Accounts that share a mailbox with another, from before spellings of one were told to be one.
    pub async fn email_collisions(&self) -> Result<Vec<EmailCollision>, Fault> {
        Ok(self.deps.store.email_collisions().await?)
    }

    /// Makes an inactive account with a session, and mails the code that activates it.
    pub async fn register(&self, new: NewAccount, origin: &Origin) -> Result<SignedIn, Fault> {
        let deps = &*self.deps;
        let rules = &deps.guarding.rules;
        let whose = Whose {
            email: &new.email,
            names: [Some(&new.first_name), Some(&new.last_name)],
        };
        rules.judge(deps, &new.password, whose).await?;
        rules.look_up(&new.password).await?;
        let password_hash = deps.passwords.hash(&new.password).await?;
        let now = deps.now();
        let user_id = UserId::random(&*deps.randomness);
        let (code, digits) = codes::draw(deps, &user_id, CodePurpose::Activation)?;
        let registration = Registration {
            mail: Letters(deps).code(&new.email, &code, &digits)?,
            code,
            session: deps.new_session(&user_id, origin),
            audit: deps.audit(Some(&user_id), AuditEvent::Registered, origin),
            replace_before: now.before(HOLDS_ADDRESS_FOR),
            seen: deps.seen(None, origin)?,
            user: NewUser {
                id: user_id,
                email: new.email,
                first_name: Some(new.first_name),
                last_name: Some(new.last_name),
                password_hash: Some(password_hash),
                is_active: false,
                created_at: now,
            },
        };
        let user = deps
            .store
            .register(&registration)
            .await?
            .ok_or(FaultKind::UserExists)?;
        self.outbox.deliver_soon(&registration.mail.id).await;
        self.signed_in(user, &registration.session)
    }

    /// Signs in with address and password as they were sent, and with a code where the account asks for one. Whatever
    /// is wrong, the answer and its cost are the same, until the password is right.
    pub async fn login(
        &self,
        email: &str,
        password: &str,
        code: Option<&SecondFactorCode>,
        origin: &Origin,
    ) -> Result<SignedIn, Fault> {
        let counted = self.throttle.count(email, origin).await?;
        let guesser = counted.as_ref().map(|counted| counted.guesser.clone());
        let outcome = self
            .check_sign_in(email, password, code, guesser, origin)
            .await;
        if let (Some(counted), Err(fault)) = (&counted, &outcome)
            && !is_wrong(fault, code)
        {
            self.throttle.take_back(counted).await;
        }
        outcome
    }

    /// Signs in after the try was counted.
    async fn check_sign_in(
        &self,
        email: &str,
        password: &str,
        code: Option<&SecondFactorCode>,
        guesser: Option<ThrottleKey>,
        origin: &Origin,
    ) -> Result<SignedIn, Fault> {
        let deps = &*self.deps;
        let found = match email.parse::<Email>() {
            Ok(email) => deps.store.user_and_hash(&email).await?,
            Err(_) => None,
        };
        let stored_hash = found.as_ref().and_then(|(_, hash)| hash.as_deref());
        let checked = deps.passwords.check(password, stored_hash).await?;
        let (Some((user, Some(checked_hash))), Checked::Right { better_hash }) = (&found, checked)
        else {
            let user_id = found.as_ref().map(|(user, _)| &user.id);
            self.note_refusal(user_id, origin, "address or password")
                .await?;
            return Err(FaultKind::Unauthenticated.into());
        };
        let second_factor = self.second_factor(user, code, origin).await?;
        let session = deps.new_session(&user.id, origin);
        let mut audit = deps.audit(Some(&user.id), AuditEvent::SignedIn, origin);
        audit.details = serde_json::json!({"second_factor": second_factor.name()});
        let sign_in = SignIn {
            session,
            checked_hash: checked_hash.clone(),
            better_hash,
            second_factor,
            audit,
            seen: deps.seen(Some(user), origin)?,
            guesser,
        };
        match deps.store.sign_in(&sign_in).await? {
            Some(user) => {
                self.deliver_letter(&sign_in.second_factor).await;
                self.send_if_queued(sign_in.seen.as_ref()).await;
                self.signed_in(user, &sign_in.session)
            }
            None if user.is_2fa_enabled => Err(self.factor_required(user).await?),
            None => Err(FaultKind::Unauthenticated.into()),
        }
    }

    async fn note_refusal(
        &self,
        user_id: Option<&UserId>,
        origin: &Origin,
        reason: &str,
    ) -> Result<(), Fault> {
        let entry = self
            .deps
            .audit_refusal(user_id, AuditEvent::SignInRefused, origin, reason);
        Ok(self.deps.store.write_audit(&entry).await?)
    }

    fn signed_in(&self, user: User, session: &NewSession) -> Result<SignedIn, Fault> {
        let token = tokens::user_token(
            &self.deps.keys,
            &user.id,
            &session.id,
            session.created_at,
            session.expires_at,
        )?;
        Ok(SignedIn {
            user,
            session: session.id.clone(),
            token,
        })
    }
}
