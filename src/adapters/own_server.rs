//! The server that `PUBLIC_URL` names, asked by another process of the same deployment. It is the operator's own address, so
//! none is refused; whether it stands on the same database is found out by what it knows.

use std::time::Duration;

use crate::domain::ids::PageRequestId;

/// A server that takes longer is not there for a person either.
const PATIENCE: Duration = Duration::from_secs(2);
/// The status of a request that is known.
const KNOWN: u16 = 204;

/// Asks it. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct OwnServer;

impl OwnServer {
    /// Whether the server at `url` knows this request of a page. Whatever else answers there does not.
    pub async fn knows(&self, url: &str, id: &PageRequestId) -> bool {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .build();
        let Ok(client) = client else {
            return false;
        };
        let asked = client.get(format!("{url}/sign-in/requests/{id}")).send();
        match asked.await {
            Ok(answer) => answer.status().as_u16() == KNOWN,
            Err(error) => {
                tracing::debug!(%error, "no server of ours answers at PUBLIC_URL");
                false
            }
        }
    }
}
