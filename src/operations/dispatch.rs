//! Dispatch: who calls, may they, parse, run, answer. Every face hands its calls in here and gets the same envelope back.
//! The checks run in the contract's order, and the first that fails answers. It knows no HTTP type and no MCP type.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use super::admission::admit;
pub use super::answer::{Answer, Completed};
use super::caller::{CallContext, Caller, Credential, Face, Subject};
use super::registry::{Entry, Reply};
use super::{Body, RouteKind, Upload};
use crate::context::Context;
use crate::domain::ids::UserId;
use crate::domain::request_id::RequestId;
use crate::fault::{Fault, FaultKind, Service, catch_panic};

/// A call as a face took it in.
#[derive(Debug)]
pub struct Request {
    pub call_context: CallContext,
    /// `{user_id}` of a path; absent over MCP, where a caller acts on itself.
    pub user_id: Option<String>,
    /// Path variables, query and body together.
    pub arguments: Map<String, Value>,
}

/// How long an answer over the network may take, once what was sent has arrived. A wait for an analysis is bounded below
/// this. Whoever sits at this machine waits as long as they like.
const MAX_ANSWER: Duration = Duration::from_secs(65);
/// Runs one call whose arguments are in hand, from proof to answer.
pub async fn dispatch(context: &Context, entry: &Entry, request: Request) -> Answer {
    answered(context, entry, request).await.1
}

/// The same for what is asked of an operation beside any call, such as a list of resources: the rate limit is for calls.
pub async fn dispatch_uncounted(context: &Context, entry: &Entry, request: Request) -> Answer {
    let mut call = Call::begin(context, entry, &request.call_context);
    call.is_counted = false;
    let subject = Subject::of(&request);
    let reply = match call.admit(request.call_context, &subject).await {
        Ok(caller) => call.run(&caller, request.arguments, Vec::new()).await,
        Err(fault) => Err(fault),
    };
    call.answer(reply)
}

/// The same, and for which account.
pub(super) async fn answered(
    context: &Context,
    entry: &Entry,
    request: Request,
) -> (Option<UserId>, Answer) {
    let mut call = Call::begin(context, entry, &request.call_context);
    let subject = Subject::of(&request);
    let reply = match call.admit(request.call_context, &subject).await {
        Ok(caller) => call.run(&caller, request.arguments, Vec::new()).await,
        Err(fault) => Err(fault),
    };
    (call.user_id.clone(), call.answer(reply))
}

impl Subject {
    /// Whose thing a call without a path names.
    pub(super) fn of(request: &Request) -> Self {
        let named = request.arguments.get("user_email");
        Self {
            user_id: request.user_id.clone(),
            user_email: named.and_then(Value::as_str).map(str::to_owned),
        }
    }
}

/// A call under way, in two steps: whether the caller may, and doing it. A face that has yet to read what the caller sends
/// does so in between; everybody else calls [`dispatch`]. When it is answered, it is counted and logged: who, what and how
/// it ended, never what was said.
pub struct Call<'a> {
    context: &'a Context,
    entry: &'a Entry,
    face: Face,
    request_id: RequestId,
    user_id: Option<UserId>,
    /// Whether the limit on calls a second counts it.
    is_counted: bool,
    began: Instant,
}

impl<'a> Call<'a> {
    pub fn begin(context: &'a Context, entry: &'a Entry, call_context: &CallContext) -> Self {
        Self {
            context,
            entry,
            face: call_context.face,
            request_id: call_context.request_id.clone(),
            user_id: None,
            is_counted: entry.spec.route.kind != RouteKind::Webhook,
            began: Instant::now(),
        }
    }

    /// Proves who calls and that they may, before anything they sent is looked at.
    pub async fn admit(
        &mut self,
        call_context: CallContext,
        subject: &Subject,
    ) -> Result<Caller, Fault> {
        let spec = &self.entry.spec;
        let admitted = admit(
            self.context,
            call_context,
            spec.access,
            spec.while_inactive,
            subject,
            self.is_counted,
        );
        let caller = in_bounds(self.face, admitted.boxed()).await?;
        self.user_id = caller.user().ok().map(|user| user.id.clone());
        let names_nobody = !spec.route.variables().any(|name| name.starts_with("user_"));
        if matches!(caller.credential, Credential::Operator) && names_nobody && spec.about_account {
            return Err(Fault::new(FaultKind::Forbidden));
        }
        Ok(caller)
    }

    /// Does what an admitted caller asks for.
    pub async fn run(
        &self,
        caller: &Caller,
        arguments: Map<String, Value>,
        files: Vec<Upload>,
    ) -> Result<Reply, Fault> {
        let work = self.perform(caller, arguments, files).boxed();
        in_bounds(self.face, work).await
    }

    async fn perform(
        &self,
        caller: &Caller,
        mut arguments: Map<String, Value>,
        files: Vec<Upload>,
    ) -> Result<Reply, Fault> {
        let spec = &self.entry.spec;
        if self.face.is_mcp() {
            self.entry.normalize(&mut arguments);
        }
        let due = self.entry.by_person.as_ref();
        let due = due.filter(|by_person| by_person.is_due(caller.face, &arguments));
        if let Some(by_person) = due
            && let Some(offer) = Box::pin(by_person.offer(self.context, caller)).await?
        {
            return Err(by_person.refusal(offer));
        }
        // Without a page all that is missing is named at once, together with how there would be one.
        let takes_body = matches!(spec.body, Body::Required | Body::WithFiles) && due.is_none();
        if takes_body && files.is_empty() && !has_body(self.entry, &arguments) {
            return Err(empty_body(self.entry));
        }
        if let Credential::Password { email, password } = &caller.credential {
            put_credential(&mut arguments, email, password)?;
        }
        let reply = self.entry.call(self.context, caller, arguments, files);
        reply.await.map_err(|fault| match due {
            Some(by_person) => fault.with_hint(by_person.without_page()),
            None => with_example(self.entry, fault),
        })
    }

    /// Ends it with the documented answer.
    pub fn answer(self, reply: Result<Reply, Fault>) -> Answer {
        let (entry, request_id) = (self.entry, self.request_id);
        let answer = match reply {
            Ok(reply) => Answer::from_reply(entry, reply),
            Err(fault) => {
                if let FaultKind::Internal | FaultKind::Unavailable(_) = fault.kind() {
                    tracing::error!(operation = entry.spec.tool, %request_id, %fault, "the call failed");
                }
                Answer::from_fault(&fault, &request_id)
            }
        };
        let (took, status) = (self.began.elapsed(), answer.status);
        let (face, user_id) = (self.face.name(), self.user_id.as_ref().map(UserId::as_str));
        let own_request_id = request_id.own_beside();
        let operation = entry.spec.tool;
        if status == 429 {
            // A flood that a limit refuses must not fill the disk with its log; metrics count it.
            tracing::debug!(operation, face, user_id, %request_id, own_request_id, "refused");
        } else {
            tracing::info!(operation, face, status, user_id, %request_id, own_request_id, ?took, "called");
        }
        let labels = [
            ("operation", Cow::Borrowed(entry.spec.tool)),
            ("face", Cow::Borrowed(face)),
            ("status", Cow::Owned(status.to_string())),
        ];
        metrics::counter!("clara_requests_total", &labels).increment(1);
        metrics::histogram!("clara_request_seconds", "operation" => entry.spec.tool).record(took);
        answer
    }
}

/// What comes of work for a caller, unless it takes longer than anybody waits. A panic is a fault of ours like others: it is
/// counted, and the caller gets an answer on whatever face they stand.
async fn in_bounds<T>(
    face: Face,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let work = catch_panic(work);
    let done = if face.is_local() {
        work.await
    } else {
        let late = |late| Fault::new(FaultKind::Unavailable(Service::Clara)).with_source(late);
        tokio::time::timeout(MAX_ANSWER, work).await.map_err(late)?
    };
    done.unwrap_or_else(Err)
}

/// Whether there is an argument that does not stand in the path.
fn has_body(entry: &Entry, arguments: &Map<String, Value>) -> bool {
    let route = entry.spec.route;
    arguments
        .keys()
        .any(|name| !route.variables().any(|variable| variable == name))
}

fn empty_body(entry: &Entry) -> Fault {
    let required = entry.required().join(", ");
    let next = if required.is_empty() {
        "Give at least one field.".to_owned()
    } else {
        format!("Give {required}.")
    };
    let example = entry.example();
    let example = example.map(|example| format!(" Such as {example}"));
    Fault::new(FaultKind::EmptyBody).with_hint(next + &example.unwrap_or_default())
}

/// Adds to refused fields what would be taken.
fn with_example(entry: &Entry, fault: Fault) -> Fault {
    let is_told =
        fault.next_step().is_some() || !matches!(fault.kind(), FaultKind::InvalidFields(_));
    match entry.example().filter(|_| !is_told) {
        Some(example) => fault.with_hint(format!("Send arguments such as {example}")),
        None => fault,
    }
}

/// Address and password become arguments; given a second time, one of the two would go unseen.
fn put_credential(
    arguments: &mut Map<String, Value>,
    email: &str,
    password: &SecretString,
) -> Result<(), Fault> {
    let pair = [("email", email), ("password", password.expose_secret())];
    for (name, value) in pair {
        let given = arguments.insert(name.to_owned(), Value::String(value.to_owned()));
        if given.is_some() {
            return Err(Fault::field(name, "is in the Authorization header already"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;
    use serde_json::json;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_never_comes_is_given_up_but_by_who_sits_here() {
        let began = tokio::time::Instant::now();
        let never = in_bounds(Face::McpHttp, std::future::pending::<Result<(), Fault>>());
        let answer = Answer::from_fault(&never.await.unwrap_err(), "");
        // The timer's own grain is a millisecond.
        assert_eq!(began.elapsed().as_secs(), 65);
        assert_eq!(
            (answer.status, answer.message.as_str()),
            (503, "Clara is unavailable.")
        );
        let after = async |milliseconds| {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            Ok(7)
        };
        assert_eq!(in_bounds(Face::Rest, after(64_999)).await.unwrap(), 7);
        assert_eq!(in_bounds(Face::Stdio, after(600_000)).await.unwrap(), 7);
    }

    #[test]
    fn a_panic_is_an_answer_on_every_face_and_is_counted() {
        let recorder = PrometheusBuilder::new().build_recorder();
        for face in [Face::Rest, Face::McpHttp, Face::Stdio, Face::Page] {
            let breaks = std::future::poll_fn(|_| panic!("the canary of table users"));
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap();
            let fault = metrics::with_local_recorder(&recorder, || {
                runtime.block_on(in_bounds::<()>(face, breaks)).unwrap_err()
            });
            let answer = Answer::from_fault(&fault, "req_7");
            assert_eq!(answer.status, 500);
            assert_eq!(answer.data, json!({"request_id": "req_7"}));
            assert!(!format!("{fault}").contains("canary"), "{fault}");
        }
        let metrics = recorder.handle().render();
        assert!(metrics.contains("clara_panics_total 4"), "{metrics}");
    }
}
