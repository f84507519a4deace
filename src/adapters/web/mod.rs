//! Fetches pages and files that a stranger's link names, from the public internet only. The address that was judged is the
//! address that is dialled, for the client asks our own resolver; redirects are followed here, each judged anew. Addresses
//! that the operator sets (engines, search) have another client. It knows no task and no format.

mod address;
mod name;

use std::error::Error as _;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::OnceCell;
use url::Url;

pub use address::{Objection, is_public, is_public_name};

/// The bounds of one fetch.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    hops: usize,
    connect: Duration,
    whole: Duration,
    bytes: usize,
}

const BOUNDS: Bounds = Bounds {
    hops: 5,
    connect: Duration::from_secs(5),
    whole: Duration::from_secs(15),
    bytes: 5 * 1024 * 1024,
};

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub bytes: Vec<u8>,
    /// Where the redirects led.
    pub final_url: String,
    /// The type without its parameters, in lower case.
    pub content_type: String,
    /// A file name made of the address, whose extension fits the type.
    pub name: String,
}

/// What was fetched into a file.
#[derive(Debug)]
pub struct FetchedFile {
    /// Where it stands is its end.
    pub file: std::fs::File,
    pub length: u64,
    /// Where the redirects led.
    pub final_url: String,
    /// The character encoding that the server names, in lower case.
    pub charset: Option<String>,
}

/// Why nothing was fetched, as the rest of a sentence about the address.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("it is no web address")]
    NoAddress,
    #[error("{0}")]
    Refused(#[from] Objection),
    #[error("it leads on to an address that is refused: {0}")]
    RefusedOnTheWay(#[source] Objection),
    #[error("it was passed on more than {0} times")]
    TooManyHops(usize),
    #[error("it could not be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("it could not be fetched, because Clara is stopping")]
    NoClient,
    #[error("it took longer than {} s", .0.as_secs())]
    TooSlow(Duration),
    #[error("the server answered {0}")]
    Status(u16),
    #[error("it is larger than {} MB; save it and attach the part that matters", .0 / (1024 * 1024))]
    TooLarge(usize),
    #[error("it is {0:?}: only text, HTML and PDF are fetched")]
    Type(String),
    #[error("it came compressed, which was not asked for")]
    Compressed,
    #[error("it could not be put aside on this machine")]
    PutAside(#[source] std::io::Error),
}

/// An answer worth reading, before it is read.
struct Found {
    url: Url,
    response: reqwest::Response,
    content_type: String,
    charset: Option<String>,
    name: String,
}

type Answer = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;
type Lookup = Arc<dyn Fn(String) -> Answer + Send + Sync>;

/// Fetches from the public internet.
#[derive(Clone)]
pub struct Web {
    /// Made at the first fetch: it reads the machine's certificates, which takes longer than all else of a start.
    client: Arc<OnceCell<reqwest::Client>>,
    lookup: Lookup,
    exceptions: Arc<[SocketAddr]>,
    bounds: Bounds,
}

impl Default for Web {
    fn default() -> Self {
        Self::new()
    }
}

impl Web {
    /// A fetcher that reaches public addresses only. The process's TLS provider must be installed before the first fetch.
    pub fn new() -> Self {
        Self::with_exceptions(&[])
    }

    /// The same, but these addresses may be reached too. For tests with a server of their own: no setting leads here.
    pub fn with_exceptions(exceptions: &[SocketAddr]) -> Self {
        Self::build(exceptions, system_lookup(), BOUNDS)
    }

    fn build(exceptions: &[SocketAddr], lookup: Lookup, bounds: Bounds) -> Self {
        Self {
            client: Arc::default(),
            lookup,
            exceptions: exceptions.into(),
            bounds,
        }
    }

    async fn client(&self) -> Result<&reqwest::Client, FetchError> {
        let judging = Judging {
            lookup: Arc::clone(&self.lookup),
            exceptions: Arc::clone(&self.exceptions),
        };
        let connect = self.bounds.connect;
        let made = self.client.get_or_try_init(|| async move {
            let making = tokio::task::spawn_blocking(move || {
                reqwest::Client::builder()
                    .user_agent(concat!("clara/", env!("CARGO_PKG_VERSION")))
                    .redirect(reqwest::redirect::Policy::none())
                    .referer(false)
                    .no_proxy()
                    .dns_resolver(Arc::new(judging))
                    .connect_timeout(connect)
                    .pool_max_idle_per_host(0)
                    .build()
            });
            making
                .await
                .map_err(|_| FetchError::NoClient)?
                .map_err(FetchError::Unreachable)
        });
        made.await
    }

    /// Fetches a page or file.
    pub async fn fetch(&self, url: &str) -> Result<Fetched, FetchError> {
        let url = Url::parse(url.trim()).map_err(|_| FetchError::NoAddress)?;
        let fetching = async {
            let found = self.follow(url).await?;
            let (mut response, mut length, mut bytes) = (found.response, 0, Vec::new());
            while let Some(chunk) = self.next_chunk(&mut response, &mut length).await? {
                bytes.extend_from_slice(&chunk);
            }
            Ok(Fetched {
                bytes,
                final_url: found.url.into(),
                content_type: found.content_type,
                name: found.name,
            })
        };
        tokio::time::timeout(self.bounds.whole, fetching)
            .await
            .map_err(|_| FetchError::TooSlow(self.bounds.whole))?
    }

    /// The same into a file in `folder` that has no name: never is more than a piece of it in memory.
    pub async fn fetch_to_file(&self, url: &str, folder: &Path) -> Result<FetchedFile, FetchError> {
        let url = Url::parse(url.trim()).map_err(|_| FetchError::NoAddress)?;
        let fetching = async {
            let found = self.follow(url).await?;
            let folder = folder.to_owned();
            let made = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder)).await;
            let made = made.map_err(|_| FetchError::NoClient)?;
            let mut file = tokio::fs::File::from_std(made.map_err(FetchError::PutAside)?);
            let (mut response, mut length) = (found.response, 0);
            while let Some(chunk) = self.next_chunk(&mut response, &mut length).await? {
                file.write_all(&chunk).await.map_err(FetchError::PutAside)?;
            }
            file.flush().await.map_err(FetchError::PutAside)?;
            Ok(FetchedFile {
                file: file.into_std().await,
                length: length as u64,
                final_url: found.url.into(),
                charset: found.charset,
            })
        };
        tokio::time::timeout(self.bounds.whole, fetching)
            .await
            .map_err(|_| FetchError::TooSlow(self.bounds.whole))?
    }

    async fn follow(&self, mut url: Url) -> Result<Found, FetchError> {
        let mut hop = 0;
        loop {
            self.judge(&url)
                .map_err(|objection| on_the_way(hop, objection))?;
            let response = self
                .client()
                .await?
                .get(url.clone())
                .send()
                .await
                .map_err(|error| {
                    refused_by_resolver(&error).map_or_else(
                        || FetchError::Unreachable(error),
                        |objection| on_the_way(hop, objection),
                    )
                })?;
            let status = response.status();
            let onward = response
                .headers()
                .get(LOCATION)
                .filter(|_| matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308));
            let Some(onward) = onward else {
                if !status.is_success() {
                    return Err(FetchError::Status(status.as_u16()));
                }
                return self.judge_answer(url, response);
            };
            hop += 1;
            if hop > self.bounds.hops {
                return Err(FetchError::TooManyHops(self.bounds.hops));
            }
            let onward = onward.to_str().map_err(|_| FetchError::NoAddress)?;
            url = url.join(onward).map_err(|_| FetchError::NoAddress)?;
        }
    }

    fn judge_answer(&self, url: Url, response: reqwest::Response) -> Result<Found, FetchError> {
        let header = |name| {
            let value = response.headers().get(name);
            value.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
        };
        if header(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Err(FetchError::Compressed);
        }
        let content_type = header(CONTENT_TYPE).unwrap_or_default();
        let charset = charset_of(&content_type);
        let content_type = content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        let Some(name) = name::name_of(&url, &content_type) else {
            return Err(FetchError::Type(content_type.chars().take(100).collect()));
        };
        let too_large = || FetchError::TooLarge(self.bounds.bytes);
        if response
            .content_length()
            .is_some_and(|length| length > self.bounds.bytes as u64)
        {
            return Err(too_large());
        }
        Ok(Found {
            url,
            response,
            content_type,
            charset,
            name,
        })
    }

    /// The next piece; `length` is what came so far.
    async fn next_chunk(
        &self,
        response: &mut reqwest::Response,
        length: &mut usize,
    ) -> Result<Option<Bytes>, FetchError> {
        let chunk = response.chunk().await.map_err(FetchError::Unreachable)?;
        *length += chunk.as_ref().map_or(0, Bytes::len);
        if *length > self.bounds.bytes {
            return Err(FetchError::TooLarge(self.bounds.bytes));
        }
        Ok(chunk)
    }

    fn judge(&self, url: &Url) -> Result<(), Objection> {
        address::judge(
            url,
            |port| {
                self.exceptions
                    .iter()
                    .any(|exception| exception.port() == port)
            },
            |ip| self.exceptions.iter().any(|exception| exception.ip() == ip),
        )
    }
}

fn on_the_way(hop: usize, objection: Objection) -> FetchError {
    if hop == 0 {
        FetchError::Refused(objection)
    } else {
        FetchError::RefusedOnTheWay(objection)
    }
}

/// The resolver's objection, where that is why a request failed.
fn refused_by_resolver(error: &reqwest::Error) -> Option<Objection> {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(objection) = cause.downcast_ref::<Objection>() {
            return Some(*objection);
        }
        source = cause.source();
    }
    None
}

/// Looks names up and gives out public addresses only: the client dials what it gets here and nothing else.
struct Judging {
    lookup: Lookup,
    exceptions: Arc<[SocketAddr]>,
}

impl Resolve for Judging {
    fn resolve(&self, name: Name) -> Resolving {
        let looked_up = (self.lookup)(name.as_str().to_owned());
        let exceptions = Arc::clone(&self.exceptions);
        Box::pin(async move {
            let addresses = looked_up.await?;
            let fine = |ip: &IpAddr| {
                is_public(*ip) || exceptions.iter().any(|exception| exception.ip() == *ip)
            };
            // One address inside among public ones is a trap, not a choice.
            if !addresses.iter().all(fine) {
                return Err(Objection::NotPublic.into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

fn system_lookup() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// No name of an encoding is longer.
const MAX_CHARSET_BYTES: usize = 40;

/// `iso-8859-1` of `text/html; charset="iso-8859-1"`.
fn charset_of(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        let is_name =
            name.trim() == "charset" && !value.is_empty() && value.len() <= MAX_CHARSET_BYTES;
        is_name.then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests;
