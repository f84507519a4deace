//! The one error type: everything that can go wrong for somebody who called Clara, and the one table from each fault to
//! status, message and details. Inner layers make faults; faces only show them. It knows no HTTP type and no MCP type.

mod field_problem;
mod panic;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use serde_json::{Value, json};

use crate::domain::credits::Credits;
use crate::domain::page_request::Offer;
use crate::domain::second_factor::SecondFactorMethod;
use crate::domain::task::TaskStatus;

pub use field_problem::{FieldProblem, ProblemKind};
pub use panic::catch_panic;

/// The most characters of a sender's own text, such as a name nobody knows, that an answer repeats.
pub const MAX_REPEATED: usize = 60;

/// What something that does not exist would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    User,
    Transaction,
    Task,
    Session,
    ApiKey,
    PageRequest,
    Upload,
}

impl Resource {
    fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Transaction => "Transaction",
            Self::Task => "Task",
            Self::Session => "Session",
            Self::ApiKey => "API key",
            Self::PageRequest => "Page request",
            Self::Upload => "Upload",
        }
    }
}

/// A service outside, or a part that has to be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Stripe,
    Google,
    Mail,
    Engine,
    Database,
    PasswordHashing,
    /// Clara itself, when an answer takes too long.
    Clara,
}

impl Service {
    fn name(self) -> &'static str {
        match self {
            Self::Stripe => "Stripe",
            Self::Google => "Google",
            Self::Mail => "Mail",
            Self::Engine => "Analysis engine",
            Self::Database => "Database",
            Self::PasswordHashing => "Password hashing",
            Self::Clara => "Clara",
        }
    }
}

/// Each way a call can fail, with what its answer needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    EmptyBody,
    InvalidFields(Vec<FieldProblem>),
    UserExists,
    Unauthenticated,
    SecondFactorRequired {
        /// The factor that the account has on.
        method: SecondFactorMethod,
    },
    Inactive,
    Forbidden,
    NotEnoughCredits {
        credits: Credits,
        required: Credits,
    },
    NotFound(Resource),
    NoCreditRate {
        lower_limit: u32,
        upper_limit: u32,
    },
    /// The task has not ended with a report; this is where it stands.
    NoReport(TaskStatus),
    /// What its sources say is not kept any more.
    SourcesGone,
    /// The report has as many revisions as one may have.
    TooManyRevisions {
        most: u32,
    },
    NoRoute,
    MethodNotAllowed,
    TooLarge {
        limit_bytes: u64,
    },
    UnsupportedMediaType {
        supported: &'static [&'static str],
    },
    /// The request's body did not arrive in time, or not to its end.
    TooSlow,
    RateLimited {
        retry_after_seconds: u64,
    },
    NotConfigured(Service),
    Unavailable(Service),
    Internal,
}

impl FaultKind {
    /// Whether it says that the caller has yet to prove who they are: the contract's 401.
    pub fn is_unauthenticated(&self) -> bool {
        matches!(
            self,
            Self::Unauthenticated | Self::SecondFactorRequired { .. } | Self::Inactive
        )
    }
}

/// A fault as faces see it: without the cause.
#[derive(Debug, Clone)]
pub struct FaultView {
    pub kind: FaultKind,
    /// What to do next.
    pub hint: Option<String>,
    /// The page on which a person gives what the call lacks.
    pub offer: Option<Offer>,
}

/// A failed call: its kind, what to do next, and the cause that only the log sees.
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    next: Option<Cow<'static, str>>,
    offer: Option<Box<Offer>>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault of this kind.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            next: None,
            offer: None,
            cause: None,
        }
    }

    /// One wrong field.
    pub fn field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        FaultKind::InvalidFields(vec![FieldProblem::refused(field, problem)]).into()
    }

    /// One field that must be given and was not.
    pub fn missing(field: impl Into<String>) -> Self {
        FaultKind::InvalidFields(vec![FieldProblem::missing(field)]).into()
    }

    /// Something of ours failed; the caller learns nothing but that.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind: FaultKind::Internal,
            next: None,
            offer: None,
            cause: Some(cause.into()),
        }
    }

    /// Adds what to do next, for a model or a person: `Ask for a code with auth_send_otp, type ACTIVATION.`
    /// It is shown after the message where text is shown, never in the envelope.
    #[must_use]
    pub fn with_hint(mut self, next: impl Into<Cow<'static, str>>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// Adds the page on which a person gives what the call lacks.
    #[must_use]
    pub fn offering(mut self, offer: Offer) -> Self {
        self.offer = Some(Box::new(offer));
        self
    }

    /// The page on which a person gives what the call lacks.
    pub fn offer(&self) -> Option<&Offer> {
        self.offer.as_deref()
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn with_source(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Which fault it is.
    pub fn kind(&self) -> &FaultKind {
        &self.kind
    }

    /// What to do next, where there is something.
    pub fn next_step(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// What a face may know of it.
    pub fn view(&self) -> FaultView {
        FaultView {
            kind: self.kind.clone(),
            hint: self.next_step().map(str::to_owned),
            offer: self.offer().cloned(),
        }
    }

    /// What lies behind it, for the log.
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync)> {
        self.cause.as_deref()
    }

    /// The table: status, message and details of each fault, as the contract has them.
    #[expect(clippy::too_many_lines, reason = "it is the one table, a row a fault")]
    pub fn answer(&self, request_id: &str) -> FaultAnswer {
        let (status, message, data): (u16, Cow<'static, str>, Value) = match &self.kind {
            FaultKind::EmptyBody => (400, "Request body is empty.".into(), Value::Null),
            FaultKind::InvalidFields(problems) => (
                400,
                "One or more required parameters are either not given or have invalid schema."
                    .into(),
                json!({"errors": problems}),
            ),
            FaultKind::UserExists => (
                400,
                "User with the given identifier already exists.".into(),
                Value::Null,
            ),
            FaultKind::Unauthenticated => (
                401,
                "Authorization header or OTP is either missing, invalid or expired.".into(),
                Value::Null,
            ),
            FaultKind::SecondFactorRequired { .. } => (
                401,
                "Authorization header or OTP is either missing, invalid or expired.".into(),
                json!({"is_2fa_enabled": true}),
            ),
            FaultKind::Inactive => (
                401,
                "Please activate your account to access the requested resource.".into(),
                Value::Null,
            ),
            FaultKind::Forbidden => (
                403,
                "You do not have access to the requested resource.".into(),
                Value::Null,
            ),
            FaultKind::NotEnoughCredits { credits, required } => (
                403,
                "You do not have enough credits to perform this action.".into(),
                json!({"credits": credits, "required": required}),
            ),
            FaultKind::NotFound(resource) => (
                404,
                format!(
                    "{} with the given identifier does not exist.",
                    resource.name()
                )
                .into(),
                Value::Null,
            ),
            FaultKind::NoCreditRate {
                lower_limit,
                upper_limit,
            } => (
                404,
                "No credits rate found for the given amount.".into(),
                json!({"lower_limit": lower_limit, "upper_limit": upper_limit}),
            ),
            FaultKind::NoReport(status) => (
                409,
                "The task has no report.".into(),
                json!({"status": status}),
            ),
            FaultKind::TooManyRevisions { most } => (
                409,
                "The report has been judged as often as it may be.".into(),
                json!({"most": most}),
            ),
            FaultKind::SourcesGone => (
                410,
                "The sources of the task are not kept any more.".into(),
                Value::Null,
            ),
            FaultKind::NoRoute => (
                404,
                "The requested route does not exist.".into(),
                Value::Null,
            ),
            FaultKind::MethodNotAllowed => (
                405,
                "The requested method is not allowed for this route.".into(),
                Value::Null,
            ),
            FaultKind::TooLarge { limit_bytes } => (
                413,
                "The request is too large.".into(),
                json!({"limit_bytes": limit_bytes}),
            ),
            FaultKind::UnsupportedMediaType { supported } => (
                415,
                "The request's content type is not supported.".into(),
                json!({"supported": supported}),
            ),
            FaultKind::TooSlow => (
                408,
                "The request did not arrive in time.".into(),
                Value::Null,
            ),
            FaultKind::RateLimited {
                retry_after_seconds,
            } => (
                429,
                "You have exceeded the rate limit.".into(),
                json!({"retry_after_seconds": retry_after_seconds}),
            ),
            FaultKind::NotConfigured(service) => (
                503,
                format!("{} is not configured.", service.name()).into(),
                json!({"service": service.name()}),
            ),
            FaultKind::Unavailable(service) => (
                503,
                format!("{} is unavailable.", service.name()).into(),
                json!({"service": service.name()}),
            ),
            FaultKind::Internal => (
                500,
                "Something went wrong.".into(),
                json!({"request_id": request_id}),
            ),
        };
        FaultAnswer {
            status,
            message,
            data,
        }
    }
}

/// A fault as the contract words it.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultAnswer {
    /// The HTTP status; the same number stands in the access snapshot for every face.
    pub status: u16,
    pub message: Cow<'static, str>,
    pub data: Value,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)?;
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause
            .as_deref()
            .map(|cause| cause as &(dyn Error + 'static))
    }
}

impl From<FaultKind> for Fault {
    fn from(kind: FaultKind) -> Self {
        Self::new(kind)
    }
}
