//! A PostgreSQL server that a test may make databases on, each a copy of one that was brought up to date once. They are
//! gone with the run.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use clara::store::{Store, StoreOptions};
use sqlx::Connection as _;
use tokio::runtime::Runtime;

use crate::Folder;

/// A PostgreSQL server, with a migrated template from which each test's database is copied.
pub struct Server {
    template: String,
    made: AtomicU32,
}

pub fn server_url() -> String {
    std::env::var("TEST_DATABASE_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

pub fn url_of(database: &str) -> String {
    let mut url = url::Url::parse(&server_url()).unwrap();
    url.set_path(database);
    url.to_string()
}

async fn administer(statement: String) {
    let mut connection = sqlx::PgConnection::connect(&server_url()).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

impl Server {
    pub async fn find() -> Option<Self> {
        let connecting = sqlx::PgConnection::connect(&server_url()).await;
        connecting.ok()?.close().await.ok()?;
        let template = format!("clara_test_{}_template", std::process::id());
        administer(format!("CREATE DATABASE {template}")).await;
        let store = Store::open(StoreOptions::new(url_of(&template)))
            .await
            .unwrap();
        store.close().await;
        Some(Self {
            template,
            made: AtomicU32::new(0),
        })
    }

    fn name(number: u32) -> String {
        format!("clara_test_{}_{number}", std::process::id())
    }

    pub async fn make_database(&self) -> String {
        let name = Self::name(self.made.fetch_add(1, Ordering::SeqCst));
        administer(format!("CREATE DATABASE {name} TEMPLATE {}", self.template)).await;
        // Tests kill processes, not machines: a commit need not wait for the disk.
        administer(format!(
            "ALTER DATABASE {name} SET synchronous_commit = off"
        ))
        .await;
        url_of(&name)
    }

    pub async fn clean_up(&self) {
        for number in 0..self.made.load(Ordering::SeqCst) {
            administer(format!(
                "DROP DATABASE IF EXISTS {} WITH (FORCE)",
                Self::name(number)
            ))
            .await;
        }
        administer(format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.template
        ))
        .await;
    }
}

/// Runs a measurement with SQLite's file in this folder and, where a server answers, on PostgreSQL: each with an empty database
/// and a data directory of its own. It is told the database's name and URL.
pub fn on_each_database(
    runtime: &Runtime,
    sqlite: &Path,
    measure: impl AsyncFn(&str, &str, &Folder),
) {
    let url = format!("sqlite://{}/bench.db", sqlite.display());
    runtime.block_on(measure("SQLite", &url, &Folder::new()));
    runtime.block_on(async {
        if let Some(server) = Server::find().await {
            let url = server.make_database().await;
            measure("PostgreSQL", &url, &Folder::new()).await;
            server.clean_up().await;
        }
    });
}
