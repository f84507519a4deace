//! Switching the second factor on its page: an app set up by its picture, by its address or by its key, recovery codes made and
//! made anew, and all of it turned off again. No script, and no tool called.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::rest::PASSWORD;
use super::second_factor::{App, by_mail, second, step_now};
use super::{Browser, Shown, start};

const EMAIL: &str = "ada@example.org";
const PAIR: [(&str, &str); 2] = [("email", EMAIL), ("password", PASSWORD)];
const PAGE: &str = "/account/second-factor";
const APP: &str = "/account/second-factor/app";

/// What stands between two marks of a page, as a browser reads it.
fn between(shown: &Shown, before: &str, after: &str) -> String {
    let (_, rest) = shown.body.split_once(before).expect(before);
    let (found, _) = rest.split_once(after).expect(after);
    found.replace("&#38;", "&").replace("&amp;", "&")
}

/// The app that takes over what a page offers.
fn offered(shown: &Shown) -> App {
    shown.says(200, "Scan this with the app.");
    let picture = between(shown, "src=\"data:image/svg+xml;base64,", "\"");
    let picture = String::from_utf8(STANDARD.decode(picture).unwrap()).unwrap();
    assert!(picture.starts_with("<svg ") && !picture.contains("<script"));
    let policy = shown.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("img-src 'self' data:"), "{policy}");
    let address = between(shown, "<a href=\"otpauth:", "\"");
    let key = between(shown, "<code class=\"key\">", "<");
    assert!(address.contains(&format!("secret={key}&")), "{address}");
    App::taking_over(&format!("otpauth:{address}"))
}

fn recovery(shown: &Shown) -> Vec<String> {
    shown.says(200, "They are shown only now");
    let codes = shown.body.split("<li><code>").skip(1);
    codes
        .map(|code| code.split('<').next().unwrap().to_owned())
        .collect()
}

/// The second form of setting up, filled in with a code of the step before now, so that two are left.
async fn confirm(browser: &Browser, offer: &Shown, app: &mut App, current: &str) -> Shown {
    let kept = offer.value("kept").unwrap_or_default();
    // A step may end between the look at the clock and the answer; not four times.
    for _ in 0..4 {
        app.used = step_now() - 1;
        let code = app.code_of(app.used);
        let form = [
            ("step", "confirm"),
            ("kept", kept.as_str()),
            ("code", code.as_str()),
            ("current", current),
        ];
        let shown = browser.post(APP, &form).await;
        if shown.status == 200 {
            return shown;
        }
    }
    panic!("no code was taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_offered_before_mail_and_in_its_place() {
    let test_app = start(&[]);
    let links = async |browser: &Browser| {
        let shown = browser.get(PAGE).await;
        let links = shown.body.split("href=\"/account/second-factor/").skip(1);
        let links = links.map(|link| link.split('"').next().unwrap().to_owned());
        links.collect::<Vec<_>>()
    };
    let without = test_app.signed_in_browser("eve@example.org").await;
    assert_eq!(links(&without).await, ["app", "mail"]);
    let with_mail = by_mail(&test_app).await;
    assert_eq!(links(&with_mail).await, ["app", "off"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_set_up_used_and_turned_off_on_the_page() {
    let test_app = start(&[]);
    let browser = test_app.signed_in_browser(EMAIL).await;
    let other = test_app.browser();
    other.post("/sign-in", &PAIR).await.goes_to("/account");
    browser.get(PAGE).await.says(200, "It is off.");
    for (path, is_there) in [
        ("app", true),
        ("mail", true),
        ("recovery", false),
        ("off", false),
    ] {
        let shown = browser.get(&format!("{PAGE}/{path}")).await;
        if is_there {
            assert_eq!(shown.status, 200);
        } else {
            shown.goes_to(PAGE);
        }
    }
    let form = browser.get(APP).await;
    assert_eq!(form.value("password").as_deref(), Some(""));
    let offer = browser.post(APP, &[("password", PASSWORD)]).await;
    let mut app = offered(&offer);
    assert!(
        offer.value("kept").is_some() && !offer.body.contains(PASSWORD),
        "sealed"
    );
    browser.get(PAGE).await.says(200, "It is off.");

    for (code, status, words) in [
        ("", 400, "The code is missing."),
        ("12", 400, "Type the code"),
        (app.code_of(step_now() - 9).as_str(), 401, "begin again"),
    ] {
        let form = [("step", "confirm"), ("kept", ""), ("code", code)];
        let shown = browser.post(APP, &form).await;
        assert_eq!(shown.status, status, "{}", shown.body);
        assert!(
            shown.beside("code").unwrap().contains(words),
            "{}",
            shown.body
        );
        assert!(!shown.body.contains("otpauth:"), "the secret is shown once");
    }
    let codes = recovery(&confirm(&browser, &offer, &mut app, "").await);
    assert_eq!(codes.len(), 10);
    browser
        .get(PAGE)
        .await
        .says(200, "with an authenticator app.");
    other.get("/account").await.goes_to("/sign-in?notice=over");

    let step = other.post("/sign-in", &PAIR).await;
    let code = app.next_code();
    second(&other, &step, &code, "").await.goes_to("/account");

    let anew = format!("{PAGE}/recovery");
    let used = browser.post(&anew, &[("code", code.as_str())]).await;
    assert_eq!(used.status, 401);
    assert!(used.beside("code").unwrap().contains("a recovery code"));
    let code = app.next_code();
    let new = recovery(&browser.post(&anew, &[("code", code.as_str())]).await);
    assert!(new.len() == 10 && new.iter().all(|code| !codes.contains(code)));

    let off = format!("{PAGE}/off");
    let form = browser.get(&off).await;
    assert!(!form.body.contains("Mail me"), "none would come");
    browser
        .post(&off, &[("code", "")])
        .await
        .says(400, "Give a code first.");
    let dead = browser.post(&off, &[("code", codes[0].as_str())]).await;
    assert_eq!(dead.status, 401);
    browser
        .post(&off, &[("code", new[0].as_str())])
        .await
        .goes_to("/account/second-factor?notice=factor-off");
    let page = browser
        .get("/account/second-factor?notice=factor-off")
        .await;
    page.says(200, "It is off.");
    page.says(200, "Your password alone signs you in from now on.");
    test_app
        .browser()
        .post("/sign-in", &PAIR)
        .await
        .goes_to("/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_left_open_somewhere_sets_up_no_app_without_the_password() {
    let test_app = start(&[]);
    let browser = test_app.signed_in_browser(EMAIL).await;
    test_app
        .tamper("UPDATE sessions SET proven_at = NULL")
        .await;
    for (password, words) in [
        ("", "you signed in a while ago"),
        ("not this one at all", "The password is wrong."),
    ] {
        let refused = browser.post(APP, &[("password", password)]).await;
        assert_eq!(refused.status, 401);
        let beside = refused.beside("password").unwrap();
        assert!(beside.contains(words), "{beside}");
        assert!(!refused.body.contains("otpauth:"), "nothing is offered");
    }
    let offer = browser.post(APP, &[("password", PASSWORD)]).await;
    let mut app = offered(&offer);
    recovery(&confirm(&browser, &offer, &mut app, "").await);

    // Who has no password, because they come by Google, signs in anew.
    let test_app = start(&[]);
    let browser = test_app.signed_in_browser(EMAIL).await;
    test_app
        .tamper("UPDATE sessions SET proven_at = NULL; UPDATE users SET password_hash = NULL")
        .await;
    for password in ["", "not this one at all"] {
        let refused = browser.post(APP, &[("password", password)]).await;
        assert!((400..=401).contains(&refused.status));
        assert!(refused.body.contains("sign in anew"), "{}", refused.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_is_turned_on_and_off_by_its_code() {
    let test_app = start(&[]);
    let browser = test_app.signed_in_browser(EMAIL).await;
    let mail = format!("{PAGE}/mail");
    browser
        .post(&mail, &[("act", "send")])
        .await
        .says(200, "A code is on its way.");
    let again = browser.post(&mail, &[("act", "send")]).await;
    again.says(429, "No more codes are mailed for now");
    let code = test_app.folder.code_for(EMAIL);
    let other = if code == "000000" { "111111" } else { "000000" };
    let wrong = browser.post(&mail, &[("code", other)]).await;
    assert_eq!(wrong.status, 401);
    assert!(
        wrong
            .beside("code")
            .unwrap()
            .contains("Have a new one mailed")
    );
    browser
        .post(&mail, &[("code", code.as_str())])
        .await
        .goes_to("/account/second-factor?notice=factor-mail");
    browser.get(PAGE).await.says(200, "It is on, by mail.");
    browser.get(&mail).await.goes_to(PAGE);

    let test_app = start(&[]);
    let browser = by_mail(&test_app).await;
    let off = format!("{PAGE}/off");
    browser
        .post(&off, &[("act", "send")])
        .await
        .says(200, "A code is on its way.");
    let code = test_app.folder.code_for(EMAIL);
    browser
        .post(&off, &[("code", code.as_str())])
        .await
        .goes_to("/account/second-factor?notice=factor-off");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_comes_in_the_place_of_the_mail_and_of_another_app() {
    let test_app = start(&[]);
    let browser = by_mail(&test_app).await;
    let form = browser.get(APP).await;
    assert!(
        form.value("password").is_none(),
        "the mailed code is the proof"
    );
    let offer = browser.post(APP, &[]).await;
    let mut app = offered(&offer);
    offer.says(200, "A code is on its way.");
    let code = app.code_of(step_now());
    let without = browser
        .post(APP, &[("step", "confirm"), ("code", code.as_str())])
        .await;
    assert_eq!(without.status, 401);
    assert_eq!(
        without.beside("current").as_deref(),
        Some("The code of before is missing.")
    );
    let mailed = test_app.folder.code_for(EMAIL);
    let codes = recovery(&confirm(&browser, &without, &mut app, &mailed).await);

    let offer = browser.post(APP, &[]).await;
    let mut next = offered(&offer);
    assert!(!offer.body.contains("A code is on its way."));
    recovery(&confirm(&browser, &offer, &mut next, &codes[4]).await);
    let stranger = test_app.browser();
    let step = stranger.post("/sign-in", &PAIR).await;
    let old = app.next_code();
    assert_eq!(second(&stranger, &step, &old, "").await.status, 401);
    let code = next.next_code();
    second(&stranger, &step, &code, "")
        .await
        .goes_to("/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_signed_out_meanwhile_is_led_to_sign_in() {
    let test_app = start(&[]);
    let browser = test_app.signed_in_browser(EMAIL).await;
    let offer = browser.post(APP, &[]).await;
    let mut app = offered(&offer);
    recovery(&confirm(&browser, &offer, &mut app, "").await);
    test_app
        .tamper("UPDATE sessions SET ended_at = created_at")
        .await;
    for path in ["app", "recovery", "off"] {
        let form = [("code", "123456")];
        browser
            .post(&format!("{PAGE}/{path}"), &form)
            .await
            .goes_to("/sign-in?notice=over");
        browser.put_cookie("clara", "clara_user_gone");
    }
}
