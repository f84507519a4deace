//! Accounts, codes, sessions and keys.

use std::time::Duration;

use clara::domain::code::{CodePurpose, OtpCode};
use clara::domain::credits::Credits;
use clara::domain::email::Email;
use clara::domain::page::Page;
use clara::domain::password::Password;
use clara::domain::user::UserChange;
use clara::fault::{Fault, FaultKind, Resource};
use clara::services::accounts::NewAccount;

use crate::harness::{PASSWORD, World, cases, origin};

cases![
    an_account_is_registered_activated_and_signed_in,
    an_address_is_held_for_a_day_until_it_is_activated,
    wrong_sign_ins_are_all_alike,
    a_code_dies_by_use_by_time_by_a_newer_one_and_by_five_tries,
    a_hundred_parallel_wrong_tries_use_exactly_five,
    of_two_parallel_right_answers_one_wins,
    a_code_of_another_purpose_or_account_opens_nothing,
    a_new_password_ends_every_other_session,
    the_second_factor_is_asked_for_before_there_is_a_session,
    tokens_end_with_their_row_and_their_time,
    at_most_fifty_sessions_live,
    an_api_key_is_one_and_a_reset_ends_it,
    the_local_account_is_made_once,
    an_unconfirmed_account_does_not_hold_the_local_address,
    the_trail_is_written_and_cannot_be_changed,
    an_owner_changes_names_and_looks_only,
    a_removed_account_leaves_only_its_entries,
];

fn email(raw: &str) -> Email {
    raw.parse().unwrap()
}

fn kind<T: std::fmt::Debug>(result: Result<T, Fault>) -> FaultKind {
    result.unwrap_err().kind().clone()
}

fn other_than(code: &OtpCode) -> OtpCode {
    let wrong = if code.as_str() == "111111" {
        "222222"
    } else {
        "111111"
    };
    wrong.parse().unwrap()
}

async fn an_account_is_registered_activated_and_signed_in(world: World) {
    let accounts = &world.services.accounts;
    let signed_in = world.register("Ada@Example.org").await;
    assert!(!signed_in.user.is_active && signed_in.user.is_dark_mode);
    assert_eq!(signed_in.user.email.as_str(), "Ada@Example.org");
    assert!(signed_in.token.starts_with("clara_user_"));
    let identity = world
        .services
        .sessions
        .identify_user_token(&signed_in.token)
        .await
        .unwrap();
    assert_eq!(identity.user.id, signed_in.user.id);

    let taken = NewAccount {
        email: email("ada@example.ORG"),
        first_name: "A".parse().unwrap(),
        last_name: "B".parse().unwrap(),
        password: Password::new("12345678".to_owned()).unwrap(),
    };
    assert_eq!(
        kind(accounts.register(taken, &origin()).await),
        FaultKind::UserExists
    );

    let code = world.newest_code("ada@example.org");
    let refused = accounts
        .activate(&email("ada@example.org"), &other_than(&code), &origin())
        .await
        .unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::Unauthenticated);
    assert_eq!(
        refused.next_step(),
        Some("Ask for a new code with auth_send_otp, type ACTIVATION.")
    );
    let user = accounts
        .activate(&email("ada@example.org"), &code, &origin())
        .await
        .unwrap();
    assert!(user.is_active);
    assert_eq!(user.credits, Credits::whole(100));
    let (entries, total) = world
        .services
        .ledger
        .entries(&user.id, Page::default())
        .await
        .unwrap();
    assert_eq!((entries.len(), total), (1, 1));
    assert_eq!(entries[0].description, "Free credits on signup.");
    assert_eq!(entries[0].fiat, Credits::whole(1));
    let again = kind(
        accounts
            .activate(&email("ada@example.org"), &code, &origin())
            .await,
    );
    assert!(
        matches!(again, FaultKind::InvalidFields(problems) if problems[0].field == "user_email")
    );

    let signed_in = accounts
        .login(" ada@example.org", PASSWORD, None, &origin())
        .await
        .unwrap();
    assert_eq!(signed_in.user.id, user.id);
    let unknown = accounts
        .activate(&email("nobody@example.org"), &code, &origin())
        .await;
    assert_eq!(kind(unknown), FaultKind::NotFound(Resource::User));
}

async fn an_address_is_held_for_a_day_until_it_is_activated(world: World) {
    let first = world.register("ada@example.org").await;
    world.clock.advance(Duration::from_secs(24 * 3_600 + 1));
    let second = world.register("ada@example.org").await;
    assert_ne!(first.user.id, second.user.id);
    let old = world
        .services
        .sessions
        .identify_user_token(&first.token)
        .await;
    assert_eq!(kind(old), FaultKind::Unauthenticated);

    world.active("bob@example.org").await;
    world.clock.advance(Duration::from_hours(48));
    let taken = NewAccount {
        email: email("bob@example.org"),
        first_name: "A".parse().unwrap(),
        last_name: "B".parse().unwrap(),
        password: Password::new("12345678".to_owned()).unwrap(),
    };
    let refused = world.services.accounts.register(taken, &origin()).await;
    assert_eq!(kind(refused), FaultKind::UserExists);
}

async fn wrong_sign_ins_are_all_alike(world: World) {
    world.active("ada@example.org").await;
    let long = "x".repeat(5_000);
    for (address, password) in [
        ("ada@example.org", "wrong password"),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("", ""),
        ("ada@example.org", &long),
    ] {
        let refused = world
            .services
            .accounts
            .login(address, password, None, &origin())
            .await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated, "{address}");
    }
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM audit_entries WHERE event = 'sign_in_refused'")
            .await,
        5
    );
}

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
    assert_eq!(world.number("SELECT tries FROM codes").await, 5);
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
        .change_password(&ada, &password, &adas, None, &origin())
        .await;
    assert_eq!(kind(refused), FaultKind::Unauthenticated);
    accounts.activate(&ada, &adas, &origin()).await.unwrap();
}

async fn a_new_password_ends_every_other_session(world: World) {
    let accounts = &world.services.accounts;
    let sessions = &world.services.sessions;
    let ada = email("ada@example.org");
    world.active("ada@example.org").await;
    let kept = accounts
        .login("ada@example.org", PASSWORD, None, &origin())
        .await
        .unwrap();
    let ended = accounts
        .login("ada@example.org", PASSWORD, None, &origin())
        .await
        .unwrap();
    accounts
        .send_code(&ada, CodePurpose::ChangePassword, &origin())
        .await
        .unwrap();
    let code = world.newest_code("ada@example.org");
    let password = Password::new("another password".to_owned()).unwrap();
    accounts
        .change_password(
            &ada,
            &password,
            &code,
            Some(kept.session.clone()),
            &origin(),
        )
        .await
        .unwrap();
    assert!(sessions.identify_user_token(&kept.token).await.is_ok());
    assert_eq!(
        kind(sessions.identify_user_token(&ended.token).await),
        FaultKind::Unauthenticated
    );
    let old = accounts
        .login("ada@example.org", PASSWORD, None, &origin())
        .await;
    assert_eq!(kind(old), FaultKind::Unauthenticated);
    accounts
        .login("ada@example.org", "another password", None, &origin())
        .await
        .unwrap();
    assert!(
        world
            .mails()
            .iter()
            .any(|mail| mail.contains("Subject: Your Clara password was changed"))
    );
    let again = accounts
        .change_password(&ada, &password, &code, None, &origin())
        .await;
    assert_eq!(kind(again), FaultKind::Unauthenticated);
}

async fn the_second_factor_is_asked_for_before_there_is_a_session(world: World) {
    let accounts = &world.services.accounts;
    let ada = email("ada@example.org");
    let user = world.active("ada@example.org").await;
    accounts
        .send_code(&ada, CodePurpose::TwoFactorAuth, &origin())
        .await
        .unwrap();
    let code = world.newest_code("ada@example.org");
    let on = accounts
        .enable_2fa(&user.id, &code, None, &origin())
        .await
        .unwrap();
    assert!(on.is_2fa_enabled);
    let before = world.number("SELECT COUNT(*) FROM sessions").await;
    let spent = accounts
        .login("ada@example.org", PASSWORD, Some(&code), &origin())
        .await;
    assert_eq!(kind(spent), FaultKind::SecondFactorRequired);
    let missing = accounts
        .login("ada@example.org", PASSWORD, None, &origin())
        .await;
    assert_eq!(kind(missing), FaultKind::SecondFactorRequired);
    let wrong_password = accounts
        .login("ada@example.org", "wrong", None, &origin())
        .await;
    assert_eq!(kind(wrong_password), FaultKind::Unauthenticated);
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, before);

    accounts
        .send_code(&ada, CodePurpose::TwoFactorAuth, &origin())
        .await
        .unwrap();
    let code = world.newest_code("ada@example.org");
    accounts
        .login("ada@example.org", PASSWORD, Some(&code), &origin())
        .await
        .unwrap();
    accounts
        .send_code(&ada, CodePurpose::TwoFactorAuth, &origin())
        .await
        .unwrap();
    let code = world.newest_code("ada@example.org");
    let off = accounts
        .disable_2fa(&user.id, &code, None, &origin())
        .await
        .unwrap();
    assert!(!off.is_2fa_enabled);
    accounts
        .login("ada@example.org", PASSWORD, None, &origin())
        .await
        .unwrap();
}

async fn tokens_end_with_their_row_and_their_time(world: World) {
    let sessions = &world.services.sessions;
    let signed_in = world.register("ada@example.org").await;
    let identity = sessions
        .identify_user_token(&signed_in.token)
        .await
        .unwrap();
    for forged in [
        "",
        "clara_user_",
        &signed_in.token.replace("clara_user_", "clara_api_"),
        &format!("{}x", signed_in.token),
        &signed_in.token["clara_user_".len()..],
    ] {
        assert_eq!(
            kind(sessions.identify_user_token(forged).await),
            FaultKind::Unauthenticated
        );
    }
    sessions.logout(&identity, &origin()).await.unwrap();
    let elsewhere = world.another_process().await;
    let ended = elsewhere
        .services
        .sessions
        .identify_user_token(&signed_in.token)
        .await;
    assert_eq!(kind(ended), FaultKind::Unauthenticated);
    elsewhere.store.close().await;

    let signed_in = world
        .services
        .accounts
        .login("ada@example.org", PASSWORD, None, &origin())
        .await
        .unwrap();
    world.clock.advance(Duration::from_secs(7 * 86_400 - 1));
    sessions
        .identify_user_token(&signed_in.token)
        .await
        .unwrap();
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(
        kind(sessions.identify_user_token(&signed_in.token).await),
        FaultKind::Unauthenticated
    );
}

async fn at_most_fifty_sessions_live(world: World) {
    use clara::store::accounts::SignIn;
    use clara::store::sessions::NewSession;
    let first = world.register("ada@example.org").await;
    let signed_in = world
        .services
        .accounts
        .login("ada@example.org", PASSWORD, None, &origin())
        .await
        .unwrap();
    let (_, hash) = world
        .store
        .user_and_hash(&email("ada@example.org"))
        .await
        .unwrap()
        .unwrap();
    let now = clara::domain::clock::Clock::now(&*world.clock);
    let randomness = clara::domain::randomness::SeededRandomness::new(99);
    // The password is checked in the service; here only the row is of interest, fifty hashes are not.
    for _ in 0..49 {
        let sign_in = SignIn {
            session: NewSession {
                id: clara::domain::ids::SessionId::random(&randomness),
                user_id: first.user.id.clone(),
                created_at: now,
                expires_at: now.after(Duration::from_mins(1)),
                at_most: 50,
            },
            checked_hash: hash.clone().unwrap(),
            better_hash: None,
            code: None,
            audit: clara::store::audit::AuditEntry {
                at: now,
                user_id: None,
                event: clara::domain::audit::AuditEvent::SignedIn,
                good: true,
                origin: origin(),
                details: serde_json::json!({}),
            },
        };
        world.store.sign_in(&sign_in).await.unwrap().unwrap();
    }
    assert_eq!(
        world
            .store
            .living_sessions(&first.user.id, now)
            .await
            .unwrap(),
        50
    );
    let sessions = &world.services.sessions;
    assert_eq!(
        kind(sessions.identify_user_token(&first.token).await),
        FaultKind::Unauthenticated
    );
    sessions
        .identify_user_token(&signed_in.token)
        .await
        .unwrap();
}

async fn an_api_key_is_one_and_a_reset_ends_it(world: World) {
    let keys = &world.services.api_keys;
    let user = world.active("ada@example.org").await;
    let other = world.another_process().await;
    let from = origin();
    let (one, two) = tokio::join!(
        keys.view(&user, &from),
        other.services.api_keys.view(&user, &from)
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.token, two.token);
    assert!(one.token.starts_with("clara_api_"));
    assert_eq!(keys.identify(&one.token).await.unwrap().user.id, user.id);
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM api_keys WHERE last_used_at IS NOT NULL")
            .await,
        1
    );

    let new = keys.reset(&user, &origin()).await.unwrap();
    assert_ne!(new.key.id, one.key.id);
    assert_ne!(new.token, one.token);
    assert_eq!(
        kind(other.services.api_keys.identify(&one.token).await),
        FaultKind::Unauthenticated
    );
    assert!(keys.identify(&new.token).await.unwrap().session.is_none());
    let as_session = world
        .services
        .sessions
        .identify_user_token(&new.token)
        .await;
    assert_eq!(kind(as_session), FaultKind::Unauthenticated);
    other.store.close().await;
}

async fn the_local_account_is_made_once(world: World) {
    let mut starting = Vec::new();
    for _ in 0..8 {
        let world = world.another_process().await;
        starting.push(tokio::spawn(async move {
            let local = email("local@localhost");
            let user = world
                .services
                .accounts
                .local_account(&local, Credits::whole(10_000))
                .await;
            world.store.close().await;
            user.unwrap()
        }));
    }
    let mut ids = std::collections::HashSet::new();
    for one in starting {
        let user = one.await.unwrap();
        assert!(user.is_active);
        assert_eq!(user.credits, Credits::whole(10_000));
        ids.insert(user.id);
    }
    assert_eq!(ids.len(), 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM ledger_entries").await, 1);
    let id = ids.into_iter().next().unwrap();
    world
        .services
        .ledger
        .set_balance(&id, Credits::whole(999), &origin())
        .await
        .unwrap();
    let accounts = &world.services.accounts;
    let filled = accounts
        .local_account(&email("local@localhost"), Credits::whole(10_000))
        .await
        .unwrap();
    assert_eq!(filled.credits, Credits::whole(10_000));
    world
        .services
        .ledger
        .set_balance(&id, Credits::whole(1_000), &origin())
        .await
        .unwrap();
    let left = accounts
        .local_account(&email("local@localhost"), Credits::whole(10_000))
        .await
        .unwrap();
    assert_eq!(left.credits, Credits::whole(1_000));
}

async fn an_unconfirmed_account_does_not_hold_the_local_address(world: World) {
    let squatter = world.register("local@localhost").await;
    let local = world
        .services
        .accounts
        .local_account(&email("local@localhost"), Credits::whole(5_000))
        .await
        .unwrap();
    assert_ne!(local.id, squatter.user.id);
    let way_in = world
        .services
        .accounts
        .login("local@localhost", PASSWORD, None, &origin())
        .await;
    assert_eq!(kind(way_in), FaultKind::Unauthenticated);
}

async fn the_trail_is_written_and_cannot_be_changed(world: World) {
    let user = world.active("ada@example.org").await;
    let forged = clara::services::Origin {
        address: Some("192.0.2.1\nforged line".to_owned()),
        face: "test",
        request_id: "a\u{1b}[31mb".to_owned(),
    };
    let _ = world
        .services
        .accounts
        .login("ada@example.org", "wrong", None, &forged)
        .await;
    let trail = world
        .store
        .audit_trail(Some(&user.id), Page::default())
        .await
        .unwrap();
    let events: Vec<_> = trail.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(
        events,
        [
            "sign_in_refused",
            "credits_moved",
            "activated",
            "registered"
        ]
    );
    assert!(!trail[0].good && trail[1].good);
    assert_eq!(
        trail[0].address.as_deref(),
        Some("192.0.2.1\u{fffd}forged line")
    );
    assert_eq!(trail[0].request_id, "a\u{fffd}[31mb");
    for change in [
        "UPDATE audit_entries SET event = 'nothing'",
        "DELETE FROM audit_entries",
        "UPDATE ledger_entries SET amount = 1",
        "DELETE FROM ledger_entries",
    ] {
        assert!(world.tamper(change).await.is_err(), "{change}");
    }
}

async fn an_owner_changes_names_and_looks_only(world: World) {
    let user = world.active("ada@example.org").await;
    let change = UserChange {
        first_name: Some("Augusta; DROP TABLE users".parse().unwrap()),
        is_dark_mode: Some(false),
        ..UserChange::default()
    };
    let changed = world
        .services
        .accounts
        .update(&user.id, &change, &origin())
        .await
        .unwrap();
    assert_eq!(
        changed.first_name.unwrap().as_str(),
        "Augusta; DROP TABLE users"
    );
    assert_eq!(changed.last_name.unwrap().as_str(), "Lovelace");
    assert!(!changed.is_dark_mode);
    let unchanged = world
        .services
        .accounts
        .update(&user.id, &UserChange::default(), &origin())
        .await
        .unwrap();
    assert!(!unchanged.is_dark_mode);
}

async fn a_removed_account_leaves_only_its_entries(world: World) {
    let user = world.active("ada@example.org").await;
    world
        .services
        .accounts
        .remove(&user.id, &origin())
        .await
        .unwrap();
    let again = world.services.accounts.remove(&user.id, &origin()).await;
    assert_eq!(kind(again), FaultKind::NotFound(Resource::User));
    assert_eq!(
        world
            .number("SELECT (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM codes) + (SELECT COUNT(*) FROM mails) + (SELECT COUNT(*) FROM api_keys)")
            .await,
        0
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM ledger_entries").await, 1);
}
