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
use clara::services::Services;
use clara::store::{Store, StoreOptions};

use crate::store::harness::{START, World, cases, origin, runtime, services_with};

const URL: &str = "CLARA_STORE_TEST_URL";
const DIRECTORY: &str = "CLARA_STORE_TEST_DIRECTORY";
const STATEMENT: &str = "CLARA_STORE_TEST_ABORT_AT";
const SCENARIO: &str = "CLARA_STORE_TEST_SCENARIO";

cases![
    a_kill_before_any_statement_leaves_no_half,
    a_kill_leaves_no_half_of_a_removal,
];

async fn a_kill_before_any_statement_leaves_no_half(world: World) {
    world.active("ada@example.org").await;
    let killed = kill_before_every_statement(&world, "working", &HALVES).await;
    assert!(killed > 30, "only {killed} statements were counted");
}

async fn a_kill_leaves_no_half_of_a_removal(world: World) {
    let user = world.active("ada@example.org").await;
    crate::store::common::submit(&world, &user.id).await;
    let killed = kill_before_every_statement(&world, "leaving", &HALVES_OF_A_REMOVAL).await;
    assert!(killed > 10, "only {killed} statements were counted");
    assert_eq!(world.number("SELECT COUNT(*) FROM users").await, 0);
    let held = "SELECT COUNT(*) FROM mails WHERE recipient <> ''";
    world
        .store
        .advance_leases(std::time::Duration::from_hours(1));
    world.services.outbox.deliver_due().await.unwrap();
    assert_eq!(
        world.number(held).await,
        0,
        "the last mail leaves in the end"
    );
}

/// Starts the scenario over and over, killed one statement later each time, until it comes to its end.
async fn kill_before_every_statement(
    world: &World,
    scenario: &str,
    halves: &[(&str, &'static str)],
) -> u64 {
    let executable = std::env::current_exe().unwrap();
    let mut killed = 0_u64;
    loop {
        let statement = killed + 1;
        let output = Command::new(&executable)
            .env(SCENARIO, scenario)
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
        for (what, sql) in halves {
            let found = world.number(sql).await;
            assert_eq!(found, 0, "killed before statement {statement}: {what}");
        }
        if output.status.success() {
            return killed;
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

const HALVES_OF_A_REMOVAL: [(&str, &str); 2] = [
    (
        "an account that is gone and not said to be, or the other way round",
        "SELECT COUNT(*) FROM audit_entries AS made WHERE made.event = 'registered' AND \
         EXISTS (SELECT 1 FROM users WHERE users.id = made.user_id AND EXISTS (SELECT 1 FROM tasks)) = \
         EXISTS (SELECT 1 FROM audit_entries AS gone WHERE gone.event = 'account_removed' AND gone.user_id = made.user_id)",
    ),
    (
        "an account that is gone without a mail about it",
        "SELECT ABS((SELECT COUNT(*) FROM audit_entries WHERE event = 'account_removed') - \
         (SELECT COUNT(*) FROM mails WHERE kind = 'account_deleted'))",
    ),
];

/// The scenario that is killed, where this process was started to be.
pub fn as_victim() -> Option<ExitCode> {
    let statement: u64 = std::env::var(STATEMENT).ok()?.parse().ok()?;
    let url = std::env::var(URL).ok()?;
    let directory = std::env::var(DIRECTORY).ok()?;
    let is_leaving = std::env::var(SCENARIO).is_ok_and(|scenario| scenario == "leaving");
    runtime().block_on(async {
        let directory = Path::new(&directory);
        let services = services(url, directory, statement).await;
        if is_leaving {
            leaving(&services).await;
        } else {
            working(&services, directory, statement).await;
        }
    });
    Some(ExitCode::SUCCESS)
}

async fn services(url: String, directory: &Path, abort_at: u64) -> Services {
    let options = StoreOptions {
        abort_at_statement: Some(abort_at),
        ..StoreOptions::new(url.clone())
    };
    let store = Store::open(options).await.unwrap();
    let clock = Arc::new(ManualClock::new(START));
    let selling =
        clara::services::billing::Selling::nothing("https://client.example".parse().unwrap());
    services_with(&store, &clock, directory, 1_000_000 + abort_at, selling)
}

/// An account ends, and its last mail leaves.
async fn leaving(services: &Services) {
    let accounts = &services.accounts;
    let address = "ada@example.org".parse().unwrap();
    if let Ok(user) = accounts.view_by_address(&address).await {
        accounts.remove(&user.id, &origin()).await.unwrap();
    }
    services.outbox.deliver_due().await.unwrap();
}

async fn working(services: &Services, directory: &Path, abort_at: u64) {
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
            charset: None,
            bytes: Arc::from(vec![1; 300_000]),
        }],
        ..Submission::default()
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
    let code = crate::store::harness::newest_code_in(directory, &address);
    services
        .accounts
        .activate(&address.parse().unwrap(), &code, &origin())
        .await
        .unwrap();
}
