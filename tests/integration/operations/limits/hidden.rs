//! `HIDE_ACCOUNTS`: whoever holds the public key alone learns of no address whether it has an account.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ELSEWHERE, HERE, PASSWORD, TestContext};

const ADA: &str = "ada@example.org";
const EVE: &str = "eve@example.org";
const NOBODY: &str = "nobody@example.org";

async fn app() -> TestContext {
    TestContext::with(&[("RATE_LIMIT", "0"), ("HIDE_ACCOUNTS", "true")]).await
}

impl TestContext {
    async fn ask(&self, tool: &str, arguments: Value, address: &str) -> (u16, String, Value) {
        let key = Some(self.public_key());
        let answer = self.call(tool, arguments, key, address).await;
        (answer.status, answer.message, answer.data)
    }

    /// The code in the newest mail to `email`.
    fn code(&self, email: &str) -> String {
        let outbox = self.context.settings.data_dir.join("outbox");
        super::super::support::newest_code(&outbox, email).unwrap()
    }

    /// Ends its registration with the code of its mail.
    pub(super) async fn activate(&self, email: &str) {
        let arguments = json!({"user_email": email, "code": self.code(email)});
        let (status, ..) = self.ask("auth_activate", arguments, ELSEWHERE).await;
        assert_eq!(status, 200);
    }
}

#[tokio::test]
async fn every_address_is_sent_a_code_and_only_accounts_get_one() {
    let app = app().await;
    app.session(ADA).await;
    app.activate(ADA).await;
    app.session(EVE).await;
    let mut answers = Vec::new();
    for (email, purpose) in [
        (ADA, "ACTIVATION"),
        (ADA, "CHANGE_PASSWORD"),
        (ADA, "CHANGE_PASSWORD"),
        (EVE, "ACTIVATION"),
        (EVE, "ACTIVATION"),
        (NOBODY, "ACTIVATION"),
        (NOBODY, "CHANGE_PASSWORD"),
        (NOBODY, "TWO_FACTOR_AUTH"),
    ] {
        let arguments = json!({"user_email": email, "otp_type": purpose});
        answers.push(app.ask("auth_send_otp", arguments, HERE).await);
        app.context.services.background.finish().await;
    }
    answers.dedup();
    let sent = (201, "OTP sent successfully.".to_owned(), Value::Null);
    assert_eq!(answers, [sent]);
    // One for the registration each, and one more: a second within a minute is not sent, whatever was answered.
    assert_eq!((app.mails_to(ADA), app.mails_to(EVE)), (2, 2));
    assert_eq!(app.mails_to(NOBODY), 0);
}

#[tokio::test]
async fn the_answer_waits_for_no_code_to_be_sent() {
    let app = app().await;
    app.session(ADA).await;
    let background = &app.context.services.background;
    // As many pieces of work as are done at once, and none of them ends before it is told to.
    let (release, held) = tokio::sync::watch::channel(false);
    for _ in 0..2 {
        let mut held = held.clone();
        background.begin(async move { drop(held.wait_for(|is_over| *is_over).await) });
    }
    let mut answers = Vec::new();
    for email in [ADA, NOBODY] {
        let arguments = json!({"user_email": email, "otp_type": "CHANGE_PASSWORD"});
        answers.push(app.ask("auth_send_otp", arguments, HERE).await);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!((answers[0].0, app.mails_to(ADA)), (201, 1));
    release.send(true).unwrap();
    background.finish().await;
    assert_eq!((app.mails_to(ADA), app.mails_to(NOBODY)), (2, 0));
}

#[tokio::test]
async fn a_caller_who_asks_too_often_is_told_so_whomever_they_ask_about() {
    let app = app().await;
    app.session(ADA).await;
    for email in [ADA, NOBODY] {
        let address = if email == ADA { HERE } else { ELSEWHERE };
        let mut statuses = Vec::new();
        for _ in 0..21 {
            let arguments = json!({"user_email": email, "otp_type": "CHANGE_PASSWORD"});
            let (status, ..) = app.ask("auth_send_otp", arguments, address).await;
            statuses.push(status);
        }
        assert_eq!(statuses[..20], [201; 20]);
        assert_eq!(statuses[20], 429);
    }
}

#[tokio::test]
async fn a_code_is_refused_alike_with_an_account_and_without() {
    let app = app().await;
    app.session(ADA).await;
    app.activate(ADA).await;
    app.session(EVE).await;
    let mut answers = Vec::new();
    for email in [ADA, EVE, NOBODY] {
        let arguments = json!({"user_email": email, "code": "000001"});
        answers.push(app.ask("auth_activate", arguments.clone(), HERE).await);
        let mut arguments = arguments;
        arguments["password"] = "nine lamps of tin".into();
        answers.push(app.ask("auth_change_password", arguments, HERE).await);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, 401);
    let weak = json!({"user_email": NOBODY, "code": "000001", "password": "password1"});
    assert_eq!(app.ask("auth_change_password", weak, HERE).await.0, 400);
}

#[tokio::test]
async fn the_names_behind_an_address_are_not_given_away_by_a_refused_password() {
    let app = app().await;
    app.session(ADA).await;
    // Ada's last name is Marsh: made of it, a password is refused, but only to who holds the code.
    let made_of_names = |email: &str, code: &str| json!({"user_email": email, "code": code, "password": "marshmarsh"});
    let known = app
        .ask("auth_change_password", made_of_names(ADA, "000001"), HERE)
        .await;
    let unknown = app
        .ask(
            "auth_change_password",
            made_of_names(NOBODY, "000001"),
            HERE,
        )
        .await;
    assert_eq!(known, unknown);
}

#[tokio::test]
async fn right_codes_work_as_ever() {
    let app = app().await;
    app.session(ADA).await;
    app.activate(ADA).await;
    app.clock.advance(Duration::from_mins(1));
    let arguments = json!({"user_email": ADA, "otp_type": "CHANGE_PASSWORD"});
    assert_eq!(app.ask("auth_send_otp", arguments, HERE).await.0, 201);
    app.context.services.background.finish().await;
    let code = app.code(ADA);
    let change = json!({"user_email": ADA, "code": code, "password": "nine lamps of tin"});
    assert_eq!(app.ask("auth_change_password", change, HERE).await.0, 200);
    assert_eq!(app.sign_in(ADA, PASSWORD, HERE).await.status, 401);
    assert_eq!(
        app.sign_in(ADA, "nine lamps of tin", HERE).await.status,
        200
    );
}

#[tokio::test]
async fn who_is_signed_in_is_answered_plainly() {
    let app = app().await;
    let session = app.session(ADA).await;
    app.activate(ADA).await;
    let arguments = json!({"user_email": ADA, "otp_type": "ACTIVATION"});
    let answer = app
        .call("auth_send_otp", arguments, Some(&session), HERE)
        .await;
    assert_eq!(answer.status, 400);
}
