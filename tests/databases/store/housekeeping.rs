//! Nothing is kept longer than was promised, and nothing goes earlier: each kind a minute before its time and after it.

use std::time::Duration;

use clara::services::housekeeping::Cleared;

use crate::store::common::submit;
use crate::store::harness::{PASSWORD, World, cases, origin};

cases![
    codes_sessions_and_mails_go_in_their_time,
    a_session_that_was_ended_early_goes_a_month_later,
    ended_tasks_go_where_a_time_was_set_and_the_books_stay_sound,
    the_trail_forgets_addresses_after_a_month_and_rows_after_a_year,
    more_than_a_batch_goes_in_one_round,
    one_process_of_all_keeps_house_once_an_hour,
];

const DAY: Duration = Duration::from_hours(24);

/// What a round clears, an hour later than the last one at least.
async fn round(world: &World) -> Cleared {
    world
        .services
        .housekeeping
        .clear_due()
        .await
        .unwrap()
        .expect("a round is due")
}

async fn codes_sessions_and_mails_go_in_their_time(world: World) {
    world.active("ada@example.org").await;
    let (codes, sessions, mails) = (
        "SELECT COUNT(*) FROM codes",
        "SELECT COUNT(*) FROM sessions",
        "SELECT COUNT(*) FROM mails",
    );
    assert_eq!(round(&world).await, Cleared::default());
    // A code lives 10 minutes, and its row a day more.
    world.clock.advance(DAY + Duration::from_mins(10));
    assert_eq!(round(&world).await.codes, 0);
    world.clock.advance(DAY);
    let cleared = round(&world).await;
    assert_eq!((cleared.codes, world.number(codes).await), (1, 0));
    // A mail that was sent is kept for 30 days, and a session that lived for 7 as long again.
    world.clock.advance(Duration::from_mins(28 * 24 * 60 - 10));
    assert_eq!(round(&world).await, Cleared::default());
    world.clock.advance(Duration::from_hours(1));
    let cleared = round(&world).await;
    assert_eq!((cleared.mails, world.number(mails).await), (1, 0));
    assert_eq!((cleared.sessions, world.number(sessions).await), (0, 1));
    world.clock.advance(DAY * 7);
    let cleared = round(&world).await;
    assert_eq!((cleared.sessions, world.number(sessions).await), (1, 0));
}

async fn a_session_that_was_ended_early_goes_a_month_later(world: World) {
    let user = world.active("ada@example.org").await;
    let services = &world.services;
    let from = origin();
    let accounts = &services.accounts;
    let signed_in = accounts.login("ada@example.org", PASSWORD, None, &from);
    let token = signed_in.await.unwrap().token;
    let identity = services.sessions.identify_user_token(&token).await.unwrap();
    services
        .sessions
        .logout(&identity, &origin())
        .await
        .unwrap();
    let sessions = "SELECT COUNT(*) FROM sessions";
    world.clock.advance(DAY * 30);
    assert_eq!(round(&world).await.sessions, 0);
    assert_eq!(world.number(sessions).await, 2);
    // The one it was registered with has only been over for 23 days.
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(round(&world).await.sessions, 1);
    let left = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL";
    assert_eq!(
        (world.number(sessions).await, world.number(left).await),
        (1, 1)
    );
    assert_eq!(services.accounts.view(&user.id).await.unwrap().id, user.id);
}

async fn ended_tasks_go_where_a_time_was_set_and_the_books_stay_sound(world: World) {
    let user = world.active("ada@example.org").await;
    let tasks = &world.services.tasks;
    let ended = submit(&world, &user.id).await;
    tasks.cancel(&user.id, &ended.id, &origin()).await.unwrap();
    let waiting = submit(&world, &user.id).await;
    world.clock.advance(DAY * 400);
    assert_eq!(
        round(&world).await.tasks,
        0,
        "without a time, tasks are kept"
    );
    let forgetful = world.keeping_tasks_for(30);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(round(&forgetful).await.tasks, 1);
    assert!(tasks.view(&user.id, &ended.id).await.is_err());
    assert!(
        tasks.view(&user.id, &waiting.id).await.is_ok(),
        "it has not ended"
    );
    let later = submit(&world, &user.id).await;
    tasks.cancel(&user.id, &later.id, &origin()).await.unwrap();
    world.clock.advance(DAY * 30);
    assert_eq!(round(&forgetful).await.tasks, 0);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(round(&forgetful).await.tasks, 1);
    assert!(world.store.discrepancies().await.unwrap().is_empty());
}

const OLD_ROWS: &str = "INSERT INTO audit_entries (created_at, user_id, event, good, address, face, request_id, details) \
     SELECT (SELECT now FROM database_clock) - age, NULL, 'signed_in', TRUE, address, 'rest', name, '{}' FROM ( \
         SELECT 'young' AS name, 2592000000 - 120000 AS age, '192.0.2.77' AS address UNION ALL \
         SELECT 'four', 2592000000 + 120000, '192.0.2.77' UNION ALL \
         SELECT 'six', 2592000000 + 120000, '2001:db8:1:2::7' UNION ALL \
         SELECT 'short', 2592000000 + 120000, '2001:db8::1' UNION ALL \
         SELECT 'odd', 2592000000 + 120000, 'no address' UNION ALL \
         SELECT 'nearly', 31536000000 - 120000, NULL UNION ALL \
         SELECT 'year', 31536000000 + 120000, '192.0.2.1' \
     ) AS aged";

async fn the_trail_forgets_addresses_after_a_month_and_rows_after_a_year(world: World) {
    world.tamper(OLD_ROWS).await.unwrap();
    world.set_clock().await;
    let cleared = round(&world).await;
    assert_eq!((cleared.audit_entries, cleared.addresses), (1, 3));
    for (name, address) in [
        ("young", Some("192.0.2.77")),
        ("four", Some("192.0.2.0/24")),
        ("six", Some("2001:db8:1::/48")),
        ("short", Some("2001:db8::/48")),
        ("odd", Some("no address")),
        ("nearly", None),
    ] {
        let trail = world
            .store
            .audit_trail(None, clara::domain::page::Page::default());
        let row = trail
            .await
            .unwrap()
            .into_iter()
            .find(|row| row.request_id == name);
        assert_eq!(row.unwrap().address.as_deref(), address, "{name}");
    }
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(round(&world).await, Cleared::default());
    // A clock that runs ahead forgets nothing early and stumbles over nothing.
    world.clock.advance(DAY * 400);
    let cleared = round(&world).await;
    assert_eq!((cleared.audit_entries, cleared.addresses), (0, 0));
}

const MANY_ROWS: &str = "INSERT INTO audit_entries (created_at, user_id, event, good, address, face, request_id, details) \
     WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 2600) \
     SELECT (SELECT now FROM database_clock) - CASE WHEN number <= 1300 THEN 31536000000 ELSE 2592000000 END - 120000, \
     NULL, 'signed_in', TRUE, '192.0.2.77', 'rest', '', '{}' FROM numbers";

async fn more_than_a_batch_goes_in_one_round(world: World) {
    world.tamper(MANY_ROWS).await.unwrap();
    world.set_clock().await;
    let cleared = round(&world).await;
    assert_eq!((cleared.audit_entries, cleared.addresses), (1300, 1300));
    assert_eq!(
        world.number("SELECT COUNT(*) FROM audit_entries").await,
        1300
    );
}

async fn one_process_of_all_keeps_house_once_an_hour(world: World) {
    let other = world.another_process().await;
    let looks = (0..8).map(|number| {
        let housekeeping = if number % 2 == 0 { &world } else { &other };
        housekeeping.services.housekeeping.clear_due()
    });
    let looked = futures_util::future::join_all(looks).await;
    let rounds = looked
        .into_iter()
        .filter(|look| look.as_ref().unwrap().is_some());
    assert_eq!(rounds.count(), 1);
    world.clock.advance(Duration::from_mins(59));
    assert_eq!(other.services.housekeeping.clear_due().await.unwrap(), None);
    world.clock.advance(Duration::from_mins(1));
    assert!(
        other
            .services
            .housekeeping
            .clear_due()
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(world.services.housekeeping.clear_due().await.unwrap(), None);
}
