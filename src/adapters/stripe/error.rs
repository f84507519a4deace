//! What can go wrong between us and Stripe, sorted by what can be done about it. Stripe's own words go to the log only.

use std::error::Error;
use std::fmt;

use super::client::Reason;

/// What can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StripeErrorKind {
    /// Nothing but waiting: Stripe cannot be reached, is busy, or failed.
    Passing,
    /// Stripe does not know what this argument of the request names.
    Missing { argument: String },
    /// Stripe does not accept the key, or the request as this deployment is set up.
    Refused,
    /// Stripe answered with what cannot be read.
    Unreadable,
}

/// Stripe did not do what it was asked.
#[derive(Debug)]
pub struct StripeError {
    kind: StripeErrorKind,
    cause: Box<dyn Error + Send + Sync>,
}

impl StripeError {
    fn new(kind: StripeErrorKind, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            cause: cause.into(),
        }
    }

    /// Stripe did not answer, or not in time. The address may hold what was asked, so it is left out.
    pub(super) fn unreached(cause: reqwest::Error) -> Self {
        Self::new(StripeErrorKind::Passing, cause.without_url())
    }

    /// Stripe answered a success that is none of its objects.
    pub(super) fn unreadable() -> Self {
        Self::new(
            StripeErrorKind::Unreadable,
            "Stripe's answer cannot be read",
        )
    }

    /// An answer that is not Stripe's own comes from something on the way, such as a gateway that gave up.
    pub(super) fn from_between(status: u16) -> Self {
        let cause = format!("something on the way to Stripe answered {status}");
        Self::new(StripeErrorKind::Passing, cause)
    }

    /// Stripe says why it does not do it. The whole answer may repeat what was asked; these words of it are enough.
    pub(super) fn refused(status: u16, reason: Reason) -> Self {
        let code = reason.code.unwrap_or_default();
        let message = reason.message.unwrap_or_default();
        let cause = format!("Stripe answered {status}: {message} ({code})");
        let kind = match status {
            _ if code == "resource_missing" => StripeErrorKind::Missing {
                argument: reason.param.unwrap_or_default(),
            },
            // Busy with the same request, too many at once, or Stripe's own fault.
            409 | 424 | 429 | 500..=599 => StripeErrorKind::Passing,
            _ => StripeErrorKind::Refused,
        };
        Self::new(kind, cause)
    }

    /// What can be done about it.
    pub fn kind(&self) -> &StripeErrorKind {
        &self.kind
    }

    /// Whether Stripe does not know what `argument` names.
    pub fn is_missing(&self, argument: &str) -> bool {
        matches!(&self.kind, StripeErrorKind::Missing { argument: missing } if missing == argument)
    }

    pub(super) fn is_passing(&self) -> bool {
        self.kind == StripeErrorKind::Passing
    }

    pub(super) fn ours(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::new(StripeErrorKind::Refused, cause)
    }
}

impl fmt::Display for StripeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl Error for StripeError {}
