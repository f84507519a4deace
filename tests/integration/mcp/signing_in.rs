//! Signing in on a page for a process: where a server stands on the same database the page is offered, and else it is said how
//! to have one.

use rmcp::model::ElicitationAction;
use rmcp::transport::TokioChildProcess;
use serde_json::json;

use super::browser::Browser;
use super::person::{LIFECYCLES, Person};
use super::signing_in_support::{by_page, call, envelope};
use super::support::{Folder, Server, text_of};

pub const ADA: &str = "ada@example.org";
pub const PASSWORD: &str = "correct horse battery";

pub async fn make_account(folder: &Folder) {
    let client = folder.client(&[]).await;
    let person =
        json!({"first_name": "Ada", "last_name": "Marsh", "email": ADA, "password": PASSWORD});
    client.data("auth_register", person).await;
    let activation = json!({"user_email": ADA, "code": folder.code_for(ADA)});
    client.data("auth_activate", activation).await;
    client.close().await;
}

pub fn process(folder: &Folder, settings: &[(&str, &str)]) -> TokioChildProcess {
    let mut command = folder.command(&["stdio"]);
    command.envs(settings.iter().copied());
    TokioChildProcess::new(tokio::process::Command::from(command)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_process_acts_for_whoever_signed_in_on_the_page() {
    let folder = Folder::new();
    make_account(&folder).await;
    let server = Server::start(&folder, &[]);
    for lifecycle in LIFECYCLES {
        for person in [
            Person::who_says(Some(ElicitationAction::Accept)),
            Person::out_of_reach(),
        ] {
            let process = process(&folder, &[("CLARA_PUBLIC_URL", &server.url)]);
            let client = person.sit_down(process, lifecycle()).await;
            let browser = Browser::at(&server.url);
            by_page(&client, &browser, ADA, PASSWORD).await;
            let view = call(&client, "user_view", json!({})).await;
            assert_eq!(envelope(&view)["data"]["email"], ADA);
            client.cancel().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_on_the_same_database_there_is_no_page() {
    let (folder, other) = (Folder::new(), Folder::new());
    let stranger = Server::start(&other, &[]);
    let nobody = "http://127.0.0.1:1";
    for url in ["", nobody, &stranger.url] {
        for tool in ["auth_login", "auth_register", "auth_change_password"] {
            let person = Person::who_says(Some(ElicitationAction::Accept));
            let process = process(&folder, &[("CLARA_PUBLIC_URL", url)]);
            let initialize = LIFECYCLES[0]();
            let client = person.clone().sit_down(process, initialize).await;
            let refused = call(&client, tool, json!({})).await;
            let text = text_of(&refused);
            assert!(text.contains("CLARA_PUBLIC_URL"), "{url} {tool}: {text}");
            assert!(!text.contains("request=") && person.asked.lock().unwrap().is_empty());
            client.cancel().await.unwrap();
        }
    }
}
