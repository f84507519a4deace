//! Second factors: seeds as seals and recovery codes as digests; nobody reads a code out of them. What was found right is
//! used up here, in the transaction of what it opens, and looked at once more there.

use super::audit::{self, AuditEntry};
use super::codes::{self, RightCode};
use super::outbox::{self, NewMail};
use super::sql::{Row, values};
use super::{Store, StoreError, Transaction, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::UserId;

/// What stands for an account's second factor. The factor may have been switched, or the code used, since it was found
/// right: that is checked where it is used up.
#[derive(Debug, Clone)]
pub enum SecondFactorProof {
    /// None is on, so none is asked for.
    NotOn,
    /// No authenticator app is on, and only an app would be asked for.
    NoApp,
    /// The operator's word stands for it: the owner has lost theirs.
    Operator,
    /// A mailed code that was found right.
    Mailed(RightCode),
    /// A right code of the app in force.
    App { authenticator: String, step: i64 },
    /// A recovery code that is there.
    Recovery {
        digest: String,
        /// One letter to the owner for each number of codes that may be left, from none on. Where there is none for the
        /// number, none is sent.
        letters: Vec<NewMail>,
    },
}

impl SecondFactorProof {
    /// What it was, for the audit trail.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotOn | Self::NoApp => "none",
            Self::Operator => "operator",
            Self::Mailed(_) => "mail",
            Self::App { .. } => "app",
            Self::Recovery { .. } => "recovery code",
        }
    }

    /// The mail that using it up sends, where it sends one.
    pub fn letter(&self) -> Option<&str> {
        match self {
            // The letters are one mail in as many wordings.
            Self::Recovery { letters, .. } => letters.first().map(|letter| letter.id.as_str()),
            _ => None,
        }
    }

    /// The same where another letter tells the owner already.
    #[must_use]
    pub fn without_letter(self) -> Self {
        match self {
            Self::Recovery { digest, .. } => Self::Recovery {
                digest,
                letters: Vec::new(),
            },
            other => other,
        }
    }
}

/// How the second factor is switched.
#[derive(Debug)]
pub enum SecondFactorChange {
    Mail,
    /// The offered app comes into force, with recovery codes of its own.
    App {
        authenticator: String,
        step: i64,
        recovery: Vec<String>,
    },
    /// The digests that take the place of all there were.
    Recovery(Vec<String>),
    Off,
}

impl SecondFactorChange {
    /// The word in the audit trail.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::App { .. } => "app",
            Self::Recovery(_) => "recovery codes",
            Self::Off => "off",
        }
    }
}

/// A seed that says nothing without the key it was sealed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSeed {
    pub text: String,
    pub key_name: String,
}

/// An authenticator app of an account.
#[derive(Debug, Clone)]
pub struct Authenticator {
    pub id: String,
    pub user_id: UserId,
    pub seed: SealedSeed,
    pub last_step: i64,
    pub offered_at: Timestamp,
}

/// A seed under another key than it was.
#[derive(Debug)]
pub struct Resealed {
    pub id: String,
    pub old: SealedSeed,
    pub new: SealedSeed,
}

impl Store {
    /// The account's app: the one in force, or the one that waits to be confirmed.
    pub async fn authenticator(
        &self,
        user_id: &UserId,
        is_confirmed: bool,
    ) -> Result<Option<Authenticator>, StoreError> {
        let row = self
            .read(
                "SELECT * FROM authenticators WHERE user_id = $1 AND is_confirmed = $2",
                values![user_id, is_confirmed],
            )
            .await?;
        row.as_ref().map(authenticator).transpose()
    }

    /// Keeps an app until it is confirmed, in the place of one that never was.
    pub async fn offer_authenticator(
        &self,
        new: &Authenticator,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        transaction!(self, transaction => {
            transaction
                .execute(
                    "INSERT INTO authenticators (id, user_id, is_confirmed, sealed_seed, key_name, last_step, created_at) \
                     VALUES ($1, $2, FALSE, $3, $4, $5, $6) \
                     ON CONFLICT (user_id, is_confirmed) DO UPDATE SET id = excluded.id, \
                     sealed_seed = excluded.sealed_seed, key_name = excluded.key_name, \
                     last_step = excluded.last_step, created_at = excluded.created_at",
                    values![
                        &new.id,
                        &new.user_id,
                        &new.seed.text,
                        &new.seed.key_name,
                        new.last_step,
                        new.offered_at
                    ],
                )
                .await?;
            audit::write(&mut transaction, entry).await?;
        })
    }

    /// Whether the account has this recovery code left.
    pub async fn has_recovery_code(
        &self,
        user_id: &UserId,
        digest: &str,
    ) -> Result<bool, StoreError> {
        let row = self
            .read(
                "SELECT digest FROM recovery_codes WHERE user_id = $1 AND digest = $2",
                values![user_id, digest],
            )
            .await?;
        Ok(row.is_some())
    }

    /// The next apps, after the one named, whose seeds are under this key.
    pub async fn authenticators_under(
        &self,
        key_name: &str,
        after: &str,
        at_most: u32,
    ) -> Result<Vec<Authenticator>, StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM authenticators WHERE key_name = $1 AND id > $2 ORDER BY id LIMIT $3",
                values![key_name, after, at_most],
            )
            .await?;
        rows.iter().map(authenticator).collect()
    }

    /// How many seeds there are under each key.
    pub async fn seeds_by_key(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = self
            .read_all(
                "SELECT key_name, COUNT(*) AS seeds FROM authenticators GROUP BY key_name ORDER BY key_name",
                values![],
            )
            .await?;
        rows.iter()
            .map(|row| Ok((row.text("key_name")?, row.count("seeds")?)))
            .collect()
    }

    /// Puts seeds under another key, all together. One that is not what it was any more stays as it is: another process has
    /// done it, or its owner has a new app. Says how many changed.
    pub async fn reseal(&self, seeds: &[Resealed]) -> Result<u64, StoreError> {
        transaction!(self, transaction => {
            let mut changed = 0;
            for seed in seeds {
                changed += transaction
                    .execute(
                        "UPDATE authenticators SET sealed_seed = $3, key_name = $4 WHERE id = $1 AND sealed_seed = $2",
                        values![&seed.id, &seed.old.text, &seed.new.text, &seed.new.key_name],
                    )
                    .await?;
            }
            changed
        })
    }
}

/// Uses the proof up; `false` where somebody was faster, or it is not what is asked for any more. The account's row is
/// held, so that factors are switched and used one after the other.
pub(super) async fn redeem(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
    proof: &SecondFactorProof,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match proof {
        SecondFactorProof::NotOn => {
            let off = transaction
                .optional(
                    "SELECT id FROM users WHERE id = $1 AND NOT is_2fa_enabled",
                    values![user_id],
                )
                .await?;
            Ok(off.is_some())
        }
        SecondFactorProof::Operator => Ok(true),
        SecondFactorProof::NoApp => has_no_app(transaction, user_id).await,
        SecondFactorProof::Mailed(code) => Ok(code.user_id == *user_id
            && has_no_app(transaction, user_id).await?
            && codes::redeem(transaction, code, now).await?),
        SecondFactorProof::App {
            authenticator,
            step,
        } => {
            let used = transaction
                .execute(
                    "UPDATE authenticators SET last_step = $3 \
                     WHERE id = $1 AND user_id = $2 AND is_confirmed AND last_step < $3",
                    values![authenticator, user_id, *step],
                )
                .await?;
            Ok(used == 1)
        }
        SecondFactorProof::Recovery { digest, letters } => {
            let used = transaction
                .execute(
                    "DELETE FROM recovery_codes WHERE user_id = $1 AND digest = $2",
                    values![user_id, digest],
                )
                .await?;
            if used == 0 {
                return Ok(false);
            }
            let left = transaction
                .optional(
                    "SELECT COUNT(*) AS codes FROM recovery_codes WHERE user_id = $1",
                    values![user_id],
                )
                .await?;
            let left = left.map_or(Ok(0), |row| row.count("codes"))?;
            let letter = usize::try_from(left)
                .ok()
                .and_then(|left| letters.get(left));
            if let Some(letter) = letter {
                outbox::queue(transaction, letter).await?;
            }
            Ok(true)
        }
    }
}

async fn has_no_app(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
) -> Result<bool, StoreError> {
    let app = transaction
        .optional(
            "SELECT id FROM authenticators WHERE user_id = $1 AND is_confirmed",
            values![user_id],
        )
        .await?;
    Ok(app.is_none())
}

/// Switches the factor; `false` where what was offered is not there any more. The account's row is held.
pub(super) async fn switch(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
    change: &SecondFactorChange,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let recovery: &[String] = match change {
        SecondFactorChange::Mail => &[],
        SecondFactorChange::Off => {
            forget_apps(transaction, user_id).await?;
            &[]
        }
        SecondFactorChange::App {
            authenticator,
            step,
            recovery,
        } => {
            transaction
                .execute(
                    "DELETE FROM authenticators WHERE user_id = $1 AND is_confirmed",
                    values![user_id],
                )
                .await?;
            let confirmed = transaction
                .execute(
                    "UPDATE authenticators SET is_confirmed = TRUE, last_step = $3 \
                     WHERE id = $1 AND user_id = $2 AND NOT is_confirmed",
                    values![authenticator, user_id, *step],
                )
                .await?;
            if confirmed == 0 {
                return Ok(false);
            }
            recovery
        }
        SecondFactorChange::Recovery(recovery) => recovery,
    };
    transaction
        .execute(
            "DELETE FROM recovery_codes WHERE user_id = $1",
            values![user_id],
        )
        .await?;
    for digest in recovery {
        transaction
            .execute(
                "INSERT INTO recovery_codes (user_id, digest) VALUES ($1, $2)",
                values![user_id, digest],
            )
            .await?;
    }
    let on = !matches!(change, SecondFactorChange::Off);
    transaction
        .execute(
            "UPDATE users SET is_2fa_enabled = $2, updated_at = $3 WHERE id = $1",
            values![user_id, on, now],
        )
        .await?;
    Ok(true)
}

async fn forget_apps(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "DELETE FROM authenticators WHERE user_id = $1",
            values![user_id],
        )
        .await
        .map(drop)
}

fn authenticator(row: &Row) -> Result<Authenticator, StoreError> {
    Ok(Authenticator {
        id: row.text("id")?,
        user_id: row.parsed("user_id")?,
        seed: SealedSeed {
            text: row.text("sealed_seed")?,
            key_name: row.text("key_name")?,
        },
        last_step: row.integer("last_step")?,
        offered_at: row.timestamp("created_at")?,
    })
}
