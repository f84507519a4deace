//! What the headers of a call hold, read without asking anybody: a token that was made here, a key of the deployment, a
//! password, or nothing of the kind. Only what was made here is counted by itself, so nobody can make up things to count.

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::context::Context;
use crate::services::{ApiToken, UserToken};

/// What was shown. A genuine token may still be dead, and a password wrong.
pub(super) enum ParsedAuthorization {
    None,
    UserToken(UserToken),
    ApiToken(ApiToken),
    PublicKey,
    OperatorKey,
    Password {
        email: String,
        password: SecretString,
    },
    ForgedUserToken,
    ForgedApiToken,
    WrongKey,
    IllegiblePassword,
    /// A header that says nothing, or was said twice.
    Empty,
}

/// Reads the `Authorization` header.
pub(super) fn read(context: &Context, authorization: Option<&SecretString>) -> ParsedAuthorization {
    let Some(authorization) = authorization else {
        return ParsedAuthorization::None;
    };
    let raw = authorization.expose_secret().trim();
    if let Some(token) = raw.strip_prefix("Bearer ") {
        let token = token.trim();
        if token.starts_with(crate::services::API_PREFIX) {
            let genuine = context.services.api_keys.read_token(token);
            genuine.map_or(
                ParsedAuthorization::ForgedApiToken,
                ParsedAuthorization::ApiToken,
            )
        } else {
            let genuine = context.services.sessions.read_user_token(token);
            genuine.map_or(
                ParsedAuthorization::ForgedUserToken,
                ParsedAuthorization::UserToken,
            )
        }
    } else if let Some(encoded) = raw.strip_prefix("Basic ") {
        password(encoded).unwrap_or(ParsedAuthorization::IllegiblePassword)
    } else if raw.is_empty() {
        ParsedAuthorization::Empty
    } else if same_secret(raw, context.public_api_key()) {
        ParsedAuthorization::PublicKey
    } else if same_secret(raw, context.private_api_key()) {
        ParsedAuthorization::OperatorKey
    } else {
        ParsedAuthorization::WrongKey
    }
}

/// The address ends at the first colon, so a password may hold colons.
fn password(encoded: &str) -> Option<ParsedAuthorization> {
    use base64::Engine as _;
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(encoded.trim())
        .ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (email, password) = text.split_once(':')?;
    Some(ParsedAuthorization::Password {
        email: email.to_owned(),
        password: password.to_owned().into(),
    })
}

/// Compares digests, so that neither length nor the first difference shows in the time taken.
fn same_secret(given: &str, expected: &SecretString) -> bool {
    Sha256::digest(given.as_bytes())
        .ct_eq(&Sha256::digest(expected.expose_secret().as_bytes()))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_whole_key_and_nothing_more() {
        let key = "0123456789abcdef0123456789abcdef";
        let expected = SecretString::from(key);
        assert!(same_secret(key, &expected));
        let mut others = vec![
            String::new(),
            format!("{key}0"),
            format!("{key}\0"),
            key.to_uppercase(),
        ];
        others.extend((0..key.len()).map(|length| key[..length].to_owned()));
        others.extend((0..key.len()).map(|at| {
            let mut other = key.as_bytes().to_vec();
            other[at] ^= 1;
            String::from_utf8(other).unwrap()
        }));
        for other in others {
            assert!(!same_secret(&other, &expected), "{other}");
        }
        // What is compared are digests, in constant time: there is no other comparison of a key in this file.
        let source = include_str!("authorization_header.rs");
        let (code, _) = source.split_once("#[cfg(test)]").unwrap();
        assert_eq!(code.matches(".ct_eq(").count(), 1);
        assert_eq!(code.matches("public_api_key()").count(), 1);
        assert_eq!(code.matches("private_api_key()").count(), 1);
    }
}
