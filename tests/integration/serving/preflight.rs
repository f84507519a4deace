//! What a browser is told before a page of another origin may ask: the front end's and the listed ones' pages may send the
//! headers of the contract, no other, and never cookies. And a page that made its own name lead here reaches nothing at all.

use std::collections::BTreeSet;

use reqwest::header::{HOST, HeaderMap, ORIGIN};
use serde_json::Value;

use super::client;
use super::rest::{PUBLIC, account};
use super::support::{Folder, Server};

const KNOWN: [&str; 2] = ["https://app.example.org", "https://tools.example.org:8443"];

/// Every header that a page may send.
const ALLOWED: [&str; 9] = [
    "authorization",
    "content-type",
    "last-event-id",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    "mcp-session-id",
    "user-id",
    "x-request-id",
];

/// Every header that a page may read.
const EXPOSED: [&str; 5] = [
    "mcp-session-id",
    "retry-after",
    "www-authenticate",
    "x-request-id",
    "x-total-count",
];

fn serve(folder: &Folder) -> Server {
    let settings = [
        ("CLARA_CLIENT_URL", KNOWN[0]),
        ("CLARA_ALLOWED_ORIGINS", KNOWN[1]),
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
    ];
    Server::start(folder, &settings)
}

fn words(headers: &HeaderMap, name: &str) -> BTreeSet<String> {
    let said = headers[name].to_str().unwrap().split(',');
    said.map(|word| word.trim().to_ascii_lowercase()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_known_may_send_the_contracts_headers_and_no_other() {
    let folder = Folder::new();
    let server = serve(&folder);
    for path in ["/api/v1/users/x", "/api/v1/stripe/buy", "/mcp", "/sse"] {
        for origin in KNOWN {
            let preflight = client().request(reqwest::Method::OPTIONS, server.at(path));
            // Whatever is asked for, the answer is the list.
            let preflight = preflight
                .header(ORIGIN, origin)
                .header("access-control-request-method", "POST")
                .header(
                    "access-control-request-headers",
                    "authorization,cookie,x-evil",
                );
            let answer = preflight.send().await.unwrap();
            assert!(answer.status().is_success(), "{path} from {origin}");
            let headers = answer.headers();
            assert_eq!(headers["access-control-allow-origin"], origin, "{path}");
            assert_eq!(headers.get("access-control-allow-credentials"), None);
            let allowed = words(headers, "access-control-allow-headers");
            assert_eq!(allowed, BTreeSet::from(ALLOWED.map(str::to_owned)));
            let vary = words(headers, "vary");
            assert!(vary.contains("origin"), "kept for this origin alone");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_known_reads_answers_without_cookies() {
    let folder = Folder::new();
    let server = serve(&folder);
    let ada = account(&folder, &server).await;
    let whose = [
        ada.path.clone(),
        format!("{}/api_key", ada.path),
        format!("{}/transactions", ada.path),
    ];
    for (origin, path) in KNOWN
        .iter()
        .flat_map(|origin| whose.iter().map(move |path| (origin, path)))
    {
        let request = client().get(server.at(&format!("/api/v1{path}")));
        let request = request.header(ORIGIN, *origin);
        let answer = request.header("authorization", &ada.session).send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], *origin);
        assert_eq!(headers.get("access-control-allow-credentials"), None);
        let exposed = words(headers, "access-control-expose-headers");
        assert_eq!(exposed, BTreeSet::from(EXPOSED.map(str::to_owned)));
        // With data in it, an answer is nobody's to keep.
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
    }
}

const LOOKED_AT: [&str; 19] = [
    "/",
    "/docs",
    "/docs.css",
    "/openapi.json",
    "/register",
    "/activate",
    "/sign-in",
    "/sign-in?request=page_0123456789abcdef0123456789abcdef",
    "/sign-in/requests/page_0123456789abcdef0123456789abcdef",
    "/password",
    "/account",
    "/account/data",
    "/account/delete",
    "/account/second-factor",
    "/account/second-factor/app",
    "/pages.css",
    "/readyz",
    "/api/v1/health",
    "/nowhere",
];

const SENT_TO: [&str; 9] = [
    "/api/v1/stripe/settle",
    "/api/v1/auth/register",
    "/register",
    "/sign-in",
    "/sign-in/answer",
    "/account/key",
    "/account/sign-out",
    "/mcp",
    "/messages",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_under_a_name_of_its_own_reaches_nothing() {
    let folder = Folder::new();
    let server = Server::start(
        &folder,
        &[("CLARA_PUBLIC_URL", "https://clara.example.org")],
    );
    let port = server.url.rsplit(':').next().unwrap();
    let strange = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "clara.example.org.evil.example".to_owned(),
        format!("127.0.0.1.evil.example:{port}"),
        "169.254.169.254".to_owned(),
    ];
    let gets = LOOKED_AT.map(|path| (reqwest::Method::GET, path));
    let posts = SENT_TO.map(|path| (reqwest::Method::POST, path));
    for (method, path) in gets.into_iter().chain(posts) {
        for host in &strange {
            let request = client().request(method.clone(), server.at(path));
            let answer = request.header(HOST, host).send().await.unwrap();
            assert_eq!(answer.status(), 403, "{method} {path} as {host}");
            assert!(!answer.headers().contains_key("set-cookie"), "{path}");
            let body: Value = answer.json().await.unwrap();
            assert_eq!(body["data"]["errors"][0]["field"], "Host", "{path}");
        }
        if method == reqwest::Method::GET {
            for host in ["clara.example.org", &format!("127.0.0.1:{port}")] {
                let request = client().get(server.at(path)).header(HOST, host);
                let status = request.send().await.unwrap().status();
                assert_ne!(status, 403, "{path} as {host}");
            }
        }
    }
}
