//! First and later sign-ins: one account a person, one sign-in a token.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clara::domain::credits::Credits;
use clara::fault::{FaultKind, Service};
use clara::services::accounts::GoogleSignedIn;
use futures_util::future::join_all;
use serde_json::json;

use crate::google::harness::{World, cases, origin};
use crate::google::signing::{ADA, Door, GRACE, Person, claims, signed};

cases![
    a_first_sign_in_makes_an_active_account,
    later_sign_ins_find_it_whatever_its_address_is_by_then,
    names_that_are_none_are_left_out,
    a_token_is_taken_once_wherever_it_is_shown,
    one_token_shown_twenty_times_at_once_is_taken_once,
    twenty_first_sign_ins_at_once_make_one_account,
    a_token_is_remembered_while_it_lives_and_then_forgotten,
    a_refused_token_leaves_a_line_and_nothing_else,
    while_google_is_away_nobody_is_refused_and_nothing_is_written,
    without_a_client_google_is_not_configured,
    a_removed_account_is_made_anew_and_its_tokens_stay_used,
    sessions_made_by_google_are_counted_like_others,
];

async fn a_first_sign_in_makes_an_active_account(world: World) {
    let door = Door::open(world).await;
    let GoogleSignedIn { signed_in, is_new } = door.enter(ADA).await.unwrap();
    let user = &signed_in.user;
    assert!(is_new && user.is_active && !user.is_2fa_enabled);
    assert_eq!(user.email.as_str(), "ada@gmail.com");
    assert_eq!(user.first_name.as_ref().unwrap().as_str(), "Ada");
    assert_eq!(user.last_name.as_ref().unwrap().as_str(), "Lovelace");
    assert_eq!(user.credits, Credits::whole(100));
    let sessions = &door.world.services.sessions;
    let identity = sessions
        .identify_user_token(&signed_in.token)
        .await
        .unwrap();
    assert_eq!(identity.user.id, user.id);
    assert_eq!(door.world.number("SELECT COUNT(*) FROM api_keys").await, 1);
    assert_eq!(
        door.world
            .number("SELECT COUNT(*) FROM users WHERE password_hash IS NOT NULL")
            .await,
        0
    );
    assert_eq!(
        door.trail(Some(&user.id)).await,
        [
            r#"credits_moved {"cause":"signup","credits":100.0}"#,
            r#"registered {"by":"google","second_factor":"none"}"#,
            r#"signed_in {"by":"google","second_factor":"none"}"#,
        ]
    );
}

async fn later_sign_ins_find_it_whatever_its_address_is_by_then(world: World) {
    let door = Door::open(world).await;
    let first = door.enter(ADA).await.unwrap();
    let second = door.enter(ADA).await.unwrap();
    let moved = Person {
        email: "countess@gmail.com",
        ..ADA
    };
    let third = door.enter(moved).await.unwrap();
    assert!(!second.is_new && !third.is_new);
    assert_eq!(first.signed_in.user.id, second.signed_in.user.id);
    assert_eq!(first.signed_in.user.id, third.signed_in.user.id);
    assert_eq!(third.signed_in.user.email.as_str(), "ada@gmail.com");
    assert_eq!(door.world.number("SELECT COUNT(*) FROM users").await, 1);
    assert_eq!(
        door.world
            .number("SELECT COUNT(*) FROM ledger_entries")
            .await,
        1
    );
}

async fn names_that_are_none_are_left_out(world: World) {
    let door = Door::open(world).await;
    let mut claims = claims(ADA, door.now());
    claims["given_name"] = json!("x".repeat(101));
    claims.as_object_mut().unwrap().remove("family_name");
    let made = door.show(&signed(&claims).parse().unwrap()).await.unwrap();
    let user = made.signed_in.user;
    assert!(user.is_active && user.first_name.is_none() && user.last_name.is_none());
}

async fn a_token_is_taken_once_wherever_it_is_shown(world: World) {
    let door = Door::open(world).await;
    let token = door.token(ADA);
    door.show(&token).await.unwrap();
    let other = door.another_process().await;
    for door in [&door, &other] {
        let refused = door.show(&token).await.unwrap_err();
        assert_eq!(*refused.kind(), FaultKind::Unauthenticated);
        assert!(refused.next_step().unwrap().contains("used already"));
    }
    assert_eq!(door.world.number("SELECT COUNT(*) FROM sessions").await, 1);
    other.world.store.close().await;
}

async fn one_token_shown_twenty_times_at_once_is_taken_once(world: World) {
    let door = Door::open(world).await;
    let other = door.another_process().await;
    // The account is there already, so that nothing but the token stands between them.
    door.enter(ADA).await.unwrap();
    let token = door.token(ADA);
    let showing = (0..20).map(|number| if number % 2 == 0 { &door } else { &other }.show(&token));
    let (let_in, refused): (Vec<_>, Vec<_>) =
        join_all(showing).await.into_iter().partition(Result::is_ok);
    assert_eq!((let_in.len(), refused.len()), (1, 19));
    for refused in refused {
        assert_eq!(*refused.unwrap_err().kind(), FaultKind::Unauthenticated);
    }
    assert_eq!(door.world.number("SELECT COUNT(*) FROM sessions").await, 2);
    other.world.store.close().await;
}

async fn twenty_first_sign_ins_at_once_make_one_account(world: World) {
    let door = Door::open(world).await;
    let others = [door.another_process().await, door.another_process().await];
    let doors = [&door, &others[0], &others[1]];
    let entering = (0..20).map(|number| doors[number % doors.len()].enter(ADA));
    let entered: Vec<_> = join_all(entering)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let ids: HashSet<_> = entered
        .iter()
        .map(|entered| entered.signed_in.user.id.to_string())
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(entered.iter().filter(|entered| entered.is_new).count(), 1);
    for (what, number) in [
        ("SELECT COUNT(*) FROM users", 1),
        ("SELECT COUNT(*) FROM ledger_entries", 1),
        ("SELECT COUNT(*) FROM api_keys", 1),
        ("SELECT COUNT(*) FROM sessions", 20),
        ("SELECT COUNT(*) FROM google_tokens", 20),
    ] {
        assert_eq!(door.world.number(what).await, number, "{what}");
    }
    for other in others {
        other.world.store.close().await;
    }
}

async fn a_token_is_remembered_while_it_lives_and_then_forgotten(world: World) {
    let door = Door::open(world).await;
    let token = door.token(ADA);
    door.show(&token).await.unwrap();
    door.world.clock.advance(Duration::from_secs(3600 + 59));
    assert!(
        door.show(&token).await.is_err(),
        "it lives still, and is used"
    );
    door.enter(ADA).await.unwrap();
    assert_eq!(
        door.world
            .number("SELECT COUNT(*) FROM google_tokens")
            .await,
        2
    );
    door.world.clock.advance(Duration::from_hours(1));
    door.enter(ADA).await.unwrap();
    assert_eq!(
        door.world
            .number("SELECT COUNT(*) FROM google_tokens")
            .await,
        2,
        "the oldest is gone"
    );
    assert!(door.show(&token).await.is_err(), "it is dead");
}

async fn a_refused_token_leaves_a_line_and_nothing_else(world: World) {
    let door = Door::open(world).await;
    let now = door.now();
    let mut lines = Vec::new();
    for (name, value, reason) in [
        ("aud", json!("foreign"), "audience"),
        ("iss", json!("https://evil.example"), "issuer"),
        ("exp", json!(now - 60), "expired"),
        ("iat", json!(now + 61), "not yet valid"),
        ("email_verified", json!(false), "address not verified"),
        ("email", json!(null), "address not verified"),
        ("sub", json!(1), "malformed"),
    ] {
        let mut claims = claims(ADA, now);
        claims[name] = value;
        let refused = door
            .show(&signed(&claims).parse().unwrap())
            .await
            .unwrap_err();
        assert_eq!(*refused.kind(), FaultKind::Unauthenticated, "{name}");
        assert!(refused.next_step().is_some());
        lines.push(format!(
            r#"refused: sign_in_refused {{"reason":"google: {reason}"}}"#
        ));
    }
    assert_eq!(door.trail(None).await, lines);
    for table in [
        "SELECT COUNT(*) FROM users",
        "SELECT COUNT(*) FROM google_tokens",
    ] {
        assert_eq!(door.world.number(table).await, 0);
    }
}

async fn while_google_is_away_nobody_is_refused_and_nothing_is_written(world: World) {
    let door = Door::open(world).await;
    door.is_away.store(true, Ordering::SeqCst);
    let token = door.token(ADA);
    let fault = door.show(&token).await.unwrap_err();
    assert_eq!(*fault.kind(), FaultKind::Unavailable(Service::Google));
    assert!(door.trail(None).await.is_empty());
    door.is_away.store(false, Ordering::SeqCst);
    door.world.clock.advance(Duration::from_secs(5));
    assert!(
        door.show(&token).await.unwrap().is_new,
        "the same token is good still"
    );
}

async fn without_a_client_google_is_not_configured(world: World) {
    let token = signed(&claims(ADA, 0)).parse().unwrap();
    let accounts = &world.services.accounts;
    let fault = accounts
        .google_sign_in(&token, None, None, &origin())
        .await
        .unwrap_err();
    assert_eq!(*fault.kind(), FaultKind::NotConfigured(Service::Google));
    assert!(accounts.google_keys().await.is_none());
}

async fn a_removed_account_is_made_anew_and_its_tokens_stay_used(world: World) {
    let door = Door::open(world).await;
    let token = door.token(GRACE);
    let first = door.show(&token).await.unwrap().signed_in;
    let accounts = &door.world.services.accounts;
    accounts.remove(&first.user.id, &origin()).await.unwrap();
    assert!(door.show(&token).await.is_err());
    let second = door.enter(GRACE).await.unwrap();
    assert!(second.is_new && second.signed_in.user.id != first.user.id);
    let sessions = &door.world.services.sessions;
    assert!(sessions.identify_user_token(&first.token).await.is_err());
}

async fn sessions_made_by_google_are_counted_like_others(world: World) {
    let door = Door::open(world).await;
    let first = door.enter(ADA).await.unwrap().signed_in;
    for _ in 0..50 {
        door.enter(ADA).await.unwrap();
    }
    let living = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL";
    assert_eq!(door.world.number(living).await, 50);
    let sessions = &door.world.services.sessions;
    assert!(
        sessions.identify_user_token(&first.token).await.is_err(),
        "the oldest ended"
    );
}
