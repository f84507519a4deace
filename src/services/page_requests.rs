//! What programs ask a person to do on a page: to be signed in as them. The program gets a ticket, the person a link that
//! proves nothing; they meet here. Against somebody who sends their own link to others, the person must be on the asker's network.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::crypto::tokens;
use super::service_deps::ServiceDeps;
use crate::adapters::own_server::OwnServer;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{PageRequestId, SessionId, UserId};
use crate::domain::network::network_of;
use crate::domain::page_request::{PageRequest, PageRequestState, PageTicket};
use crate::fault::{Fault, FaultKind};
use crate::services::accounts::SignedIn;
use crate::store::page_requests::{Answered, NewPageRequest, PageAnswer, Taken};

/// How long a person has.
const LIFE: Duration = Duration::from_mins(10);
/// How many requests of one network live at once: an office behind one address is many people, a flood is more.
const MAX_AT_ONCE: u64 = 30;
/// When whoever has too many may ask again.
const AGAIN_AFTER_SECONDS: u64 = 60;

/// A request that was made: what the link names, and what only the asker knows.
#[derive(Debug)]
pub struct Asked {
    pub id: PageRequestId,
    pub ticket: PageTicket,
}

/// What came of a request.
#[derive(Debug)]
pub enum Outcome {
    SignedIn(SignedIn),
    NotYet,
    Denied,
    Nothing,
}

/// Why a person is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsked {
    /// There is no such request, its time is over, or it was answered.
    Over,
    /// It came from another network.
    Elsewhere,
    /// The session that answers is over by now.
    SignedOut,
}

/// Requests of programs to people.
#[derive(Clone)]
pub struct PageRequests {
    pub(super) deps: Arc<ServiceDeps>,
    pub(super) server: OwnServer,
}

impl PageRequests {
    /// Makes a request.
    pub async fn ask(&self, origin: &Origin) -> Result<Asked, Fault> {
        let deps = &*self.deps;
        let (now, randomness) = (deps.now(), &*deps.randomness);
        let asked = Asked {
            id: PageRequestId::random(randomness),
            ticket: PageTicket::random(randomness),
        };
        let new = NewPageRequest {
            id: asked.id.clone(),
            ticket_digest: asked.ticket.digest(),
            network: network(origin),
            face: origin.face,
            created_at: now,
            expires_at: now.after(LIFE),
            at_most: MAX_AT_ONCE,
        };
        if deps.store.ask_on_page(&new).await? {
            return Ok(asked);
        }
        let retry_after_seconds = AGAIN_AFTER_SECONDS;
        Err(Fault::new(FaultKind::RateLimited {
            retry_after_seconds,
        })
        .with_hint("Too many people of this network are asked at once: try again in a minute."))
    }

    /// Whether the server at `url` knows the request, and so stands on the same database.
    pub async fn is_known_at(&self, url: &str, id: &PageRequestId) -> bool {
        self.server
            .knows(format!("{url}/sign-in/requests/{id}"))
            .await
    }

    /// The request, for a person at `origin`.
    pub async fn look(
        &self,
        id: &PageRequestId,
        origin: &Origin,
    ) -> Result<Result<PageRequest, NotAsked>, Fault> {
        let deps = &*self.deps;
        let found = deps.store.page_request(id, deps.now()).await?;
        Ok(match found {
            Some(request) if request.state == PageRequestState::Asked => {
                if request.network.is_some() && request.network != network(origin) {
                    Err(NotAsked::Elsewhere)
                } else {
                    Ok(request)
                }
            }
            _ => Err(NotAsked::Over),
        })
    }

    /// Keeps what a person said with one of their sessions, once; the program may take it from then on.
    pub async fn answer(
        &self,
        id: &PageRequestId,
        (user_id, session): (&UserId, &SessionId),
        allows: bool,
        origin: &Origin,
    ) -> Result<Result<(), NotAsked>, Fault> {
        let deps = &*self.deps;
        let event = AuditEvent::PageAnswered;
        let audit = if allows {
            deps.audit(Some(user_id), event, origin)
        } else {
            deps.audit_refusal(Some(user_id), event, origin, "denied")
        };
        let answer = PageAnswer {
            id: id.clone(),
            user_id: user_id.clone(),
            session: session.clone(),
            allows,
            network: network(origin),
            audit,
        };
        match deps.store.answer_on_page(&answer).await? {
            Answered::Kept => Ok(Ok(())),
            Answered::SignedOut => Ok(Err(NotAsked::SignedOut)),
            Answered::NotAsked => {
                // It says which of the two it was; somebody who asks twice at once hears that it is over.
                let looked = self.look(id, origin).await?;
                Ok(Err(looked.err().unwrap_or(NotAsked::Over)))
            }
        }
    }

    /// What a person allowed, for whoever holds the ticket: a session of its own, which lives no longer than the one that
    /// allowed it. Else a sign-in could renew itself for ever, with nobody proving anything anew.
    pub async fn take(&self, ticket: &PageTicket, origin: &Origin) -> Result<Outcome, Fault> {
        let deps = &*self.deps;
        let session_of = |user_id: &UserId, until: Timestamp| {
            let mut session = deps.new_session(user_id, origin);
            session.expires_at = session.expires_at.min(until);
            // Nobody showed here what opens the account.
            session.proven_at = None;
            let mut entry = deps.audit(Some(user_id), AuditEvent::SignedIn, origin);
            entry.details = serde_json::json!({"by": "page"});
            (session, entry)
        };
        let taken = deps
            .store
            .take_from_page(&ticket.digest(), deps.now(), &session_of)
            .await?;
        Ok(match taken {
            Taken::SignedIn(user, session) => Outcome::SignedIn(SignedIn {
                token: tokens::user_token(
                    &deps.keys,
                    &user.id,
                    &session.id,
                    session.created_at,
                    session.expires_at,
                )?,
                user: *user,
                session: session.id,
            }),
            Taken::NotYet => Outcome::NotYet,
            Taken::Denied => Outcome::Denied,
            Taken::Nothing => Outcome::Nothing,
        })
    }
}

/// Where somebody is, as limits see it; nowhere for who sits at this machine.
fn network(origin: &Origin) -> Option<String> {
    let address: IpAddr = origin.address.as_deref()?.parse().ok()?;
    Some(network_of(address).to_string())
}
