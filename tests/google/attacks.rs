//! Every way we know to get in with a token that is not good, tried on the real program over REST and over MCP, with tokens
//! that a provider of others' making signed or forged.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::runtime;
use crate::provider::Provider;
use crate::served::{now, serve, show};
use crate::signing::{ADA, CLIENT, claims};
use crate::support::Folder;

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

/// What each attack is called, and its token.
fn attacks(provider: &Provider) -> Vec<(String, String)> {
    let now = now();
    let mut attacks = Vec::new();
    let mut add = |name: &str, token: String| attacks.push((name.to_owned(), token));

    let claimed = |changes: &[(&str, Value)]| provider.sign(&json!({}), &but(changes));
    add(
        "expired",
        claimed(&[("iat", json!(now - 7200)), ("exp", json!(now - 61))]),
    );
    add(
        "not yet issued",
        claimed(&[("iat", json!(now + 120)), ("exp", json!(now + 3600))]),
    );
    add("not yet valid", claimed(&[("nbf", json!(now + 120))]));
    add("without an end", claimed(&[("exp", Value::Null)]));
    add("without a beginning", claimed(&[("iat", Value::Null)]));
    add(
        "an end in words",
        claimed(&[("exp", json!((now + 3600).to_string()))]),
    );
    add("an endless end", claimed(&[("exp", json!(1e300))]));
    add(
        "another audience",
        claimed(&[("aud", json!("other.apps.googleusercontent.com"))]),
    );
    add(
        "a foreign deployment's",
        claimed(&[("aud", json!("foreign")), ("azp", json!(CLIENT))]),
    );
    add(
        "a list of audiences",
        claimed(&[("aud", json!([CLIENT, "foreign"]))]),
    );
    add("a list of one", claimed(&[("aud", json!([CLIENT]))]));
    add("no audience", claimed(&[("aud", Value::Null)]));
    add(
        "another issuer",
        claimed(&[("iss", json!("https://accounts.evil.example"))]),
    );
    add(
        "a slash more",
        claimed(&[("iss", json!("https://accounts.google.com/"))]),
    );
    add(
        "an issuer over http",
        claimed(&[("iss", json!("http://accounts.google.com"))]),
    );
    add("no issuer", claimed(&[("iss", Value::Null)]));
    add(
        "an address not verified",
        claimed(&[("email_verified", json!(false))]),
    );
    add(
        "verified in words",
        claimed(&[("email_verified", json!("true"))]),
    );
    add(
        "verified by number",
        claimed(&[("email_verified", json!(1))]),
    );
    add(
        "no word on verification",
        claimed(&[("email_verified", Value::Null)]),
    );
    add("no address", claimed(&[("email", Value::Null)]));
    add(
        "a list of addresses",
        claimed(&[("email", json!(["ada@gmail.com"]))]),
    );
    add(
        "an address with a line break",
        claimed(&[("email", json!("ada@gmail.com\nx"))]),
    );
    add("no subject", claimed(&[("sub", Value::Null)]));
    add("a subject by number", claimed(&[("sub", json!(110_169))]));
    add("an empty subject", claimed(&[("sub", json!(""))]));

    let headed = |header: Value| provider.forge("by hand", &header, &but(&[]));
    add(
        "a header that must be understood",
        headed(json!({"crit": ["exp"]})),
    );
    add("an access token", headed(json!({"typ": "at+jwt"})));
    add("a logout token", headed(json!({"typ": "logout+jwt"})));

    for how in ["none", "hs256", "foreign"] {
        add(how, provider.forge(how, &json!({}), &but(&[])));
    }
    for algorithm in [
        "None", "NONE", "HS256", "RS256", "RS512", "PS256", "ES256", "",
    ] {
        let header = json!({"alg": algorithm});
        add(
            &format!("unsigned as {algorithm}"),
            provider.forge("none", &header, &but(&[])),
        );
    }
    for algorithm in ["RS256", "HS512", "none"] {
        let header = json!({"alg": algorithm});
        add(
            &format!("a secret made of the public key, as {algorithm}"),
            provider.forge("hs256", &header, &but(&[])),
        );
    }
    for (name, header) in [
        ("an unknown key", json!({"kid": "made up"})),
        ("no key", json!({"kid": null})),
        ("a key by number", json!({"kid": 1})),
        ("a key that is a path", json!({"kid": "../../dev/null"})),
        ("a key that is a query", json!({"kid": "' OR 1=1 --"})),
        ("a key of 5 KB", json!({"kid": "k".repeat(5_000)})),
        (
            "a key set of its own",
            json!({"jku": "http://127.0.0.1:9/keys"}),
        ),
        (
            "a key of its own",
            json!({"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}),
        ),
        (
            "a certificate of its own",
            json!({"x5u": "http://127.0.0.1:9/certificate", "x5c": ["MIIB"]}),
        ),
    ] {
        add(name, provider.forge("foreign", &header, &but(&[])));
    }

    let genuine = provider.sign(&json!({}), &but(&[]));
    let parts: Vec<&str> = genuine.split('.').collect();
    let other = provider.sign(&json!({}), &but(&[("sub", json!("1"))]));
    let other: Vec<&str> = other.split('.').collect();
    add(
        "another's claims",
        format!("{}.{}.{}", parts[0], other[1], parts[2]),
    );
    add(
        "another's signature",
        format!("{}.{}.{}", parts[0], parts[1], other[2]),
    );
    add("no signature", format!("{}.{}.", parts[0], parts[1]));
    add(
        "half a signature",
        format!("{}.{}.{}", parts[0], parts[1], &parts[2][..170]),
    );
    add("a longer signature", format!("{genuine}AA"));
    add("four parts", format!("{genuine}.{}", parts[2]));
    add("two parts", format!("{}.{}", parts[0], parts[1]));
    add("three dots", "...".to_owned());
    add("no token", "x".to_owned());
    attacks
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
