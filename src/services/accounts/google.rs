//! Signing in with Google. An account is found by its Google account, once linked; its address counts only where nothing
//! is linked yet, and then only as far as somebody has proven it. The token is used up with the sign-in and not before, so
//! that whoever is asked for a code can send the same token again with it.

use std::time::Duration;

use serde_json::json;

use super::second_factor_check;
use super::{Accounts, SignedIn};
use crate::adapters::google::{GoogleError, KeysError};
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::google::{GoogleIdentity, IdToken, Nonce};
use crate::domain::ids::UserId;
use crate::domain::second_factor::{SecondFactorCode, SecondFactorMethod};
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Service};
use crate::services::mail::Letters;
use crate::store::accounts::NewUser;
use crate::store::google::{AccountMatch, Candidates, GoogleOutcome, GoogleSignIn, Making};
use crate::store::second_factors::SecondFactorProof;

/// How much longer than it lives a token is remembered: machines whose clocks differ must not take it twice.
const REMEMBERED_FOR: Duration = Duration::from_hours(1);
/// How often the way in is looked for anew because others changed the account meanwhile.
const LOOKS: u32 = 8;

const NOT_CONFIGURED: &str = "Sign in with auth_login, or make an account with auth_register.";
const UNAVAILABLE: &str =
    "Try again in a minute with the same token, or sign in with auth_login and a password.";
const TOKEN_USED: &str =
    "This ID token was used already: each is taken once. Sign in with Google again.";
const WITH_PASSWORD: &str = "This address has an account with a password, and Google does not give the address out, so it \
     cannot say whose it is today. Sign in with auth_login; a forgotten password is replaced with auth_send_otp, otp_type \
     CHANGE_PASSWORD, and auth_change_password.";
const OTHER_GOOGLE_ACCOUNT: &str = "This address belongs to an account that another Google account signs in to. Use that \
     one, or set a password with auth_send_otp, otp_type CHANGE_PASSWORD, and auth_change_password, and sign in with \
     auth_login.";
const NEVER_PROVEN: &str = "This address is the local account's, which nobody has proven to be theirs. Set a password for it \
     first, with auth_send_otp, otp_type CHANGE_PASSWORD, and auth_change_password.";

/// A sign-in with Google, and whether it made the account.
#[derive(Debug, Clone)]
pub struct GoogleSignedIn {
    pub signed_in: SignedIn,
    pub is_new: bool,
}

/// What a genuine token leads to.
#[derive(Debug)]
enum Leads {
    To(User),
    ToLink(User),
    /// To an account to be made, instead of the one that was never activated.
    ToMake {
        instead_of: Option<UserId>,
    },
    Nowhere {
        reason: &'static str,
        next: &'static str,
    },
}

fn leads(identity: &GoogleIdentity, candidates: Candidates) -> Leads {
    if let Some(known) = candidates.by_subject {
        return Leads::To(known.user);
    }
    let Some(found) = candidates.by_address else {
        return Leads::ToMake { instead_of: None };
    };
    let nowhere = |reason, next| Leads::Nowhere { reason, next };
    if !found.user.is_active {
        // Whoever registered it has never read mail there.
        return Leads::ToMake {
            instead_of: Some(found.user.id),
        };
    }
    if found.has_google {
        return nowhere("google: another account's address", OTHER_GOOGLE_ACCOUNT);
    }
    if !found.has_password {
        // Active without a code, a password or Google: only the local account is made like that.
        return nowhere("google: the local account", NEVER_PROVEN);
    }
    if !identity.is_authoritative() {
        return nowhere("google: not its address", WITH_PASSWORD);
    }
    Leads::ToLink(found.user)
}

impl Accounts {
    /// Signs in whom the token names; their first sign-in makes the account or adds Google's sign-in to the one of their
    /// address.
    pub async fn google_sign_in(
        &self,
        token: &IdToken,
        nonce: Option<&Nonce>,
        code: Option<&SecondFactorCode>,
        origin: &Origin,
    ) -> Result<GoogleSignedIn, Fault> {
        let identity = self.identify(token, nonce, origin).await?;
        let mut found: Option<(User, SecondFactorProof)> = None;
        for _ in 0..LOOKS {
            let (store, digest) = (&self.deps.store, &identity.token_digest);
            let candidates = store
                .google_candidates(&identity.subject, &identity.email, digest)
                .await?;
            // The store decides it; but a used token must not cost its owner a try at a code.
            if candidates.token_is_used {
                return Err(self.refuse_token_used(origin).await?);
            }
            let way = leads(&identity, candidates);
            if let Leads::Nowhere { reason, next } = way {
                self.note_refusal(None, origin, reason).await?;
                return Err(Fault::new(FaultKind::Unauthenticated).with_hint(next));
            }
            let proof = match &way {
                Leads::To(user) | Leads::ToLink(user) => {
                    // What proved this account's at the last look still does, and must not cost a second try.
                    let known = found.take().filter(|(whose, proof)| {
                        whose.id == user.id && !matches!(proof, SecondFactorProof::NotOn)
                    });
                    let proof = match known {
                        Some((_, proof)) => proof,
                        None => self.second_factor(user, code, origin).await?,
                    };
                    found = Some((user.clone(), proof.clone()));
                    proof
                }
                _ => SecondFactorProof::NotOn,
            };
            let is_new = matches!(way, Leads::ToMake { .. });
            let sign_in = self.compose(way, &identity, proof, origin)?;
            match store.google_sign_in(&sign_in).await? {
                GoogleOutcome::SignedIn(user) => {
                    self.deliver_letter(&sign_in.second_factor).await;
                    self.send_if_queued(sign_in.seen.as_ref()).await;
                    if let AccountMatch::Linked(mail) = &sign_in.way {
                        self.outbox.deliver_soon(&mail.id).await;
                    }
                    let signed_in = self.signed_in(user, &sign_in.session)?;
                    return Ok(GoogleSignedIn { signed_in, is_new });
                }
                GoogleOutcome::TokenUsed => return Err(self.refuse_token_used(origin).await?),
                GoogleOutcome::CodeUsed => {
                    return Err(match &found {
                        Some((user, _)) => self.factor_required(user).await?,
                        None => second_factor_check::required(SecondFactorMethod::default()),
                    });
                }
                GoogleOutcome::Changed => {}
            }
        }
        Err(Fault::new(FaultKind::Unavailable(Service::Database))
            .with_source("the account kept changing while somebody signed in to it"))
    }

    /// How many keys Google publishes, for `clara doctor`; `None` where nobody signs in with it.
    pub async fn google_keys(&self) -> Option<Result<usize, KeysError>> {
        match &self.google {
            Some(google) => Some(google.count_keys().await),
            None => None,
        }
    }

    async fn identify(
        &self,
        token: &IdToken,
        nonce: Option<&Nonce>,
        origin: &Origin,
    ) -> Result<GoogleIdentity, Fault> {
        let Some(google) = &self.google else {
            return Err(
                Fault::new(FaultKind::NotConfigured(Service::Google)).with_hint(NOT_CONFIGURED)
            );
        };
        match google.identify(token, nonce).await {
            Ok(identity) => Ok(identity),
            Err(GoogleError::Refused(refusal)) => {
                self.note_refusal(None, origin, refusal.as_str()).await?;
                Err(Fault::new(FaultKind::Unauthenticated).with_hint(refusal.to_string()))
            }
            Err(GoogleError::Unavailable(error)) => {
                let fault = Fault::new(FaultKind::Unavailable(Service::Google)).with_source(error);
                Err(fault.with_hint(UNAVAILABLE))
            }
        }
    }

    async fn refuse_token_used(&self, origin: &Origin) -> Result<Fault, Fault> {
        self.note_refusal(None, origin, "google: used").await?;
        Ok(Fault::new(FaultKind::Unauthenticated).with_hint(TOKEN_USED))
    }

    /// Everything that is stored together, for the way that was found.
    fn compose(
        &self,
        leads: Leads,
        identity: &GoogleIdentity,
        second_factor: SecondFactorProof,
        origin: &Origin,
    ) -> Result<GoogleSignIn, Fault> {
        let deps = &*self.deps;
        let mut audit = Vec::new();
        let user = match &leads {
            Leads::To(user) | Leads::ToLink(user) => Some(user.clone()),
            _ => None,
        };
        let (user_id, way) = match leads {
            Leads::To(user) => (user.id, AccountMatch::Known),
            Leads::ToLink(user) => {
                let mail = Letters(deps).google_added(&user)?;
                audit.push(deps.audit(Some(&user.id), AuditEvent::GoogleLinked, origin));
                (user.id, AccountMatch::Linked(mail))
            }
            Leads::ToMake { instead_of } => {
                let user_id = UserId::random(&*deps.randomness);
                if let Some(old) = &instead_of {
                    let mut removed = deps.audit(Some(old), AuditEvent::AccountRemoved, origin);
                    removed.details = json!({"by": "google", "for": user_id.as_str()});
                    audit.push(removed);
                }
                let credit = deps.signup_credit(&user_id, &identity.email, origin)?;
                audit.push(deps.audit(Some(&user_id), AuditEvent::Registered, origin));
                let making = Making {
                    user: NewUser {
                        id: user_id.clone(),
                        email: identity.email.clone(),
                        first_name: identity.first_name.clone(),
                        last_name: identity.last_name.clone(),
                        password_hash: None,
                        is_active: true,
                        created_at: deps.now(),
                    },
                    instead_of,
                    api_key: deps.new_api_key(&user_id),
                    credit,
                };
                (user_id, AccountMatch::Made(Box::new(making)))
            }
            Leads::Nowhere { reason, .. } => return Err(Fault::internal(reason)),
        };
        audit.push(deps.audit(Some(&user_id), AuditEvent::SignedIn, origin));
        for entry in audit
            .iter_mut()
            .filter(|entry| is_of_the_sign_in(entry.event))
        {
            entry.details = json!({"by": "google", "second_factor": second_factor.name()});
        }
        Ok(GoogleSignIn {
            seen: deps.seen(user.as_ref(), origin)?,
            subject: identity.subject.clone(),
            token_digest: identity.token_digest.clone(),
            kept_until: identity.expires_at.after(REMEMBERED_FOR),
            way,
            second_factor,
            session: deps.new_session(&user_id, origin),
            audit,
        })
    }
}

fn is_of_the_sign_in(event: AuditEvent) -> bool {
    matches!(event, AuditEvent::Registered | AuditEvent::SignedIn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Timestamp;
    use crate::domain::credits::Credits;
    use crate::domain::randomness::SeededRandomness;
    use crate::store::google::Candidate;

    fn candidate(is_active: bool, has_google: bool, has_password: bool) -> Candidate {
        let user = User {
            id: UserId::random(&SeededRandomness::new(1)),
            email: "ada@example.org".parse().unwrap(),
            first_name: None,
            last_name: None,
            credits: Credits::ZERO,
            is_active,
            is_2fa_enabled: false,
            is_dark_mode: true,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        };
        Candidate {
            user,
            has_google,
            has_password,
        }
    }

    fn identity(email: &str, hosted_domain: Option<&str>) -> GoogleIdentity {
        GoogleIdentity {
            subject: "1".parse().unwrap(),
            email: email.parse().unwrap(),
            first_name: None,
            last_name: None,
            hosted_domain: hosted_domain.map(str::to_owned),
            token_digest: String::new(),
            expires_at: Timestamp(0),
        }
    }

    /// One letter an outcome: to, link, make, replace, nowhere.
    fn outcome(hosted: Option<&str>, by_subject: bool, by_address: Option<Candidate>) -> char {
        let candidates = Candidates {
            by_subject: by_subject.then(|| candidate(true, true, true)),
            by_address,
            token_is_used: false,
        };
        match leads(&identity("ada@example.org", hosted), candidates) {
            Leads::To(_) => 't',
            Leads::ToLink(_) => 'l',
            Leads::ToMake { instead_of: None } => 'm',
            Leads::ToMake { .. } => 'r',
            Leads::Nowhere { .. } => 'n',
        }
    }

    #[test]
    fn an_address_counts_only_as_far_as_somebody_has_proven_it() {
        let owned = Some("example.org");
        for hosted in [None, owned] {
            assert_eq!(outcome(hosted, false, None), 'm');
            for has_google in [false, true] {
                for has_password in [false, true] {
                    let active = || Some(candidate(true, has_google, has_password));
                    let inactive = || Some(candidate(false, has_google, has_password));
                    assert_eq!(outcome(hosted, true, active()), 't');
                    assert_eq!(outcome(hosted, true, inactive()), 't');
                    assert_eq!(outcome(hosted, false, inactive()), 'r');
                    let links = hosted.is_some() && has_password && !has_google;
                    let expected = if links { 'l' } else { 'n' };
                    assert_eq!(outcome(hosted, false, active()), expected);
                }
            }
        }
    }
}
