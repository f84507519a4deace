//! From where a request may come: names, origins, and headers that keep browsers honest, over every face alike.

use reqwest::header::{AUTHORIZATION, HOST, ORIGIN};
use serde_json::{Value, json};

use super::client;
use super::rest::PRIVATE;
use super::support::{Folder, Server};

const PATHS: [&str; 6] = [
    "/api/v1/users/x",
    "/mcp",
    "/sse",
    "/messages",
    "/livez",
    "/metrics",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_strange_host_or_origin_is_refused_on_every_face() {
    let folder = Folder::new();
    let server = Server::start(
        &folder,
        &[
            ("CLARA_PUBLIC_URL", "https://clara.example.org"),
            ("CLARA_CLIENT_URL", "https://app.example.org"),
            ("CLARA_ALLOWED_ORIGINS", "https://tools.example.org:8443"),
            ("CLARA_PRIVATE_API_KEY", PRIVATE),
        ],
    );
    let client = client();
    // Under a public name only the operator may read the metrics.
    let get = |path| client.get(server.at(path)).header(AUTHORIZATION, PRIVATE);
    let port = server.url.rsplit(':').next().unwrap();
    let hosts = [
        ("evil.example", false),
        ("clara.example.org.evil.example", false),
        ("clara.example.org", true),
        ("CLARA.example.org:443", true),
        ("clara.example.org:8443", false),
        ("localhost:1", true),
        (&format!("127.0.0.1:{port}"), true),
        ("[::1]:99", true),
        ("169.254.169.254", false),
        ("", false),
    ];
    for path in PATHS {
        for (host, welcome) in hosts {
            let request = get(path).header(HOST, host);
            let status = request.send().await.unwrap().status();
            assert_eq!(status != 403, welcome, "{path} by {host}: {status}");
        }
        let origins = [
            ("https://clara.example.org", true),
            ("https://app.example.org", true),
            ("https://tools.example.org:8443", true),
            ("https://tools.example.org", false),
            ("http://app.example.org", false),
            ("https://evil.example", false),
            ("null", false),
            ("https://app.example.org.evil.example", false),
            ("nonsense", false),
        ];
        for (origin, welcome) in origins {
            let request = get(path).header(ORIGIN, origin);
            let response = request.send().await.unwrap();
            let allowed = response
                .headers()
                .get("access-control-allow-origin")
                .cloned();
            let status = response.status().as_u16();
            if welcome {
                assert_ne!(status, 403, "{path} from {origin}");
                assert_eq!(allowed.unwrap(), origin);
            } else {
                assert_eq!(status, 403, "{path} from {origin}");
                assert_eq!(allowed, None, "{path} from {origin}");
                let body: Value = response.json().await.unwrap();
                assert_eq!(body["data"]["errors"][0]["field"], "Origin");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_is_called_under_the_public_name_and_under_no_other() {
    let folder = Folder::new();
    let settings = [("CLARA_PUBLIC_URL", "https://clara.example.org")];
    let server = Server::start(&folder, &settings);
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "misc_version", "arguments": {}, "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": {"name": "plain", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {}}}});
    let call_under = async |host: &str| {
        let asked = client().post(server.at("/mcp")).json(&call);
        let asked = asked
            .header(HOST, host)
            .header("accept", "application/json, text/event-stream")
            .header("mcp-protocol-version", "2026-07-28")
            .header("mcp-method", "tools/call")
            .header("mcp-name", "misc_version");
        let answer = asked.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, answer) = call_under("clara.example.org").await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains(env!("CARGO_PKG_VERSION")), "{answer}");
    let (status, answer) = call_under("evil.example").await;
    assert_eq!(status, 403, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_tells_nothing_of_anybody_is_open_to_every_page() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    for path in ["/api/v1/health", "/api/v1/version", "/openapi.json"] {
        let request = client().get(server.at(path));
        let response = request
            .header(ORIGIN, "https://elsewhere.example")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert!(
            response
                .headers()
                .contains_key("access-control-allow-origin"),
            "{path}"
        );
        let rebound = client().get(server.at(path)).header(HOST, "evil.example");
        assert_eq!(rebound.send().await.unwrap().status(), 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_allows_the_contracts_headers_and_no_cookies() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_CLIENT_URL", "https://app.example.org")]);
    let preflight = |origin: &'static str| {
        client()
            .request(reqwest::Method::OPTIONS, server.at("/api/v1/health"))
            .header(ORIGIN, origin)
            .header("access-control-request-method", "PATCH")
            .header(
                "access-control-request-headers",
                "authorization,content-type,mcp-session-id",
            )
            .send()
    };
    let allowed = preflight("https://app.example.org").await.unwrap();
    assert!(allowed.status().is_success());
    let header = |name: &str| {
        allowed
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(
        header("access-control-allow-origin").unwrap(),
        "https://app.example.org"
    );
    assert_eq!(header("access-control-allow-credentials"), None);
    for name in [
        "authorization",
        "content-type",
        "mcp-session-id",
        "mcp-protocol-version",
        "user-id",
    ] {
        assert!(
            header("access-control-allow-headers")
                .unwrap()
                .contains(name),
            "{name}"
        );
    }
    assert!(
        header("access-control-allow-methods")
            .unwrap()
            .contains("PATCH")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_from_a_strange_page_allows_it_nothing() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_CLIENT_URL", "https://app.example.org")]);
    for path in ["/api/v1/users/x", "/mcp", "/sse", "/messages", "/metrics"] {
        for origin in [
            "https://evil.example",
            "http://app.example.org",
            "https://app.example.org:444",
            "https://app.example.org.evil.example",
            "https://evil.example/https://app.example.org",
            "null",
            "*",
            "file://",
        ] {
            let preflight = client().request(reqwest::Method::OPTIONS, server.at(path));
            let preflight = preflight
                .header(ORIGIN, origin)
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization");
            let answer = preflight.send().await.unwrap();
            let headers = answer.headers();
            assert_eq!(
                headers.get("access-control-allow-origin"),
                None,
                "{path} from {origin}"
            );
            assert_eq!(headers.get("access-control-allow-credentials"), None);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_houses_headers_and_none_names_its_parts() {
    let folder = Folder::new();
    let server = Server::start(
        &folder,
        &[("CLARA_PUBLIC_URL", "https://clara.example.org")],
    );
    for path in ["/livez", "/readyz", "/nowhere", "/api/v1/nowhere", "/mcp"] {
        let response = client().get(server.at(path)).send().await.unwrap();
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert_eq!(
            headers["strict-transport-security"],
            "max-age=31536000; includeSubDomains"
        );
        assert_eq!(headers["x-request-id"].len(), 16, "{path}");
        assert!(headers.get("server").is_none() && headers.get("x-powered-by").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_comes_back_unless_it_would_spoil_a_log() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let sent_back = async |id: &str| {
        let request = client().get(server.at("/livez")).header("x-request-id", id);
        let response = request.send().await.unwrap();
        response.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(sent_back("order-7.b_1").await, "order-7.b_1");
    for spoiling in [
        "a b",
        "x\u{1b}[31m",
        &"9".repeat(65),
        "",
        "{\"level\":\"error\"}",
    ] {
        let answer = match reqwest::header::HeaderValue::from_bytes(spoiling.as_bytes()) {
            Ok(_) => sent_back(spoiling).await,
            // The client itself refuses to send it.
            Err(_) => continue,
        };
        assert_ne!(answer, spoiling);
        assert_eq!(answer.len(), 16);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_address_is_refused() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let path = format!("/api/v1/health?{}", "a".repeat(8 * 1024));
    let response = client().get(server.at(&path)).send().await.unwrap();
    assert_eq!(response.status(), 413);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["data"]["limit_bytes"], 8 * 1024);
}
