//! What the bare servers answer: the same bytes as Clara, read by the same statements through the same library, and nothing
//! besides. So the ratio says what Clara's own work costs, not what the database or the protocol does.

use std::path::Path;

use clara::domain::clock::Timestamp;
use clara::domain::credits::{Credits, FiatCents};
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteRow};
use sqlx::{Row as _, SqlitePool};

use crate::Outcome;

const USER: &str = "SELECT users.*, api_keys.last_used_at FROM users JOIN api_keys ON api_keys.user_id = users.id \
                    WHERE users.id = $1";
const ENTRIES: &str =
    "SELECT * FROM ledger_entries WHERE user_id = $1 ORDER BY position DESC LIMIT $2 OFFSET $3";

/// The database that Clara serves, read beside it, and whose account is shown.
#[derive(Clone)]
pub struct Rows {
    pool: SqlitePool,
    user_id: String,
}

impl Rows {
    pub fn open(database: &Path, user_id: &str) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(database)
            .read_only(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false);
        Self {
            pool: pool.connect_lazy_with(options),
            user_id: user_id.to_owned(),
        }
    }

    /// The account, as `user_view` answers it.
    pub async fn user(&self) -> Outcome<Value> {
        let row = sqlx::query(USER).bind(&self.user_id);
        let row = row.fetch_one(&self.pool).await?;
        Ok(json!({
            "id": text(&row, "id")?,
            "email": text(&row, "email")?,
            "first_name": text(&row, "first_name")?,
            "last_name": text(&row, "last_name")?,
            "credits": Credits::hundredths(row.try_get("credits")?),
            "is_active": row.try_get::<bool, _>("is_active")?,
            "is_2fa_enabled": row.try_get::<bool, _>("is_2fa_enabled")?,
            "is_dark_mode": row.try_get::<bool, _>("is_dark_mode")?,
            "created_at": Timestamp(row.try_get("created_at")?),
            "updated_at": Timestamp(row.try_get("updated_at")?),
        }))
    }

    /// The newest fifty entries, as `transaction_view_all` answers them.
    pub async fn entries(&self) -> Outcome<Value> {
        let rows = sqlx::query(ENTRIES).bind(&self.user_id).bind(50).bind(0);
        let rows = rows.fetch_all(&self.pool).await?;
        rows.iter().map(entry).collect()
    }
}

fn entry(row: &SqliteRow) -> Outcome<Value> {
    let created_at = Timestamp(row.try_get("created_at")?);
    Ok(json!({
        "id": text(row, "id")?,
        "user_id": text(row, "user_id")?,
        "type": text(row, "direction")?,
        "description": text(row, "description")?,
        "value_in_credits": Credits::hundredths(row.try_get("amount")?),
        "value_in_fiat": FiatCents::hundredths(row.try_get("fiat")?),
        "created_at": created_at,
        "updated_at": created_at,
    }))
}

fn text(row: &SqliteRow, name: &str) -> Outcome<String> {
    Ok(row.try_get(name)?)
}

/// The documented envelope.
pub fn envelope(message: &str, data: &Value) -> Value {
    json!({"status": "success", "message": message, "data": data})
}
