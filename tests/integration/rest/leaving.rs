//! What an owner takes along, and how an account ends by its owner's hand: the password again, and nothing left behind that
//! says whose it was.

use clara::domain::page::Page;
use clara::store::{Store, StoreOptions};
use serde_json::{Value, json};

use super::support::app::{Account, PASSWORD, PRIVATE, PUBLIC, TestApp, basic};
use super::support::{from_address, text_file};

pub const UNAUTHENTICATED: &str =
    "Authorization header or OTP is either missing, invalid or expired.";
const EXPORTED: &str = "User exported successfully.";
pub const TEXT: &str = "The bridge opened in 1931.";
pub const EVIDENCE: &str = "The bridge opened in 1932, says the \"Harbour Post\".";

pub fn password() -> Value {
    json!({ "password": PASSWORD })
}

pub async fn export(app: &TestApp, person: &Account, proof: &str, said: &Value) -> Value {
    let path = person.at("/export");
    let answer = app.tell("POST", &path, proof, said).await;
    let length: usize = answer.header("content-length").parse().unwrap();
    assert_eq!(length, answer.text.len(), "the length is told beforehand");
    answer.data(200, EXPORTED)
}

/// One task that is done, one that waits with its file.
pub async fn work(app: &TestApp, person: &Account) {
    let path = person.at("/agent/analysis");
    let attached = json!([text_file("bridge.txt", EVIDENCE)]);
    let said = json!({"text": TEXT, "attachments": attached, "wait_seconds": 50});
    let done = app.tell("POST", &path, &person.key, &said).await;
    let done = done.data(201, "Analysis started successfully.");
    assert_eq!(done["status"], "COMPLETED");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_password_nothing_is_given_and_nothing_ends() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let acts = [("POST", ada.at("/export")), ("DELETE", ada.at(""))];
    for (number, (method, path)) in (20..).zip(&acts) {
        let nothing = app.ask(method, path, &ada.session).await;
        nothing.data(400, "Request body is empty.");
        for said in [
            json!({"password": "a wrong guess"}),
            json!({"password": ""}),
        ] {
            let refused = app.tell(method, path, &ada.session, &said).await;
            refused.data(401, UNAUTHENTICATED);
        }
        for (said, field) in [
            (json!({"password": 12_345_678}), "password"),
            (json!({"password": PASSWORD, "code": 123_456}), "code"),
            (json!({"code": "123456"}), "password"),
            (json!({"password": PASSWORD, "sure": true}), "sure"),
        ] {
            let refused = app.tell(method, path, &ada.session, &said).await;
            assert_eq!(refused.fields(), [field], "{said}");
        }
        let in_address = format!("{path}?password=x");
        let refused = app
            .tell(method, &in_address, &ada.session, &password())
            .await;
        assert_eq!(refused.fields(), ["password"]);
        for (proof, status) in [
            ("", 401),
            (PUBLIC, 401),
            (&ada.key, 401),
            (&basic(&ada.email, PASSWORD), 401),
            (&bob.session, 403),
        ] {
            let refused = app.tell(method, path, proof, &password()).await;
            assert_eq!(refused.status, status, "{method} {proof}");
        }
        // Guessing here is guessing at the sign-in.
        let guess = async || {
            let (name, address) = from_address(number);
            let request = app
                .request(method, path, &ada.session)
                .header(name, address)
                .json(&json!({"password": "a wrong guess"}));
            app.send(request).await
        };
        for _ in 0..5 {
            guess().await.data(401, UNAUTHENTICATED);
        }
        let sign_in = async |email: &str, password: &str| {
            let (name, address) = from_address(number);
            let request = app
                .request("POST", "/auth/session", &basic(email, password))
                .header(name, address);
            app.send(request).await
        };
        let waits = sign_in(&ada.email, PASSWORD).await;
        assert_eq!(waits.status, 429, "guesses at this account, wherever");
        assert!(waits.header("retry-after").parse::<u64>().unwrap() > 0);
        for guess in 0..5 {
            let nobody = format!("nobody{guess}@example.org");
            sign_in(&nobody, PASSWORD).await.data(401, UNAUTHENTICATED);
        }
        let refused = sign_in(&bob.email, PASSWORD).await;
        assert_eq!(refused.status, 429, "ten wrong ones of one address");
    }
    app.ask("GET", &ada.at(""), &ada.session)
        .await
        .data(200, "User fetched successfully.");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_second_factor_its_code_is_asked_for_too() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let mailed = async |app: &TestApp| {
        let path = format!("/users/{}/otp/TWO_FACTOR_AUTH", ada.email);
        app.ask("POST", &path, &ada.session)
            .await
            .data(201, "OTP sent successfully.");
        app.folder.code_for(&ada.email)
    };
    let on = json!({"code": mailed(&app).await});
    app.tell("POST", &ada.at("/2fa"), &ada.session, &on)
        .await
        .data(200, "User 2FA enabled successfully.");
    // One mail address gets a code a minute; a new server counts from nothing.
    let app = TestApp::restart(app.stop(), &[]);
    let required = json!({"is_2fa_enabled": true});
    for said in [
        password(),
        json!({"password": PASSWORD, "code": on["code"]}),
    ] {
        let refused = app.tell("DELETE", &ada.at(""), &ada.session, &said).await;
        assert_eq!(refused.data(401, UNAUTHENTICATED), required);
    }
    let code = mailed(&app).await;
    let half = json!({"password": "a wrong guess", "code": code});
    let refused = app.tell("DELETE", &ada.at(""), &ada.session, &half).await;
    assert_eq!(refused.data(401, UNAUTHENTICATED), Value::Null);
    let whole = json!({"password": PASSWORD, "code": code});
    let gone = app.tell("DELETE", &ada.at(""), &ada.session, &whole).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_ends_by_its_owners_hand_and_nothing_says_whose_it_was() {
    let app = TestApp::start(&[("CLARA_LOG", "trace"), ("CLARA_WORKERS", "0")]);
    let email = "zenobia@example.org";
    let ada = app.account(email).await;
    let path = ada.at("/agent/analysis");
    let waits = json!({"text": TEXT});
    let task = app.tell("POST", &path, &ada.key, &waits).await;
    task.data(201, "Analysis started successfully.");
    let signed = json!({"password": PASSWORD, "operator": "grace", "reason": "Mine"});
    let gone = app.tell("DELETE", &ada.at(""), &ada.session, &signed).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    for proof in [&ada.session, &ada.key, &basic(email, PASSWORD)] {
        let refused = if proof.starts_with("Basic ") {
            app.ask("POST", "/auth/session", proof).await
        } else {
            app.ask("GET", &ada.at(""), proof).await
        };
        refused.data(401, UNAUTHENTICATED);
    }
    app.ask("GET", &ada.at(""), PRIVATE)
        .await
        .data(404, "User with the given identifier does not exist.");
    let outbox = app.folder.data().join("outbox");
    let told = std::fs::read_dir(&outbox).unwrap().any(|file| {
        let mail = std::fs::read_to_string(file.unwrap().path()).unwrap();
        mail.contains("Subject: Your Clara account was deleted") && mail.contains(email)
    });
    assert!(told, "the owner is told");

    let log = app.server.log();
    assert!(log.contains("user_delete"), "calls are logged: {log}");
    assert!(!log.contains("zenobia"));
    let folder = app.stop();
    let url = format!("sqlite://{}/clara.db", folder.data().display());
    let store = Store::open(StoreOptions::new(url)).await.unwrap();
    let page = Page {
        limit: 100,
        offset: 0,
    };
    let trail = store.audit_trail(None, page).await.unwrap();
    store.close().await;
    let removed = &trail[1];
    assert_eq!(
        removed.event, "account_removed",
        "before a sign-in that failed"
    );
    assert_eq!(
        removed.details, r#"{"by":"owner"}"#,
        "an owner signs as nobody else"
    );
    assert_eq!(removed.face, "rest");
    // In no row, and in no file but the mails that left.
    let mut found = Vec::new();
    for file in walk(&folder.data()) {
        let bytes = std::fs::read(&file).unwrap();
        if String::from_utf8_lossy(&bytes)
            .to_lowercase()
            .contains("zenobia")
        {
            found.push(file);
        }
    }
    found.retain(|file| !file.starts_with(&outbox));
    assert_eq!(found, Vec::<std::path::PathBuf>::new());
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
