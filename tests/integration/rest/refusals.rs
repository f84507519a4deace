//! Who is refused what, in which order, and that another's things look like none.

use serde_json::json;

use super::support::app::{PRIVATE, PUBLIC, TestApp};

const UNAUTHENTICATED: &str = "Authorization header or OTP is either missing, invalid or expired.";
const FORBIDDEN: &str = "You do not have access to the requested resource.";

#[tokio::test(flavor = "multi_thread")]
async fn the_checks_come_in_the_documented_order() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let bad = "][";
    // Credential before whose path, that before what it names, that before the body, and the body before its fields.
    for proof in [
        "",
        "Bearer nonsense",
        "Bearer clara_user_x.y.z",
        "nonsense",
        "Basic !!",
        PUBLIC,
    ] {
        app.tell_raw("PATCH", &ada.at(""), proof, bad)
            .await
            .data(401, UNAUTHENTICATED);
    }
    app.tell_raw("PATCH", &ada.at(""), &ada.key, bad)
        .await
        .data(401, UNAUTHENTICATED);
    app.tell_raw("PATCH", &ada.at(""), &bob.session, bad)
        .await
        .data(403, FORBIDDEN);
    let nobody = format!("/users/user_{}", "0".repeat(32));
    app.tell_raw("PATCH", &nobody, &bob.session, bad)
        .await
        .data(403, FORBIDDEN);
    app.tell_raw("PATCH", &nobody, PRIVATE, bad)
        .await
        .data(404, "User with the given identifier does not exist.");
    assert_eq!(
        app.tell_raw("PATCH", &ada.at(""), &ada.session, bad)
            .await
            .fields(),
        ["body"]
    );
    let unknown = "User with the given identifier does not exist.";
    app.tell(
        "POST",
        "/users/nobody@example.org/activate",
        PUBLIC,
        &json!({"code": "123456"}),
    )
    .await
    .data(404, unknown);
    app.tell(
        "POST",
        "/users/bob@example.org/activate",
        PUBLIC,
        &json!({"code": "12"}),
    )
    .await
    .data(
        400,
        "One or more required parameters are either not given or have invalid schema.",
    );
    // Credits come after fields.
    app.tell(
        "PUT",
        &ada.at("/credits"),
        PRIVATE,
        &json!({"credits": 19.99}),
    )
    .await;
    assert_eq!(
        app.tell(
            "POST",
            &ada.at("/agent/analysis"),
            &ada.key,
            &json!({"text": ""})
        )
        .await
        .fields(),
        ["text"]
    );
    let poor = app
        .tell(
            "POST",
            &ada.at("/agent/analysis"),
            &ada.key,
            &json!({"text": "It rained."}),
        )
        .await;
    let poor = poor.data(
        403,
        "You do not have enough credits to perform this action.",
    );
    assert_eq!(poor, json!({"credits": 19.99, "required": 20.0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_and_what_is_anothers_look_alike() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let started = app
        .tell(
            "POST",
            &bob.at("/agent/analysis"),
            &bob.key,
            &json!({"text": "It rained."}),
        )
        .await;
    let bobs = started.data(201, "Analysis started successfully.")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let missing = "Task with the given identifier does not exist.";
    let judging = json!({
        "judgements": [{"claim": "c1", "verdict": "not_enough_evidence", "rationale": "Nobody says so."}],
        "judged_by": "example-model-1",
    });
    let query = json!({"query": "rain"});
    for task in [bobs.clone(), format!("task_{}", "0".repeat(32))] {
        app.ask("GET", &ada.at(&format!("/tasks/{task}")), &ada.key)
            .await
            .data(404, missing);
        app.ask("DELETE", &ada.at(&format!("/tasks/{task}")), &ada.key)
            .await
            .data(404, missing);
        let path = ada.at(&format!("/tasks/{task}/search"));
        let found = app.tell("POST", &path, &ada.key, &query).await;
        found.data(404, missing);
        let path = ada.at(&format!("/tasks/{task}/judgements"));
        let judged = app.tell("POST", &path, &ada.key, &judging).await;
        judged.data(404, missing);
    }
    let path = |rest: &str| bob.at(&format!("/tasks/{bobs}{rest}"));
    let asked = app.ask("GET", &path(""), &ada.key).await;
    asked.data(403, FORBIDDEN);
    let found = app.tell("POST", &path("/search"), &ada.key, &query).await;
    found.data(403, FORBIDDEN);
    let judgements = path("/judgements");
    let judged = app.tell("POST", &judgements, &ada.key, &judging).await;
    judged.data(403, FORBIDDEN);
    let entry = format!("transaction_{}", "0".repeat(32));
    app.ask("GET", &ada.at(&format!("/transactions/{entry}")), &ada.key)
        .await
        .data(404, "Transaction with the given identifier does not exist.");
    assert_eq!(
        app.ask("GET", &ada.at("/tasks/task_1"), &ada.key)
            .await
            .fields(),
        ["task_id"]
    );
    assert_eq!(
        app.ask("GET", &ada.at("/tasks/%2e%2e%2f"), &ada.key)
            .await
            .fields(),
        ["task_id"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_a_path_may_be_escaped() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada+news@example.org").await;
    let path = "/users/ada%2Bnews%40example.org/otp/CHANGE_PASSWORD";
    app.ask("POST", path, &ada.session)
        .await
        .data(201, "OTP sent successfully.");
    assert_eq!(
        app.ask("POST", "/users/ada@example.org/otp/DANCE", PUBLIC)
            .await
            .fields(),
        ["otp_type"]
    );
    assert_eq!(
        app.ask("POST", "/users/%ff/otp/ACTIVATION", PUBLIC)
            .await
            .status,
        404
    );
}
