//! `clara admin audit`: the trail as a table for people, as JSON and CSV for programs, of everybody or of one account, living
//! or removed; nothing in it steers the terminal.

use serde_json::{Value, json};

use super::super::support::Folder;
use super::{account, done, refused, tamper, trail};

const FORGED: &str = "INSERT INTO audit_entries (created_at, user_id, event, good, address, face, request_id, details) \
     VALUES (1764202211000, NULL, 'signed_in', FALSE, '=1+1' || char(27) || '[2J' || char(10) || 'x', 'rest', 'r', \
     '{\"n\":\"a, \"}')";

const MANY: &str = "INSERT INTO audit_entries (created_at, user_id, event, good, address, face, request_id, details) \
     WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 2300) \
     SELECT 1764202211000, NULL, 'limit_hit', FALSE, '192.0.2.7', 'rest', 'many_' || number, '{}' FROM numbers";

#[tokio::test]
async fn the_trail_is_listed_for_people_and_programs() {
    let folder = Folder::new();
    let ada = account(&folder, "ada@example.org");
    account(&folder, "bob@example.org");
    let table = done(
        &folder,
        &["audit", "--user", "ADA@example.org", "--reason", "Look"],
    );
    let lines: Vec<&str> = table.lines().collect();
    let heads: Vec<&str> = lines[0]
        .split("  ")
        .map(str::trim)
        .filter(|head| !head.is_empty())
        .collect();
    assert_eq!(
        heads,
        [
            "when (GMT)",
            "what",
            "good",
            "account",
            "by way of",
            "from",
            "details"
        ]
    );
    let what = ["credits_moved", "activated", "registered"];
    for (line, what) in lines[1..4].iter().zip(what) {
        assert!(
            line.contains(what) && line.contains(&ada) && line.contains("terminal"),
            "{table}"
        );
    }
    assert!(table.ends_with("3 of 3 entries\n"), "{table}");

    let asked = [
        "audit",
        "--event",
        "registered",
        "--limit",
        "1",
        "--offset",
        "1",
        "--json",
        "--reason",
        "Look",
    ];
    let found: Value = serde_json::from_str(&done(&folder, &asked)).unwrap();
    let rows = found["data"].as_array().unwrap();
    assert_eq!(
        (rows.len(), &rows[0]["user_id"], &rows[0]["good"]),
        (1, &json!(ada), &json!(true))
    );

    tamper(&folder, FORGED).await;
    let table = done(&folder, &["audit", "--limit", "2", "--reason", "Look"]);
    assert!(
        table.contains("=1+1\u{fffd}[2J\u{fffd}x") && table.contains("  NO  "),
        "{table}"
    );
    assert!(!table.contains('\u{1b}'), "{table}");

    // Each look is in the trail with who and why, and no look is among what it shows.
    let looks = trail(&folder).await;
    assert_eq!((looks.len(), &looks[0].3["command"]), (3, &json!("audit")));
    assert_eq!(looks[2].1.as_deref(), Some(ada.as_str()));

    for (bad, words) in [
        (["--event", "Signed In"], "event must be an event such as"),
        (["--user", "nobody"], "takes an id such as"),
        (["--user", "nobody@example.org"], "does not exist"),
        (
            ["--limit", "1001"],
            "limit must be a whole number from 1 to 1000",
        ),
    ] {
        let said = refused(
            &folder,
            &[&["audit", "--reason", "Look"], &bad[..]].concat(),
        );
        assert!(said.contains(words), "{bad:?}: {said}");
    }
    assert!(refused(&folder, &["audit"]).contains("--reason <TEXT>"));
}

#[tokio::test]
async fn an_export_has_every_row_once_as_csv() {
    let folder = Folder::new();
    account(&folder, "ada@example.org");
    tamper(&folder, MANY).await;
    tamper(&folder, FORGED).await;
    let text = done(&folder, &["audit", "--csv", "--reason", "Look"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<&str> = reader.headers().unwrap().iter().collect();
    let fields = [
        "position",
        "created_at",
        "user_id",
        "event",
        "good",
        "address",
        "face",
        "request_id",
        "own_request_id",
        "details",
    ];
    assert_eq!(header, fields);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    // Every page's look is written after the page: of those, only the later pages know nothing.
    assert_eq!(
        rows.iter().filter(|row| &row[3] == "limit_hit").count(),
        2300
    );
    let positions: std::collections::BTreeSet<&str> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!((positions.len(), rows.len()), (2304, 2304));
    let forged = rows.iter().find(|row| &row[3] == "signed_in").unwrap();
    assert!(
        forged[5].starts_with("'=1+1"),
        "no spreadsheet takes it for a formula"
    );
    let some = [
        "audit",
        "--csv",
        "--event",
        "limit_hit",
        "--limit",
        "1500",
        "--offset",
        "10",
        "--reason",
        "Look",
    ];
    let lines = done(&folder, &some);
    assert_eq!(lines.lines().count(), 1501);
    assert!(lines.contains("many_2290") && !lines.contains("many_2291,"));
}
