//! The person's part of what a program asked for: seeing who asks, and saying yes or no. It is no operation that a program
//! calls, so it has no route and no tool; the page is the only door to it, and access is judged in the one place all the same.

use serde_json::{Value, json};

use super::Access;
use super::caller::{CallContext, Caller, Subject, admit};
use super::dispatch::Answer;
use crate::context::Context;
use crate::domain::ids::PageRequestId;
use crate::domain::page_request::PageRequest;
use crate::fault::{Fault, FaultKind, Resource};
use crate::services::page_requests::NotAsked;

/// Who asks, and since when: `{network, asked_at}`. 404 where nobody asks any more, 403 where the person is not where the
/// asker is.
pub async fn look_at_request(
    context: &Context,
    arrival: CallContext,
    id: &PageRequestId,
) -> Answer {
    let request_id = arrival.request_id.clone();
    let looked = async {
        let caller = admitted(context, arrival, Access::PublicKey).await?;
        let requests = &context.services.page_requests;
        let found = requests.look(id, &caller.origin()).await?;
        found.map_err(refused)
    };
    let shown = looked.await.map(
        |PageRequest {
             network, asked_at, ..
         }| { json!({"network": network, "asked_at": asked_at}) },
    );
    answer(shown, &request_id)
}

/// Keeps what whoever is signed in says to a request.
pub async fn answer_request(
    context: &Context,
    arrival: CallContext,
    id: &PageRequestId,
    allows: bool,
) -> Answer {
    let request_id = arrival.request_id.clone();
    let kept = async {
        let caller = admitted(context, arrival, Access::Person).await?;
        let requests = &context.services.page_requests;
        let Some(session) = caller.session() else {
            return Err(FaultKind::Unauthenticated.into());
        };
        let who = (&caller.user()?.id, session);
        let kept = requests.answer(id, who, allows, &caller.origin()).await?;
        kept.map_err(refused)
    };
    let kept = kept.await.map(|()| Value::Null);
    answer(kept, &request_id)
}

async fn admitted(
    context: &Context,
    arrival: CallContext,
    access: Access,
) -> Result<Caller, Fault> {
    admit(context, arrival, access, true, &Subject::default()).await
}

fn refused(why: NotAsked) -> Fault {
    match why {
        NotAsked::Over => FaultKind::NotFound(Resource::PageRequest).into(),
        NotAsked::Elsewhere => FaultKind::Forbidden.into(),
        NotAsked::SignedOut => FaultKind::Unauthenticated.into(),
    }
}

/// The answer to what only a page asks.
pub(super) fn answer(done: Result<Value, Fault>, request_id: &str) -> Answer {
    match done {
        Ok(data) => Answer {
            status: 200,
            message: "Done.".to_owned(),
            data,
            total: None,
            next: None,
            offer: None,
        },
        Err(fault) => {
            if let FaultKind::Internal | FaultKind::Unavailable(_) = fault.kind() {
                tracing::error!(%request_id, %fault, "what a page asked for failed");
            }
            Answer::from_fault(&fault, request_id)
        }
    }
}
