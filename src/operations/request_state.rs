//! Calls in two rounds, for callers who ask a person in between. The first does the work and says which page is to be opened;
//! the caller carries the answer back, sealed, and the second gives it again and does nothing.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::Page;
use super::caller::Subject;
use super::dispatch::{Answer, Call, Request, answered};
use super::registry::{Entry, Reply};
use crate::context::Context;
use crate::domain::page_request::Offer;
use crate::fault::Fault;
use crate::services::crypto::seals::Bound;
pub use crate::services::crypto::seals::Unopened;

/// What came of a first round.
#[derive(Debug)]
pub enum First {
    /// There is nobody to ask.
    Answered(Answer),
    /// It is done, and a person is to open a page before the caller comes back with `state`.
    Asks { page: Page, state: String },
}

/// An answer on its way to the caller and back.
#[derive(Serialize, Deserialize)]
struct Kept {
    message: String,
    data: Value,
    /// Where it was a page of ours that a person is offered.
    #[serde(default)]
    offer: Option<KeptOffer>,
}

#[derive(Serialize, Deserialize)]
struct KeptOffer {
    url: String,
    ticket: Option<String>,
}

impl Kept {
    /// What the first round came to: what was done, or the refusal with its offer.
    fn again(self, entry: &Entry) -> Result<Reply, Fault> {
        let (Some(offer), Some(by_person)) = (self.offer, entry.by_person) else {
            return Ok(Reply {
                note: None,
                message: self.message.into(),
                data: self.data,
                total: None,
                document: None,
            });
        };
        let ticket = offer.ticket.map(|ticket| ticket.parse());
        let ticket = ticket.transpose().map_err(Fault::internal)?;
        Err(by_person.refusal(Offer {
            url: offer.url,
            purpose: by_person.purpose,
            ticket,
        }))
    }
}

/// Does what is asked for.
pub async fn first(context: &Context, entry: &Entry, request: Request) -> First {
    let arguments = digest(&request.arguments);
    let (account, answer) = answered(context, entry, request).await;
    let offered = answer.offer().map(Page::from);
    let Some(page) = answer.page(entry).or(offered) else {
        return First::Answered(answer);
    };
    let kept = Kept {
        message: answer.message.clone(),
        data: answer.data.clone(),
        offer: answer.offer().map(|offer| KeptOffer {
            url: offer.url.clone(),
            ticket: offer
                .ticket
                .as_ref()
                .map(|ticket| ticket.expose().to_owned()),
        }),
    };
    let bound = Bound {
        account: account.as_ref(),
        tool: entry.spec.tool,
        arguments: &arguments,
    };
    let sealed = serde_json::to_vec(&kept)
        .map_err(Fault::internal)
        .and_then(|kept| context.services.seals.seal(&kept, bound));
    match sealed {
        Ok(state) => First::Asks { page, state },
        Err(fault) => {
            // It is done, and its answer holds all that a person needs.
            tracing::error!(operation = entry.spec.tool, %fault, "the state was not sealed");
            First::Answered(answer)
        }
    }
}

/// Gives the first round's answer again to whoever it was given to. They are judged anew, for meanwhile their session may
/// have ended.
pub async fn second(
    context: &Context,
    entry: &Entry,
    request: Request,
    state: &str,
) -> Result<Answer, Unopened> {
    let mut call = Call::begin(context, entry, &request.call_context);
    let subject = Subject::of(&request);
    let caller = match call.admit(request.call_context, &subject).await {
        Ok(caller) => caller,
        Err(fault) => return Ok(call.answer(Err(fault))),
    };
    let arguments = digest(&request.arguments);
    let bound = Bound {
        account: caller.user().ok().map(|user| &user.id),
        tool: entry.spec.tool,
        arguments: &arguments,
    };
    match context.services.seals.open(state, bound) {
        Ok(kept) => {
            let kept = serde_json::from_slice::<Kept>(&kept).map_err(Fault::internal);
            Ok(call.answer(kept.and_then(|kept| kept.again(entry))))
        }
        Err(unopened) => {
            // Counted and logged as any other bad field.
            call.answer(Err(Fault::field("requestState", unopened.to_string())));
            Err(unopened)
        }
    }
}

/// The same for the same arguments in whatever order: an object's fields are sorted.
fn digest(arguments: &Map<String, Value>) -> [u8; 32] {
    let text = Value::Object(arguments.clone()).to_string();
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests;
