//! What comes of a page of ours that was offered to a person: where they agreed and something comes back, the call waits for
//! it and ends as if it had been given; else its answer says how things stand. Which operation it is does not matter here.

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::asking::Decision;
use crate::context::Context;
use crate::domain::page_request::Offer;
use crate::operations::caller::Arrival;
use crate::operations::dispatch::{Answer, Request, dispatch};
use crate::operations::registry::Entry;

/// What a call that was answered with an offer comes to, now that the person was asked.
pub async fn settle(
    context: &Context,
    entry: &Entry,
    mut arrival: Arrival,
    answer: Answer,
    decision: Decision,
    deadline: Instant,
) -> Answer {
    let Some(offer) = &answer.offer else {
        return answer;
    };
    match (decision, &offer.ticket, entry.instead()) {
        (Decision::Agreed, Some(ticket), Some(instead)) => {
            arrival.waiting.patience = deadline.saturating_duration_since(Instant::now());
            let mut arguments = Map::new();
            arguments.insert(instead.to_owned(), Value::from(ticket.expose()));
            let request = Request {
                arrival,
                user_id: None,
                arguments,
            };
            dispatch(context, entry, request).await
        }
        (Decision::Agreed, ..) => Answer {
            status: 200,
            message: "The person goes on with this on the page.".to_owned(),
            data: Value::Null,
            total: None,
            next: Some(
                "What they do there does not come back here: they tell you when it is done."
                    .to_owned(),
            ),
            offer: None,
        },
        (Decision::Unasked, ..) => answer,
        _ => {
            let next = said(decision, offer, answer.next.as_deref().unwrap_or_default());
            Answer {
                next: Some(next),
                ..answer
            }
        }
    }
}

/// How it stands with a person who has not agreed; `otherwise` is what to do without asking them.
fn said(decision: Decision, offer: &Offer, otherwise: &str) -> String {
    let purpose = offer.purpose;
    match decision {
        Decision::Declined => format!(
            "The person was asked to open a page and declined: {purpose} Leave it at that unless they say otherwise."
        ),
        Decision::Dismissed => format!(
            "The person was asked to open a page and closed the question. Ask whether they want to. {otherwise}"
        ),
        _ => format!(
            "The person was asked to open a page and has not answered yet; they still can. {otherwise}"
        ),
    }
}
