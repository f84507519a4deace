//! How the server stops: what is under way is answered, nobody new is let in, and tasks go back to the queue.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::support::{Folder, Server};

const PUBLIC: &str = "public-key-of-this-test-0123456789";

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
    use serde_json::{Value, json};
    let folder = Folder::new();
    let settings = [
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_SIGNUP_CREDITS", "200"),
        ("CLARA_WORKERS", "1"),
    ];
    let mut server = Server::start(&folder, &settings);
    let email = "ada@example.org";
    let ask =
        async |server: &Server, method: &str, path: &str, proof: &str, body: Value| -> Value {
            let url = server.at(&format!("/api/v1{path}"));
            let request = super::client().request(method.parse().unwrap(), url);
            let request = request.header("authorization", proof);
            let request = if body.is_null() {
                request
            } else {
                request.json(&body)
            };
            request.send().await.unwrap().json().await.unwrap()
        };
    let person = json!({"first_name": "Ada", "last_name": "Marsh", "email": email, "password": "a long walk by the river"});
    let registered = ask(&server, "POST", "/auth/register", PUBLIC, person).await;
    let bearer = format!("Bearer {}", registered["data"]["token"].as_str().unwrap());
    let code = json!({"code": folder.code_for(email)});
    let activated = ask(
        &server,
        "POST",
        &format!("/users/{email}/activate"),
        PUBLIC,
        code,
    )
    .await;
    let user = format!("/users/{}", activated["data"]["id"].as_str().unwrap());
    // Long enough that the only worker cannot have done them all.
    let text = "The bridge opened in 1931 and carries 40,000 vehicles a day. ".repeat(200);
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let path = format!("{user}/agent/analysis");
        let task = ask(&server, "POST", &path, &bearer, json!({"text": text})).await;
        tasks.push(task["data"]["id"].as_str().unwrap().to_owned());
    }
    server.terminate();
    assert!(server.wait().success());
    let server = Server::start(&folder, &settings);
    for task in &tasks {
        let path = format!("{user}/tasks/{task}?wait_seconds=50");
        let task = ask(&server, "GET", &path, &bearer, Value::Null).await;
        assert_eq!(task["data"]["status"], "COMPLETED", "{}", task["message"]);
    }
    let balance = ask(&server, "GET", &user, &bearer, Value::Null).await;
    assert_eq!(balance["data"]["credits"], 80.0, "each was paid for once");
}
