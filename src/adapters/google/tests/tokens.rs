//! What a token must be: each thing that is wrong with one, alone.

use super::*;
use crate::adapters::google::token;
use crate::domain::google::{GoogleIdentity, Nonce};

type Outcome = Result<GoogleIdentity, Refusal>;

fn judged_with(token: &IdToken, nonce: Option<&str>, now: Timestamp) -> Outcome {
    let keys = [("first", FIRST), ("short", SHORT)].map(|(name, private)| {
        let key = Jwk::from_encoding_key(&EncodingKey::from_rsa_der(private), Algorithm::RS256);
        (
            name,
            jsonwebtoken::DecodingKey::from_jwk(&key.unwrap()).unwrap(),
        )
    });
    let name = token::key_id(token)?;
    let keys: Vec<_> = keys
        .iter()
        .filter(|(known, _)| *known == name)
        .map(|(_, key)| key.clone())
        .collect();
    let nonce: Option<Nonce> = nonce.map(|nonce| nonce.parse().unwrap());
    let clients = [CLIENT.to_owned(), "other".to_owned()];
    token::open(token, &keys)?.identity(token, &clients, nonce.as_ref(), now)
}

fn judged(token: &IdToken) -> Outcome {
    judged_with(token, None, NOW)
}

/// The claims with one of them other.
fn but(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn refused(claims: &Value) -> Option<Refusal> {
    judged(&signed(FIRST, &header(), claims)).err()
}

#[test]
fn a_genuine_token_names_somebody() {
    let identity = judged(&token()).unwrap();
    assert_eq!(identity.subject.as_str(), "110169484474386276334");
    assert_eq!(identity.email.as_str(), "ada@gmail.com");
    assert_eq!(identity.first_name.unwrap().as_str(), "Ada");
    assert_eq!(identity.last_name.unwrap().as_str(), "Lovelace");
    assert_eq!(identity.expires_at, Timestamp(NOW.0 + 3_600_000));
    assert_eq!(identity.token_digest.len(), 64);
}

#[test]
fn both_names_of_google_and_every_client_of_ours_are_taken() {
    assert_eq!(refused(&but("iss", json!("accounts.google.com"))), None);
    assert_eq!(refused(&but("aud", json!("other"))), None);
}

#[test]
fn who_made_it_and_for_whom_must_be_exact() {
    for issuer in [
        "https://accounts.google.com/",
        "http://accounts.google.com",
        "https://evil.example",
        "",
    ] {
        assert_eq!(
            refused(&but("iss", json!(issuer))),
            Some(Refusal::Issuer),
            "{issuer}"
        );
    }
    for audience in [
        "",
        "front-end",
        "FRONT-END.apps.googleusercontent.com",
        "foreign.apps.googleusercontent.com",
    ] {
        assert_eq!(
            refused(&but("aud", json!(audience))),
            Some(Refusal::Audience),
            "{audience}"
        );
    }
}

#[test]
fn it_lives_from_iat_to_exp_give_or_take_a_minute() {
    let at = |seconds: i64| judged_with(&token(), None, Timestamp(NOW.0 + seconds * 1000)).err();
    assert_eq!(at(3600 + 59), None);
    assert_eq!(at(3600 + 60), Some(Refusal::Expired));
    assert_eq!(at(-60), None);
    assert_eq!(at(-61), Some(Refusal::NotYet));
    let now = NOW.seconds();
    assert_eq!(refused(&but("nbf", json!(now + 60))), None);
    assert_eq!(refused(&but("nbf", json!(now + 61))), Some(Refusal::NotYet));
    assert_eq!(refused(&but("iat", json!(now + 61))), Some(Refusal::NotYet));
    assert_eq!(refused(&but("exp", json!(i64::MAX))), None);
    assert_eq!(
        refused(&but("exp", json!(i64::MIN))),
        Some(Refusal::Expired)
    );
    assert_eq!(
        refused(&but("exp", json!(now))),
        Some(Refusal::Expired),
        "it never lived"
    );
}

#[test]
fn the_address_must_be_there_and_verified() {
    for claims in [
        without("email"),
        without("email_verified"),
        but("email_verified", json!(false)),
        but("email", json!("no address")),
        but("email", json!("ada@gmail.com\r\nBcc: eve@example.org")),
        but("email", json!(format!("{}@gmail.com", "a".repeat(300)))),
    ] {
        assert_eq!(refused(&claims), Some(Refusal::Unverified), "{claims}");
    }
}

#[test]
fn a_claim_that_is_missing_or_of_another_kind_is_refused() {
    for name in ["iss", "aud", "sub", "iat", "exp"] {
        assert_eq!(refused(&without(name)), Some(Refusal::Malformed), "{name}");
        for value in [
            json!(null),
            json!([]),
            json!({}),
            json!([CLIENT]),
            json!(true),
        ] {
            assert_eq!(
                refused(&but(name, value.clone())),
                Some(Refusal::Malformed),
                "{name}: {value}"
            );
        }
    }
    for (name, value) in [
        ("exp", json!("1764205200")),
        ("iat", json!("1764201600")),
        ("nbf", json!("0")),
        ("exp", json!(1.0e300)),
        ("aud", json!([CLIENT, "foreign"])),
        ("sub", json!(110_169_484_474_u64)),
        ("sub", json!("")),
        ("sub", json!("1 OR 1=1")),
        ("sub", json!("1".repeat(256))),
        ("email_verified", json!("true")),
        ("email_verified", json!(1)),
        ("email", json!(["ada@gmail.com"])),
    ] {
        assert_eq!(
            refused(&but(name, value.clone())),
            Some(Refusal::Malformed),
            "{name}: {value}"
        );
    }
}

#[test]
fn names_that_are_none_are_left_out() {
    for name in [
        json!(""),
        json!("  "),
        json!("a\nb"),
        json!("x".repeat(101)),
        json!(null),
    ] {
        let token = signed(FIRST, &header(), &but("given_name", name.clone()));
        assert_eq!(judged(&token).unwrap().first_name, None, "{name}");
    }
}

#[test]
fn a_nonce_that_is_asked_for_must_be_the_tokens() {
    let with = signed(FIRST, &header(), &but("nonce", json!("n-1")));
    let nonce = |token, nonce| judged_with(token, nonce, NOW).err();
    assert_eq!(nonce(&with, Some("n-1")), None);
    assert_eq!(nonce(&with, None), None);
    assert_eq!(nonce(&with, Some("n-2")), Some(Refusal::Nonce));
    assert_eq!(nonce(&token(), Some("n-1")), Some(Refusal::Nonce));
}

#[test]
fn the_header_names_a_key_and_decides_nothing() {
    let hs256 = {
        let header = json!({"alg": "HS256", "kid": "first", "typ": "JWT"});
        let message = format!("{}.{}", encoded(&header), encoded(&claims()));
        let public = public("first", FIRST)["n"].as_str().unwrap().to_owned();
        let key = EncodingKey::from_secret(public.as_bytes());
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
        format!("{message}.{signature}").parse().unwrap()
    };
    assert_eq!(judged(&hs256).err(), Some(Refusal::Algorithm));
    for (name, value, refusal) in [
        ("alg", json!("none"), Refusal::Malformed),
        ("alg", json!("NONE"), Refusal::Malformed),
        ("alg", json!("rs256"), Refusal::Malformed),
        ("alg", json!(null), Refusal::Malformed),
        ("alg", json!("RS512"), Refusal::Algorithm),
        ("alg", json!("PS256"), Refusal::Algorithm),
        ("alg", json!("ES256"), Refusal::Algorithm),
        ("alg", json!("HS256"), Refusal::Algorithm),
        ("crit", json!(["exp"]), Refusal::Algorithm),
        ("typ", json!("at+jwt"), Refusal::Algorithm),
        ("typ", json!("logout+jwt"), Refusal::Algorithm),
        ("kid", json!(null), Refusal::Malformed),
        ("kid", json!(""), Refusal::Malformed),
        ("kid", json!(1), Refusal::Malformed),
        ("kid", json!("k".repeat(256)), Refusal::Malformed),
        ("kid", json!("../first"), Refusal::Signature),
    ] {
        let mut header = header();
        header[name] = value.clone();
        let token = signed(FIRST, &header, &claims());
        assert_eq!(judged(&token).err(), Some(refusal), "{name}: {value}");
    }
    let mut header = header();
    header["jwk"] = public("mine", SECOND);
    header["jku"] = json!("https://evil.example/keys");
    assert_eq!(
        judged(&signed(SECOND, &header, &claims())).err(),
        Some(Refusal::Signature)
    );
}

#[test]
fn what_was_changed_after_it_was_signed_is_no_token() {
    let genuine = token().expose().to_owned();
    let parts: Vec<&str> = genuine.split('.').collect();
    let (header, claims, signature) = (parts[0], parts[1], parts[2]);
    let other = encoded(&but("sub", json!("2")));
    for forged in [
        format!("{header}.{other}.{signature}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.AAAA"),
        format!("{header}.{claims}.{}", &signature[..signature.len() - 2]),
        format!("{header}.{claims}.{signature}AA"),
        format!("{header}.{claims}.{signature}="),
        format!("{header}.{claims}. {signature}"),
        signed(SECOND, &super::header(), &super::claims())
            .expose()
            .to_owned(),
    ] {
        assert!(judged(&forged.parse().unwrap()).is_err(), "{forged}");
    }
}

#[test]
fn what_is_no_token_at_all_is_refused() {
    let three = format!("{}.", token().expose());
    for none in [
        "x",
        ".",
        "..",
        "...",
        "a.b.c",
        "e30.e30.e30",
        "e30..",
        ".e30.",
        three.as_str(),
        "\u{202e}.\u{0}.ä",
    ] {
        assert_eq!(
            judged(&none.parse().unwrap()).err(),
            Some(Refusal::Malformed),
            "{none}"
        );
    }
    let list = format!("{}.{}.x", encoded(&header()), encoded(&json!([1])));
    assert!(judged(&list.parse().unwrap()).is_err());
    let deep = format!(
        "{}.{}.x",
        URL_SAFE_NO_PAD.encode("[".repeat(5000)),
        encoded(&claims())
    );
    assert_eq!(
        judged(&deep.parse().unwrap()).err(),
        Some(Refusal::Malformed)
    );
}

#[test]
fn a_token_has_one_digest_and_another_has_another() {
    let once = judged(&token()).unwrap().token_digest;
    let again = judged(&token()).unwrap().token_digest;
    let other = judged(&signed(
        FIRST,
        &header(),
        &but("iat", json!(NOW.seconds() - 1)),
    ))
    .unwrap();
    assert_eq!(once, again);
    assert_ne!(once, other.token_digest);
}

#[test]
fn every_byte_of_a_token_counts() {
    let genuine = token().expose().to_owned();
    for at in (0..genuine.len()).step_by(7) {
        let mut bytes = genuine.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed: IdToken = String::from_utf8(bytes).unwrap().parse().unwrap();
        assert!(judged(&changed).is_err(), "byte {at}");
    }
}
