//! The two kinds of token, `clara_user_<JWT>` and `clara_api_<JWT>`: made and read here, believed only together with
//! the row that stands behind them. The algorithm is pinned; no header decides anything.

use std::sync::LazyLock;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::keys::{KeyPurpose, SecretKeys};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{ApiKeyId, SessionId, UserId};
use crate::domain::user::ApiKey;
use crate::fault::Fault;

/// What a user token begins with.
pub const USER_PREFIX: &str = "clara_user_";
/// What an API key's token begins with.
pub const API_PREFIX: &str = "clara_api_";

/// Who makes the tokens and whom they are for: this server, on both counts.
const PARTY: &str = "clara";

#[derive(Serialize, Deserialize)]
struct UserClaims {
    iss: String,
    aud: String,
    sub: UserId,
    sid: SessionId,
    role: UserRole,
    iat: i64,
    exp: i64,
}

#[derive(Serialize, Deserialize)]
struct KeyClaims {
    iss: String,
    aud: String,
    sub: UserId,
    role: KeyRole,
    kid: ApiKeyId,
    iat: i64,
}

#[derive(Serialize, Deserialize)]
enum UserRole {
    #[serde(rename = "user")]
    User,
}

#[derive(Serialize, Deserialize)]
enum KeyRole {
    #[serde(rename = "api_key")]
    ApiKey,
}

/// The token of a session.
pub(in crate::services) fn user_token(
    keys: &SecretKeys,
    user_id: &UserId,
    session: &SessionId,
    issued: Timestamp,
    expires: Timestamp,
) -> Result<String, Fault> {
    let claims = UserClaims {
        iss: PARTY.to_owned(),
        aud: PARTY.to_owned(),
        sub: user_id.clone(),
        sid: session.clone(),
        role: UserRole::User,
        iat: issued.seconds(),
        exp: expires.seconds(),
    };
    sign(keys, KeyPurpose::UserToken, &claims).map(|jwt| format!("{USER_PREFIX}{jwt}"))
}

/// The account and session that a genuine, unexpired user token names.
pub(in crate::services) fn read_user_token(
    keys: &SecretKeys,
    token: &str,
    now: Timestamp,
) -> Option<(UserId, SessionId)> {
    let jwt = token.strip_prefix(USER_PREFIX)?;
    let claims: UserClaims = open(keys, KeyPurpose::UserToken, jwt)?;
    (claims.exp > now.seconds()).then_some((claims.sub, claims.sid))
}

/// The token of an API key: the same each time it is made from the same row.
pub(in crate::services) fn api_token(keys: &SecretKeys, key: &ApiKey) -> Result<String, Fault> {
    let claims = KeyClaims {
        iss: PARTY.to_owned(),
        aud: PARTY.to_owned(),
        sub: key.user_id.clone(),
        role: KeyRole::ApiKey,
        kid: key.id.clone(),
        iat: key.created_at.seconds(),
    };
    sign(keys, KeyPurpose::ApiKey, &claims).map(|jwt| format!("{API_PREFIX}{jwt}"))
}

/// The account and key that a genuine API token names.
pub(in crate::services) fn read_api_token(
    keys: &SecretKeys,
    token: &str,
) -> Option<(UserId, ApiKeyId)> {
    let jwt = token.strip_prefix(API_PREFIX)?;
    let claims: KeyClaims = open(keys, KeyPurpose::ApiKey, jwt)?;
    Some((claims.sub, claims.kid))
}

fn sign(keys: &SecretKeys, purpose: KeyPurpose, claims: &impl Serialize) -> Result<String, Fault> {
    let key = EncodingKey::from_secret(keys.signing(purpose).expose());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).map_err(Fault::internal)
}

/// What every token must say. Made once: every call reads one.
static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["iss", "aud", "sub"]);
    validation.set_issuer(&[PARTY]);
    validation.set_audience(&[PARTY]);
    // Expiry is judged by our own clock, by the caller.
    validation.validate_exp = false;
    validation
});

fn open<T: DeserializeOwned>(keys: &SecretKeys, purpose: KeyPurpose, jwt: &str) -> Option<T> {
    keys.accepted(purpose).find_map(|key| {
        let key = DecodingKey::from_secret(key.expose());
        jsonwebtoken::decode(jwt, &key, &VALIDATION)
            .ok()
            .map(|data| data.claims)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::randomness::SeededRandomness;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    const NOW: Timestamp = Timestamp(1_764_201_600_000);
    const LATER: Timestamp = Timestamp(1_764_201_700_000);

    fn ids() -> (UserId, SessionId) {
        let randomness = SeededRandomness::new(3);
        (UserId::random(&randomness), SessionId::random(&randomness))
    }

    fn keys(root: u8, previous: Option<u8>) -> SecretKeys {
        SecretKeys::derive(
            &[root; 32],
            previous
                .map(|byte| [byte; 32])
                .as_ref()
                .map(<[u8; 32]>::as_slice),
        )
        .unwrap()
    }

    #[test]
    fn a_changed_root_still_accepts_the_one_before_and_no_other() {
        let (user, session) = ids();
        let token = user_token(&keys(1, None), &user, &session, NOW, LATER).unwrap();
        let named = Some((user, session));
        assert_eq!(read_user_token(&keys(1, None), &token, NOW), named);
        assert_eq!(read_user_token(&keys(2, Some(1)), &token, NOW), named);
        assert_eq!(read_user_token(&keys(2, Some(3)), &token, NOW), None);
        assert_eq!(read_user_token(&keys(1, None), &token, LATER), None);
    }

    #[test]
    fn the_header_decides_nothing() {
        let (user, session) = ids();
        let token = user_token(&keys(1, None), &user, &session, NOW, LATER).unwrap();
        let parts: Vec<_> = token.split('.').collect();
        for header in [
            r#"{"alg":"none","typ":"JWT"}"#,
            r#"{"alg":"HS384","typ":"JWT"}"#,
            r#"{"alg":"RS256","typ":"JWT"}"#,
        ] {
            let header = URL_SAFE_NO_PAD.encode(header);
            for signature in ["", parts[2]] {
                let forged = format!("{USER_PREFIX}{header}.{}.{signature}", parts[1]);
                assert_eq!(read_user_token(&keys(1, None), &forged, NOW), None);
            }
        }
    }

    #[test]
    fn every_claim_is_required_and_a_key_is_no_session() {
        let (user, session) = ids();
        let keys = keys(1, None);
        let full = serde_json::json!({"iss": "clara", "aud": "clara", "sub": user, "sid": session,
            "role": "user", "iat": NOW.seconds(), "exp": LATER.seconds()});
        let token = |claims: &serde_json::Value| {
            format!(
                "{USER_PREFIX}{}",
                sign(&keys, KeyPurpose::UserToken, claims).unwrap()
            )
        };
        assert!(read_user_token(&keys, &token(&full), NOW).is_some());
        for name in ["iss", "aud", "sub", "sid", "role", "iat", "exp"] {
            let mut claims = full.clone();
            claims.as_object_mut().unwrap().remove(name);
            assert_eq!(read_user_token(&keys, &token(&claims), NOW), None, "{name}");
        }
        for (name, value) in [("iss", "other"), ("aud", "other"), ("role", "api_key")] {
            let mut claims = full.clone();
            claims[name] = value.into();
            assert_eq!(read_user_token(&keys, &token(&claims), NOW), None, "{name}");
        }
        let other_kind = sign(&keys, KeyPurpose::ApiKey, &full).unwrap();
        assert_eq!(
            read_user_token(&keys, &format!("{USER_PREFIX}{other_kind}"), NOW),
            None
        );
    }
}
