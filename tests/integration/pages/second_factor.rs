//! The second factor on the pages, from the first question to the session: with a mailed code, with an authenticator app and
//! with a recovery code; and that no page sends anybody for what does not exist.

use clara::domain::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};
use totp_rs::Totp;

use super::rest::{PASSWORD, ask};
use super::{Browser, Shown, TestApp, start};

const EMAIL: &str = "ada@example.org";
const OTHER: &str = "another long walk by the sea";
const PAIR: [(&str, &str); 2] = [("email", EMAIL), ("password", PASSWORD)];

/// An authenticator app that is on, and the recovery codes that came with it.
pub struct App {
    reads: Totp,
    /// The step of the last code that was used.
    pub used: i64,
    pub recovery: Vec<String>,
}

pub fn step_now() -> i64 {
    SystemClock.now().seconds() / 30
}

impl App {
    /// An app that has read an address. It is not in force yet.
    pub fn taking_over(address: &str) -> Self {
        Self {
            reads: Totp::from_url(address).unwrap(),
            used: 0,
            recovery: Vec::new(),
        }
    }

    pub fn code_of(&self, step: i64) -> String {
        let seconds = u64::try_from(step * 30).unwrap();
        self.reads.generate(seconds).to_string()
    }

    /// A code that was not used yet and is taken now.
    pub fn next_code(&mut self) -> String {
        self.used += 1;
        assert!(self.used <= step_now() + 1, "one is taken a step ahead");
        self.code_of(self.used)
    }

    /// Takes over what is offered and turns it on, over REST.
    async fn set_up(test_app: &TestApp, browser: &Browser) -> Self {
        let session = format!("Bearer {}", browser.cookie("clara").unwrap());
        let path = format!("/users/{}/2fa", id(browser).await);
        let body = Some(json!({"method": "app"}));
        let (_, offer) = ask(&test_app.server, "POST", &path, &session, body).await;
        let mut app = Self::taking_over(offer["data"]["otpauth_url"].as_str().unwrap());
        // The step of before, so that this one's code and the next one's are left.
        for _ in 0..4 {
            app.used = step_now() - 1;
            let body = json!({"method": "app", "code": app.code_of(app.used)});
            let (status, body) = ask(&test_app.server, "POST", &path, &session, Some(body)).await;
            if status == 200 {
                let codes = body["data"]["recovery_codes"].as_array().unwrap().iter();
                app.recovery = codes
                    .map(|code| code.as_str().unwrap().to_owned())
                    .collect();
                return app;
            }
        }
        panic!("no code was taken");
    }
}

async fn id(browser: &Browser) -> String {
    let account = browser.get("/account").await.body;
    let id = account.split("<code>").nth(1).unwrap();
    id.split('<').next().unwrap().to_owned()
}

/// Somebody whose second factor is the mail.
pub async fn by_mail(test_app: &TestApp) -> Browser {
    let browser = test_app.signed_in_browser(EMAIL).await;
    // Not by a mailed code: the address would then get no other for a minute.
    test_app
        .tamper("UPDATE users SET is_2fa_enabled = TRUE")
        .await;
    browser
}

/// The second step of signing in, filled in.
pub async fn second(browser: &Browser, step: &Shown, code: &str, act: &str) -> Shown {
    let carried = ["email", "kept", "factor"].map(|name| (name, step.value(name).unwrap()));
    let mut form: Vec<(&str, &str)> = carried
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    form.extend([("code", code), ("act", act)]);
    browser.post("/sign-in", &form).await
}

#[track_caller]
fn is_second_step(shown: &Shown, status: u16) {
    shown.says(status, "second proof");
    assert!(shown.value("kept").is_some(), "{}", shown.body);
    assert!(shown.value("password").is_none(), "{}", shown.body);
    assert!(!shown.body.contains(PASSWORD), "the password is sealed");
}

const MAIL_ME: &str = "Mail me a code";

#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_code_signs_in() {
    let test_app = start(&[]);
    by_mail(&test_app).await;
    let browser = test_app.browser();
    let wrong = [("email", EMAIL), ("password", "not this one at all")];
    let wrong = browser.post("/sign-in", &wrong).await;
    assert!(
        wrong.value("kept").is_none(),
        "who has no password learns of no code"
    );
    let step = browser.post("/sign-in", &PAIR).await;
    is_second_step(&step, 200);
    assert!(step.body.contains(MAIL_ME));
    assert_eq!(browser.cookie("clara"), None);

    let none = second(&browser, &step, "", "").await;
    is_second_step(&none, 401);
    assert_eq!(none.beside("code").as_deref(), Some("The code is missing."));
    let sent = second(&browser, &step, "", "send").await;
    is_second_step(&sent, 200);
    sent.says(200, "A code is on its way.");
    let again = second(&browser, &sent, "", "send").await;
    is_second_step(&again, 429);
    again.says(429, "No more codes are mailed for now");
    let letters = second(&browser, &again, "abc", "").await;
    is_second_step(&letters, 400);
    assert!(letters.beside("code").unwrap().starts_with("Type the code"));
    let code = test_app.folder.code_for(EMAIL);
    let other = if code == "000000" { "111111" } else { "000000" };
    let refused = second(&browser, &letters, other, "").await;
    is_second_step(&refused, 401);
    assert!(
        refused
            .beside("code")
            .unwrap()
            .contains("Have a new one mailed")
    );
    second(&browser, &refused, &code, "")
        .await
        .goes_to("/account");
    browser.get("/account").await.says(200, "<dd>on</dd>");

    let replayed = second(&test_app.browser(), &refused, &code, "").await;
    is_second_step(&replayed, 401);
    let kept = step.value("kept").unwrap();
    for foreign in [
        [
            ("email", "bob@example.org"),
            ("kept", kept.as_str()),
            ("code", "123456"),
        ],
        [("email", EMAIL), ("kept", "nonsense"), ("act", "send")],
    ] {
        let shown = test_app.browser().post("/sign-in", &foreign).await;
        shown.says(200, "Begin again");
        assert!(shown.value("kept").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_signs_in_and_a_recovery_code_does() {
    for hides in ["false", "true"] {
        let test_app = start(&[("CLARA_HIDE_ACCOUNTS", hides)]);
        let owner = test_app.signed_in_browser(EMAIL).await;
        let mut app = App::set_up(&test_app, &owner).await;
        let browser = test_app.browser();
        let step = browser.post("/sign-in", &PAIR).await;
        is_second_step(&step, 200);
        assert!(!step.body.contains(MAIL_ME), "none would come");
        step.says(200, "Code from your authenticator app");
        let wrong = second(&browser, &step, &app.code_of(app.used), "").await;
        is_second_step(&wrong, 401);
        assert!(!wrong.body.contains(MAIL_ME));
        let code = app.next_code();
        second(&browser, &wrong, &code, "")
            .await
            .goes_to("/account");

        let other = test_app.browser();
        let step = other.post("/sign-in", &PAIR).await;
        second(&other, &step, &app.recovery[2].to_lowercase(), "")
            .await
            .goes_to("/account");
        let again = second(&other, &step, &app.recovery[2], "").await;
        is_second_step(&again, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_after_wrong_codes_waits_in_the_second_step() {
    let test_app = start(&[]);
    let owner = test_app.signed_in_browser(EMAIL).await;
    let app = App::set_up(&test_app, &owner).await;
    let browser = test_app.browser();
    let mut step = browser.post("/sign-in", &PAIR).await;
    for _ in 0..5 {
        step = second(&browser, &step, &app.code_of(app.used), "").await;
        is_second_step(&step, 401);
    }
    step = second(&browser, &step, &app.code_of(app.used), "").await;
    is_second_step(&step, 429);
    step.says(429, "There were too many wrong codes.");
    assert!(step.headers.contains_key("retry-after"));
    assert!(!step.body.contains(MAIL_ME), "still the app's");
    test_app.tamper("DELETE FROM wrong_tries").await;
    second(&browser, &step, &app.recovery[0], "")
        .await
        .goes_to("/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_changed_meanwhile_leads_back_to_the_first_step() {
    let test_app = start(&[]);
    by_mail(&test_app).await;
    let browser = test_app.browser();
    let step = browser.post("/sign-in", &PAIR).await;
    test_app
        .tamper("UPDATE users SET password_hash = NULL")
        .await;
    let shown = second(&browser, &step, "123456", "").await;
    shown.says(401, "The address or the password is wrong.");
    assert!(shown.value("kept").is_none() && shown.value("password").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_takes_the_apps_code_last() {
    let test_app = start(&[]);
    let owner = test_app.signed_in_browser(EMAIL).await;
    let mut app = App::set_up(&test_app, &owner).await;
    let browser = test_app.browser();
    browser
        .post("/password", &[("user_email", EMAIL), ("act", "send")])
        .await
        .goes_to("/password?notice=sent");
    let mailed = test_app.folder.code_for(EMAIL);
    let form = [
        ("user_email", EMAIL),
        ("code", mailed.as_str()),
        ("password", OTHER),
    ];
    let step = browser.post("/password", &form).await;
    step.says(200, "An authenticator app guards this account");
    assert!(
        step.value("password").is_none() && !step.body.contains(OTHER),
        "sealed"
    );
    let kept = step.value("kept").unwrap();
    let last = async |totp: &str| {
        let form = [
            ("user_email", EMAIL),
            ("code", mailed.as_str()),
            ("kept", kept.as_str()),
            ("totp", totp),
        ];
        browser.post("/password", &form).await
    };
    for (totp, status, words) in [
        ("", 401, "The code is missing."),
        ("12", 400, "Type the code"),
        (
            app.code_of(app.used).as_str(),
            401,
            "wrong, used or too old",
        ),
    ] {
        let shown = last(totp).await;
        assert_eq!(shown.status, status, "{}", shown.body);
        assert!(
            shown.beside("totp").unwrap().contains(words),
            "{}",
            shown.body
        );
        assert_eq!(shown.value("kept").as_deref(), Some(kept.as_str()));
    }
    let code = app.next_code();
    last(&code).await.goes_to("/sign-in?notice=password");
    owner.get("/account").await.goes_to("/sign-in?notice=over");
    let pair = [("email", EMAIL), ("password", OTHER)];
    let step = browser.post("/sign-in", &pair).await;
    is_second_step(&step, 200);
    second(&browser, &step, &app.recovery[9], "")
        .await
        .goes_to("/account");
    let session = format!("Bearer {}", browser.cookie("clara").unwrap());
    let path = format!("/users/{}", id(&browser).await);
    let (status, body) = ask(&test_app.server, "GET", &path, &session, None::<Value>).await;
    assert_eq!((status, &body["data"]["email"]), (200, &json!(EMAIL)));
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_ones_data_says_which_code_is_due() {
    let test_app = start(&[]);
    let browser = by_mail(&test_app).await;
    let refused = browser
        .post("/account/data", &[("password", PASSWORD)])
        .await;
    assert_eq!(refused.status, 401);
    let words = refused.beside("code").unwrap();
    assert!(words.contains("have a code mailed to you"), "{words}");
    browser
        .post("/account/data", &[("act", "send")])
        .await
        .says(200, "A code is on its way.");
    let code = test_app.folder.code_for(EMAIL);
    let form = [("password", PASSWORD), ("code", code.as_str())];
    assert_eq!(browser.post("/account/data", &form).await.status, 200);

    let test_app = start(&[]);
    let browser = test_app.signed_in_browser(EMAIL).await;
    let mut app = App::set_up(&test_app, &browser).await;
    let refused = browser
        .post("/account/data", &[("password", PASSWORD)])
        .await;
    let words = refused.beside("code").unwrap();
    assert!(words.contains("authenticator app"), "{words}");
    browser
        .post("/account/data", &[("act", "send")])
        .await
        .says(400, "no code is mailed");
    let code = app.next_code();
    let form = [("password", PASSWORD), ("code", code.as_str())];
    assert_eq!(browser.post("/account/data", &form).await.status, 200);
}
