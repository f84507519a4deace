//! Who may call what: every operation × credential × active or not × own or another's, through the real dispatch.
//! Each call carries an argument no operation knows, so whoever is let in gets a 400 for it and nothing is changed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use clara::domain::user::User;
use clara::operations::caller::{CallContext, CallControl, Face, RawCredential};
use clara::operations::dispatch::{Request, dispatch};
use clara::operations::registry::{ALL, Entry};
use clara::services::Origin;
use clara::services::accounts::NewAccount;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::context::{PASSWORD, TestContext};

struct Account {
    user: User,
    session: SecretString,
    key: SecretString,
}

async fn account(app: &TestContext, email: &str, active: bool) -> Account {
    let accounts = &app.context.services.accounts;
    let new = NewAccount {
        first_name: "Ada".parse().unwrap(),
        last_name: "Marsh".parse().unwrap(),
        email: email.parse().unwrap(),
        password: clara::domain::password::Password::new(PASSWORD.to_owned()).unwrap(),
    };
    let origin = Origin {
        address: None,
        face: "test",
        request_id: "test".into(),
        by_operator: false,
    };
    let signed_in = accounts.register(new, &origin).await.unwrap();
    let user = if active {
        let outbox = app.context.settings.data_dir.join("outbox");
        let code = super::support::newest_code(&outbox, email).unwrap();
        accounts
            .activate(&email.parse().unwrap(), &code.parse().unwrap(), &origin)
            .await
            .unwrap()
    } else {
        signed_in.user
    };
    let key = app
        .context
        .services
        .api_keys
        .view(&user, &origin)
        .await
        .unwrap()
        .token
        .into();
    Account {
        user,
        session: signed_in.token.into(),
        key,
    }
}

/// Status and message of a call on somebody's behalf.
async fn call(
    app: &TestContext,
    entry: &Entry,
    authorization: Option<String>,
    whose: &User,
) -> (u16, String) {
    let mut arguments = json!({"nonsense": true});
    let mut user_id = None;
    for variable in entry.spec.route.variables() {
        match variable {
            "user_id" => user_id = Some(whose.id.to_string()),
            "user_email" => arguments["user_email"] = whose.email.to_string().into(),
            _ => {}
        }
    }
    let authorization = authorization.as_deref();
    let answer = app.call_of(entry, arguments, authorization, None, user_id);
    let answer = answer.await;
    (answer.status, answer.message)
}

#[tokio::test]
async fn the_matrix_of_access() {
    let app = TestContext::new("0").await;
    let active = account(&app, "active@example.org", true).await;
    let inactive = account(&app, "inactive@example.org", false).await;
    let other = account(&app, "other@example.org", true).await;
    let key = |secret: &SecretString| Some(secret.expose_secret().to_owned());
    let bearer = |secret: &SecretString| Some(format!("Bearer {}", secret.expose_secret()));
    let basic = |email: &str| {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{email}:{PASSWORD}"));
        Some(format!("Basic {pair}"))
    };

    let mut answers: BTreeMap<(u16, String), char> = BTreeMap::new();
    let mut rows = Vec::new();
    for entry in ALL.iter() {
        for credential in [
            "none",
            "public key",
            "password",
            "session",
            "api key",
            "operator",
        ] {
            let mut cells = Vec::new();
            for account in [&active, &inactive] {
                for whose in [&account.user, &other.user] {
                    let authorization = match credential {
                        "none" => None,
                        "public key" => key(app.context.public_api_key()),
                        "password" => basic(account.user.email.as_str()),
                        "session" => bearer(&account.session),
                        "api key" => bearer(&account.key),
                        _ => key(app.context.private_api_key()),
                    };
                    cells.push(call(&app, entry, authorization, whose).await);
                }
            }
            for cell in &cells {
                answers.entry(cell.clone()).or_default();
            }
            rows.push((entry.spec.tool, credential, cells));
        }
    }
    for (letter, mark) in ('a'..).zip(answers.values_mut()) {
        *mark = letter;
    }
    let mut table = String::from("Let in is a 400 for the argument nobody knows.\n\n");
    for ((status, message), mark) in &answers {
        writeln!(table, "{mark} = {status} {message}").unwrap();
    }
    writeln!(
        table,
        "\n{:<28} {:<11} {:<11} {:<11} {:<13} inactive other",
        "operation", "credential", "active own", "active other", "inactive own"
    )
    .unwrap();
    for (tool, credential, cells) in &rows {
        let marks: Vec<String> = cells
            .iter()
            .map(|cell| format!("{} {}", cell.0, answers[cell]))
            .collect();
        writeln!(
            table,
            "{tool:<28} {credential:<11} {:<11} {:<11} {:<13} {}",
            marks[0], marks[1], marks[2], marks[3]
        )
        .unwrap();
    }
    insta::assert_snapshot!("access", table);
}

/// Whoever starts a process on the database is its operator, in the terminal and nowhere else.
#[tokio::test]
async fn only_the_terminal_acts_as_the_operator_without_a_key() {
    let app = TestContext::new("0").await;
    let ada = account(&app, "ada@example.org", true).await;
    let call = async |entry: &Entry, face: Face, named: &str| {
        let call_context = CallContext {
            raw_credential: RawCredential::Operator,
            face,
            address: None,
            request_id: "r".into(),
            call_control: CallControl::default(),
        };
        let names_account = entry.spec.route.variables().any(|name| name == "user_id");
        let request = Request {
            call_context,
            user_id: names_account.then(|| named.to_owned()),
            arguments: super::support::object(json!({"nonsense": true})),
        };
        dispatch(&app.context, entry, request).await.status
    };
    let (id, address) = (ada.user.id.as_str(), ada.user.email.as_str());
    for entry in ALL.iter() {
        for face in [Face::Rest, Face::McpHttp, Face::Stdio] {
            let status = call(entry, face, id).await;
            assert_eq!(status, 401, "{} over {face:?}", entry.spec.tool);
        }
        if entry.spec.access == clara::operations::Access::Operator {
            assert_eq!(call(entry, Face::Terminal, id).await, 400);
            assert_eq!(call(entry, Face::Terminal, address).await, 400);
        }
    }
    let change = clara::operations::registry::find_operators("change_credits").unwrap();
    for nobody in ["user_1", "nobody@example.org", "ada"] {
        assert_eq!(call(change, Face::Terminal, nobody).await, 404, "{nobody}");
    }
    // Over REST the key's holder names an account by its identifier alone, as documented.
    let call_context = CallContext {
        raw_credential: RawCredential::Headers {
            authorization: Some(app.context.private_api_key().clone()),
            user_id: None,
        },
        face: Face::Rest,
        address: None,
        request_id: "r".into(),
        call_control: CallControl::default(),
    };
    let by_address = Request {
        call_context,
        user_id: Some(address.to_owned()),
        arguments: super::support::object(json!({"change": 1})),
    };
    let answer = dispatch(&app.context, change, by_address).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_key_or_token_of_another_kind_or_server_opens_nothing() {
    let app = TestContext::new("0").await;
    let elsewhere = TestContext::new("0").await;
    let stranger = account(&elsewhere, "ada@example.org", true).await;
    let here = account(&app, "ada@example.org", true).await;
    let view = clara::operations::registry::find("user_view").unwrap();
    let swapped = here
        .session
        .expose_secret()
        .replace("clara_user_", "clara_api_");
    let unsigned = "clara_user_eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.";
    for token in [
        stranger.session.expose_secret(),
        stranger.key.expose_secret(),
        &swapped,
        unsigned,
        "clara_user_",
        "",
    ] {
        let answer = call(&app, view, Some(format!("Bearer {token}")), &here.user).await;
        assert_eq!(answer.0, 401, "{token}");
    }
}
