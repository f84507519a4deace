//! From what was read off a call to what it proves: whether a token still lives is asked of services. Whether the proof is
//! enough for an operation is decided elsewhere.

use secrecy::{ExposeSecret as _, SecretString};

use super::Access;
use super::authorization_header::ParsedAuthorization;
use super::caller::{CallOrigin, Credential};
use super::process_identity::ProcessIdentity;
use super::throttling;
use crate::context::Context;
use crate::fault::{Fault, FaultKind};
use crate::services::{ApiToken, UserToken};

pub(super) fn unauthenticated(access: Access) -> Fault {
    let next = match access {
        Access::Session => {
            "Sign in with auth_login (an API key does not open this), or make an account with auth_register."
        }
        Access::Person => "Sign in first: an API key does not open this.",
        Access::SessionOrKey => {
            "Sign in with auth_login, or make an account with auth_register first."
        }
        Access::Password => "Give the account's email and password.",
        Access::Open | Access::PublicKey | Access::PublicKeyOrSession => {
            "This needs the deployment's public API key."
        }
        Access::Operator => "This needs the deployment's private API key.",
    };
    Fault::new(FaultKind::Unauthenticated).with_hint(next)
}

pub(super) async fn from_process(
    context: &Context,
    process: &ProcessIdentity,
    access: Access,
) -> Result<Credential, Fault> {
    // Doors that need no account must not fail because somebody's session ended.
    if matches!(access, Access::Open | Access::PublicKey | Access::Password) {
        return Ok(Credential::None);
    }
    let optional = access == Access::PublicKeyOrSession;
    if let Some(token) = process.session() {
        let credential = session_credential(context, token.expose_secret()).await;
        return if optional {
            Ok(credential.unwrap_or(Credential::PublicKey))
        } else {
            credential
        };
    }
    if optional {
        return Ok(Credential::PublicKey);
    }
    if let Some(token) = &process.api_key_token {
        let credential = key_credential(context, token.expose_secret()).await?;
        if let (Credential::ApiKey { user }, Some(named)) = (&credential, &process.user_id)
            && user.id != *named
        {
            return Err(Fault::new(FaultKind::Forbidden)
                .with_hint("USER_ID and API_KEY_TOKEN belong to different accounts."));
        }
        return Ok(credential);
    }
    match &process.local_account {
        Some(id) => {
            let user = Box::new(context.services.accounts.view(id).await?);
            Ok(Credential::Session {
                user,
                session: None,
            })
        }
        None => Ok(Credential::None),
    }
}

/// What a page of our own shows: the session of its cookie where the door asks for one, else the deployment's public key.
/// Counted as any caller with that is.
pub(super) async fn from_page(
    context: &Context,
    session: Option<&SecretString>,
    access: Access,
    whence: &CallOrigin<'_>,
) -> Result<Credential, Fault> {
    let sessions = &context.services.sessions;
    let token = session.and_then(|token| sessions.read_user_token(token.expose_secret()));
    let proof = token.map_or(
        ParsedAuthorization::PublicKey,
        ParsedAuthorization::UserToken,
    );
    throttling::call(context, &proof, whence).await?;
    match (access, proof) {
        (Access::Open | Access::Password, _) => Ok(Credential::None),
        (Access::PublicKey, _) => Ok(Credential::PublicKey),
        (_, ParsedAuthorization::UserToken(token)) => {
            let judged = session_living(context, token).await;
            let judged = dead_token(judged, context, whence).await;
            if access == Access::PublicKeyOrSession {
                Ok(judged.unwrap_or(Credential::PublicKey))
            } else {
                judged
            }
        }
        _ => Ok(Credential::PublicKey),
    }
}

/// What a proof is worth at a door that asks for one. It was counted before.
pub(super) async fn from_proof(
    context: &Context,
    proof: ParsedAuthorization,
    user_id: Option<&str>,
    access: Access,
    whence: &CallOrigin<'_>,
) -> Result<Credential, Fault> {
    let credential = match proof {
        ParsedAuthorization::Password { email, password } => {
            Credential::Password { email, password }
        }
        ParsedAuthorization::IllegiblePassword => return Err(unauthenticated(access)),
        // Whoever signs in may still hold a token that ended: it proves nothing here, and must not stand in the way.
        _ if access == Access::Password => Credential::None,
        ParsedAuthorization::None => Credential::None,
        ParsedAuthorization::UserToken(token) => {
            dead_token(session_living(context, token).await, context, whence).await?
        }
        ParsedAuthorization::ApiToken(token) => {
            dead_token(key_living(context, token).await, context, whence).await?
        }
        ParsedAuthorization::ForgedUserToken => {
            return Err(session_ended(FaultKind::Unauthenticated.into()));
        }
        ParsedAuthorization::ForgedApiToken => {
            return Err(key_reset(FaultKind::Unauthenticated.into()));
        }
        ParsedAuthorization::PublicKey => {
            throttling::check_key(context, whence)?;
            Credential::PublicKey
        }
        ParsedAuthorization::OperatorKey => {
            throttling::check_key(context, whence)?;
            Credential::Operator
        }
        ParsedAuthorization::WrongKey | ParsedAuthorization::Empty => {
            return Err(unauthenticated(access));
        }
    };
    if let (Some(named), Credential::Session { user, .. } | Credential::ApiKey { user }) =
        (user_id, &credential)
        && named != user.id.as_str()
    {
        return Err(Fault::new(FaultKind::Forbidden)
            .with_hint("The User-Id header names another account than the token."));
    }
    Ok(credential)
}

/// A token that was good once is counted by itself; that it is dead now is counted against its address too.
async fn dead_token(
    judged: Result<Credential, Fault>,
    context: &Context,
    whence: &CallOrigin<'_>,
) -> Result<Credential, Fault> {
    if let Err(fault) = &judged
        && *fault.kind() == FaultKind::Unauthenticated
    {
        throttling::anonymous(context, whence).await?;
    }
    judged
}

async fn session_credential(context: &Context, token: &str) -> Result<Credential, Fault> {
    match context.services.sessions.read_user_token(token) {
        Some(token) => session_living(context, token).await,
        None => Err(session_ended(FaultKind::Unauthenticated.into())),
    }
}

async fn session_living(context: &Context, token: UserToken) -> Result<Credential, Fault> {
    let sessions = &context.services.sessions;
    let identity = sessions
        .identify_genuine(token)
        .await
        .map_err(session_ended)?;
    Ok(Credential::Session {
        user: Box::new(identity.user),
        session: identity.session,
    })
}

fn session_ended(fault: Fault) -> Fault {
    fault.with_hint("The session has ended or its token is wrong: sign in again with auth_login.")
}

async fn key_credential(context: &Context, token: &str) -> Result<Credential, Fault> {
    match context.services.api_keys.read_token(token) {
        Some(token) => key_living(context, token).await,
        None => Err(key_reset(FaultKind::Unauthenticated.into())),
    }
}

async fn key_living(context: &Context, token: ApiToken) -> Result<Credential, Fault> {
    let api_keys = &context.services.api_keys;
    let identity = api_keys.identify_genuine(token).await.map_err(key_reset)?;
    Ok(Credential::ApiKey {
        user: Box::new(identity.user),
    })
}

fn key_reset(fault: Fault) -> Fault {
    fault.with_hint("The API key is wrong or was reset: view the current one with api_key_view.")
}
