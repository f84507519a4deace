//! What a program asks a person to do on a page: allowed by one, taken by the other, once, and not for long.

use std::time::Duration;

use clara::domain::code::CodePurpose;
use clara::domain::ids::SessionId;
use clara::domain::page::Page;
use clara::domain::page_request::PageTicket;
use clara::domain::password::Password;
use clara::domain::randomness::SeededRandomness;
use clara::domain::user::User;
use clara::fault::FaultKind;
use clara::services::Origin;
use clara::services::page_requests::{Asked, NotAsked, Outcome};
use clara::services::sessions::By;

use crate::store::common::{email, kind};
use crate::store::harness::{PASSWORD, World, cases, origin};

cases![
    what_a_person_allows_is_taken_once_by_whoever_asked,
    many_takers_at_once_get_one_session,
    many_answers_at_once_are_one,
    ten_minutes_are_all_there_is,
    a_link_opened_on_another_network_does_nothing,
    who_asks_without_a_network_is_answered_from_anywhere,
    a_no_is_a_no,
    one_network_asks_thirty_people_at_once,
    a_new_password_ends_what_was_allowed_and_not_taken,
    a_removed_account_takes_its_answers_along,
    whoever_waits_reads_and_writes_nothing,
    the_database_holds_no_ticket,
];

fn elsewhere() -> Origin {
    Origin {
        address: Some("198.51.100.4".to_owned()),
        ..origin()
    }
}

pub async fn asked(world: &World) -> Asked {
    world.services.page_requests.ask(&origin()).await.unwrap()
}

pub async fn answered(
    world: &World,
    asked: &Asked,
    user: &User,
    allows: bool,
) -> Result<(), NotAsked> {
    let session = newest_session(world, user).await;
    answered_with(world, asked, user, &session, allows).await
}

pub async fn answered_with(
    world: &World,
    asked: &Asked,
    user: &User,
    session: &SessionId,
    allows: bool,
) -> Result<(), NotAsked> {
    let requests = &world.services.page_requests;
    let who = (&user.id, session);
    let answered = requests.answer(&asked.id, who, allows, &origin()).await;
    answered.unwrap()
}

pub async fn newest_session(world: &World, user: &User) -> SessionId {
    let page = Page {
        limit: 1,
        offset: 0,
    };
    let by = By::Owner(origin());
    let listed = world.services.sessions.list(&user.id, page, &by).await;
    listed.unwrap().0[0].id.clone()
}

/// Another sign-in of Ada's.
pub async fn sign_in(world: &World) -> SessionId {
    let accounts = &world.services.accounts;
    let signed_in = accounts
        .login("ada@example.org", PASSWORD, None, &origin())
        .await;
    signed_in.unwrap().session
}

pub async fn taken(world: &World, asked: &Asked) -> Outcome {
    let requests = &world.services.page_requests;
    requests.take(&asked.ticket, &elsewhere()).await.unwrap()
}

async fn what_a_person_allows_is_taken_once_by_whoever_asked(world: World) {
    let ada = world.active("ada@example.org").await;
    let request = asked(&world).await;
    assert!(matches!(taken(&world, &request).await, Outcome::NotYet));
    answered(&world, &request, &ada, true).await.unwrap();
    assert_eq!(
        answered(&world, &request, &ada, true).await,
        Err(NotAsked::Over)
    );
    let looked = world
        .services
        .page_requests
        .look(&request.id, &origin())
        .await;
    assert_eq!(
        looked.unwrap().unwrap_err(),
        NotAsked::Over,
        "a link is good once"
    );
    let before = world
        .number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")
        .await;
    let Outcome::SignedIn(signed_in) = taken(&world, &request).await else {
        panic!("it was allowed")
    };
    assert_eq!(signed_in.user.id, ada.id);
    let sessions = &world.services.sessions;
    let identity = sessions
        .identify_user_token(&signed_in.token)
        .await
        .unwrap();
    assert_eq!(identity.user.id, ada.id);
    let after = world
        .number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")
        .await;
    assert_eq!(after, before + 1, "a session of its own");
    assert!(matches!(taken(&world, &request).await, Outcome::Nothing));
    let trail = world
        .number("SELECT COUNT(*) FROM audit_entries WHERE event IN ('page_answered', 'signed_in')")
        .await;
    assert_eq!(trail, 2);
    let strangers = PageTicket::random(&SeededRandomness::new(99));
    let outcome = world
        .services
        .page_requests
        .take(&strangers, &origin())
        .await;
    assert!(matches!(outcome.unwrap(), Outcome::Nothing));
}

async fn many_takers_at_once_get_one_session(world: World) {
    let ada = world.active("ada@example.org").await;
    let other = world.another_process().await;
    let request = asked(&world).await;
    answered(&world, &request, &ada, true).await.unwrap();
    let takers = (0..20).map(|number| {
        let world = if number % 2 == 0 { &world } else { &other };
        taken(world, &request)
    });
    let outcomes = futures_util::future::join_all(takers).await;
    let signed_in = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Outcome::SignedIn(_)));
    assert_eq!(signed_in.count(), 1);
}

async fn many_answers_at_once_are_one(world: World) {
    let ada = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    let other = world.another_process().await;
    let request = asked(&world).await;
    let answers = (0..20).map(|number| {
        let world = if number % 2 == 0 { &world } else { &other };
        let user = if number % 3 == 0 { &ada } else { &bob };
        answered(world, &request, user, number % 5 != 0)
    });
    let answers = futures_util::future::join_all(answers).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
}

async fn ten_minutes_are_all_there_is(world: World) {
    let ada = world.active("ada@example.org").await;
    let (early, late) = (asked(&world).await, asked(&world).await);
    let allowed = asked(&world).await;
    answered(&world, &allowed, &ada, true).await.unwrap();
    world
        .clock
        .advance(Duration::from_millis(10 * 60 * 1000 - 1));
    answered(&world, &early, &ada, true).await.unwrap();
    world.clock.advance(Duration::from_millis(1));
    assert_eq!(
        answered(&world, &late, &ada, true).await,
        Err(NotAsked::Over)
    );
    for request in [&early, &late, &allowed] {
        assert!(matches!(taken(&world, request).await, Outcome::Nothing));
    }
    asked(&world).await;
    assert_eq!(
        world.number("SELECT COUNT(*) FROM page_requests").await,
        1,
        "what is over is cleared away"
    );
}

async fn a_link_opened_on_another_network_does_nothing(world: World) {
    let ada = world.active("ada@example.org").await;
    let requests = &world.services.page_requests;
    let request = asked(&world).await;
    let session = newest_session(&world, &ada).await;
    let nowhere = Origin {
        address: None,
        ..origin()
    };
    for place in [elsewhere(), nowhere] {
        let looked = requests.look(&request.id, &place).await.unwrap();
        assert_eq!(looked.unwrap_err(), NotAsked::Elsewhere);
        for allows in [true, false] {
            let answered = requests
                .answer(&request.id, (&ada.id, &session), allows, &place)
                .await;
            assert_eq!(answered.unwrap(), Err(NotAsked::Elsewhere));
        }
    }
    assert!(matches!(taken(&world, &request).await, Outcome::NotYet));
    // One customer's IPv6 addresses are one network.
    let on = |address: &str| Origin {
        address: Some(address.to_owned()),
        ..origin()
    };
    let request = requests.ask(&on("2001:db8:1:2:3:4:5:6")).await.unwrap();
    let other = requests.look(&request.id, &on("2001:db8:1:3::1")).await;
    assert_eq!(other.unwrap().unwrap_err(), NotAsked::Elsewhere);
    let same = requests.look(&request.id, &on("2001:db8:1:2::9")).await;
    assert!(same.unwrap().is_ok());
}

async fn who_asks_without_a_network_is_answered_from_anywhere(world: World) {
    let ada = world.active("ada@example.org").await;
    let requests = &world.services.page_requests;
    let here = Origin {
        address: None,
        face: "stdio",
        ..origin()
    };
    let request = requests.ask(&here).await.unwrap();
    let there = elsewhere();
    let session = newest_session(&world, &ada).await;
    let who = (&ada.id, &session);
    let answered = requests.answer(&request.id, who, true, &there).await;
    answered.unwrap().unwrap();
    assert!(matches!(
        taken(&world, &request).await,
        Outcome::SignedIn(_)
    ));
}

async fn a_no_is_a_no(world: World) {
    let ada = world.active("ada@example.org").await;
    let request = asked(&world).await;
    answered(&world, &request, &ada, false).await.unwrap();
    assert_eq!(
        answered(&world, &request, &ada, true).await,
        Err(NotAsked::Over)
    );
    for _ in 0..2 {
        assert!(matches!(taken(&world, &request).await, Outcome::Denied));
    }
}

async fn one_network_asks_thirty_people_at_once(world: World) {
    let requests = &world.services.page_requests;
    for _ in 0..30 {
        asked(&world).await;
    }
    let refused = kind(requests.ask(&origin()).await);
    assert!(
        matches!(refused, FaultKind::RateLimited { .. }),
        "{refused:?}"
    );
    requests.ask(&elsewhere()).await.unwrap();
    world.clock.advance(Duration::from_mins(10));
    asked(&world).await;
}

async fn a_new_password_ends_what_was_allowed_and_not_taken(world: World) {
    let ada = world.active("ada@example.org").await;
    let request = asked(&world).await;
    answered(&world, &request, &ada, true).await.unwrap();
    let accounts = &world.services.accounts;
    let address = email("ada@example.org");
    let purpose = CodePurpose::ChangePassword;
    accounts
        .send_code(&address, purpose, &origin())
        .await
        .unwrap();
    let code = world.newest_code("ada@example.org");
    let password = Password::new("another long walk by the sea".to_owned()).unwrap();
    accounts
        .change_password(&address, &password, (&code).into(), None, &origin())
        .await
        .unwrap();
    assert!(matches!(taken(&world, &request).await, Outcome::Denied));
}

async fn a_removed_account_takes_its_answers_along(world: World) {
    let ada = world.active("ada@example.org").await;
    let request = asked(&world).await;
    answered(&world, &request, &ada, true).await.unwrap();
    let accounts = &world.services.accounts;
    accounts.remove(&ada.id, &origin()).await.unwrap();
    assert!(matches!(taken(&world, &request).await, Outcome::Nothing));
}

async fn whoever_waits_reads_and_writes_nothing(world: World) {
    let ada = world.active("ada@example.org").await;
    let request = asked(&world).await;
    let denied = asked(&world).await;
    answered(&world, &denied, &ada, false).await.unwrap();
    for (request, is_denied) in [(&request, false), (&denied, true)] {
        let before = world.store.statements_sent();
        let outcome = taken(&world, request).await;
        assert_eq!(matches!(outcome, Outcome::Denied), is_denied);
        assert_eq!(
            world.store.statements_sent() - before,
            1,
            "one statement, and no transaction around it"
        );
    }
}

async fn the_database_holds_no_ticket(world: World) {
    let request = asked(&world).await;
    let secret = request.ticket.expose().trim_start_matches("clara_page_");
    let digest = request.ticket.digest();
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM page_requests WHERE ticket_digest LIKE '%clara_page_%'")
            .await,
        0
    );
    assert_ne!(secret, digest);
    let without = PageTicket::random(&SeededRandomness::new(5));
    assert_ne!(without.digest(), digest);
}
