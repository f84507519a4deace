//! The second factor of an account: asked for wherever somebody gets in, and switched by who proves to have the one that is
//! on. A try is counted before a code is looked at; a right one is used up in the same transaction as what it opens.

use super::Accounts;
use super::otp_flows::wrong_code;
use super::qr::qr_svg;
use super::reauth::ReauthContext;
use super::second_factor_check::{ask, digest, required};
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::code::{CodePurpose, OtpCode};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::operator::Act;
use crate::domain::second_factor::{RecoveryCode, SecondFactorCode, SecondFactorMethod};
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Resource};
use crate::services::authenticators::{self, Seed};
use crate::services::ledger::books::said;
use crate::services::mail::{Letters, Switched};
use crate::store::accounts::{Secured, SecurityChange};
use crate::store::second_factors::{Authenticator, SecondFactorChange, SecondFactorProof};

/// An app that was offered, as its owner takes it over.
#[derive(Debug)]
pub struct Offer {
    /// What the app reads: `otpauth://…`, with the seed in it.
    pub address: String,
    /// The same as a picture to scan.
    pub qr_svg: String,
}

impl Accounts {
    /// What of the second factor has to be used up with a way in: every way asks here, once the first proof was right, and
    /// hands the answer to the store's transaction. Where a factor is on and the code does not prove it, nobody gets in.
    pub(super) async fn second_factor(
        &self,
        user: &User,
        code: Option<&SecondFactorCode>,
        origin: &Origin,
    ) -> Result<SecondFactorProof, Fault> {
        let Some(method) = self.method_of(user).await? else {
            return Ok(SecondFactorProof::NotOn);
        };
        self.proved(user, method, code, origin).await
    }

    /// The same where a mailed code was the first proof: a second one from the same mailbox would prove nothing more, so
    /// only an app is asked for.
    pub(super) async fn app_factor(
        &self,
        user: &User,
        code: Option<&SecondFactorCode>,
        origin: &Origin,
    ) -> Result<SecondFactorProof, Fault> {
        match self.method_of(user).await? {
            Some(SecondFactorMethod::App) => {
                self.proved(user, SecondFactorMethod::App, code, origin)
                    .await
            }
            _ if code.is_some() => Err(Fault::field(
                "totp",
                "is for accounts with an authenticator app, and this one has none; leave it out",
            )),
            _ => Ok(SecondFactorProof::NoApp),
        }
    }

    /// The factor that is on.
    pub async fn method_of(&self, user: &User) -> Result<Option<SecondFactorMethod>, Fault> {
        if !user.is_2fa_enabled {
            return Ok(None);
        }
        let app = self.deps.store.authenticator(&user.id, true).await?;
        Ok(Some(match app {
            Some(_) => SecondFactorMethod::App,
            None => SecondFactorMethod::Mail,
        }))
    }

    /// The answer to who has not proved the second factor.
    pub(super) async fn factor_required(&self, user: &User) -> Result<Fault, Fault> {
        let method = self.method_of(user).await?;
        Ok(required(method.unwrap_or_default()))
    }

    /// Sends what using a recovery code tells its owner.
    pub(super) async fn deliver_letter(&self, proof: &SecondFactorProof) {
        if let Some(letter) = proof.letter() {
            self.outbox.deliver_soon(letter).await;
        }
    }

    /// From now on signing in takes a mailed code too. Every other session ends. Switching on what is on changes nothing
    /// more.
    pub async fn enable_2fa(
        &self,
        user_id: &UserId,
        code: &OtpCode,
        keep_session: Option<SessionId>,
        origin: &Origin,
    ) -> Result<User, Fault> {
        let user = self.view(user_id).await?;
        if self.method_of(&user).await? == Some(SecondFactorMethod::App) {
            return Err(Fault::field(
                "method",
                "must be `app` while an authenticator app is on; auth_disable_2fa turns it off",
            ));
        }
        let purpose = CodePurpose::TwoFactorAuth;
        let code = self
            .right_code(Some(user_id), purpose, code, origin)
            .await?;
        let switch = Switch {
            proof: SecondFactorProof::Mailed(code),
            change: SecondFactorChange::Mail,
            event: AuditEvent::SecondFactorEnabled,
            told: Switched::ToMail,
        };
        self.switch(&user, switch, keep_session, origin)
            .await?
            .ok_or_else(|| wrong_code(CodePurpose::TwoFactorAuth))
    }

    /// Draws a seed for an app to take over. It opens nothing until its first code has come back; what is on stays on
    /// until then.
    pub async fn offer_app(
        &self,
        user_id: &UserId,
        here: &ReauthContext,
        origin: &Origin,
    ) -> Result<Offer, Fault> {
        let deps = &*self.deps;
        let user = self.view(user_id).await?;
        if self.method_of(&user).await?.is_none() {
            self.make_sure_of_owner(&user, here, origin).await?;
        }
        let seed = Seed::random(&*deps.randomness);
        let offered = Authenticator {
            id: deps.draw_id("authenticator_"),
            user_id: user.id.clone(),
            seed: authenticators::seal(deps, &seed, &user.id)?,
            last_step: 0,
            offered_at: deps.now(),
        };
        let entry = deps.audit(Some(&user.id), AuditEvent::AuthenticatorOffered, origin);
        let address = seed.address(&user.email)?;
        let offer = Offer {
            qr_svg: qr_svg(&address)?,
            address,
        };
        deps.store.offer_authenticator(&offered, &entry).await?;
        Ok(offer)
    }

    /// Brings the offered app into force with its first right code; where another factor is on, `current` has to prove
    /// that one. A right code of the app that is on already makes new recovery codes. Every other session ends, and the
    /// recovery codes of before are dead.
    pub async fn enable_app(
        &self,
        user_id: &UserId,
        code: &SecondFactorCode,
        current: Option<&SecondFactorCode>,
        here: &ReauthContext,
        origin: &Origin,
    ) -> Result<Vec<RecoveryCode>, Fault> {
        let deps = &*self.deps;
        let user = self.view(user_id).await?;
        if self.method_of(&user).await?.is_none() && !self.was_offered_lately(&user).await? {
            self.make_sure_of_owner(&user, here, origin).await?;
        }
        let Some(confirmed) = self.confirmed(&user, code, origin).await? else {
            return Err(self
                .code_refused(&user, origin)
                .await?
                .with_hint(OFFER_FIRST));
        };
        let codes: Vec<_> = (0..RecoveryCode::NUMBER)
            .map(|_| RecoveryCode::random(&*deps.randomness))
            .collect();
        let recovery = codes.iter().map(digest).collect();
        let switch = match confirmed {
            Confirmed::Offered {
                authenticator,
                step,
            } => Switch {
                proof: self.second_factor(&user, current, origin).await?,
                change: SecondFactorChange::App {
                    authenticator,
                    step,
                    recovery,
                },
                event: AuditEvent::SecondFactorEnabled,
                told: Switched::ToApp,
            },
            Confirmed::InForce(proof) => Switch {
                proof,
                change: SecondFactorChange::Recovery(recovery),
                event: AuditEvent::RecoveryCodesReplaced,
                told: Switched::RecoveryCodes,
            },
        };
        let keep = here.session.clone();
        match self.switch(&user, switch, keep, origin).await? {
            Some(_) => Ok(codes),
            None => Err(Fault::new(FaultKind::Unauthenticated).with_hint(OFFER_FIRST)),
        }
    }

    /// From now on the password alone signs in: the code is one of the factor that is on.
    pub async fn disable_2fa(
        &self,
        user_id: &UserId,
        code: &SecondFactorCode,
        keep_session: Option<SessionId>,
        origin: &Origin,
    ) -> Result<User, Fault> {
        let user = self.view(user_id).await?;
        let method = self.method_of(&user).await?.unwrap_or_default();
        let Some(proof) = self.proof(&user, method, code, origin).await? else {
            return Err(self
                .code_refused(&user, origin)
                .await?
                .with_hint(ask(method)));
        };
        let switch = Switch {
            proof,
            change: SecondFactorChange::Off,
            event: AuditEvent::SecondFactorDisabled,
            told: Switched::Off,
        };
        self.switch(&user, switch, keep_session, origin)
            .await?
            .ok_or_else(|| Fault::new(FaultKind::Unauthenticated).with_hint(ask(method)))
    }

    /// Turns the factor off at the operator's word, for an owner who lost it. Every session ends.
    pub async fn end_second_factor(&self, user: &User, act: &Act) -> Result<(), Fault> {
        let deps = &*self.deps;
        let event = AuditEvent::SecondFactorDisabled;
        let mut audit = deps.audit(Some(&user.id), event, &act.origin);
        audit.details = said(
            act,
            serde_json::json!({"proof": "operator", "change": "off"}),
        );
        let ended = self.change_security(SecurityChange {
            user_id: user.id.clone(),
            code: None,
            second_factor: SecondFactorProof::Operator,
            change: Secured::SecondFactor(SecondFactorChange::Off),
            keep: None,
            mail: Letters(deps).second_factor(user, Switched::Off)?,
            audit,
            at: deps.now(),
        });
        match ended.await? {
            Some(_) => Ok(()),
            None => Err(FaultKind::NotFound(Resource::User).into()),
        }
    }

    /// Whose right code this is: the offered app's, or one of the app in force.
    async fn confirmed(
        &self,
        user: &User,
        code: &SecondFactorCode,
        origin: &Origin,
    ) -> Result<Option<Confirmed>, Fault> {
        let SecondFactorCode::Digits(digits) = code else {
            let proof = self.app_or_recovery(user, code, origin).await?;
            return Ok(proof.map(Confirmed::InForce));
        };
        let offered = self.deps.store.authenticator(&user.id, false).await?;
        // One try, however many apps it is compared with.
        self.counted(&user.id, origin, async || {
            if let Some(app) = offered
                && let Some(step) = self.right_step(&app, digits).await?
            {
                let authenticator = app.id;
                return Ok(Some(Confirmed::Offered {
                    authenticator,
                    step,
                }));
            }
            let proof = self.app_proof(user, digits).await?;
            Ok(proof.map(Confirmed::InForce))
        })
        .await
    }

    async fn switch(
        &self,
        user: &User,
        switch: Switch,
        keep: Option<SessionId>,
        origin: &Origin,
    ) -> Result<Option<User>, Fault> {
        let deps = &*self.deps;
        let mut audit = deps.audit(Some(&user.id), switch.event, origin);
        audit.details =
            serde_json::json!({"proof": switch.proof.name(), "change": switch.change.name()});
        self.change_security(SecurityChange {
            user_id: user.id.clone(),
            code: None,
            // What is told of the switch itself tells of the code too.
            second_factor: switch.proof.without_letter(),
            change: Secured::SecondFactor(switch.change),
            keep,
            mail: Letters(deps).second_factor(user, switch.told)?,
            audit,
            at: deps.now(),
        })
        .await
    }

    /// Writes down that a code for switching the factor was wrong, and is the answer to it.
    async fn code_refused(&self, user: &User, origin: &Origin) -> Result<Fault, Fault> {
        let entry = self.deps.audit_refusal(
            Some(&user.id),
            AuditEvent::CodeRefused,
            origin,
            CodePurpose::TwoFactorAuth.as_str(),
        );
        self.deps.store.write_audit(&entry).await?;
        Ok(Fault::new(FaultKind::Unauthenticated))
    }
}

/// What a right code was of.
enum Confirmed {
    Offered { authenticator: String, step: i64 },
    InForce(SecondFactorProof),
}

/// A change of the factor with what goes with it.
struct Switch {
    proof: SecondFactorProof,
    change: SecondFactorChange,
    event: AuditEvent,
    told: Switched,
}

const OFFER_FIRST: &str = "The code is wrong, used or expired. Give a newer one of the app; an app that is not set up yet is \
                           offered by auth_enable_2fa with method `app` and no code.";
