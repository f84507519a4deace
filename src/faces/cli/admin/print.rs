//! How the operator's answers look in a terminal: tables and sentences. Nothing is asked or decided here.

use std::fmt::Write as _;

use serde_json::Value;

use super::super::sanitize;
use crate::operations::dispatch::Answer;

/// Accounts as a table.
pub fn users(answer: &Answer) -> String {
    let row = |user: &Value| {
        vec![
            text(&user["id"]),
            text(&user["email"]),
            number(&user["credits"]),
            number(&user["owed"]),
            if user["is_active"] == true {
                "yes"
            } else {
                "no"
            }
            .to_owned(),
            day(&user["created_at"]).to_owned(),
        ]
    };
    let columns = [
        ("id", Side::Left),
        ("address", Side::Left),
        ("credits", Side::Right),
        ("owed", Side::Right),
        ("active", Side::Left),
        ("since", Side::Left),
    ];
    table(&columns, rows(answer).map(row).collect()) + &of_all(answer, "account")
}

/// Transactions as a table.
pub fn transactions(answer: &Answer) -> String {
    let row = |entry: &Value| {
        let sign = if entry["type"] == "DEBIT" { "-" } else { "+" };
        vec![
            moment(&entry["created_at"]).to_owned(),
            text(&entry["id"]),
            text(&entry["user_id"]),
            format!("{sign}{}", number(&entry["value_in_credits"])),
            text(&entry["description"]),
        ]
    };
    let columns = [
        ("when (GMT)", Side::Left),
        ("id", Side::Left),
        ("account", Side::Left),
        ("credits", Side::Right),
        ("what", Side::Left),
    ];
    table(&columns, rows(answer).map(row).collect()) + &of_all(answer, "transaction")
}

/// Sessions as a table.
pub fn sessions(answer: &Answer) -> String {
    let unknown = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        known => text(known),
    };
    let row = |session: &Value| {
        vec![
            text(&session["id"]),
            moment(&session["created_at"]).to_owned(),
            moment(&session["expires_at"]).to_owned(),
            unknown(&session["face"]),
            unknown(&session["address"]),
        ]
    };
    let columns = [
        ("id", Side::Left),
        ("since (GMT)", Side::Left),
        ("until (GMT)", Side::Left),
        ("through", Side::Left),
        ("from", Side::Left),
    ];
    table(&columns, rows(answer).map(row).collect()) + &of_all(answer, "session")
}

/// What was done, in the answer's own words.
pub fn message(answer: &Answer) -> String {
    answer.message.clone()
}

/// The trail as a table.
pub fn audit(answer: &Answer) -> String {
    let row = |entry: &Value| {
        vec![
            moment(&entry["created_at"]).to_owned(),
            text(&entry["event"]),
            if entry["good"] == true { "yes" } else { "NO" }.to_owned(),
            text(&entry["user_id"]),
            text(&entry["face"]),
            text(&entry["address"]),
            text(&entry["details"]),
        ]
    };
    let columns = [
        ("when (GMT)", Side::Left),
        ("what", Side::Left),
        ("good", Side::Left),
        ("account", Side::Left),
        ("by way of", Side::Left),
        ("from", Side::Left),
        ("details", Side::Left),
    ];
    let shown = rows(answer).count();
    let total = answer.total().unwrap_or_default();
    let entries = if total == 1 { "entry" } else { "entries" };
    table(&columns, rows(answer).map(row).collect()) + &format!("\n{shown} of {total} {entries}\n")
}

/// A balance before and after.
pub fn moved(answer: &Answer) -> String {
    let (before, after) = (
        number(&answer.data["before"]),
        number(&answer.data["after"]),
    );
    let entry = match answer.data["transaction_id"].as_str() {
        Some(id) => format!(" ({id})"),
        None => " (nothing changed)".to_owned(),
    };
    format!(
        "{}: {before} → {after} credits{entry}",
        text(&answer.data["user_id"])
    )
}

/// What the check of the books found.
pub fn check(answer: &Answer) -> String {
    let data = &answer.data;
    let mut lines = String::new();
    if data["is_sound"] == true {
        let _ = writeln!(
            lines,
            "The books are sound: every balance is the sum of its entries and never went below zero, and every debt, task, \
             purchase and payment taken back has the entries it must have. Looked at {}, {}, {} and {}.",
            counted(&data["accounts"], "account", "accounts"),
            counted(&data["entries"], "entry", "entries"),
            counted(&data["tasks"], "task", "tasks"),
            counted(&data["purchases"], "purchase", "purchases"),
        );
    }
    for (mark, list) in [("off", &data["off"]), ("attention", &data["attention"])] {
        for problem in list.as_array().into_iter().flatten() {
            let (about, words) = (text(&problem["about"]), text(&problem["problem"]));
            let _ = writeln!(lines, "{mark}: {about}: {words}");
        }
    }
    lines
}

/// What Stripe was asked, and what came of it.
pub fn reconciled(answer: &Answer) -> String {
    let data = &answer.data;
    let mut line = format!(
        "Asked Stripe about {}: {} settled, {} closed unpaid. {} that had not arrived changed something.",
        counted(&data["looked"], "page", "pages"),
        counted(&data["settled"], "payment", "payments"),
        data["closed"],
        counted(&data["events"], "event", "events"),
    );
    if data["failed"] != 0 {
        let _ = write!(
            line,
            " {} could not be looked at; the next round tries again, and the log says why.",
            data["failed"]
        );
    }
    line
}

/// `1 task`, `2 tasks`.
fn counted(number: &Value, one: &str, many: &str) -> String {
    let word = if *number == 1 { one } else { many };
    format!("{number} {word}")
}

/// How much of the whole list this is.
fn of_all(answer: &Answer, what: &str) -> String {
    let shown = rows(answer).count();
    let total = answer.total().unwrap_or_default();
    let plural = if total == 1 { "" } else { "s" };
    format!("\n{shown} of {total} {what}{plural}\n")
}

fn rows(answer: &Answer) -> impl Iterator<Item = &Value> {
    answer.data.as_array().into_iter().flatten()
}

/// A text in one line that cannot steer the terminal.
fn text(value: &Value) -> String {
    sanitize::text(value.as_str().unwrap_or_default()).replace(['\n', '\t'], "\u{fffd}")
}

/// No more digits than it has.
fn number(value: &Value) -> String {
    value.as_f64().unwrap_or_default().to_string()
}

/// `27 Nov 2025` of `Thu, 27 Nov 2025 00:10:11 GMT`.
fn day(date: &Value) -> &str {
    let date = date.as_str().unwrap_or_default();
    date.get(5..16).unwrap_or(date)
}

/// `27 Nov 2025 00:10:11` of the same.
fn moment(date: &Value) -> &str {
    let date = date.as_str().unwrap_or_default();
    date.get(5..25).unwrap_or(date)
}

/// On which side of its column a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

fn table(columns: &[(&str, Side)], rows: Vec<Vec<String>>) -> String {
    let head = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let lines: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut written = String::new();
    for line in &lines {
        let cells = line.iter().zip(columns).zip(&widths);
        let cells: Vec<String> = cells
            .map(|((cell, (_, side)), width)| match side {
                Side::Left => format!("{cell:<width$}"),
                Side::Right => format!("{cell:>width$}"),
            })
            .collect();
        let _ = writeln!(written, "{}", cells.join("  ").trim_end());
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::dispatch::Completed;
    use serde_json::json;

    fn answer(data: Value) -> Answer {
        let completed = Completed {
            total: Some(2),
            ..Completed::default()
        };
        Answer {
            outcome: Ok(completed),
            ..Answer::success(200, "", data)
        }
    }

    #[test]
    fn columns_stand_under_each_other_and_nothing_steers_the_terminal() {
        let listed = users(&answer(json!([
            {"id": "user_1", "email": "ada@example.org", "credits": 12.5, "owed": 0.0, "is_active": true,
             "created_at": "Thu, 27 Nov 2025 00:10:11 GMT"},
            {"id": "user_22", "email": "b\u{1b}[2J@example.org", "credits": 1000.0, "owed": 3.25, "is_active": false,
             "created_at": "Fri, 28 Nov 2025 00:10:11 GMT"},
        ])));
        let expected = "\
id       address            credits  owed  active  since
user_1   ada@example.org       12.5     0  yes     27 Nov 2025
user_22  b\u{fffd}[2J@example.org     1000  3.25  no      28 Nov 2025

2 of 2 accounts
";
        assert_eq!(listed, expected);
    }

    #[test]
    fn a_check_says_what_was_proved_or_what_is_off() {
        let size = json!({"is_sound": true, "accounts": 1, "entries": 2, "tasks": 0, "purchases": 1, "off": [], "attention": []});
        let sound = check(&answer(size));
        assert!(
            sound.ends_with("Looked at 1 account, 2 entries, 0 tasks and 1 purchase.\n"),
            "{sound}"
        );
        assert_eq!(sound.lines().count(), 1);
        let off = json!({"is_sound": false, "off": [{"about": "user_1", "problem": "the balance is 1"}],
            "attention": [{"about": "refused: amount", "problem": "1 event"}]});
        assert_eq!(
            check(&answer(off)),
            "off: user_1: the balance is 1\nattention: refused: amount: 1 event\n"
        );
    }
}
