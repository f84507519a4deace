//! The audit trail over REST: the operator's alone, in parts, as JSON or CSV, and with where each call came from.

use std::collections::BTreeSet;

use serde_json::json;

use super::leaving::export;
use super::support::app::{PRIVATE, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_reads_who_did_what_from_where() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let path = format!("/audit?user_id={}&event=registered&limit=1", ada.id);
    let answer = app.ask("GET", &path, PRIVATE).await;
    let rows = answer.data(200, "Audit trail fetched successfully.");
    assert_eq!(answer.header("x-total-count"), "1");
    let row = &rows[0];
    assert_eq!(
        (&row["user_id"], &row["good"], &row["face"]),
        (&json!(ada.id), &json!(true), &json!("rest"))
    );
    assert!(
        row["address"]
            .as_str()
            .is_some_and(|address| !address.is_empty()),
        "{row}"
    );
    assert!(
        row["request_id"].as_str().is_some_and(|id| !id.is_empty()),
        "{row}"
    );
    let looks = app
        .ask("GET", "/audit?event=operator_acted&operator=grace", PRIVATE)
        .await;
    let looks = looks.data(200, "Audit trail fetched successfully.");
    assert_eq!(looks.as_array().unwrap().len(), 1, "{looks}");
    for proof in [ada.key.as_str(), ada.session.as_str(), ""] {
        assert!(app.ask("GET", "/audit", proof).await.status >= 401);
    }
    let bad = app
        .ask("GET", "/audit?event=Nothing!&limit=0", PRIVATE)
        .await;
    assert_eq!(bad.fields(), ["event", "limit"]);
}

/// A caller may choose the request id of somebody else's call; ours tells the two apart.
#[tokio::test(flavor = "multi_thread")]
async fn our_own_request_id_is_beside_theirs() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let name = json!({"first_name": "Augusta"});
    for _ in 0..2 {
        let request = app.request("PATCH", &ada.at(""), &ada.session);
        let request = request.header("x-request-id", "copied-1").json(&name);
        let answer = app.send(request).await;
        assert_eq!(
            (answer.status, answer.header("x-request-id")),
            (200, "copied-1")
        );
    }
    let path = format!("/audit?user_id={}&event=profile_changed", ada.id);
    let listed = app.ask("GET", &path, PRIVATE).await;
    let listed = listed.data(200, "Audit trail fetched successfully.");
    let exported = export(&app, &ada, PRIVATE, &json!({"reason": "Asked"})).await;
    let exported = exported["audit_entries"].as_array().unwrap();
    let exported = exported
        .iter()
        .filter(|row| row["event"] == "profile_changed");
    for rows in [
        listed.as_array().unwrap().clone(),
        exported.cloned().collect(),
    ] {
        let own: BTreeSet<&str> = rows
            .iter()
            .inspect(|row| assert_eq!(row["request_id"], "copied-1"))
            .map(|row| row["own_request_id"].as_str().unwrap())
            .collect();
        assert_eq!((rows.len(), own.len()), (2, 2), "{rows:?}");
        assert!(!own.contains("copied-1"));
    }
}
