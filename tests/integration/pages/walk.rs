//! What people do on the pages, from making an account to deleting it, and what is said where something is wrong.

use serde_json::Value;

use super::rest::{PASSWORD, ask};
use super::{register, start};

const EMAIL: &str = "ada@example.org";
const OTHER: &str = "another long walk by the sea";

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_activated_looked_at_and_left() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    let account = browser.get("/account?notice=activated").await;
    account.says(200, "Your account is active now");
    for words in ["Ada Marsh", EMAIL, ">100<", "This browser"] {
        assert!(account.body.contains(words), "{words}: {}", account.body);
    }
    assert!(
        !account.body.contains("clara_api_"),
        "not shown before it is asked for"
    );
    let key = browser.post("/account/key", &[]).await;
    key.says(200, "clara_api_");
    let out = browser.post("/account/sign-out", &[]).await;
    out.goes_to("/sign-in?notice=signed-out");
    assert_eq!(browser.cookie("clara"), None);
    browser.get("/account").await.goes_to("/sign-in");

    let wrong = browser
        .post(
            "/sign-in",
            &[("email", EMAIL), ("password", "not this one at all")],
        )
        .await;
    wrong.says(401, "The address or the password is wrong.");
    assert_eq!(wrong.value("email").as_deref(), Some(EMAIL));
    assert_eq!(wrong.value("password").as_deref(), Some(""));
    let right = [("email", EMAIL), ("password", PASSWORD)];
    browser.post("/sign-in", &right).await.goes_to("/account");

    let refused = browser
        .post("/account/data", &[("password", "not this one at all")])
        .await;
    assert_eq!(refused.status, 401);
    let words = refused.beside("password").unwrap();
    assert!(
        words.starts_with("The password or the code is wrong."),
        "{words}"
    );
    let data = browser
        .post("/account/data", &[("password", PASSWORD)])
        .await;
    assert_eq!(data.status, 200);
    let disposition = data.headers["content-disposition"].to_str().unwrap();
    assert_eq!(disposition, "attachment; filename=\"clara-account.json\"");
    let data: Value = serde_json::from_str(&data.body).unwrap();
    assert_eq!(data["profile"]["email"], EMAIL, "{data}");

    let refused = browser.post("/account/delete", &[("password", "")]).await;
    refused.says(400, "Give your password.");
    let gone = browser
        .post("/account/delete", &[("password", PASSWORD)])
        .await;
    gone.goes_to("/sign-in?notice=deleted");
    let again = browser
        .post("/account/delete", &[("password", PASSWORD)])
        .await;
    again.goes_to("/sign-in");
    browser.post("/sign-in", &right).await.says(401, "is wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_on_the_page_is_over_everywhere() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    let other = app.browser();
    let pair = [("email", EMAIL), ("password", PASSWORD)];
    other.post("/sign-in", &pair).await.goes_to("/account");
    let account = browser.get("/account").await;
    let session = account
        .value("session_id")
        .expect("the other one has a button");
    assert_eq!(
        account.body.matches("session_id").count(),
        1,
        "the own has none"
    );
    let end = [("session_id", session.as_str())];
    browser
        .post("/account/sessions/end", &end)
        .await
        .goes_to("/account?notice=session-ended");
    // A second press finds it over.
    browser
        .post("/account/sessions/end", &end)
        .await
        .goes_to("/account?notice=session-ended");
    let away = other.get("/account").await;
    away.goes_to("/sign-in?notice=over");
    assert_eq!(other.cookie("clara"), None, "a dead token is not kept");

    other.post("/sign-in", &pair).await.goes_to("/account");
    browser
        .post("/account/sessions/end-others", &[])
        .await
        .goes_to("/account?notice=others-ended");
    other.get("/account").await.goes_to("/sign-in?notice=over");
    browser.get("/account").await.says(200, EMAIL);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_ends_the_session_that_the_browser_had() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    let before = browser.cookie("clara").unwrap();
    let pair = [("email", EMAIL), ("password", PASSWORD)];
    browser.post("/sign-in", &pair).await.goes_to("/account");
    assert_ne!(browser.cookie("clara").unwrap(), before);
    let proof = format!("Bearer {before}");
    let (status, _) = ask(&app.server, "DELETE", "/auth/session", &proof, None).await;
    assert_eq!(status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_chosen_anew_and_signs_everything_out() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    let stranger = app.browser();
    let nobody = stranger
        .post(
            "/password",
            &[("user_email", "nobody@example.org"), ("act", "send")],
        )
        .await;
    assert_eq!(nobody.status, 404);
    assert_eq!(
        nobody.beside("user_email").as_deref(),
        Some("There is no account with this address.")
    );
    let sent = stranger
        .post("/password", &[("user_email", EMAIL), ("act", "send")])
        .await;
    sent.goes_to("/password?notice=sent");
    let form = stranger.get("/password?notice=sent").await;
    form.says(200, "A code is on its way.");
    assert_eq!(
        form.value("user_email").as_deref(),
        Some(EMAIL),
        "typed once"
    );
    let code = app.folder.code_for(EMAIL);
    let filled = |code: &str, password: &str| {
        let pairs = [
            ("user_email", EMAIL),
            ("code", code),
            ("totp", ""),
            ("password", password),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = async |form: [(String, String); 4]| {
        let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        stranger.post("/password", &form).await
    };
    let short = post(filled(&code, "short")).await;
    assert_eq!(short.status, 400);
    assert!(
        short
            .beside("password")
            .unwrap()
            .starts_with("The password must be"),
        "{}",
        short.body
    );
    assert_eq!(
        short.value("code").as_deref(),
        Some(code.as_str()),
        "the code is not typed twice"
    );
    let other = if code == "000000" { "111111" } else { "000000" };
    let wrong = post(filled(other, OTHER)).await;
    assert_eq!(wrong.status, 401);
    assert!(
        wrong
            .beside("code")
            .unwrap()
            .contains("wrong, used or too old")
    );
    post(filled(&code, OTHER))
        .await
        .goes_to("/sign-in?notice=password");
    // Sent twice, the code is used.
    assert_eq!(post(filled(&code, OTHER)).await.status, 401);
    browser
        .get("/account")
        .await
        .goes_to("/sign-in?notice=over");
    let pair = [("email", EMAIL), ("password", OTHER)];
    stranger.post("/sign-in", &pair).await.goes_to("/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changes_the_password_signed_in_stays_signed_in() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    let form = browser.get("/password").await;
    assert_eq!(form.value("user_email").as_deref(), Some(EMAIL));
    let sent = browser
        .post("/password", &[("user_email", EMAIL), ("act", "send")])
        .await;
    sent.goes_to("/password?notice=sent");
    let code = app.folder.code_for(EMAIL);
    let form = [
        ("user_email", EMAIL),
        ("code", code.as_str()),
        ("password", OTHER),
    ];
    browser
        .post("/password", &form)
        .await
        .goes_to("/account?notice=password");
    browser.get("/account").await.says(200, EMAIL);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_activated_yet_is_led_there() {
    let app = start(&[]);
    let browser = app.browser();
    register(&browser, EMAIL)
        .await
        .goes_to("/activate?notice=registered");
    let form = browser.get("/activate?notice=registered").await;
    form.says(200, "A code is on its way to your mailbox.");
    assert_eq!(form.value("user_email").as_deref(), Some(EMAIL));
    browser
        .get("/account")
        .await
        .says(200, "waits for the code");
    browser.post("/account/key", &[]).await.goes_to("/activate");
    browser.get("/account/delete").await.goes_to("/activate");
    let taken = register(&app.browser(), EMAIL).await;
    assert_eq!(taken.status, 400);
    assert!(taken.beside("email").unwrap().contains("already"));
    assert_eq!(taken.value("password").as_deref(), Some(""));
    let stranger = app.browser();
    let pair = [("email", EMAIL), ("password", PASSWORD)];
    stranger.post("/sign-in", &pair).await.goes_to("/activate");
    let bad = browser
        .post("/activate", &[("user_email", "nonsense"), ("code", "12")])
        .await;
    assert!(bad.beside("user_email").is_some() && bad.beside("code").is_some());
    let empty = browser
        .post("/activate", &[("user_email", ""), ("code", "")])
        .await;
    assert_eq!(empty.status, 400);
    let code = app.folder.code_for(EMAIL);
    let right = [("user_email", EMAIL), ("code", code.as_str())];
    app.browser()
        .post("/activate", &right)
        .await
        .goes_to("/sign-in?notice=activated");
    let again = browser.post("/activate", &right).await;
    assert!(
        again
            .beside("user_email")
            .unwrap()
            .contains("not active yet"),
        "{}",
        again.body
    );
    let more = browser
        .post("/activate", &[("user_email", EMAIL), ("act", "send")])
        .await;
    more.says(400, "active already");
}
