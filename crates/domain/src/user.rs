//! An account, as the store keeps it and services see it. What of it may be shown, operations decide.

use super::clock::Timestamp;
use super::credits::Credits;
use super::email::Email;
use super::ids::UserId;
use super::name::PersonName;

/// An account without its secrets: the password's hash never leaves the store and the accounts service.
#[derive(Debug, Clone)]
pub struct User {
    pub id: UserId,
    pub email: Email,
    pub first_name: Option<PersonName>,
    pub last_name: Option<PersonName>,
    pub credits: Credits,
    pub is_active: bool,
    pub is_2fa_enabled: bool,
    pub is_dark_mode: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a user may change about itself; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    pub first_name: Option<PersonName>,
    pub last_name: Option<PersonName>,
    pub is_dark_mode: Option<bool>,
}

/// The key an agent signs in with; its token is remade from the id and never stored.
#[derive(Debug, Clone)]
pub struct ApiKey {
    pub id: super::ids::ApiKeyId,
    pub user_id: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// To the minute; none until it is used.
    pub last_used_at: Option<Timestamp>,
}
