//! What can go wrong between us and Stripe, sorted by what can be done about it. Stripe's own words go to the log only.

use std::error::Error;
use std::fmt;

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
        Self {
            kind: StripeErrorKind::Refused,
            cause: Box::new(cause),
        }
    }
}

impl From<stripe::StripeError> for StripeError {
    fn from(error: stripe::StripeError) -> Self {
        use stripe::StripeError as Theirs;
        let kind = match &error {
            Theirs::Stripe(said, status) => match (status, said.code.as_ref()) {
                (_, Some(code)) if code.as_str() == "resource_missing" => {
                    StripeErrorKind::Missing {
                        argument: said.param.clone().unwrap_or_default(),
                    }
                }
                // Busy with the same request, too many at once, or Stripe's own fault.
                (409 | 424 | 429 | 500..=599, _) => StripeErrorKind::Passing,
                _ => StripeErrorKind::Refused,
            },
            // An answer that is not Stripe's own comes from something on the way, such as a gateway that gave up.
            Theirs::JSONDeserialize(what) if what.contains("Stripe error") => {
                StripeErrorKind::Passing
            }
            Theirs::JSONDeserialize(_) => StripeErrorKind::Unreadable,
            Theirs::ClientError(_) | Theirs::Timeout => StripeErrorKind::Passing,
            Theirs::ConfigError(_) => StripeErrorKind::Refused,
        };
        let cause = match error {
            // The whole error may repeat what was asked; these words of it are enough.
            Theirs::Stripe(said, status) => format!(
                "Stripe answered {status}: {} ({})",
                said.message.unwrap_or_default(),
                said.code.map_or_else(String::new, |code| code.to_string())
            ),
            other => other.to_string(),
        };
        Self {
            kind,
            cause: cause.into(),
        }
    }
}

impl fmt::Display for StripeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl Error for StripeError {}
