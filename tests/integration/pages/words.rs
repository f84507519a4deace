//! What people read where something is refused: words of the pages' own, which never tell a person to call a tool, say how long
//! to wait, and where there is a way on, which.

use super::rest::PASSWORD;
use super::support::from_address;
use super::{Shown, register, start};

const EMAIL: &str = "ada@example.org";
const WRONG: &str = "not this one at all";
/// A way that is open to who is right and yet refused.
const BY_MAIL: &str = "Then choose a new password by mail, and it is taken from everywhere.";

/// Words that are meant for a model and not for a person.
#[track_caller]
fn speaks_to_people(shown: &Shown) {
    for word in [
        "auth_",
        "otp_type",
        "TWO_FACTOR",
        "CHANGE_PASS",
        "ACTIVATION",
    ] {
        assert!(!shown.body.contains(word), "{word}: {}", shown.body);
    }
}

/// Too often, in words of the page and as programs read it.
#[track_caller]
fn says_to_wait(shown: &Shown, words: &str) {
    shown.says(429, words);
    shown.says(429, "Try again in ");
    speaks_to_people(shown);
    let seconds = shown.headers["retry-after"].to_str().unwrap();
    assert!(seconds.parse::<u64>().unwrap() > 0, "{seconds}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_at_an_account_is_told_how_long_to_wait() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    let mut guesser = app.browser();
    guesser.headers.push(from_address(3));
    let wrong = [("email", EMAIL), ("password", WRONG)];
    for _ in 0..5 {
        let shown = guesser.post("/sign-in", &wrong).await;
        shown.says(401, BY_MAIL);
        speaks_to_people(&shown);
    }
    let sixth = guesser.post("/sign-in", &wrong).await;
    says_to_wait(&sixth, "There were too many wrong sign-ins.");
    assert_eq!(sixth.value("email").as_deref(), Some(EMAIL), "still a form");

    for path in ["/account/data", "/account/delete"] {
        app.tamper("DELETE FROM wrong_tries").await;
        for _ in 0..5 {
            let shown = browser.post(path, &[("password", WRONG)]).await;
            shown.says(401, BY_MAIL);
            speaks_to_people(&shown);
        }
        let sixth = browser.post(path, &[("password", WRONG)]).await;
        says_to_wait(&sixth, "There were too many wrong passwords or codes.");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_right_and_not_heard_reads_the_same_as_anybody_and_how_to_be_heard() {
    let app = start(&[]);
    app.signed_in_browser(EMAIL).await;
    let mut elsewhere = app.browser();
    elsewhere.headers.push(from_address(9));
    let refused = async |email: &str, password: &str| {
        let form = [("email", email), ("password", password)];
        let shown = elsewhere.post("/sign-in", &form).await;
        assert_eq!(shown.status, 401);
        shown.body.replace(email, "THE ADDRESS")
    };
    let wrong = refused(EMAIL, WRONG).await;
    app.tamper("UPDATE wrong_tries SET tries = 100 WHERE network = ''")
        .await;
    let right = refused(EMAIL, PASSWORD).await;
    let nobody = refused("nobody@example.org", PASSWORD).await;
    assert!(right.contains(BY_MAIL), "{right}");
    assert_eq!(right, wrong, "nobody learns that the ceiling is reached");
    assert_eq!(right, nobody, "nor whether there is an account");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_and_accounts_asked_for_too_often_are_refused_in_words_of_the_page() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    let send = [("user_email", EMAIL), ("act", "send")];
    browser
        .post("/password", &send)
        .await
        .goes_to("/password?notice=sent");
    let again = browser.post("/password", &send).await;
    says_to_wait(&again, "No more codes are mailed for now");
    for path in ["/account/data", "/account/delete"] {
        let again = browser.post(path, &[("act", "send")]).await;
        says_to_wait(&again, "No more codes are mailed for now");
    }
    for number in 0..4 {
        let made = register(&app.browser(), &format!("a{number}@example.org")).await;
        assert_eq!(made.status, 303, "{}", made.body);
    }
    let sixth = register(&app.browser(), "a6@example.org").await;
    says_to_wait(&sixth, "Too many accounts were made in your network.");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_no_code_is_told_what_a_code_looks_like() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    browser
        .post("/password", &[("user_email", EMAIL), ("act", "send")])
        .await
        .goes_to("/password?notice=sent");
    let code = app.folder.code_for(EMAIL);
    let form = browser.get("/password?notice=sent").await;
    assert!(form.value("totp").is_none(), "who has no app is not asked");
    let post = async |code: &str, totp: &str| {
        let form = [
            ("user_email", EMAIL),
            ("code", code),
            ("totp", totp),
            ("password", "another long walk by the sea"),
        ];
        browser.post("/password", &form).await
    };
    let nonsense = post("12 34", "").await;
    assert_eq!(nonsense.status, 400);
    let words = nonsense.beside("code").unwrap();
    assert!(words.starts_with("Type the code"), "{words}");
    // As an older page of ours, or a front end, may still send it.
    let left_out = post(&code, "123456").await;
    left_out.says(400, "No authenticator app guards this account");
    left_out.says(400, "leave its code out");
    post(&code, "").await.goes_to("/account?notice=password");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_password_is_told_that_a_mailed_code_is_due() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    app.tamper("UPDATE users SET password_hash = NULL").await;
    for path in ["/account/data", "/account/delete"] {
        let empty = browser.post(path, &[("password", ""), ("code", "")]).await;
        empty.says(400, "have a code mailed to you and give that");
        let filled = browser.post(path, &[("password", WRONG)]).await;
        assert_eq!(filled.status, 400, "{}", filled.body);
        let words = filled.beside("code").unwrap();
        assert!(
            words.starts_with("This account has no password, so a code from our mail is due"),
            "{words}"
        );
        speaks_to_people(&filled);
    }
    browser
        .post("/account/delete", &[("act", "send")])
        .await
        .says(200, "A code is on its way.");
    let code = app.folder.code_for(EMAIL);
    browser
        .post("/account/delete", &[("code", code.as_str())])
        .await
        .goes_to("/sign-in?notice=deleted");
}
