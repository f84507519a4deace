//! Wrong tries at passwords, counted before a password is looked at: by account and network together, and by account over
//! all networks. Accounts are digests here, so one that does not exist is counted like any other. What is too much, and
//! what follows from it, is said by services.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::sql::values;
use super::{Store, StoreError, Transaction, networks, transaction};
use crate::domain::clock::{Timestamp, milliseconds};

/// How often what says nothing any more is thrown away.
const CLEANED_EVERY_MILLISECONDS: i64 = 600_000;

/// Who tries, at what.
#[derive(Debug, Clone)]
pub struct ThrottleKey {
    /// The digest of the address that is tried.
    pub account: String,
    pub network: String,
}

/// What is too much.
#[derive(Debug, Clone, Copy)]
pub struct ThrottleRules {
    /// After so many wrong tries of one network at one account there is a wait.
    pub free_tries: u32,
    pub first_wait: Duration,
    pub longest_wait: Duration,
    /// How long after its last try a network's count is kept.
    pub network_kept: Duration,
    /// So many wrong tries in a row an account takes from all networks together.
    pub ceiling: u32,
    /// How long after its last counted try an account's count is kept.
    pub account_kept: Duration,
    /// How long a network is known after a good sign-in.
    pub network_known: Duration,
    /// How often the owner is told at most.
    pub told_every: Duration,
}

/// What came of counting a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// It may be made; it is this network's so many'th in a row. Past the ceiling it does not count for the account.
    Yes { tries: i64, for_account: bool },
    /// It must not: this network waits.
    Waits { until: Timestamp },
    /// It must not: the account takes no more from networks that are not known.
    Full { tell_owner: bool },
}

const COUNT_NETWORK: &str = "INSERT INTO wrong_tries (account, network, tries, free_at, forgotten_at) \
     VALUES ($1, $2, 1, $3, $3 + $7) ON CONFLICT (account, network) DO UPDATE SET \
     tries = CASE WHEN wrong_tries.forgotten_at <= $3 THEN 1 ELSE wrong_tries.tries + 1 END, \
     free_at = $3 + CASE WHEN wrong_tries.forgotten_at <= $3 OR wrong_tries.tries + 1 < $4 THEN 0 \
                         WHEN wrong_tries.tries + 1 - $4 >= $8 THEN $6 \
                         ELSE $5 << CAST(wrong_tries.tries + 1 - $4 AS INTEGER) END, \
     forgotten_at = $3 + $7 \
     WHERE wrong_tries.free_at <= $3 RETURNING tries";

const COUNT_ACCOUNT: &str = "INSERT INTO wrong_tries (account, network, tries, free_at, forgotten_at) \
     VALUES ($1, '', 1, $2, $2 + $4) ON CONFLICT (account, network) DO UPDATE SET \
     tries = CASE WHEN wrong_tries.forgotten_at <= $2 THEN 1 ELSE wrong_tries.tries + 1 END, \
     forgotten_at = $2 + $4 \
     WHERE wrong_tries.tries < $3 OR wrong_tries.forgotten_at <= $2 RETURNING tries";

/// The account's row only where the try was counted there too: past the ceiling a known network's tries are not.
const TAKE_BACK: &str = "UPDATE wrong_tries SET tries = tries - 1, \
     free_at = CASE WHEN network = '' OR tries > $4 THEN free_at ELSE $3 END \
     WHERE account = $1 AND (network = $2 OR ($5 AND network = '')) AND tries > 0";

impl Store {
    /// Counts one try of `guesser` at the account of the address `email_key`, if it is one, or says why it must not be made.
    pub async fn count_password_try(
        &self,
        guesser: &ThrottleKey,
        email_key: Option<&str>,
        rules: &ThrottleRules,
        now: Timestamp,
    ) -> Result<Counted, StoreError> {
        self.clean_tries(now).await?;
        let ThrottleKey { account, network } = guesser;
        transaction!(self, transaction => {
            let tries = transaction
                .optional(
                    COUNT_NETWORK,
                    values![
                        account,
                        network,
                        now,
                        rules.free_tries,
                        milliseconds(rules.first_wait),
                        milliseconds(rules.longest_wait),
                        milliseconds(rules.network_kept),
                        doublings(rules)
                    ],
                )
                .await?;
            let Some(tries) = tries else {
                let row = transaction
                    .optional(
                        "SELECT free_at FROM wrong_tries WHERE account = $1 AND network = $2",
                        values![account, network],
                    )
                    .await?;
                let until = row.map_or(Ok(now), |row| row.timestamp("free_at"))?;
                return Ok(Counted::Waits { until });
            };
            let tries = tries.integer("tries")?;
            let has_room = transaction
                .optional(
                    COUNT_ACCOUNT,
                    values![account, now, rules.ceiling, milliseconds(rules.account_kept)],
                )
                .await?;
            let known_since = now.before(rules.network_known);
            let for_account = has_room.is_some();
            // What is no address is nobody's, and may hold what no database takes.
            let is_known = match email_key {
                Some(email_key) if !for_account => {
                    networks::is_known(&mut transaction, email_key, network, known_since).await?
                }
                _ => false,
            };
            if for_account || is_known {
                Counted::Yes { tries, for_account }
            } else {
                let told = transaction
                    .execute(
                        "UPDATE wrong_tries SET told_at = $2 WHERE account = $1 AND network = '' \
                         AND (told_at IS NULL OR told_at <= $3)",
                        values![account, now, now.before(rules.told_every)],
                    )
                    .await?;
                Counted::Full { tell_owner: told == 1 }
            }
        })
    }

    /// Takes back what was counted as the network's `tries`-th: it turned out to be nothing wrong.
    pub async fn take_back_password_try(
        &self,
        guesser: &ThrottleKey,
        (tries, for_account): (i64, bool),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let values = values![&guesser.account, &guesser.network, now, tries, for_account];
        self.write(TAKE_BACK, values).await.map(drop)
    }

    async fn clean_tries(&self, now: Timestamp) -> Result<(), StoreError> {
        let cleaned_at = &self.0.tries_cleaned_at;
        let before = cleaned_at.load(Ordering::Relaxed);
        let is_due = now.0.saturating_sub(before) >= CLEANED_EVERY_MILLISECONDS
            && cleaned_at
                .compare_exchange(before, now.0, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if is_due {
            self.write(
                "DELETE FROM wrong_tries WHERE forgotten_at <= $1",
                values![now],
            )
            .await?;
        }
        Ok(())
    }
}

/// Forgets the network's wrong tries and begins the account's row anew: the owner was here.
pub(super) async fn forgive(
    transaction: &mut Transaction<'_>,
    guesser: &ThrottleKey,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "DELETE FROM wrong_tries WHERE account = $1 AND network = $2",
            values![&guesser.account, &guesser.network],
        )
        .await?;
    begin_anew(transaction, &guesser.account).await
}

/// Forgets every wrong try at the account: its password is another one now.
pub(super) async fn forgive_all(
    transaction: &mut Transaction<'_>,
    account: &str,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "DELETE FROM wrong_tries WHERE account = $1 AND network <> ''",
            values![account],
        )
        .await?;
    begin_anew(transaction, account).await
}

/// The row stays: it knows when the owner was told.
async fn begin_anew(transaction: &mut Transaction<'_>, account: &str) -> Result<(), StoreError> {
    transaction
        .execute(
            "UPDATE wrong_tries SET tries = 0 WHERE account = $1 AND network = ''",
            values![account],
        )
        .await
        .map(drop)
}

/// How often the first wait doubles before it is longer than the longest.
fn doublings(rules: &ThrottleRules) -> i64 {
    let mut wait = rules.first_wait.max(Duration::from_millis(1));
    let mut doublings = 0;
    while wait < rules.longest_wait {
        wait *= 2;
        doublings += 1;
    }
    doublings
}
