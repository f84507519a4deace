//! The answer to a call: the documented envelope, and beside it how the call ended as a type, so that no face has to read it
//! out of a message.

use serde_json::{Value, json};

use super::registry::{Entry, Reply};
use super::{Document, Page};
use crate::domain::page_request::Offer;
use crate::fault::{Fault, FaultKind, FaultView};

/// When to come again where nobody knows how long it takes.
const SOON_SECONDS: u64 = 1;

/// The answer every face gives.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status; 204 has no body over REST.
    pub status: u16,
    pub message: String,
    pub data: Value,
    /// How it ended; never in the envelope.
    pub outcome: Result<Completed, FaultView>,
}

/// What there is beside the envelope of a call that did what it was asked to.
#[derive(Debug, Clone, Default)]
pub struct Completed {
    /// How many there are in all, where `data` is one part of a list.
    pub total: Option<u64>,
    /// What to do next, for a model or a person.
    pub next: Option<String>,
    /// What stands in the place of `data`, where that is too long to be held.
    pub document: Option<Document>,
}

impl Answer {
    /// A success with this status and message, and nothing besides.
    pub fn success(status: u16, message: impl Into<String>, data: Value) -> Self {
        Self {
            status,
            message: message.into(),
            data,
            outcome: Ok(Completed::default()),
        }
    }

    /// What an operation answered.
    pub(super) fn from_reply(entry: &Entry, reply: Reply) -> Self {
        let next = reply.note.or_else(|| entry.next_step(&reply.data));
        let completed = Completed {
            total: reply.total,
            next,
            document: reply.document,
        };
        Self {
            outcome: Ok(completed),
            ..Self::success(entry.spec.success.status, reply.message, reply.data)
        }
    }

    /// The answer to a fault, through the one table.
    pub fn from_fault(fault: &Fault, request_id: &str) -> Self {
        let answer = fault.answer(request_id);
        Self {
            status: answer.status,
            message: answer.message.into_owned(),
            data: answer.data,
            outcome: Err(fault.view()),
        }
    }

    /// Whether the call did what it was asked to.
    pub fn is_success(&self) -> bool {
        self.outcome.is_ok()
    }

    /// Why it did not.
    pub fn fault(&self) -> Option<&FaultKind> {
        self.outcome.as_ref().err().map(|fault| &fault.kind)
    }

    /// Whether the caller has yet to prove who they are.
    pub fn is_unauthenticated(&self) -> bool {
        self.fault().is_some_and(FaultKind::is_unauthenticated)
    }

    /// What to do next; shown where text is shown, never in the envelope.
    pub fn next(&self) -> Option<&str> {
        match &self.outcome {
            Ok(completed) => completed.next.as_deref(),
            Err(fault) => fault.hint.as_deref(),
        }
    }

    /// The same answer with another advice.
    #[must_use]
    pub fn with_next(mut self, next: Option<String>) -> Self {
        match &mut self.outcome {
            Ok(completed) => completed.next = next,
            Err(fault) => fault.hint = next,
        }
        self
    }

    /// How many there are in all, where `data` is one part of a list.
    pub fn total(&self) -> Option<u64> {
        self.outcome.as_ref().ok()?.total
    }

    /// What stands in the place of `data`, where that is too long to be held.
    pub fn document(&self) -> Option<&Document> {
        self.outcome.as_ref().ok()?.document.as_ref()
    }

    /// The page on which a person gives what the call lacks.
    pub fn offer(&self) -> Option<&Offer> {
        self.outcome.as_ref().err()?.offer.as_ref()
    }

    /// The page that a person is asked to open, where it went well and there is one.
    pub fn page(&self, entry: &Entry) -> Option<Page> {
        entry.page(&self.data).filter(|_| self.is_success())
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

    /// When to come again, in seconds: said by a limit, or soon where something is away for a moment.
    pub fn retry_after(&self) -> Option<u64> {
        match self.fault()? {
            FaultKind::RateLimited {
                retry_after_seconds,
            } => Some(*retry_after_seconds),
            FaultKind::Unavailable(_) => Some(SOON_SECONDS),
            _ => None,
        }
    }
}
