//! Text that would be a statement, were it ever put into one: through every field of every operation, as somebody who is
//! signed in and as the operator, on both databases. No call is ever an error of ours, and what is refused changes no table
//! but the audit trail and what counts the tries.

use std::collections::BTreeMap;

use clara::operations::dispatch::Answer;
use clara::operations::registry::{ALL, Entry};
use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, Connection as _};

use super::context::{PASSWORD, TestContext};
use super::postgres::Server;

const ADA: &str = "ada@example.org";
/// Good enough for a new account, and not hers.
const WRONG_PASSWORD: &str = "seven mossy kettles";
const HOSTILE: [&str; 11] = [
    "'",
    "\"",
    ";--",
    "%",
    "\\",
    "\0",
    "{}",
    "$1",
    "' OR '1'='1",
    "'; DROP TABLE users; --",
    "' UNION SELECT password_hash FROM users --",
];
/// These are put behind what would be right, too: a part of a value may be looked at and the rest believed.
const APPENDED: [&str; 3] = ["'", "\0", "'; DROP TABLE users; --"];

/// What would do in a field of this name.
fn fine(field: &str) -> Value {
    let nothing = "0".repeat(32);
    match field {
        "first_name" | "last_name" => json!("Eve"),
        "email" => json!("eve@example.org"),
        "user_email" => json!(ADA),
        "password" => json!(WRONG_PASSWORD),
        "code" | "current" | "totp" => json!("000001"),
        "otp_type" => json!("CHANGE_PASSWORD"),
        "session_id" => json!(format!("session_{nothing}")),
        "task_id" => json!(format!("task_{nothing}")),
        "transaction_id" => json!(format!("transaction_{nothing}")),
        "user_id" => json!(format!("user_{nothing}")),
        "amount" | "credits" | "limit" | "before" => json!(5),
        "wait_seconds" | "offset" => json!(0),
        "return_path" => json!("billing"),
        "text" => json!("The bridge was opened in 1931."),
        "event" => json!("signed_in"),
        _ => json!("x"),
    }
}

/// The fields that hold this text, and what they hold then.
fn hostile_values(field: &str, text: &str) -> Vec<Value> {
    let mut values = vec![json!(text)];
    if let Value::String(right) = fine(field)
        && APPENDED.contains(&text)
    {
        values.push(json!(format!("{right}{text}")));
        values.push(json!(format!("{text}{right}")));
    }
    if field == "attachments" {
        let content = "VGhlIGJyaWRnZS4=";
        values.extend([
            json!([{"name": text, "content_base64": content}]),
            json!([{"name": format!("{text}.txt"), "content_base64": content}]),
            json!([{"name": "a.txt", "content_base64": text}]),
            json!([{"name": "a.txt", "url": text}]),
        ]);
    }
    values
}

/// Any of the two databases, looked at past the store.
enum Tables {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::PgConnection),
}

impl Tables {
    async fn names(&mut self) -> Vec<String> {
        let names: Vec<String> = match self {
            Self::Sqlite(connection) => {
                let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
                sqlx::query_scalar(sql).fetch_all(connection).await.unwrap()
            }
            Self::Postgres(connection) => {
                let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
                sqlx::query_scalar(sql).fetch_all(connection).await.unwrap()
            }
        };
        // The trail, and the tables of tries.
        let counts = ["audit_entries", "wrong_tries", "limits"];
        let is_kept = |name: &String| !counts.contains(&name.as_str());
        names.into_iter().filter(is_kept).collect()
    }

    /// How many rows each of these has.
    async fn rows(&mut self, names: &[String]) -> BTreeMap<String, i64> {
        let each = names
            .iter()
            .map(|name| format!("SELECT '{name}' AS name, COUNT(*) AS rows FROM {name}"));
        let sql = AssertSqlSafe(each.collect::<Vec<_>>().join(" UNION ALL "));
        let rows: Vec<(String, i64)> = match self {
            Self::Sqlite(connection) => sqlx::query_as(sql).fetch_all(connection).await,
            Self::Postgres(connection) => sqlx::query_as(sql).fetch_all(connection).await,
        }
        .unwrap();
        rows.into_iter().collect()
    }
}

/// Somebody signed in, or the operator; each call from an address of its own, so that no limit is met.
struct Caller<'a> {
    app: &'a TestContext,
    proof: &'a str,
    user_id: &'a str,
    calls: &'a mut u32,
}

impl Caller<'_> {
    async fn call(&mut self, entry: &Entry, field: &str, value: &Value) -> Answer {
        let mut arguments = Map::new();
        for name in entry.required() {
            arguments.insert(name.clone(), fine(name));
        }
        let mut user_id = None;
        for variable in entry.spec.route.variables() {
            match variable {
                "user_id" => user_id = Some(self.user_id.to_owned()),
                name => drop(arguments.insert(name.to_owned(), fine(name))),
            }
        }
        // The path's own place is no field of the arguments.
        let is_of_the_path = user_id.is_some() && field == "user_id";
        if is_of_the_path {
            user_id = value.as_str().map(str::to_owned);
        } else {
            arguments.insert(field.to_owned(), value.clone());
        }
        *self.calls += 1;
        let [_, high, middle, low] = self.calls.to_be_bytes();
        let address = format!("10.{high}.{middle}.{low}");
        let arguments = Value::Object(arguments);
        self.app
            .call_of(entry, arguments, Some(self.proof), Some(&address), user_id)
            .await
    }
}

/// Every field of an operation, the account's in its path as well.
fn fields(entry: &Entry) -> Vec<String> {
    let properties = entry
        .contract
        .input
        .get("properties")
        .and_then(Value::as_object);
    let named = properties.into_iter().flat_map(|fields| fields.keys());
    let in_the_path = entry.spec.route.variables();
    let mut fields: Vec<String> = named
        .cloned()
        .chain(in_the_path.map(str::to_owned))
        .collect();
    fields.sort();
    fields.dedup();
    fields
}

/// Ada, signed in.
struct Ada {
    user_id: String,
    session: String,
    /// Where she made her account: there she is heard however many wrong passwords strangers gave.
    address: String,
}

impl Ada {
    /// Makes the account and activates it, at the so many'th place.
    async fn enter(app: &TestContext, place: u32) -> Self {
        let [_, high, middle, low] = place.to_be_bytes();
        let address = format!("11.{high}.{middle}.{low}");
        let registered = app.register(ADA, &address).await;
        assert_eq!(registered.status, 201, "{registered:?}");
        let outbox = app.context.settings.data_dir.join("outbox");
        let code = super::support::newest_code(&outbox, ADA).unwrap();
        let arguments = json!({"user_email": ADA, "code": code});
        let key = app.public_key().to_owned();
        let activated = app
            .call("auth_activate", arguments, Some(&key), &address)
            .await;
        Self {
            user_id: activated.data["id"].as_str().unwrap().to_owned(),
            session: bearer(&registered),
            address,
        }
    }

    async fn is_signed_in(&self, app: &TestContext) -> bool {
        let view = app.call("user_view", json!({}), Some(&self.session), "192.0.2.1");
        view.await.data["email"] == ADA
    }

    /// The operator may have ended her sessions or her account, whatever they called themselves: then she comes again.
    async fn come_again(&mut self, app: &TestContext, place: u32) {
        if self.is_signed_in(app).await {
            return;
        }
        let answer = app.sign_in(ADA, PASSWORD, &self.address).await;
        if answer.status == 200 {
            self.session = bearer(&answer);
        } else {
            *self = Self::enter(app, place).await;
        }
    }
}

fn bearer(answer: &Answer) -> String {
    format!("Bearer {}", answer.data["token"].as_str().unwrap())
}

async fn try_everything(app: &TestContext, mut tables: Tables) {
    let mut ada = Ada::enter(app, 0).await;
    let operator = app.private_key().to_owned();

    let names = tables.names().await;
    assert!(names.len() > 15, "{names:?}");
    let mut before = tables.rows(&names).await;
    let (mut calls, mut refused) = (0, 0);
    for entry in ALL.iter() {
        for field in fields(entry) {
            for text in HOSTILE {
                for value in hostile_values(&field, text) {
                    for is_operator in [false, true] {
                        let mut caller = Caller {
                            app,
                            proof: if is_operator { &operator } else { &ada.session },
                            user_id: &ada.user_id,
                            calls: &mut calls,
                        };
                        let answer = caller.call(entry, &field, &value).await;
                        let what = || format!("{} {field}={value}: {answer:?}", entry.spec.tool);
                        assert_ne!(answer.status, 500, "{}", what());
                        let after = tables.rows(&names).await;
                        if answer.status >= 400 {
                            refused += 1;
                            assert_eq!(after, before, "{}", what());
                            continue;
                        }
                        ada.come_again(app, calls).await;
                        before = tables.rows(&names).await;
                    }
                }
            }
        }
    }
    assert!(
        refused > 1_000 && calls > refused,
        "{refused} of {calls} calls refused"
    );
    // Nobody else came out of it than who was named.
    assert!(ada.is_signed_in(app).await);
}

const RICH: [(&str, &str); 2] = [("RATE_LIMIT", "0"), ("SIGNUP_CREDITS", "1000000")];

#[tokio::test]
async fn no_text_is_ever_a_statement_on_sqlite() {
    let app = TestContext::with(&RICH).await;
    let path = app.context.settings.data_dir.join("clara.db");
    let url = format!("sqlite://{}", path.display());
    let tables = sqlx::SqliteConnection::connect(&url).await.unwrap();
    try_everything(&app, Tables::Sqlite(tables)).await;
}

#[tokio::test]
async fn no_text_is_ever_a_statement_on_postgresql() {
    let Some(server) = Server::find().await else {
        let is_required = std::env::var("REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
        assert!(!is_required, "REQUIRE_POSTGRES=1, but none answers");
        eprintln!("no PostgreSQL answers: its app is skipped");
        return;
    };
    let url = server.make_database().await;
    let mut settings = RICH.to_vec();
    settings.extend([
        ("DATABASE_URL", url.as_str()),
        ("SECRET_KEY", "a root secret of this app 0123456789"),
        ("PUBLIC_API_KEY", "public-key-of-this-app-0123456789"),
        ("PRIVATE_API_KEY", "private-key-of-this-app-012345678"),
    ]);
    let app = TestContext::with(&settings).await;
    let tables = sqlx::PgConnection::connect(&url).await.unwrap();
    try_everything(&app, Tables::Postgres(tables)).await;
    app.context.services.store.close().await;
    server.clean_up().await;
}
