//! The operator's hand in the books: a balance is moved under its lock, lists go on where they stopped, and the audit trail
//! says who did it and why.

use clara::domain::credits::{Credits, CreditsChange};
use clara::domain::ids::{TransactionId, UserId};
use clara::domain::page::Page;
use clara::fault::{FaultKind, Resource};
use clara::services::ledger::books::{BalanceMove, Wanted};
use serde_json::json;

use crate::store::common::{balance, kind, newest_audit, signed};
use crate::store::harness::{World, cases, origin};

cases![
    a_balance_is_moved_up_and_down_and_never_below_zero,
    moves_at_once_all_count,
    accounts_are_found_by_a_part_of_what_they_are_called,
    entries_go_on_where_they_stopped,
];

fn by(hundredths: i64) -> BalanceMove {
    BalanceMove::By(CreditsChange::new(Credits::hundredths(hundredths)).unwrap())
}

async fn a_balance_is_moved_up_and_down_and_never_below_zero(world: World) {
    let ada = world.active("ada@example.org").await;
    let books = &world.services.books;
    let act = signed("Ticket 4711");
    for (how, before, after) in [
        (by(5_000), 10_000, 15_000),
        (by(-14_999), 15_000, 1),
        (by(-1), 1, 0),
        (BalanceMove::To(Credits::hundredths(1_234)), 0, 1_234),
    ] {
        let moved = books.move_balance(&ada.id, how, &act).await.unwrap();
        let seen = (moved.before.as_hundredths(), moved.after.as_hundredths());
        assert_eq!(seen, (before, after));
        let id = moved.entry.unwrap();
        let (event, whose, good, details) = newest_audit(&world).await;
        let seen = (event.as_str(), whose.as_ref(), good);
        assert_eq!(seen, ("credits_moved", Some(&ada.id), true));
        let expected = json!({
            "cause": "adjustment", "transaction": id, "operator": "grace", "reason": "Ticket 4711",
            "from": moved.before, "balance": moved.after,
        });
        assert_eq!(details, expected);
        let entry = world.services.ledger.entry(&ada.id, &id).await.unwrap();
        let words = format!(
            "Admin updated credits from {} to {}.",
            moved.before, moved.after
        );
        assert_eq!(entry.description, words);
    }
    let rows = world.number("SELECT COUNT(*) FROM ledger_entries").await;
    let same = BalanceMove::To(Credits::hundredths(1_234));
    let moved = books.move_balance(&ada.id, same, &act).await.unwrap();
    assert_eq!((moved.before == moved.after, moved.entry), (true, None));

    for (how, field, problem, asked) in [
        (
            by(-1_235),
            "change",
            "must not take more than there is: the account has 12.34 credits",
            json!({"change": -12.35}),
        ),
        (
            by(100_000_000_000),
            "change",
            "must not bring the balance above 1000000000: the account has 12.34 credits",
            json!({"change": 1_000_000_000.0}),
        ),
        (
            BalanceMove::To(Credits::hundredths(-1)),
            "credits",
            "must not be less than 0",
            json!({"credits": -0.01}),
        ),
    ] {
        let refused = kind(books.move_balance(&ada.id, how, &act).await);
        let FaultKind::InvalidFields(problems) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(
            (problems[0].field.as_str(), problems[0].problem.as_str()),
            (field, problem)
        );
        let (event, whose, good, details) = newest_audit(&world).await;
        assert_eq!(
            (event.as_str(), whose.as_ref(), good),
            ("operator_acted", Some(&ada.id), false)
        );
        let expected = json!({
            "command": "credits", "asked": asked, "balance": 12.34, "operator": "grace", "reason": "Ticket 4711",
        });
        assert_eq!(details, expected);
    }
    assert_eq!(
        world.number("SELECT COUNT(*) FROM ledger_entries").await,
        rows
    );
    let nobody: UserId = format!("user_{}", "0".repeat(32)).parse().unwrap();
    let refused = kind(books.move_balance(&nobody, by(1), &act).await);
    assert_eq!(refused, FaultKind::NotFound(Resource::User));
}

async fn moves_at_once_all_count(world: World) {
    let ada = world.active("ada@example.org").await;
    let other = world.another_process().await;
    let moving = |change: i64| {
        (0..20)
            .map(move |number| (number, change))
            .map(|(number, change)| {
                let books = if number % 2 == 0 { &world } else { &other }
                    .services
                    .books
                    .clone();
                let id = ada.id.clone();
                tokio::spawn(async move {
                    books
                        .move_balance(&id, by(change), &signed("Both"))
                        .await
                        .is_ok()
                })
            })
    };
    let mut done = 0;
    for moved in moving(5_000).collect::<Vec<_>>() {
        done += u32::from(moved.await.unwrap());
    }
    assert_eq!(
        (done, balance(&world, &ada.id).await),
        (20, Credits::whole(1_100))
    );
    // There is enough for seven of the twenty.
    let mut done = 0;
    for moved in moving(-15_000).collect::<Vec<_>>() {
        done += u32::from(moved.await.unwrap());
    }
    assert_eq!(
        (done, balance(&world, &ada.id).await),
        (7, Credits::whole(50))
    );
    other.store.close().await;
}

async fn accounts_are_found_by_a_part_of_what_they_are_called(world: World) {
    let ada = world.active("Ada_M@Example.org").await;
    let bob = world.active("bob@example.net").await;
    world
        .tamper(
            "UPDATE users SET first_name = 'Ärger', owed = 250 WHERE email_key = 'bob@example.net'",
        )
        .await
        .unwrap();
    let books = &world.services.books;
    let found = async |find: Option<&str>| -> (Vec<UserId>, u64) {
        let (accounts, total) = books
            .accounts(find, Page::default(), &signed("Look"))
            .await
            .unwrap();
        let (event, whose, _, details) = newest_audit(&world).await;
        assert_eq!((event.as_str(), whose), ("operator_acted", None));
        let asked = json!({"find": find.is_some(), "limit": 20, "offset": 0});
        assert_eq!(
            (&details["command"], &details["asked"]),
            (&json!("users"), &asked)
        );
        (
            accounts
                .into_iter()
                .map(|account| account.user.id)
                .collect(),
            total,
        )
    };
    let both = vec![bob.id.clone(), ada.id.clone()];
    assert_eq!(found(None).await, (both.clone(), 2));
    assert_eq!(found(Some("EXAMPLE.")).await, (both, 2));
    for ada_is in [
        "ada_m@example.org",
        "a_m@",
        "ADA",
        "Ada Lovelace",
        &ada.id.as_str()[5..30],
    ] {
        assert_eq!(
            found(Some(ada_is)).await,
            (vec![ada.id.clone()], 1),
            "{ada_is}"
        );
    }
    for bob_is in ["Ärger", "rger love", ".net"] {
        assert_eq!(
            found(Some(bob_is)).await,
            (vec![bob.id.clone()], 1),
            "{bob_is}"
        );
    }
    for nobody in ["%", "_z", "\\", "' OR 1 = 1 --"] {
        assert_eq!(found(Some(nobody)).await, (vec![], 0), "{nobody}");
    }
    let (accounts, _) = books
        .accounts(Some(".net"), Page::default(), &signed("Look"))
        .await
        .unwrap();
    assert_eq!(accounts[0].owed, Credits::hundredths(250));
    world.tamper("UPDATE users SET owed = 0").await.unwrap();
}

async fn entries_go_on_where_they_stopped(world: World) {
    let ada = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    let books = &world.services.books;
    for _ in 0..4 {
        books
            .move_balance(&ada.id, by(100), &signed("One more"))
            .await
            .unwrap();
    }
    let page = async |user_id: Option<&UserId>, before: Option<&TransactionId>| {
        let wanted = Wanted {
            user_id: user_id.cloned(),
            before: before.cloned(),
            page: Page {
                limit: 2,
                offset: 0,
            },
        };
        books.entries(&wanted, &signed("Export")).await
    };
    let mut seen: Vec<String> = Vec::new();
    let mut last = None;
    loop {
        let (entries, _) = page(None, last.as_ref()).await.unwrap();
        let Some(entry) = entries.last() else { break };
        last = Some(entry.id.clone());
        seen.extend(entries.iter().map(|entry| entry.description.clone()));
        books
            .move_balance(&bob.id, by(100), &signed("Meanwhile"))
            .await
            .unwrap();
    }
    let sums = ["103 to 104", "102 to 103", "101 to 102", "100 to 101"];
    let mut expected: Vec<String> = sums
        .map(|sum| format!("Admin updated credits from {sum}."))
        .to_vec();
    expected.extend(["Free credits on signup."; 2].map(str::to_owned));
    assert_eq!(seen, expected);

    world
        .services
        .accounts
        .remove(&ada.id, &origin())
        .await
        .unwrap();
    let (entries, total) = page(Some(&ada.id), None).await.unwrap();
    assert_eq!(
        (entries.len(), total),
        (2, 5),
        "the books outlive the account"
    );
    let (event, whose, _, details) = newest_audit(&world).await;
    assert_eq!(
        (event.as_str(), whose.as_ref()),
        ("operator_acted", Some(&ada.id))
    );
    assert_eq!(
        details["asked"],
        json!({"before": null, "limit": 2, "offset": 0})
    );
    let nobody: UserId = format!("user_{}", "0".repeat(32)).parse().unwrap();
    assert_eq!(
        kind(page(Some(&nobody), None).await),
        FaultKind::NotFound(Resource::User)
    );
    let nothing: TransactionId = format!("transaction_{}", "0".repeat(32)).parse().unwrap();
    assert_eq!(
        kind(page(None, Some(&nothing)).await),
        FaultKind::NotFound(Resource::Transaction)
    );
}
