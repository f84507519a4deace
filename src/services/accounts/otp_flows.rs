//! What only a mailed code opens: activation and a new password. A try is counted before the code is
//! looked at; a right code is used up in the same transaction as what it opens.

use super::Accounts;
use crate::adapters::breached::BreachedError;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::code::{CodePurpose, OtpCode};
use crate::domain::email::Email;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::password::Password;
use crate::domain::second_factor::{SecondFactorCode, SecondFactorMethod};
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Resource};
use crate::services::codes;
use crate::services::mail::Letters;
use crate::services::password_rules::Whose;
use crate::services::throttling::{Limit, pad_failure_latency};
use crate::store::accounts::{Activation, Secured, SecurityChange};
use crate::store::codes::RightCode;

/// What a new password takes.
#[derive(Debug, Clone, Copy)]
pub struct PasswordProofs<'p> {
    /// From the mail.
    pub code: &'p OtpCode,
    /// Where an authenticator app is on: its code, or a recovery code.
    pub totp: Option<&'p SecondFactorCode>,
}

impl<'p> From<&'p OtpCode> for PasswordProofs<'p> {
    fn from(code: &'p OtpCode) -> Self {
        Self { code, totp: None }
    }
}

/// A code that somebody asks to have mailed.
#[derive(Debug)]
pub struct CodeRequest {
    pub recipient: Email,
    pub purpose: CodePurpose,
    /// Whether the account's owner asks, signed in.
    pub is_signed_in: bool,
    /// Whether it counts for the mailbox it reaches; what is asked for at this machine does not.
    pub is_counted: bool,
    pub origin: Origin,
}

impl Accounts {
    /// Mails a new code that somebody asks for, counted by the mailbox it reaches; what reaches nobody is not counted here.
    pub async fn request_code(&self, request: &CodeRequest) -> Result<(), Fault> {
        let (recipient, origin) = (&request.recipient, &request.origin);
        if !request.is_counted {
            return self.send_code(recipient, request.purpose, origin).await;
        }
        let limits = &self.limits;
        let mailbox = self.mailbox_for(request).await?;
        limits
            .acquire(Limit::CodeRecipient, &mailbox, || origin.clone())
            .await?;
        let outcome = self.send_code(recipient, request.purpose, origin).await;
        if outcome.is_err() {
            limits.refund(Limit::CodeRecipient, &mailbox).await;
        }
        outcome
    }

    /// By what codes for an address are counted: those that its owner asks for, signed in or from a network of theirs, apart
    /// from those of everybody else. Otherwise strangers could use up the day's codes and keep the owner out.
    async fn mailbox_for(&self, request: &CodeRequest) -> Result<String, Fault> {
        let (recipient, origin) = (&request.recipient, &request.origin);
        let is_owners = request.is_signed_in || self.is_owners_network(recipient, origin).await?;
        let whose = if is_owners { " owner" } else { "" };
        Ok(format!("{}{whose}", recipient.key()))
    }

    /// Mails a new code; an older one for the same purpose is dead from then on.
    pub async fn send_code(
        &self,
        email: &Email,
        purpose: CodePurpose,
        origin: &Origin,
    ) -> Result<(), Fault> {
        let deps = &*self.deps;
        let user = self.view_by_address(email).await?;
        if purpose == CodePurpose::Activation && user.is_active {
            return Err(Fault::field(
                "otp_type",
                "must not be ACTIVATION for an account that is active",
            ));
        }
        if purpose == CodePurpose::TwoFactorAuth
            && self.method_of(&user).await? == Some(SecondFactorMethod::App)
        {
            return Err(Fault::field(
                "otp_type",
                "must not be TWO_FACTOR_AUTH for an account with an authenticator app: the app shows the code",
            ));
        }
        let (code, digits) = codes::draw(deps, &user.id, purpose)?;
        let mail = Letters(deps).code(&user.email, &code, &digits)?;
        let mut entry = deps.audit(Some(&user.id), AuditEvent::CodeSent, origin);
        entry.details = serde_json::json!({"purpose": purpose.as_str()});
        deps.store.replace_code(&code, &mail, &entry).await?;
        self.outbox.deliver_soon(&mail.id).await;
        Ok(())
    }

    /// Activates an account and pays its sign-up credit.
    pub async fn activate(
        &self,
        email: &Email,
        code: &OtpCode,
        origin: &Origin,
    ) -> Result<User, Fault> {
        let attempt = Box::pin(self.redeem_activation(email, code, origin));
        pad_failure_latency(self.are_hidden(), attempt).await
    }

    async fn redeem_activation(
        &self,
        email: &Email,
        code: &OtpCode,
        origin: &Origin,
    ) -> Result<User, Fault> {
        let deps = &*self.deps;
        let hides = deps.guarding.hides_accounts;
        let user = self
            .named(email)
            .await?
            .filter(|user| !hides || !user.is_active);
        if user.as_ref().is_some_and(|user| user.is_active) {
            return Err(Fault::field(
                "user_email",
                "must be the address of an account that is not active yet",
            ));
        }
        let user_id = user.as_ref().map(|user| &user.id);
        let code = self
            .right_code(user_id, CodePurpose::Activation, code, origin)
            .await?;
        let user_id = &code.user_id;
        let activation = Activation {
            credit: deps.signup_credit(user_id, email, origin)?,
            api_key: deps.new_api_key(user_id),
            audit: deps.audit(Some(user_id), AuditEvent::Activated, origin),
            code,
            at: deps.now(),
        };
        deps.store
            .activate(&activation)
            .await?
            .ok_or_else(|| wrong_code(CodePurpose::Activation))
    }

    /// Sets a new password and ends every session but `keep_session`. Whether an app's code is asked for besides is said
    /// to nobody but the reader of the mail: the mailed code is looked at first.
    pub async fn change_password(
        &self,
        email: &Email,
        new_password: &Password,
        proofs: PasswordProofs<'_>,
        keep_session: Option<SessionId>,
        origin: &Origin,
    ) -> Result<(), Fault> {
        let attempt =
            Box::pin(self.redeem_new_password(email, new_password, proofs, keep_session, origin));
        pad_failure_latency(self.are_hidden(), attempt).await
    }

    async fn redeem_new_password(
        &self,
        email: &Email,
        new_password: &Password,
        proofs: PasswordProofs<'_>,
        keep_session: Option<SessionId>,
        origin: &Origin,
    ) -> Result<(), Fault> {
        let deps = &*self.deps;
        let rules = &deps.guarding.rules;
        let names = [None, None];
        let whose = Whose { email, names };
        rules.judge(deps, new_password, whose).await?;
        let user = self.named(email).await?;
        let user_id = user.as_ref().map(|user| &user.id);
        let code = self
            .right_code(user_id, CodePurpose::ChangePassword, proofs.code, origin)
            .await?;
        let Some(user) = user else {
            return Err(wrong_code(CodePurpose::ChangePassword));
        };
        // Only now: what a password may not be made of says what somebody is called.
        let names = [user.first_name.as_ref(), user.last_name.as_ref()];
        let whose = Whose { email, names };
        rules.judge(deps, new_password, whose).await?;
        rules.look_up(new_password).await?;
        let second_factor = self.app_factor(&user, proofs.totp, origin).await?;
        let hash = deps.passwords.hash(new_password).await?;
        let mail = Letters(deps).password_changed(&user)?;
        let mut audit = deps.audit(Some(&user.id), AuditEvent::PasswordChanged, origin);
        audit.details = serde_json::json!({"second_factor": second_factor.name()});
        self.change_security(SecurityChange {
            user_id: user.id,
            code: Some(code),
            second_factor,
            change: Secured::Password {
                hash,
                account: deps.account_pseudonym(email.key())?,
            },
            keep: keep_session,
            mail,
            audit,
            at: deps.now(),
        })
        .await
        .and_then(|changed| changed.ok_or_else(|| wrong_code(CodePurpose::ChangePassword)))
        .map(drop)
    }

    pub(super) async fn change_security(
        &self,
        change: SecurityChange,
    ) -> Result<Option<User>, Fault> {
        let changed = self.deps.store.change_security(&change).await?;
        if changed.is_some() {
            self.outbox.deliver_soon(&change.mail.id).await;
            self.deliver_letter(&change.second_factor).await;
        }
        Ok(changed)
    }

    pub(super) async fn right_code(
        &self,
        user_id: Option<&UserId>,
        purpose: CodePurpose,
        code: &OtpCode,
        origin: &Origin,
    ) -> Result<RightCode, Fault> {
        let deps = &*self.deps;
        let refusal =
            deps.audit_refusal(user_id, AuditEvent::CodeRefused, origin, purpose.as_str());
        codes::check_or_note(deps, user_id, purpose, code, &refusal)
            .await?
            .ok_or_else(|| wrong_code(purpose))
    }

    /// The account that an address names. Where accounts are hidden, one that does not exist is no fault yet: its code is
    /// tried as any other.
    async fn named(&self, email: &Email) -> Result<Option<User>, Fault> {
        let user = self.deps.store.user_by_email(email).await?;
        if user.is_none() && !self.deps.guarding.hides_accounts {
            return Err(FaultKind::NotFound(Resource::User).into());
        }
        Ok(user)
    }

    /// Whether leaked passwords can be looked up, for `clara doctor`; `None` where they are not.
    pub async fn can_look_up_passwords(&self) -> Option<Result<(), BreachedError>> {
        self.deps.guarding.rules.can_look_up().await
    }

    /// Whether nobody may learn here which addresses have accounts.
    pub fn are_hidden(&self) -> bool {
        self.deps.guarding.hides_accounts
    }
}

pub(super) fn wrong_code(purpose: CodePurpose) -> Fault {
    let next = match purpose {
        CodePurpose::Activation => "Ask for a new code with auth_send_otp, type ACTIVATION.",
        CodePurpose::TwoFactorAuth => {
            "Ask for a new code with auth_send_otp, type TWO_FACTOR_AUTH."
        }
        CodePurpose::ChangePassword => {
            "Ask for a new code with auth_send_otp, type CHANGE_PASSWORD."
        }
    };
    Fault::new(FaultKind::Unauthenticated).with_hint(next)
}
