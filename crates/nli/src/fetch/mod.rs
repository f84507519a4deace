//! Fetches a published model: first what it is, how large, under which licence and with which hash, then, once somebody agreed, its files.
//! The hub that serves them states the SHA-256 of the weights, and nothing is kept that does not have it.

mod catalog;
mod download;
#[cfg(test)]
mod tests;

use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, ETAG, HeaderMap, LOCATION};
use reqwest::{Client, Response, StatusCode};
use url::{Host, Url};

pub use catalog::{KNOWN_MODELS, KnownModel, known_model};
pub use download::{FetchedFile, SUMS_FILE, download};

/// Where models are published.
pub const HUB: &str = "https://huggingface.co/";
/// What a model's folder needs.
const FILES: [&str; 3] = ["config.json", "tokenizer.json", WEIGHTS];
const WEIGHTS: &str = "model.safetensors";
/// The largest files that are fetched.
const MAX_WEIGHTS_BYTES: u64 = 4_000_000_000;
const MAX_OTHER_BYTES: u64 = 100_000_000;
/// Addresses within the hub that one file may lead through.
const MAX_REDIRECTS: usize = 5;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A server that sends nothing for so long sends nothing more.
const READ_TIMEOUT: Duration = Duration::from_mins(1);

/// Why a model is not fetched, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("{0} is no address to fetch from; take https://, or http:// of this machine")]
    Address(String),
    #[error("{host} cannot be reached ({problem}); try again later, or name a mirror with --from")]
    Unreachable { host: String, problem: String },
    #[error("{address} answered with status {status}; the model may have moved")]
    Refused { address: Url, status: StatusCode },
    #[error("{address} {problem}; nothing of it is kept")]
    Unusable { address: Url, problem: String },
    #[error("{path}: {error}")]
    Disk { path: String, error: std::io::Error },
}

/// A file as the hub tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFile {
    pub name: &'static str,
    pub address: Url,
    pub bytes: u64,
    /// As the hub states it; it states none of small files.
    pub sha256: Option<String>,
}

/// What would be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchPlan {
    pub model: KnownModel,
    pub files: Vec<RemoteFile>,
}

impl FetchPlan {
    /// The bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// Asks the hub about a model's files. Fetches none.
pub async fn plan(model: KnownModel, from: &str) -> Result<FetchPlan, FetchError> {
    let base = base(from)?;
    let client = client()?;
    // All files are of one state of the repository: the one that the first has.
    let mut revision = "main".to_owned();
    let mut files = Vec::new();
    for name in FILES {
        let address = address(&base, model.repository, &revision, name)?;
        let (file, commit) = ask(&client, name, address).await?;
        if let Some(commit) = commit {
            revision = commit;
        }
        let address = self::address(&base, model.repository, &revision, name)?;
        files.push(RemoteFile { address, ..file });
    }
    Ok(FetchPlan { model, files })
}

async fn ask(
    client: &Client,
    name: &'static str,
    address: Url,
) -> Result<(RemoteFile, Option<String>), FetchError> {
    let mut place = address.clone();
    for _ in 0..MAX_REDIRECTS {
        let response = client.head(place.clone()).send().await;
        let response = response.map_err(|error| unreachable(&place, &error))?;
        // Large files are kept elsewhere: the answer that leads there tells of them.
        let is_told = response.headers().contains_key("x-linked-etag");
        if response.status().is_redirection() && !is_told {
            place = next(&response).ok_or_else(|| unusable(&place, "leads nowhere"))?;
            continue;
        }
        if !response.status().is_success() && !response.status().is_redirection() {
            let status = response.status();
            return Err(FetchError::Refused { address, status });
        }
        let headers = response.headers();
        let bytes = text(headers, "x-linked-size")
            .or_else(|| text(headers, CONTENT_LENGTH.as_str()))
            .and_then(|size| size.parse().ok())
            .ok_or_else(|| unusable(&address, "does not say how large it is"))?;
        let most = if name == WEIGHTS {
            MAX_WEIGHTS_BYTES
        } else {
            MAX_OTHER_BYTES
        };
        if bytes > most {
            return Err(unusable(
                &address,
                &format!("has {bytes} bytes, more than {most}"),
            ));
        }
        let tag = text(headers, "x-linked-etag").or_else(|| text(headers, ETAG.as_str()));
        let sha256 = tag.and_then(|tag| sha256_of_tag(&tag));
        if name == WEIGHTS && sha256.is_none() {
            return Err(unusable(
                &address,
                "has no SHA-256 stated by its server, so that it could not be checked",
            ));
        }
        let commit = text(headers, "x-repo-commit").filter(|commit| is_hex(commit, 40));
        let file = RemoteFile {
            name,
            address,
            bytes,
            sha256,
        };
        return Ok((file, commit));
    }
    Err(unusable(&address, "leads from address to address"))
}

/// The next address of a redirect; only within the same server.
fn next(response: &Response) -> Option<Url> {
    let to = response.headers().get(LOCATION)?.to_str().ok()?;
    let to = response.url().join(to).ok()?;
    (to.origin() == response.url().origin()).then_some(to)
}

/// A tag that is the SHA-256 of a file, as the hub gives it for large ones.
fn sha256_of_tag(tag: &str) -> Option<String> {
    let plain = tag.trim().trim_start_matches("W/").trim_matches('"');
    is_hex(plain, 64).then(|| plain.to_ascii_lowercase())
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// Whether files may come from there: encrypted, or from this machine.
fn is_allowed(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

fn base(from: &str) -> Result<Url, FetchError> {
    let mut base: Url = from
        .parse()
        .map_err(|_| FetchError::Address(from.to_owned()))?;
    if !is_allowed(&base) {
        return Err(FetchError::Address(from.to_owned()));
    }
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Ok(base)
}

fn address(base: &Url, repository: &str, revision: &str, name: &str) -> Result<Url, FetchError> {
    base.join(&format!("{repository}/resolve/{revision}/{name}"))
        .map_err(|_| FetchError::Address(base.to_string()))
}

/// Follows no redirect by itself: where a file's bytes come from is decided in `download`.
fn client() -> Result<Client, FetchError> {
    Client::builder()
        .user_agent(concat!("clara/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .build()
        .map_err(|error| FetchError::Unreachable {
            host: "the network".to_owned(),
            problem: error.to_string(),
        })
}

fn unreachable(address: &Url, error: &reqwest::Error) -> FetchError {
    let problem = if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke off"
    };
    FetchError::Unreachable {
        host: address.host_str().unwrap_or_default().to_owned(),
        problem: problem.to_owned(),
    }
}

fn unusable(address: &Url, problem: &str) -> FetchError {
    FetchError::Unusable {
        address: address.clone(),
        problem: problem.to_owned(),
    }
}
