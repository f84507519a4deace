//! How an export looks: the contract's own objects where there are any, and of the rest what its owner can read. Fields are
//! only ever added to it; what it never holds is left out by not being named here.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::tasks::TaskRow;
use crate::domain::clock::Timestamp;
use crate::domain::credits::{Credits, FiatCents};
use crate::domain::ids::{ApiKeyId, SessionId, TransactionId};
use crate::domain::purchase::Purchase;
use crate::domain::user::ApiKey;
use crate::operations::agent::UploadView;
use crate::operations::views::{TransactionView, UserView};
use crate::services::exports::{
    AuditRecord, AuthenticatorRecord, CodeRecord, MailRecord, NetworkRecord, Profile, SessionRecord,
};

/// What the document calls itself.
pub const FORMAT: &str = "clara-export/1";

/// All that is kept of an account. Lists are oldest first.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Export")]
pub struct ExportView {
    #[schemars(extend("examples" = [FORMAT]))]
    format: String,
    exported_at: Timestamp,
    profile: ProfileView,
    api_key: Option<KeyDatesView>,
    sessions: Vec<SessionRow>,
    codes: Vec<CodeRow>,
    authenticators: Vec<AuthenticatorRow>,
    networks: Vec<NetworkRow>,
    transactions: Vec<TransactionView>,
    purchases: Vec<PurchaseRow>,
    tasks: Vec<TaskRow>,
    /// Without their content.
    uploads: Vec<UploadView>,
    mails: Vec<MailRow>,
    audit_entries: Vec<AuditRow>,
}

/// The account itself.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedProfile")]
pub struct ProfileView {
    #[serde(flatten)]
    user: UserView,
    #[schemars(extend("examples" = [true]))]
    has_password: bool,
    /// Whether a Google account signs in to it.
    #[schemars(extend("examples" = [false]))]
    has_google: bool,
    /// Whether Stripe knows it as a customer.
    #[schemars(extend("examples" = [false]))]
    has_stripe_customer: bool,
    /// Credits that a payment taken back asks for and that were spent.
    #[schemars(extend("examples" = [0.0]))]
    owed: Credits,
    /// Recovery codes that were not used yet.
    #[schemars(extend("examples" = [10]))]
    recovery_codes: u64,
}

/// The API key without its token.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedApiKey")]
pub struct KeyDatesView {
    id: ApiKeyId,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_used_at: Option<Timestamp>,
}

/// A sign-in, ended ones too.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedSession")]
pub struct SessionRow {
    id: SessionId,
    created_at: Timestamp,
    expires_at: Timestamp,
    ended_at: Option<Timestamp>,
    #[schemars(extend("examples" = ["rest"]))]
    face: Option<String>,
    #[schemars(extend("examples" = ["203.0.113.7"]))]
    address: Option<String>,
}

/// A code that was mailed, without its digits.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedCode")]
pub struct CodeRow {
    #[schemars(extend("examples" = ["ACTIVATION"]))]
    purpose: String,
    created_at: Timestamp,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
}

/// An authenticator app, without its secret.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedAuthenticator")]
pub struct AuthenticatorRow {
    /// Whether its first code came back; until then it guards nothing.
    #[schemars(extend("examples" = [true]))]
    is_confirmed: bool,
    created_at: Timestamp,
}

/// A network that the owner signed in from; after a month without, it is forgotten.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedNetwork")]
pub struct NetworkRow {
    #[schemars(extend("examples" = ["203.0.113.7"]))]
    network: String,
    seen_at: Timestamp,
}

/// A purchase of credits.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedPurchase")]
pub struct PurchaseRow {
    id: TransactionId,
    #[schemars(extend("examples" = ["PAID"]))]
    status: String,
    #[schemars(extend("examples" = [500.0]))]
    value_in_credits: Credits,
    /// Dollars.
    #[schemars(extend("examples" = [5.0]))]
    value_in_fiat: FiatCents,
    /// Dollars that were paid back.
    #[schemars(extend("examples" = [0.0]))]
    refunded: FiatCents,
    created_at: Timestamp,
    expires_at: Timestamp,
}

/// A mail that was written to the account. What it said is not kept.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedMail")]
pub struct MailRow {
    #[schemars(extend("examples" = ["code_activation"]))]
    kind: String,
    created_at: Timestamp,
    sent_at: Option<Timestamp>,
    /// When it was given up.
    dropped_at: Option<Timestamp>,
}

/// What happened to the account.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedAuditEntry")]
pub struct AuditRow {
    created_at: Timestamp,
    #[schemars(extend("examples" = ["signed_in"]))]
    event: String,
    /// Whether it was let through.
    #[schemars(extend("examples" = [true]))]
    good: bool,
    #[schemars(extend("examples" = ["203.0.113.7"]))]
    address: Option<String>,
    #[schemars(extend("examples" = ["rest"]))]
    face: String,
    #[schemars(extend("examples" = ["4c1f0e9a72d35b86"]))]
    request_id: String,
    /// Clara's own identifier of the call; the other may be the caller's choice.
    #[schemars(extend("examples" = ["9b1d40c2e7a65f03"]))]
    own_request_id: Option<String>,
    /// What else was written down, without the name of an operator.
    #[schemars(with = "serde_json::Map<String, Value>", extend("examples" = [{}]))]
    details: Value,
}

impl From<Profile> for ProfileView {
    fn from(profile: Profile) -> Self {
        Self {
            user: profile.user.into(),
            has_password: profile.has_password,
            has_google: profile.has_google,
            has_stripe_customer: profile.has_stripe_customer,
            owed: profile.owed,
            recovery_codes: profile.recovery_codes,
        }
    }
}

impl From<ApiKey> for KeyDatesView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            created_at: key.created_at,
            updated_at: key.updated_at,
            last_used_at: key.last_used_at,
        }
    }
}

impl From<SessionRecord> for SessionRow {
    fn from(session: SessionRecord) -> Self {
        Self {
            id: session.id,
            created_at: session.created_at,
            expires_at: session.expires_at,
            ended_at: session.ended_at,
            face: session.face,
            address: session.address,
        }
    }
}

impl From<CodeRecord> for CodeRow {
    fn from(code: CodeRecord) -> Self {
        Self {
            purpose: code.purpose,
            created_at: code.created_at,
            expires_at: code.expires_at,
            used_at: code.used_at,
        }
    }
}

impl From<AuthenticatorRecord> for AuthenticatorRow {
    fn from(app: AuthenticatorRecord) -> Self {
        Self {
            is_confirmed: app.is_confirmed,
            created_at: app.created_at,
        }
    }
}

impl From<NetworkRecord> for NetworkRow {
    fn from(record: NetworkRecord) -> Self {
        Self {
            network: record.network,
            seen_at: record.seen_at,
        }
    }
}

impl From<Purchase> for PurchaseRow {
    fn from(purchase: Purchase) -> Self {
        Self {
            id: purchase.id,
            status: purchase.status.as_str().to_owned(),
            value_in_credits: purchase.credits,
            value_in_fiat: purchase.fiat,
            refunded: purchase.refunded,
            created_at: purchase.created_at,
            expires_at: purchase.expires_at,
        }
    }
}

impl From<MailRecord> for MailRow {
    fn from(mail: MailRecord) -> Self {
        Self {
            kind: mail.kind,
            created_at: mail.created_at,
            sent_at: mail.sent_at,
            dropped_at: mail.dropped_at,
        }
    }
}

impl From<AuditRecord> for AuditRow {
    fn from(entry: AuditRecord) -> Self {
        let mut details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
        if let Some(details) = details.as_object_mut() {
            // Somebody else's name.
            details.remove("operator");
        }
        Self {
            created_at: entry.at,
            event: entry.event,
            good: entry.good,
            address: entry.address,
            face: entry.face,
            request_id: entry.request_id,
            own_request_id: entry.own_request_id,
            details,
        }
    }
}
