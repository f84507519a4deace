//! Two servers on one PostgreSQL, as on two machines: what one ended, the other refuses at once, and either finishes what
//! the other took in. Skipped where no PostgreSQL answers, unless one is required; the store's tests say so in a line.

use base64::Engine as _;
use serde_json::json;
use sqlx::Connection as _;

use super::rest::{EMAIL, PASSWORD, PRIVATE, PUBLIC, activate, ask, data, register};
use super::support::{Folder, Server};

/// A database of this test's own, gone with it.
struct Database {
    server: String,
    name: String,
}

impl Database {
    /// `None` where no server answers and none is required.
    async fn make() -> Option<Self> {
        let server = std::env::var("TEST_DATABASE_URL")
            .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
        let mut connection = match sqlx::PgConnection::connect(&server).await {
            Ok(connection) => connection,
            Err(error) => {
                let required = std::env::var("REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
                assert!(!required, "REQUIRE_POSTGRES=1, but: {error}");
                return None;
            }
        };
        let name = format!("clara_serving_{}", std::process::id());
        let make = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(make).execute(&mut connection).await.unwrap();
        Some(Self { server, name })
    }

    fn url(&self) -> String {
        let (base, _) = self.server.rsplit_once('/').unwrap();
        format!("{base}/{}", self.name)
    }

    async fn drop(self) {
        let mut connection = sqlx::PgConnection::connect(&self.server).await.unwrap();
        let drop = sqlx::AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.name));
        sqlx::query(drop).execute(&mut connection).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_are_one_clara() {
    let Some(database) = Database::make().await else {
        return;
    };
    let folders = [Folder::new(), Folder::new()];
    let url = database.url();
    let settings = [
        ("CLARA_DATABASE_URL", url.as_str()),
        ("CLARA_SECRET_KEY", "a root secret of this test 0123456789"),
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_PRIVATE_API_KEY", PRIVATE),
    ];
    let takes_in = [&settings[..], &[("CLARA_WORKERS", "0")]].concat();
    let one = Server::start(&folders[0], &takes_in);
    let two = Server::start(&folders[1], &settings);
    // Either may be the one that sends the mail.
    let mail_of_both = |email: &str| {
        folders
            .iter()
            .find_map(|folder| super::support::newest_code(&folder.data().join("outbox"), email))
    };
    let session = register(&one).await;
    let code = mail_of_both(EMAIL).expect("the mail was handed over with the answer");
    let ada = activate(&one, session, &code).await;
    let analysis = json!({"text": "The bridge opened in 1931.", "wait_seconds": 50});
    let path = format!("{}/agent/analysis", ada.path);
    let task = data(&one, "POST", &path, &ada.key(), Some(analysis)).await;
    assert_eq!(
        task["status"], "COMPLETED",
        "the other server's worker did it"
    );
    // Ended on one, refused on the other, in the very next call.
    let (before, _) = ask(&two, "GET", &ada.path, &ada.session, None).await;
    let (ended, _) = ask(&one, "DELETE", "/auth/session", &ada.session, None).await;
    let (after, _) = ask(&two, "GET", &ada.path, &ada.session, None).await;
    assert_eq!((before, ended, after), (200, 204, 401));
    // So is what its owner ends from the other server, and what the operator ends.
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{EMAIL}:{PASSWORD}"));
    let sign_in = async |server: &Server| {
        let proof = format!("Basic {basic}");
        let user = data(server, "POST", "/auth/session", &proof, None).await;
        format!("Bearer {}", user["token"].as_str().unwrap())
    };
    let sessions = format!("{}/sessions", ada.path);
    let [stolen, mine] = [sign_in(&one).await, sign_in(&two).await];
    let listed = data(&two, "GET", &sessions, &mine, None).await;
    let stolens = format!("{sessions}/{}", listed[1]["id"].as_str().unwrap());
    for (path, proof, dead) in [
        (&stolens, mine.as_str(), &stolen),
        (&sessions, PRIVATE, &mine),
    ] {
        let (before, _) = ask(&one, "GET", &ada.path, dead, None).await;
        let (ended, _) = ask(&two, "DELETE", path, proof, None).await;
        let (after, _) = ask(&one, "GET", &ada.path, dead, None).await;
        assert_eq!((before, ended, after), (200, 204, 401));
    }
    let last = sign_in(&one).await;
    let password = json!({ "password": PASSWORD });
    let (gone, _) = ask(&one, "DELETE", &ada.path, &last, Some(password)).await;
    assert_eq!(gone, 204);
    for dead in [&last, &ada.key()] {
        let (after, _) = ask(&two, "GET", &ada.path, dead, None).await;
        assert_eq!(after, 401);
    }
    drop((one, two));
    database.drop().await;
}
