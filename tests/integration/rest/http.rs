//! What HTTP itself asks for: methods, HEAD, OPTIONS, unknown paths, the envelope around every refusal, and how long a body
//! may be, which is judged before it is read.

use serde_json::{Value, json};

use super::support::app::{PUBLIC, TestApp};

#[tokio::test]
async fn an_unknown_path_is_an_envelope_wherever_it_is() {
    let app = TestApp::start(&[]);
    for path in [
        "/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/health/",
        "/api/v2/health",
        "/api/v1/users/user_1/tasks/task_1/more",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = reqwest::Client::new()
                .request(method.parse().unwrap(), app.server.at(path))
                .send()
                .await
                .unwrap();
            // The front page is somebody else's, where there is one.
            if path == "/" && answer.status() != 404 {
                continue;
            }
            assert_eq!(answer.status(), 404, "{method} {path}");
            let body: Value = answer.json().await.unwrap();
            let expected = json!({"status": "error", "message": "The requested route does not exist.", "data": null});
            assert_eq!(body, expected, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_path_with_a_hole_or_without_text_leads_nowhere() {
    let app = TestApp::start(&[]);
    for path in ["/users//tasks", "/users/%ff", "/users/%C3%28/tasks"] {
        let answer = app.ask("GET", path, PUBLIC).await;
        answer.data(404, "The requested route does not exist.");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let app = TestApp::start(&[]);
    for (method, path, allowed) in [
        ("POST", "/health", "GET,HEAD"),
        ("PUT", "/auth/session", "POST,DELETE"),
        ("GET", "/auth/register", "POST"),
        ("POST", "/users/user_1", "DELETE,GET,HEAD,PATCH"),
        ("DELETE", "/stripe/settle", "POST"),
        ("PATCH", "/users", "GET,HEAD"),
        ("BREW", "/version", "GET,HEAD"),
        ("TRACE", "/version", "GET,HEAD"),
    ] {
        let answer = app.ask(method, path, "").await;
        let message = "The requested method is not allowed for this route.";
        assert_eq!(answer.data(405, message), Value::Null, "{method} {path}");
        let mut said: Vec<&str> = answer.header("allow").split(',').collect();
        said.sort_unstable();
        let mut expected: Vec<&str> = allowed.split(',').collect();
        expected.sort_unstable();
        assert_eq!(said, expected, "{method} {path}");
        let options = app.ask("OPTIONS", path, "").await;
        assert_eq!((options.status, options.text.as_str()), (204, ""), "{path}");
        assert_eq!(options.header("allow"), answer.header("allow"), "{path}");
    }
}

#[tokio::test]
async fn a_browsers_own_question_is_still_answered() {
    let app = TestApp::start(&[]);
    let request = app
        .request("OPTIONS", "/users/user_1", "")
        .header("origin", app.server.url.as_str())
        .header("access-control-request-method", "PATCH");
    let answer = app.send(request).await;
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("PATCH")
    );
    assert_eq!(answer.header("access-control-allow-origin"), app.server.url);
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let app = TestApp::start(&[]);
    for (path, status) in [("/health", 200), ("/users/user_1", 401), ("/nothing", 404)] {
        let get = app.ask("GET", path, "").await;
        let head = app.ask("HEAD", path, "").await;
        assert_eq!((get.status, head.status), (status, status), "{path}");
        assert_eq!(head.text, "");
        for name in ["content-type", "content-length"] {
            assert_eq!(get.header(name), head.header(name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn a_fault_says_who_it_was_for() {
    let app = TestApp::start(&[]);
    let request = app
        .request("GET", "/nothing", "")
        .header("x-request-id", "mine-1");
    let answer = app.send(request).await;
    assert_eq!(
        (answer.status, answer.header("x-request-id")),
        (404, "mine-1")
    );
    assert!(
        app.ask("GET", "/health", "")
            .await
            .header("x-request-id")
            .len()
            >= 16
    );
}

/// The status and the envelope of an answer that came before any of the body was sent.
fn announced(app: &TestApp, method: &str, path: &str, proof: &str, length: u64) -> (u16, Value) {
    let host = app.server.url.strip_prefix("http://").unwrap();
    let answer = app.exchange(&format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {proof}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    ));
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    let status = head["HTTP/1.1 ".len()..][..3].parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_long_is_refused_before_it_is_sent() {
    let app = TestApp::start(&[("CLARA_MAX_REQUEST_MB", "3")]);
    let ada = app.account("ada@example.org").await;
    let password = super::support::app::basic("ada@example.org", super::support::app::PASSWORD);
    for (method, path, proof, limit) in [
        ("POST", "/auth/google", "", 64 * 1024),
        ("POST", "/auth/session", password.as_str(), 64 * 1024),
        ("POST", "/auth/register", PUBLIC, 1024 * 1024),
        ("PATCH", ada.at("").as_str(), &ada.session, 1024 * 1024),
        (
            "POST",
            ada.at("/agent/analysis").as_str(),
            &ada.key,
            3_000_000,
        ),
        ("POST", "/stripe/settle", "", 256 * 1024),
    ] {
        let (status, envelope) = announced(&app, method, path, proof, limit + 1);
        assert_eq!(
            (status, &envelope["message"]),
            (413, &json!("The request is too large.")),
            "{path}"
        );
        assert_eq!(envelope["data"], json!({"limit_bytes": limit}), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_told_so_before_a_long_body_is_sent() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    for (path, proof, expected) in [
        (ada.at("/agent/analysis"), "Bearer clara_api_nonsense", 401),
        (ada.at("/agent/analysis"), "", 401),
        (ada.at("/agent/analysis"), &bob.key, 403),
        ("/auth/register".to_owned(), "wrong-key", 401),
    ] {
        // Longer than anybody may send: who may not call is not told how much.
        let (status, _) = announced(&app, "POST", &path, proof, 900_000_000);
        assert_eq!(status, expected, "{path} {proof}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_heard_by_who_is_still_sending() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    for number in 0..20 {
        // Wrong keys are counted by address.
        let (name, address) = super::support::from_address(number);
        let request = app.request("POST", &ada.at("/agent/analysis"), "wrong");
        let long = vec![b' '; 8_000_000];
        let refused = app.send(request.header(name, address).body(long)).await;
        assert_eq!(refused.status, 401);
        let long = vec![b' '; 2_000_000];
        let refused = app.tell_raw("PATCH", &ada.at(""), &ada.session, long).await;
        assert_eq!(refused.status, 413);
    }
}

#[tokio::test]
async fn a_body_that_grows_too_long_unannounced_is_refused_too() {
    let app = TestApp::start(&[]);
    let host = app.server.url.strip_prefix("http://").unwrap();
    let mut request = format!(
        "POST /api/v1/auth/google HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\
         Content-Type: application/json\r\nConnection: close\r\n\r\n"
    );
    for _ in 0..17 {
        request.push_str("1000\r\n");
        request.push_str(&" ".repeat(0x1000));
        request.push_str("\r\n");
    }
    request.push_str("0\r\n\r\n");
    let answer = app.exchange(&request);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.ends_with(
        r#"{"data":{"limit_bytes":65536},"message":"The request is too large.","status":"error"}"#
    ));
}
