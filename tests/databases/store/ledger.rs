//! The books: whatever happens in whatever order, the balance is the sum of the entries and never below zero.

use clara::domain::credits::Credits;
use clara::domain::ids::UserId;
use clara::domain::page::Page;
use clara::domain::submission::Submission;
use clara::domain::task::TaskError;
use clara::fault::{FaultKind, Resource};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::store::harness::{Engine, World, cases, origin};

cases![
    the_operator_sets_a_balance_with_one_entry,
    another_accounts_entry_does_not_exist,
    the_books_are_not_emptied_in_one_go_either,
    any_interleaving_keeps_balance_and_entries_equal,
];

async fn the_operator_sets_a_balance_with_one_entry(world: World) {
    let user = world.active("ada@example.org").await;
    let ledger = &world.services.ledger;
    let after = ledger
        .set_balance(&user.id, Credits::hundredths(1_250), &origin())
        .await
        .unwrap();
    assert_eq!(after.credits, Credits::hundredths(1_250));
    ledger
        .set_balance(&user.id, Credits::hundredths(1_250), &origin())
        .await
        .unwrap();
    let (entries, total) = ledger
        .entries(
            &user.id,
            Page {
                limit: 1,
                offset: 0,
            },
        )
        .await
        .unwrap();
    assert_eq!((entries.len(), total), (1, 2));
    assert_eq!(
        entries[0].description,
        "Admin updated credits from 100 to 12.5."
    );
    let (rest, _) = ledger
        .entries(
            &user.id,
            Page {
                limit: 5,
                offset: 1,
            },
        )
        .await
        .unwrap();
    assert_eq!(rest[0].description, "Free credits on signup.");
    let negative = ledger
        .set_balance(&user.id, Credits::hundredths(-1), &origin())
        .await;
    assert!(negative.is_err());
}

async fn another_accounts_entry_does_not_exist(world: World) {
    let ada = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    let ledger = &world.services.ledger;
    let (entries, _) = ledger.entries(&ada.id, Page::default()).await.unwrap();
    assert_eq!(
        ledger.entry(&ada.id, &entries[0].id).await.unwrap().id,
        entries[0].id
    );
    let refused = ledger.entry(&bob.id, &entries[0].id).await.unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::NotFound(Resource::Transaction));
}

/// One thing that moves money.
#[derive(Debug, Clone)]
enum Act {
    SetBalance(i64),
    Submit(i64),
    CancelNewest,
    CancelOldest,
    WorkAndFail,
    WorkAndComplete,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        (0_i64..5_000).prop_map(Act::SetBalance),
        (0_i64..3_000).prop_map(Act::Submit),
        (0_i64..3_000).prop_map(Act::Submit),
        Just(Act::CancelNewest),
        Just(Act::CancelOldest),
        Just(Act::WorkAndFail),
        Just(Act::WorkAndComplete),
    ];
    prop::collection::vec(act, 1..12)
}

/// PostgreSQL alone has a statement for it, which no trigger on rows sees.
async fn the_books_are_not_emptied_in_one_go_either(world: World) {
    if world.engine == Engine::Sqlite {
        return;
    }
    world.active("ada@example.org").await;
    for emptying in [
        "TRUNCATE ledger_entries",
        "TRUNCATE ledger_entries CASCADE",
        "TRUNCATE users, ledger_entries CASCADE",
    ] {
        assert!(world.tamper(emptying).await.is_err(), "{emptying}");
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM ledger_entries").await, 1);
}

async fn any_interleaving_keeps_balance_and_entries_equal(world: World) {
    let user = world.active("ada@example.org").await;
    let other = world.another_process().await;
    let config = Config {
        cases: std::env::var("CLARA_SOAK_CASES")
            .ok()
            .and_then(|cases| cases.parse().ok())
            .unwrap_or(12),
        failure_persistence: None,
        ..Config::default()
    };
    let handle = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        TestRunner::new(config)
            .run(&(acts(), acts(), acts()), |(one, two, three)| {
                handle.block_on(async {
                    tokio::join!(
                        perform(&world, &user.id, one),
                        perform(&other, &user.id, two),
                        perform(&world, &user.id, three),
                    );
                    let out = world.store.discrepancies().await.unwrap();
                    prop_assert!(out.is_empty(), "{:?}", out);
                    Ok(())
                })
            })
            .unwrap();
    });
    assert!(world.number("SELECT MIN(credits) FROM users").await >= 0);
    let refunded_twice = "SELECT COUNT(*) FROM (SELECT cause_id FROM ledger_entries WHERE cause_kind = 'refund' \
                          GROUP BY cause_id HAVING COUNT(*) > 1) AS twice";
    assert_eq!(world.number(refunded_twice).await, 0);
    let unpaid = "SELECT COUNT(*) FROM tasks WHERE price > 0 AND NOT EXISTS (SELECT 1 FROM ledger_entries \
                  WHERE cause_kind = 'reservation' AND cause_id = tasks.id)";
    assert_eq!(world.number(unpaid).await, 0);
    let wrongly_settled = "SELECT COUNT(*) FROM tasks WHERE price > 0 AND (status IN ('FAILED', 'CANCELLED')) <> \
                           EXISTS (SELECT 1 FROM ledger_entries WHERE cause_kind = 'refund' AND cause_id = tasks.id)";
    assert_eq!(world.number(wrongly_settled).await, 0);
    other.store.close().await;
}

async fn perform(world: &World, user: &UserId, acts: Vec<Act>) {
    let services = &world.services;
    let submission = Submission {
        text: "x".to_owned(),
        attachments: Vec::new(),
        ..Submission::default()
    }
    .into();
    for act in acts {
        match act {
            Act::SetBalance(hundredths) => {
                let target = Credits::hundredths(hundredths);
                services
                    .ledger
                    .set_balance(user, target, &origin())
                    .await
                    .unwrap();
            }
            Act::Submit(hundredths) => {
                let price = Credits::hundredths(hundredths);
                let submitted = services
                    .tasks
                    .submit(user, &submission, price, &origin())
                    .await;
                if let Err(fault) = submitted {
                    assert!(
                        matches!(fault.kind(), FaultKind::NotEnoughCredits { .. }),
                        "{fault}"
                    );
                }
            }
            Act::CancelNewest | Act::CancelOldest => {
                let (tasks, _) = services.tasks.list(user, Page::default()).await.unwrap();
                let newest = matches!(act, Act::CancelNewest);
                if let Some(task) = if newest { tasks.first() } else { tasks.last() } {
                    services
                        .tasks
                        .cancel(user, &task.id, &origin())
                        .await
                        .unwrap();
                }
            }
            Act::WorkAndFail | Act::WorkAndComplete => {
                let Some(claimed) = services.queue.claim("worker").await.unwrap() else {
                    continue;
                };
                if matches!(act, Act::WorkAndComplete) {
                    let report = serde_json::json!({});
                    services
                        .queue
                        .complete(&claimed.claim, &report)
                        .await
                        .unwrap();
                } else {
                    let error = TaskError {
                        message: "It broke.".to_owned(),
                        retryable: false,
                    };
                    services.queue.fail(&claimed.claim, &error).await.unwrap();
                }
            }
        }
    }
}
