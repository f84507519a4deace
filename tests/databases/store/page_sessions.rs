//! What a session allows on the page ends with it: it lives no longer, and nothing that was not taken yet outlives its end.

use std::time::Duration;

use clara::services::page_requests::{NotAsked, Outcome};
use clara::services::sessions::By;

use crate::store::harness::{World, cases, origin};
use crate::store::page_requests::{answered_with, asked, newest_session, sign_in, taken};

cases![
    what_a_session_allows_lives_no_longer_than_it_does,
    a_session_that_was_ended_takes_its_answers_along_and_no_others,
    who_is_signed_out_by_now_answers_nothing,
    an_answer_and_the_end_of_its_session_at_once_leave_nothing_behind,
];

/// Else a token could be had anew through the page for ever, by whoever got hold of one.
async fn what_a_session_allows_lives_no_longer_than_it_does(world: World) {
    const DAY: Duration = Duration::from_hours(24);
    let ada = world.active("ada@example.org").await;
    world.clock.advance(6 * DAY);
    let mut session = newest_session(&world, &ada).await;
    for _ in 0..3 {
        let request = asked(&world).await;
        answered_with(&world, &request, &ada, &session, true)
            .await
            .unwrap();
        let Outcome::SignedIn(signed_in) = taken(&world, &request).await else {
            panic!("it was allowed")
        };
        session = signed_in.session;
    }
    let lives = world.number("SELECT COUNT(DISTINCT expires_at) FROM sessions");
    assert_eq!(lives.await, 1, "each ends when the first does");
    let request = asked(&world).await;
    world.clock.advance(Duration::from_mins(23 * 60 + 55));
    let late = asked(&world).await;
    answered_with(&world, &late, &ada, &session, true)
        .await
        .unwrap();
    world.clock.advance(Duration::from_mins(5));
    assert!(matches!(taken(&world, &late).await, Outcome::Nothing));
    assert!(matches!(taken(&world, &request).await, Outcome::Nothing));
    let again = asked(&world).await;
    assert_eq!(
        answered_with(&world, &again, &ada, &session, true).await,
        Err(NotAsked::SignedOut)
    );
}

async fn a_session_that_was_ended_takes_its_answers_along_and_no_others(world: World) {
    let ada = world.active("ada@example.org").await;
    let (stolen, own) = (sign_in(&world).await, sign_in(&world).await);
    let (by_stolen, by_own, later) = (
        asked(&world).await,
        asked(&world).await,
        asked(&world).await,
    );
    for (request, session) in [(&by_stolen, &stolen), (&by_own, &own)] {
        answered_with(&world, request, &ada, session, true)
            .await
            .unwrap();
    }
    let sessions = &world.services.sessions;
    let by = By::Owner(origin());
    sessions.end(&ada.id, &stolen, &by).await.unwrap();
    assert!(matches!(taken(&world, &by_stolen).await, Outcome::Denied));
    assert!(matches!(taken(&world, &by_own).await, Outcome::SignedIn(_)));
    assert_eq!(
        answered_with(&world, &later, &ada, &stolen, true).await,
        Err(NotAsked::SignedOut)
    );
}

async fn who_is_signed_out_by_now_answers_nothing(world: World) {
    let ada = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    let request = asked(&world).await;
    let session = sign_in(&world).await;
    assert_eq!(
        answered_with(&world, &request, &bob, &session, true).await,
        Err(NotAsked::SignedOut),
        "another's session is none"
    );
    let by = By::Owner(origin());
    let sessions = &world.services.sessions;
    sessions.end_others(&ada.id, None, &by).await.unwrap();
    for allows in [true, false] {
        assert_eq!(
            answered_with(&world, &request, &ada, &session, allows).await,
            Err(NotAsked::SignedOut)
        );
    }
    assert!(matches!(taken(&world, &request).await, Outcome::NotYet));
}

async fn an_answer_and_the_end_of_its_session_at_once_leave_nothing_behind(world: World) {
    let ada = world.active("ada@example.org").await;
    let other = world.another_process().await;
    for round in 0..10 {
        let session = sign_in(&world).await;
        let request = asked(&world).await;
        let by = By::Owner(origin());
        let end = async {
            let sessions = &other.services.sessions;
            if round % 2 == 0 {
                sessions.end(&ada.id, &session, &by).await.unwrap();
            } else {
                sessions.end_others(&ada.id, None, &by).await.unwrap();
            }
        };
        let (answered, ()) =
            tokio::join!(answered_with(&world, &request, &ada, &session, true), end);
        let outcome = taken(&world, &request).await;
        match answered {
            Ok(()) => assert!(matches!(outcome, Outcome::Denied), "{outcome:?}"),
            Err(why) => assert_eq!(why, NotAsked::SignedOut),
        }
    }
}
