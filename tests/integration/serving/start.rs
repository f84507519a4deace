//! What `clara serve` refuses to start with, in one line that says which setting and why.

use super::client;
use super::rest::{PUBLIC, account, ask, data};
use super::support::{Folder, Server};

fn refusal(settings: &[(&str, &str)]) -> String {
    refusal_in(&Folder::new(), settings)
}

fn refusal_in(folder: &Folder, settings: &[(&str, &str)]) -> String {
    let mut command = folder.command(&["serve"]);
    command
        .env("CLARA_PORT", "0")
        .envs(settings.iter().copied());
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{settings:?} started");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_wrong_setting_stops_the_start_with_its_name_and_what_it_takes() {
    for (name, value, takes) in [
        ("CLARA_HOST", "everywhere", "127.0.0.1"),
        ("CLARA_PORT", "70000", "0 to 65535"),
        ("CLARA_PUBLIC_URL", "clara.example.org", "https://"),
        (
            "CLARA_PUBLIC_URL",
            "https://user:hunter2@clara.example.org",
            "https://",
        ),
        ("CLARA_ALLOWED_ORIGINS", "*", "origins"),
        ("CLARA_ALLOWED_ORIGINS", "https://a.example/path", "origins"),
        ("CLARA_TRUSTED_PROXIES", "10.0.0.0/40", "networks"),
        ("CLARA_RATE_LIMIT", "-1", "whole number"),
        ("CLARA_MAX_CONNECTIONS", "0", "whole number"),
    ] {
        let line = refusal(&[(name, value)]);
        assert!(
            line.contains(name) && line.contains(takes),
            "{name}={value}: {line}"
        );
        assert!(!line.contains("hunter2"), "{line}");
        assert_eq!(line.trim().lines().count(), 1, "{line}");
    }
}

#[test]
fn an_account_of_the_environment_never_acts_for_a_network() {
    let line = refusal(&[
        ("CLARA_HOST", "0.0.0.0"),
        ("USER_ID", "user_0123456789abcdef0123456789abcdef"),
        ("API_KEY_TOKEN", "clara_api_canary.canary.canary"),
    ]);
    assert!(
        line.contains("CLARA_USER_ID") && line.contains("127.0.0.1"),
        "{line}"
    );
    assert!(!line.contains("canary"), "{line}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let line = refusal(&[("CLARA_PORT", &port)]);
    assert!(line.contains(&port) && line.contains("listen"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_port_variable_works_without_its_prefix() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let folder = Folder::new();
    // An empty value counts as none, so the bare name decides.
    let server = Server::start(&folder, &[("CLARA_PORT", ""), ("PORT", &port)]);
    assert!(server.url.ends_with(&port));
    let answer = client().get(server.at("/livez")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_this_machine_the_documented_variables_stand_in_for_missing_headers() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_PUBLIC_API_KEY", PUBLIC)]);
    let ada = account(&folder, &server).await;
    drop(server);
    let signed = [
        ("USER_ID", ada.id.as_str()),
        ("API_KEY_TOKEN", &ada.api_key),
    ];
    let server = Server::start(&folder, &signed);
    let user = data(&server, "GET", &ada.path, "", None).await;
    assert_eq!(user["id"], ada.id.as_str());
    // A header that is there counts, right or wrong.
    let (status, _) = ask(&server, "GET", &ada.path, "Bearer clara_api_wrong", None).await;
    assert_eq!(status, 401);
    let other = client().get(server.at(&format!("/api/v1{}", ada.path)));
    let other = other.header("user-id", format!("user_{}", "0".repeat(32)));
    assert_eq!(other.send().await.unwrap().status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_account_never_acts_over_http() {
    let folder = Folder::new();
    // A desktop client has made it.
    let local = folder.client(&[]).await;
    let id = local.data("user_view", serde_json::json!({})).await["id"].clone();
    let server = Server::start(&folder, &[]);
    let (status, _) = ask(
        &server,
        "GET",
        &format!("/users/{}", id.as_str().unwrap()),
        "",
        None,
    )
    .await;
    assert_eq!(status, 401);
    local.close().await;
}

#[test]
fn keys_that_are_short_or_the_same_stop_the_start() {
    let short = &PUBLIC[..31];
    for (public, private, problem) in [
        (PUBLIC, PUBLIC, "CLARA_PRIVATE_API_KEY must differ"),
        (PUBLIC, short, "CLARA_PRIVATE_API_KEY is too short"),
        (short, PUBLIC, "CLARA_PUBLIC_API_KEY is too short"),
    ] {
        let line = refusal(&[
            ("CLARA_PUBLIC_API_KEY", public),
            ("CLARA_PRIVATE_API_KEY", private),
        ]);
        assert!(line.contains(problem), "{line}");
        assert!(!line.contains(short), "{line}");
        assert_eq!(line.trim().lines().count(), 1, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn secrets_that_others_can_read_stop_the_start() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    drop(server);
    let secrets = folder.data().join("secrets.json");
    let loosen = |path: &std::path::Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for (path, looser, right) in [
        (secrets.clone(), 0o640, 0o600),
        (secrets, 0o604, 0o600),
        (folder.data(), 0o750, 0o700),
        (folder.data(), 0o701, 0o700),
    ] {
        loosen(&path, looser);
        let line = refusal_in(&folder, &[]);
        assert!(line.contains(&format!("chmod {right:o}")), "{line}");
        assert_eq!(line.trim().lines().count(), 1, "{line}");
        loosen(&path, right);
    }
    drop(Server::start(&folder, &[]));
}
