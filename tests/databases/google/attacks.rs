//! Every way we know to get in with a token that is not good, tried on the real program over REST and over MCP, with tokens
//! that a provider of others' making signed or forged.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::google::harness::runtime;
use crate::google::provider::Provider;
use crate::google::served::{now, serve, show};
use crate::google::signing::{ADA, CLIENT, claims};
use crate::google::support::Folder;

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("attacks::none_gets_in_over_rest", || {
            runtime().block_on(none_gets_in_over_rest());
            Ok(())
        }),
        Trial::test("attacks::none_gets_in_over_mcp", || {
            runtime().block_on(none_gets_in_over_mcp());
            Ok(())
        }),
    ]
}

/// The claims with some of them other; null takes one away.
fn but(changes: &[(&str, Value)]) -> Value {
    let mut claims = claims(ADA, now());
    for (name, value) in changes {
        claims[*name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(*name);
        }
    }
    claims
}

type Attack = (&'static str, String);

/// What each attack is called, and its token.
fn attacks(provider: &Provider) -> Vec<Attack> {
    let mut attacks = with_other_times(provider);
    attacks.extend(with_other_claims(provider));
    attacks.extend(signed_otherwise(provider));
    attacks.extend(taken_apart(provider));
    attacks
}

/// A token that is genuine but for what it claims.
fn claiming(provider: &Provider, changes: &[(&str, Value)]) -> String {
    provider.sign(&json!({}), &but(changes))
}

fn with_other_times(provider: &Provider) -> Vec<Attack> {
    let (now, claiming) = (now(), |changes: &[(&str, Value)]| {
        claiming(provider, changes)
    });
    vec![
        (
            "expired",
            claiming(&[("iat", json!(now - 7200)), ("exp", json!(now - 61))]),
        ),
        (
            "not yet issued",
            claiming(&[("iat", json!(now + 120)), ("exp", json!(now + 3600))]),
        ),
        ("not yet valid", claiming(&[("nbf", json!(now + 120))])),
        ("without an end", claiming(&[("exp", Value::Null)])),
        ("without a beginning", claiming(&[("iat", Value::Null)])),
        (
            "an end in words",
            claiming(&[("exp", json!((now + 3600).to_string()))]),
        ),
        ("an endless end", claiming(&[("exp", json!(1e300))])),
    ]
}

fn with_other_claims(provider: &Provider) -> Vec<Attack> {
    [
        (
            "another audience",
            "aud",
            json!("other.apps.googleusercontent.com"),
        ),
        ("a foreign deployment's", "aud", json!("foreign")),
        ("a list of audiences", "aud", json!([CLIENT, "foreign"])),
        ("a list of one", "aud", json!([CLIENT])),
        ("no audience", "aud", Value::Null),
        (
            "another issuer",
            "iss",
            json!("https://accounts.evil.example"),
        ),
        ("a slash more", "iss", json!("https://accounts.google.com/")),
        (
            "an issuer over http",
            "iss",
            json!("http://accounts.google.com"),
        ),
        ("no issuer", "iss", Value::Null),
        ("an address not verified", "email_verified", json!(false)),
        ("verified in words", "email_verified", json!("true")),
        ("verified by number", "email_verified", json!(1)),
        ("no word on verification", "email_verified", Value::Null),
        ("no address", "email", Value::Null),
        ("a list of addresses", "email", json!(["ada@gmail.com"])),
        (
            "an address with a line break",
            "email",
            json!("ada@gmail.com\nx"),
        ),
        ("no subject", "sub", Value::Null),
        ("a subject by number", "sub", json!(110_169)),
        ("an empty subject", "sub", json!("")),
    ]
    .map(|(name, claim, value)| (name, claiming(provider, &[(claim, value)])))
    .into()
}

fn signed_otherwise(provider: &Provider) -> Vec<Attack> {
    [
        (
            "a header that must be understood",
            "by hand",
            json!({"crit": ["exp"]}),
        ),
        ("an access token", "by hand", json!({"typ": "at+jwt"})),
        ("a logout token", "by hand", json!({"typ": "logout+jwt"})),
        (
            "another's signature algorithm",
            "by hand",
            json!({"alg": "PS256"}),
        ),
        (
            "an algorithm in small letters",
            "by hand",
            json!({"alg": "rs256"}),
        ),
        ("unsigned", "none", json!({})),
        ("unsigned as None", "none", json!({"alg": "None"})),
        ("unsigned as NONE", "none", json!({"alg": "NONE"})),
        ("unsigned as HS256", "none", json!({"alg": "HS256"})),
        ("unsigned as RS256", "none", json!({"alg": "RS256"})),
        ("unsigned as RS512", "none", json!({"alg": "RS512"})),
        ("unsigned as PS256", "none", json!({"alg": "PS256"})),
        ("unsigned as ES256", "none", json!({"alg": "ES256"})),
        ("unsigned as nothing", "none", json!({"alg": ""})),
        ("a secret made of the public key", "hs256", json!({})),
        ("the same as RS256", "hs256", json!({"alg": "RS256"})),
        ("the same as HS512", "hs256", json!({"alg": "HS512"})),
        ("the same as none", "hs256", json!({"alg": "none"})),
        ("a foreign key under a known name", "foreign", json!({})),
        ("an unknown key", "foreign", json!({"kid": "made up"})),
        ("no key", "foreign", json!({"kid": null})),
        ("a key by number", "foreign", json!({"kid": 1})),
        (
            "a key that is a path",
            "foreign",
            json!({"kid": "../../dev/null"}),
        ),
        (
            "a key that is a query",
            "foreign",
            json!({"kid": "' OR 1=1 --"}),
        ),
        (
            "a key of 5 KB",
            "foreign",
            json!({"kid": "k".repeat(5_000)}),
        ),
        (
            "a key set of its own",
            "foreign",
            json!({"jku": "http://127.0.0.1:9/keys"}),
        ),
        (
            "a key of its own",
            "foreign",
            json!({"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}),
        ),
        (
            "an address of a certificate",
            "foreign",
            json!({"x5u": "http://127.0.0.1:9/certificate"}),
        ),
        (
            "a certificate of its own",
            "foreign",
            json!({"x5c": ["MIIB"]}),
        ),
    ]
    .map(|(name, how, header)| (name, provider.forge(how, &header, &but(&[]))))
    .into()
}

fn taken_apart(provider: &Provider) -> Vec<Attack> {
    let genuine = provider.sign(&json!({}), &but(&[]));
    let parts: Vec<&str> = genuine.split('.').collect();
    let (header, claims, signature) = (parts[0], parts[1], parts[2]);
    let others = provider.sign(&json!({}), &but(&[("sub", json!("1"))]));
    let others: Vec<&str> = others.split('.').collect();
    vec![
        (
            "another's claims",
            format!("{header}.{}.{signature}", others[1]),
        ),
        (
            "another's signature",
            format!("{header}.{claims}.{}", others[2]),
        ),
        ("no signature", format!("{header}.{claims}.")),
        (
            "half a signature",
            format!("{header}.{claims}.{}", &signature[..170]),
        ),
        ("a longer signature", format!("{genuine}AA")),
        ("four parts", format!("{genuine}.{signature}")),
        ("two parts", format!("{header}.{claims}")),
        ("three dots", "...".to_owned()),
        ("no token", "x".to_owned()),
    ]
}

async fn none_gets_in_over_rest() {
    let (folder, provider) = (Folder::new(), Provider::start());
    let server = serve(&folder, provider.url.as_str(), &[]);
    let attacks = attacks(&provider);
    for (number, (name, token)) in (1..).zip(&attacks) {
        let (status, said) = show(&server, number, &json!({"id_token": token})).await;
        assert_eq!(status, 401, "{name}: {said}");
        assert_eq!(said["data"], Value::Null, "{name}");
    }
    for (status, size) in [(401, 8_192), (400, 8_193), (400, 60_000), (413, 100_000)] {
        let body = json!({"id_token": "x".repeat(size)});
        assert_eq!(show(&server, 900, &body).await.0, status, "{size} bytes");
    }
    let good = json!({"id_token": provider.sign(&json!({}), &but(&[]))});
    assert_eq!(show(&server, 901, &good).await.0, 201);
    assert_eq!(
        show(&server, 901, &good).await.0,
        401,
        "the same token twice"
    );
    // The tools of the attacks are sharp: without the flaw, what they make is let in.
    let by_hand = json!({"id_token": provider.forge("by hand", &json!({}), &but(&[]))});
    assert_eq!(show(&server, 902, &by_hand).await.0, 201);
    println!("{} attacks held over REST", attacks.len() + 5);
}

async fn none_gets_in_over_mcp() {
    let (folder, provider) = (Folder::new(), Provider::start());
    let settings = [
        ("CLARA_GOOGLE_CLIENT_ID", CLIENT),
        ("CLARA_GOOGLE_JWKS_URL", provider.url.as_str()),
    ];
    let client = folder.client(&settings).await;
    let attacks = attacks(&provider);
    for (name, token) in &attacks {
        let (message, data) = client
            .refusal("auth_google_oauth", json!({"id_token": token}))
            .await;
        assert!(
            message.starts_with("Authorization header or OTP"),
            "{name}: {message}"
        );
        assert_eq!(data, Value::Null, "{name}");
    }
    let viewed = client.data("user_view", json!({})).await;
    assert_eq!(viewed["email"], "local@localhost", "nobody came in");
    let good = json!({"id_token": provider.sign(&json!({}), &but(&[]))});
    client.data("auth_google_oauth", good).await;
    println!("{} attacks held over MCP", attacks.len());
    client.close().await;
}
