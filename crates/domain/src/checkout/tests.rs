//! Amounts are whole dollars, and the way back leads to the client's own site. Every trick that leads elsewhere is here.

use proptest::prelude::*;

use super::*;

fn under(base: &str, path: &str) -> Option<String> {
    let path: ReturnPath = path.parse().ok()?;
    let base = url::Url::parse(base).unwrap();
    Some(path.under(&base, "success").to_string())
}

#[test]
fn a_path_is_appended_to_the_clients_address() {
    for (base, path, expected) in [
        (
            "https://a.example",
            "billing",
            "https://a.example/billing?stripe_status=success",
        ),
        (
            "https://a.example/",
            "/billing/",
            "https://a.example/billing?stripe_status=success",
        ),
        (
            "https://a.example/app",
            "x/y",
            "https://a.example/app/x/y?stripe_status=success",
        ),
        (
            "https://a.example/app/",
            "",
            "https://a.example/app/?stripe_status=success",
        ),
        (
            "http://127.0.0.1:8000",
            "größe",
            "http://127.0.0.1:8000/gr%C3%B6%C3%9Fe?stripe_status=success",
        ),
        (
            "https://a.example",
            "{CHECKOUT_SESSION_ID}",
            "https://a.example/%7BCHECKOUT_SESSION_ID%7D?stripe_status=success",
        ),
    ] {
        assert_eq!(under(base, path).as_deref(), Some(expected));
    }
}

#[test]
fn nothing_that_could_lead_elsewhere_is_a_path() {
    for bad in [
        "//evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\\evil.example",
        "a/../../b",
        "..",
        "%2e%2e/x",
        "a\nb",
        "a\u{0}",
        "a b",
        "user@evil.example",
        "x?stripe_status=success",
        "x#y",
        "a//b",
    ] {
        assert_eq!(under("https://a.example/app", bad), None, "{bad:?}");
    }
    assert_eq!(under("https://a.example", &"x".repeat(201)), None);
}

proptest! {
    #[test]
    fn whatever_is_taken_stays_under_the_clients_address(path in ".{0,60}") {
        if let Some(address) = under("https://a.example/app", &path) {
            let address = url::Url::parse(&address).unwrap();
            prop_assert_eq!(address.origin().ascii_serialization(), "https://a.example");
            prop_assert!(address.path() == "/app/" || address.path().starts_with("/app/"));
            prop_assert_eq!(address.query(), Some("stripe_status=success"));
        }
    }
}

#[test]
fn dollars_are_whole_and_never_a_text() {
    let read = |raw: &str| serde_json::from_str::<Dollars>(raw).map(Dollars::get).ok();
    assert_eq!(read("5"), Some(5));
    for bad in [
        "0",
        "-5",
        "5.5",
        "5.0",
        "\"5\"",
        "null",
        "[5]",
        "4294967296",
        "1e400",
    ] {
        assert_eq!(read(bad), None, "{bad}");
    }
}
