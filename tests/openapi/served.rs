//! How `clara serve` hands the document and the pages out: their headers, and what a browser is allowed with them.

use crate::support::{Folder, Server};

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
