//! Mailed codes: one row a purpose, tries counted before anybody looks at the digest. It keeps digests and never sees a
//! code.

use super::outbox::{self, NewMail};
use super::sql::{Row, Value, values};
use super::{Store, StoreError, Transaction, audit, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::code::CodePurpose;
use crate::domain::ids::{CodeId, UserId};

/// A code to be stored. The digest says nothing without the key it was made with.
#[derive(Debug, Clone)]
pub struct NewCode {
    pub id: CodeId,
    pub user_id: UserId,
    pub purpose: CodePurpose,
    pub digest: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A code that may be compared with: its try is already counted.
#[derive(Debug, Clone)]
pub struct CountedCode {
    pub id: CodeId,
    pub digest: String,
}

/// A code that was found right, to be used up in the transaction of what it opens.
#[derive(Debug, Clone)]
pub struct RightCode {
    pub id: CodeId,
    pub user_id: UserId,
}

/// A try at a code: of whom, what for, and from where.
#[derive(Debug, Clone, Copy)]
pub struct CodeTry<'t> {
    pub user_id: &'t UserId,
    pub purpose: CodePurpose,
    /// How many tries are for strangers, and how many for the networks of the owner.
    pub max_tries: u32,
    /// Where it comes from, where there is a network between.
    pub network: Option<&'t str>,
    /// A network where the owner was since then is the owner's.
    pub known_since: Timestamp,
    pub at: Timestamp,
}

/// The account's row in `known_networks` says whose count it is; an account that is not there costs the same.
macro_rules! is_owners {
    () => {
        "EXISTS (SELECT 1 FROM known_networks WHERE user_id = $1 AND network = $5 AND seen_at > $6)"
    };
}

const COUNT_TRY: &str = concat!(
    "UPDATE codes SET tries = tries + CASE WHEN ",
    is_owners!(),
    " THEN 0 ELSE 1 END, owner_tries = owner_tries + CASE WHEN ",
    is_owners!(),
    " THEN 1 ELSE 0 END WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 \
     AND CASE WHEN ",
    is_owners!(),
    " THEN owner_tries ELSE tries END < $4 RETURNING id, digest"
);

impl CodeTry<'_> {
    fn values(&self) -> [Value<'_>; 6] {
        [
            Value::from(self.user_id),
            Value::from(self.purpose.as_str()),
            Value::from(self.at),
            Value::from(self.max_tries),
            Value::from(self.network),
            Value::from(self.known_since),
        ]
    }
}

impl Store {
    /// Puts a code in the place of the account's older one for this purpose, with the mail that carries it.
    pub async fn replace_code(
        &self,
        code: &NewCode,
        mail: &NewMail,
        entry: &audit::AuditEntry,
    ) -> Result<(), StoreError> {
        transaction!(self, transaction => {
            replace(&mut transaction, code, mail).await?;
            audit::write(&mut transaction, entry).await?;
        })
    }

    /// Counts one try at a living code and has it judged, in one transaction with the entry of a refusal: whether there is
    /// such an account, and a code, makes no difference to what is done. The right code is given, not yet used up.
    pub async fn try_code(
        &self,
        attempt: &CodeTry<'_>,
        refusal: &audit::AuditEntry,
        is_right: &(dyn Fn(&CountedCode) -> bool + Sync),
    ) -> Result<Option<CodeId>, StoreError> {
        transaction!(self, transaction => {
            let row = transaction.optional(COUNT_TRY, &attempt.values()).await?;
            let code = row.as_ref().map(counted).transpose()?.filter(is_right);
            if code.is_none() {
                audit::write(&mut transaction, refusal).await?;
            }
            code.map(|code| code.id)
        })
    }

    /// Counts one try at the account's living code and gives the code; `None` where there is none, or no try is left.
    pub async fn count_code_try(
        &self,
        attempt: &CodeTry<'_>,
    ) -> Result<Option<CountedCode>, StoreError> {
        let rows = self.write(COUNT_TRY, &attempt.values()).await?;
        rows.first().map(counted).transpose()
    }
}

fn counted(row: &Row) -> Result<CountedCode, StoreError> {
    Ok(CountedCode {
        id: row.parsed("id")?,
        digest: row.text("digest")?,
    })
}

pub(super) async fn replace(
    transaction: &mut Transaction<'_>,
    code: &NewCode,
    mail: &NewMail,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "INSERT INTO codes (id, user_id, purpose, digest, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (user_id, purpose) DO UPDATE SET id = excluded.id, digest = excluded.digest, \
             tries = 0, owner_tries = 0, created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = NULL",
            values![
                &code.id,
                &code.user_id,
                code.purpose.as_str(),
                &code.digest,
                code.created_at,
                code.expires_at
            ],
        )
        .await?;
    outbox::drop_unsent(transaction, &code.user_id, &mail.kind, code.created_at).await?;
    outbox::queue(transaction, mail).await
}

/// Uses the code up; `false` where somebody was faster or a newer code took its place.
pub(super) async fn redeem(
    transaction: &mut Transaction<'_>,
    code: &RightCode,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let used = transaction
        .execute(
            "UPDATE codes SET used_at = $3 WHERE id = $1 AND user_id = $2 AND used_at IS NULL AND expires_at > $3",
            values![&code.id, &code.user_id, now],
        )
        .await?;
    Ok(used == 1)
}
