//! Analysis: takes a text and its attachments in, reserves the credits, and starts the task that checks them.
//! Knows the intake and tasks services; the worker does the work.

use std::time::Instant;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::dropped_files::{self, DroppedFilesCall};
use crate::context::Context;
use crate::domain::credits::Credits;
use crate::domain::file_digest::FileDigest;
use crate::domain::ids::{UploadId, UserId};
use crate::domain::page::Whole;
use crate::domain::page_request::PageTicket;
use crate::domain::task::TaskStatus;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::task::{WaitSeconds, wait_for};
use crate::operations::throttling::{AccountLimit, OperationLimit};
use crate::operations::url_elicitation::ByPerson;
use crate::operations::views::{Paid, TaskView};
use crate::operations::{
    Access, Area, Body, Hints, Operation, Presentation, Route, Spec, Success, Upload,
};
use crate::services::intake::{AttachmentContent, Collect, ExpectedFile, NewAttachment};
use crate::services::tasks::{Accepted, Sameness};
use crate::services::throttling::Limit;

/// Fact-checks a text: finds its claims, weighs each against the attachments, and returns a verdict for each with exact
/// quotes. Costs 20 credits (see `stripe_rate`), given back if it fails. Waits up to 25 s for the report; if the status is
/// still PENDING or RUNNING, call `task_view` with the task's id.
#[derive(JsonSchema)]
pub struct Analysis;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The statements to check, as plain sentences such as `The bridge opened in 1931.`; at most 100,000 characters.
    /// Empty with `check`.
    #[schemars(length(max = 100_000))]
    #[schemars(extend("examples" = ["The lighthouse of Lindmouth was built in 1911. It is 31 metres high."]))]
    pub(super) text: String,
    /// The name of the one of `attachments` that is the text to check; the others are the evidence.
    #[schemars(length(min = 1, max = 200))]
    pub(super) check: Option<String>,
    /// Evidence to check against: at most five files of 25 MB, each an object of `name` (with its extension) and one of
    /// `text`, `content_base64`, `url`, `path`, `upload`. Kinds: `agent_supported_attachments`.
    #[serde(default)]
    #[schemars(length(max = 5))]
    #[schemars(extend("examples" = [[{"name": "harbour.txt", "text": "The lighthouse was built in 1904. It is 31 metres high."}]]))]
    attachments: Vec<AttachmentInput>,
    /// Only these are checked: parts of `text`, word for word, or sentences; at most 100.
    #[serde(default)]
    #[schemars(length(max = 100), inner(length(min = 1, max = 5_000)))]
    #[schemars(extend("examples" = [["The lighthouse of Lindmouth was built in 1911."]]))]
    pub(super) claims: Vec<String>,
    /// When and where `text` was written, and who "we" is; at most 1,000 characters.
    #[schemars(length(max = 1_000))]
    #[schemars(extend("examples" = ["Written on 4 May 1950 by the harbour board of Lindmouth."]))]
    pub(super) context: Option<String>,
    /// Over MCP: true has a person drop files on a page.
    pub(super) ask_for_files: Option<bool>,
    /// Over MCP: what an earlier call gave with that page.
    pub(super) page: Option<PageTicket>,
    /// Seconds to wait for the report; 25 if missing (0 over REST).
    #[schemars(extend("examples" = [50]))]
    wait_seconds: Option<WaitSeconds>,
}

/// A file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Attachment")]
struct AttachmentInput {
    /// File name with its extension, such as `report.pdf`.
    #[schemars(length(min = 1, max = 200))]
    #[schemars(extend("examples" = ["harbour.txt"]))]
    name: String,
    /// The words of a text file.
    #[schemars(extend("examples" = ["The lighthouse was built in 1904. It is 31 metres high."]))]
    text: Option<String>,
    /// The file's bytes in base64.
    #[schemars(extend("examples" = ["VGhlIGxpZ2h0aG91c2Ugd2FzIGJ1aWx0IGluIDE5MDQuIEl0IGlzIDMxIG1ldHJlcyBoaWdoLg=="]))]
    content_base64: Option<String>,
    /// Public http(s) address of the file.
    #[schemars(extend("format" = "uri"))]
    #[schemars(extend("examples" = ["https://example.org/harbour.pdf"]))]
    url: Option<String>,
    /// Path on this machine; only over stdio, in allowed folders.
    #[schemars(extend("examples" = ["/home/ada/Documents/harbour.pdf"]))]
    path: Option<String>,
    /// The id of a file handed in by REST.
    upload: Option<UploadId>,
    /// Refused if its SHA-256 is another.
    sha256: Option<FileDigest>,
    /// Refused if it has another size.
    #[schemars(extend("examples" = [55]))]
    bytes: Option<Whole<0, 4_000_000_000>>,
}

impl Operation for Analysis {
    type Input = Input;
    type Output = TaskView;
    const SPEC: Spec = Spec {
        tool: "agent_analysis",
        title: "Fact-check",
        area: Area::Agent,
        route: Route::post("/users/{user_id}/agent/analysis"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::WithFiles,
        success: Success::created("Analysis started successfully."),
        hints: Hints::ADD.in_open_world(),
    };
    const REFUSALS: &'static [FaultKind] = &[FaultKind::NotEnoughCredits {
        credits: Credits::ZERO,
        required: Credits::whole(20),
    }];
    const BY_PERSON: Option<ByPerson> = Some(dropped_files::BY_PERSON);
    const LIMIT: OperationLimit = OperationLimit::PerAccount(AccountLimit {
        limit: Limit::Submission,
        items: None,
    });

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<TaskView, Fault> {
        Self::run_with_files(context, caller, input, Vec::new()).await
    }

    async fn run_with_files(
        context: &Context,
        caller: &Caller,
        input: Input,
        files: Vec<Upload>,
    ) -> Result<TaskView, Fault> {
        let user = caller.user()?;
        let mut wait = wait_for(caller, input.wait_seconds);
        let dropped = DroppedFilesCall::of(context, caller, &input)?;
        let mut attachments: Vec<NewAttachment> = Vec::with_capacity(input.attachments.len());
        for (index, file) in input.attachments.into_iter().enumerate() {
            attachments.push(content_of(context, &user.id, index, file).await?);
        }
        attachments.extend(files.into_iter().map(put_aside));
        if let Some((call, ticket)) = dropped.as_ref().zip(input.page.as_ref()) {
            let (dropped, left) = call.wait(ticket, wait).await?;
            attachments.extend(dropped);
            wait = left;
        }
        let asks_for_files = dropped.filter(|_| input.page.is_none());
        let given = attachments.len();
        let price = context.settings.analysis_credits;
        let collect = Collect {
            text: input.text,
            check: input.check,
            claims: input.claims,
            context: input.context,
            attachments,
            may_read_files: caller.face.is_local(),
        };
        let checked = context.intake.check(collect)?;
        // Told before anything is fetched: who cannot pay causes no traffic. What was paid for already and is handed in
        // again needs no credits, and to tell that there must be nothing to fetch.
        if user.credits < price && (checked.needs_fetching() || asks_for_files.is_some()) {
            return Err(buy_credits(not_enough(user.credits, price)));
        }
        if let Some(call) = asks_for_files {
            return Err(call.ask(given).await);
        }
        let submission = context.intake.collect(&user.id, checked).await?;
        if caller.call_control.cancelled.is_cancelled() {
            // Nobody reads this: the caller took the call back while its files were fetched.
            return Err(FaultKind::NotFound(Resource::Task).into());
        }
        let tasks = &context.services.tasks;
        // Models' clients give up and call again; people's own programs say by a key what is the same.
        let sameness = match caller.call_control.idempotency_key.as_deref() {
            Some(key) => Sameness::Key(key),
            None if caller.face.is_mcp() => Sameness::Content,
            None => Sameness::None,
        };
        let origin = caller.origin();
        let call_control = &caller.call_control;
        let begun = Instant::now();
        loop {
            let submitted = tasks.submit_once(&user.id, &submission, price, sameness, &origin);
            let Accepted { task, is_new } = submitted.await.map_err(buy_credits)?;
            let (price, left) = if is_new {
                (price, user.credits - price)
            } else {
                (Credits::ZERO, user.credits)
            };
            let paid = Paid { price, left };
            if wait.is_zero() && !call_control.cancelled.is_cancelled() {
                // As it was accepted, whatever a worker has made of it since: `PENDING` is the documented answer.
                return Ok(TaskView::paid_by(task, paid));
            }
            let remaining = wait.saturating_sub(begun.elapsed());
            let ended = if is_new {
                tasks
                    .wait_for_own(&user.id, &task.id, remaining, call_control, &origin)
                    .await?
            } else {
                tasks
                    .wait(&user.id, &task.id, remaining, call_control)
                    .await?
            };
            let is_taken_back = !is_new && ended.status == TaskStatus::Cancelled;
            if is_taken_back && !remaining.is_zero() && !call_control.cancelled.is_cancelled() {
                // The call that began it was cancelled while this one joined it: a client's retry wants it still.
                continue;
            }
            return Ok(TaskView::paid_by(ended, paid));
        }
    }

    fn present(data: &Value) -> Option<Presentation> {
        super::present_task(data)
    }

    fn note(output: &TaskView) -> Option<String> {
        let task = serde_json::to_value(output).ok()?;
        let next = super::next_step(&task).unwrap_or_default();
        let paid = output.paid.filter(|_| task["status"] != "FAILED");
        let spent = paid.map(|Paid { price, left }| {
            if price == Credits::ZERO {
                return format!(
                    "This is the task of the same submission of before: nothing was paid again and {} are left.",
                    left.in_words()
                );
            }
            if let Some(waiver) = super::waiver(&task) {
                return format!(
                    "Nothing was paid, for the analysis {}: its {} were given back.",
                    waiver.as_str(),
                    price.in_words()
                );
            }
            format!(
                "{} credits were spent and {} are left.",
                price.in_words().replace(" credits", ""),
                left.in_words().replace(" credits", "")
            )
        });
        let said = format!("{next} {}", spent.unwrap_or_default());
        Some(said.trim().to_owned()).filter(|said| !said.is_empty())
    }
}

fn not_enough(credits: Credits, required: Credits) -> Fault {
    Fault::new(FaultKind::NotEnoughCredits { credits, required })
}

fn buy_credits(fault: Fault) -> Fault {
    match fault.kind() {
        FaultKind::NotEnoughCredits { .. } => {
            fault.with_hint("Buy credits with stripe_buy; prices: stripe_rate.")
        }
        _ => fault,
    }
}

fn put_aside(file: Upload) -> NewAttachment {
    NewAttachment {
        name: file.name,
        content: AttachmentContent::Aside {
            file: file.file,
            length: file.length,
        },
        expected: ExpectedFile::default(),
    }
}

async fn content_of(
    context: &Context,
    user_id: &UserId,
    index: usize,
    file: AttachmentInput,
) -> Result<NewAttachment, Fault> {
    let given = (
        file.text,
        file.content_base64,
        file.url,
        file.path,
        file.upload,
    );
    let source = match given {
        (Some(text), None, None, None, None) => AttachmentContent::Text(text),
        (None, Some(encoded), None, None, None) => AttachmentContent::Base64(encoded),
        (None, None, Some(url), None, None) => AttachmentContent::Url(url),
        (None, None, None, Some(path), None) => AttachmentContent::Path(path),
        (None, None, None, None, Some(id)) => uploaded(context, user_id, index, &id).await?,
        _ => {
            let problem = "must have exactly one of text, content_base64, url, path, upload";
            return Err(Fault::field(format!("attachments[{index}]"), problem));
        }
    };
    Ok(NewAttachment {
        name: file.name,
        content: source,
        expected: ExpectedFile {
            length: file.bytes.map(|bytes| bytes.get().into()),
            sha256: file.sha256,
        },
    })
}

async fn uploaded(
    context: &Context,
    user_id: &UserId,
    index: usize,
    id: &UploadId,
) -> Result<AttachmentContent, Fault> {
    let refused = |problem: String| Fault::field(format!("attachments[{index}].upload"), problem);
    let found = context.services.uploads.view(user_id, id).await;
    let upload = found.map_err(|fault| match fault.kind() {
        FaultKind::NotFound(Resource::Upload) => refused(
            "names no upload of this account: they are kept for a day. Send the file again"
                .to_owned(),
        ),
        _ => fault,
    })?;
    let (received, size) = (upload.received_bytes, upload.size_bytes);
    match upload.sha256 {
        Some(sha256) => Ok(AttachmentContent::Uploaded {
            id: upload.id,
            length: size,
            sha256,
        }),
        None => Err(refused(format!(
            "is not whole: {received} of its {size} bytes are there. Send the rest first"
        ))),
    }
}
