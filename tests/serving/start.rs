//! What `clara serve` refuses to start with, in one line that says which setting and why.

use super::client;
use super::support::{Folder, Server};

fn refusal(settings: &[(&str, &str)]) -> String {
    let folder = Folder::new();
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
