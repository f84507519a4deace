//! Asking a person to open a page: by their client, where it can ask, else by whoever reads the answer's text. What becomes of
//! the page itself is not learned here, only whether the person agreed to open it.

use std::future::Future;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientResult, ElicitRequest, ElicitRequestParams,
    ElicitResult, ElicitationAction, ErrorData, InputRequest, InputRequiredResult, InputResponses,
    ProtocolVersion, ServerRequest,
};
use rmcp::service::{Peer, PeerRequestOptions, RequestContext};
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::url_elicitation;
use crate::context::Context;
use crate::domain::randomness::Randomness;
use crate::operations::Page;
use crate::operations::caller::CallContext;
use crate::operations::dispatch::{Answer, Request, dispatch};
use crate::operations::registry::Entry;
use crate::operations::request_state::{self, First, Unopened};

/// How long after its begin a call waits for a person at the longest: most clients give up on a call after a minute.
const MAX_ELICITATION_WAIT: Duration = Duration::from_secs(50);
/// Under which name the question stands in an answer that asks for something.
const QUESTION: &str = "page";

/// How the person behind a call can be asked.
#[derive(Debug)]
pub enum ElicitationMode {
    /// Not by this client, or there is never anything to ask.
    Text,
    /// While the call waits, over the same connection.
    Meanwhile(Peer<RoleServer>),
    /// Between two calls: no server asks a client anything from 2026-07-28 on.
    Between,
    /// They were asked, and the client is back with what it was given and with what they said.
    Asked {
        state: String,
        decision: ElicitationOutcome,
    },
}

/// What a person said to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElicitationOutcome {
    /// They were not asked.
    Unasked,
    Agreed,
    Declined,
    /// They closed the question.
    Dismissed,
    /// They have not answered yet.
    Silent,
}

/// What a call came to.
#[derive(Debug)]
pub enum Outcome {
    Answered(Answer, ElicitationOutcome),
    /// The client is to ask, and to call again.
    Asks(Box<InputRequiredResult>),
    /// What the client came back with is not what it was given.
    Refused(Unopened),
}

impl ElicitationMode {
    /// The way for a call, as its client says what it can do. One that brings an answer without the state that belongs to it
    /// is refused: its call would do everything a second time.
    pub fn of(
        entry: &Entry,
        request: &mut CallToolRequestParams,
        call: &RequestContext<RoleServer>,
    ) -> Result<Self, ErrorData> {
        let responses = request.input_responses.take();
        if let Some(state) = request.request_state.take() {
            let decision = ElicitationOutcome::among(responses);
            return Ok(Self::Asked { state, decision });
        }
        if !entry.has_pages() {
            return Ok(Self::Text);
        }
        if responses.is_some_and(|responses| !responses.is_empty()) {
            let problem = "These inputResponses came without the requestState that was given with the question. Nothing was done.";
            return Err(ErrorData::invalid_params(problem, None));
        }
        let version = call.protocol_version();
        if version.is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
            let able = call
                .client_capabilities()
                .is_some_and(|able| opens_pages(&able));
            return Ok(if able { Self::Between } else { Self::Text });
        }
        // What a single request claims of its client does not count here: without a connection there is no way back.
        let client = call.peer.peer_info();
        let able = client.is_some_and(|client| opens_pages(&client.capabilities));
        Ok(if able {
            Self::Meanwhile(call.peer.clone())
        } else {
            Self::Text
        })
    }
}

/// Whether a client can ask a person to open a page.
pub(super) fn opens_pages(able: &ClientCapabilities) -> bool {
    let elicitation = able.elicitation.as_ref();
    elicitation.is_some_and(|modes| modes.url.is_some())
}

/// Runs a call to its answer, and asks where there is something to ask. `over` ends waiting for the person before its time.
pub async fn attend(
    context: &Context,
    entry: &Entry,
    mut request: Request,
    way: ElicitationMode,
    over: impl Future<Output = ()>,
) -> Outcome {
    let deadline = Instant::now() + MAX_ELICITATION_WAIT;
    request.call_context.call_control.opens_pages = !matches!(way, ElicitationMode::Text);
    match way {
        ElicitationMode::Text => {
            let answer = dispatch(context, entry, request).await;
            Outcome::Answered(answer, ElicitationOutcome::Unasked)
        }
        ElicitationMode::Meanwhile(peer) => {
            let call = kept_call(entry, &request);
            let answer = dispatch(context, entry, request).await;
            let offered = answer.offer().map(Page::from);
            let Some(page) = answer.page(entry).or(offered) else {
                return Outcome::Answered(answer, ElicitationOutcome::Unasked);
            };
            let question = question(&*context.randomness, page);
            let decision = ask(&peer, question, deadline, over).await;
            let answer =
                url_elicitation::settle(context, entry, call, answer, decision, deadline).await;
            Outcome::Answered(answer, decision)
        }
        ElicitationMode::Between => match request_state::first(context, entry, request).await {
            First::Answered(answer) => Outcome::Answered(answer, ElicitationOutcome::Unasked),
            First::Asks { page, state } => {
                let question = InputRequest::Elicitation(question(&*context.randomness, page));
                let questions = [(QUESTION.to_owned(), question)].into();
                let asks = InputRequiredResult::new(Some(questions), Some(state));
                Outcome::Asks(Box::new(asks))
            }
        },
        ElicitationMode::Asked { state, decision } => {
            let call = kept_call(entry, &request);
            match request_state::second(context, entry, request, &state).await {
                Ok(answer) => {
                    let answer =
                        url_elicitation::settle(context, entry, call, answer, decision, deadline)
                            .await;
                    Outcome::Answered(answer, decision)
                }
                Err(unopened) => Outcome::Refused(unopened),
            }
        }
    }
}

/// What a call goes on with once a person is done.
fn kept_call(entry: &Entry, request: &Request) -> (CallContext, Map<String, Value>) {
    let arguments = entry.kept_arguments(&request.arguments);
    (request.call_context.clone(), arguments)
}

/// The question of whether to open a page. Its id only tells it from others: who knows it can do nothing with it.
fn question(randomness: &dyn Randomness, page: Page) -> ElicitRequest {
    let mut id = [0_u8; 16];
    randomness.fill(&mut id);
    ElicitRequest::new(ElicitRequestParams::UrlElicitationParams {
        meta: None,
        message: page.purpose,
        url: page.url,
        elicitation_id: format!("{:032x}", u128::from_be_bytes(id)),
    })
}

/// Asks over the connection. Whatever goes wrong, the address still stands in the answer, so nothing fails here.
async fn ask(
    peer: &Peer<RoleServer>,
    question: ElicitRequest,
    deadline: Instant,
    over: impl Future<Output = ()>,
) -> ElicitationOutcome {
    let request = ServerRequest::ElicitRequest(question);
    let options = PeerRequestOptions::no_options();
    let Ok(mut asked) = peer.send_cancellable_request(request, options).await else {
        return ElicitationOutcome::Unasked;
    };
    tokio::select! {
        answered = &mut asked.rx => {
            return match answered {
                Ok(Ok(ClientResult::ElicitResult(result))) => ElicitationOutcome::from(&result.action),
                _ => ElicitationOutcome::Unasked,
            };
        }
        () = tokio::time::sleep_until(deadline) => {}
        () = over => {}
    }
    // So that the client does not go on asking for a call that was answered.
    let reason = "The call is answered; the page can still be opened.".to_owned();
    let _ = asked.cancel(Some(reason)).await;
    ElicitationOutcome::Silent
}

impl ElicitationOutcome {
    /// What the person said, among the answers that a client brings back.
    fn among(responses: Option<InputResponses>) -> Self {
        let response = responses.and_then(|mut responses| responses.remove(QUESTION));
        let result = response.and_then(|response| serde_json::from_value(response).ok());
        result.map_or(Self::Silent, |result: ElicitResult| {
            Self::from(&result.action)
        })
    }

    /// What a model is told: what the person said, and what comes next.
    pub fn words(self, page: &Page) -> String {
        let Page {
            url,
            purpose,
            afterwards,
        } = page;
        match self {
            Self::Unasked => format!(
                "Give this address to a person to open in a browser; it is not for programs. {purpose} {url}\n{afterwards}"
            ),
            Self::Agreed => format!("The person agreed to open it: {purpose} {afterwards}"),
            Self::Declined => format!(
                "The person was asked to open it and declined: {purpose} Leave it at that unless they say otherwise."
            ),
            Self::Dismissed => format!(
                "The person was asked to open it and closed the question: {purpose} Ask whether they want to; the address is {url}"
            ),
            Self::Silent => format!(
                "The person was asked to open it and has not answered yet: {purpose} They still can; the address is {url}\n{afterwards}"
            ),
        }
    }
}

impl From<&ElicitationAction> for ElicitationOutcome {
    fn from(action: &ElicitationAction) -> Self {
        match action {
            ElicitationAction::Accept => Self::Agreed,
            ElicitationAction::Decline => Self::Declined,
            ElicitationAction::Cancel => Self::Dismissed,
            _ => Self::Silent,
        }
    }
}

#[cfg(test)]
mod tests;
