//! What an account is for: analyses, what they cost, and the operator who looks after it.

use serde_json::{Value, json};

use super::super::support::app::PRIVATE;
use super::super::support::text_file;
use super::{Account, Walk};

pub async fn analyses(walk: &Walk, account: &Account) {
    let user = format!("/users/{}", account.id);
    let kinds = walk
        .ask(
            "GET",
            &format!("{user}/agent/supported_attachments"),
            &account.key,
            Value::Null,
        )
        .await;
    let kinds = kinds.data(200, "Supported attachments fetched successfully.");
    assert!(
        kinds["document"]
            .as_array()
            .unwrap()
            .contains(&json!("pdf"))
    );

    let evidence = text_file("bridge.txt", "The bridge opened in 1931.");
    let question = json!({"text": "The bridge opened in 1931.", "attachments": [evidence]});
    let path = format!("{user}/agent/analysis");
    let started = walk
        .ask("POST", &path, &account.key, question)
        .await
        .data(201, "Analysis started successfully.");
    assert_eq!(
        (&started["status"], &started["result"]),
        (&json!("PENDING"), &Value::Null)
    );
    let task = format!("{user}/tasks/{}", started["id"].as_str().unwrap());
    let done = walk
        .ask(
            "GET",
            &format!("{task}?wait_seconds=55"),
            &account.key,
            Value::Null,
        )
        .await
        .data(200, "Task fetched successfully.");
    assert_eq!(
        (&done["status"], &done["progress"]),
        (&json!("COMPLETED"), &json!(100))
    );
    assert_eq!(done["result"]["counts"]["supported"], 1, "{done}");
    let (asked, query) = (format!("{task}/search"), json!({"query": "bridge"}));
    let passages = walk.ask("POST", &asked, &account.key, query).await;
    let passages = passages.data(200, "Passages found.");
    assert_eq!(passages[0]["text"], "The bridge opened in 1931.");
    let judgement = json!({
        "claim": "c1",
        "verdict": "supported",
        "quotes": [{"source": "s1", "text": "The bridge opened in 1931."}],
        "rationale": "The file says the same.",
    });
    let judging = json!({"judgements": [judgement], "judged_by": "example-model-1"});
    let asked = format!("{task}/judgements");
    let judged = walk.ask("POST", &asked, &account.key, judging).await;
    judged.data(200, "Judgements recorded.");
    // An ended one stays as it is.
    let cancelled = walk
        .ask("DELETE", &task, &account.key, Value::Null)
        .await
        .data(200, "Task cancelled successfully.");
    assert_eq!(cancelled["status"], "COMPLETED");

    let file = reqwest::multipart::Part::bytes(b"The bridge opened in 1931.".to_vec());
    let form = reqwest::multipart::Form::new().part("bridge.txt", file.file_name("blob"));
    let uploads = format!("{user}/uploads");
    let request = walk.app.request("POST", &uploads, &account.key);
    let stored = walk.app.send(request.multipart(form)).await;
    walk.note("POST", &uploads);
    let stored = stored.data(201, "Upload stored.");
    let upload = format!("{uploads}/{}", stored["id"].as_str().unwrap());
    let upload = walk.ask("GET", &upload, &account.key, Value::Null).await;
    assert_eq!(upload.data(200, "Upload fetched successfully."), stored);

    // Ended, so that no refund comes while its money is counted.
    let form = reqwest::multipart::Form::new()
        .text("text", "The bridge opened in 1931.")
        .text("wait_seconds", "55");
    let request = walk
        .app
        .request("POST", &path, &account.session)
        .multipart(form);
    walk.app
        .send(request)
        .await
        .data(201, "Analysis started successfully.");
    let list = walk
        .ask(
            "GET",
            &format!("{user}/tasks?limit=1&offset=1"),
            &account.key,
            Value::Null,
        )
        .await;
    assert_eq!(list.header("x-total-count"), "2");
    let list = list.data(200, "Tasks fetched successfully.");
    assert_eq!(
        (list.as_array().unwrap().len(), &list[0]["id"]),
        (1, &started["id"])
    );
}

pub async fn money(walk: &Walk, account: &Account) {
    let path = format!("/users/{}/transactions", account.id);
    let list = walk
        .ask(
            "GET",
            &format!("{path}?limit=100"),
            &account.key,
            Value::Null,
        )
        .await;
    let total: usize = list.header("x-total-count").parse().unwrap();
    let list = list.data(200, "Transactions fetched successfully.");
    assert_eq!(list.as_array().unwrap().len(), total);
    let first = list.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&first["type"], &first["description"]),
        (&json!("CREDIT"), &json!("Free credits on signup."))
    );
    let path = format!("{path}/{}", first["id"].as_str().unwrap());
    let one = walk
        .ask("GET", &path, &account.key, Value::Null)
        .await
        .data(200, "Transaction fetched successfully.");
    assert_eq!(&one, first);

    let rate = walk
        .ask("GET", "/stripe/rate", &account.key, Value::Null)
        .await;
    let rate = rate.data(200, "Credits rate fetched successfully. Upper limit and lower limit are in fiat. Rate is in credits per dollar. Any amount beyond the limits will not be credited.");
    assert_eq!(
        rate,
        json!([{"lower_limit": 5, "upper_limit": 10000, "rate": 100, "stripe_price_id": null}])
    );
    let no_stripe = "Stripe is not configured.";
    walk.ask("POST", "/stripe/portal", &account.key, Value::Null)
        .await
        .data(503, no_stripe);
    let buy = json!({"amount": 5, "return_path": "billing"});
    walk.ask("POST", "/stripe/buy", &account.key, buy)
        .await
        .data(503, no_stripe);
    let little = json!({"amount": 4, "return_path": "billing"});
    let little = walk.ask("POST", "/stripe/buy", &account.key, little).await;
    assert_eq!(
        little.data(404, "No credits rate found for the given amount."),
        json!({"lower_limit": 5, "upper_limit": 10000})
    );
    walk.ask("POST", "/stripe/settle", "", json!({"id": "evt_1"}))
        .await
        .data(503, no_stripe);
}

pub async fn operators(walk: &Walk, account: &Account) {
    let user = format!("/users/{}", account.id);
    let list = walk.ask("GET", "/users", PRIVATE, Value::Null).await;
    assert_eq!(list.header("x-total-count"), "1");
    assert_eq!(
        list.data(200, "Users fetched successfully.")[0]["id"],
        account.id.as_str()
    );
    let set = walk
        .ask(
            "PUT",
            &format!("{user}/credits"),
            PRIVATE,
            json!({"credits": 12.5}),
        )
        .await;
    assert_eq!(
        set.data(200, "User's credits updated successfully.")["credits"],
        12.5
    );
    let changed = walk
        .ask(
            "PATCH",
            &format!("{user}/credits"),
            PRIVATE,
            json!({"change": -2.5}),
        )
        .await
        .data(200, "User's credits changed successfully.");
    assert_eq!(
        (&changed["before"], &changed["after"]),
        (&json!(12.5), &json!(10.0))
    );
    let entries = walk.ask("GET", "/transactions", PRIVATE, Value::Null).await;
    let entries = entries.data(200, "Transactions fetched successfully.");
    assert_eq!(entries[0]["id"], changed["transaction_id"]);
    let trail = walk.ask("GET", "/audit", PRIVATE, Value::Null).await;
    let trail = trail.data(200, "Audit trail fetched successfully.");
    assert_eq!(trail[0]["event"], "operator_acted");
    let checked = walk.ask("GET", "/ledger/check", PRIVATE, Value::Null).await;
    let checked = checked.data(200, "Ledger checked successfully.");
    assert_eq!(checked["is_sound"], true);
    walk.ask("POST", "/stripe/reconcile", PRIVATE, Value::Null)
        .await
        .data(503, "Stripe is not configured.");
    let sessions = format!("{user}/sessions");
    let listed = walk.ask("GET", &sessions, PRIVATE, Value::Null).await;
    let listed = listed.data(200, "Sessions fetched successfully.");
    let session = format!("{sessions}/{}", listed[0]["id"].as_str().unwrap());
    let export = format!("{user}/export");
    let exported = walk.ask("POST", &export, PRIVATE, Value::Null).await;
    let exported = exported.data(200, "User exported successfully.");
    assert_eq!(exported["profile"]["id"], account.id.as_str());
    let factor = format!("{user}/second_factor");
    for ended in [session, sessions, factor] {
        let ended = walk.ask("DELETE", &ended, PRIVATE, Value::Null).await;
        assert_eq!((ended.status, ended.text.as_str()), (204, ""));
    }
    let gone = walk.ask("DELETE", &user, PRIVATE, Value::Null).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(
        walk.ask("GET", &user, &account.session, Value::Null)
            .await
            .status,
        401
    );
    walk.ask("GET", &user, PRIVATE, Value::Null)
        .await
        .data(404, "User with the given identifier does not exist.");
}
