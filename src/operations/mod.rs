//! Operations: each endpoint of Clara's contract, written once. Its input, output, access, words and hints stand in one
//! file; faces, the OpenAPI document and the published tools are read off the registry. An operation knows services; it
//! must not know HTTP, MCP, SQL, or how its caller proved who it is.

pub mod admission;
pub mod auth_level;
pub mod caller;
pub mod caller_key;
pub mod dispatch;
mod reauth;
pub mod registry;
pub mod request_state;
pub mod sealed_password;
pub mod transport_session;

mod agent;
mod answer;
mod api_key;
mod auth;
mod authorization_header;
mod credential;
mod describe;
mod document;
pub mod documented;
mod input;
mod lenient;
mod misc;
mod operator;
mod page;
mod process_identity;
mod published;
mod session;
mod stripe;
mod task;
mod throttling;
mod transaction;
mod upload;
pub mod url_elicitation;
mod user;
mod views;

use std::future::Future;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use agent::report_markdown;
pub use document::Document;
use throttling::GuessLimit;
pub use throttling::OperationLimit;
pub use throttling::protocol_message;
pub use upload::Upload;

pub use crate::domain::area::Area;

use crate::context::Context;
use crate::domain::page_request::Offer;
use crate::fault::{Fault, FaultKind};
use caller::Caller;
use url_elicitation::ByPerson;

/// One endpoint of the contract. The implementing type's doc comment is the tool's description.
pub trait Operation: JsonSchema + 'static {
    /// What it takes. Each field's doc comment is what a model reads; unknown fields are refused.
    type Input: DeserializeOwned + JsonSchema + Send + 'static;
    /// The `data` of its answer.
    type Output: Serialize + JsonSchema + Send + 'static;
    /// All that faces and dispatch need to know of it.
    const SPEC: Spec;
    /// How it may refuse beyond what its access, its body and its path already say; documents show these.
    const REFUSALS: &'static [FaultKind] = &[];
    /// What of it is limited besides its calls; dispatch applies it.
    const LIMIT: OperationLimit = OperationLimit::None;
    /// Reads the page that a person is asked to open off the `data` of its answer, where it ever has one.
    const PAGE: Option<fn(&Value) -> Option<Page>> = None;

    /// What a program lacks that a person should give on a page of ours.
    const BY_PERSON: Option<ByPerson> = None;

    /// Does it. The caller's right to do so was checked before.
    fn run(
        context: &Context,
        caller: &Caller,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Fault>> + Send;

    /// Does it with the files that came beside the arguments. Only where the specification says [`Body::WithFiles`] can
    /// there be any.
    fn run_with_files(
        context: &Context,
        caller: &Caller,
        input: Self::Input,
        _files: Vec<Upload>,
    ) -> impl Future<Output = Result<Self::Output, Fault>> + Send {
        Self::run(context, caller, input)
    }

    /// How many there are in all, where the answer is one part of a list.
    fn total(_output: &Self::Output) -> Option<u64> {
        None
    }

    /// The envelope's message, where it depends on what happened.
    fn message(_output: &Self::Output) -> &'static str {
        Self::SPEC.success.message
    }

    /// What there is to say to a model beside the data, in the place of [`Self::next_step`].
    fn note(_output: &Self::Output) -> Option<String> {
        None
    }

    /// What to do next, for a model: shown beside the message, in text and in structured content.
    fn next_step(_data: &Value) -> Option<String> {
        None
    }

    /// The whole answer's `data`, where it is too long to be held and was written aside.
    fn document(_output: &Self::Output) -> Option<Document> {
        None
    }

    /// What a model is shown instead of the plain data, where that would be too long or hard to read.
    fn present(_data: &Value) -> Option<Presentation> {
        None
    }
}

/// The specification of an operation: what does not depend on a call.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The MCP tool's name, and the operation's in logs; the part before its last words is the area (see [`Area`]).
    pub tool: &'static str,
    /// For people.
    pub title: &'static str,
    /// Which toolset it belongs to.
    pub area: Area,
    /// Where REST offers it, under `/api/v1`.
    pub route: Route,
    /// Who may call it.
    pub access: Access,
    /// Whether an account that is not activated may call it.
    pub while_inactive: bool,
    /// Whether it is about one account. The operator, who has none, is refused where the path names none either.
    pub about_account: bool,
    /// Whether an empty body is refused before its fields are looked at.
    pub body: Body,
    /// What success says.
    pub success: Success,
    /// What clients may rely on when they decide whether to ask a person first.
    pub hints: Hints,
}

impl Spec {
    /// Whether models may have it as a tool. What only the operator may do, and what only a person needs, is for people.
    pub fn is_tool(&self) -> bool {
        self.route.kind == RouteKind::Api
            && !matches!(self.access, Access::Operator | Access::Person)
    }
}

/// An HTTP method that the contract uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// By which kind of route an operation is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteKind {
    /// The published contract's: REST, and a tool where models may have it.
    Api,
    /// The published contract's, over REST alone: what comes with it must not pass through a model.
    Rest,
    /// A service outside posts to it and signs what it posts; the limit on calls does not count it, for all its messages come
    /// from one sender.
    Webhook,
    /// Pages of ours alone.
    Page,
}

/// A method and path. `{user_id}` names whom it is about; every other variable is a field of the input.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    pub kind: RouteKind,
    pub method: Method,
    pub path: &'static str,
}

impl Route {
    const fn get(path: &'static str) -> Self {
        Self::api(Method::Get, path)
    }
    const fn post(path: &'static str) -> Self {
        Self::api(Method::Post, path)
    }
    const fn put(path: &'static str) -> Self {
        Self::api(Method::Put, path)
    }
    const fn patch(path: &'static str) -> Self {
        Self::api(Method::Patch, path)
    }
    const fn delete(path: &'static str) -> Self {
        Self::api(Method::Delete, path)
    }
    const fn api(method: Method, path: &'static str) -> Self {
        let kind = RouteKind::Api;
        Self { kind, method, path }
    }
    const fn over_rest_alone(self) -> Self {
        Self {
            kind: RouteKind::Rest,
            ..self
        }
    }
    const fn webhook(path: &'static str) -> Self {
        Self {
            kind: RouteKind::Webhook,
            ..Self::post(path)
        }
    }
    const fn page() -> Self {
        Self {
            kind: RouteKind::Page,
            ..Self::post("")
        }
    }

    /// The names of the path's variables, in order.
    pub fn variables(self) -> impl Iterator<Item = &'static str> {
        self.path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// Who may call an operation. The operator's key opens all but [`Access::Open`]'s need for none, see dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Open,
    /// Who holds the deployment's public key; over stdio, whoever started the process.
    PublicKey,
    /// Who proves an account's password in this very call.
    Password,
    /// Who holds the public key, or is signed in as the account that the path names.
    PublicKeyOrSession,
    /// Who is signed in.
    Session,
    /// Who is signed in, as a person: models have no tool for it.
    Person,
    /// Who is signed in or holds an account's API key.
    SessionOrKey,
    /// Who holds the deployment's private key.
    Operator,
}

/// Whether an operation has a body, and whether it may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    None,
    Optional,
    Required,
    /// Required, and files may come beside it: over REST as `multipart/form-data`.
    WithFiles,
}

/// What a success answers.
#[derive(Debug, Clone, Copy)]
pub struct Success {
    /// 200, 201 or 204.
    pub status: u16,
    pub message: &'static str,
}

impl Success {
    const fn ok(message: &'static str) -> Self {
        Self {
            status: 200,
            message,
        }
    }
    const fn created(message: &'static str) -> Self {
        Self {
            status: 201,
            message,
        }
    }
    /// No body over REST; over MCP the envelope with this message and `data: null`.
    const fn no_content(message: &'static str) -> Self {
        Self {
            status: 204,
            message,
        }
    }
}

/// MCP's tool annotations. They must be true: clients skip confirmations on their word.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the protocol has these four, each on its own"
)]
pub struct Hints {
    pub read_only: bool,
    pub destructive: bool,
    pub idempotent: bool,
    pub open_world: bool,
}

impl Hints {
    /// Changes nothing and talks to nobody outside.
    const READ: Self = Self {
        read_only: true,
        destructive: false,
        idempotent: true,
        open_world: false,
    };
    /// Adds something each time it is called.
    const ADD: Self = Self {
        read_only: false,
        destructive: false,
        idempotent: false,
        open_world: false,
    };
    /// Sets something, the same however often.
    const SET: Self = Self {
        read_only: false,
        destructive: false,
        idempotent: true,
        open_world: false,
    };
    /// Ends or replaces something for good.
    const END: Self = Self {
        read_only: false,
        destructive: true,
        idempotent: true,
        open_world: false,
    };

    const fn in_open_world(self) -> Self {
        Self {
            open_world: true,
            ..self
        }
    }
    const fn again_differs(self) -> Self {
        Self {
            idempotent: false,
            ..self
        }
    }
}

/// What a model gets to see in place of an answer's full data.
#[derive(Debug, Clone)]
pub struct Presentation {
    /// Stands in the place of the message in the text, where the documented one would mislead.
    pub headline: Option<&'static str>,
    /// Replaces `data` in the structured answer.
    pub data: Value,
    /// For clients that show only text; the same facts.
    pub text: String,
    /// For clients that show pictures: a PNG.
    pub picture: Option<Vec<u8>>,
}

/// A page for a person to open, who does there what no program should do for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub url: String,
    /// Whose page it is and what for, as people read it before they agree: `Stripe's page to pay $5.00 for 500 credits.`
    pub purpose: String,
    /// What there is to know once they have been there; for a model.
    pub afterwards: &'static str,
}

impl From<&Offer> for Page {
    fn from(offer: &Offer) -> Self {
        Self {
            url: offer.url.clone(),
            purpose: offer.purpose.to_owned(),
            afterwards: "",
        }
    }
}

/// The input of operations that take nothing.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoInput {}
