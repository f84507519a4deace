//! The server that `PUBLIC_URL` names, asked by another process of the same deployment. It is the operator's own address, so
//! none is refused; whether it stands on the same database is found out by what it knows.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;

/// A server that takes longer is not there for a person either.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// The status of a request that is known.
const KNOWN: u16 = 204;

/// Asks it. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct OwnServer {
    /// Made at the first question: it reads the machine's certificates, which takes a while and blocks its thread.
    client: Arc<OnceCell<reqwest::Client>>,
}

/// Why it could not be asked.
#[derive(Debug, thiserror::Error)]
enum NotAsked {
    #[error(transparent)]
    Unreachable(#[from] reqwest::Error),
    #[error("Clara is stopping")]
    Stopping,
}

impl OwnServer {
    /// Whether the server that is asked at `address` knows the request that it names. Whatever else answers there does not.
    pub async fn knows(&self, address: String) -> bool {
        match self.status_of(address).await {
            Ok(status) => status == KNOWN,
            Err(error) => {
                tracing::debug!(%error, "no server of ours answers at PUBLIC_URL");
                false
            }
        }
    }

    async fn status_of(&self, address: String) -> Result<u16, NotAsked> {
        let answer = self.client().await?.get(address).send().await?;
        Ok(answer.status().as_u16())
    }

    async fn client(&self) -> Result<&reqwest::Client, NotAsked> {
        let made = self.client.get_or_try_init(|| async {
            let making = tokio::task::spawn_blocking(|| {
                reqwest::Client::builder()
                    .redirect(reqwest::redirect::Policy::none())
                    .timeout(ANSWER_TIMEOUT)
                    // Asked once in a long while: a connection that lay idle would be dead by then.
                    .pool_max_idle_per_host(0)
                    .no_proxy()
                    .build()
            });
            Ok(making.await.map_err(|_| NotAsked::Stopping)??)
        });
        made.await
    }
}
