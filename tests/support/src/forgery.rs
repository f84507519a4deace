//! Tokens that must open nothing, made by whoever may know everything but a live session: wrong keys, wrong headers, wrong
//! claims, too late, too long. For the tests of every face that takes tokens.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clara::domain::clock::{Clock as _, SystemClock};
use clara::services::crypto::keys::{KeyPurpose, SecretKeys};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};

/// The keys of the server whose data this is.
pub fn keys(data: &Path) -> SecretKeys {
    let kept = std::fs::read_to_string(data.join("secrets.json")).unwrap();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    let root = kept["secret_key"].as_str().unwrap();
    SecretKeys::derive(root.as_bytes(), None).unwrap()
}

/// What a token says, whoever signed it.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn signature(key: &[u8], said: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(said.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// A token with this header, these claims and a signature by this key.
pub fn signed(prefix: &str, header: &Value, claims: &Value, key: &[u8]) -> String {
    let said = format!("{}.{}", part(header), part(claims));
    let signature = signature(key, &said);
    format!("{prefix}{said}.{signature}")
}

/// The same claims a second past their time, and otherwise as good as any.
fn late(claims: &Value) -> Value {
    let now = SystemClock.now();
    let mut late = claims.clone();
    late["exp"] = json!(now.seconds() - 1);
    late
}

/// Every forgery of a live `session` and a live `key`, with what is wrong about it. `foreign` is a live session of another
/// account of the same server.
pub fn forgeries(
    keys: &SecretKeys,
    session: &str,
    key: &str,
    foreign: &str,
) -> Vec<(&'static str, String)> {
    let [session, key, foreign] = [session, key, foreign].map(|header| &header["Bearer ".len()..]);
    let (user, api) = ("clara_user_", "clara_api_");
    let elsewhere = SecretKeys::derive(&[7; 32], None).unwrap();
    let own = |purpose| keys.signing(purpose).expose();
    let theirs = elsewhere.signing(KeyPurpose::UserToken).expose();
    let plain = json!({"alg": "HS256", "typ": "JWT"});
    let (said, key_said) = (claims(session), claims(key));
    let parts: Vec<&str> = session.split('.').collect();
    let by = |header: Value| signed(user, &header, &said, theirs);
    let attackers = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode(theirs), "alg": "HS256"});
    let mut changed = claims(session);
    changed["sub"] = claims(foreign)["sub"].clone();
    let mut no_session = claims(session);
    no_session["sid"] = json!(format!("session_{}", "0".repeat(32)));
    let mut another_role = claims(session);
    another_role["role"] = json!("operator");
    let user_key = own(KeyPurpose::UserToken);
    let mut forgeries = vec![
        ("of another deployment", signed(user, &plain, &said, theirs)),
        ("a key of another deployment", {
            let theirs = elsewhere.signing(KeyPurpose::ApiKey).expose();
            signed(api, &plain, &key_said, theirs)
        }),
        (
            "its key in the header",
            by(json!({"alg": "HS256", "jwk": attackers})),
        ),
        (
            "its key at an address",
            by(
                json!({"alg": "HS256", "jku": "https://evil.example/jwks.json", "x5u": "https://evil.example/"}),
            ),
        ),
        (
            "its key in a file",
            signed(
                user,
                &json!({"alg": "HS256", "kid": "../../../dev/null"}),
                &said,
                b"",
            ),
        ),
        (
            "expired by a second",
            signed(user, &plain, &late(&said), user_key),
        ),
        (
            "the session of another",
            signed(user, &plain, &changed, user_key),
        ),
        (
            "a session that never was",
            signed(user, &plain, &no_session, user_key),
        ),
        (
            "another role",
            signed(user, &plain, &another_role, user_key),
        ),
        (
            "signed by the key of API keys",
            signed(user, &plain, &said, own(KeyPurpose::ApiKey)),
        ),
        (
            "signed by the key of codes",
            signed(user, &plain, &said, own(KeyPurpose::Code)),
        ),
        (
            "the claims of an API key",
            signed(user, &plain, &key_said, user_key),
        ),
        (
            "an API key with a session's claims",
            signed(api, &plain, &said, own(KeyPurpose::ApiKey)),
        ),
        ("a session as an API key", session.replace(user, api)),
        ("an API key as a session", key.replace(api, user)),
        ("without its prefix", session[user.len()..].to_owned()),
        (
            "without its signature",
            format!("{}.{}.", parts[0], parts[1]),
        ),
        ("without anything", user.to_owned()),
        ("without dots", format!("{user}abcdef")),
        ("with a part too many", format!("{session}.{}", parts[1])),
        ("with a tail", format!("{session}=")),
        ("with a letter more", format!("{session}A")),
        ("its prefix twice", format!("{user}{session}")),
        ("long", format!("{user}{}", "a.".repeat(10_000))),
        ("long and signed", {
            let mut long = claims(session);
            long["more"] = json!("x".repeat(15_000));
            signed(user, &plain, &long, theirs)
        }),
    ];
    forgeries.extend(other_algorithms(&parts, user_key));
    forgeries
}

/// The parts of a user token under every other algorithm: unsigned, with the signature it had, and signed anew.
fn other_algorithms(parts: &[&str], key: &[u8]) -> Vec<(&'static str, String)> {
    let what = "another algorithm";
    let mut forgeries = Vec::new();
    for algorithm in ["none", "None", "HS384", "HS512", "RS256", "ES256", ""] {
        let header = part(&json!({"alg": algorithm, "typ": "JWT"}));
        let said = format!("{header}.{}", parts[1]);
        for signature in ["", parts[2], &signature(key, &said)] {
            forgeries.push((what, format!("clara_user_{said}.{signature}")));
        }
    }
    forgeries
}
