//! From what a face was shown to what it proves: headers, or the process itself. Tokens are checked by services, keys of
//! the deployment here, in constant time. Whether the proof is enough for an operation is decided elsewhere.

use std::sync::{PoisonError, RwLock};

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::Access;
use super::caller::{Credential, Presented};
use crate::context::Context;
use crate::domain::ids::UserId;
use crate::fault::{Fault, FaultKind};

/// Who the process acts for when no request carries a credential: over stdio and in the terminal.
#[derive(Debug, Default)]
pub struct ProcessIdentity {
    /// `USER_ID`, which must be whom the token belongs to.
    pub user_id: Option<UserId>,
    /// `API_KEY_TOKEN`.
    pub api_key_token: Option<SecretString>,
    /// The zero-setup account.
    pub local_account: Option<UserId>,
    signed_in: RwLock<Option<SecretString>>,
}

impl ProcessIdentity {
    /// Who the settings name; where they name nobody and the database is the embedded one, the local account, which is
    /// made and filled up here.
    pub async fn from_settings(context: &Context) -> Result<Self, Fault> {
        let settings = &context.settings;
        let mut identity = Self {
            user_id: settings.user_id.clone(),
            api_key_token: settings.api_key_token.clone(),
            ..Self::default()
        };
        if identity.api_key_token.is_none()
            && settings.database.is_embedded()
            && let Some(email) = &settings.local_account
        {
            let user = context
                .services
                .accounts
                .local_account(email, settings.local_credits)
                .await?;
            identity.local_account = Some(user.id);
        }
        Ok(identity)
    }

    pub(super) fn session(&self) -> Option<SecretString> {
        self.signed_in
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set_session(&self, token: Option<SecretString>) {
        *self
            .signed_in
            .write()
            .unwrap_or_else(PoisonError::into_inner) = token;
    }
}

pub(super) fn unauthenticated(access: Access) -> Fault {
    let next = match access {
        Access::Session => {
            "Sign in with auth_login (an API key does not open this), or make an account with auth_register."
        }
        Access::SessionOrKey => {
            "Sign in with auth_login, or make an account with auth_register first."
        }
        Access::Password => "Give the account's email and password.",
        Access::Open | Access::PublicKey | Access::PublicKeyOrSession => {
            "This needs the deployment's public API key."
        }
        Access::Operator => "This needs the deployment's private API key.",
    };
    Fault::new(FaultKind::Unauthenticated).next(next)
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
                .next("USER_ID and API_KEY_TOKEN belong to different accounts."));
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

pub(super) async fn from_headers(
    context: &Context,
    authorization: Option<&SecretString>,
    user_id: Option<&str>,
    access: Access,
) -> Result<Credential, Fault> {
    let Some(authorization) = authorization else {
        return Ok(Credential::None);
    };
    let raw = authorization.expose_secret().trim();
    let credential = if access == Access::Open {
        // An open door asks for nothing, so a wrong key in hand is no reason to refuse.
        Credential::None
    } else if let Some(encoded) = raw.strip_prefix("Basic ") {
        basic_credential(encoded).ok_or_else(|| unauthenticated(access))?
    } else if access == Access::Password {
        // Whoever signs in may still hold a token that ended: it proves nothing here, and must not stand in the way.
        Credential::None
    } else if let Some(token) = raw.strip_prefix("Bearer ") {
        let token = token.trim();
        if token.starts_with("clara_api_") {
            key_credential(context, token).await?
        } else {
            session_credential(context, token).await?
        }
    } else if same_secret(raw, context.public_api_key()) {
        Credential::PublicKey
    } else if same_secret(raw, context.private_api_key()) {
        Credential::Operator
    } else {
        return Err(unauthenticated(access));
    };
    if let (Some(named), Credential::Session { user, .. } | Credential::ApiKey { user }) =
        (user_id, &credential)
        && named != user.id.as_str()
    {
        return Err(Fault::new(FaultKind::Forbidden)
            .next("The User-Id header names another account than the token."));
    }
    Ok(credential)
}

async fn session_credential(context: &Context, token: &str) -> Result<Credential, Fault> {
    let identity = context
        .services
        .sessions
        .identify_user_token(token)
        .await
        .map_err(|fault| {
            fault
                .next("The session has ended or its token is wrong: sign in again with auth_login.")
        })?;
    Ok(Credential::Session {
        user: Box::new(identity.user),
        session: identity.session,
    })
}

async fn key_credential(context: &Context, token: &str) -> Result<Credential, Fault> {
    let identity = context
        .services
        .api_keys
        .identify(token)
        .await
        .map_err(|fault| {
            fault.next("The API key is wrong or was reset: view the current one with api_key_view.")
        })?;
    Ok(Credential::ApiKey {
        user: Box::new(identity.user),
    })
}

/// The address ends at the first colon, so a password may hold colons.
fn basic_credential(encoded: &str) -> Option<Credential> {
    use base64::Engine as _;
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(encoded.trim())
        .ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (email, password) = text.split_once(':')?;
    Some(Credential::Password {
        email: email.to_owned(),
        password: password.to_owned().into(),
    })
}

/// Whether the headers carry the operator's key. For plain routes; operations are opened by dispatch.
pub fn is_operator(context: &Context, presented: &Presented) -> bool {
    match presented {
        Presented::Headers {
            authorization: Some(said),
            ..
        } => same_secret(said.expose_secret(), context.private_api_key()),
        _ => false,
    }
}

/// Compares digests, so that neither length nor the first difference shows in the time taken.
fn same_secret(given: &str, expected: &SecretString) -> bool {
    Sha256::digest(given.as_bytes())
        .ct_eq(&Sha256::digest(expected.expose_secret().as_bytes()))
        .into()
}
