//! The documentation's own example, Activate: its request byte for byte but for the values, and its answer likewise. Only
//! the white space between the answer's parts is the documentation's own, which shows it over several lines.

use serde_json::json;

use super::support::app::{PASSWORD, PUBLIC, TestApp};

const REQUEST_BODY: &str = "{\n  \"code\": \"245522\"\n}";

const ANSWER_BODY: &str = r#"{
  "data": {
    "created_at": "Thu, 27 Nov 2025 00:10:11 GMT",
    "credits": 0.0,
    "email": "hello@crazi.co",
    "first_name": "Vibhanshu",
    "id": "user_5e5ce11ad8ed4a328df03ffd19fa80ec",
    "is_2fa_enabled": false,
    "is_active": true,
    "is_dark_mode": true,
    "last_name": "Rathod",
    "updated_at": "Thu, 27 Nov 2025 00:10:11 GMT"
  },
  "message": "User activated successfully.",
  "status": "success"
}"#;

/// A JSON text with its values masked by what they look like, and without the white space between its parts.
fn masked(json: &str) -> String {
    let mut masked = String::new();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let end = rest[1..].find('"').unwrap() + 2;
                let is_name = rest[end..].starts_with(':');
                let text = &rest[..end];
                let shape: String = text
                    .chars()
                    .map(|c| if c.is_ascii_digit() { '9' } else { c })
                    .collect();
                let fixed = is_name
                    || shape.contains("99:99:99")
                    || masked.ends_with("\"message\":")
                    || masked.ends_with("\"status\":");
                let date = shape.contains("99:99:99");
                masked.push_str(match (fixed, date) {
                    (_, true) => "\"Ddd, 99 Mmm 9999 99:99:99 GMT\"",
                    (true, _) => text,
                    _ if text.starts_with("\"user_") => "\"user_id\"",
                    _ => "\"text\"",
                });
                end
            }
            '0'..='9' => {
                let end = rest.find([',', '}', '\n']).unwrap();
                masked.push_str(if rest[..end].contains('.') {
                    "9.9"
                } else {
                    "9"
                });
                end
            }
            c if c.is_whitespace() => c.len_utf8(),
            c => {
                masked.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    masked
}

#[tokio::test]
async fn the_documented_example_is_answered_as_documented() {
    let app = TestApp::start(&[]);
    let email = "hello@crazi.co";
    let new = json!({"first_name": "Vibhanshu", "last_name": "Rathod", "email": email, "password": PASSWORD});
    app.tell("POST", "/auth/register", PUBLIC, &new)
        .await
        .data(201, "User registered successfully.");
    let body = REQUEST_BODY.replace("245522", &app.folder.code_for(email));
    let host = app.server.url.strip_prefix("http://").unwrap();
    let length = body.len();
    let answer = app.exchange(&format!(
        "POST /api/v1/users/hello@crazi.co/activate HTTP/1.1\r\nHost: {host}\r\nAuthorization: {PUBLIC}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    ));
    let (head, answer) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(
        head.contains("\r\ncontent-type: application/json\r\n"),
        "{head}"
    );
    assert_eq!(masked(answer), masked(ANSWER_BODY));
    // The mask hides values, not what matters of them.
    let known = r#""email":"hello@crazi.co","first_name":"Vibhanshu","id":"user_"#;
    assert!(answer.contains(known), "{answer}");
    assert!(answer.contains(
        r#""is_2fa_enabled":false,"is_active":true,"is_dark_mode":true,"last_name":"Rathod""#
    ));
}
