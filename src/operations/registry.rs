//! The registry: every operation as one entry with its schemas and one plain function from JSON to JSON.
//! Faces list it, look names up in it and draw documents from it; a new operation is one line here. No type of MCP or HTTP.

use std::borrow::Cow;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use super::caller::Caller;
use super::describe::{Describe, describe};
use super::input::{self, Fields};
use super::lenient;
use super::published::{Direction, description, envelope, schema};
use super::throttling::{self, CallLimit, OperationLimit};
use super::url_elicitation::ByPerson;
use super::{Document, Operation, Page, Presentation, RouteKind, Spec, Upload};
use super::{agent, api_key, auth, misc, operator, page, session, stripe, task, transaction, user};
use crate::context::Context;
use crate::fault::{Fault, FaultKind};

/// The work of an operation whose input was read.
pub(super) type Work<'a> = Pin<Box<dyn Future<Output = Result<Reply, Fault>> + Send + 'a>>;
type Prepare = for<'a> fn(
    &'a Context,
    &'a Caller,
    &Fields,
    Map<String, Value>,
    Vec<Upload>,
) -> Result<Work<'a>, Fault>;

/// What an operation answered.
#[derive(Debug, Clone)]
pub struct Reply {
    pub message: Cow<'static, str>,
    pub data: Value,
    /// How many there are in all, where `data` is one part of a list.
    pub total: Option<u64>,
    /// What there is to say beside `data`, for a model.
    pub note: Option<String>,
    /// What stands in the place of `data`, where that is too long to be held.
    pub document: Option<Document>,
}

/// What is published of an operation, derived from its types.
pub struct Contract {
    /// The description, as models and people read it.
    pub words: String,
    /// The JSON Schema of the arguments.
    pub input: Arc<Map<String, Value>>,
    /// The JSON Schema of `data` where all went well.
    pub data: Arc<Map<String, Value>>,
    /// The JSON Schema of the envelope; it admits the envelope of every fault too.
    pub output: Arc<Map<String, Value>>,
    fields: Fields,
}

/// One operation with everything faces need.
pub struct Entry {
    pub spec: Spec,
    /// Derived when it is first asked for: a start needs none of them, and a call its own.
    pub contract: LazyLock<Contract>,
    /// How it may refuse beyond what its specification already says.
    pub refusals: &'static [FaultKind],
    pub(super) describe: Describe,
    limit: OperationLimit,
    prepare: Prepare,
    present: fn(&Value) -> Option<Presentation>,
    next_step: fn(&Value) -> Option<String>,
    page: Option<fn(&Value) -> Option<Page>>,
    pub(super) by_person: Option<ByPerson>,
}

impl Entry {
    /// Reads the arguments and runs the operation under its limit.
    pub async fn call(
        &self,
        context: &Context,
        caller: &Caller,
        arguments: Map<String, Value>,
        files: Vec<Upload>,
    ) -> Result<Reply, Fault> {
        let limit = self.limit.of(&arguments);
        let work = (self.prepare)(context, caller, &self.contract.fields, arguments, files)?;
        match limit {
            // Most have none, and need not carry along what counting one would take.
            CallLimit::None => work.await,
            limit => Box::pin(throttling::apply(limit, context, caller, work)).await,
        }
    }

    /// What a model is shown in place of `data`.
    pub fn present(&self, data: &Value) -> Option<Presentation> {
        (self.present)(data)
    }

    /// What to do after a success.
    pub fn next_step(&self, data: &Value) -> Option<String> {
        (self.next_step)(data)
    }

    /// Whether its answers ever lead to a page for a person to open.
    pub fn has_pages(&self) -> bool {
        self.page.is_some() || self.by_person.is_some()
    }

    /// The page that a person is asked to open, as an answer's `data` holds it.
    pub fn page(&self, data: &Value) -> Option<Page> {
        self.page.and_then(|page| page(data))
    }

    /// The argument that stands for what a person did on a page of ours, where there is one.
    pub fn instead(&self) -> Option<&'static str> {
        self.by_person?.instead
    }

    /// What of a call's arguments stays until a person is done on a page of ours.
    pub fn kept_arguments(&self, arguments: &Map<String, Value>) -> Map<String, Value> {
        let by_person = self.by_person.as_ref();
        by_person.map_or_else(Map::new, |by_person| by_person.kept_arguments(arguments))
    }

    /// Arguments as models send them, brought into the form that the operation reads.
    pub fn normalize(&self, arguments: &mut Map<String, Value>) {
        lenient::normalize(&self.contract.input, arguments);
    }

    /// Arguments that show what to send.
    pub fn example(&self) -> Option<Value> {
        self.contract.fields.example()
    }

    /// The names of the arguments that must be given.
    pub fn required(&self) -> &[String] {
        &self.contract.fields.required
    }
}

/// Every operation of the published contract, in its order.
pub static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    vec![
        entry::<auth::Register>(),
        entry::<auth::GoogleOauth>(),
        entry::<auth::Login>(),
        entry::<auth::Logout>(),
        entry::<auth::ChangePassword>(),
        entry::<auth::SendOtp>(),
        entry::<auth::Activate>(),
        entry::<auth::EnableTwoFactor>(),
        entry::<auth::DisableTwoFactor>(),
        entry::<session::ViewAll>(),
        entry::<session::End>(),
        entry::<session::EndAll>(),
        entry::<user::View>(),
        entry::<user::Update>(),
        entry::<user::Export>(),
        entry::<user::Delete>(),
        entry::<api_key::View>(),
        entry::<api_key::Reset>(),
        entry::<transaction::ViewAll>(),
        entry::<transaction::View>(),
        entry::<task::ViewAll>(),
        entry::<task::View>(),
        entry::<task::Cancel>(),
        entry::<agent::SupportedAttachments>(),
        entry::<agent::Analysis>(),
        entry::<agent::Search>(),
        entry::<agent::Judge>(),
        entry::<agent::AddUpload>(),
        entry::<agent::ViewUpload>(),
        entry::<stripe::Rate>(),
        entry::<stripe::Portal>(),
        entry::<stripe::Buy>(),
        entry::<misc::Health>(),
        entry::<misc::Version>(),
        entry::<operator::ListUsers>(),
        entry::<operator::SetCredits>(),
        entry::<operator::ChangeCredits>(),
        entry::<operator::EndSecondFactor>(),
        entry::<operator::ListTransactions>(),
        entry::<operator::CheckLedger>(),
        entry::<operator::Reconcile>(),
        entry::<operator::ListAudit>(),
    ]
});

/// What is no part of the contract: what pages of ours ask, and what webhooks tell.
static UNPUBLISHED: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    vec![
        entry::<page::ViewOwnFactor>(),
        entry::<page::ViewRequest>(),
        entry::<page::AnswerRequest>(),
        entry::<page::KnowUploadRequest>(),
        entry::<page::ViewUploadRequest>(),
        entry::<page::AddDroppedFile>(),
        entry::<page::RemoveDroppedFile>(),
        entry::<page::EndUploadRequest>(),
        entry::<stripe::Settle>(),
    ]
});

/// The operations that services outside post to.
pub fn webhooks() -> impl Iterator<Item = &'static Entry> {
    UNPUBLISHED
        .iter()
        .filter(|entry| entry.spec.route.kind == RouteKind::Webhook)
}

static BY_NAME: LazyLock<HashMap<&'static str, usize>> = LazyLock::new(|| {
    ALL.iter()
        .enumerate()
        .filter(|(_, entry)| entry.spec.is_tool())
        .map(|(index, entry)| (entry.spec.tool, index))
        .collect()
});

/// The operations that are tools too.
pub fn tools() -> impl Iterator<Item = &'static Entry> {
    ALL.iter().filter(|entry| entry.spec.is_tool())
}

/// Finds a tool's operation by its name, or by the documented dotted one (`agent.analysis`).
pub fn find(name: &str) -> Option<&'static Entry> {
    let index = match BY_NAME.get(name) {
        Some(index) => index,
        None => BY_NAME.get(name.replace('.', "_").as_str())?,
    };
    ALL.get(*index)
}

/// Finds an operation by its own name, a tool or not, published or not.
pub fn operation(name: &str) -> Option<&'static Entry> {
    ALL.iter()
        .chain(UNPUBLISHED.iter())
        .find(|entry| entry.spec.tool == name)
}

/// Finds what the operator does and no model: by its name, and what only the operator may do by its name without its
/// area: `list_users`.
pub fn find_operators(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| {
        let tool = entry.spec.tool;
        let own = tool.strip_prefix("operator_").unwrap_or(tool);
        !entry.spec.is_tool() && own == name
    })
}

pub(super) fn entry<O: Operation>() -> Entry {
    Entry {
        spec: O::SPEC,
        contract: LazyLock::new(contract::<O>),
        refusals: O::REFUSALS,
        describe: describe::<O>,
        limit: O::LIMIT,
        prepare: prepare::<O>,
        present: O::present,
        next_step: O::next_step,
        page: O::PAGE,
        by_person: O::BY_PERSON,
    }
}

fn contract<O: Operation>() -> Contract {
    let raw = schema::<O::Input>(Direction::Input);
    let mut input = raw.published;
    // The words of the tool say what it takes.
    input.remove("description");
    let fields = Fields::of(&input, raw.examples);
    if let Some(by_person) = &O::BY_PERSON
        && let Some(Value::Array(required)) = input.get_mut("required")
    {
        // Without it a program is offered the page where a person gives it.
        required.retain(|name| name != by_person.argument);
    }
    let answer = schema::<O::Output>(Direction::Output).published;
    let data = schema::<O::Output>(Direction::WholeOutput).published;
    Contract {
        words: description(&schema::<O>(Direction::Input).published),
        fields,
        output: Arc::new(envelope(&answer)),
        input: Arc::new(input),
        data: Arc::new(data),
    }
}

/// One for each operation, so there is nothing in it that does not depend on its types.
fn prepare<'a, O: Operation>(
    context: &'a Context,
    caller: &'a Caller,
    fields: &Fields,
    arguments: Map<String, Value>,
    files: Vec<Upload>,
) -> Result<Work<'a>, Fault> {
    let input = input::read::<O::Input>(fields, arguments)?;
    Ok(Box::pin(async move {
        let output = O::run_with_files(context, caller, input, files).await?;
        Ok(Reply {
            message: O::message(&output).into(),
            total: O::total(&output),
            document: O::document(&output),
            note: O::note(&output),
            data: serde_json::to_value(output).map_err(Fault::internal)?,
        })
    }))
}
