//! `clara admin backup`, and the way back: a copy made while a server works is put into a new data directory, and Clara
//! goes on there with everybody's keys.

use std::process::Stdio;

use serde_json::{Value, json};

use super::super::support::Folder;
use super::super::{run, stderr, stdout};
use super::{ALONE, account, admin, done, trail};

#[tokio::test]
async fn a_copy_made_under_load_is_restored_into_a_new_folder() {
    let folder = Folder::new();
    let ada = account(&folder, "ada@example.org");
    let call = |folder: &Folder, tool: &str, arguments: Value, token: &str| -> Value {
        let settings = [
            &ALONE[..],
            &[("USER_ID", ada.as_str()), ("API_KEY_TOKEN", token)],
        ]
        .concat();
        let output = run(folder, &["call", tool, &arguments.to_string()], &settings);
        serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| json!(stderr(&output)))
    };
    let token = {
        let server = super::super::support::Server::start(&folder, &[("CLARA_WORKERS", "0")]);
        let login = reqwest_login(&server.url).await;
        let url = format!("{}/api/v1/users/{ada}/api_key", server.url);
        let key = client().get(url).bearer_auth(login).send().await.unwrap();
        let key: Value = key.json().await.unwrap();
        key["data"]["token"].as_str().unwrap().to_owned()
    };
    // Processes that write meanwhile, until they are told to stop.
    let writers: Vec<_> = (0..2)
        .map(|_| {
            let mut command = folder.command(&["admin", "credits", &ada, "+1", "--reason", "Load"]);
            command.stdout(Stdio::null());
            let mut many = std::iter::repeat_with(move || command.status().unwrap().success());
            std::thread::spawn(move || many.by_ref().take(20).all(|went_well| went_well))
        })
        .collect();
    let file = folder.parent().join("copy.db");
    let name = file.to_str().unwrap();
    let said = done(&folder, &["backup", name, "--reason", "Nightly"]);
    for words in [
        name,
        "1 accounts",
        "The copy is whole and its books are sound",
        "secrets.json",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    for writer in writers {
        assert!(writer.join().unwrap());
    }
    let again = admin(&folder, &["backup", name]);
    assert!(
        again.code == 2 && again.err.contains("exists"),
        "{}{}",
        again.out,
        again.err
    );
    let acts = trail(&folder).await;
    let backups = acts.iter().filter(|act| act.3["command"] == "backup");
    assert_eq!(backups.count(), 2);

    // As docs/backup.md has it.
    let restored = Folder::new();
    std::fs::create_dir(restored.data()).unwrap();
    std::fs::copy(&file, restored.data().join("clara.db")).unwrap();
    std::fs::copy(
        folder.data().join("secrets.json"),
        restored.data().join("secrets.json"),
    )
    .unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(restored.data(), std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    let doctor = run(&restored, &["doctor"], &ALONE);
    assert!(
        doctor.status.success(),
        "{}{}",
        stdout(&doctor),
        stderr(&doctor)
    );
    assert!(done(&restored, &["ledger", "check"]).contains("The books are sound"));
    let user = call(&restored, "user_view", json!({}), &token);
    assert_eq!(user["data"]["email"], "ada@example.org", "{user}");
    let credits = user["data"]["credits"].as_f64().unwrap();
    assert!((100.0..=140.0).contains(&credits), "{credits}");
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn reqwest_login(url: &str) -> String {
    let asked = client()
        .post(format!("{url}/api/v1/auth/session"))
        .basic_auth("ada@example.org", Some("a long walk by the river"));
    let answer: Value = asked.send().await.unwrap().json().await.unwrap();
    answer["data"]["token"]
        .as_str()
        .expect("a token")
        .to_owned()
}
