//! `clara admin`: what the operator does in the terminal, what is refused, and that each step is in the audit trail with who
//! and why.

use clara::domain::page::Page;
use clara::store::{Store, StoreOptions};
use serde_json::{Value, json};
use sqlx::Connection as _;

use super::support::Folder;
use super::{run, stderr, stdout};

mod audit;
mod backup;
mod books;
mod credits;
mod names;
mod sessions;

/// Nobody is there but whom a test makes.
const ALONE: [(&str, &str); 3] = [
    ("CLARA_LOCAL_ACCOUNT", "none"),
    ("CLARA_WORKERS", "0"),
    ("USER", "margaret"),
];

/// An answer of `clara admin`: its exit code, standard output and standard error.
struct CommandOutput {
    code: i32,
    out: String,
    err: String,
}

fn admin(folder: &Folder, arguments: &[&str]) -> CommandOutput {
    let output = run(folder, &[&["admin"], arguments].concat(), &ALONE);
    CommandOutput {
        code: output.status.code().unwrap(),
        out: stdout(&output),
        err: stderr(&output),
    }
}

/// What must go well.
fn done(folder: &Folder, arguments: &[&str]) -> String {
    let said = admin(folder, arguments);
    assert_eq!(said.code, 0, "{arguments:?}: {}{}", said.out, said.err);
    said.out
}

/// What must be refused, and why it says it is.
fn refused(folder: &Folder, arguments: &[&str]) -> String {
    let said = admin(folder, arguments);
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}");
    said.err
}

/// An active account; gives its id.
fn account(folder: &Folder, email: &str) -> String {
    let call = |tool: &str, arguments: Value| -> Value {
        let output = run(folder, &["call", tool, &arguments.to_string()], &ALONE);
        let envelope: Value = serde_json::from_str(&stdout(&output)).unwrap();
        assert_eq!(envelope["status"], "success", "{envelope}");
        envelope["data"].clone()
    };
    let person = json!({"first_name": "Ada", "last_name": "Marsh", "email": email, "password": "a long walk by the river"});
    let made = call("auth_register", person);
    let code = folder.code_for(email);
    call("auth_activate", json!({"user_email": email, "code": code}));
    made["id"].as_str().unwrap().to_owned()
}

fn database(folder: &Folder) -> String {
    format!("sqlite://{}", folder.data().join("clara.db").display())
}

/// Statements past the store.
async fn tamper(folder: &Folder, sql: &'static str) {
    let mut connection = sqlx::SqliteConnection::connect(&database(folder))
        .await
        .unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// What the operator did, newest first: event, whose, whether it was let through, details.
async fn trail(folder: &Folder) -> Vec<(String, Option<String>, bool, Value)> {
    let store = Store::open(StoreOptions::new(database(folder)))
        .await
        .unwrap();
    let page = Page {
        limit: 1_000,
        offset: 0,
    };
    let rows = store.audit_trail(None, page).await.unwrap();
    store.close().await;
    let acts = rows.into_iter().map(|row| {
        assert!(!row.details.contains('@'), "no address: {}", row.details);
        let details: Value = serde_json::from_str(&row.details).unwrap();
        let whose = row.user_id.map(|id| id.to_string());
        (row.face, (row.event, whose, row.good, details))
    });
    let by_operator =
        acts.filter(|(face, act)| face == "terminal" && act.3.get("operator").is_some());
    by_operator.map(|(_, act)| act).collect()
}

#[tokio::test]
async fn accounts_are_a_table_for_people_and_json_for_programs() {
    let folder = Folder::new();
    let nobody = done(&folder, &["users", "--reason", "A first look"]);
    assert!(
        nobody.ends_with("0 of 0 accounts\n"),
        "no account is made by looking: {nobody}"
    );
    let ada = account(&folder, "ada@example.org");
    let bob = account(&folder, "bob@example.net");
    tamper(
        &folder,
        "UPDATE users SET owed = 350 WHERE email_key = 'bob@example.net'",
    )
    .await;
    let table = done(&folder, &["users", "--reason", "Look"]);
    let lines: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines[0],
        ["id", "address", "credits", "owed", "active", "since"]
    );
    assert_eq!(
        lines[1][..5],
        [bob.as_str(), "bob@example.net", "100", "3.5", "yes"]
    );
    assert_eq!(
        lines[2][..5],
        [ada.as_str(), "ada@example.org", "100", "0", "yes"]
    );
    assert!(table.ends_with("2 of 2 accounts\n"));
    let part = done(
        &folder,
        &["users", "--limit", "1", "--offset", "1", "--reason", "Look"],
    );
    assert!(
        part.contains(&ada) && !part.contains(&bob) && part.ends_with("1 of 2 accounts\n"),
        "{part}"
    );
    let found = [
        "users",
        "--find",
        "EXAMPLE.org",
        "--json",
        "--as",
        "grace",
        "--reason",
        "Ticket 4711",
    ];
    let found: Value = serde_json::from_str(&done(&folder, &found)).unwrap();
    let found = found["data"].as_array().unwrap();
    assert_eq!(
        (found.len(), &found[0]["id"], &found[0]["owed"]),
        (1, &json!(ada), &json!(0.0))
    );

    let trail = trail(&folder).await;
    let asked = json!({"find": true, "limit": 20, "offset": 0});
    let details =
        json!({"command": "users", "asked": asked, "operator": "grace", "reason": "Ticket 4711"});
    assert_eq!(trail[0], ("operator_acted".to_owned(), None, true, details));
    assert_eq!(
        (trail.len(), &trail[3].3["operator"]),
        (4, &json!("margaret"))
    );
    tamper(&folder, "UPDATE users SET owed = 0").await;

    for (bad, words) in [
        (
            ["--limit", "101"],
            "limit must be a whole number from 1 to 100",
        ),
        (["--limit", "x"], "invalid value 'x' for '--limit <ROWS>'"),
        (["--find", ""], "find must be 1 to 254 characters"),
        (["--as", " "], "operator must be 1 to 100 characters"),
        (["--csv", "--json"], "unexpected argument '--csv'"),
    ] {
        let said = refused(
            &folder,
            &[&["users", "--reason", "Look"], &bad[..]].concat(),
        );
        assert!(said.contains(words), "{bad:?}: {said}");
    }
    for (reason, words) in [
        ("for ada@example.org", "reason must not hold a mail address"),
        (
            "two\nlines",
            "reason must be 1 to 300 characters without line breaks",
        ),
        ("", "reason must be 1 to 300 characters"),
    ] {
        let said = refused(&folder, &["users", "--reason", reason]);
        assert!(said.contains(words), "{reason}: {said}");
    }
    assert!(refused(&folder, &["users"]).contains("--reason <TEXT>"));
}
