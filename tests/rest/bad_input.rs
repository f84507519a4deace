//! Bad input, field by field and byte by byte: each is refused as documented, in the documented order, and named.

use serde_json::{Value, json};

use super::house::{House, PRIVATE, PUBLIC, basic};

const EMPTY: &str = "Request body is empty.";
const UNAUTHENTICATED: &str = "Authorization header or OTP is either missing, invalid or expired.";
const FORBIDDEN: &str = "You do not have access to the requested resource.";

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_body_is_told_so_where_one_is_needed() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    for (method, path, proof) in [
        ("POST", "/auth/register".to_owned(), PUBLIC),
        ("POST", "/auth/google".to_owned(), ""),
        ("POST", "/users/ada@example.org/activate".to_owned(), PUBLIC),
        (
            "PATCH",
            "/users/ada@example.org/password".to_owned(),
            PUBLIC,
        ),
        ("PATCH", ada.at(""), &ada.session),
        ("POST", ada.at("/2fa"), &ada.session),
        ("DELETE", ada.at("/2fa"), &ada.session),
        ("POST", ada.at("/agent/analysis"), &ada.key),
        ("POST", "/stripe/buy".to_owned(), &ada.key),
        ("PUT", ada.at("/credits"), PRIVATE),
    ] {
        let nothing = house.ask(method, &path, proof).await;
        assert_eq!(nothing.data(400, EMPTY), Value::Null, "{method} {path}");
        for empty in ["{}", "null", "  \n"] {
            let answer = house.tell_raw(method, &path, proof, empty).await;
            assert_eq!(
                answer.data(400, EMPTY),
                Value::Null,
                "{method} {path} {empty}"
            );
        }
    }
    let form = reqwest::multipart::Form::new();
    let request = house
        .request("POST", &ada.at("/agent/analysis"), &ada.key)
        .multipart(form);
    // A form without a part is nothing but its end.
    assert_eq!(house.send(request).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_body_is_fine_where_none_is_needed() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    for body in ["", "{}", "null"] {
        let answer = house
            .tell_raw("POST", &ada.at("/api_key"), &ada.session, body)
            .await;
        answer.data(201, "API key reset successfully.");
        let answer = house
            .tell_raw(
                "POST",
                "/auth/session",
                &basic(&ada.email, super::house::PASSWORD),
                body,
            )
            .await;
        answer.data(200, "User logged in successfully.");
    }
    let answer = house
        .tell_raw("GET", &ada.at(""), &ada.session, r#"{"colour": "red"}"#)
        .await;
    assert_eq!(answer.fields(), ["colour"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_object_is_told_so() {
    let house = House::open(&[]);
    let bracket = "[".repeat(100_000);
    let nested = format!(
        "{{\"email\": {}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let keys: Vec<String> = (0..50_000).map(|n| format!("\"k{n}\":1")).collect();
    let keys = format!("{{{}}}", keys.join(","));
    for body in [
        "[]",
        "[{}]",
        "\"text\"",
        "17",
        "true",
        "{",
        "{\"email\": }",
        "{} {}",
        "email=ada",
        r#"{"email": "a@b.org", "email": "c@d.org"}"#,
        r#"{"email": {"a": 1, "a": 2}}"#,
        bracket.as_str(),
        nested.as_str(),
        keys.as_str(),
        "\u{feff}{}",
    ] {
        let answer = house
            .tell_raw("POST", "/auth/register", PUBLIC, body.to_owned())
            .await;
        let shown: String = body.chars().take(40).collect();
        assert_eq!(answer.fields(), ["body"], "{shown}");
        assert!(answer.text.len() < 1_000, "{shown}");
    }
    let broken = house
        .tell_raw(
            "POST",
            "/auth/register",
            PUBLIC,
            b"{\"email\": \"\xff\"}".to_vec(),
        )
        .await;
    assert_eq!(broken.fields(), ["body"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_field_is_named_at_once() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    let new = json!({"first_name": 1, "email": "nobody", "password": "short", "colour": "red"});
    let mut fields = house
        .tell("POST", "/auth/register", PUBLIC, &new)
        .await
        .fields();
    fields.sort();
    assert_eq!(
        fields,
        ["colour", "email", "first_name", "last_name", "password"]
    );
    for forbidden in [
        "id",
        "email",
        "password",
        "credits",
        "is_2fa_enabled",
        "is_active",
        "created_at",
        "updated_at",
        "user_id",
    ] {
        let change = json!({"first_name": "Eve", forbidden: 1});
        let answer = house
            .tell("PATCH", &ada.at(""), &ada.session, &change)
            .await;
        assert_eq!(answer.fields(), [forbidden]);
    }
    let long = "x".repeat(1_000);
    let answer = house
        .tell(
            "PATCH",
            &ada.at(""),
            &ada.session,
            &json!({"first_name": long}),
        )
        .await;
    assert_eq!(answer.fields(), ["first_name"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_has_one_place() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    let path = format!("/users/{}/activate", ada.email);
    let said = json!({"code": "123456", "user_email": "eve@example.org"});
    assert_eq!(
        house.tell("POST", &path, PUBLIC, &said).await.fields(),
        ["user_email"]
    );
    // Passwords and codes stay out of addresses, which stand in logs.
    let answer = house
        .tell(
            "POST",
            &format!("{path}?code=123456"),
            PUBLIC,
            &json!({"code": "123456"}),
        )
        .await;
    assert_eq!(answer.fields(), ["code"]);
    let answer = house
        .ask("GET", &ada.at("/tasks?limit=1&limit=2"), &ada.key)
        .await;
    assert_eq!(answer.fields(), ["limit"]);
    let task = format!("task_{}", "0".repeat(32));
    let answer = house
        .ask(
            "GET",
            &ada.at(&format!("/tasks/{task}?task_id={task}")),
            &ada.key,
        )
        .await;
    assert_eq!(answer.fields(), ["task_id"]);
    let login = basic(&ada.email, super::house::PASSWORD);
    let twice = json!({"email": "eve@example.org", "password": "whatever it is"});
    assert_eq!(
        house
            .tell("POST", "/auth/session", &login, &twice)
            .await
            .fields(),
        ["email"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_read_by_type() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    for (query, fields) in [
        ("limit=abc", vec!["limit"]),
        ("limit=0", vec!["limit"]),
        ("limit=101&offset=-1", vec!["limit", "offset"]),
        ("limit=1.5", vec!["limit"]),
        ("limit=99999999999999999999", vec!["limit"]),
        ("limit=", vec!["limit"]),
        ("limit=true", vec!["limit"]),
        ("page=2", vec!["page"]),
        ("limit=%31%30", vec![]),
        ("limit=100&offset=5", vec![]),
        ("", vec![]),
    ] {
        for list in ["tasks", "transactions"] {
            let answer = house
                .ask("GET", &ada.at(&format!("/{list}?{query}")), &ada.key)
                .await;
            if fields.is_empty() {
                assert_eq!(answer.status, 200, "{query}: {answer:?}");
            } else {
                let mut named = answer.fields();
                named.sort();
                assert_eq!(named, fields, "{query}");
            }
        }
    }
    let task = format!("task_{}", "0".repeat(32));
    for wait in ["56", "-1", "soon"] {
        let path = ada.at(&format!("/tasks/{task}?wait_seconds={wait}"));
        assert_eq!(
            house.ask("GET", &path, &ada.key).await.fields(),
            ["wait_seconds"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_json_in_one_charset_is_read() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    let change = r#"{"last_name": "March"}"#;
    let send = async |content_type: Option<&str>, encoding: Option<&str>| {
        let mut request = house
            .request("PATCH", &ada.at(""), &ada.session)
            .body(change);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if let Some(encoding) = encoding {
            request = request.header("content-encoding", encoding);
        }
        house.send(request).await
    };
    for content_type in [
        None,
        Some("application/json"),
        Some("Application/JSON; charset=UTF-8"),
        Some("application/json;charset=\"utf-8\""),
        Some("application/json; version=1"),
    ] {
        assert_eq!(
            send(content_type, None).await.status,
            200,
            "{content_type:?}"
        );
    }
    assert_eq!(send(None, Some("identity")).await.status, 200);
    let message = "The request's content type is not supported.";
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "application/jsonx",
        "",
    ] {
        let data = send(Some(content_type), None).await.data(415, message);
        assert_eq!(
            data,
            json!({"supported": ["application/json"]}),
            "{content_type}"
        );
    }
    for encoding in ["gzip", "br", "identity, gzip"] {
        let data = send(Some("application/json"), Some(encoding))
            .await
            .data(415, message);
        assert_eq!(data, json!({"supported": ["identity"]}), "{encoding}");
    }
    let path = ada.at("/agent/analysis");
    let request = house
        .request("POST", &path, &ada.key)
        .header("content-type", "text/plain")
        .body("a");
    let data = house.send(request).await.data(415, message);
    assert_eq!(
        data,
        json!({"supported": ["multipart/form-data", "application/json"]})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_checks_come_in_the_documented_order() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    let bob = house.person("bob@example.org").await;
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
        house
            .tell_raw("PATCH", &ada.at(""), proof, bad)
            .await
            .data(401, UNAUTHENTICATED);
    }
    house
        .tell_raw("PATCH", &ada.at(""), &ada.key, bad)
        .await
        .data(401, UNAUTHENTICATED);
    house
        .tell_raw("PATCH", &ada.at(""), &bob.session, bad)
        .await
        .data(403, FORBIDDEN);
    let nobody = format!("/users/user_{}", "0".repeat(32));
    house
        .tell_raw("PATCH", &nobody, &bob.session, bad)
        .await
        .data(403, FORBIDDEN);
    house
        .tell_raw("PATCH", &nobody, PRIVATE, bad)
        .await
        .data(404, "User with the given identifier does not exist.");
    assert_eq!(
        house
            .tell_raw("PATCH", &ada.at(""), &ada.session, bad)
            .await
            .fields(),
        ["body"]
    );
    let unknown = "User with the given identifier does not exist.";
    house
        .tell(
            "POST",
            "/users/nobody@example.org/activate",
            PUBLIC,
            &json!({"code": "123456"}),
        )
        .await
        .data(404, unknown);
    house
        .tell(
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
    house
        .tell(
            "PUT",
            &ada.at("/credits"),
            PRIVATE,
            &json!({"credits": 19.99}),
        )
        .await;
    assert_eq!(
        house
            .tell(
                "POST",
                &ada.at("/agent/analysis"),
                &ada.key,
                &json!({"text": ""})
            )
            .await
            .fields(),
        ["text"]
    );
    let poor = house
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
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    let bob = house.person("bob@example.org").await;
    let started = house
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
    for task in [bobs.clone(), format!("task_{}", "0".repeat(32))] {
        house
            .ask("GET", &ada.at(&format!("/tasks/{task}")), &ada.key)
            .await
            .data(404, missing);
        house
            .ask("DELETE", &ada.at(&format!("/tasks/{task}")), &ada.key)
            .await
            .data(404, missing);
    }
    house
        .ask("GET", &bob.at(&format!("/tasks/{bobs}")), &ada.key)
        .await
        .data(403, FORBIDDEN);
    let entry = format!("transaction_{}", "0".repeat(32));
    house
        .ask("GET", &ada.at(&format!("/transactions/{entry}")), &ada.key)
        .await
        .data(404, "Transaction with the given identifier does not exist.");
    assert_eq!(
        house
            .ask("GET", &ada.at("/tasks/task_1"), &ada.key)
            .await
            .fields(),
        ["task_id"]
    );
    assert_eq!(
        house
            .ask("GET", &ada.at("/tasks/%2e%2e%2f"), &ada.key)
            .await
            .fields(),
        ["task_id"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_a_path_may_be_escaped() {
    let house = House::open(&[]);
    let ada = house.person("ada+news@example.org").await;
    let path = "/users/ada%2Bnews%40example.org/otp/CHANGE_PASSWORD";
    house
        .ask("POST", path, &ada.session)
        .await
        .data(201, "OTP sent successfully.");
    assert_eq!(
        house
            .ask("POST", "/users/ada@example.org/otp/DANCE", PUBLIC)
            .await
            .fields(),
        ["otp_type"]
    );
    assert_eq!(
        house
            .ask("POST", "/users/%ff/otp/ACTIVATION", PUBLIC)
            .await
            .status,
        404
    );
}
