//! Signing in with Google through the doors of the real program: over REST, over MCP, and what the doctor says of it.

use clara::domain::clock::{Clock as _, SystemClock};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::google::harness::runtime;
use crate::google::rest::{self, PUBLIC};
use crate::google::signing::{
    ADA, CLIENT, GRACE, Person, claims, publish, publish_and_hear, signed,
};
use crate::google::support::{Folder, Server, from_address};

pub fn trials() -> Vec<Trial> {
    macro_rules! trials {
        ($($name:ident),* $(,)?) => {
            vec![$(Trial::test(concat!("served::", stringify!($name)), || {
                runtime().block_on($name());
                Ok(())
            })),*]
        };
    }
    trials![
        over_rest_a_first_sign_in_registers_and_the_next_logs_in,
        over_rest_the_second_factor_is_asked_for_and_the_token_stays_good,
        wrong_tokens_are_counted_by_address_like_wrong_passwords,
        what_is_no_token_is_answered_whatever_it_is,
        over_stdio_the_process_then_acts_for_the_account,
        a_provider_that_cannot_be_reached_is_said_to_be_unavailable,
        the_doctor_says_how_google_is,
        no_token_is_logged_or_stored,
        google_is_shown_no_token_of_its_callers,
    ]
}

pub fn now() -> i64 {
    SystemClock.now().seconds()
}

fn token(person: Person) -> String {
    signed(&claims(person, now()))
}

/// A server that believes the keys at this address.
pub fn serve(folder: &Folder, url: &str, more: &[(&str, &str)]) -> Server {
    let mut settings = vec![
        ("CLARA_GOOGLE_CLIENT_ID", CLIENT),
        ("CLARA_GOOGLE_JWKS_URL", url),
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
    ];
    settings.extend_from_slice(more);
    Server::start(folder, &settings)
}

/// Shows a token, from one of many addresses.
pub async fn show(server: &Server, number: u16, body: &Value) -> (u16, Value) {
    let (header, address) = from_address(number);
    let request = rest::client().post(server.at("/api/v1/auth/google"));
    let request = request.header(header, address).json(body);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

async fn over_rest_a_first_sign_in_registers_and_the_next_logs_in() {
    let (folder, (url, _)) = (Folder::new(), publish().await);
    let server = serve(&folder, url.as_str(), &[]);
    let first = token(ADA);
    let (status, made) = show(&server, 1, &json!({"id_token": first})).await;
    assert_eq!(
        (status, &made["message"]),
        (201, &json!("User registered successfully."))
    );
    let user = made["data"].as_object().unwrap();
    let mut names: Vec<_> = user.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "created_at",
            "credits",
            "email",
            "first_name",
            "id",
            "is_2fa_enabled",
            "is_active",
            "is_dark_mode",
            "last_name",
            "token",
            "updated_at"
        ]
    );
    assert_eq!(
        (&user["is_active"], &user["credits"]),
        (&json!(true), &json!(100.0))
    );
    let (status, again) = show(&server, 1, &json!({"id_token": first})).await;
    assert_eq!((status, &again["data"]), (401, &Value::Null));
    let with_nonce = {
        let mut claims = claims(ADA, now());
        claims["nonce"] = json!("n-1");
        signed(&claims)
    };
    let wrong = json!({"id_token": with_nonce, "nonce": "n-2"});
    assert_eq!(show(&server, 1, &wrong).await.0, 401);
    let right = json!({"id_token": with_nonce, "nonce": "n-1"});
    let (status, logged_in) = show(&server, 1, &right).await;
    assert_eq!(
        (status, &logged_in["message"]),
        (201, &json!("User logged in successfully."))
    );
    assert_eq!(logged_in["data"]["id"], user["id"]);
    let proof = format!("Bearer {}", logged_in["data"]["token"].as_str().unwrap());
    let path = format!("/users/{}", user["id"].as_str().unwrap());
    let viewed = rest::data(&server, "GET", &path, &proof, None).await;
    assert_eq!(viewed["email"], ADA.email);
    let key = rest::data(&server, "GET", &format!("{path}/api_key"), &proof, None).await;
    assert!(key["token"].as_str().unwrap().starts_with("clara_api_"));
}

async fn over_rest_the_second_factor_is_asked_for_and_the_token_stays_good() {
    let (folder, (url, _)) = (Folder::new(), publish().await);
    let server = serve(&folder, url.as_str(), &[]);
    let (_, made) = show(&server, 1, &json!({"id_token": token(ADA)})).await;
    let id = made["data"]["id"].as_str().unwrap();
    let proof = format!("Bearer {}", made["data"]["token"].as_str().unwrap());
    let send = format!("/users/{}/otp/TWO_FACTOR_AUTH", ADA.email);
    rest::data(&server, "POST", &send, PUBLIC, None).await;
    let code = json!({"code": folder.code_for(ADA.email)});
    rest::data(
        &server,
        "POST",
        &format!("/users/{id}/2fa"),
        &proof,
        Some(code),
    )
    .await;
    let token = token(ADA);
    let (status, asked) = show(&server, 1, &json!({"id_token": token})).await;
    assert_eq!(
        (status, &asked["data"]),
        (401, &json!({"is_2fa_enabled": true}))
    );
    // The code that switched it on is used; a second one is sent after a minute only, which no test waits for.
    let wrong = json!({"id_token": token, "code": folder.code_for(ADA.email)});
    let (status, asked) = show(&server, 1, &wrong).await;
    assert_eq!(
        (status, &asked["data"]),
        (401, &json!({"is_2fa_enabled": true}))
    );
}

async fn wrong_tokens_are_counted_by_address_like_wrong_passwords() {
    let (folder, (url, _)) = (Folder::new(), publish().await);
    let server = serve(&folder, url.as_str(), &[]);
    for _ in 0..10 {
        let (status, _) = show(&server, 1, &json!({"id_token": "a.b.c"})).await;
        assert_eq!(status, 401);
    }
    let good = json!({"id_token": token(ADA)});
    let (status, refused) = show(&server, 1, &good).await;
    assert_eq!(status, 429, "{refused}");
    assert_eq!(
        show(&server, 2, &good).await.0,
        201,
        "it was not used up, and others are not shut out"
    );
}

async fn what_is_no_token_is_answered_whatever_it_is() {
    let (folder, (url, _)) = (Folder::new(), publish().await);
    let server = serve(&folder, url.as_str(), &[]);
    let long = "x".repeat(100_000);
    for (number, (status, body)) in (1..).zip([
        (400, json!({})),
        (400, json!({"id_token": null})),
        (400, json!({"id_token": 1})),
        (400, json!({"id_token": ""})),
        (400, json!({"id_token": ["a.b.c"]})),
        (400, json!({"id_token": "x".repeat(8193)})),
        (413, json!({"id_token": long})),
        (400, json!({"id_token": "a.b.c", "nonce": ""})),
        (400, json!({"id_token": "a.b.c", "code": "12345"})),
        (400, json!({"id_token": "a.b.c", "email": "ada@gmail.com"})),
        (401, json!({"id_token": "x"})),
        (401, json!({"id_token": "..."})),
        (401, json!({"id_token": "a.b.c"})),
        (401, json!({"id_token": "e30.e30.e30"})),
        (401, json!({"id_token": "\u{202e}.ä.\u{0}"})),
        (401, json!({"id_token": "x".repeat(8192)})),
    ]) {
        let (answered, said) = show(&server, number, &body).await;
        assert_eq!(answered, status, "{body}: {said}");
        assert_eq!(said["status"], "error");
    }
    assert_eq!(
        show(&server, 99, &json!({"id_token": token(ADA)})).await.0,
        201
    );
    let client = folder.client(&[("CLARA_GOOGLE_CLIENT_ID", CLIENT)]).await;
    let (message, data) = client
        .refusal("auth_google_oauth", json!({"id_token": long}))
        .await;
    assert!(
        message.starts_with("One or more required parameters"),
        "{message}"
    );
    assert_eq!(data["errors"][0]["field"], "id_token");
    client.close().await;
}

async fn over_stdio_the_process_then_acts_for_the_account() {
    let (folder, (url, _)) = (Folder::new(), publish().await);
    let settings = [
        ("CLARA_GOOGLE_CLIENT_ID", CLIENT),
        ("CLARA_GOOGLE_JWKS_URL", url.as_str()),
    ];
    let client = folder.client(&settings).await;
    let before = client.data("user_view", json!({})).await;
    assert_eq!(before["email"], "local@localhost");
    let arguments = json!({"id_token": token(GRACE)});
    let made = client
        .envelope("auth_google_oauth", arguments.clone())
        .await;
    assert_eq!(made["message"], "User registered successfully.");
    let viewed = client.data("user_view", json!({})).await;
    assert_eq!(viewed["email"], GRACE.email);
    let result = client.result("auth_google_oauth", arguments).await;
    let text = crate::google::support::text_of(&result);
    assert!(text.contains("used already"), "{text}");
    client.data("auth_logout", json!({})).await;
    let after = client.data("user_view", json!({})).await;
    assert_eq!(after["email"], "local@localhost");
    client.close().await;
}

async fn a_provider_that_cannot_be_reached_is_said_to_be_unavailable() {
    let folder = Folder::new();
    let server = serve(&folder, "http://127.0.0.1:9/certs", &[]);
    let (status, said) = show(&server, 1, &json!({"id_token": token(ADA)})).await;
    assert_eq!(
        (status, &said["message"], &said["data"]),
        (
            503,
            &json!("Google is unavailable."),
            &json!({"service": "Google"})
        )
    );
}

async fn the_doctor_says_how_google_is() {
    let (folder, (url, _)) = (Folder::new(), publish().await);
    let line = async |settings: Vec<(&'static str, String)>| {
        let mut command = folder.command(&["doctor"]);
        command.envs(settings);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find(|line| line.contains("Google"));
        line.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    let client = ("CLARA_GOOGLE_CLIENT_ID", CLIENT.to_owned());
    let keys = |url: &str| ("CLARA_GOOGLE_JWKS_URL", url.to_owned());
    let off = line(vec![]).await;
    assert!(
        off.contains("off") && off.contains("GOOGLE_CLIENT_ID is not set"),
        "{off}"
    );
    let works = line(vec![client.clone(), keys(url.as_str())]).await;
    assert!(
        works.contains("works") && works.contains("1 keys"),
        "{works}"
    );
    let broken = line(vec![client, keys("http://127.0.0.1:9/certs")]).await;
    assert!(
        broken.contains("BROKEN") && broken.contains("http://127.0.0.1:9/certs"),
        "{broken}"
    );
}

async fn no_token_is_logged_or_stored() {
    let (folder, (url, _)) = (Folder::new(), publish().await);
    let server = serve(&folder, url.as_str(), &[("CLARA_LOG", "trace")]);
    let (good, bad) = (token(ADA), format!("{}AA", token(GRACE)));
    assert_eq!(show(&server, 1, &json!({"id_token": good})).await.0, 201);
    assert_eq!(show(&server, 1, &json!({"id_token": bad})).await.0, 401);
    let log = server.log();
    assert!(log.contains("auth_google_oauth"), "the log is written");
    let mut places = vec![log.into_bytes()];
    for entry in std::fs::read_dir(folder.data()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            places.push(std::fs::read(path).unwrap());
        }
    }
    for token in [good, bad] {
        for part in token.split('.').skip(1) {
            let secret = &part.as_bytes()[..32];
            let found = places
                .iter()
                .any(|place| place.windows(32).any(|window| window == secret));
            assert!(!found, "a token is written down");
        }
    }
}

async fn google_is_shown_no_token_of_its_callers() {
    let folder = Folder::new();
    let (url, _, heard) = publish_and_hear().await;
    let server = serve(&folder, url.as_str(), &[]);
    let account = rest::account(&folder, &server).await;
    // Whoever is signed in already shows both: Clara's own token, and Google's.
    let shown = token(ADA);
    for proof in [account.session.clone(), account.key()] {
        let asked = rest::client().post(server.at("/api/v1/auth/google"));
        let asked = asked.header("authorization", proof).header("cookie", "a=b");
        let body = json!({"id_token": shown});
        asked.json(&body).send().await.unwrap();
    }
    let heard = heard.lock().unwrap().join("\n");
    assert!(heard.contains("host"), "it was asked for its keys: {heard}");
    for secret in ["clara_user_", "clara_api_", "authorization", "cookie"] {
        assert!(!heard.contains(secret), "{secret}: {heard}");
    }
    for part in shown.split('.') {
        assert!(!heard.contains(part), "{heard}");
    }
}
