//! The secret key is changed under a real server: what goes on while the old one is accepted, and what ends with it.

use serde_json::json;

use super::rest::{PUBLIC, account, ask, data};
use super::second_factor::{confirm, library, offer, sign_in};
use super::support::{Folder, Server};

const OLD: (&str, &str) = (
    "CLARA_SECRET_KEY",
    "the old key, of thirty-two bytes or more",
);
const NEW: (&str, &str) = (
    "CLARA_SECRET_KEY",
    "the new key, of thirty-two bytes or more",
);
const PREVIOUS: (&str, &str) = ("CLARA_SECRET_KEY_PREVIOUS", OLD.1);
const FRONT_END: (&str, &str) = ("CLARA_PUBLIC_API_KEY", PUBLIC);

/// What the doctor says of the secret key, and whether it found all in order.
fn doctor(folder: &Folder, settings: &[(&str, &str)]) -> (String, bool) {
    let mut command = folder.command(&["doctor"]);
    let output = command.envs(settings.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find(|line| line.contains("secret key"));
    (line.unwrap_or_default().to_owned(), output.status.success())
}

async fn works(server: &Server, path: &str, proof: &str) -> bool {
    ask(server, "GET", path, proof, None).await.0 == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_key_ends_nothing_until_the_old_one_is_retired() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[FRONT_END, OLD]);
    let account = account(&folder, &server).await;
    let address = offer(&server, &account).await;
    let code_of = library(&address);
    let (step, recovery) = confirm(&server, &account, &code_of).await;
    drop(server);
    assert_eq!(doctor(&folder, &[OLD]), (String::new(), true));

    let both = [FRONT_END, NEW, PREVIOUS];
    let (line, _) = doctor(&folder, &both);
    assert!(line.contains("1 of 1 seeds"), "{line}");
    let server = Server::start(&folder, &both);
    assert!(works(&server, &account.path, &account.session).await);
    assert!(works(&server, &account.path, &account.key()).await);
    let (status, signed_in) = sign_in(&server, Some(&code_of(step + 1))).await;
    assert_eq!(status, 200, "{signed_in}");
    let newer = format!("Bearer {}", signed_in["data"]["token"].as_str().unwrap());
    drop(server);
    let (line, is_well) = doctor(&folder, &both);
    assert!(line.contains("0 of 1 seeds") && is_well, "{line}");

    let server = Server::start(&folder, &[FRONT_END, NEW]);
    assert!(!works(&server, &account.path, &account.session).await);
    assert!(!works(&server, &account.path, &account.key()).await);
    assert!(works(&server, &account.path, &newer).await);
    let (status, signed_in) = sign_in(&server, Some(&code_of(step + 2))).await;
    assert_eq!(status, 200, "{signed_in}");
    let newest = format!("Bearer {}", signed_in["data"]["token"].as_str().unwrap());
    // The key's row outlived the old secret: its token is made anew.
    let key = data(
        &server,
        "GET",
        &format!("{}/api_key", account.path),
        &newest,
        None,
    )
    .await;
    let key = format!("Bearer {}", key["token"].as_str().unwrap());
    assert_ne!(key, account.key());
    assert!(works(&server, &account.path, &key).await);
    drop(server);

    // Under a key that never knew the seed, the recovery codes are the way in, and the doctor says what is wrong.
    let stranger = [
        FRONT_END,
        (
            "CLARA_SECRET_KEY",
            "a third key, of thirty-two bytes or more",
        ),
    ];
    let (line, is_well) = doctor(&folder, &stranger);
    assert!(
        line.contains("BROKEN") && line.contains("recovery codes") && !is_well,
        "{line}"
    );
    let server = Server::start(&folder, &stranger);
    let (status, body) = sign_in(&server, Some(&code_of(step + 2))).await;
    assert_eq!(
        (status, &body["message"]),
        (500, &json!("Something went wrong."))
    );
    assert_eq!(sign_in(&server, Some(&recovery[0])).await.0, 200);
}
