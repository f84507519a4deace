//! As whom somebody stands before the door: what their proof is worth, before any operation is named. Faces that list
//! operations ask here which to offer, and lists never change while the same proof holds.

use super::Access;
use super::authorization_header::{self, ParsedAuthorization};
use super::caller::{CallContext, Credential, RawCredential};
use super::caller_key::CallerKey;
use super::credential::{from_process, from_proof};
use super::throttling;
use crate::context::Context;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};

/// Who a caller turned out to be, before any operation is named.
#[derive(Debug, Clone)]
pub struct Identified {
    pub standing: AuthLevel,
    pub key: CallerKey,
    /// How much this caller may send at once.
    pub body_class: BodyClass,
}

/// How large a body a caller may send: files are for active accounts that can pay for an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyClass {
    /// No proof, or an account that was never activated.
    Short,
    /// ReauthProof, but cannot pay for an analysis.
    WithoutFiles,
    WithFiles,
}

impl Identified {
    /// Looks at what was presented; the limit on calls counts none of it, for calls are counted when they are made. A guess at a key
    /// of the deployment is counted here too, for the call may never come.
    pub async fn before_call(context: &Context, call_context: &CallContext) -> Result<Self, Fault> {
        let RawCredential::Headers { authorization, .. } = &call_context.raw_credential else {
            return Ok(Self::without_headers(call_context));
        };
        let proof = authorization_header::read(context, authorization.as_ref());
        throttling::guess(context, &proof, &call_context.from()).await?;
        Self::proven(context, call_context, proof).await
    }

    fn without_headers(call_context: &CallContext) -> Self {
        Self {
            standing: AuthLevel::without_headers(&call_context.raw_credential),
            ..Self::stranger(call_context)
        }
    }

    fn stranger(call_context: &CallContext) -> Self {
        Self {
            standing: AuthLevel::Nobody,
            key: CallerKey::of(&Credential::None, call_context.address),
            body_class: BodyClass::Short,
        }
    }

    async fn proven(
        context: &Context,
        call_context: &CallContext,
        proof: ParsedAuthorization,
    ) -> Result<Self, Fault> {
        let RawCredential::Headers { user_id, .. } = &call_context.raw_credential else {
            return Ok(Self::without_headers(call_context));
        };
        // Any access that takes tokens does: which operation is meant is not known yet.
        let access = Access::SessionOrKey;
        let (user_id, whence) = (user_id.as_deref(), call_context.from());
        let judged = from_proof(context, proof, user_id, access, &whence).await;
        match AuthLevel::of_credential(&judged) {
            Ok(standing) => Ok(judged.map_or_else(
                |_| Self::stranger(call_context),
                |credential| Self {
                    standing,
                    key: CallerKey::of(&credential, call_context.address),
                    body_class: BodyClass::of(context, &credential),
                },
            )),
            Err(()) => judged.map(|_| Self::stranger(call_context)),
        }
    }
}

impl BodyClass {
    /// The class of whoever showed this.
    pub fn of(context: &Context, credential: &Credential) -> Self {
        match credential {
            // A password that is not checked yet proves nothing.
            Credential::None | Credential::Password { .. } => Self::Short,
            Credential::PublicKey => Self::WithoutFiles,
            Credential::Operator => Self::WithFiles,
            Credential::Session { user, .. } | Credential::ApiKey { user } => {
                if !user.is_active {
                    Self::Short
                } else if user.credits < context.settings.analysis_credits {
                    Self::WithoutFiles
                } else {
                    Self::WithFiles
                }
            }
        }
    }
}

/// What a proof is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthLevel {
    /// Whoever started the process.
    Process,
    /// No proof, or one that proves nothing here.
    Nobody,
    PublicKey,
    Session,
    ApiKey,
}

/// Who stands there, as far as their proof says.
#[derive(Debug, Clone)]
pub struct Account {
    pub standing: AuthLevel,
    /// Whose account it is.
    pub user: Option<Box<User>>,
    /// Why a credential that was shown is refused, where it is.
    pub refusal: Option<String>,
}

impl Account {
    /// Looks at what was presented. Like a list it is no call, so the rate limit does not count it.
    pub async fn of(context: &Context, call_context: &CallContext) -> Result<Self, Fault> {
        let access = Access::SessionOrKey;
        let (credential, is_shown) = match &call_context.raw_credential {
            RawCredential::Process(process) => (from_process(context, process, access).await, true),
            RawCredential::Headers {
                authorization,
                user_id,
            } => {
                let (proof, whence) = (
                    authorization_header::read(context, authorization.as_ref()),
                    call_context.from(),
                );
                throttling::guess(context, &proof, &whence).await?;
                // The operator works elsewhere, and a password proves itself in the call that it is for.
                let is_shown = !matches!(
                    proof,
                    ParsedAuthorization::None
                        | ParsedAuthorization::OperatorKey
                        | ParsedAuthorization::PublicKey
                        | ParsedAuthorization::Password { .. }
                );
                let judged = from_proof(context, proof, user_id.as_deref(), access, &whence);
                (judged.await, is_shown)
            }
            RawCredential::Operator | RawCredential::OwnPage { .. } => {
                (Ok(Credential::None), false)
            }
        };
        let standing = match &call_context.raw_credential {
            RawCredential::Headers { .. } => AuthLevel::of_credential(&credential),
            other => Ok(AuthLevel::without_headers(other)),
        };
        let (user, refusal) = match credential {
            Ok(Credential::Session { user, .. } | Credential::ApiKey { user }) => {
                (Some(user), None)
            }
            Ok(_) => (None, None),
            Err(fault) if standing.is_err() => return Err(fault),
            Err(fault) => {
                let words = fault.next_step().unwrap_or("It is wrong or has expired.");
                (None, is_shown.then(|| words.to_owned()))
            }
        };
        Ok(Self {
            standing: standing.unwrap_or(AuthLevel::Nobody),
            user,
            refusal,
        })
    }
}

impl AuthLevel {
    /// The operator stands in the terminal alone, where nothing is offered: its commands are the operations themselves.
    fn without_headers(raw_credential: &RawCredential) -> Self {
        match raw_credential {
            RawCredential::Process(_) => Self::Process,
            RawCredential::Operator
            | RawCredential::OwnPage { .. }
            | RawCredential::Headers { .. } => Self::Nobody,
        }
    }

    /// What a judged credential is worth; an error where that cannot be told now.
    fn of_credential(credential: &Result<Credential, Fault>) -> Result<Self, ()> {
        match credential {
            Ok(Credential::PublicKey) => Ok(Self::PublicKey),
            Ok(Credential::Session { .. }) => Ok(Self::Session),
            Ok(Credential::ApiKey { .. }) => Ok(Self::ApiKey),
            // The operator works over REST and in the terminal; a password proves itself in the call that it is for.
            Ok(Credential::Operator | Credential::Password { .. } | Credential::None) => {
                Ok(Self::Nobody)
            }
            Err(fault) => match fault.kind() {
                FaultKind::Internal | FaultKind::Unavailable(_) | FaultKind::RateLimited { .. } => {
                    Err(())
                }
                _ => Ok(Self::Nobody),
            },
        }
    }

    /// Whether an operation is offered to somebody who stands here. Whether a call is let in is judged when it comes.
    pub fn is_offered(self, access: Access) -> bool {
        match access {
            // Signing in proves itself by its arguments, so it needs nothing beforehand.
            Access::Open | Access::Password => true,
            Access::PublicKey => matches!(self, Self::Process | Self::PublicKey),
            Access::PublicKeyOrSession => {
                matches!(self, Self::Process | Self::PublicKey | Self::Session)
            }
            Access::Session => matches!(self, Self::Process | Self::Session),
            Access::SessionOrKey => matches!(self, Self::Process | Self::Session | Self::ApiKey),
            // Not for models: people work over REST, on pages and in the terminal.
            Access::Person | Access::Operator => false,
        }
    }
}
