//! Dropping files for a process: where a server stands on the same database there is a page, and else paths are named.

use rmcp::model::ElicitationAction;
use rmcp::transport::TokioChildProcess;
use serde_json::json;

use super::person::{LIFECYCLES, Person};
use super::signing_in::{ADA, PASSWORD, make_account, process};
use super::signing_in_support::{call, envelope};
use super::support::dropping::asked_link;
use super::support::{Folder, Server, text_of};

/// What a call that asks for files comes to, by whoever signed in.
async fn asked(person: &Person, process: TokioChildProcess, signs_in: bool) -> String {
    let client = person.clone().sit_down(process, LIFECYCLES[0]()).await;
    if signs_in {
        let pair = json!({"email": ADA, "password": PASSWORD});
        let signed_in = call(&client, "auth_login", pair).await;
        assert_eq!(envelope(&signed_in)["status"], "success");
    }
    let arguments = json!({"text": "The bridge opened in 1931.", "ask_for_files": true});
    let refused = call(&client, "agent_analysis", arguments).await;
    client.cancel().await.unwrap();
    text_of(&refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_offers_the_page_of_its_server() {
    let folder = Folder::new();
    make_account(&folder).await;
    let server = Server::start(&folder, &[]);
    let person = Person::who_says(Some(ElicitationAction::Decline));
    let process = process(&folder, &[("CLARA_PUBLIC_URL", &server.url)]);
    let text = asked(&person, process, true).await;
    assert!(text.contains("declined"), "{text}");
    asked_link(&person);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_without_a_page_names_paths() {
    let (folder, other) = (Folder::new(), Folder::new());
    make_account(&folder).await;
    let stranger = Server::start(&other, &[]);
    for (url, signs_in, words) in [
        ("", true, "none is served here"),
        ("http://127.0.0.1:1", true, "CLARA_PUBLIC_URL"),
        (&stranger.url, true, "CLARA_PUBLIC_URL"),
        (&stranger.url, false, "acts for the local one"),
    ] {
        let person = Person::who_says(Some(ElicitationAction::Accept));
        let process = process(&folder, &[("CLARA_PUBLIC_URL", url)]);
        let text = asked(&person, process, signs_in).await;
        assert!(text.contains(words), "{url}: {text}");
        assert!(text.contains("attachments[].path"), "{text}");
        assert!(person.asked.lock().unwrap().is_empty());
    }
}
