//! A person who drops files on the page that a program's call asks for.
use reqwest::multipart::{Form, Part};

use crate::browser::{Browser, Shown};
use crate::person::Person;

/// The link that a person was asked to open, without the server's address.
pub fn asked_link(person: &Person) -> String {
    let asked = person.asked.lock().unwrap().last().cloned().unwrap();
    assert_eq!(asked["mode"], "url", "{asked}");
    let url = asked["url"].as_str().unwrap();
    let (_, rest) = url.split_once("/upload?").expect("a link");
    format!("/upload?{rest}")
}

/// Which request a link names.
pub fn request_of(link: &str) -> String {
    link.split_once('=').unwrap().1.to_owned()
}

/// Opens the link, and signs in first where that is needed.
pub async fn open(browser: &Browser, link: &str, email: &str, password: &str) -> Shown {
    let page = browser.get(link).await;
    if page.value("password").is_none() {
        return page;
    }
    page.says(200, "A program asks you for files.");
    let request = page.value("request").unwrap();
    let form = [
        ("email", email),
        ("password", password),
        ("request", &request),
    ];
    browser.post("/sign-in", &form).await.goes_to(link);
    browser.get(link).await
}

/// A form of the page, as a browser sends it.
pub fn form(link: &str, files: &[(&str, &[u8])], act: &str) -> Form {
    let mut form = Form::new().text("request", request_of(link));
    for (name, bytes) in files {
        let part = Part::bytes(bytes.to_vec()).file_name((*name).to_owned());
        form = form.part("files", part);
    }
    form.text("act", act.to_owned())
}

/// Sends files by the page's form.
pub async fn send(browser: &Browser, link: &str, files: &[(&str, &[u8])], act: &str) -> Shown {
    let request = browser
        .request("/upload")
        .multipart(form(link, files, act))
        .header("sec-fetch-site", "same-origin");
    browser.send(request).await
}
