//! Proofs that the books are sound: each rule is one statement that gives whoever breaks it. A statement sees one moment of
//! the database, so books that are written meanwhile are never out. What a find means in words, services say.

use crate::domain::clock::Timestamp;
use crate::domain::credits::{Credits, FiatCents};
use crate::store::sql::{Row, values};
use crate::store::{Store, StoreError};

/// What was looked at, and what was found.
#[derive(Debug, Clone, Default)]
pub struct Examined {
    pub size: Size,
    /// What must not be; in sound books, nothing.
    pub off: Vec<LedgerViolation>,
    /// Payments for accounts that are gone.
    pub unclaimed: Vec<Unclaimed>,
    /// What Stripe told lately and was not believed.
    pub refused: Vec<RefusedEvent>,
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    pub accounts: u64,
    pub entries: u64,
    pub tasks: u64,
    pub purchases: u64,
}

/// Something that breaks a rule. Identifiers are text: whatever broke the rule may have broken them too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerViolation {
    /// A balance is not the sum of its account's entries.
    Balance {
        user_id: String,
        balance: Credits,
        sum: Credits,
    },
    /// What an account owes is not what was lent less what was repaid.
    Owed {
        user_id: String,
        owed: Credits,
        sum: Credits,
    },
    /// An account's entries, one after the other, went below zero.
    BelowZero { user_id: String, lowest: Credits },
    /// A task's price is not what was reserved, or what is due back is not what was given back.
    Task {
        task_id: String,
        price: Credits,
        reserved: Credits,
        due: Credits,
        refunded: Credits,
    },
    /// Credits were given back to an account that reserved no such amount for this task.
    Refund { task_id: String, refunded: Credits },
    /// A paid purchase without its entry, an entry without its paid purchase, or the two differ.
    Purchase {
        purchase_id: String,
        /// Credits and cents; none where there is no such paid purchase.
        sold: Option<(Credits, FiatCents)>,
        /// The same of the entry.
        posted: Option<(Credits, FiatCents)>,
    },
    /// What was taken back of a purchase is not what its entries took.
    Taken {
        purchase_id: String,
        taken: Credits,
        reversals: u64,
        sum: Credits,
        entries: u64,
    },
}

/// Money that arrived when nobody was left to give credits to, and was not sent back yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclaimed {
    pub purchase_id: String,
    /// In cents.
    pub left: FiatCents,
}

/// An event of Stripe's that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedEvent {
    pub id: String,
    pub kind: String,
    pub outcome: String,
}

const SIZE: &str = "SELECT (SELECT COUNT(*) FROM users) AS accounts, (SELECT COUNT(*) FROM ledger_entries) AS entries, \
     (SELECT COUNT(*) FROM tasks) AS tasks, (SELECT COUNT(*) FROM purchases) AS purchases";

const BALANCES: &str = "SELECT users.id AS id, users.credits AS stands, CAST(COALESCE(sums.total, 0) AS BIGINT) AS total \
     FROM users LEFT JOIN ( \
         SELECT user_id, SUM(CASE direction WHEN 'CREDIT' THEN amount ELSE -amount END) AS total \
         FROM ledger_entries GROUP BY user_id \
     ) AS sums ON sums.user_id = users.id \
     WHERE users.credits <> COALESCE(sums.total, 0) ORDER BY users.position";

const OWED: &str = "SELECT users.id AS id, users.owed AS stands, CAST(COALESCE(sums.total, 0) AS BIGINT) AS total \
     FROM users LEFT JOIN ( \
         SELECT user_id, SUM(CASE direction WHEN 'CREDIT' THEN amount ELSE -amount END) AS total \
         FROM ledger_entries WHERE cause_kind IN ('advance', 'repayment') GROUP BY user_id \
     ) AS sums ON sums.user_id = users.id \
     WHERE users.owed <> COALESCE(sums.total, 0) ORDER BY users.position";

/// Whoever takes credits holds the balance before the entry is written, so the order of entries is the order of balances.
const BELOW_ZERO: &str = "SELECT user_id AS id, CAST(MIN(balance) AS BIGINT) AS lowest FROM ( \
         SELECT user_id, SUM(CASE direction WHEN 'CREDIT' THEN amount ELSE -amount END) \
             OVER (PARTITION BY user_id ORDER BY position) AS balance \
         FROM ledger_entries \
     ) AS steps WHERE balance < 0 GROUP BY user_id ORDER BY user_id";

const TASKS: &str = "SELECT * FROM ( \
         SELECT tasks.position AS position, tasks.id AS id, tasks.price AS price, \
             CASE WHEN tasks.status IN ('COMPLETED', 'FAILED', 'CANCELLED') THEN tasks.price - tasks.charged ELSE 0 END AS due, \
             COALESCE(CASE reservation.direction WHEN 'DEBIT' THEN reservation.amount ELSE -reservation.amount END, 0) AS reserved, \
             COALESCE(CASE refund.direction WHEN 'CREDIT' THEN refund.amount ELSE -refund.amount END, 0) AS refunded \
         FROM tasks \
         LEFT JOIN ledger_entries AS reservation ON reservation.cause_kind = 'reservation' \
             AND reservation.cause_id = tasks.id AND reservation.user_id = tasks.user_id \
         LEFT JOIN ledger_entries AS refund ON refund.cause_kind = 'refund' \
             AND refund.cause_id = tasks.id AND refund.user_id = tasks.user_id \
     ) AS settled WHERE price <> reserved OR due <> refunded ORDER BY position";

/// Of tasks that are there, the statement above tells; of removed accounts' only entries are left.
const REFUNDS: &str = "SELECT refund.cause_id AS id, refund.amount AS refunded FROM ledger_entries AS refund \
     LEFT JOIN ledger_entries AS reservation ON reservation.cause_kind = 'reservation' \
         AND reservation.cause_id = refund.cause_id AND reservation.user_id = refund.user_id \
         AND reservation.amount >= refund.amount AND reservation.direction = 'DEBIT' \
     WHERE refund.cause_kind = 'refund' AND (reservation.id IS NULL OR refund.direction <> 'CREDIT') \
     AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.id = refund.cause_id AND tasks.user_id = refund.user_id) \
     ORDER BY refund.position";

const PURCHASES: &str = "SELECT COALESCE(sold.id, posted.id) AS id, sold.credits AS sold_credits, sold.fiat AS sold_fiat, \
         CASE posted.direction WHEN 'CREDIT' THEN posted.amount ELSE -posted.amount END AS posted_credits, \
         posted.fiat AS posted_fiat \
     FROM (SELECT id, user_id, credits, fiat FROM purchases WHERE status = 'PAID') AS sold \
     FULL JOIN (SELECT id, user_id, direction, amount, fiat FROM ledger_entries WHERE cause_kind = 'purchase') AS posted \
         ON posted.id = sold.id AND posted.user_id = sold.user_id \
     WHERE sold.id IS NULL OR posted.id IS NULL OR posted.direction <> 'CREDIT' \
         OR posted.amount <> sold.credits OR posted.fiat <> sold.fiat \
     ORDER BY 1";

/// A purchase's identifier is the first 44 characters of what caused an entry that reverses it: `{purchase}:{number}`.
const TAKEN: &str = "SELECT COALESCE(bought.id, moved.purchase_id) AS id, COALESCE(bought.taken, 0) AS stands, \
         COALESCE(bought.reversals, 0) AS reversals, CAST(COALESCE(moved.total, 0) AS BIGINT) AS total, \
         COALESCE(moved.entries, 0) AS entries \
     FROM (SELECT id, user_id, taken, reversals FROM purchases) AS bought \
     FULL JOIN ( \
         SELECT SUBSTR(cause_id, 1, 44) AS purchase_id, user_id, COUNT(*) AS entries, \
             SUM(CASE direction WHEN 'DEBIT' THEN amount ELSE -amount END) AS total \
         FROM ledger_entries WHERE cause_kind IN ('purchase_refund', 'purchase_restored') \
         GROUP BY SUBSTR(cause_id, 1, 44), user_id \
     ) AS moved ON moved.purchase_id = bought.id AND moved.user_id = bought.user_id \
     WHERE bought.id IS NULL OR bought.taken <> COALESCE(moved.total, 0) \
         OR bought.reversals <> COALESCE(moved.entries, 0) \
     ORDER BY 1";

const UNCLAIMED: &str = "SELECT id, fiat - refunded AS left_over FROM purchases \
     WHERE status = 'UNCLAIMED' AND refunded < fiat ORDER BY position";

const REFUSED: &str = "SELECT id, kind, outcome FROM stripe_events \
     WHERE outcome LIKE 'refused%' AND received_at >= $1 ORDER BY received_at, id";

/// A statement, and how its rows are read.
type Rule = (
    &'static str,
    fn(&Row) -> Result<LedgerViolation, StoreError>,
);

const RULES: [Rule; 7] = [
    (BALANCES, balance),
    (OWED, owed),
    (BELOW_ZERO, below_zero),
    (TASKS, task),
    (REFUNDS, refund),
    (PURCHASES, purchase),
    (TAKEN, taken),
];

impl Store {
    /// Whatever breaks a rule: in sound books, nothing.
    pub async fn discrepancies(&self) -> Result<Vec<LedgerViolation>, StoreError> {
        let mut found = Vec::new();
        for (statement, off) in RULES {
            for row in self.read_all(statement, values![]).await? {
                found.push(off(&row)?);
            }
        }
        Ok(found)
    }

    /// Holds the books against every rule, and tells of events refused since a moment.
    pub async fn examine_books(&self, refused_since: Timestamp) -> Result<Examined, StoreError> {
        let mut examined = Examined::default();
        if let Some(row) = self.read(SIZE, values![]).await? {
            examined.size = Size {
                accounts: row.count("accounts")?,
                entries: row.count("entries")?,
                tasks: row.count("tasks")?,
                purchases: row.count("purchases")?,
            };
        }
        examined.off = self.discrepancies().await?;
        for row in self.read_all(UNCLAIMED, values![]).await? {
            examined.unclaimed.push(Unclaimed {
                purchase_id: row.text("id")?,
                left: row.credits("left_over")?,
            });
        }
        for row in self.read_all(REFUSED, values![refused_since]).await? {
            examined.refused.push(RefusedEvent {
                id: row.text("id")?,
                kind: row.text("kind")?,
                outcome: row.text("outcome")?,
            });
        }
        Ok(examined)
    }
}

fn balance(row: &Row) -> Result<LedgerViolation, StoreError> {
    Ok(LedgerViolation::Balance {
        user_id: row.text("id")?,
        balance: row.credits("stands")?,
        sum: row.credits("total")?,
    })
}

fn owed(row: &Row) -> Result<LedgerViolation, StoreError> {
    Ok(LedgerViolation::Owed {
        user_id: row.text("id")?,
        owed: row.credits("stands")?,
        sum: row.credits("total")?,
    })
}

fn below_zero(row: &Row) -> Result<LedgerViolation, StoreError> {
    Ok(LedgerViolation::BelowZero {
        user_id: row.text("id")?,
        lowest: row.credits("lowest")?,
    })
}

fn task(row: &Row) -> Result<LedgerViolation, StoreError> {
    Ok(LedgerViolation::Task {
        task_id: row.text("id")?,
        price: row.credits("price")?,
        reserved: row.credits("reserved")?,
        due: row.credits("due")?,
        refunded: row.credits("refunded")?,
    })
}

fn refund(row: &Row) -> Result<LedgerViolation, StoreError> {
    Ok(LedgerViolation::Refund {
        task_id: row.text("id")?,
        refunded: row.credits("refunded")?,
    })
}

fn purchase(row: &Row) -> Result<LedgerViolation, StoreError> {
    let pair = |credits: &str, fiat: &str| -> Result<Option<(Credits, FiatCents)>, StoreError> {
        let credits = row.optional_integer(credits)?.map(Credits::hundredths);
        let fiat = row.optional_integer(fiat)?.map(FiatCents::hundredths);
        Ok(credits.zip(fiat))
    };
    Ok(LedgerViolation::Purchase {
        purchase_id: row.text("id")?,
        sold: pair("sold_credits", "sold_fiat")?,
        posted: pair("posted_credits", "posted_fiat")?,
    })
}

fn taken(row: &Row) -> Result<LedgerViolation, StoreError> {
    Ok(LedgerViolation::Taken {
        purchase_id: row.text("id")?,
        taken: row.credits("stands")?,
        reversals: row.count("reversals")?,
        sum: row.credits("total")?,
        entries: row.count("entries")?,
    })
}
