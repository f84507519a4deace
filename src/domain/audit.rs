//! What is written down about who did what, from where: never a secret, never an address of a person. It says what may
//! be told; writing it is the store's work.

/// Where a call came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The caller's network address, where there is a network between.
    pub address: Option<String>,
    /// The face it came in by: `rest`, `mcp-http`, `stdio`, `cli`, …
    pub face: &'static str,
    /// The call's own identifier, which the log carries too.
    pub request_id: String,
}

impl Origin {
    /// Clara itself: at start, in a worker, in tests.
    pub fn inside(face: &'static str) -> Self {
        Self {
            address: None,
            face,
            request_id: String::new(),
        }
    }
}

/// What is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditEvent {
    Registered,
    SignedIn,
    SignInRefused,
    SignedOut,
    CodeSent,
    CodeRefused,
    Activated,
    PasswordChanged,
    SecondFactorEnabled,
    SecondFactorDisabled,
    ProfileChanged,
    ApiKeyViewed,
    ApiKeyReset,
    SessionsEnded,
    /// A person said on a page whether a program may be signed in as them.
    PageAnswered,
    /// The proof that a sensitive act asks for again was not good.
    ProofRefused,
    DataExported,
    CreditsMoved,
    TaskSubmitted,
    TaskCancelled,
    TaskEnded,
    AccountRemoved,
    /// The operator looked at something or set something going.
    OperatorActed,
    PurchaseStarted,
    PaymentSettled,
    PaymentReversed,
    LimitHit,
}

impl AuditEvent {
    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SignedOut => "signed_out",
            Self::CodeSent => "code_sent",
            Self::CodeRefused => "code_refused",
            Self::Activated => "activated",
            Self::PasswordChanged => "password_changed",
            Self::SecondFactorEnabled => "second_factor_enabled",
            Self::SecondFactorDisabled => "second_factor_disabled",
            Self::ProfileChanged => "profile_changed",
            Self::ApiKeyViewed => "api_key_viewed",
            Self::ApiKeyReset => "api_key_reset",
            Self::SessionsEnded => "sessions_ended",
            Self::PageAnswered => "page_answered",
            Self::ProofRefused => "proof_refused",
            Self::DataExported => "data_exported",
            Self::CreditsMoved => "credits_moved",
            Self::TaskSubmitted => "task_submitted",
            Self::TaskCancelled => "task_cancelled",
            Self::TaskEnded => "task_ended",
            Self::AccountRemoved => "account_removed",
            Self::OperatorActed => "operator_acted",
            Self::PurchaseStarted => "purchase_started",
            Self::PaymentSettled => "payment_settled",
            Self::PaymentReversed => "payment_reversed",
            Self::LimitHit => "limit_hit",
        }
    }
}
