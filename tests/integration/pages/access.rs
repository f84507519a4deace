//! Who is shown which page, and whose form does something, by what their cookie holds: a snapshot of every case.

use std::fmt::Write as _;

use super::rest::{PRIVATE, PUBLIC, ask};
use super::{Shown, register, start};

/// What is filled in.
type Form = &'static [(&'static str, &'static str)];

/// Each with what its form takes, filled in as little as it can be.
const FORMS: [(&str, Form); 16] = [
    ("/register", &[]),
    ("/activate", &[]),
    ("/sign-in", &[]),
    ("/sign-in/answer", &[("act", "allow")]),
    ("/password", &[]),
    ("/account/data", &[]),
    ("/account/delete", &[]),
    ("/account/second-factor/app", &[]),
    ("/account/second-factor/mail", &[]),
    ("/account/second-factor/recovery", &[]),
    ("/account/second-factor/off", &[]),
    ("/account/key", &[]),
    (
        "/account/sessions/end",
        &[("session_id", "session_00000000000000000000000000000000")],
    ),
    ("/account/sessions/end-others", &[]),
    (
        "/upload/remove",
        &[
            ("request", "upload_request_00000000000000000000000000000000"),
            ("upload", "upload_00000000000000000000000000000000"),
        ],
    ),
    (
        "/upload/decline",
        &[("request", "upload_request_00000000000000000000000000000000")],
    ),
];
const PAGES: [&str; 13] = [
    "/register",
    "/activate",
    "/sign-in",
    "/password",
    "/account",
    "/account/data",
    "/account/delete",
    "/account/second-factor",
    "/account/second-factor/app",
    "/account/second-factor/mail",
    "/account/second-factor/recovery",
    "/account/second-factor/off",
    "/upload",
];

fn seen(shown: &Shown) -> String {
    let mut words = shown.status.to_string();
    if shown.status == 303 {
        let _ = write!(words, " to {}", shown.location());
    } else if let Some((_, rest)) = shown.body.split_once("<h1>") {
        let _ = write!(words, " {}", rest.split('<').next().unwrap());
    }
    if shown.body.contains("clara_api_") {
        words.push_str(" with the API key");
    }
    for cookie in shown.cookies() {
        let verb = if cookie.contains("Max-Age=0") {
            "forgets"
        } else {
            "keeps"
        };
        let _ = write!(words, ", {verb} {}", cookie.split('=').next().unwrap());
    }
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_which_page() {
    let app = start(&[]);
    let active = app.signed_in_browser("active@example.org").await;
    let inactive = app.browser();
    register(&inactive, "inactive@example.org").await;
    let ended = app.signed_in_browser("ended@example.org").await;
    let token = ended.cookie("clara").unwrap();
    let proof = format!("Bearer {token}");
    let (status, _) = ask(&app.server, "DELETE", "/auth/session", &proof, None).await;
    assert_eq!(status, 204);
    let key = active.post("/account/key", &[]).await.body;
    let key = key.split("clara_api_").nth(1).unwrap();
    let key = format!("clara_api_{}", key.split('<').next().unwrap());
    let elsewhere = start(&[]);
    let foreign = elsewhere.signed_in_browser("active@example.org").await;

    // Only the token: what else a browser remembers is no proof.
    let holding = |value: Option<&str>| {
        let browser = app.browser();
        if let Some(value) = value {
            browser.put_cookie("clara", value);
        }
        browser
    };
    let held: [(&str, Option<String>); 8] = [
        ("no cookie", None),
        ("an inactive account", inactive.cookie("clara")),
        ("an active account", active.cookie("clara")),
        ("a session that was ended", Some(token)),
        ("a session of another server", foreign.cookie("clara")),
        ("an API key", Some(key)),
        ("the public key", Some(PUBLIC.to_owned())),
        ("the private key", Some(PRIVATE.to_owned())),
    ];
    let mut asked: Vec<(&str, &str, Form)> = Vec::new();
    asked.extend(PAGES.map(|path| ("GET", path, &[][..])));
    asked.extend(FORMS.map(|(path, form)| ("POST", path, form)));
    // Last, for it ends the session.
    asked.push(("POST", "/account/sign-out", &[]));
    let mut table = String::new();
    for (method, path, form) in asked {
        let _ = writeln!(table, "{method} {path}");
        let mut alike: Vec<(String, Vec<&str>)> = Vec::new();
        for (who, value) in &held {
            let browser = holding(value.as_deref());
            let shown = match method {
                "GET" => browser.get(path).await,
                _ => browser.post(path, form).await,
            };
            let seen = seen(&shown);
            match alike.iter_mut().find(|(known, _)| *known == seen) {
                Some((_, whom)) => whom.push(who),
                None => alike.push((seen, vec![who])),
            }
        }
        for (seen, whom) in alike {
            let whom = if whom.len() == held.len() {
                "anybody".to_owned()
            } else {
                whom.join(", ")
            };
            let _ = writeln!(table, "    {whom}: {seen}");
        }
    }
    insta::assert_snapshot!("access", table);
}
