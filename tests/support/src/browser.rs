//! A browser without a window: it keeps cookies, says where its forms come from, and follows nothing by itself.
use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};

pub struct Browser {
    url: String,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    /// Headers of every request, such as the address it comes from.
    pub headers: Vec<(&'static str, String)>,
}

/// What it was shown.
#[derive(Debug)]
pub struct Shown {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn at(url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            url: url.to_owned(),
            client,
            cookies: Mutex::default(),
            headers: Vec::new(),
        }
    }

    /// The same visitor from another place: the cookies come along.
    pub fn cookies_of(self, other: &Self) -> Self {
        *self.cookies.lock().unwrap() = other.cookies.lock().unwrap().clone();
        self
    }

    pub async fn get(&self, path: &str) -> Shown {
        let request = self.client.get(format!("{}{path}", self.url));
        self.send(request).await
    }

    /// Sends a form of a page of this site.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Shown {
        let request = self.request(path).form(form);
        self.send(request.header("sec-fetch-site", "same-origin"))
            .await
    }

    /// A post that is not a page's form yet.
    pub fn request(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{path}", self.url))
    }

    pub async fn send(&self, mut request: reqwest::RequestBuilder) -> Shown {
        let held: Vec<String> = {
            let cookies = self.cookies.lock().unwrap();
            cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect()
        };
        if !held.is_empty() {
            request = request.header(COOKIE, held.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let response = request.send().await.unwrap();
        let shown = Shown {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        };
        self.keep(&shown);
        shown
    }

    fn keep(&self, shown: &Shown) {
        let mut cookies = self.cookies.lock().unwrap();
        for cookie in shown.cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// What it holds under this name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn put_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        cookies.insert(name.to_owned(), value.to_owned());
    }
}

impl Shown {
    /// Every cookie that it sets.
    pub fn cookies(&self) -> Vec<String> {
        let all = self.headers.get_all(SET_COOKIE).iter();
        all.map(|cookie| cookie.to_str().unwrap().to_owned())
            .collect()
    }

    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.headers[LOCATION].to_str().unwrap()
    }

    /// Done, and on to this page.
    #[track_caller]
    pub fn goes_to(&self, path: &str) {
        assert_eq!(self.status, 303, "{}", self.body);
        assert_eq!(self.location(), path);
    }

    /// A page of this status that says these words.
    #[track_caller]
    pub fn says(&self, status: u16, words: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert!(self.body.contains(words), "{words}: {}", self.body);
    }

    /// The words beside a field, bound to it for whoever hears the page.
    pub fn beside(&self, field: &str) -> Option<String> {
        let mark = format!("id=\"{field}-problem\">");
        let words = self.body.split_once(&mark)?.1.split('<').next()?;
        let input = self.body.split_once(&format!("<input id=\"{field}\""))?.1;
        let input = input.split('>').next()?;
        let described = input.split_once("aria-describedby=\"")?.1;
        let bound = described
            .split('"')
            .next()?
            .split(' ')
            .any(|id| id == format!("{field}-problem"));
        assert!(bound && input.contains("aria-invalid=\"true\""), "{input}");
        Some(words.to_owned())
    }

    /// What stands in a field of the form.
    pub fn value(&self, field: &str) -> Option<String> {
        let mark = format!("name=\"{field}\"");
        let input = self
            .body
            .split("<input")
            .find(|input| input.contains(&mark))?;
        let value = input.split_once("value=\"")?.1.split('"').next()?;
        Some(value.to_owned())
    }
}
