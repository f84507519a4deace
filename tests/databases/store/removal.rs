//! What is left of a removed account: its entries and purchases, by number. No table holds its address, its names or its
//! customer at Stripe any more, and what could still be paid is looked at at once.

use clara::domain::submission::{Attachment, Submission};
use clara::domain::user::{User, UserChange};
use sqlx::{AssertSqlSafe, Connection as _};

use crate::store::authenticator::App;
use crate::store::common::{PRICE, email, newest_audit, signed, submit};
use crate::store::harness::{Engine, PASSWORD, START, World, cases, origin};
use crate::store::page_requests::{answered, asked};

cases![
    no_table_holds_a_removed_person,
    what_could_still_be_paid_is_due_at_once,
];

/// Every table with all that stands in it, as text.
async fn tables(world: &World) -> Vec<(String, String)> {
    let mut tables = Vec::new();
    match world.engine {
        Engine::Sqlite => {
            let mut connection = sqlx::SqliteConnection::connect(&world.url).await.unwrap();
            let columns: Vec<(String, String)> = sqlx::query_as(
                "SELECT tables.name, GROUP_CONCAT('COALESCE(CAST(\"' || columns.name || '\" AS TEXT), '''')', ' || '' '' || ') \
                 FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns \
                 WHERE tables.type = 'table' GROUP BY tables.name",
            )
            .fetch_all(&mut connection)
            .await
            .unwrap();
            for (table, columns) in columns {
                let rows: Vec<String> =
                    sqlx::query_scalar(AssertSqlSafe(format!("SELECT {columns} FROM {table}")))
                        .fetch_all(&mut connection)
                        .await
                        .unwrap();
                tables.push((table, rows.join("\n")));
            }
        }
        Engine::Postgres => {
            let mut connection = sqlx::PgConnection::connect(&world.url).await.unwrap();
            let names: Vec<String> = sqlx::query_scalar(
                "SELECT table_name::text FROM information_schema.tables \
                 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
            )
            .fetch_all(&mut connection)
            .await
            .unwrap();
            for table in names {
                let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!(
                    "SELECT row_to_json(all_of_it)::text FROM {table} AS all_of_it"
                )))
                .fetch_all(&mut connection)
                .await
                .unwrap();
                tables.push((table, rows.join("\n")));
            }
        }
    }
    tables
}

/// In which tables any of these words stands.
pub async fn found(world: &World, words: &[&str]) -> Vec<String> {
    let all = tables(world).await;
    assert!(all.len() > 12, "every table is read");
    let holds = |text: &str| {
        let text = text.to_lowercase();
        words.iter().any(|word| text.contains(&word.to_lowercase()))
    };
    let tables = all.into_iter().filter(|(_, text)| holds(text));
    tables.map(|(table, _)| table).collect()
}

async fn no_table_holds_a_removed_person(world: World) {
    let person = world.active("zenobia@example.org").await;
    let services = &world.services;
    let change = UserChange {
        first_name: Some("Zenobia".parse().unwrap()),
        last_name: Some("Quillfeather".parse().unwrap()),
        is_dark_mode: None,
    };
    let accounts = &services.accounts;
    accounts
        .update(&person.id, &change, &origin())
        .await
        .unwrap();
    world
        .store
        .keep_customer(&person.id, "cus_Zenobias", None)
        .await
        .unwrap();
    // Whatever leaves traces: signing in rightly and wrongly, work, the operator's looks, a purchase.
    for password in [PASSWORD, "a wrong guess"] {
        let from = origin();
        let signed_in = accounts.login("zenobia@example.org", password, None, &from);
        assert_eq!(signed_in.await.is_ok(), password == PASSWORD);
    }
    let purpose = clara::domain::code::CodePurpose::ChangePassword;
    let address = email("zenobia@example.org");
    accounts
        .send_code(&address, purpose, &origin())
        .await
        .unwrap();
    let task = submit(&world, &person.id).await;
    services
        .tasks
        .cancel(&person.id, &task.id, &origin())
        .await
        .unwrap();
    let look = signed("Somebody asked");
    let page = clara::domain::page::Page::default();
    let books = &services.books;
    books
        .accounts(Some("zenobia@example.org"), page, &look)
        .await
        .unwrap();
    world
        .tamper(
            "INSERT INTO purchases (id, user_id, status, credits, fiat, is_live, created_at, expires_at) \
             SELECT 'transaction_a', id, 'EXPIRED', 50000, 500, TRUE, 1, 2 FROM users",
        )
        .await
        .unwrap();
    more_of_a_life(&world, &person).await;
    // The last is the first in the bytes of a file, as PostgreSQL shows them.
    let words = ["zenobia", "quillfeather", "lovelace", "5a656e6f626961"];
    let before = found(&world, &words).await;
    for table in ["users", "task_attachments", "task_attachment_pieces"] {
        assert!(before.contains(&table.to_owned()), "{table}: {before:?}");
    }
    let before = found(&world, &[person.id.as_str()]).await;
    for table in ["authenticators", "recovery_codes", "page_requests"] {
        assert!(before.contains(&table.to_owned()), "{table}: {before:?}");
    }

    accounts.remove(&person.id, look).await.unwrap();
    assert_eq!(found(&world, &words).await, Vec::<String>::new());
    let mut kept = found(&world, &[person.id.as_str()]).await;
    kept.sort();
    assert_eq!(kept, ["audit_entries", "ledger_entries", "purchases"]);
    let (event, whose, good, details) = newest_audit(&world).await;
    assert_eq!(
        (event.as_str(), whose, good),
        ("account_removed", Some(person.id), true)
    );
    assert_eq!(
        details,
        serde_json::json!({"operator": "grace", "reason": "Somebody asked"})
    );
}

/// What few accounts have: files that wait to be read, a Google account, a program that was let in, and an app.
async fn more_of_a_life(world: &World, person: &User) {
    let file = Attachment {
        name: "Zenobias letter.txt".to_owned(),
        url: Some("https://zenobia.example/letter".to_owned()),
        charset: None,
        bytes: b"Yours, Zenobia".as_slice().into(),
    };
    let submission = Submission {
        text: "Zenobia was born in Oslo.".to_owned(),
        attachments: vec![file],
        ..Submission::default()
    };
    let tasks = &world.services.tasks;
    tasks
        .submit(&person.id, &submission.into(), PRICE, &origin())
        .await
        .unwrap();
    world
        .tamper("UPDATE users SET google_id = 'zenobia-at-google'")
        .await
        .unwrap();
    let request = asked(world).await;
    answered(world, &request, person, true).await.unwrap();
    App::on(world, &person.id).await;
}

async fn what_could_still_be_paid_is_due_at_once(world: World) {
    let ada = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    let all = [
        "STARTED",
        "OPEN",
        "PENDING",
        "PAID",
        "UNCLAIMED",
        "EXPIRED",
        "FAILED",
    ];
    let rows = [&ada.id, &bob.id].into_iter().flat_map(|user| {
        all.map(|status| {
            format!(
                "INSERT INTO purchases (id, user_id, status, credits, fiat, is_live, created_at, expires_at, look_at) \
                 VALUES ('{status}{user}', '{user}', '{status}', 50000, 500, TRUE, 1, 2, 7);"
            )
        })
    });
    let sql: String = rows.collect();
    world.tamper(sql.leak()).await.unwrap();
    let accounts = &world.services.accounts;
    accounts.remove(&ada.id, &origin()).await.unwrap();
    let due = format!("SELECT COUNT(*) FROM purchases WHERE look_at = {}", START.0);
    assert_eq!(world.number(due.clone().leak()).await, 3);
    let open = format!(
        "{due} AND user_id = '{}' AND status IN ('STARTED', 'OPEN', 'PENDING')",
        ada.id
    );
    assert_eq!(world.number(open.leak()).await, 3);
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM purchases WHERE look_at = 7")
            .await,
        11
    );
    world.tamper("DELETE FROM purchases").await.unwrap();
}
