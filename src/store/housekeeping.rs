//! Throwing away what was kept long enough: each function a batch of rows, so that nobody waits long for the database
//! behind it. How long that is, services say; of the trail the database itself keeps the limits too.

use super::sql::values;
use super::{PerEngine, Store, StoreError, transaction};
use crate::domain::audit::network_of;
use crate::domain::clock::Timestamp;

/// What can grow old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aged {
    /// Codes, since they died.
    Codes,
    /// Sign-ins, since they ended.
    Sessions,
    /// Mails, since they were sent or dropped.
    Mails,
    /// Tasks with their reports, since they ended.
    Tasks,
    /// Rows of the trail, since they were written.
    AuditEntries,
    /// Networks of owners, since they were last seen there.
    KnownNetworks,
    /// Counts of free credits a network, since the first of them.
    SignupNetworks,
    /// What programs asked of people, since its time was over.
    PageRequests,
    /// What programs asked files of people for, since its time was over.
    UploadRequests,
    /// Google's tokens that were used, since nobody would take them anyway.
    GoogleTokens,
    /// Counts of wrong passwords, since they say nothing any more.
    WrongTries,
    /// Uploads, since their time was over.
    Uploads,
    /// Authenticator apps that were offered and never confirmed, since they were offered.
    OfferedApps,
}

impl Aged {
    fn deletion(self) -> PerEngine {
        let same = |text| PerEngine {
            sqlite: text,
            postgres: text,
        };
        match self {
            Self::Codes => same(
                "DELETE FROM codes WHERE id IN (SELECT id FROM codes WHERE expires_at < $1 LIMIT $2)",
            ),
            Self::Sessions => same(
                "DELETE FROM sessions WHERE position IN \
                 (SELECT position FROM sessions WHERE COALESCE(ended_at, expires_at) < $1 LIMIT $2)",
            ),
            Self::Mails => same(
                "DELETE FROM mails WHERE position IN \
                 (SELECT position FROM mails WHERE due_at IS NULL AND COALESCE(sent_at, dropped_at) < $1 LIMIT $2)",
            ),
            Self::Tasks => same(
                "DELETE FROM tasks WHERE position IN (SELECT position FROM tasks \
                 WHERE due_at IS NULL AND status IN ('COMPLETED', 'FAILED', 'CANCELLED') AND updated_at < $1 LIMIT $2)",
            ),
            Self::KnownNetworks => same(
                "DELETE FROM known_networks WHERE (user_id, network) IN \
                 (SELECT user_id, network FROM known_networks WHERE seen_at < $1 LIMIT $2)",
            ),
            Self::SignupNetworks => same(
                "DELETE FROM signup_networks WHERE network IN \
                 (SELECT network FROM signup_networks WHERE since < $1 LIMIT $2)",
            ),
            Self::PageRequests => same(
                "DELETE FROM page_requests WHERE id IN \
                 (SELECT id FROM page_requests WHERE expires_at < $1 LIMIT $2)",
            ),
            Self::UploadRequests => same(
                "DELETE FROM upload_requests WHERE id IN \
                 (SELECT id FROM upload_requests WHERE expires_at < $1 LIMIT $2)",
            ),
            Self::Uploads => same(
                "DELETE FROM uploads WHERE id IN (SELECT id FROM uploads WHERE expires_at < $1 LIMIT $2)",
            ),
            Self::GoogleTokens => same(
                "DELETE FROM google_tokens WHERE digest IN \
                 (SELECT digest FROM google_tokens WHERE kept_until < $1 LIMIT $2)",
            ),
            Self::WrongTries => same(
                "DELETE FROM wrong_tries WHERE (account, network) IN \
                 (SELECT account, network FROM wrong_tries WHERE forgotten_at < $1 LIMIT $2)",
            ),
            Self::OfferedApps => same(
                "DELETE FROM authenticators WHERE id IN \
                 (SELECT id FROM authenticators WHERE NOT is_confirmed AND created_at < $1 LIMIT $2)",
            ),
            // A clock that runs ahead must not run into the database's refusal.
            Self::AuditEntries => PerEngine {
                sqlite: "DELETE FROM audit_entries WHERE position IN (SELECT position FROM audit_entries \
                         WHERE created_at < MIN($1, (SELECT now FROM database_clock) - 31536000000) LIMIT $2)",
                postgres: "DELETE FROM audit_entries WHERE position IN (SELECT position FROM audit_entries \
                           WHERE created_at < LEAST($1, (SELECT now FROM database_clock) - 31536000000) LIMIT $2)",
            },
        }
    }
}

const WHOLE_ADDRESSES: PerEngine = PerEngine {
    sqlite: "SELECT position, address FROM audit_entries WHERE address IS NOT NULL AND address NOT LIKE '%/%' \
             AND created_at < MIN($1, (SELECT now FROM database_clock) - 2592000000) AND position > $2 \
             ORDER BY position LIMIT $3",
    postgres: "SELECT position, address FROM audit_entries WHERE address IS NOT NULL AND address NOT LIKE '%/%' \
               AND created_at < LEAST($1, (SELECT now FROM database_clock) - 2592000000) AND position > $2 \
               ORDER BY position LIMIT $3",
};

impl Store {
    /// Deletes at most `at_most` of what is older than `before`, and says how many it were.
    pub async fn delete_aged(
        &self,
        what: Aged,
        before: Timestamp,
        at_most: u32,
    ) -> Result<u64, StoreError> {
        let deletion = self.pick(what.deletion());
        transaction!(self, transaction => {
            transaction.execute(deletion, values![before, at_most]).await?
        })
    }

    /// Cuts the addresses of at most `at_most` rows of the trail older than `before`, after the row at `from`. Says how
    /// many were cut and which row was the last; `None` where there was none.
    pub async fn cut_addresses(
        &self,
        before: Timestamp,
        from: i64,
        at_most: u32,
    ) -> Result<Option<(u64, i64)>, StoreError> {
        let rows = self
            .read_all(self.pick(WHOLE_ADDRESSES), values![before, from, at_most])
            .await?;
        let mut cuts = Vec::new();
        let mut last = None;
        for row in &rows {
            let position = row.integer("position")?;
            last = Some(position);
            if let Some(network) = network_of(&row.text("address")?) {
                cuts.push((position, network));
            }
        }
        let Some(last) = last else {
            return Ok(None);
        };
        let cut = transaction!(self, transaction => {
            let mut cut = 0;
            for (position, network) in &cuts {
                cut += transaction
                    .execute(
                        "UPDATE audit_entries SET address = $2 WHERE position = $1 AND address NOT LIKE '%/%'",
                        values![*position, network],
                    )
                    .await?;
            }
            cut
        })?;
        Ok(Some((cut, last)))
    }
}
