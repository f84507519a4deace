//! How `clara serve` hands the document and the pages out: their headers, and what a browser is allowed with them.

use crate::openapi::support::{Folder, Server};

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
async fn the_document_is_served_for_anybodys_page_and_names_this_server() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let strange = "https://editor.example.net";
    let request = client().get(server.at("/openapi.json"));
    let response = request.header("origin", strange).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("cache-control"), "public, max-age=300");
    assert_eq!(header("access-control-allow-origin"), strange);
    let document: serde_json::Value = response.json().await.unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], server.url.as_str());
}

#[tokio::test]
async fn pages_come_with_their_policy_and_without_a_script() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    for path in ["/", "/docs"] {
        let response = client().get(server.at(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; base-uri 'none'; \
             object-src 'none'; frame-ancestors 'none'; form-action 'self'"
        );
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        let page = response.text().await.unwrap();
        for forbidden in ["<script", "style=", "<style", " on"] {
            let found = page
                .split('<')
                .map(|tag| tag.split('>').next().unwrap_or_default())
                .any(|tag| format!("<{tag}").contains(forbidden));
            assert!(!found, "{path} has {forbidden}");
        }
        assert!(page.contains(&server.url), "{path} names this server");
        assert!(page.contains(r#"<link rel="stylesheet" href="/docs.css">"#));
    }
    let style = client().get(server.at("/docs.css")).send().await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    assert!(
        style
            .text()
            .await
            .unwrap()
            .contains("prefers-color-scheme: dark")
    );
}

#[tokio::test]
async fn the_docs_tell_of_every_operation() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let response = client().get(server.at("/docs")).send().await.unwrap();
    let page = response.text().await.unwrap();
    for entry in clara::operations::registry::ALL.iter() {
        let spec = &entry.spec;
        assert!(
            page.contains(&format!("<h3 id=\"{}\">", spec.tool)),
            "{}",
            spec.tool
        );
        assert!(
            page.contains(&format!("href=\"#{}\"", spec.tool)),
            "{}",
            spec.tool
        );
        assert!(
            page.contains(&format!("/api/v1{}", spec.route.path)),
            "{}",
            spec.tool
        );
    }
}
