//! How the server stops: what is under way is answered, nobody new is let in, and tasks go back to the queue.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use super::rest::{PUBLIC, account, data};
use super::support::{Folder, Server};

#[cfg(unix)]
#[test]
fn a_request_under_way_is_answered_after_the_stop_began() {
    let folder = Folder::new();
    let mut server = Server::start(&folder, &[("CLARA_PUBLIC_API_KEY", PUBLIC)]);
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let body = "{\"code\": \"000000\"}";
    let (first, rest) = body.split_at(5);
    let head = format!(
        "POST /api/v1/users/a@example.org/activate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Authorization: {PUBLIC}\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The server asks for the body once it has begun with the request.
    let mut line = [0_u8; 25];
    stream.read_exact(&mut line).unwrap();
    assert_eq!(&line, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(first.as_bytes()).unwrap();
    server.terminate();
    // It has stopped listening when nobody can connect any more.
    while TcpStream::connect(&address).is_ok() {}
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(answer.contains("User with the given identifier does not exist."));
    assert!(server.wait().success());
}

#[cfg(unix)]
#[test]
fn an_idle_server_stops_at_once_and_says_so_with_success() {
    let folder = Folder::new();
    let mut server = Server::start(&folder, &[]);
    // An idle connection must not hold the stop up.
    let _idle = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    let began = std::time::Instant::now();
    server.terminate();
    assert!(server.wait().success());
    assert!(began.elapsed() < Duration::from_secs(8));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn tasks_under_way_go_back_to_the_queue_and_are_done_after_the_next_start() {
    let folder = Folder::new();
    let settings = [
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_SIGNUP_CREDITS", "200"),
        ("CLARA_WORKERS", "1"),
    ];
    let mut server = Server::start(&folder, &settings);
    let ada = account(&folder, &server).await;
    // Long enough that the only worker cannot have done them all.
    let text = "The bridge opened in 1931 and carries 40,000 vehicles a day. ".repeat(200);
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let path = format!("{}/agent/analysis", ada.path);
        let task = data(
            &server,
            "POST",
            &path,
            &ada.key(),
            Some(json!({"text": text, "attachments": [{"name": "a.txt", "text": "The bridge opened in 1931."}]})),
        )
        .await;
        tasks.push(task["id"].as_str().unwrap().to_owned());
    }
    server.terminate();
    assert!(server.wait().success());
    let server = Server::start(&folder, &settings);
    for task in &tasks {
        let path = format!("{}/tasks/{task}?wait_seconds=50", ada.path);
        let task = data(&server, "GET", &path, &ada.key(), None).await;
        assert_eq!(task["status"], "COMPLETED");
    }
    let user = data(&server, "GET", &ada.path, &ada.key(), None).await;
    assert_eq!(user["credits"], 80.0, "each was paid for once");
}
