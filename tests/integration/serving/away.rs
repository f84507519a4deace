//! What a caller learns when something that Clara leans on is away: that it is, and nothing of what it is made of.

use futures_util::future::join_all;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use super::client;
use super::faults::says_nothing_of_the_fault;
use super::postgres::Server as Postgres;
use super::rest::{PRIVATE, PUBLIC, account, ask};
use super::support::{Folder, Server};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_nowhere_is_named_and_nothing_of_the_way() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_PUBLIC_API_KEY", PUBLIC)]);
    let ada = account(&folder, &server).await;
    let path = format!("{}/agent/analysis", ada.path);
    // No name may be as long as this, so that no machine anywhere knows it; the others are never asked.
    let nobody = format!("https://{}.com/a.txt", "a".repeat(64));
    for url in [
        nobody.as_str(),
        "https://10.0.0.1/a.txt",
        "http://[::1]/a.txt",
        "ftp://example.org/a.txt",
        "nonsense",
    ] {
        let body = json!({"text": "The bridge opened in 1931.", "attachments": [{"name": "a.txt", "url": url}]});
        let (status, answer) = ask(&server, "POST", &path, &ada.key(), Some(body)).await;
        assert_eq!(status, 400, "{url}: {answer}");
        let errors = answer["data"]["errors"].as_array().unwrap();
        assert_eq!(errors[0]["field"], "attachments[0].url");
        says_nothing_of_the_fault(&answer);
    }
    let user = ask(&server, "GET", &ada.path, &ada.key(), None).await.1;
    assert_eq!(
        user["data"]["credits"],
        json!(100.0),
        "it cost nothing: {user}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_fetched_through_a_proxy_of_the_environment() {
    // A proxy would look names up by itself, and so lead past every rule on addresses.
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let mut settings = vec![("CLARA_PUBLIC_API_KEY", PUBLIC)];
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        settings.push((name, url.as_str()));
    }
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        settings.push((name, url.as_str()));
    }
    settings.extend([("NO_PROXY", ""), ("no_proxy", "")]);
    let folder = Folder::new();
    let server = Server::start(&folder, &settings);
    let ada = account(&folder, &server).await;
    let path = format!("{}/agent/analysis", ada.path);
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://{}.com/a.txt", "a".repeat(64));
        let body = json!({"text": "The bridge opened in 1931.", "attachments": [{"name": "a.txt", "url": url}]});
        let key = ada.key();
        let asked = ask(&server, "POST", &path, &key, Some(body));
        tokio::select! {
            called = proxy.accept() => panic!("the proxy was called: {called:?}"),
            (status, answer) = asked => assert_eq!(status, 400, "{answer}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_cannot_be_read_is_named_and_nothing_of_the_machine() {
    let folder = Folder::new();
    let root = folder.parent().join("files");
    std::fs::create_dir_all(root.join("folder.txt")).unwrap();
    std::fs::write(root.join("a.exe"), "MZ").unwrap();
    std::fs::write(root.join(".hidden.txt"), "words").unwrap();
    let roots = root.to_str().unwrap();
    let client = folder.client(&[("CLARA_ATTACHMENT_ROOTS", roots)]).await;
    for name in [
        "nowhere.txt",
        "folder.txt",
        "a.exe",
        ".hidden.txt",
        "../clara/clara.db",
    ] {
        let path = root.join(name);
        let asked = json!({"text": "The bridge opened in 1931.", "attachments": [{"name": "a.txt", "path": path}]});
        let (message, data) = client.refusal("agent_analysis", asked).await;
        let data = data.to_string();
        // Who sits at this machine may read which folders are open, and what they asked for themselves.
        let ours = data.replace(folder.parent().to_str().unwrap(), "");
        let here = std::env::current_dir().unwrap();
        let ours = ours
            .replace(here.to_str().unwrap(), "")
            .replace("clara.db", "");
        says_nothing_of_the_fault(&json!([message, ours]));
    }
    client.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_that_passwords_could_not_be_looked_up() {
    let folder = Folder::new();
    let settings = [
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_BREACHED_PASSWORDS", "http://127.0.0.1:9/range/"),
    ];
    let server = Server::start(&folder, &settings);
    let person = json!({"first_name": "Eve", "last_name": "Marsh", "email": "eve@example.org", "password": "another long walk"});
    let (status, mut answer) = ask(&server, "POST", "/auth/register", PUBLIC, Some(person)).await;
    assert_eq!(status, 201, "the sign-up goes on: {answer}");
    // A token has any letters in it, and so any short word.
    answer["data"]["token"].take();
    says_nothing_of_the_fault(&answer);
    assert!(server.logs("BREACHED_PASSWORDS"), "{}", server.log());
}

/// A line to PostgreSQL that a test can cut.
struct Line {
    port: u16,
    carrying: tokio::task::JoinHandle<()>,
    cut: tokio_util::sync::CancellationToken,
}

impl Line {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = tokio_util::sync::CancellationToken::new();
        let is_cut = cut.clone();
        let carrying = tokio::spawn(async move {
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                if is_cut.is_cancelled() {
                    // Whoever calls is hung up on.
                    continue;
                }
                let (server, is_cut) = (server.clone(), is_cut.clone());
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        () = is_cut.cancelled() => {}
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    }
                });
            }
        });
        Self {
            port,
            carrying,
            cut,
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_server_that_is_away_tells_nothing_of_itself() {
    let Some(postgres) = Postgres::find().await else {
        let is_asked_for = std::env::var("REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
        assert!(!is_asked_for, "REQUIRE_POSTGRES=1, but none answers");
        return;
    };
    let mut url = url::Url::parse(&postgres.make_database().await).unwrap();
    let far = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
    let line = Line::to(far).await;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(line.port)).unwrap();
    let folder = Folder::new();
    let settings = [
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_PRIVATE_API_KEY", PRIVATE),
        ("CLARA_DATABASE_URL", url.as_str()),
        ("CLARA_SECRET_KEY", "a-secret-key-of-this-test-0123456789"),
    ];
    let server = Server::start(&folder, &settings);
    let ada = account(&folder, &server).await;

    line.cut.cancel();
    let analysis = format!("{}/agent/analysis", ada.path);
    let text = json!({"text": "The bridge opened in 1931."});
    let calls = [
        ("GET", ada.path.as_str(), None),
        ("POST", analysis.as_str(), Some(text)),
    ];
    let asked = calls.map(|(method, path, body)| {
        let (server, key) = (&server, ada.key());
        async move { ask(server, method, path, &key, body).await }
    });
    for (status, mut answer) in join_all(asked).await {
        // Who hangs up in the middle of a greeting may pass for one that talks nonsense.
        if status == 500 {
            assert_eq!(answer["message"], "Something went wrong.");
            let fields: Vec<&String> = answer["data"].as_object().unwrap().keys().collect();
            assert_eq!(fields, ["request_id"], "{answer}");
        } else {
            assert_eq!(status, 503, "{answer}");
            assert_eq!(answer["message"], "Database is unavailable.");
            assert_eq!(answer["data"], json!({"service": "Database"}));
            // That word is the contract's; the rest must not say which one it is.
            answer["message"].take();
            answer["data"].take();
        }
        says_nothing_of_the_fault(&answer);
    }
    let alive = client().get(server.at("/livez")).send().await.unwrap();
    assert_eq!(alive.status(), 200, "it lives on");
    drop(server);
    postgres.clean_up().await;
}
