//! The page for dropping files, without a script: whose it is, what it refuses in which words, and its look.

use serde_json::json;

use super::rest::PASSWORD;
use super::support::browser::Shown;
use super::support::dropping::{form, open, request_of, send};
use super::support::person::Person;
use super::support::signing_in::call;
use super::{Browser, TestApp, start};

const ADA: &str = "ada@example.org";
const BRIDGE: (&str, &[u8]) = ("bridge.txt", b"The bridge opened in 1931.");

/// A link that a call of Ada's left behind, and her browser before it.
async fn asked(app: &TestApp) -> (String, Browser) {
    let browser = app.signed_in_browser(ADA).await;
    app.tamper("UPDATE users SET is_active = TRUE, credits = 10000")
        .await;
    let token = format!("Bearer {}", browser.cookie("clara").unwrap());
    let person = Person::who_says(Some(rmcp::model::ElicitationAction::Cancel));
    let lifecycle = super::support::person::LIFECYCLES[0]();
    let transport = app.transport(Some(&token));
    let client = person.clone().sit_down(transport, lifecycle).await;
    let arguments = json!({"text": "The bridge opened in 1931.", "ask_for_files": true});
    call(&client, "agent_analysis", arguments).await;
    client.cancel().await.unwrap();
    (super::support::dropping::asked_link(&person), browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_serves_its_account_alone() {
    let app = start(&[]);
    let (link, browser) = asked(&app).await;
    let eve = app.signed_in_browser("eve@example.org").await;
    eve.get(&link).await.says(403, "another account");
    for act in ["add", "done"] {
        send(&eve, &link, &[BRIDGE], act)
            .await
            .says(403, "another account");
    }
    let request = request_of(&link);
    let decline = [("request", request.as_str())];
    eve.post("/upload/decline", &decline)
        .await
        .says(403, "another account");
    let stranger = app.browser();
    stranger.get(&link).await.says(200, "name=\"password\"");
    send(&stranger, &link, &[BRIDGE], "done")
        .await
        .goes_to("/sign-in");
    let forged = "/upload?request=upload_request_0123456789abcdef0123456789abcdef";
    for link in [forged, "/upload", "/upload?request=x"] {
        browser.get(link).await.says(404, "that is over");
    }
    send(&browser, forged, &[BRIDGE], "done")
        .await
        .says(404, "that is over");
    let foreign = browser.request("/upload");
    let foreign = foreign.multipart(form(&link, &[BRIDGE], "done"));
    browser
        .send(foreign.header("sec-fetch-site", "cross-site"))
        .await
        .says(403, "not sent from a page of Clara");
    let known = format!("/upload/requests/{request}");
    assert_eq!(stranger.get(&known).await.status, 204);
    app.tamper("UPDATE upload_requests SET expires_at = 1")
        .await;
    browser.get(&link).await.says(404, "that is over");
    stranger.get(&link).await.says(404, "that is over");
    send(&browser, &link, &[BRIDGE], "add")
        .await
        .says(404, "that is over");
    assert_eq!(stranger.get(&known).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_file_is_named_and_the_others_stay() {
    let app = start(&[("CLARA_MAX_ATTACHMENT_MB", "1")]);
    let (link, browser) = asked(&app).await;
    let large = vec![b'a'; 1_500_000];
    let files: [(&str, &[u8]); 5] = [
        BRIDGE,
        ("bridge.txt", b"again"),
        ("run.exe", b"MZ"),
        ("empty.txt", b""),
        ("large.txt", &large),
    ];
    let shown = send(&browser, &link, &files, "done").await;
    for words in [
        "bridge.txt was not taken. Its name is that of a file which is here already.",
        "run.exe was not taken. Its name must end in one of",
        "empty.txt was not taken. It is empty.",
        "large.txt was not taken. It is larger than 1 MB",
        "<strong>bridge.txt</strong> <span class=\"quiet\">26 bytes</span>",
    ] {
        shown.says(400, words);
    }
    let more: [(&str, &[u8]); 5] = [
        ("1.txt", b"1"),
        ("2.txt", b"2"),
        ("3.txt", b"3"),
        ("4.txt", b"4"),
        ("5.txt", b"5"),
    ];
    let shown = send(&browser, &link, &more, "add").await;
    shown.says(400, "5.txt was not taken.");
    shown.says(400, "There is room for no more.");
    let markup: [(&str, &[u8]); 1] = [("<b>.exe", b"x")];
    let shown = send(&browser, &link, &markup, "add").await;
    assert!(!shown.body.contains("<b>.exe"), "{}", shown.body);
    app.tamper("UPDATE uploads SET request_id = NULL, size_bytes = 2000000000, received_bytes = 0")
        .await;
    send(&browser, &link, &[BRIDGE], "done")
        .await
        .says(400, "Your account keeps as many files as one may");
}

/// Presses the button that removes a file.
async fn remove(browser: &Browser, link: &str, upload: &str) -> Shown {
    let request = request_of(link);
    let form = [("request", request.as_str()), ("upload", upload)];
    browser.post("/upload/remove", &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_file_can_be_removed() {
    let app = start(&[]);
    let (link, browser) = asked(&app).await;
    let files: [(&str, &[u8]); 2] = [BRIDGE, ("tower.txt", b"The tower is 40 metres tall.")];
    send(&browser, &link, &files, "add").await.goes_to(&link);
    let page = browser.get(&link).await;
    page.says(200, "there is room for 3 more");
    let upload = page.value("upload").unwrap();
    remove(&browser, &link, &upload).await.goes_to(&link);
    let page = browser.get(&link).await;
    page.says(200, "there is room for 4 more");
    page.says(200, "<strong>tower.txt</strong>");
    assert!(!page.body.contains("bridge.txt"), "{}", page.body);
    let left = page.value("upload").unwrap();
    // Twice, one that never was, and no id at all: what is there stays.
    for gone in [&upload, "upload_0123456789abcdef0123456789abcdef", "x", ""] {
        let shown = remove(&browser, &link, gone).await;
        shown.says(404, "That file is not here, or not any more.");
        shown.says(404, "<strong>tower.txt</strong>");
    }
    // With its name free again, the file may come back.
    send(&browser, &link, &[BRIDGE], "done")
        .await
        .goes_to("/account?notice=files");
    let late = remove(&browser, &link, &left).await;
    late.says(404, "that is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_person_removes_a_file() {
    let app = start(&[]);
    let (link, browser) = asked(&app).await;
    send(&browser, &link, &[BRIDGE], "add").await.goes_to(&link);
    let upload = browser.get(&link).await.value("upload").unwrap();
    let eve = app.signed_in_browser("eve@example.org").await;
    let shown = remove(&eve, &link, &upload).await;
    shown.says(403, "another account");
    let shown = remove(&app.browser(), &link, &upload).await;
    shown.goes_to("/sign-in");
    for request in ["upload_request_0123456789abcdef0123456789abcdef", "x"] {
        let link = format!("/upload?request={request}");
        let shown = remove(&browser, &link, &upload).await;
        shown.says(404, "that is over");
    }
    let request = request_of(&link);
    let form = [("request", request.as_str()), ("upload", &upload)];
    let foreign = browser.request("/upload/remove").form(&form);
    let shown = browser.send(foreign.header("sec-fetch-site", "cross-site"));
    shown.await.says(403, "not sent from a page of Clara");
    let more = [form[0], form[1], ("more", "x")];
    let shown = browser.post("/upload/remove", &more).await;
    assert_eq!(shown.status, 400, "{}", shown.body);
    browser
        .get(&link)
        .await
        .says(200, "<strong>bridge.txt</strong>");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_the_page_has_not_are_refused() {
    let app = start(&[]);
    let (link, browser) = asked(&app).await;
    let request = request_of(&link);
    let no_files = browser.post("/upload", &[("request", &request)]).await;
    assert_eq!(no_files.status, 415);
    let text = |name: &'static str, value: &str| {
        reqwest::multipart::Form::new().text(name, value.to_owned())
    };
    for form in [
        text("act", "done"),
        text("request", "nonsense"),
        text("request", &request).text("more", "x"),
        text("request", &request).text("request", request.clone()),
    ] {
        let sent = browser.request("/upload").multipart(form);
        let shown = browser.send(sent.header("sec-fetch-site", "same-origin"));
        let shown = shown.await;
        assert_eq!(shown.status, 400, "{}", shown.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_upload_page_needs_no_script() {
    let app = start(&[]);
    let (link, browser) = asked(&app).await;
    let page = open(&browser, &link, ADA, PASSWORD).await;
    let (asked_at, request) = (
        page.body
            .split("asked at ")
            .nth(1)
            .unwrap()
            .split(" for files")
            .next()
            .unwrap(),
        request_of(&link),
    );
    let body = page.body.replace(asked_at, "THEN");
    insta::assert_snapshot!("upload_page", body.replace(&request, "REQUEST"));
    let account = browser.get("/account").await;
    for header in [
        "content-security-policy",
        "referrer-policy",
        "cache-control",
        "cross-origin-opener-policy",
    ] {
        assert_eq!(page.headers[header], account.headers[header], "{header}");
    }
    let script = browser.get("/upload.js").await;
    assert_eq!(
        script.headers["content-type"],
        "text/javascript; charset=utf-8"
    );
}
