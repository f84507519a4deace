//! Signing in with Google: the accounts that a token may lead to, and the one transaction in which the token is used up and
//! a session begins. Which account it leads to was decided before; where that is not so any more, nothing happens.

use super::accounts::{self, NewUser, user};
use super::audit::{self, AuditEntry};
use super::ledger;
use super::networks::{self, Seen};
use super::outbox::{self, NewMail};
use super::second_factors::{self, SecondFactorProof};
use super::sessions::{self, NewSession};
use super::signup::{self, SignupCredit};
use super::sql::{Row, values};
use super::{PerEngine, Store, StoreError, Transaction, api_keys, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::email::Email;
use crate::domain::google::GoogleSubject;
use crate::domain::ids::UserId;
use crate::domain::user::{ApiKey, User};

/// An account, with what decides whether Google may open it.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub user: User,
    /// Whether a Google account opens it already.
    pub has_google: bool,
    pub has_password: bool,
}

/// What a token may lead to.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// The account that this Google account opens.
    pub by_subject: Option<Candidate>,
    /// Another account, of this address.
    pub by_address: Option<Candidate>,
    /// Whether somebody has signed in with this very token.
    pub token_is_used: bool,
}

/// A sign-in with everything that is stored together with it.
#[derive(Debug)]
pub struct GoogleSignIn {
    pub subject: GoogleSubject,
    pub token_digest: String,
    /// How long the token is remembered.
    pub kept_until: Timestamp,
    pub way: AccountMatch,
    /// A new account has no second factor on.
    pub second_factor: SecondFactorProof,
    pub session: NewSession,
    /// Where the owner is.
    pub seen: Option<Seen>,
    pub audit: Vec<AuditEntry>,
}

/// How the token leads to the session's account.
#[derive(Debug)]
pub enum AccountMatch {
    /// It is this Google account's already.
    Known,
    /// It becomes this Google account's too, and its owner is told.
    Linked(NewMail),
    /// It is made.
    Made(Box<Making>),
}

/// An account to be made, active from the start.
#[derive(Debug)]
pub struct Making {
    pub user: NewUser,
    /// The account of the address that was never activated: it goes, with all that is its own.
    pub instead_of: Option<UserId>,
    pub api_key: ApiKey,
    /// The sign-up credit, where there is one.
    pub credit: Option<SignupCredit>,
}

/// What became of it.
#[derive(Debug)]
pub enum GoogleOutcome {
    SignedIn(User),
    TokenUsed,
    /// The code was used meanwhile.
    CodeUsed,
    /// The account is not as it was when the way was chosen: look again.
    Changed,
}

const USE_UP: &str = "INSERT INTO google_tokens (digest, used_at, kept_until) VALUES ($1, $2, $3) \
     ON CONFLICT (digest) DO NOTHING";

/// A few at a time, and none that somebody else is just removing.
const CLEAN: PerEngine = PerEngine {
    sqlite: "DELETE FROM google_tokens WHERE digest IN \
             (SELECT digest FROM google_tokens WHERE kept_until < $1 ORDER BY kept_until LIMIT 100)",
    postgres: "DELETE FROM google_tokens WHERE digest IN \
               (SELECT digest FROM google_tokens WHERE kept_until < $1 ORDER BY kept_until LIMIT 100 \
                FOR UPDATE SKIP LOCKED)",
};

impl Store {
    /// The accounts that a token of this Google account and address may lead to.
    pub async fn google_candidates(
        &self,
        subject: &GoogleSubject,
        email: &Email,
        token_digest: &str,
    ) -> Result<Candidates, StoreError> {
        // One statement, so that both are seen at the same moment: an account that is just being linked is otherwise found
        // by its address alone, as if it were somebody else's.
        let rows = self
            .read_all(
                "SELECT * FROM users WHERE google_id = $1 OR email_key = $2",
                values![subject.as_str(), email.key()],
            )
            .await?;
        let mut by_subject = None;
        let mut by_address = None;
        for row in &rows {
            if row.optional_text("google_id")?.as_deref() == Some(subject.as_str()) {
                by_subject = Some(candidate(row)?);
            } else {
                by_address = Some(candidate(row)?);
            }
        }
        let used = self
            .read(
                "SELECT digest FROM google_tokens WHERE digest = $1",
                values![token_digest],
            )
            .await?;
        Ok(Candidates {
            by_subject,
            by_address,
            token_is_used: used.is_some(),
        })
    }

    /// Uses the token up and begins the session, on the way that was chosen.
    pub async fn google_sign_in(&self, new: &GoogleSignIn) -> Result<GoogleOutcome, StoreError> {
        let user_id = &new.session.user_id;
        let now = new.session.created_at;
        let outcome = transaction!(self, transaction => {
            let used = transaction
                .execute(USE_UP, values![&new.token_digest, now, new.kept_until])
                .await?;
            if used == 0 {
                return Ok(GoogleOutcome::TokenUsed);
            }
            let is_as_it_was = match &new.way {
                AccountMatch::Known => true,
                AccountMatch::Linked(mail) => link(&mut transaction, new, mail).await?,
                AccountMatch::Made(making) => make(&mut transaction, new, making).await?,
            };
            if !is_as_it_was || !may_enter(&mut transaction, new).await? {
                return Ok(GoogleOutcome::Changed);
            }
            let proof = &new.second_factor;
            if !second_factors::redeem(&mut transaction, user_id, proof, now).await? {
                return Ok(match proof {
                    // It was switched on meanwhile.
                    SecondFactorProof::NotOn => GoogleOutcome::Changed,
                    _ => GoogleOutcome::CodeUsed,
                });
            }
            if let Some(seen) = &new.seen {
                networks::see(&mut transaction, user_id, seen).await?;
            }
            sessions::start(&mut transaction, &new.session).await?;
            for entry in &new.audit {
                audit::write(&mut transaction, entry).await?;
            }
            let clean = transaction.store.pick(CLEAN);
            transaction.execute(clean, values![now]).await?;
            GoogleOutcome::SignedIn(accounts::reread(&mut transaction, user_id).await?)
        });
        match outcome {
            // Another account became this Google account's at the same moment.
            Err(StoreError::Conflict(_)) => Ok(GoogleOutcome::Changed),
            outcome => outcome,
        }
    }
}

/// Whether the account is this Google account's. Held from here on, so that sessions are counted one sign-in after the other.
async fn may_enter(
    transaction: &mut Transaction<'_>,
    new: &GoogleSignIn,
) -> Result<bool, StoreError> {
    let user_id = &new.session.user_id;
    ledger::lock_balance(transaction, user_id).await?;
    let row = transaction
        .optional(
            "SELECT id FROM users WHERE id = $1 AND google_id = $2",
            values![user_id, new.subject.as_str()],
        )
        .await?;
    Ok(row.is_some())
}

async fn link(
    transaction: &mut Transaction<'_>,
    new: &GoogleSignIn,
    mail: &NewMail,
) -> Result<bool, StoreError> {
    let linked = transaction
        .execute(
            "UPDATE users SET google_id = $2, updated_at = $3 \
             WHERE id = $1 AND google_id IS NULL AND is_active AND password_hash IS NOT NULL",
            values![
                &new.session.user_id,
                new.subject.as_str(),
                new.session.created_at
            ],
        )
        .await?;
    if linked == 0 {
        return Ok(false);
    }
    outbox::queue(transaction, mail).await?;
    Ok(true)
}

async fn make(
    transaction: &mut Transaction<'_>,
    new: &GoogleSignIn,
    making: &Making,
) -> Result<bool, StoreError> {
    if let Some(old) = &making.instead_of {
        let removed = transaction
            .execute(
                "DELETE FROM users WHERE id = $1 AND NOT is_active",
                values![old],
            )
            .await?;
        if removed == 0 {
            return Ok(false);
        }
    }
    if !accounts::insert(transaction, &making.user).await? {
        return Ok(false);
    }
    transaction
        .execute(
            "UPDATE users SET google_id = $2 WHERE id = $1",
            values![&making.user.id, new.subject.as_str()],
        )
        .await?;
    if let Some(credit) = &making.credit
        && !signup::pay(transaction, credit).await?
    {
        return Ok(false);
    }
    api_keys::make(transaction, &making.api_key).await?;
    Ok(true)
}

fn candidate(row: &Row) -> Result<Candidate, StoreError> {
    Ok(Candidate {
        user: user(row)?,
        has_google: row.optional_text("google_id")?.is_some(),
        has_password: row.optional_text("password_hash")?.is_some(),
    })
}
