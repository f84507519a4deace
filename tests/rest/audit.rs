//! The audit trail over REST: the operator's alone, in parts, as JSON or CSV, and with where each call came from.

use serde_json::json;

use super::house::{House, PRIVATE};

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_reads_who_did_what_from_where() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    let path = format!("/audit?user_id={}&event=registered&limit=1", ada.id);
    let answer = house.ask("GET", &path, PRIVATE).await;
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
    let looks = house
        .ask("GET", "/audit?event=operator_acted&operator=grace", PRIVATE)
        .await;
    let looks = looks.data(200, "Audit trail fetched successfully.");
    assert_eq!(looks.as_array().unwrap().len(), 1, "{looks}");
    for proof in [ada.key.as_str(), ada.session.as_str(), ""] {
        assert!(house.ask("GET", "/audit", proof).await.status >= 401);
    }
    let bad = house
        .ask("GET", "/audit?event=Nothing!&limit=0", PRIVATE)
        .await;
    assert_eq!(bad.fields(), ["event", "limit"]);
}
