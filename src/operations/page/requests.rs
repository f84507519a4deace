//! The person's part of what a program asked for: seeing who asks, and saying yes or no.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::spec;
use crate::context::Context;
use crate::domain::clock::Timestamp;
use crate::domain::ids::PageRequestId;
use crate::domain::page_request::PageRequest;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::{Access, Hints, Operation, Spec};
use crate::services::page_requests::NotAsked;

/// Says who asks, and since when. 404 where nobody asks any more, 403 where the person is not where the asker is.
#[derive(JsonSchema)]
pub struct ViewRequest;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewInput {
    request: PageRequestId,
}

#[derive(Serialize, JsonSchema)]
pub struct RequestView {
    network: Option<String>,
    asked_at: Timestamp,
}

impl Operation for ViewRequest {
    type Input = ViewInput;
    type Output = RequestView;
    const SPEC: Spec = spec(
        "page_view_request",
        "View a page request",
        Access::PublicKey,
        Hints::READ,
    );

    async fn run(
        context: &Context,
        caller: &Caller,
        input: ViewInput,
    ) -> Result<RequestView, Fault> {
        let requests = &context.services.page_requests;
        let found = requests.look(&input.request, &caller.origin()).await?;
        let PageRequest {
            network, asked_at, ..
        } = found.map_err(refused)?;
        Ok(RequestView { network, asked_at })
    }
}

/// Keeps what whoever is signed in says to a request.
#[derive(JsonSchema)]
pub struct AnswerRequest;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerInput {
    request: PageRequestId,
    allows: bool,
}

impl Operation for AnswerRequest {
    type Input = AnswerInput;
    type Output = ();
    const SPEC: Spec = spec(
        "page_answer_request",
        "Answer a page request",
        Access::Person,
        Hints::ADD,
    );

    async fn run(context: &Context, caller: &Caller, input: AnswerInput) -> Result<(), Fault> {
        let requests = &context.services.page_requests;
        let Some(session) = caller.session() else {
            return Err(FaultKind::Unauthenticated.into());
        };
        let who = (&caller.user()?.id, session);
        let kept = requests
            .answer(&input.request, who, input.allows, &caller.origin())
            .await?;
        kept.map_err(refused)
    }
}

fn refused(why: NotAsked) -> Fault {
    match why {
        NotAsked::Over => FaultKind::NotFound(Resource::PageRequest).into(),
        NotAsked::Elsewhere => FaultKind::Forbidden.into(),
        NotAsked::SignedOut => FaultKind::Unauthenticated.into(),
    }
}
