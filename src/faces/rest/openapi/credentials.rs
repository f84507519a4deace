//! Which credentials open which door: the registry's `Access` as OpenAPI's security schemes, and in words for people. Who a
//! caller is, is judged elsewhere.

use serde_json::{Map, Value, json};

use super::object;
use crate::operations::{Access, Spec};

/// A kind of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Basic,
    UserToken,
    ApiKeyToken,
    PublicKey,
    PrivateKey,
}

impl Scheme {
    const ALL: [Self; 5] = [
        Self::Basic,
        Self::UserToken,
        Self::ApiKeyToken,
        Self::PublicKey,
        Self::PrivateKey,
    ];

    /// Its name in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::UserToken => "userToken",
            Self::ApiKeyToken => "apiKeyToken",
            Self::PublicKey => "publicKey",
            Self::PrivateKey => "privateKey",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Basic => "email and password",
            Self::UserToken => "user token",
            Self::ApiKeyToken => "API key",
            Self::PublicKey => "public key",
            Self::PrivateKey => "private key (the operator)",
        }
    }

    /// How curl sends it, from a variable of the shell.
    pub fn curl(self) -> &'static str {
        match self {
            Self::Basic => r#"-u "$EMAIL:$PASSWORD""#,
            Self::UserToken => r#"-H "Authorization: Bearer $USER_TOKEN""#,
            Self::ApiKeyToken => r#"-H "Authorization: Bearer $API_KEY_TOKEN""#,
            Self::PublicKey => r#"-H "Authorization: $PUBLIC_API_KEY""#,
            Self::PrivateKey => r#"-H "Authorization: $PRIVATE_API_KEY""#,
        }
    }

    fn definition(self) -> Value {
        let key = |words: &str| json!({"type": "apiKey", "in": "header", "name": "Authorization", "description": words});
        match self {
            Self::Basic => json!({
                "type": "http",
                "scheme": "basic",
                "description": "The account's address and password, only to log in.",
            }),
            Self::UserToken => json!({
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "clara_user_<JWT>",
                "description": "A session's token, from Register, Log in or Sign in with Google.",
            }),
            Self::ApiKeyToken => json!({
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "clara_api_<JWT>",
                "description": "The token of an account's API key.",
            }),
            Self::PublicKey => key(
                "The deployment's public key, without a scheme: a front end's, to register, send codes and activate.",
            ),
            Self::PrivateKey => key(
                "The deployment's private key, without a scheme: the operator's, who acts for the account that a path names.",
            ),
        }
    }
}

/// Which credentials open an operation, the usual one first; none where anybody may call.
pub fn accepted(spec: &Spec) -> Vec<Scheme> {
    let mut accepted = match spec.access {
        Access::Open => return Vec::new(),
        Access::Password => return vec![Scheme::Basic],
        Access::Operator => return vec![Scheme::PrivateKey],
        Access::PublicKey => vec![Scheme::PublicKey],
        Access::PublicKeyOrSession => vec![Scheme::PublicKey, Scheme::UserToken],
        Access::Session | Access::Person => vec![Scheme::UserToken],
        Access::SessionOrKey => vec![Scheme::UserToken, Scheme::ApiKeyToken],
    };
    // The operator has no account: where the path names none, there is nobody to act for.
    let names_somebody = spec.route.variables().any(|name| name.starts_with("user_"));
    if names_somebody || !spec.about_account {
        accepted.push(Scheme::PrivateKey);
    }
    accepted
}

/// `security` of an operation.
pub fn security(accepted: &[Scheme]) -> Value {
    accepted
        .iter()
        .map(|scheme| json!({scheme.name(): []}))
        .collect()
}

/// Every scheme.
pub fn schemes() -> Map<String, Value> {
    object(Scheme::ALL.map(|scheme| (scheme.name().to_owned(), scheme.definition())))
}
