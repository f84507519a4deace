//! What is wrong with an input is said by name, nothing is stored, no credit is taken, and the server goes on.

use base64::Engine as _;
use serde_json::{Value, json};

use super::support::{Client, Folder, text_file};

async fn balance(client: &Client) -> Value {
    client.data("user_view", json!({})).await["credits"].clone()
}

fn problems(details: &Value) -> Vec<(String, String)> {
    let errors = details["errors"].as_array().cloned().unwrap_or_default();
    errors
        .iter()
        .map(|e| {
            (
                e["field"].as_str().unwrap().to_owned(),
                e["problem"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[tokio::test]
async fn an_analysis_with_bad_arguments_costs_nothing() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let before = balance(&client).await;
    let file = |name: &str| text_file(name, "The bridge opened in 1931.");
    let outside = folder.parent().join("secret.txt");
    std::fs::write(&outside, "outside").unwrap();
    let cases = [
        (json!({"text": ""}), "text"),
        (json!({"text": "   \n"}), "text"),
        (json!({"text": 5}), "text"),
        (json!({"attachments": []}), "text"),
        (json!({"text": "x".repeat(100_001)}), "text"),
        (
            json!({"text": "A claim.", "wait_seconds": 56}),
            "wait_seconds",
        ),
        (json!({"text": "A claim.", "nonsense": 1}), "nonsense"),
        (
            json!({"text": "A claim.", "attachments": [{"name": "a.txt"}]}),
            "attachments[0]",
        ),
        (
            json!({"text": "A claim.", "attachments": [{"name": "a.exe", "content_base64": "YQ=="}]}),
            "attachments[0].name",
        ),
        (
            json!({"text": "A claim.", "attachments": [{"name": "../a.txt", "content_base64": "YQ=="}]}),
            "attachments[0].name",
        ),
        (
            json!({"text": "A claim.", "attachments": [{"name": "a.txt", "content_base64": "%%%"}]}),
            "attachments[0].content_base64",
        ),
        (
            json!({"text": "A claim.", "attachments": [{"name": "a.txt", "path": outside}]}),
            "attachments[0].path",
        ),
        (
            json!({"text": "A claim.", "attachments": [{"name": "a.txt", "path": "/etc/passwd"}]}),
            "attachments[0].path",
        ),
        (
            json!({"text": "A claim.", "attachments": [{"name": "a.txt", "url": "http://127.0.0.1/a.txt"}]}),
            "attachments[0].url",
        ),
        (
            json!({"text": "A claim.", "attachments": [file("1.txt"), file("2.txt"), file("3.txt"), file("4.txt"), file("5.txt"), file("6.txt")]}),
            "attachments",
        ),
    ];
    for (arguments, field) in cases {
        let shown: String = arguments.to_string().chars().take(120).collect();
        let (message, details) = client.refusal("agent_analysis", arguments).await;
        assert_eq!(
            message, "One or more required parameters are either not given or have invalid schema.",
            "{shown}"
        );
        let found = problems(&details);
        assert!(
            found
                .iter()
                .any(|(name, problem)| name == field && problem.len() > 8),
            "{shown}: {found:?}"
        );
    }
    let (message, _) = client.refusal("agent_analysis", json!({})).await;
    assert_eq!(message, "Request body is empty.");
    assert_eq!(balance(&client).await, before);
    assert_eq!(client.data("task_view_all", json!({})).await, json!([]));
}

#[tokio::test]
async fn a_file_of_30_mb_is_refused_with_the_limit() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let content = base64::engine::general_purpose::STANDARD.encode(vec![b'a'; 30_000_000]);
    let arguments =
        json!({"text": "A claim.", "attachments": [{"name": "a.txt", "content_base64": content}]});
    let (message, details) = client.refusal("agent_analysis", arguments).await;
    assert_eq!(
        (message.as_str(), &details),
        (
            "The request is too large.",
            &json!({"limit_bytes": 25_000_000})
        )
    );
    assert_eq!(balance(&client).await, 10_000.0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_path_through_a_link_leads_nowhere() {
    let folder = Folder::new();
    let root = folder.parent().join("documents");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(root.join("open.txt"), "The bridge opened in 1931.").unwrap();
    std::fs::write(folder.parent().join("secret.txt"), "secret").unwrap();
    std::os::unix::fs::symlink(folder.parent().join("secret.txt"), root.join("link.txt")).unwrap();
    let roots = root.to_string_lossy().into_owned();
    let client = folder.client(&[("CLARA_ATTACHMENT_ROOTS", &roots)]).await;
    let by_path = |path: std::path::PathBuf| json!({"text": "The bridge opened in 1931.", "attachments": [{"name": "a.txt", "path": path}]});
    let task = client
        .data("agent_analysis", by_path(root.join("open.txt")))
        .await;
    assert_eq!(task["status"], "COMPLETED");
    for hidden in [
        root.join("link.txt"),
        root.join("../secret.txt"),
        root.join(".hidden.txt"),
    ] {
        client.refusal("agent_analysis", by_path(hidden)).await;
    }
}

#[tokio::test]
async fn unreadable_files_are_named_in_the_report_and_the_rest_is_checked() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let fixtures =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/attachments");
    let encrypted = base64::engine::general_purpose::STANDARD
        .encode(std::fs::read(fixtures.join("encrypted.pdf")).unwrap());
    let garbage = base64::engine::general_purpose::STANDARD
        .encode([0xff, 0xfe, 0x00, 0xd8, 0x00, 0x01, 0x80, 0x81]);
    let attachments = json!([
        text_file("not.pdf", "This is no PDF at all."),
        {"name": "locked.pdf", "content_base64": encrypted},
        {"name": "garbage.txt", "content_base64": garbage},
        text_file("good.txt", "The Ardmoor Bridge was opened to traffic in May 1933."),
    ]);
    let arguments = json!({"text": "The Ardmoor Bridge was opened to traffic in 1933.", "attachments": attachments});
    let task = client.data("agent_analysis", arguments).await;
    assert_eq!(task["status"], "COMPLETED", "{task}");
    let limits = task["result"]["limits"].as_array().unwrap();
    for name in ["not.pdf", "locked.pdf", "garbage.txt"] {
        let limit = limits
            .iter()
            .find(|limit| limit["what"].as_str().unwrap().contains(name));
        let reason = limit.unwrap_or_else(|| panic!("{name} is named: {task}"))["reason"]
            .as_str()
            .unwrap();
        assert!(reason.len() > 20, "{name}: {reason}");
    }
    assert_eq!(limits.len(), 3, "{task}");
    assert_eq!(
        task["result"]["claims"][0]["verdict"], "supported",
        "{task}"
    );
}

#[tokio::test]
async fn things_of_others_do_not_exist() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let task = client
        .data(
            "agent_analysis",
            json!({"text": "The bridge opened in 1931."}),
        )
        .await;
    let transaction = client.data("transaction_view_all", json!({})).await[0].clone();
    let email = "eve@example.org";
    let person = json!({"first_name": "Eve", "last_name": "M", "email": email, "password": "correct horse battery"});
    client.data("auth_register", person.clone()).await;
    let (message, _) = client.refusal("auth_register", person).await;
    assert_eq!(message, "User with the given identifier already exists.");
    client
        .data(
            "auth_login",
            json!({"email": email, "password": "correct horse battery"}),
        )
        .await;
    let (message, _) = client
        .refusal(
            "agent_analysis",
            json!({"text": "The bridge opened in 1931."}),
        )
        .await;
    assert_eq!(
        message,
        "Please activate your account to access the requested resource."
    );
    client
        .data(
            "auth_activate",
            json!({"user_email": email, "code": folder.code_for(email)}),
        )
        .await;

    let (message, _) = client
        .refusal("task_view", json!({"task_id": task["id"]}))
        .await;
    assert_eq!(message, "Task with the given identifier does not exist.");
    client
        .refusal("task_cancel", json!({"task_id": task["id"]}))
        .await;
    let (message, _) = client
        .refusal(
            "transaction_view",
            json!({"transaction_id": transaction["id"]}),
        )
        .await;
    assert_eq!(
        message,
        "Transaction with the given identifier does not exist."
    );
}

#[tokio::test]
async fn without_credits_nothing_is_started() {
    let folder = Folder::new();
    let client = folder.client(&[("CLARA_LOCAL_CREDITS", "30")]).await;
    // With a source: an analysis without any costs nothing.
    let with_a_source = |text: &str| json!({"text": text, "attachments": [{"name": "a.txt", "text": "It opened in 1931."}]});
    let first = with_a_source("The bridge opened in 1931.");
    let task = client.data("agent_analysis", first).await;
    assert_eq!(task["status"], "COMPLETED");
    let second = with_a_source("The bridge opened in 1932.");
    let (message, details) = client.refusal("agent_analysis", second).await;
    assert_eq!(
        message,
        "You do not have enough credits to perform this action."
    );
    assert_eq!(details, json!({"credits": 10.0, "required": 20.0}));
    assert_eq!(
        client
            .data("task_view_all", json!({}))
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn codes_that_are_wrong_used_foreign_or_malformed_open_nothing() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    for email in ["ada@example.org", "bob@example.org"] {
        let person = json!({"first_name": "A", "last_name": "M", "email": email, "password": "correct horse battery"});
        client.data("auth_register", person).await;
    }
    let (ada, bob) = (
        folder.code_for("ada@example.org"),
        folder.code_for("bob@example.org"),
    );
    let activate = |code: &str| json!({"user_email": "ada@example.org", "code": code});
    if ada != bob {
        let (message, _) = client.refusal("auth_activate", activate(&bob)).await;
        assert_eq!(
            message,
            "Authorization header or OTP is either missing, invalid or expired."
        );
    }
    for malformed in ["12345", "１２３４５６", "abcdef", ""] {
        let (_, details) = client.refusal("auth_activate", activate(malformed)).await;
        assert_eq!(problems(&details)[0].0, "code");
    }
    client
        .refusal(
            "auth_activate",
            json!({"user_email": "ada@example.org", "code": 123_456}),
        )
        .await;
    let (message, _) = client
        .refusal(
            "auth_activate",
            json!({"user_email": "eve@example.org", "code": ada}),
        )
        .await;
    assert_eq!(message, "User with the given identifier does not exist.");
    client.data("auth_activate", activate(&ada)).await;
    client.refusal("auth_activate", activate(&ada)).await;
}

#[tokio::test]
async fn stripe_and_google_say_what_is_missing() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let (message, details) = client.refusal("stripe_portal", json!({})).await;
    assert_eq!(
        (message.as_str(), &details),
        ("Stripe is not configured.", &json!({"service": "Stripe"}))
    );
    let (message, _) = client
        .refusal("stripe_buy", json!({"amount": 5, "return_path": "billing"}))
        .await;
    assert_eq!(message, "Stripe is not configured.");
    let (message, details) = client
        .refusal("stripe_buy", json!({"amount": 4, "return_path": "billing"}))
        .await;
    assert_eq!(message, "No credits rate found for the given amount.");
    assert_eq!(details, json!({"lower_limit": 5, "upper_limit": 10_000}));
    let (message, _) = client
        .refusal("auth_google_oauth", json!({"id_token": "x"}))
        .await;
    assert_eq!(message, "Google is not configured.");
    assert_eq!(client.data("stripe_rate", json!({})).await[0]["rate"], 100);
}
