//! Files that a program asks a person for: they drop them on a page, and the call that asked goes on with them. The page's
//! link is unguessable and proves nothing by itself: only the account that the call acts for may open it. What was dropped
//! goes to whoever holds the ticket, for that call alone.

use std::sync::Arc;
use std::time::Duration;

use super::service_deps::ServiceDeps;
use crate::adapters::own_server::OwnServer;
use crate::domain::ids::{UploadId, UploadRequestId, UserId};
use crate::domain::page_request::PageTicket;
use crate::fault::{Fault, FaultKind};
use crate::store::upload_requests::NewUploadRequest;
pub use crate::store::upload_requests::{DroppedFiles, Ended, NotAdded, Removed, UploadRequest};

/// How long a person has, which is as long as one form may take to arrive.
const UPLOAD_REQUEST_TTL: Duration = Duration::from_mins(15);
/// How many of one account may be open at once.
pub const MAX_OPEN_REQUESTS: u64 = 10;
/// When whoever has too many may ask again.
const RETRY_SECONDS: u64 = 60;

/// A request that was made: what the link names, and what only the call knows.
#[derive(Debug)]
pub struct AskedForUploads {
    pub id: UploadRequestId,
    pub ticket: PageTicket,
}

/// Requests for files.
#[derive(Clone)]
pub struct UploadRequests {
    pub(super) deps: Arc<ServiceDeps>,
    pub(super) server: OwnServer,
}

impl UploadRequests {
    /// Asks for at most `max_files` files of this account, for the call with this digest.
    pub async fn ask(
        &self,
        user_id: &UserId,
        call_digest: &str,
        max_files: u32,
    ) -> Result<AskedForUploads, Fault> {
        let deps = &*self.deps;
        let (now, randomness) = (deps.now(), &*deps.randomness);
        let asked = AskedForUploads {
            id: UploadRequestId::random(randomness),
            ticket: PageTicket::random(randomness),
        };
        let new = NewUploadRequest {
            id: &asked.id,
            ticket_digest: &asked.ticket.digest(),
            user_id,
            call_digest,
            max_files,
            created_at: now,
            expires_at: now.after(UPLOAD_REQUEST_TTL),
            max_requests: MAX_OPEN_REQUESTS,
        };
        if deps.store.ask_for_uploads(&new).await? {
            return Ok(asked);
        }
        let retry_after_seconds = RETRY_SECONDS;
        Err(Fault::new(FaultKind::RateLimited {
            retry_after_seconds,
        })
        .with_hint("The person is asked for files by too many calls at once: each ends after fifteen minutes at the latest."))
    }

    /// Whether the server at `url` knows the request, and so stands on the same database.
    pub async fn is_known_at(&self, url: &str, id: &UploadRequestId) -> bool {
        self.server
            .knows(format!("{url}/upload/requests/{id}"))
            .await
    }

    /// Whether there is such a request that nobody has ended.
    pub async fn is_open(&self, id: &UploadRequestId) -> Result<bool, Fault> {
        let found = self.deps.store.upload_request(id, self.deps.now()).await?;
        Ok(found.is_some())
    }

    /// The request, for the person whose account it is.
    pub async fn look(
        &self,
        id: &UploadRequestId,
        user_id: &UserId,
    ) -> Result<Result<UploadRequest, NotAdded>, Fault> {
        let found = self.deps.store.upload_request(id, self.deps.now()).await?;
        Ok(match found {
            None => Err(NotAdded::Over),
            Some(request) if request.user_id != *user_id => Err(NotAdded::OtherAccount),
            Some(request) => Ok(request),
        })
    }

    /// Deletes one file that was dropped for a request, before the person is done.
    pub async fn remove(
        &self,
        id: &UploadRequestId,
        user_id: &UserId,
        file: &UploadId,
    ) -> Result<Removed, Fault> {
        let (store, now) = (&self.deps.store, self.deps.now());
        Ok(store.remove_dropped_file(id, user_id, file, now).await?)
    }

    /// Ends a request: the call goes on with what was dropped, or hears that the person gives no files.
    pub async fn end(
        &self,
        id: &UploadRequestId,
        user_id: &UserId,
        is_declined: bool,
    ) -> Result<Ended, Fault> {
        let (store, now) = (&self.deps.store, self.deps.now());
        Ok(store
            .end_upload_request(id, user_id, is_declined, now)
            .await?)
    }

    /// What was dropped, for the call that holds the ticket.
    pub async fn take(
        &self,
        ticket: &PageTicket,
        user_id: &UserId,
        call_digest: &str,
    ) -> Result<DroppedFiles, Fault> {
        let (store, now) = (&self.deps.store, self.deps.now());
        Ok(store
            .take_dropped_files(&ticket.digest(), user_id, call_digest, now)
            .await?)
    }

    /// Ends the request of a call that nobody waits for any more; what was dropped for it is gone.
    pub async fn withdraw(&self, ticket: &PageTicket) -> Result<(), Fault> {
        let store = &self.deps.store;
        Ok(store.withdraw_upload_request(&ticket.digest()).await?)
    }
}
