//! Results as frameworks read them: what comes next stands in text and in structured content, and names only what is there.

use rmcp::model::{CallToolResult, ReadResourceRequestParams};
use serde_json::{Value, json};

use super::support::{Client, Folder, text_file, text_of};

const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "a long walk by the river";

/// The advice of a result, which must stand in both places.
fn next_of(result: &CallToolResult) -> String {
    let structured = result.structured_content.as_ref().unwrap();
    let next = structured["next"].as_str().unwrap_or_default().to_owned();
    assert!(text_of(result).contains(&next), "{structured}");
    next
}

fn person() -> Value {
    json!({"first_name": "Ada", "last_name": "Marsh", "email": EMAIL, "password": PASSWORD})
}

fn instructions(client: &Client) -> String {
    let info = client.service.peer_info().unwrap();
    info.instructions.clone().unwrap_or_default()
}

#[tokio::test]
async fn each_step_names_the_next_one() {
    let folder = Folder::new();
    let client = folder.client(&[("CLARA_LOCAL_ACCOUNT", "none")]).await;
    let registered = client.result("auth_register", person()).await;
    let next = next_of(&registered);
    assert!(
        next.contains("in the mail") && next.contains("auth_activate"),
        "{next}"
    );
    let login = json!({"email": EMAIL, "password": PASSWORD});
    let next = next_of(&client.result("auth_login", login.clone()).await);
    assert!(next.contains("not active yet"), "{next}");
    let refused = client.result(
        "auth_activate",
        json!({"user_email": EMAIL, "code": "000001"}),
    );
    let refused = refused.await;
    let next = next_of(&refused);
    assert!(next.contains("auth_send_otp"), "{}", text_of(&refused));
    let activation = json!({"user_email": EMAIL, "code": folder.code_for(EMAIL)});
    let next = next_of(&client.result("auth_activate", activation).await);
    assert!(next.contains("auth_login"), "{next}");
    let next = next_of(&client.result("auth_login", login).await);
    assert!(next.contains("agent_analysis"), "{next}");
    let analysis = json!({"text": "The mill was built in 1904.", "attachments": [text_file("mill.txt", "The mill was built in 1904.")]});
    let next = next_of(&client.result("agent_analysis", analysis).await);
    assert!(
        next.contains("20 credits were spent and 80 are left"),
        "{next}"
    );
    let app = client.result(
        "auth_enable_2fa",
        json!({"method": "app", "password": PASSWORD}),
    );
    let next = next_of(&app.await);
    assert!(
        next.contains("not on yet") && next.contains("first code"),
        "{next}"
    );
}

#[tokio::test]
async fn advice_names_only_offered_tools() {
    let folder = Folder::new();
    let client = folder
        .client(&[
            ("CLARA_TOOLSETS", "agent"),
            ("CLARA_LOCAL_CREDITS", "30"),
            ("CLARA_WORKERS", "0"),
        ])
        .await;
    let told = instructions(&client);
    assert!(
        told.contains("Signed in as local@localhost with 30 credits"),
        "{told}"
    );
    assert!(
        told.contains("agent_analysis") && !told.contains("auth_"),
        "{told}"
    );
    let pending = client.result(
        "agent_analysis",
        json!({"text": "The mill is old.", "wait_seconds": 0}),
    );
    let next = next_of(&pending.await);
    assert!(
        !next.contains("task_view") && next.contains("10 are left"),
        "{next}"
    );
    let refused = client.result("agent_analysis", json!({"text": "The mill is new."}));
    let refused = refused.await;
    assert_eq!(refused.is_error, Some(true));
    assert!(
        !text_of(&refused).contains("stripe_"),
        "{}",
        text_of(&refused)
    );
}

#[tokio::test]
async fn cancelling_an_ended_task_says_so() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let text = "The firm of Marsh & Sons built the mill in 1904.";
    let arguments = json!({"text": text, "attachments": [text_file("mill.txt", text)]});
    let analysed = client.result("agent_analysis", arguments).await;
    let words = text_of(&analysed);
    assert!(
        words.contains("Marsh & Sons") && !words.contains("&amp;"),
        "{words}"
    );
    let task_id = analysed.structured_content.unwrap()["data"]["id"].clone();
    let cancelled = client
        .result("task_cancel", json!({"task_id": task_id}))
        .await;
    let words = text_of(&cancelled);
    assert!(words.starts_with("Task had ended already"), "{words}");
    assert!(!words.contains("Marsh"), "{words}");
    let structured = cancelled.structured_content.unwrap();
    assert_eq!(structured["data"]["status"], "COMPLETED");
    assert!(structured["next"].as_str().unwrap().contains("task_view"));
}

#[tokio::test]
async fn a_list_shows_the_first_words_of_each_text() {
    let folder = Folder::new();
    let client = folder.client(&[("CLARA_WORKERS", "0")]).await;
    let long = "The mill is old.\n".repeat(50);
    for text in ["The firm of Marsh & Sons built\n the mill.", &long] {
        let arguments = json!({"text": text, "wait_seconds": 0});
        client.data("agent_analysis", arguments).await;
    }
    let listed = client.result("task_view_all", json!({})).await;
    let text = text_of(&listed);
    let tasks = listed.structured_content.unwrap()["data"].clone();
    let newest = tasks[0]["title"].as_str().unwrap();
    assert!(newest.starts_with("The mill is old. The mill"), "{newest}");
    assert!(newest.ends_with('…') && newest.len() < 90, "{newest}");
    assert_eq!(
        tasks[1]["title"],
        "The firm of Marsh & Sons built the mill."
    );
    assert!(text.contains("Marsh & Sons built the mill."), "{text}");
    let named = client.service.list_all_resources().await.unwrap();
    let titles: Vec<&str> = named
        .iter()
        .filter_map(|one| one.title.as_deref())
        .collect();
    assert!(titles[1].ends_with("built the mill."), "{titles:?}");
    // The text of a cancelled task is deleted, and its first words with it.
    let cancelled = json!({"task_id": tasks[1]["id"]});
    client.data("task_cancel", cancelled).await;
    let tasks = client.data("task_view_all", json!({})).await;
    assert_eq!(tasks[1]["title"], Value::Null);
}

#[tokio::test]
async fn signed_out_it_is_said_how_to_get_in() {
    let folder = Folder::new();
    let client = folder.client(&[("CLARA_LOCAL_ACCOUNT", "none")]).await;
    let told = instructions(&client);
    assert!(
        told.contains("Nobody is signed in") && told.contains("auth_register"),
        "{told}"
    );
    let uri = format!("clara://tasks/task_{}/report", "0".repeat(32));
    let read = client
        .service
        .read_resource(ReadResourceRequestParams::new(uri));
    let error = read.await.unwrap_err().to_string();
    assert!(
        error.contains("Sign in") && error.contains("auth_login"),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrong_key_is_told_at_once() {
    let folder = Folder::new();
    let client = folder
        .client(&[("CLARA_API_KEY_TOKEN", "clara_api_wrong")])
        .await;
    let told = instructions(&client);
    assert!(
        told.contains("credential of this client is refused"),
        "{told}"
    );
    let tools = client.service.list_all_tools().await.unwrap();
    let login = tools.iter().find(|tool| tool.name == "auth_login").unwrap();
    let words = login.description.as_deref().unwrap();
    assert!(
        words.starts_with("The credential of this client is refused"),
        "{words}"
    );
}

#[tokio::test]
async fn a_client_has_icons_to_show() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let info = client.service.peer_info().unwrap();
    let server = info.server_info.clone().unwrap();
    let mut icons = server.icons.unwrap();
    for tool in client.service.list_all_tools().await.unwrap() {
        icons.extend(
            tool.icons
                .unwrap_or_else(|| panic!("{} has none", tool.name)),
        );
    }
    let inline = icons.iter().all(|icon| icon.src.starts_with("data:image/"));
    assert!(inline, "over stdio there is no address to fetch one from");
}
