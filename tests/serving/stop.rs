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
