//! Codes by mail: what they open, and how they die.

use std::time::Duration;

use clara::domain::code::CodePurpose;
use clara::domain::password::Password;
use clara::fault::{FaultKind, Resource};

use crate::store::common::{email, kind, other_than};
use crate::store::harness::{World, cases, origin};

cases![
    a_code_dies_by_use_by_time_by_a_newer_one_and_by_five_tries,
    a_hundred_parallel_wrong_tries_use_exactly_five,
    of_two_parallel_right_answers_one_wins,
    a_code_of_another_purpose_or_account_opens_nothing,
];

async fn a_code_dies_by_use_by_time_by_a_newer_one_and_by_five_tries(world: World) {
    let accounts = &world.services.accounts;
    let ada = email("ada@example.org");
    world.register("ada@example.org").await;
    let first = world.newest_code("ada@example.org");
    accounts
        .send_code(&ada, CodePurpose::Activation, &origin())
        .await
        .unwrap();
    let second = world.newest_code("ada@example.org");
    assert_ne!(first, second);
    assert_eq!(
        kind(accounts.activate(&ada, &first, &origin()).await),
        FaultKind::Unauthenticated
    );

    world.clock.advance(Duration::from_mins(10));
    assert_eq!(
        kind(accounts.activate(&ada, &second, &origin()).await),
        FaultKind::Unauthenticated
    );

    accounts
        .send_code(&ada, CodePurpose::Activation, &origin())
        .await
        .unwrap();
    let third = world.newest_code("ada@example.org");
    for _ in 0..5 {
        let refused = accounts
            .activate(&ada, &other_than(&third), &origin())
            .await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated);
    }
    assert_eq!(
        kind(accounts.activate(&ada, &third, &origin()).await),
        FaultKind::Unauthenticated
    );

    accounts
        .send_code(&ada, CodePurpose::Activation, &origin())
        .await
        .unwrap();
    let fourth = world.newest_code("ada@example.org");
    world.clock.advance(Duration::from_millis(599_999));
    for _ in 0..4 {
        let refused = accounts
            .activate(&ada, &other_than(&fourth), &origin())
            .await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated);
    }
    accounts.activate(&ada, &fourth, &origin()).await.unwrap();
    let useless = kind(
        accounts
            .send_code(&ada, CodePurpose::Activation, &origin())
            .await,
    );
    assert!(
        matches!(useless, FaultKind::InvalidFields(problems) if problems[0].field == "otp_type")
    );
    let unknown = accounts
        .send_code(&email("no@example.org"), CodePurpose::Activation, &origin())
        .await;
    assert_eq!(kind(unknown), FaultKind::NotFound(Resource::User));
}

async fn a_hundred_parallel_wrong_tries_use_exactly_five(world: World) {
    world.register("ada@example.org").await;
    let right = world.newest_code("ada@example.org");
    let tries: Vec<_> = (0..100)
        .map(|_| {
            let (world, wrong) = (world.clone(), other_than(&right));
            tokio::spawn(async move {
                world
                    .services
                    .accounts
                    .activate(&email("ada@example.org"), &wrong, &origin())
                    .await
            })
        })
        .collect();
    for one in tries {
        assert_eq!(kind(one.await.unwrap()), FaultKind::Unauthenticated);
    }
    let tries = "SELECT tries + owner_tries FROM codes";
    assert_eq!(world.number(tries).await, 5);
    let late = world
        .services
        .accounts
        .activate(&email("ada@example.org"), &right, &origin())
        .await;
    assert_eq!(kind(late), FaultKind::Unauthenticated);
}

async fn of_two_parallel_right_answers_one_wins(world: World) {
    world.register("ada@example.org").await;
    let code = world.newest_code("ada@example.org");
    let other = world.another_process().await;
    let ada = email("ada@example.org");
    let from = origin();
    let (one, two) = tokio::join!(
        world.services.accounts.activate(&ada, &code, &from),
        other.services.accounts.activate(&ada, &code, &from),
    );
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM ledger_entries").await, 1);
    other.store.close().await;
}

async fn a_code_of_another_purpose_or_account_opens_nothing(world: World) {
    let accounts = &world.services.accounts;
    world.register("ada@example.org").await;
    world.register("bob@example.org").await;
    let bobs = world.newest_code("bob@example.org");
    let adas = world.newest_code("ada@example.org");
    assert_ne!(adas, bobs);
    let ada = email("ada@example.org");
    assert_eq!(
        kind(accounts.activate(&ada, &bobs, &origin()).await),
        FaultKind::Unauthenticated
    );
    let password = Password::new("another password".to_owned()).unwrap();
    let refused = accounts
        .change_password(&ada, &password, (&adas).into(), None, &origin())
        .await;
    assert_eq!(kind(refused), FaultKind::Unauthenticated);
    accounts.activate(&ada, &adas, &origin()).await.unwrap();
}
