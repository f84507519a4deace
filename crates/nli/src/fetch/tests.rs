//! Fetching from a server of this machine that does what the hub does, and what it never should.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
/// Of `weights`.
const WEIGHTS_BYTES: &[u8] = b"the weights of a model";

/// What a server does otherwise than the hub.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    OtherBytes,
    BreaksOff,
    TooLong,
    NoHash,
    NoSize,
    PlainHttp,
    Missing,
    Endless,
}

#[derive(Clone)]
struct Hub {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

fn sum(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(bytes);
    let hex =
        |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap());
    digest.iter().flat_map(|byte| hex(*byte)).collect()
}

async fn hub(fault: Fault) -> Hub {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hub = Hub {
        address: format!("http://{}", listener.local_addr().unwrap()),
        asked: Arc::default(),
    };
    let asked = hub.asked.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, fault, asked.clone()));
        }
    });
    hub
}

async fn serve(mut stream: TcpStream, fault: Fault, asked: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0_u8; 1];
        if stream.read(&mut byte).await.unwrap_or(0) == 0 {
            return;
        }
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let line = request.lines().next().unwrap_or_default().to_owned();
    asked.lock().unwrap().push(line.clone());
    let answer = answer(&line, fault);
    let _ = stream.write_all(&answer).await;
}

fn answer(line: &str, fault: Fault) -> Vec<u8> {
    let is_head = line.starts_with("HEAD");
    let path = line.split(' ').nth(1).unwrap_or_default();
    let reply = |status: &str, headers: String, body: &[u8]| {
        let mut bytes =
            format!("HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n").into_bytes();
        if !is_head {
            bytes.extend(body);
        }
        bytes
    };
    if path == "/store/weights" {
        let sent: &[u8] = match fault {
            Fault::OtherBytes => b"the weights of a thief",
            Fault::BreaksOff => b"the weights",
            Fault::TooLong => b"the weights of a model and more",
            _ => WEIGHTS_BYTES,
        };
        return reply(
            "200 OK",
            format!("Content-Length: {}\r\n", sent.len()),
            sent,
        );
    }
    if fault == Fault::Missing {
        return reply("404 Not Found", "Content-Length: 0\r\n".to_owned(), b"");
    }
    if fault == Fault::Endless || path.starts_with("/cross-encoder") && !path.contains("resolve") {
        let to = format!("Location: {path}\r\nContent-Length: 0\r\n");
        return reply("307 Temporary Redirect", to, b"");
    }
    if path.ends_with("model.safetensors") {
        let tag = match fault {
            Fault::NoHash => "\"0123\"".to_owned(),
            _ => format!("\"{}\"", sum(WEIGHTS_BYTES)),
        };
        let size = match fault {
            Fault::NoSize => String::new(),
            _ => format!("X-Linked-Size: {}\r\n", WEIGHTS_BYTES.len()),
        };
        let to = match fault {
            Fault::PlainHttp => "http://models.example/weights",
            _ => "/store/weights",
        };
        let headers =
            format!("Location: {to}\r\nX-Linked-Etag: {tag}\r\n{size}X-Repo-Commit: {COMMIT}\r\n");
        return reply("302 Found", headers, b"");
    }
    let body = b"{}";
    let headers = format!("Content-Length: 2\r\nETag: \"{COMMIT}\"\r\nX-Repo-Commit: {COMMIT}\r\n");
    reply("200 OK", headers, body)
}

async fn fetched(fault: Fault) -> Result<(tempfile::TempDir, Vec<FetchedFile>), FetchError> {
    let hub = hub(fault).await;
    let plan = plan(KNOWN_MODELS[0], &hub.address).await?;
    let folder = tempfile::tempdir().unwrap();
    let result = download(&plan, folder.path(), &|_, _| {}).await;
    if result.is_err() {
        let mut names = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|one| one.unwrap().file_name());
        assert!(names.all(|name| name == "config.json" || name == "tokenizer.json"));
    }
    Ok((folder, result?))
}

#[tokio::test]
async fn a_model_is_told_of_then_fetched() {
    let hub = hub(Fault::None).await;
    let plan = plan(KNOWN_MODELS[0], &hub.address).await.unwrap();
    let sizes: Vec<u64> = plan.files.iter().map(|file| file.bytes).collect();
    assert_eq!(sizes, [2, 2, 22]);
    assert_eq!(plan.bytes(), 26);
    assert_eq!(plan.files[0].sha256, None);
    assert_eq!(plan.files[2].sha256, Some(sum(WEIGHTS_BYTES)));
    assert!(
        plan.files
            .iter()
            .all(|file| file.address.path().contains(COMMIT))
    );
    assert!(
        hub.asked
            .lock()
            .unwrap()
            .iter()
            .all(|line| line.starts_with("HEAD"))
    );
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("a/model");
    let last = Mutex::new((0, 0));
    let files = download(&plan, &into, &|done, total| {
        *last.lock().unwrap() = (done, total);
    })
    .await;
    let files = files.unwrap();
    assert_eq!(*last.lock().unwrap(), (26, 26));
    assert_eq!(
        std::fs::read(into.join("model.safetensors")).unwrap(),
        WEIGHTS_BYTES
    );
    let sums = std::fs::read_to_string(into.join(SUMS_FILE)).unwrap();
    let by_name: HashMap<&str, &str> = sums
        .lines()
        .map(|line| line.split_once("  ").unwrap())
        .map(|(sum, name)| (name, sum))
        .collect();
    assert_eq!(by_name["config.json"], sum(b"{}"));
    assert_eq!(by_name["model.safetensors"], sum(WEIGHTS_BYTES));
    assert!(files.iter().all(|file| !file.was_there));
    // What is there with its hash is not fetched again.
    let again = download(&plan, &into, &|_, _| {}).await.unwrap();
    assert!(again[2].was_there);
    let asked = hub.asked.lock().unwrap().clone();
    let weights = asked.iter().filter(|line| line.starts_with("GET /store"));
    assert_eq!(weights.count(), 1);
}

#[tokio::test]
async fn what_is_not_as_stated_is_not_kept() {
    for (fault, reason) in [
        (Fault::OtherBytes, "and not"),
        (Fault::BreaksOff, "broke off"),
        (Fault::TooLong, "longer than"),
        (Fault::NoHash, "no SHA-256"),
        (Fault::NoSize, "how large"),
        (Fault::PlainHttp, "not encrypted"),
        (Fault::Missing, "404"),
        (Fault::Endless, "address to address"),
    ] {
        let problem = fetched(fault).await.unwrap_err().to_string();
        assert!(problem.contains(reason), "{fault:?}: {problem}");
    }
    assert_eq!(fetched(Fault::None).await.unwrap().1.len(), 3);
}

#[tokio::test]
async fn only_safe_addresses_are_asked() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    for from in [
        "http://models.example",
        "ftp://127.0.0.1",
        "models",
        "file:///etc",
    ] {
        let refused = plan(KNOWN_MODELS[0], from).await;
        assert!(matches!(refused, Err(FetchError::Address(_))), "{from}");
    }
    let nobody = plan(KNOWN_MODELS[0], "http://127.0.0.1:1").await;
    assert!(matches!(nobody, Err(FetchError::Unreachable { .. })));
}
