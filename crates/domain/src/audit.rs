//! What is written down about who did what, from where: never a secret, never an address of a person. It says what may
//! be told; writing it is the store's work.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::network::CountedNetwork;
use super::request_id::RequestId;
use super::{Invalid, parsed_string};

/// Where a call came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The caller's network address, where there is a network between.
    pub address: Option<String>,
    /// The face it came in by: `rest`, `mcp-http`, `stdio`, `cli`, …
    pub face: &'static str,
    /// The call's identifiers, which the log carries too.
    pub request_id: RequestId,
    /// Whether the operator acts, for whichever account it is.
    pub by_operator: bool,
}

impl Origin {
    /// Clara itself: at start, in a worker, in tests.
    pub fn inside(face: &'static str) -> Self {
        Self {
            address: None,
            face,
            request_id: RequestId::default(),
            by_operator: false,
        }
    }

    /// The network it came from, as limits count them; none where somebody sits at this machine.
    pub fn network(&self) -> Option<String> {
        let address = self.address.as_deref()?.parse().ok()?;
        Some(super::network::network_of(address).to_string())
    }

    /// The networks it is counted by, the smallest first; none where somebody sits at this machine.
    pub fn networks(&self) -> Vec<CountedNetwork> {
        let address = self.address.as_deref().and_then(|raw| raw.parse().ok());
        address.map(CountedNetwork::all_of).unwrap_or_default()
    }
}

/// What is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditEvent {
    Registered,
    SignedIn,
    SignInRefused,
    SignedOut,
    /// Google's sign-in was added to an account that had a password.
    GoogleLinked,
    CodeSent,
    CodeRefused,
    Activated,
    PasswordChanged,
    SecondFactorEnabled,
    SecondFactorDisabled,
    AuthenticatorOffered,
    RecoveryCodesReplaced,
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
    /// An account was activated without the sign-up credit.
    CreditWithheld,
    TaskSubmitted,
    TaskCancelled,
    TaskEnded,
    /// Somebody judged claims of a finished analysis.
    TaskJudged,
    AccountRemoved,
    /// The operator looked at something or set something going.
    OperatorActed,
    PurchaseStarted,
    PaymentSettled,
    PaymentReversed,
    LimitHit,
    /// Passwords of the account are guessed from many networks: from now on only the owner's own are heard.
    GuessedAt,
    /// A mail that never arrives: refused for good, or tried too often.
    MailDropped,
}

impl AuditEvent {
    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SignedOut => "signed_out",
            Self::GoogleLinked => "google_linked",
            Self::CodeSent => "code_sent",
            Self::CodeRefused => "code_refused",
            Self::Activated => "activated",
            Self::PasswordChanged => "password_changed",
            Self::SecondFactorEnabled => "second_factor_enabled",
            Self::SecondFactorDisabled => "second_factor_disabled",
            Self::AuthenticatorOffered => "authenticator_offered",
            Self::RecoveryCodesReplaced => "recovery_codes_replaced",
            Self::ProfileChanged => "profile_changed",
            Self::ApiKeyViewed => "api_key_viewed",
            Self::ApiKeyReset => "api_key_reset",
            Self::SessionsEnded => "sessions_ended",
            Self::PageAnswered => "page_answered",
            Self::ProofRefused => "proof_refused",
            Self::DataExported => "data_exported",
            Self::CreditsMoved => "credits_moved",
            Self::CreditWithheld => "credit_withheld",
            Self::TaskSubmitted => "task_submitted",
            Self::TaskCancelled => "task_cancelled",
            Self::TaskEnded => "task_ended",
            Self::TaskJudged => "task_judged",
            Self::AccountRemoved => "account_removed",
            Self::OperatorActed => "operator_acted",
            Self::PurchaseStarted => "purchase_started",
            Self::PaymentSettled => "payment_settled",
            Self::PaymentReversed => "payment_reversed",
            Self::LimitHit => "limit_hit",
            Self::GuessedAt => "guessed_at",
            Self::MailDropped => "mail_dropped",
        }
    }
}

/// The word of an event, as somebody looks for it: lower-case letters and underscores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventName(String);

impl EventName {
    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for EventName {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        let is_fine = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        if (1..=40).contains(&raw.len()) && raw.bytes().all(is_fine) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Invalid::new("must be an event such as `sign_in_refused`"))
        }
    }
}

impl std::fmt::Display for EventName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

parsed_string!(EventName);

impl schemars::JsonSchema for EventName {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EventName".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "maxLength": 40,
            "pattern": "^[a-z_]+$",
            "examples": ["sign_in_refused"],
        })
    }
}

/// What is left of an address once nobody has to be found by it: its /24, or its /48. `None` for what is no address.
pub fn network_of(address: &str) -> Option<String> {
    match address.parse().ok()? {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            Some(format!("{}/24", Ipv4Addr::new(a, b, c, 0)))
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            Some(format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_cut_to_a_network_that_many_share() {
        for (whole, cut) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("10.0.0.0", "10.0.0.0/24"),
            ("2001:db8:1:2::7", "2001:db8:1::/48"),
            ("2001:db8::1", "2001:db8::/48"),
            ("2001::1:2:3:4:5", "2001::/48"),
            ("::1", "::/48"),
        ] {
            assert_eq!(network_of(whole).as_deref(), Some(cut));
        }
        assert_eq!(network_of("192.0.2.0/24"), None);
        assert_eq!(network_of("unknown"), None);
    }
}
