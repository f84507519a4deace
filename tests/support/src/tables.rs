//! A world's database as somebody with its password sees it: read and changed past the store.

use clara::domain::clock::{Clock as _, Timestamp};
use sqlx::Connection as _;

use crate::worlds::{Engine, World};

impl World {
    /// Puts the world's clock right by the database's, which alone decides how old a row of the trail is.
    pub async fn set_clock(&self) {
        let now = Timestamp(self.number("SELECT now FROM database_clock").await);
        self.clock.advance(now.since(self.clock.now()));
    }

    /// One number from the database itself.
    pub async fn number(&self, sql: &'static str) -> i64 {
        match self.engine {
            Engine::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(&self.url).await.unwrap();
                sqlx::query_scalar(sql)
                    .fetch_one(&mut connection)
                    .await
                    .unwrap()
            }
            Engine::Postgres => {
                let mut connection = sqlx::PgConnection::connect(&self.url).await.unwrap();
                sqlx::query_scalar(sql)
                    .fetch_one(&mut connection)
                    .await
                    .unwrap()
            }
        }
    }

    /// One text from the database itself.
    pub async fn text(&self, sql: &'static str) -> String {
        match self.engine {
            Engine::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(&self.url).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
            Engine::Postgres => {
                let mut connection = sqlx::PgConnection::connect(&self.url).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
        }
        .unwrap()
    }

    /// Runs statements past the store, as somebody with the database's password would.
    pub async fn tamper(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self.engine {
            Engine::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(&self.url).await?;
                sqlx::raw_sql(sql).execute(&mut connection).await?;
            }
            Engine::Postgres => {
                let mut connection = sqlx::PgConnection::connect(&self.url).await?;
                sqlx::raw_sql(sql).execute(&mut connection).await?;
            }
        }
        Ok(())
    }
}
