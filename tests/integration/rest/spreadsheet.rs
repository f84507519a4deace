//! Lists as CSV: for whoever asks for it, with the same rows, the same total and the same refusals as JSON.

use serde_json::{Value, json};

use super::support::app::{PRIVATE, Reply, TestApp};

const HEADER: [&str; 8] = [
    "id",
    "user_id",
    "type",
    "description",
    "value_in_credits",
    "value_in_fiat",
    "created_at",
    "updated_at",
];

/// The rows, each value as the text it is in the table.
fn rows(reply: &Reply) -> (Vec<String>, Vec<Vec<String>>) {
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    let mut reader = csv::Reader::from_reader(reply.text.as_bytes());
    let words = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let header = words(reader.headers().unwrap());
    let rows = reader.records().map(|record| words(&record.unwrap()));
    (header, rows.collect())
}

fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_and_the_operator_get_their_lists_as_csv() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    app.account("bob@example.org").await;
    let body = json!({"credits": 12.34});
    app.tell("PUT", &ada.at("/credits"), PRIVATE, &body)
        .await
        .data(200, "User's credits updated successfully.");
    for (path, proof, total) in [
        (ada.at("/transactions"), ada.key.as_str(), "2"),
        (ada.at("/transactions?limit=1&offset=1"), &ada.session, "2"),
        ("/transactions".to_owned(), PRIVATE, "3"),
        (format!("/transactions?user_id={}", ada.id), PRIVATE, "2"),
    ] {
        let table = app.accepting(&path, proof, "text/csv").await;
        let file = "attachment; filename=\"transactions.csv\"";
        assert_eq!(table.header("content-disposition"), file);
        assert_eq!(table.header("x-total-count"), total, "{path}");
        let (header, table) = rows(&table);
        assert_eq!(header, HEADER);
        let list = app.ask("GET", &path, proof).await;
        let list = list.data(200, "Transactions fetched successfully.");
        let expected: Vec<Vec<String>> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|row| HEADER.map(|field| as_text(&row[field])).to_vec())
            .collect();
        assert!(!expected.is_empty());
        assert_eq!(table, expected, "{path}");
    }
    let users = app
        .accepting("/users?with_owed=true", PRIVATE, "text/csv")
        .await;
    assert_eq!(
        users.header("content-disposition"),
        "attachment; filename=\"users.csv\""
    );
    let (header, users) = rows(&users);
    assert_eq!(
        (header.last().map(String::as_str), users.len()),
        (Some("owed"), 2)
    );
    let empty = app
        .accepting("/transactions?offset=9", PRIVATE, "text/csv")
        .await;
    assert_eq!(empty.text, HEADER.join(",") + "\r\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_anything_gets_json_and_refusals_are_json_always() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let path = ada.at("/transactions");
    for accept in [
        "*/*",
        "application/json",
        "text/csv;q=0",
        "text/csv;q=0.1, application/json",
    ] {
        let answer = app.accepting(&path, &ada.key, accept).await;
        answer.data(200, "Transactions fetched successfully.");
        assert_eq!(answer.header("content-disposition"), "");
    }
    for accept in ["text/csv, */*;q=0.5", "TEXT/CSV;header=present"] {
        rows(&app.accepting(&path, &ada.key, accept).await);
    }
    let bad = app
        .accepting(&ada.at("/transactions?limit=101"), &ada.key, "text/csv")
        .await;
    assert_eq!(bad.fields(), ["limit"]);
    let unauthenticated = "Authorization header or OTP is either missing, invalid or expired.";
    app.accepting(&path, "", "text/csv")
        .await
        .data(401, unauthenticated);
    // What is no list of plain rows stays what it is.
    app.accepting(&ada.at(""), &ada.key, "text/csv")
        .await
        .data(200, "User fetched successfully.");
    app.accepting(&ada.at("/tasks"), &ada.key, "text/csv")
        .await
        .data(200, "Tasks fetched successfully.");
}
