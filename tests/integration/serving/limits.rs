//! How much at once: connections, and requests that come a byte at a time. What is past a limit is closed, and the others
//! are served on.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::client;
use super::rest::{EMAIL, PASSWORD, PUBLIC, account};
use super::support::{Folder, Server, from_address};

/// Longer than any limit here; a server that does not close by then fails the test.
const READ_TIMEOUT: Duration = Duration::from_secs(25);

fn connect(server: &Server) -> TcpStream {
    let address = server.url.strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(READ_TIMEOUT)).unwrap();
    stream
}

/// All that the server says until it closes, or `None` where it never does.
fn until_closed(stream: &mut TcpStream) -> Option<String> {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(_) => return None,
    }
    Some(String::from_utf8_lossy(&answer).into_owned())
}

/// Sends `opening`, then a byte a second until the server closes; how long that took, and what it said.
fn drip(server: &Server, opening: &str, drop: &'static [u8]) -> (Duration, String) {
    let mut stream = connect(server);
    stream.write_all(opening.as_bytes()).unwrap();
    let began = Instant::now();
    let mut dripping = stream.try_clone().unwrap();
    let (closed, is_closed) = std::sync::mpsc::channel::<()>();
    let drops = std::thread::spawn(move || {
        while is_closed.recv_timeout(Duration::from_secs(1)).is_err() {
            if dripping.write_all(drop).is_err() {
                break;
            }
        }
    });
    let answer = until_closed(&mut stream).expect("the server closes");
    let took = began.elapsed();
    let _ = closed.send(());
    drops.join().unwrap();
    (took, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_send_a_byte_a_second_are_dropped_while_others_are_served() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_MAX_CONNECTIONS_PER_ADDRESS", "500")]);
    let silent: Vec<TcpStream> = (0..300).map(|_| connect(&server)).collect();
    assert!(
        try_served(&mut connect(&server)),
        "they are in nobody's way"
    );
    std::thread::scope(|scope| {
        let never = scope.spawn(|| {
            let mut stream = connect(&server);
            let began = Instant::now();
            until_closed(&mut stream).expect("a connection that never says a word is closed");
            began.elapsed()
        });
        let headers = scope.spawn(|| {
            drip(
                &server,
                "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-A: ",
                b"a",
            )
        });
        let body = scope.spawn(|| {
            let opening = "POST /api/v1/users/a@example.org/activate HTTP/1.1\r\nHost: localhost\r\n\
                           Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
            drip(&server, opening, b" ")
        });
        assert!(try_served(&mut connect(&server)));
        let limit = Duration::from_secs(20);
        assert!(never.join().unwrap() < limit);
        assert!(headers.join().unwrap().0 < limit);
        let (took, answer) = body.join().unwrap();
        assert!(took < limit);
        assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
    });
    drop(silent);
    let answer = client().get(server.at("/livez")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// As many as this machine lets one process hold, and no more than are promised.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_who_never_say_a_word_leave_the_server_answering() {
    const PROMISED: u64 = 10_000;
    // Each takes a descriptor here and one there, and both processes need some besides.
    let allowed = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let number = allowed.saturating_sub(500).min(PROMISED);
    if number < PROMISED {
        eprintln!("{number} of {PROMISED} silent connections: {allowed} descriptors are allowed");
    }
    let folder = Folder::new();
    let settings = [
        ("CLARA_MAX_CONNECTIONS", "20000"),
        ("CLARA_MAX_CONNECTIONS_PER_ADDRESS", "20000"),
    ];
    let server = Server::start(&folder, &settings);
    let began = Instant::now();
    let mut silent: Vec<TcpStream> = (0..number).map(|_| connect(&server)).collect();
    let asked = Instant::now();
    for _ in 0..20 {
        let answer = client().get(server.at("/livez")).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let answered = asked.elapsed();
    let open = silent.iter().filter(|stream| is_open(stream)).count();
    eprintln!(
        "{open} of {number} silent connections open {:?} after the first, 20 answers in {answered:?}",
        began.elapsed()
    );
    // They are closed ten seconds after they came: a machine that is slow beyond that has fewer to hold.
    assert!(open > 0 && answered < Duration::from_secs(10));
    if began.elapsed() < Duration::from_secs(9) {
        assert_eq!(open as u64, number, "nobody was turned away");
    }
    for stream in &mut silent {
        assert!(until_closed(stream).is_some(), "a silent one is closed");
    }
    assert!(try_served(&mut connect(&server)));
}

/// Whether the server has not closed it yet.
#[cfg(target_os = "linux")]
fn is_open(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let seen = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    matches!(seen, Err(error) if error.kind() == ErrorKind::WouldBlock)
}

/// One hash a core is made at once and 64 wait: whoever comes after them is sent away, and nobody's hash waits in memory.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_sign_ins_at_once_take_the_memory_of_one_hash_a_core() {
    const MIB: u64 = 1024 * 1024;
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_PUBLIC_API_KEY", PUBLIC)]);
    account(&folder, &server).await;
    server.forget_peak();
    let before = server.peak_memory();
    let client = client();
    // Every tenth is the owner; the others try addresses that nobody has.
    let is_owner = |number: u16| number.is_multiple_of(10);
    let sign_in = async |number: u16| {
        let (name, address) = from_address(number);
        let (email, password) = if is_owner(number) {
            (EMAIL.to_owned(), PASSWORD)
        } else {
            (format!("nobody{number}@example.org"), "seven mossy kettles")
        };
        let asked = client.post(server.at("/api/v1/auth/session"));
        let asked = asked.header(name, address);
        let asked = asked.basic_auth(email, Some(password));
        let answer = asked.send().await.unwrap();
        let again = answer.headers().get("retry-after");
        let again = again.map(|seconds| seconds.to_str().unwrap().parse::<u32>().unwrap());
        (number, answer.status().as_u16(), again)
    };
    let answers = futures_util::future::join_all((0..500).map(sign_in)).await;
    let grown = server.peak_memory() - before;
    let mut counted = std::collections::BTreeMap::new();
    for (number, status, again) in answers {
        let looked_at = if is_owner(number) { 200 } else { 401 };
        assert!([looked_at, 503].contains(&status), "{number}: {status}");
        // Whoever is sent away is told when to come again, and nobody else is.
        assert_eq!(again.is_some_and(|seconds| seconds >= 1), status == 503);
        *counted.entry(status).or_insert(0_u32) += 1;
    }
    let cores = std::thread::available_parallelism().unwrap().get() as u64;
    eprintln!(
        "{counted:?}, and memory grew by {} MiB on {cores} cores",
        grown / MIB
    );
    assert!(
        counted[&401] >= 64,
        "those who waited were answered: {counted:?}"
    );
    // With many cores hashes may be made as fast as one client asks for them.
    assert!(
        counted.contains_key(&503) || cores > 8,
        "more came than may wait: {counted:?}"
    );
    assert!(grown < cores * 20 * MIB + 32 * MIB, "{grown} bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_gets_its_share_of_connections_and_no_more() {
    let folder = Folder::new();
    let settings = [
        ("CLARA_MAX_CONNECTIONS_PER_ADDRESS", "3"),
        // A proxy's connections are those of many.
        ("CLARA_TRUSTED_PROXIES", ""),
    ];
    let server = Server::start(&folder, &settings);
    let mut held: Vec<TcpStream> = (0..3).map(|_| served(&server)).collect();
    let mut refused = connect(&server);
    assert_eq!(until_closed(&mut refused).unwrap(), "");
    held.pop();
    // A place that was left is free as soon as the server has seen it.
    let began = Instant::now();
    while !try_served(&mut connect(&server)) {
        assert!(began.elapsed() < READ_TIMEOUT, "a left place stays taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_has_more_connections_than_an_address_gets() {
    let folder = Folder::new();
    // The proxy is this machine, as for every server of these tests.
    let server = Server::start(&folder, &[("CLARA_MAX_CONNECTIONS_PER_ADDRESS", "3")]);
    let held: Vec<TcpStream> = (0..12).map(|_| served(&server)).collect();
    assert_eq!(held.len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_untrusted_peer_says_of_its_address_does_not_count() {
    for (trusted, sixth) in [("", 429), ("10.0.0.0/8", 429), ("127.0.0.1/32", 401)] {
        let folder = Folder::new();
        let settings = [
            ("CLARA_PUBLIC_API_KEY", PUBLIC),
            ("CLARA_TRUSTED_PROXIES", trusted),
        ];
        let server = Server::start(&folder, &settings);
        let mut statuses = Vec::new();
        // An address may show five wrong keys a minute; each of these says that it is another one.
        for number in 0..6 {
            let (name, address) = from_address(number);
            let asked = client().post(server.at("/api/v1/auth/register"));
            let asked = asked.header("authorization", "wrong").header(name, address);
            statuses.push(asked.send().await.unwrap().status().as_u16());
        }
        assert_eq!(statuses, [401, 401, 401, 401, 401, sixth], "{trusted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_takes_so_many_connections_in_all() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_MAX_CONNECTIONS", "2")]);
    let _held: Vec<TcpStream> = (0..2).map(|_| served(&server)).collect();
    assert_eq!(until_closed(&mut connect(&server)).unwrap(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_or_too_long_headers_are_refused() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let many: Vec<String> = (0..101).map(|n| format!("X-{n}: a\r\n")).collect();
    let many = many.concat();
    let long = format!("X-Long: {}\r\n", "a".repeat(40 * 1024));
    for headers in [many, long] {
        let mut stream = connect(&server);
        let request = format!("GET /livez HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        // The server may answer and close before all of it is written.
        let _ = stream.write_all(request.as_bytes());
        let answer = until_closed(&mut stream).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 431") || answer.starts_with("HTTP/1.1 413"),
            "{answer}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_headers_pass_and_one_more_does_not() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    for (headers, expected) in [(100, "HTTP/1.1 200"), (101, "HTTP/1.1 431")] {
        let others: Vec<String> = (2..headers).map(|n| format!("X-{n}: a\r\n")).collect();
        let others = others.concat();
        let mut stream = connect(&server);
        // Two more besides them.
        let request =
            format!("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{others}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let answer = until_closed(&mut stream).unwrap();
        assert!(answer.starts_with(expected), "{headers}: {answer}");
    }
}

/// A connection that has been answered, and so is counted.
fn served(server: &Server) -> TcpStream {
    let mut stream = connect(server);
    assert!(try_served(&mut stream));
    stream
}

fn try_served(stream: &mut TcpStream) -> bool {
    let request = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut first = [0_u8; 12];
    stream.write_all(request).is_ok()
        && stream.read_exact(&mut first).is_ok()
        && first.ends_with(b"200")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_too_much_gets_the_answer_and_not_a_broken_connection() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    for _ in 0..20 {
        let request = client().post(server.at("/api/v1/auth/register"));
        let request = request.header("content-type", "application/json");
        let response = request.body("x".repeat(20_000_000)).send().await.unwrap();
        assert!([401, 413].contains(&response.status().as_u16()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_too_often_is_told_when_to_come_again() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_RATE_LIMIT", "10")]);
    let call = async |number: u16| {
        let (name, address) = from_address(number);
        let asked = client().get(server.at("/api/v1/version"));
        asked.header(name, address).send().await.unwrap()
    };
    // Past the 20 at once five more pass a second, which is slower than this asks.
    let refused = loop {
        let answer = call(1).await;
        if answer.status() != 200 {
            break answer;
        }
    };
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "1");
    let body: serde_json::Value = refused.json().await.unwrap();
    assert_eq!(body["data"]["retry_after_seconds"], 1);
    assert_eq!(call(2).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_flood_writes_no_log() {
    let folder = Folder::new();
    let settings = [("CLARA_RATE_LIMIT", "10"), ("CLARA_LOG", "info")];
    let server = Server::start(&folder, &settings);
    let ask = async |id: &str, number: u16| {
        let (name, address) = from_address(number);
        let request = client().get(server.at("/api/v1/version"));
        let request = request.header(name, address).header("x-request-id", id);
        request.send().await.unwrap().status().as_u16()
    };
    let mut refused = 0;
    for _ in 0..200 {
        refused += usize::from(ask("of-the-flood", 1).await == 429);
    }
    assert!(refused >= 50, "{refused}");
    assert_eq!(ask("after-the-flood", 2).await, 200);
    assert!(server.logs("after-the-flood"));
    let lines = server.log().matches("of-the-flood").count();
    assert_eq!(
        lines,
        200 - refused,
        "those that were taken have a line each"
    );
}
