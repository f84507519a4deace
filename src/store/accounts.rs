//! Accounts: what changes them, each together with everything that must change with it. Whether somebody may do it was
//! decided before: the store asks no such question.

use super::audit::{self, AuditEntry};
use super::codes::{self, NewCode, RightCode};
use super::ledger;
use super::login_throttle::{self, ThrottleKey};
use super::networks::{self, Seen};
use super::outbox::{self, NewMail};
use super::second_factors::{self, SecondFactorChange, SecondFactorProof};
use super::sessions::{self, NewSession};
use super::signup::{self, SignupCredit};
use super::sql::{Row, values};
use super::{Store, StoreError, Transaction, api_keys, transaction};
use crate::domain::audit::AuditEvent;
use crate::domain::clock::Timestamp;
use crate::domain::email::Email;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::name::PersonName;
use crate::domain::user::{ApiKey, User, UserChange};

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub id: UserId,
    pub email: Email,
    pub first_name: Option<PersonName>,
    pub last_name: Option<PersonName>,
    pub password_hash: Option<String>,
    pub is_active: bool,
    pub created_at: Timestamp,
}

/// What a registration stores together.
#[derive(Debug)]
pub struct Registration {
    pub user: NewUser,
    pub session: NewSession,
    pub code: NewCode,
    pub mail: NewMail,
    pub audit: AuditEntry,
    /// A never-activated account of this address made before this moment makes room.
    pub replace_before: Timestamp,
    /// Where the owner is, where there is a network between.
    pub seen: Option<Seen>,
}

/// What a good sign-in stores together.
#[derive(Debug)]
pub struct SignIn {
    pub session: NewSession,
    /// The hash that the password was found right against; another one by now means it was changed meanwhile.
    pub checked_hash: String,
    /// The same password, hashed anew because the old parameters were weaker.
    pub better_hash: Option<String>,
    pub second_factor: SecondFactorProof,
    pub audit: AuditEntry,
    /// Where the owner is, where there is a network between.
    pub seen: Option<Seen>,
    /// Whose wrong tries are forgiven with it.
    pub guesser: Option<ThrottleKey>,
}

/// What an activation stores together.
#[derive(Debug)]
pub struct Activation {
    pub code: RightCode,
    /// The sign-up credit, where there is one.
    pub credit: Option<SignupCredit>,
    pub api_key: ApiKey,
    pub audit: AuditEntry,
    pub at: Timestamp,
}

/// What a change of password or second factor stores together.
#[derive(Debug)]
pub struct SecurityChange {
    pub user_id: UserId,
    /// The mailed code for a new password.
    pub code: Option<RightCode>,
    pub second_factor: SecondFactorProof,
    pub change: Secured,
    /// The one session that goes on.
    pub keep: Option<SessionId>,
    pub mail: NewMail,
    pub audit: AuditEntry,
    pub at: Timestamp,
}

/// What is changed by it.
#[derive(Debug)]
pub enum Secured {
    Password {
        hash: String,
        /// The digest of the account's address: wrong tries at the old password are forgotten.
        account: String,
    },
    SecondFactor(SecondFactorChange),
}

const INSERT_USER: &str = "INSERT INTO users \
     (id, email, email_key, first_name, last_name, password_hash, is_active, created_at, updated_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (email_key) DO NOTHING";

impl Store {
    /// The account with this identifier.
    pub async fn user(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        let row = self
            .read("SELECT * FROM users WHERE id = $1", values![id])
            .await?;
        row.as_ref().map(user).transpose()
    }

    /// The account with this address.
    pub async fn user_by_email(&self, email: &Email) -> Result<Option<User>, StoreError> {
        let row = self
            .read(
                "SELECT * FROM users WHERE email_key = $1",
                values![email.key()],
            )
            .await?;
        row.as_ref().map(user).transpose()
    }

    /// The account with this address, and its password's hash where it has a password.
    pub async fn user_and_hash(
        &self,
        email: &Email,
    ) -> Result<Option<(User, Option<String>)>, StoreError> {
        let row = self
            .read(
                "SELECT * FROM users WHERE email_key = $1",
                values![email.key()],
            )
            .await?;
        row.map(|row| Ok((user(&row)?, row.optional_text("password_hash")?)))
            .transpose()
    }

    /// Makes an account with its first session, its code and the mail that carries it. `None` where the address is
    /// taken.
    pub async fn register(&self, new: &Registration) -> Result<Option<User>, StoreError> {
        transaction!(self, transaction => {
            let replaced = transaction
                .optional(
                    "DELETE FROM users WHERE email_key = $1 AND NOT is_active AND created_at < $2 RETURNING id",
                    values![new.user.email.key(), new.replace_before],
                )
                .await?;
            if let Some(replaced) = replaced {
                let mut removed = new.audit.clone();
                removed.event = AuditEvent::AccountRemoved;
                removed.user_id = Some(replaced.parsed("id")?);
                removed.details = serde_json::json!({"by": "registration", "for": new.user.id.as_str()});
                audit::write(&mut transaction, &removed).await?;
            }
            if !insert(&mut transaction, &new.user).await? {
                return Ok(None);
            }
            sessions::start(&mut transaction, &new.session).await?;
            codes::replace(&mut transaction, &new.code, &new.mail).await?;
            if let Some(seen) = &new.seen {
                networks::see(&mut transaction, &new.user.id, seen).await?;
            }
            audit::write(&mut transaction, &new.audit).await?;
            Some(reread(&mut transaction, &new.user.id).await?)
        })
    }

    /// Starts a session after the password was found right. `None` where the password or the second factor was
    /// changed, or the code used, meanwhile.
    pub async fn sign_in(&self, new: &SignIn) -> Result<Option<User>, StoreError> {
        let user_id = &new.session.user_id;
        transaction!(self, transaction => {
            // Held from here on, so that sessions are counted one sign-in after the other.
            ledger::lock_balance(&mut transaction, user_id).await?;
            let unchanged = transaction
                .optional(
                    "SELECT id FROM users WHERE id = $1 AND password_hash = $2",
                    values![user_id, &new.checked_hash],
                )
                .await?;
            if unchanged.is_none() {
                return Ok(None);
            }
            let proof = &new.second_factor;
            if !second_factors::redeem(&mut transaction, user_id, proof, new.audit.at).await? {
                return Ok(None);
            }
            if let Some(hash) = &new.better_hash {
                transaction
                    .execute(
                        "UPDATE users SET password_hash = $2 WHERE id = $1",
                        values![user_id, hash],
                    )
                    .await?;
            }
            sessions::start(&mut transaction, &new.session).await?;
            if let Some(guesser) = &new.guesser {
                login_throttle::forgive(&mut transaction, guesser).await?;
            }
            if let Some(seen) = &new.seen {
                networks::see(&mut transaction, user_id, seen).await?;
            }
            audit::write(&mut transaction, &new.audit).await?;
            Some(reread(&mut transaction, user_id).await?)
        })
    }

    /// Uses the code up, opens the account, pays the sign-up credit and makes the key. `None` where the code was used
    /// meanwhile or the account is open already.
    pub async fn activate(&self, new: &Activation) -> Result<Option<User>, StoreError> {
        let user_id = &new.code.user_id;
        transaction!(self, transaction => {
            if !codes::redeem(&mut transaction, &new.code, new.at).await? {
                return Ok(None);
            }
            let opened = transaction
                .execute(
                    "UPDATE users SET is_active = TRUE, updated_at = $2 WHERE id = $1 AND NOT is_active",
                    values![user_id, new.at],
                )
                .await?;
            if opened == 0 {
                return Ok(None);
            }
            api_keys::make(&mut transaction, &new.api_key).await?;
            audit::write(&mut transaction, &new.audit).await?;
            if let Some(credit) = &new.credit
                && !signup::pay(&mut transaction, credit).await?
            {
                return Ok(None);
            }
            Some(reread(&mut transaction, user_id).await?)
        })
    }

    /// Uses the proofs up, changes the password or the second factor, ends the other sessions and tells the owner by
    /// mail. `None` where a proof was used, or what it is good for changed, meanwhile.
    pub async fn change_security(&self, new: &SecurityChange) -> Result<Option<User>, StoreError> {
        let user_id = &new.user_id;
        transaction!(self, transaction => {
            ledger::lock_balance(&mut transaction, user_id).await?;
            if let Some(code) = &new.code
                && !codes::redeem(&mut transaction, code, new.at).await?
            {
                return Ok(None);
            }
            let proof = &new.second_factor;
            if !second_factors::redeem(&mut transaction, user_id, proof, new.at).await? {
                return Ok(None);
            }
            match &new.change {
                Secured::Password { hash, account } => {
                    transaction
                        .execute(
                            "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1",
                            values![user_id, hash, new.at],
                        )
                        .await?;
                    login_throttle::forgive_all(&mut transaction, account).await?;
                    let here = new.audit.origin.network();
                    networks::forget_others(&mut transaction, user_id, here.as_deref()).await?;
                }
                Secured::SecondFactor(change) => {
                    if !second_factors::switch(&mut transaction, user_id, change, new.at).await? {
                        return Ok(None);
                    }
                }
            }
            sessions::end_others(&mut transaction, user_id, new.keep.as_ref(), new.at).await?;
            outbox::queue(&mut transaction, &new.mail).await?;
            audit::write(&mut transaction, &new.audit).await?;
            Some(reread(&mut transaction, user_id).await?)
        })
    }

    /// Changes what an owner may change; `None` where the account is gone.
    pub async fn update_user(
        &self,
        id: &UserId,
        change: &UserChange,
        entry: &AuditEntry,
    ) -> Result<Option<User>, StoreError> {
        let dark = change.is_dark_mode.map(i64::from);
        transaction!(self, transaction => {
            let changed = transaction
                .execute(
                    "UPDATE users SET first_name = COALESCE($2, first_name), last_name = COALESCE($3, last_name), \
                     is_dark_mode = CASE WHEN $4 IS NULL THEN is_dark_mode ELSE $4 = 1 END, updated_at = $5 \
                     WHERE id = $1",
                    values![
                        id,
                        change.first_name.as_ref().map(PersonName::as_str),
                        change.last_name.as_ref().map(PersonName::as_str),
                        dark,
                        entry.at
                    ],
                )
                .await?;
            if changed == 0 {
                return Ok(None);
            }
            audit::write(&mut transaction, entry).await?;
            Some(reread(&mut transaction, id).await?)
        })
    }

    /// The active account of this address, made where there is none. One that was never activated is taken over with
    /// everything set before dropped, so that nobody who registered the address first has a way in.
    pub async fn local_account(
        &self,
        new: &NewUser,
        api_key: &ApiKey,
        entry: &AuditEntry,
    ) -> Result<User, StoreError> {
        // Where it is there, a start writes nothing.
        let known = self
            .read(
                "SELECT * FROM users WHERE email_key = $1 AND is_active",
                values![new.email.key()],
            )
            .await?;
        if let Some(known) = known {
            return user(&known);
        }
        transaction!(self, transaction => {
            transaction
                .execute(
                    "DELETE FROM users WHERE email_key = $1 AND NOT is_active",
                    values![new.email.key()],
                )
                .await?;
            if insert(&mut transaction, new).await? {
                api_keys::make(&mut transaction, api_key).await?;
                audit::write(&mut transaction, entry).await?;
            }
            let row = transaction
                .optional("SELECT * FROM users WHERE email_key = $1", values![new.email.key()])
                .await?;
            user(&row.ok_or_else(vanished)?)?
        })
    }
}

pub(super) async fn insert(
    transaction: &mut Transaction<'_>,
    new: &NewUser,
) -> Result<bool, StoreError> {
    let inserted = transaction
        .execute(
            INSERT_USER,
            values![
                &new.id,
                new.email.as_str(),
                new.email.key(),
                new.first_name.as_ref().map(PersonName::as_str),
                new.last_name.as_ref().map(PersonName::as_str),
                new.password_hash.as_deref(),
                new.is_active,
                new.created_at,
            ],
        )
        .await?;
    Ok(inserted == 1)
}

pub(super) async fn reread(
    transaction: &mut Transaction<'_>,
    id: &UserId,
) -> Result<User, StoreError> {
    let row = transaction
        .optional("SELECT * FROM users WHERE id = $1", values![id])
        .await?;
    user(&row.ok_or_else(vanished)?)
}

fn vanished() -> StoreError {
    StoreError::Damaged("an account vanished inside a transaction".to_owned())
}

pub(super) fn user(row: &Row) -> Result<User, StoreError> {
    Ok(User {
        id: row.parsed("id")?,
        email: Email::from_store(row.text("email")?, row.text("email_key")?),
        first_name: row.optional("first_name")?,
        last_name: row.optional("last_name")?,
        credits: row.credits("credits")?,
        is_active: row.flag("is_active")?,
        is_2fa_enabled: row.flag("is_2fa_enabled")?,
        is_dark_mode: row.flag("is_dark_mode")?,
        created_at: row.timestamp("created_at")?,
        updated_at: row.timestamp("updated_at")?,
    })
}
