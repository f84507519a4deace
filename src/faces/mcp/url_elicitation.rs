//! What comes of a page of ours that was offered to a person: where they agreed and something comes back, the call waits for
//! it and ends as if it had been given; else its answer says how things stand. Which operation it is does not matter here.

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::elicitation::ElicitationOutcome;
use crate::context::Context;
use crate::domain::page_request::Offer;
use crate::operations::caller::CallContext;
use crate::operations::dispatch::{Answer, Request, dispatch};
use crate::operations::registry::Entry;
use crate::operations::url_elicitation::withdraw;

/// What a call that was answered with an offer comes to, now that the person was asked. The arguments are those that it goes
/// on with.
pub async fn settle(
    context: &Context,
    entry: &Entry,
    (mut call_context, mut arguments): (CallContext, Map<String, Value>),
    answer: Answer,
    decision: ElicitationOutcome,
    deadline: Instant,
) -> Answer {
    let Some(offer) = answer.offer() else {
        return answer;
    };
    if decision == ElicitationOutcome::Declined
        || call_context.call_control.cancelled.is_cancelled()
    {
        withdraw(context, entry, offer).await;
    }
    match (decision, &offer.ticket, entry.instead()) {
        (ElicitationOutcome::Agreed, Some(ticket), Some(instead)) => {
            call_context.call_control.max_wait = deadline.saturating_duration_since(Instant::now());
            arguments.insert(instead.to_owned(), Value::from(ticket.expose()));
            let request = Request {
                call_context,
                user_id: None,
                arguments,
            };
            dispatch(context, entry, request).await
        }
        (ElicitationOutcome::Agreed, ..) => {
            let next = "What they do there does not come back here: they tell you when it is done.";
            let message = "The person goes on with this on the page.";
            Answer::success(200, message, Value::Null).with_next(Some(next.to_owned()))
        }
        (ElicitationOutcome::Unasked, ..) => answer,
        _ => {
            let next = said(decision, offer, answer.next().unwrap_or_default());
            answer.with_next(Some(next))
        }
    }
}

/// How it stands with a person who has not agreed; `otherwise` is what to do without asking them.
fn said(decision: ElicitationOutcome, offer: &Offer, otherwise: &str) -> String {
    let purpose = offer.purpose;
    match decision {
        ElicitationOutcome::Declined => format!(
            "The person was asked to open a page and declined: {purpose} Leave it at that unless they say otherwise."
        ),
        ElicitationOutcome::Dismissed => format!(
            "The person was asked to open a page and closed the question. Ask whether they want to. {otherwise}"
        ),
        _ => format!(
            "The person was asked to open a page and has not answered yet; they still can. {otherwise}"
        ),
    }
}
