//! The process is killed right before each statement in turn; afterwards no half of anything is to be seen.
//!
//! The victim is this very binary, started again with the scenario's settings in its environment.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use clara::domain::clock::ManualClock;
use clara::domain::credits::Credits;
use clara::domain::submission::{Attachment, Submission};
use clara::domain::task::TaskError;
use clara::store::{Store, StoreOptions};

use crate::harness::{START, World, cases, origin, runtime, services_with};

const URL: &str = "CLARA_STORE_TEST_URL";
const DIRECTORY: &str = "CLARA_STORE_TEST_DIRECTORY";
const STATEMENT: &str = "CLARA_STORE_TEST_ABORT_AT";

cases![a_kill_before_any_statement_leaves_no_half];

async fn a_kill_before_any_statement_leaves_no_half(world: World) {
    world.active("ada@example.org").await;
    let executable = std::env::current_exe().unwrap();
    let mut killed = 0_u64;
    loop {
        let statement = killed + 1;
        let output = Command::new(&executable)
            .env(URL, &world.url)
            .env(DIRECTORY, world.directory.path())
            .env(STATEMENT, statement.to_string())
            .output()
            .unwrap();
        let out = world.store.discrepancies().await.unwrap();
        assert!(
            out.is_empty(),
            "killed before statement {statement}: {out:?}"
        );
        for (what, sql) in HALVES {
            let halves = world.number(sql).await;
            assert_eq!(halves, 0, "killed before statement {statement}: {what}");
        }
        if output.status.success() {
            break;
        }
        // Killed, and not failed: a failure would say so.
        assert_eq!(
            output.status.code(),
            None,
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        killed += 1;
        assert!(killed < 500, "the scenario never comes to its end");
    }
    assert!(killed > 30, "only {killed} statements were counted");
}

const HALVES: [(&str, &str); 4] = [
    (
        "an active account without its sign-up credit",
        "SELECT COUNT(*) FROM users WHERE is_active AND NOT EXISTS (SELECT 1 FROM ledger_entries \
         WHERE cause_kind = 'signup' AND cause_id = users.id)",
    ),
    (
        "a task without its reservation",
        "SELECT COUNT(*) FROM tasks WHERE NOT EXISTS (SELECT 1 FROM ledger_entries \
         WHERE cause_kind = 'reservation' AND cause_id = tasks.id)",
    ),
    (
        "an ended task without its refund, or a refund of a living one",
        "SELECT COUNT(*) FROM tasks WHERE (status IN ('FAILED', 'CANCELLED')) <> \
         EXISTS (SELECT 1 FROM ledger_entries WHERE cause_kind = 'refund' AND cause_id = tasks.id)",
    ),
    (
        "an attachment of an ended task",
        "SELECT COUNT(*) FROM task_attachment_pieces JOIN tasks ON tasks.id = task_attachment_pieces.task_id \
         WHERE tasks.due_at IS NULL",
    ),
];

/// The scenario that is killed, where this process was started to be.
pub fn as_victim() -> Option<ExitCode> {
    let statement: u64 = std::env::var(STATEMENT).ok()?.parse().ok()?;
    let url = std::env::var(URL).ok()?;
    let directory = std::env::var(DIRECTORY).ok()?;
    runtime().block_on(scenario(url, Path::new(&directory), statement));
    Some(ExitCode::SUCCESS)
}

async fn scenario(url: String, directory: &Path, abort_at: u64) {
    let options = StoreOptions {
        abort_at_statement: Some(abort_at),
        ..StoreOptions::new(url.clone())
    };
    let store = Store::open(options).await.unwrap();
    let clock = Arc::new(ManualClock::new(START));
    let selling =
        clara::services::billing::Selling::nothing("https://client.example".parse().unwrap());
    let services = services_with(&store, &clock, directory, 1_000_000 + abort_at, selling);
    let tasks = &services.tasks;
    let user = services
        .accounts
        .local_account(&"ada@example.org".parse().unwrap(), Credits::whole(10_000))
        .await
        .unwrap();
    let submission = Submission {
        text: "x".to_owned(),
        attachments: vec![Attachment {
            name: "a.txt".to_owned(),
            url: None,
            bytes: Arc::from(vec![1; 300_000]),
        }],
    }
    .into();
    let price = Credits::whole(1);
    let submitted = tasks
        .submit(&user.id, &submission, price, &origin())
        .await
        .unwrap();
    tasks
        .cancel(&user.id, &submitted.id, &origin())
        .await
        .unwrap();
    tasks
        .submit(&user.id, &submission, price, &origin())
        .await
        .unwrap();
    let error = TaskError {
        message: "It broke.".to_owned(),
        retryable: true,
    };
    if let Some(claimed) = services.queue.claim("victim").await.unwrap() {
        services.queue.fail(&claimed.claim, &error).await.unwrap();
    }
    let address = format!("victim{abort_at}@example.org");
    let new = clara::services::accounts::NewAccount {
        email: address.parse().unwrap(),
        first_name: "A".parse().unwrap(),
        last_name: "B".parse().unwrap(),
        password: clara::domain::password::Password::new("seven mossy kettles".to_owned()).unwrap(),
    };
    services.accounts.register(new, &origin()).await.unwrap();
    let code = crate::harness::newest_code_in(directory, &address);
    services
        .accounts
        .activate(&address.parse().unwrap(), &code, &origin())
        .await
        .unwrap();
}
