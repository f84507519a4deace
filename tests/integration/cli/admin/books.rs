//! `clara admin transactions`, `ledger check` and `reconcile`: every row comes once, and what is off is told by the exit code.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::process::Stdio;

use serde_json::{Value, json};

use super::super::support::Folder;
use super::super::{run, stderr, stdout};
use super::{ALONE, account, admin, done, refused, tamper, trail};

/// As many further entries of one credit each as make an export of three pages.
const MANY: &str = "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 2300) \
     INSERT INTO ledger_entries (id, user_id, direction, amount, fiat, description, cause_kind, cause_id, created_at) \
     SELECT printf('transaction_%032x', number), users.id, 'CREDIT', 100, 1, '=' || number || ', \"quoted\"', 'adjustment', \
         'many_' || number, 1764202211000 FROM numbers, users WHERE users.email_key = 'ada@example.org' ORDER BY number; \
     UPDATE users SET credits = credits + 230000 WHERE email_key = 'ada@example.org'";

fn read(csv_text: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(csv_text.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let fields = [
        "id",
        "user_id",
        "type",
        "description",
        "value_in_credits",
        "value_in_fiat",
        "created_at",
        "updated_at",
    ];
    assert_eq!(header, fields);
    reader.records().map(Result::unwrap).collect()
}

#[tokio::test]
async fn transactions_are_listed_for_people_and_programs() {
    let folder = Folder::new();
    let ada = account(&folder, "ada@example.org");
    account(&folder, "bob@example.org");
    done(&folder, &["credits", &ada, "-0.5", "--reason", "Look"]);
    let table = done(&folder, &["transactions", "--reason", "Look"]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[1].contains(&ada)
            && lines[1].ends_with("-0.5  Admin updated credits from 100 to 99.5."),
        "{table}"
    );
    assert!(
        lines[3].ends_with("+100  Free credits on signup."),
        "{table}"
    );
    assert!(table.ends_with("3 of 3 transactions\n"), "{table}");
    for named in [ada.as_str(), "ada@example.org"] {
        let one = done(
            &folder,
            &[
                "transactions",
                "--user",
                named,
                "--limit",
                "1",
                "--json",
                "--reason",
                "Look",
            ],
        );
        let one: Value = serde_json::from_str(&one).unwrap();
        assert_eq!(one["data"].as_array().unwrap().len(), 1);
        assert_eq!(one["data"][0]["value_in_credits"], json!(0.5));
        let (event, whose, _, details) = trail(&folder).await.remove(0);
        assert_eq!(
            (event.as_str(), whose.as_deref()),
            ("operator_acted", Some(ada.as_str()))
        );
        assert_eq!(details["command"], "transactions");
    }
    let nobody = format!("user_{}", "0".repeat(32));
    for (named, words) in [
        (
            nobody.as_str(),
            "User with the given identifier does not exist.",
        ),
        (
            "nobody@example.org",
            "User with the given identifier does not exist.",
        ),
        ("user_1", "user_id"),
        ("ada", "takes an id such as"),
    ] {
        for form in ["--json", "--csv"] {
            let said = admin(
                &folder,
                &["transactions", "--user", named, form, "--reason", "Look"],
            );
            assert!((said.out + &said.err).contains(words), "{named}");
            assert_eq!(said.code, 2);
        }
    }
    assert!(refused(&folder, &["transactions", "--csv"]).contains("--reason"));
    assert!(
        refused(
            &folder,
            &["transactions", "--csv", "--json", "--reason", "x"]
        )
        .contains("cannot be used with")
    );
}

#[tokio::test]
async fn every_row_is_exported_once_and_no_text_is_a_formula() {
    let folder = Folder::new();
    let ada = account(&folder, "ada@example.org");
    tamper(&folder, MANY).await;
    let export = |more: &[&str]| {
        done(
            &folder,
            &[&["transactions", "--csv", "--reason", "Books"], more].concat(),
        )
    };
    let text = export(&[]);
    assert_eq!(
        text.matches("\r\n").count(),
        2_302,
        "lines end as RFC 4180 has it"
    );
    let rows = read(&text);
    let ids: BTreeSet<&str> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!((rows.len(), ids.len()), (2_301, 2_301));
    let newest: Vec<&str> = rows[0].iter().collect();
    let id = format!("transaction_{:032x}", 2300);
    let date = "Thu, 27 Nov 2025 00:10:11 GMT";
    assert_eq!(
        newest,
        [
            id.as_str(),
            &ada,
            "CREDIT",
            "'=2300, \"quoted\"",
            "1.0",
            "0.01",
            date,
            date
        ]
    );
    assert_eq!(
        &rows[2_300][3], "Free credits on signup.",
        "newest first, oldest last"
    );
    let pages = trail(&folder).await;
    assert_eq!(pages.len(), 3, "each page that was read is written down");
    let last_of_page = format!("transaction_{:032x}", 301);
    assert_eq!(pages[0].3["asked"]["before"], json!(last_of_page));

    let rows_of = |more: &[&str]| read(&export(more)).len();
    assert_eq!(rows_of(&["--limit", "1500", "--offset", "1"]), 1_500);
    assert_eq!(rows_of(&["--limit", "2000"]), 2_000);
    assert_eq!(
        rows_of(&["--user", "ada@example.org", "--offset", "2299"]),
        2
    );
    assert_eq!(
        rows_of(&["--offset", "2301"]),
        0,
        "the header is there all the same"
    );

    // Who reads only the beginning has read enough.
    let command = ["admin", "transactions", "--csv", "--reason", "Books"];
    let mut process = folder
        .command(&command)
        .envs(ALONE)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process
        .stdout
        .take()
        .unwrap()
        .read_exact(&mut [0; 3])
        .unwrap();
    assert!(process.wait().unwrap().success());
}

#[tokio::test]
async fn the_check_proves_the_books_or_lists_what_is_off() {
    let folder = Folder::new();
    let ada = account(&folder, "ada@example.org");
    let line = done(&folder, &["ledger", "check"]);
    assert!(line.starts_with("The books are sound: "), "{line}");
    assert!(
        line.ends_with("Looked at 1 account, 1 entry, 0 tasks and 0 purchases.\n"),
        "{line}"
    );
    assert_eq!(line.lines().count(), 1);
    let details = trail(&folder).await.remove(0).3;
    assert_eq!(
        details,
        json!({"command": "ledger check", "asked": null, "operator": "margaret", "reason": null})
    );

    let refusal = "INSERT INTO stripe_events (id, kind, outcome, created_at, received_at) \
                   SELECT 'evt_1', 'k', 'refused: amount', 1, now FROM database_clock";
    tamper(&folder, refusal).await;
    let said = admin(
        &folder,
        &["ledger", "check", "--reason", "Again", "--as", "grace"],
    );
    let attention =
        "attention: refused: amount: 1 event of Stripe's was refused in the last 30 days: evt_1";
    assert_eq!((said.code, said.out.lines().nth(1)), (0, Some(attention)));
    let doctor = run(&folder, &["doctor"], &ALONE);
    assert!(
        stdout(&doctor).contains("`clara admin ledger check` lists 1 to be seen to"),
        "{}",
        stdout(&doctor)
    );

    tamper(
        &folder,
        "UPDATE users SET credits = credits + 500, owed = 100",
    )
    .await;
    let said = admin(&folder, &["ledger", "check"]);
    let off = format!(
        "off: {ada}: the balance is 105, but the entries add up to 100\n\
         off: {ada}: 1 are owed, but 0 were lent and not repaid\n{attention}\n"
    );
    assert_eq!((said.code, said.out, said.err), (1, off, String::new()));
    let said = admin(&folder, &["ledger", "check", "--json"]);
    let envelope: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        (said.code, &envelope["data"]["is_sound"]),
        (1, &json!(false))
    );
    assert_eq!(envelope["data"]["off"][0]["about"], json!(ada));
    let doctor = run(&folder, &["doctor"], &ALONE);
    assert!(
        stdout(&doctor).contains("2 things in the books are off"),
        "{}",
        stdout(&doctor)
    );
    assert!(!doctor.status.success());
}

#[test]
fn what_the_command_line_does_not_understand_it_explains() {
    let folder = Folder::new();
    for (arguments, words) in [
        (&["admin"][..], "clara admin credits ada@example.org +50"),
        (&["admin", "ledger"], "Prove that the books are sound"),
        (&["admin", "dance"], "unrecognized subcommand 'dance'"),
        (
            &["admin", "ledger", "mend"],
            "unrecognized subcommand 'mend'",
        ),
    ] {
        let output = run(&folder, arguments, &ALONE);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains(words),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
    assert!(!folder.data().exists(), "nothing is opened for it");
    // Settings stand where they do in every other command.
    let elsewhere = folder.parent().join("elsewhere");
    done(
        &folder,
        &["ledger", "check", "--data-dir", elsewhere.to_str().unwrap()],
    );
    assert!(elsewhere.join("clara.db").exists() && !folder.data().exists());
    let words = refused(&folder, &["reconcile"]);
    assert!(words.contains("Stripe is not configured."), "{words}");
}
