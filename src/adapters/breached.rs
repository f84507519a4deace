//! Passwords that were stolen somewhere: looked up in a sorted file of digests, which is searched and never loaded, or at a
//! service that is told five characters of the digest and answers with all that begin with them. It knows no account.

mod file;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use url::Url;

/// How long the service is waited for in all: somebody waits to sign up meanwhile.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);
/// An honest answer has a thousand or two lines of about forty bytes.
const MAX_ANSWER: usize = 1024 * 1024;
/// How many characters of the digest leave the machine.
const SHOWN: usize = 5;
/// How many characters a digest has.
const DIGITS: usize = 40;

/// Why nobody knows whether a password was stolen.
#[derive(Debug, thiserror::Error)]
pub enum BreachedError {
    #[error("the file of BREACHED_PASSWORDS cannot be read: {0}")]
    File(#[from] std::io::Error),
    #[error("the file of BREACHED_PASSWORDS has a line that is no SHA-1 digest in upper-case hex")]
    NoDigest,
    #[error("the service of BREACHED_PASSWORDS cannot be reached: {}", innermost(.0))]
    Unreachable(#[source] reqwest::Error),
    #[error("the service of BREACHED_PASSWORDS did not answer within {} s", ANSWER_TIMEOUT.as_secs())]
    Silent,
    #[error("the service of BREACHED_PASSWORDS answered {0}")]
    Status(u16),
    #[error(
        "the service of BREACHED_PASSWORDS answered with something else than a list of digests"
    )]
    Garbage,
    #[error("nothing can be looked up, because Clara is stopping")]
    Stopping,
}

/// Where stolen passwords are looked up. Cheap to clone.
#[derive(Debug, Clone)]
pub enum BreachedPasswords {
    Off,
    /// A file of digests, sorted, one a line, each with or without `:count`.
    File(PathBuf),
    Service(Service),
}

/// A service of ranges. The operator named it, so it may be anywhere.
#[derive(Debug, Clone)]
pub struct Service {
    base: Url,
    /// Made at the first look-up: it reads the machine's certificates.
    client: Arc<OnceCell<reqwest::Client>>,
}

impl BreachedPasswords {
    /// A service that answers under `base` followed by the first five characters of a digest.
    pub fn service(base: Url) -> Self {
        Self::Service(Service {
            base,
            client: Arc::default(),
        })
    }

    /// Whether the password was stolen somewhere.
    pub async fn holds(&self, password: &str) -> Result<bool, BreachedError> {
        match self {
            Self::Off => Ok(false),
            Self::File(path) => {
                let (path, digest) = (path.clone(), digest_of(password));
                let searching = tokio::task::spawn_blocking(move || file::holds(&path, &digest));
                searching.await.map_err(|_| BreachedError::Stopping)?
            }
            Self::Service(service) => {
                let digest = digest_of(password);
                tokio::time::timeout(ANSWER_TIMEOUT, service.holds(&digest))
                    .await
                    .map_err(|_| BreachedError::Silent)?
            }
        }
    }
}

impl Service {
    async fn holds(&self, digest: &str) -> Result<bool, BreachedError> {
        let (shown, kept) = digest.split_at(SHOWN);
        let slash = if self.base.as_str().ends_with('/') {
            ""
        } else {
            "/"
        };
        let address = format!("{}{slash}{shown}", self.base);
        let client = self.client().await?;
        // Padding hides how many digests begin like this one from who watches the line.
        let request = client.get(address).header("Add-Padding", "true");
        let mut response = request.send().await.map_err(BreachedError::Unreachable)?;
        if !response.status().is_success() {
            return Err(BreachedError::Status(response.status().as_u16()));
        }
        let mut answer = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(BreachedError::Unreachable)? {
            if answer.len() + piece.len() > MAX_ANSWER {
                return Err(BreachedError::Garbage);
            }
            answer.extend_from_slice(&piece);
        }
        let text = std::str::from_utf8(&answer).map_err(|_| BreachedError::Garbage)?;
        let mut is_there = false;
        let mut lines = 0;
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (rest, count) = line.split_once(':').ok_or(BreachedError::Garbage)?;
            let count: u64 = count.trim().parse().map_err(|_| BreachedError::Garbage)?;
            if rest.len() != DIGITS - SHOWN || !rest.bytes().all(|digit| digit.is_ascii_hexdigit())
            {
                return Err(BreachedError::Garbage);
            }
            lines += 1;
            // What was never seen is there as padding.
            is_there |= count > 0 && rest.eq_ignore_ascii_case(kept);
        }
        if lines == 0 {
            return Err(BreachedError::Garbage);
        }
        Ok(is_there)
    }

    async fn client(&self) -> Result<&reqwest::Client, BreachedError> {
        let made = self.client.get_or_try_init(|| async {
            let making = tokio::task::spawn_blocking(|| {
                reqwest::Client::builder()
                    .user_agent(concat!("clara/", env!("CARGO_PKG_VERSION")))
                    .redirect(reqwest::redirect::Policy::none())
                    .referer(false)
                    .no_proxy()
                    .build()
            });
            making
                .await
                .map_err(|_| BreachedError::Stopping)?
                .map_err(BreachedError::Unreachable)
        });
        made.await
    }
}

/// In upper-case hex, as lists have it. SHA-1 protects nothing here: it is what the lists are made with.
fn digest_of(password: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    let mut hex = String::with_capacity(DIGITS);
    for byte in digest.as_ref() {
        let _ = write!(hex, "{byte:02X}");
    }
    hex
}

/// The client's own words are an address and "error sending request"; what went wrong is beneath.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(beneath) = cause.source() {
        cause = beneath;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests;
