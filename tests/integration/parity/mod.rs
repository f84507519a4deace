//! One table of cases through every face: the same question gets the same envelope, whichever door it came in by.
//! Identifiers, times and tokens are masked; nothing else is.

mod cases;
mod doors;
mod mask;

use clara_test_support as support;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use cases::{EMAIL, PASSWORD};
use doors::{Account, Rest};
use support::{Folder, Server};

const PUBLIC: &str = "public-key-of-this-test-0123456789";

#[tokio::test(flavor = "multi_thread")]
async fn every_face_gives_the_same_envelope() {
    let folder = Folder::new();
    let settings = [
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        (
            "CLARA_PRIVATE_API_KEY",
            "private-key-of-this-test-012345678",
        ),
        ("CLARA_SIGNUP_CREDITS", "1000"),
    ];
    let server = Server::start(&folder, &settings);
    let account = account(&folder, &server).await;
    let rest = Rest::new(&server, &account);
    let first = rest.analysis().await;
    let entry = rest.newest_transaction().await;
    let table = cases::cases(&first, &entry);

    let mut answers: BTreeMap<&str, Vec<(String, Value)>> = BTreeMap::new();
    let doors = doors::all(&folder, &server, &account).await;
    // Case by case, so that what one door changes is there for all when the next case looks.
    for case in &table {
        for door in &doors {
            let envelope = door.call(case).await;
            answers
                .entry(case.name)
                .or_default()
                .push((door.name().to_owned(), mask::masked(envelope)));
        }
    }
    for door in doors {
        door.close().await;
    }
    let mut differing = Vec::new();
    for (case, answers) in &answers {
        let (first_door, expected) = &answers[0];
        for (door, answer) in &answers[1..] {
            if answer != expected {
                differing.push(format!(
                    "{case}:\n  {first_door}: {expected}\n  {door}: {answer}"
                ));
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert_eq!(
        answers.values().map(Vec::len).min(),
        Some(5),
        "five doors, every case"
    );
}

/// An active account with a key, made over REST.
async fn account(folder: &Folder, server: &Server) -> Account {
    let person =
        json!({"first_name": "Ada", "last_name": "Marsh", "email": EMAIL, "password": PASSWORD});
    let registered =
        doors::send(server, "POST", "/auth/register", Some(PUBLIC), Some(person)).await;
    assert_eq!(registered["status"], "success", "{registered}");
    let token = format!("Bearer {}", registered["data"]["token"].as_str().unwrap());
    let code = json!({"code": folder.code_for(EMAIL)});
    let path = format!("/users/{EMAIL}/activate");
    let activated = doors::send(server, "POST", &path, Some(PUBLIC), Some(code)).await;
    assert_eq!(activated["status"], "success", "{activated}");
    let user_id = activated["data"]["id"].as_str().unwrap().to_owned();
    let path = format!("/users/{user_id}/api_key");
    let key = doors::send(server, "GET", &path, Some(&token), None).await;
    Account {
        user_id,
        api_key: key["data"]["token"].as_str().unwrap().to_owned(),
        public_key: PUBLIC.to_owned(),
    }
}
