//! The second factor of a real server, with codes that Clara did not make: those of `oathtool`, and of a library that is given
//! the address as an app is.
//! `oathtool` is a package of Debian's; without it its test is skipped, and one line says so.

use std::process::Command;

use clara::domain::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};
use totp_rs::Totp;

use super::rest::{Account, EMAIL, PASSWORD, PUBLIC, account, ask, data};
use super::support::{Folder, Server};

const REFUSED: &str = "Authorization header or OTP is either missing, invalid or expired.";
const KEYS: [(&str, &str); 1] = [("CLARA_PUBLIC_API_KEY", PUBLIC)];

pub fn basic() -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{EMAIL}:{PASSWORD}"));
    format!("Basic {encoded}")
}

/// The step of thirty seconds that it is now.
pub fn step_now() -> i64 {
    SystemClock.now().seconds() / 30
}

pub async fn sign_in(server: &Server, code: Option<&str>) -> (u16, Value) {
    let body = code.map(|code| json!({"code": code}));
    ask(server, "POST", "/auth/session", &basic(), body).await
}

/// The address of an app that is offered.
pub async fn offer(server: &Server, account: &Account) -> String {
    let path = format!("{}/2fa", account.path);
    let method = Some(json!({"method": "app"}));
    let offer = data(server, "POST", &path, &account.session, method).await;
    let picture = offer["qr_svg"].as_str().unwrap();
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>"));
    assert!(!picture.contains("<script") && !picture.contains("href"));
    offer["otpauth_url"].as_str().unwrap().to_owned()
}

/// Brings an app into force with the code of the step before now, so that this one's and the next one's are left to use;
/// says which step, and the recovery codes.
pub async fn confirm(
    server: &Server,
    account: &Account,
    code_of: impl Fn(i64) -> String,
) -> (i64, Vec<String>) {
    // A step may end between the look at the clock and the answer; not four times.
    for _ in 0..4 {
        let step = step_now() - 1;
        let body = json!({"method": "app", "code": code_of(step)});
        let path = format!("{}/2fa", account.path);
        let (status, body) = ask(server, "POST", &path, &account.session, Some(body)).await;
        if status == 200 {
            let codes = body["data"]["recovery_codes"].as_array().unwrap().clone();
            let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned());
            return (step, codes.collect());
        }
        assert_eq!((status, &body["message"]), (401, &json!(REFUSED)));
    }
    panic!("no code was taken");
}

pub fn library(address: &str) -> impl Fn(i64) -> String {
    let app = Totp::from_url(address).unwrap();
    move |step| {
        let seconds = u64::try_from(step * 30).unwrap();
        app.generate(seconds).to_string()
    }
}

fn oathtool(secret: &str, step: i64) -> Option<String> {
    let now = format!("@{}", step * 30);
    let mut command = Command::new("oathtool");
    let output = command.args(["--totp", "--base32", "--now", &now, secret]);
    let output = output.output().ok()?;
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn oathtool_makes_the_codes_of_a_seed_that_clara_gave() {
    if oathtool("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 1).is_none() {
        let required = std::env::var("REQUIRE_PARTS").is_ok_and(|value| value == "1");
        assert!(!required, "REQUIRE_PARTS=1, but there is no oathtool");
        eprintln!("there is no oathtool: its test is skipped");
        return;
    }
    let folder = Folder::new();
    let server = Server::start(&folder, &KEYS);
    let account = account(&folder, &server).await;
    let address = offer(&server, &account).await;
    let secret = address.split("secret=").nth(1).unwrap();
    let secret = secret.split('&').next().unwrap();
    assert_eq!(secret.len(), 32, "160 bits");
    let code_of = |step| oathtool(secret, step).unwrap();
    let (step, recovery) = confirm(&server, &account, code_of).await;
    assert_eq!(recovery.len(), 10);

    let required = json!({"is_2fa_enabled": true});
    for wrong in [
        None,
        Some(code_of(step)),
        Some(code_of(step - 2)),
        Some(code_of(step + 9)),
    ] {
        let (status, body) = sign_in(&server, wrong.as_deref()).await;
        assert_eq!((status, &body["data"]), (401, &required), "{wrong:?}");
        assert_eq!(body["message"], REFUSED);
    }
    let code = code_of(step + 1);
    let (status, signed_in) = sign_in(&server, Some(&code)).await;
    assert_eq!(status, 200, "{signed_in}");
    assert_eq!(sign_in(&server, Some(&code)).await.0, 401, "a replay");
    let session = format!("Bearer {}", signed_in["data"]["token"].as_str().unwrap());
    let path = format!("{}/2fa", account.path);
    let off = Some(json!({"code": recovery[3].to_lowercase()}));
    let (status, body) = ask(&server, "DELETE", &path, &session, off).await;
    assert_eq!((status, body), (204, Value::Null));
    assert_eq!(sign_in(&server, None).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_code_is_told_so() {
    let folder = Folder::new();
    let server = Server::start(&folder, &KEYS);
    let account = account(&folder, &server).await;
    let path = format!("{}/2fa", account.path);
    let problem = async |method: &str, body: Value| {
        let (status, answer) = ask(&server, method, &path, &account.session, Some(body)).await;
        assert_eq!(status, 400, "{answer}");
        let errors = answer["data"]["errors"].as_array().unwrap().clone();
        assert_eq!(errors.len(), 1, "{answer}");
        let field = errors[0]["field"].as_str().unwrap().to_owned();
        (field, errors[0]["problem"].as_str().unwrap().to_owned())
    };
    for number in [json!(12345), json!(123_456)] {
        let (field, words) = problem("DELETE", json!({"code": number})).await;
        assert_eq!(field, "code");
        assert!(
            words.contains("string") && words.contains("zeros"),
            "{words}"
        );
    }
    for text in [
        "123 456",
        "１２３４５６",
        "12345",
        "1234567",
        "ABCD-EFGH",
        "",
    ] {
        let (field, words) = problem("DELETE", json!({"code": text})).await;
        assert_eq!(field, "code");
        assert!(
            words.contains("six digits") && !words.contains("123 456"),
            "{words}"
        );
    }
    for (body, field) in [
        (json!({"method": "mail"}), "code"),
        (json!({"method": "sms"}), "method"),
        (json!({"method": "app", "current": 1}), "current"),
        (json!({"code": "123456", "current": "123456"}), "current"),
        (json!({"code": "MZXW-6YTB-OJTG-633C-MFZG-M33P"}), "code"),
    ] {
        assert_eq!(problem("POST", body).await.0, field);
    }
    // With an app on, no mail is sent for what the app shows.
    let address = offer(&server, &account).await;
    confirm(&server, &account, library(&address)).await;
    let send = format!("/users/{EMAIL}/otp/TWO_FACTOR_AUTH");
    let (status, body) = ask(&server, "POST", &send, PUBLIC, None).await;
    assert_eq!(status, 400);
    assert_eq!(body["data"]["errors"][0]["field"], "otp_type", "{body}");
}
