use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

const STOLEN: &str = "password";
/// The digest of [`STOLEN`], as everybody knows it.
const DIGEST: &str = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";

/// A service that answers each request with `answer`, word for word, after `wait`; what it was asked is kept.
async fn service(answer: String, wait: Duration) -> (BreachedPasswords, Arc<Mutex<String>>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/range/", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(String::new()));
    let heard = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (answer, heard) = (answer.clone(), heard.clone());
            tokio::spawn(async move {
                let mut bytes = [0; 4096];
                let length = stream.read(&mut bytes).await.unwrap();
                let words = String::from_utf8_lossy(&bytes[..length]).into_owned();
                heard.lock().unwrap().push_str(&words);
                tokio::time::sleep(wait).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (BreachedPasswords::service(base.parse().unwrap()), asked)
}

fn http(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

fn lines() -> String {
    let (_, kept) = DIGEST.split_at(SHOWN);
    format!(
        "003D68EB55068C33ACE09247EE4C639306B:3\r\n{kept}:10434004\r\n{}:0\r\n",
        "F".repeat(35)
    )
}

#[tokio::test]
async fn a_service_is_told_five_characters_and_a_hit_is_a_hit() {
    let (list, asked) = service(http("200 OK", &lines()), Duration::ZERO).await;
    assert!(list.holds(STOLEN).await.unwrap());
    let asked = asked.lock().unwrap().clone();
    assert!(
        asked.starts_with("GET /range/5BAA6 HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(
        asked.to_lowercase().contains("add-padding: true"),
        "{asked}"
    );
    assert!(!asked.contains(&DIGEST[SHOWN..]) && !asked.contains(STOLEN));
}

#[tokio::test]
async fn what_is_not_listed_or_only_padding_is_a_miss() {
    let (list, _) = service(http("200 OK", &lines()), Duration::ZERO).await;
    assert!(!list.holds("quiet harbour 1931 lantern").await.unwrap());
    let padding = format!("{}:0\r\n", &DIGEST[SHOWN..]);
    let (list, _) = service(http("200 OK", &padding), Duration::ZERO).await;
    assert!(!list.holds(STOLEN).await.unwrap());
}

#[tokio::test]
async fn a_service_that_says_nothing_of_use_is_an_error_and_a_short_wait() {
    let page = http("200 OK", "<html>Sign in to the hotel's network</html>");
    let endless = http("200 OK", &lines().repeat(20_000));
    let cases = [
        (
            http("500 Internal Server Error", ""),
            Duration::ZERO,
            "answered 500",
        ),
        (http("302 Found", ""), Duration::ZERO, "answered 302"),
        (page, Duration::ZERO, "something else than a list"),
        (
            http("200 OK", ""),
            Duration::ZERO,
            "something else than a list",
        ),
        (
            http("200 OK", "5BAA6:1"),
            Duration::ZERO,
            "something else than a list",
        ),
        (endless, Duration::ZERO, "something else than a list"),
        (String::new(), Duration::ZERO, "cannot be reached"),
        (
            http("200 OK", &lines()),
            Duration::from_mins(1),
            "did not answer within 1 s",
        ),
    ];
    for (answer, wait, words) in cases {
        let (list, _) = service(answer, wait).await;
        let error = list.holds(STOLEN).await.unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", nobody.local_addr().unwrap());
    drop(nobody);
    let list = BreachedPasswords::service(base.parse().unwrap());
    let error = list.holds(STOLEN).await.unwrap_err().to_string();
    assert!(error.contains("cannot be reached"), "{error}");
}

#[tokio::test]
async fn every_line_of_a_file_is_found_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for count in [0_usize, 1, 2, 3, 100] {
        let passwords: Vec<String> = (0..count)
            .map(|number| format!("stolen {number}"))
            .collect();
        let mut digests: Vec<String> = passwords.iter().map(|one| digest_of(one)).collect();
        digests.sort();
        let plain = digests
            .iter()
            .fold(String::new(), |all, one| all + one + "\n");
        let counted = digests
            .iter()
            .zip(1..)
            .fold(String::new(), |all, (one, number)| {
                all + one + &format!(":{}\r\n", 7_u64.pow(number % 12))
            });
        for (name, text) in [
            ("plain", plain.as_str()),
            ("counted", counted.as_str()),
            ("without its last line's end", plain.trim_end()),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let list = BreachedPasswords::File(path);
            for password in &passwords {
                assert!(
                    list.holds(password).await.unwrap(),
                    "{name} {count} {password}"
                );
            }
            for number in 0..50 {
                let other = format!("not stolen {number}");
                assert!(!list.holds(&other).await.unwrap(), "{name} {count} {other}");
            }
        }
    }
}

#[tokio::test]
async fn a_file_that_is_none_or_holds_something_else_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = BreachedPasswords::File(folder.path().join("missing"));
    assert!(matches!(
        missing.holds(STOLEN).await,
        Err(BreachedError::File(_))
    ));
    for text in ["password\nletmein\n", &DIGEST.to_lowercase(), "\u{e9}\n"] {
        let path = folder.path().join("words");
        std::fs::write(&path, text).unwrap();
        let list = BreachedPasswords::File(path);
        assert!(
            matches!(list.holds(STOLEN).await, Err(BreachedError::NoDigest)),
            "{text}"
        );
    }
}
