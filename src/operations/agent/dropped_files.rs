//! Files that a person drops on a page of ours for an analysis over MCP: no byte of them passes through a model. The analysis
//! asks once everything else of its call is found good, and goes on with what was dropped.

use std::time::Duration;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::analysis::Input;
use crate::context::Context;
use crate::domain::file_digest::FileDigest;
use crate::domain::page_request::{Offer, PageTicket};
use crate::domain::submission::MAX_ATTACHMENTS;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::{Caller, Credential, Face};
use crate::operations::url_elicitation::{ByPerson, Offered};
use crate::services::intake::{AttachmentContent, ExpectedFile, NewAttachment};
use crate::services::upload_requests::DroppedFiles;
use crate::services::uploads::Upload;

/// How often it is looked whether a person is done.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

/// The page, and the arguments that belong to it.
pub(super) const BY_PERSON: ByPerson = ByPerson {
    argument: "ask_for_files",
    instead: Some("page"),
    path: "/upload",
    purpose: "Clara's own page to drop the files that a text is checked against.",
    offered: Offered::OnRequest,
};

/// A call that asks for files, or comes back for them.
pub(super) struct DroppedFilesCall<'c> {
    context: &'c Context,
    caller: &'c Caller,
    /// Of what it checks: the files are for this alone.
    digest: String,
}

impl<'c> DroppedFilesCall<'c> {
    /// The call, where it is one.
    pub(super) fn of(
        context: &'c Context,
        caller: &'c Caller,
        input: &Input,
    ) -> Result<Option<Self>, Fault> {
        let argument = match (&input.page, input.ask_for_files) {
            (Some(_), _) => "page",
            (None, Some(true)) => BY_PERSON.argument,
            (None, _) => return Ok(None),
        };
        let checked = json!([input.text, input.check, input.claims, input.context]);
        let digest = Sha256::digest(checked.to_string().as_bytes());
        let call = Self {
            context,
            caller,
            digest: FileDigest::of_bytes(&digest.into()).as_str().to_owned(),
        };
        if caller.face.is_mcp() {
            return Ok(Some(call));
        }
        let problem = "is only for MCP clients that can have a person open a page";
        Err(call.without_page(argument, problem))
    }

    /// The refusal with the page, for a call that brings so many attachments itself.
    pub(super) async fn ask(&self, given: usize) -> Fault {
        match self.offer(given).await {
            Ok(offer) => BY_PERSON.refusal(offer),
            Err(fault) => fault,
        }
    }

    async fn offer(&self, given: usize) -> Result<Offer, Fault> {
        let (context, caller) = (self.context, self.caller);
        let refused = |problem: &str| self.without_page(BY_PERSON.argument, problem);
        let room = u32::try_from(MAX_ATTACHMENTS.saturating_sub(given)).unwrap_or_default();
        if room == 0 {
            let problem = format!("has no room beside {given} attachments: leave one out");
            return Err(Fault::field(BY_PERSON.argument, problem));
        }
        if !caller.call_control.opens_pages {
            return Err(refused(
                "needs a client that can have a person open a page (URL elicitation)",
            ));
        }
        if matches!(caller.credential, Credential::Session { session: None, .. }) {
            return Err(refused(
                "needs an account that a person can sign in to on a page; this process acts for the local one",
            ));
        }
        let base = context.pages_url();
        let base = base.ok_or_else(|| refused("needs a page, and none is served here"))?;
        let requests = &context.services.upload_requests;
        let user_id = &caller.user()?.id;
        let asked = requests.ask(user_id, &self.digest, room).await?;
        if caller.face == Face::Stdio && !requests.is_known_at(base, &asked.id).await {
            requests.withdraw(&asked.ticket).await?;
            return Err(refused(
                "needs a page, and over stdio `clara serve` must run on the same database, with its address as CLARA_PUBLIC_URL here too",
            ));
        }
        Ok(Offer {
            ticket: Some(asked.ticket),
            ..BY_PERSON.at(base, Some(asked.id.as_str()))
        })
    }

    /// What was dropped, once the person is done, and how much of `wait` is left then. They are waited for as long as the
    /// caller waits.
    pub(super) async fn wait(
        &self,
        ticket: &PageTicket,
        wait: Duration,
    ) -> Result<(Vec<NewAttachment>, Duration), Fault> {
        let requests = &self.context.services.upload_requests;
        let control = &self.caller.call_control;
        let user_id = &self.caller.user()?.id;
        let deadline = Instant::now() + control.max_wait.max(wait);
        loop {
            if control.cancelled.is_cancelled() {
                requests.withdraw(ticket).await?;
                // Nobody reads this.
                return Err(FaultKind::NotFound(Resource::Task).into());
            }
            match requests.take(ticket, user_id, &self.digest).await? {
                DroppedFiles::Files(files) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    let files = files.into_iter().filter_map(attachment);
                    return Ok((files.collect(), wait.min(left)));
                }
                DroppedFiles::NotYet => {}
                DroppedFiles::Declined => {
                    return Err(Fault::field("page", "brings no files").with_hint(
                        "The person said on the page that they give no files. Leave it at that unless they say otherwise.",
                    ));
                }
                DroppedFiles::OtherCall => {
                    return Err(Fault::field("page", "is of a call that checks something else").with_hint(
                        "Repeat text, check, claims and context of the call that asked for the files, word for word.",
                    ));
                }
                DroppedFiles::Nothing => {
                    return Err(
                        Fault::field("page", "is of no page that waits for anybody").with_hint(
                            "It is good for fifteen minutes. Call again with ask_for_files for a new page.",
                        ),
                    );
                }
            }
            let is_late = Instant::now() >= deadline || control.stop_waiting.is_cancelled();
            if is_late && !control.cancelled.is_cancelled() {
                return Err(Fault::field("page", "waits for the person").with_hint(format!(
                    "Nothing is started yet: the person is still at it. Once they say that they are done, call again with the same arguments and page \"{}\".",
                    ticket.expose()
                )));
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_INTERVAL) => {}
                () = control.over() => {}
            }
        }
    }

    /// The refusal where there is no page, with what to do in its place.
    fn without_page(&self, argument: &str, problem: &str) -> Fault {
        let instead = if self.caller.face.is_local() {
            "Name each file as attachments[].path in its place: Clara reads it on this machine, and no byte passes through a model."
                .to_owned()
        } else {
            let base = self.context.pages_url().unwrap_or_default();
            format!(
                "In its place each file is sent to POST {base}/api/v1/users/{{user_id}}/uploads (multipart/form-data, one file), and the id that \
                 this gives is named as attachments[].upload: no byte passes through a model."
            )
        };
        Fault::field(argument, problem).with_hint(instead)
    }
}

/// An upload as an attachment; one that is not whole is none.
fn attachment(upload: Upload) -> Option<NewAttachment> {
    Some(NewAttachment {
        content: AttachmentContent::Uploaded {
            id: upload.id,
            length: upload.size_bytes,
            sha256: upload.sha256?,
        },
        name: upload.name,
        expected: ExpectedFile::default(),
    })
}
