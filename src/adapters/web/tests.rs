use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A server that misbehaves by path.
async fn server() -> SocketAddr {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

async fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut chunk = [0_u8; 1024];
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&chunk[..read]);
    }
    let request = String::from_utf8_lossy(&request).to_ascii_lowercase();
    let path = request.split(' ').nth(1).unwrap_or_default();
    let page = |headers: &str, body: &str| {
        format!("HTTP/1.1 200 OK\r\n{headers}\r\nConnection: close\r\n\r\n{body}")
    };
    let to = |location: &str| {
        format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
    };
    let html = "Content-Type: text/html; charset=utf-8";
    let answer = match path {
        "/page" => page(html, "<p>The bridge was opened in May 1933."),
        "/headers" => page("Content-Type: text/plain", &request),
        "/metadata" => to("http://169.254.169.254/latest/meta-data/"),
        "/decimal" => to("http://2852039166/"),
        "/file" => to("file:///etc/passwd"),
        "/port" => to("http://example.org:22/"),
        "/inside" => to("//localhost/"),
        "/loop" => to("/loop"),
        "/5" => to("/4"),
        "/4" => to("/3"),
        "/3" => to("/2"),
        "/2" => to("/1"),
        "/1" | "/again" => to("/page"),
        "/6" => to("/5"),
        "/missing" => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "/binary" => page("Content-Type: application/octet-stream", "x"),
        "/untyped" => page("X-Nothing: here", "x"),
        "/gzip" => page("Content-Type: text/html\r\nContent-Encoding: gzip", "\x1f"),
        "/announced" => page("Content-Type: text/html\r\nContent-Length: 6000000", ""),
        "/slow" | "/silent" | "/endless" => String::new(),
        _ => "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".to_owned(),
    };
    stream.write_all(answer.as_bytes()).await?;
    if path == "/silent" {
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
    if matches!(path, "/slow" | "/endless") {
        stream.write_all(page(html, "").as_bytes()).await?;
        loop {
            if path == "/slow" {
                stream.write_all(b"x").await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
            } else {
                stream.write_all(&[b'x'; 16384]).await?;
            }
        }
    }
    stream.shutdown().await
}

fn install_provider() {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

struct Setup {
    web: Web,
    server: SocketAddr,
}

impl Setup {
    async fn new() -> Self {
        install_provider();
        let server = server().await;
        let web = Web::with_exceptions(&[server]);
        Self { web, server }
    }

    async fn fetch(&self, path: &str) -> Result<Fetched, FetchError> {
        self.web
            .fetch(&format!("http://{}{path}", self.server))
            .await
    }
}

#[tokio::test]
async fn a_page_comes_with_its_last_address_and_type() {
    let setup = Setup::new().await;
    let page = setup.fetch("/again").await.unwrap();
    assert_eq!(page.bytes, b"<p>The bridge was opened in May 1933.");
    assert_eq!(page.final_url, format!("http://{}/page", setup.server));
    assert_eq!(
        (page.content_type.as_str(), page.name.as_str()),
        ("text/html", "page.html")
    );
}

#[tokio::test]
async fn a_page_comes_with_its_charset() {
    let setup = Setup::new().await;
    let folder = tempfile::tempdir().unwrap();
    let fetch = async |path: &str| {
        let url = format!("http://{}{path}", setup.server);
        let file = setup.web.fetch_to_file(&url, folder.path()).await;
        file.unwrap().charset
    };
    assert_eq!(fetch("/page").await.as_deref(), Some("utf-8"));
    assert_eq!(fetch("/headers").await, None);
    let named = |header: &str| charset_of(header);
    assert_eq!(
        named("text/html; charset=\"koi8-r\"").as_deref(),
        Some("koi8-r")
    );
    assert_eq!(
        named("text/html; boundary=x;charset = utf-8").as_deref(),
        Some("utf-8")
    );
    assert_eq!(
        named(&format!("text/html; charset={}", "x".repeat(41))),
        None
    );
}

#[tokio::test]
async fn nothing_about_us_is_sent() {
    let setup = Setup::new().await;
    let sent = String::from_utf8(setup.fetch("/headers").await.unwrap().bytes).unwrap();
    for never in ["cookie", "referer", "authorization", "accept-encoding"] {
        assert!(!sent.contains(never), "{sent}");
    }
}

#[tokio::test]
async fn without_an_exception_this_machine_is_never_reached() {
    install_provider();
    let server = server().await;
    let web = Web::new();
    for host in [
        server.to_string(),
        "127.0.0.1".to_owned(),
        "localhost".to_owned(),
        "[::ffff:7f00:1]".to_owned(),
    ] {
        let error = web.fetch(&format!("http://{host}/page")).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused(_)), "{host}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_is_judged_like_the_first_address() {
    let setup = Setup::new().await;
    for path in ["/metadata", "/decimal", "/file", "/port", "/inside"] {
        let error = setup.fetch(path).await.unwrap_err();
        assert!(
            matches!(error, FetchError::RefusedOnTheWay(_)),
            "{path}: {error}"
        );
    }
}

#[tokio::test]
async fn five_hops_are_followed_and_no_more() {
    let setup = Setup::new().await;
    assert!(setup.fetch("/5").await.is_ok());
    for path in ["/6", "/loop"] {
        assert!(
            matches!(
                setup.fetch(path).await.unwrap_err(),
                FetchError::TooManyHops(5)
            ),
            "{path}"
        );
    }
}

#[tokio::test]
async fn too_much_and_too_slow_are_cut_off() {
    let setup = Setup::new().await;
    for path in ["/endless", "/announced"] {
        let error = setup.fetch(path).await.unwrap_err();
        assert!(
            matches!(error, FetchError::TooLarge(5_242_880)),
            "{path}: {error}"
        );
    }
    let short = Bounds {
        whole: Duration::from_millis(300),
        ..BOUNDS
    };
    let web = Web::build(&[setup.server], system_lookup(), short);
    for path in ["/slow", "/silent"] {
        let began = Instant::now();
        let error = web
            .fetch(&format!("http://{}{path}", setup.server))
            .await
            .unwrap_err();
        assert!(matches!(error, FetchError::TooSlow(_)), "{path}: {error}");
        assert!(began.elapsed() < Duration::from_secs(5));
    }
    assert_eq!(
        (
            BOUNDS.hops,
            BOUNDS.connect.as_secs(),
            BOUNDS.whole.as_secs()
        ),
        (5, 5, 15)
    );
}

#[tokio::test]
async fn other_types_statuses_and_encodings_are_named() {
    let setup = Setup::new().await;
    assert!(matches!(
        setup.fetch("/binary").await.unwrap_err(),
        FetchError::Type(_)
    ));
    assert!(matches!(
        setup.fetch("/untyped").await.unwrap_err(),
        FetchError::Type(_)
    ));
    assert!(matches!(
        setup.fetch("/gzip").await.unwrap_err(),
        FetchError::Compressed
    ));
    assert!(matches!(
        setup.fetch("/missing").await.unwrap_err(),
        FetchError::Status(404)
    ));
    assert!(matches!(
        setup.web.fetch("no address").await.unwrap_err(),
        FetchError::NoAddress
    ));
}

/// Answers a name with these addresses, one after the other, the last one for ever.
fn answers(script: &'static [&'static [&'static str]]) -> (Lookup, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let lookup: Lookup = Arc::new(move |_| {
        let turn = count.fetch_add(1, Ordering::SeqCst).min(script.len() - 1);
        let addresses = script[turn].iter().map(|ip| ip.parse().unwrap()).collect();
        Box::pin(async move { Ok(addresses) })
    });
    (lookup, asked)
}

#[tokio::test]
async fn a_name_that_changes_its_address_between_two_hops_is_caught() {
    install_provider();
    let server = server().await;
    let (lookup, asked) = answers(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let web = Web::build(&[server], lookup, BOUNDS);
    let url = format!("http://rebind.example:{}/again", server.port());
    let error = web.fetch(&url).await.unwrap_err();
    assert!(
        matches!(error, FetchError::RefusedOnTheWay(Objection::NotPublic)),
        "{error:?}"
    );
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_name_with_one_address_inside_is_refused_whole() {
    const SCRIPTS: [&[&[&str]]; 3] = [
        &[&["8.8.8.8", "10.0.0.1"]],
        &[&["fd00::1"]],
        &[&["::ffff:169.254.169.254"]],
    ];
    install_provider();
    for script in SCRIPTS {
        let (lookup, _) = answers(script);
        let web = Web::build(&[], lookup, BOUNDS);
        let error = web.fetch("http://mixed.example/").await.unwrap_err();
        assert!(
            matches!(error, FetchError::Refused(Objection::NotPublic)),
            "{error:?}"
        );
    }
}
