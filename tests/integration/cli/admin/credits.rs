//! `clara admin credits`: a balance is set, or moved up or down, once a command however many run at once.

use std::process::Stdio;

use serde_json::{Value, json};

use super::super::support::Folder;
use super::{ALONE, account, done, refused, trail};

#[tokio::test]
async fn a_balance_is_set_or_moved_and_the_trail_says_why() {
    let folder = Folder::new();
    let ada = account(&folder, "ada@example.org");
    let reason = ["--reason", "Ticket 4711"];
    for (whom, amount, says) in [
        (ada.as_str(), "500", "100 → 500 credits (transaction_"),
        ("ada@example.org", "+50", "500 → 550 credits (transaction_"),
        (
            "ADA@Example.org",
            "-20.5",
            "550 → 529.5 credits (transaction_",
        ),
        (&ada, "0", "529.5 → 0 credits (transaction_"),
        (&ada, "0", "0 → 0 credits (nothing changed)"),
        (&ada, "7.25", "0 → 7.25 credits (transaction_"),
    ] {
        let line = done(&folder, &[&["credits", whom, amount], &reason[..]].concat());
        assert!(line.starts_with(&format!("{ada}: {says}")), "{line}");
    }
    let entries = trail(&folder).await;
    let (event, whose, good, details) = &entries[0];
    assert_eq!(
        (event.as_str(), whose.as_deref(), *good),
        ("credits_moved", Some(ada.as_str()), true)
    );
    assert_eq!(
        (&details["operator"], &details["reason"]),
        (&json!("margaret"), &json!("Ticket 4711"))
    );
    assert_eq!(
        (&details["from"], &details["balance"]),
        (&json!(0.0), &json!(7.25))
    );
    assert_eq!(entries.len(), 5, "what changes nothing is no move");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_the_reason_and_moves_nothing() {
    let folder = Folder::new();
    let ada = account(&folder, "ada@example.org");
    let reason = ["--reason", "Ticket 4711"];
    done(&folder, &[&["credits", &ada, "7.25"], &reason[..]].concat());
    let nobody = format!("user_{}", "0".repeat(32));
    for (whom, amount, why) in [
        (
            nobody.as_str(),
            "5",
            "User with the given identifier does not exist.",
        ),
        (
            "nobody@example.org",
            "+5",
            "User with the given identifier does not exist.",
        ),
        (
            "user_1",
            "5",
            "User with the given identifier does not exist.",
        ),
        ("ada", "5", "takes an id such as"),
        (
            &ada,
            "-7.26",
            "change must not take more than there is: the account has 7.25 credits",
        ),
        (&ada, "-1000000000", "the account has 7.25 credits"),
        (
            &ada,
            "1.001",
            "credits must be a number from 0 to 1000000000 with at most two decimals",
        ),
        (&ada, "+0.001", "change must be a number other than 0"),
        (&ada, "-0", "change must be a number other than 0"),
        (
            &ada,
            "99999999999",
            "credits must be a number from 0 to 1000000000",
        ),
        (
            &ada,
            "+1000000000",
            "change must not bring the balance above 1000000000",
        ),
        (&ada, "abc", "takes a number such as"),
        (&ada, "-abc", "unexpected argument"),
        (&ada, "1e3", "takes a number such as"),
    ] {
        let words = refused(&folder, &[&["credits", whom, amount], &reason[..]].concat());
        assert!(words.contains(why), "{whom} {amount}: {words}");
    }
    let words = refused(&folder, &["credits", &ada, "5"]);
    assert!(words.contains("--reason"), "{words}");
    let words = refused(
        &folder,
        &["credits", &ada, "5", "--reason", "as ada@example.org asked"],
    );
    assert!(
        words.contains("reason must not hold a mail address"),
        "{words}"
    );
    let line = done(&folder, &[&["credits", &ada, "7.25"], &reason[..]].concat());
    assert!(
        line.contains("nothing changed"),
        "nothing of all that moved a credit: {line}"
    );
    let refusals = trail(&folder)
        .await
        .into_iter()
        .filter(|(_, _, good, _)| !good)
        .count();
    assert_eq!(
        refusals, 3,
        "what was asked for and cannot be had is written down"
    );
}

#[tokio::test]
async fn two_processes_at_once_both_count() {
    let folder = Folder::new();
    let ada = account(&folder, "ada@example.org");
    let mut running = Vec::new();
    for name in ["grace", "margaret"] {
        let command = [
            "admin", "credits", &ada, "+50", "--as", name, "--reason", "At once",
        ];
        let mut command = folder.command(&command);
        running.push(command.envs(ALONE).stdout(Stdio::null()).spawn().unwrap());
    }
    for mut process in running {
        assert!(process.wait().unwrap().success());
    }
    let line = done(&folder, &["credits", &ada, "+0.01", "--reason", "Look"]);
    assert!(line.contains("200 → 200.01"), "{line}");
    let who: Vec<Value> = trail(&folder)
        .await
        .iter()
        .map(|act| act.3["operator"].clone())
        .collect();
    assert!(
        who.contains(&json!("grace")) && who.contains(&json!("margaret")),
        "{who:?}"
    );
}
