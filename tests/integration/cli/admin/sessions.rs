//! `clara admin sessions`: where an account is signed in, ending one or all, and who did it and why.

use serde_json::{Value, json};

use super::super::support::Folder;
use super::super::{run, stdout};
use super::{ALONE, account, done, refused, tamper, trail};

/// Signs in once more; gives the session's token.
fn sign_in(folder: &Folder) -> String {
    let pair = json!({"email": "ada@example.org", "password": "a long walk by the river"});
    let output = run(folder, &["call", "auth_login", &pair.to_string()], &ALONE);
    let envelope: Value = serde_json::from_str(&stdout(&output)).unwrap();
    envelope["data"]["token"].as_str().unwrap().to_owned()
}

/// The table's rows, without its head.
fn rows(table: &str) -> Vec<Vec<&str>> {
    let rows = table.lines().skip(1).take_while(|line| !line.is_empty());
    rows.map(|line| {
        let cells = line.split("  ").map(str::trim);
        cells.filter(|cell| !cell.is_empty()).collect()
    })
    .collect()
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_or_all() {
    let folder = Folder::new();
    let ada = account(&folder, "ada@example.org");
    account(&folder, "bob@example.org");
    sign_in(&folder);
    tamper(
        &folder,
        "UPDATE sessions SET address = '203.0.113.7', face = 'rest' WHERE position = \
         (SELECT MAX(position) FROM sessions)",
    )
    .await;
    let mut table = String::new();
    for named in [ada.as_str(), "ada@example.org"] {
        table = done(&folder, &["sessions", named, "--reason", "Look"]);
        let (event, whose, _, details) = trail(&folder).await.remove(0);
        assert_eq!(
            (event.as_str(), whose.as_deref()),
            ("operator_acted", Some(ada.as_str()))
        );
        let asked = json!({"limit": 20, "offset": 0});
        let expected = json!({"command": "sessions", "asked": asked, "operator": "margaret", "reason": "Look"});
        assert_eq!(details, expected);
    }
    let listed = rows(&table);
    assert_eq!(listed.len(), 2, "{table}");
    assert_eq!(listed[0][3..], ["rest", "203.0.113.7"]);
    assert_eq!(listed[1][3..], ["terminal", "-"]);
    assert!(table.ends_with("2 of 2 sessions\n"), "{table}");

    let one = listed[0][0];
    let end = |which: &str| {
        let arguments = [
            "sessions",
            "ada@example.org",
            "--end",
            which,
            "--as",
            "grace",
            "--reason",
            "Stolen",
        ];
        done(&folder, &arguments)
    };
    assert_eq!(end(one), "Session ended successfully.\n");
    let details = trail(&folder).await.remove(0).3;
    let expected = json!({"sessions": one, "operator": "grace", "reason": "Stolen"});
    assert_eq!(details, expected);
    let left = done(&folder, &["sessions", &ada, "--json", "--reason", "Look"]);
    let left: Value = serde_json::from_str(&left).unwrap();
    assert_eq!(
        (
            left["data"].as_array().unwrap().len(),
            &left["data"][0]["id"]
        ),
        (1, &json!(listed[1][0]))
    );
    assert_eq!(left["data"][0]["is_current"], false);
    assert_eq!(end("all"), "Sessions ended successfully.\n");
    let (event, whose, _, details) = trail(&folder).await.remove(0);
    assert_eq!(
        (event.as_str(), whose.as_deref(), &details["sessions"]),
        ("sessions_ended", Some(ada.as_str()), &json!("all"))
    );
    let none = done(&folder, &["sessions", &ada, "--reason", "Look"]);
    assert!(none.ends_with("0 of 0 sessions\n"), "{none}");
    let bobs = done(
        &folder,
        &["sessions", "bob@example.org", "--reason", "Look"],
    );
    assert!(bobs.ends_with("1 of 1 session\n"), "{bobs}");

    for (bad, words) in [
        (&["ada@example.org"][..], "--reason <TEXT>"),
        (&["--reason", "x"], "<USER>"),
        (&["ada", "--reason", "x"], "takes an id such as user_"),
        (
            &["nobody@example.org", "--reason", "x"],
            "User with the given identifier does not exist.",
        ),
        (
            &["ada@example.org", "--end", "1", "--reason", "x"],
            "takes an id such as session_",
        ),
        (
            &["ada@example.org", "--end", "session_1", "--reason", "x"],
            "session_id",
        ),
        (
            &["ada@example.org", "--end", one, "--reason", "x"],
            "Session with the given identifier does not exist.",
        ),
        (
            &["ada@example.org", "--end", "all", "--json", "--reason", "x"],
            "cannot be used with",
        ),
    ] {
        let said = refused(&folder, &[&["sessions"], bad].concat());
        assert!(said.contains(words), "{bad:?}: {said}");
    }
}
