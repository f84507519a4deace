//! Addresses and codes as people and attackers write them: what is taken as it is, and what is told to be none. Whoever asks
//! learns the same over every operation that takes one.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::support::app::{PASSWORD, PUBLIC, Reply, TestApp, basic};
use super::support::from_address;

/// What becomes of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is one, and kept as it was given.
    Taken,
    /// 400, and the field is named.
    Refused,
}

use Fate::{Refused, Taken};

fn table() -> Vec<(&'static str, String, Fate)> {
    let domain = format!("{}.example.org", ["a".repeat(60).as_str(); 3].join("."));
    let of_length = |length: usize| {
        let local = "a".repeat(length - domain.len() - 1);
        format!("{local}@{domain}")
    };
    let row = |what, address: &str, fate| (what, address.to_owned(), fate);
    vec![
        row("a plus part", "ada+clara@example.org", Taken),
        row("upper case", "Ada.MARSH@Example.ORG", Taken),
        row(
            "marks that are allowed",
            "o'hara_#!$%&*=?^`{|}~-@example.org",
            Taken,
        ),
        row("a host without a dot", "ada@localhost", Taken),
        row("digits", "1@2.example", Taken),
        row("a domain in another script", "ada@bücher.example", Taken),
        row(
            "a domain as it is in DNS",
            "ada@xn--mnchen-3ya.example",
            Taken,
        ),
        row("a name in another script", "áda@example.org", Taken),
        ("254 bytes", of_length(254), Taken),
        ("255 bytes", of_length(255), Refused),
        (
            "254 letters, more bytes",
            of_length(254).replacen('a', "á", 1),
            Refused,
        ),
        row("nothing", "", Refused),
        row("spaces alone", "   ", Refused),
        row("no at", "ada.example.org", Refused),
        row("two ats", "ada@eve@example.org", Refused),
        row("no name", "@example.org", Refused),
        row("no host", "ada@", Refused),
        row("a space in the name", "ada marsh@example.org", Refused),
        row("a space in the host", "ada@exam ple.org", Refused),
        row("a tab", "ada\t@example.org", Refused),
        row("a NUL", "ada\0@example.org", Refused),
        row(
            "a further header",
            "ada@example.org\r\nBcc: eve@example.org",
            Refused,
        ),
        row(
            "a further line in the name",
            "ada\r\nBcc:eve@example.org",
            Refused,
        ),
        row("a lone line break inside", "ada\n@example.org", Refused),
        row("a line separator", "ada\u{2028}@example.org", Refused),
        row("a space nobody sees", "ada\u{200b}@example.org", Refused),
        row(
            "text from right to left",
            "ada\u{202e}@example.org",
            Refused,
        ),
        row("two addresses", "ada@example.org,eve@example.org", Refused),
        row(
            "two, the other way",
            "ada@example.org;eve@example.org",
            Refused,
        ),
        row("with a name before it", "Ada <ada@example.org>", Refused),
        row("in brackets", "<ada@example.org>", Refused),
        row("a comment", "ada(eve)@example.org", Refused),
        row("a dot first", ".ada@example.org", Refused),
        row("a dot last", "ada.@example.org", Refused),
        row("two dots", "ada..marsh@example.org", Refused),
        row("a host with a dot first", "ada@.example.org", Refused),
        row("a host with two dots", "ada@example..org", Refused),
        row("a host with a dash first", "ada@-example.org", Refused),
        row("a host with a dash last", "ada@example-.org", Refused),
        row("a host with an underscore", "ada@exa_mple.org", Taken),
        row("a quoted name", "\"ada marsh\"@example.org", Refused),
        row(
            "a quoted name with an at",
            "\"ada@eve\"@example.org",
            Refused,
        ),
        row("an address of a machine", "ada@[127.0.0.1]", Refused),
        row("the same without brackets", "ada@127.0.0.1", Refused),
        row("a longer one", "ada@[IPv6:::1]", Refused),
        row("a port", "ada@example.org:25", Refused),
        row("a path", "ada@example.org/x", Refused),
        row("a route", "@eve.example:ada@example.org", Refused),
        row("percent", "ada%40example.org", Refused),
    ]
}

async fn register(app: &TestApp, number: u16, address: &Value) -> Reply {
    let new =
        json!({"first_name": "Ada", "last_name": "Marsh", "email": address, "password": PASSWORD});
    let (name, from) = from_address(number);
    let request = app.request("POST", "/auth/register", PUBLIC);
    app.send(request.header(name, from).json(&new)).await
}

fn escaped(address: &str) -> String {
    address.bytes().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "%{byte:02x}");
        text
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_one_or_is_named_as_none() {
    let app = TestApp::start(&[]);
    let mut surprises = Vec::new();
    for (number, (what, address, fate)) in (1_u16..).zip(table()) {
        let registered = register(&app, number, &json!(address)).await;
        let is_taken = registered.status == 201;
        if is_taken {
            let data = registered.data(201, "User registered successfully.");
            assert_eq!(data["email"], address.as_str(), "{what}: kept as given");
        } else {
            assert_eq!(registered.fields(), ["email"], "{what}");
        }
        if is_taken != (fate == Taken) {
            surprises.push((what, address.clone(), registered.status));
            continue;
        }
        // The same over the path of a code; a path with nothing there leads nowhere.
        let (name, from) = from_address(number);
        let path = format!("/users/{}/otp/CHANGE_PASSWORD", escaped(&address));
        let request = app.request("POST", &path, PUBLIC).header(name, from);
        let sent = app.send(request).await;
        match fate {
            Taken => assert!(matches!(sent.status, 201 | 429), "{what}: {sent:?}"),
            Refused if address.is_empty() => assert_eq!(sent.status, 404, "{what}"),
            Refused => assert_eq!(sent.fields(), ["user_email"], "{what}"),
        }
        // Signing in tells nobody whether it is an address at all.
        let (name, from) = from_address(1_000 + number);
        let proof = basic(&address, "a wrong guess");
        let request = app.request("POST", "/auth/session", &proof);
        let refused = app.send(request.header(name, from)).await;
        assert_eq!(refused.status, 401, "{what}: {refused:?}");
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_is_one_account_however_it_is_written() {
    let app = TestApp::start(&[]);
    let ada = app.account("Ada.Marsh@Example.org").await;
    for (number, same) in (1_u16..).zip([
        "ada.marsh@example.org",
        "ADA.MARSH@EXAMPLE.ORG",
        "  ada.marsh@example.org  ",
        "\tada.marsh@example.org\r\n",
        "ada.marsh@ｅxample。org",
    ]) {
        let taken = register(&app, number, &json!(same)).await;
        taken.data(400, "User with the given identifier already exists.");
        let signed_in = app
            .ask("POST", "/auth/session", &basic(same, PASSWORD))
            .await;
        let user = signed_in.data(200, "User logged in successfully.");
        assert_eq!(
            (&user["id"], &user["email"]),
            (&json!(ada.id), &json!("Ada.Marsh@Example.org"))
        );
    }
    for (number, other) in (10_u16..).zip(["adamarsh@example.org", "ada.marsh+1@example.org"]) {
        let made = register(&app, number, &json!(other)).await;
        made.data(201, "User registered successfully.");
    }
    for (number, none) in (20_u16..).zip([
        json!(null),
        json!(5),
        json!(["ada@example.org"]),
        json!({"address": "ada@example.org"}),
        json!(true),
    ]) {
        let refused = register(&app, number, &none).await;
        assert_eq!(refused.fields(), ["email"], "{none}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_six_digits_as_text() {
    let app = TestApp::start(&[]);
    let email = "ada@example.org";
    register(&app, 1, &json!(email))
        .await
        .data(201, "User registered successfully.");
    let code = app.folder.code_for(email);
    let activate = async |code: &Value| {
        let path = format!("/users/{email}/activate");
        app.tell("POST", &path, PUBLIC, &json!({"code": code}))
            .await
    };
    let wide: String = code
        .chars()
        .map(|digit| char::from_u32(0xff10 + digit.to_digit(10).unwrap()).unwrap())
        .collect();
    let arabic: String = code
        .chars()
        .map(|digit| char::from_u32(0x0660 + digit.to_digit(10).unwrap()).unwrap())
        .collect();
    // Whatever is no code at all is told so, and is no try: six of these would be one too many.
    for none in [
        json!(code.parse::<u32>().unwrap()),
        json!(12_345),
        json!(123_456.0),
        json!(wide),
        json!(arabic),
        json!(format!("{} {}", &code[..3], &code[3..])),
        json!(format!("{}-{}", &code[..3], &code[3..])),
        json!(format!("{code}0")),
        json!(&code[..5]),
        json!(format!("+{}", &code[..5])),
        json!(format!("{code}\0")),
        json!("0x1234"),
        json!("1e1000"),
        json!(""),
        json!("      "),
        json!([code]),
        json!(true),
        json!({"code": code}),
    ] {
        assert_eq!(activate(&none).await.fields(), ["code"], "{none}");
    }
    let with_spaces = json!(format!(" {code}\n"));
    let activated = activate(&with_spaces).await;
    activated.data(200, "User activated successfully.");
}
