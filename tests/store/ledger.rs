//! The books: whatever happens in whatever order, the balance is the sum of the entries and never below zero.

use clara::domain::credits::Credits;
use clara::domain::page::Page;
use clara::fault::{FaultKind, Resource};

use crate::harness::{World, cases, origin};

cases![
    the_operator_sets_a_balance_with_one_entry,
    another_accounts_entry_does_not_exist,
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
