//! Dispatch: who calls, may they, parse, run, answer. Every face hands its calls in here and gets the same envelope back.
//! The checks run in the contract's order, and the first that fails answers. It knows no HTTP type and no MCP type.

use std::borrow::Cow;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::Body;
use super::caller::{Arrival, Credential, Subject, admit};
use super::registry::{Entry, Reply};
use crate::context::Context;
use crate::domain::ids::UserId;
use crate::fault::{Fault, FaultKind};

/// A call as a face took it in.
#[derive(Debug)]
pub struct Request {
    pub arrival: Arrival,
    /// `{user_id}` of a path; absent over MCP, where a caller acts on itself.
    pub user_id: Option<String>,
    /// Path variables, query and body together.
    pub arguments: Map<String, Value>,
}

/// The answer every face gives.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status; 204 has no body over REST.
    pub status: u16,
    pub message: String,
    pub data: Value,
    /// What to do next, for text only; never in the envelope.
    pub next: Option<String>,
}

impl Answer {
    /// Whether the call did what it was asked to.
    pub fn is_success(&self) -> bool {
        self.status < 400
    }

    /// The documented body.
    pub fn envelope(&self) -> Value {
        let status = if self.is_success() {
            "success"
        } else {
            "error"
        };
        json!({"status": status, "message": self.message, "data": self.data})
    }

    /// The answer to a fault, through the one table.
    pub fn from_fault(fault: &Fault, request_id: &str) -> Self {
        let answer = fault.answer(request_id);
        Self {
            status: answer.status,
            message: answer.message.into_owned(),
            data: answer.data,
            next: fault.next_step().map(str::to_owned),
        }
    }
}

/// Runs one call from proof to answer, counts it and logs it: who, what and how it ended, never what was said.
pub async fn dispatch(context: &Context, entry: &Entry, request: Request) -> Answer {
    let began = Instant::now();
    let (face, request_id) = (request.arrival.face, request.arrival.request_id.clone());
    let mut user_id = None;
    let answer = match attempt(context, entry, request, &mut user_id).await {
        Ok(reply) => Answer {
            status: entry.spec.success.status,
            message: reply.message.to_owned(),
            data: reply.data,
            next: None,
        },
        Err(fault) => {
            if let FaultKind::Internal | FaultKind::Unavailable(_) = fault.kind() {
                tracing::error!(operation = entry.spec.tool, %request_id, %fault, "the call failed");
            }
            Answer::from_fault(&fault, &request_id)
        }
    };
    let (took, status) = (began.elapsed(), answer.status);
    let user_id = user_id.as_ref().map(UserId::as_str);
    tracing::info!(operation = entry.spec.tool, face = face.name(), status, user_id, %request_id, ?took, "called");
    let labels = [
        ("operation", Cow::Borrowed(entry.spec.tool)),
        ("face", Cow::Borrowed(face.name())),
        ("status", Cow::Owned(status.to_string())),
    ];
    metrics::counter!("clara_requests_total", &labels).increment(1);
    metrics::histogram!("clara_request_seconds", "operation" => entry.spec.tool).record(took);
    answer
}

async fn attempt(
    context: &Context,
    entry: &Entry,
    request: Request,
    user_id: &mut Option<UserId>,
) -> Result<Reply, Fault> {
    let spec = &entry.spec;
    let mut arguments = request.arguments;
    let subject = Subject {
        user_id: request.user_id,
        user_email: arguments
            .get("user_email")
            .and_then(Value::as_str)
            .map(str::to_owned),
    };
    let caller = admit(
        context,
        request.arrival,
        spec.access,
        spec.while_inactive,
        &subject,
    )
    .await?;
    *user_id = caller.user().ok().map(|user| user.id.clone());
    let names_nobody = !spec.route.variables().any(|name| name.starts_with("user_"));
    if matches!(caller.credential, Credential::Operator) && names_nobody && spec.about_account {
        return Err(Fault::new(FaultKind::Forbidden));
    }
    if let Credential::Password { email, password } = &caller.credential {
        use secrecy::ExposeSecret as _;
        arguments.insert("email".to_owned(), Value::String(email.clone()));
        arguments.insert(
            "password".to_owned(),
            Value::String(password.expose_secret().to_owned()),
        );
    }
    if spec.body == Body::Required {
        let has_body = arguments
            .keys()
            .any(|name| !spec.route.variables().any(|variable| variable == name));
        if !has_body {
            let required = entry.required().join(", ");
            let next = if required.is_empty() {
                "Give at least one field.".to_owned()
            } else {
                format!("Give {required}.")
            };
            return Err(Fault::new(FaultKind::EmptyBody).next(next));
        }
    }
    entry.call(context, &caller, arguments).await
}
