//! Much at once, from four processes: one event many times over, and more analyses than there are credits for.

use clara::domain::credits::Credits;
use clara::domain::submission::Submission;
use clara::fault::FaultKind;
use futures_util::future::join_all;

use crate::money::harness::{World, cases, origin};
use crate::money::shop::{Shop, selling};

cases![
    fifty_copies_of_one_event_at_once_give_its_credits_once,
    a_hundred_analyses_at_once_with_credits_for_seven_are_seven,
    two_analyses_at_once_with_credits_for_one_are_one,
];

/// The same database as four processes see it.
async fn four(shop: &Shop) -> Vec<World> {
    let mut worlds = vec![shop.world.clone()];
    for _ in 0..3 {
        let other = shop.world.another_process().await;
        worlds.push(other.selling(selling(&shop.fake.url)));
    }
    worlds
}

async fn fifty_copies_of_one_event_at_once_give_its_credits_once(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let worlds = four(&shop).await;
    let bought = shop.buy(&user, 5).await;
    shop.fake.pay(&bought.session).await;
    let event = shop.fake.deliveries_of("checkout.session.completed").await;
    let event = &event[0];
    let here = origin();
    let copies = (0..50).map(|number| {
        let billing = &worlds[number % worlds.len()].services.billing;
        billing.settle(Some(&event.signature), event.body.as_bytes(), &here)
    });
    let heard: Vec<_> = join_all(copies)
        .await
        .into_iter()
        .map(|heard| heard.unwrap().0)
        .collect();
    let settled = heard.iter().filter(|word| **word == "settled").count();
    let known = heard.iter().filter(|word| **word == "known").count();
    assert_eq!((settled, known), (1, 49));
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
    close(&worlds).await;
}

async fn close(worlds: &[World]) {
    for world in &worlds[1..] {
        world.store.close().await;
    }
}

async fn started_at_once(world: World, count: usize, enough_for: i64) -> (usize, usize) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let price = Credits::whole(20);
    let ledger = &shop.world.services.ledger;
    ledger
        .set_balance(&user.id, Credits::whole(20 * enough_for + 19), &origin())
        .await
        .unwrap();
    let worlds = four(&shop).await;
    let submission = Submission {
        text: "The moon is made of rock.".to_owned(),
        attachments: Vec::new(),
        ..Submission::default()
    }
    .into();
    let here = origin();
    let starts = (0..count).map(|number| {
        let tasks = &worlds[number % worlds.len()].services.tasks;
        tasks.submit(&user.id, &submission, price, &here)
    });
    let mut accepted = 0;
    let mut refused = 0;
    for started in join_all(starts).await {
        match started {
            Ok(_) => accepted += 1,
            Err(fault) => {
                assert!(
                    matches!(fault.kind(), FaultKind::NotEnoughCredits { .. }),
                    "{fault}"
                );
                refused += 1;
            }
        }
    }
    assert_eq!(shop.balance(&user.id).await, Credits::whole(19));
    let tasks = shop.world.number("SELECT COUNT(*) FROM tasks").await;
    assert_eq!(tasks, enough_for);
    close(&worlds).await;
    (accepted, refused)
}

async fn a_hundred_analyses_at_once_with_credits_for_seven_are_seven(world: World) {
    assert_eq!(started_at_once(world, 100, 7).await, (7, 93));
}

async fn two_analyses_at_once_with_credits_for_one_are_one(world: World) {
    assert_eq!(started_at_once(world, 2, 1).await, (1, 1));
}
