//! Signing in, and what a session or a key is good for until it ends.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clara::domain::code::CodePurpose;
use clara::domain::password::Password;
use clara::fault::FaultKind;

use crate::store::authenticator::App;
use crate::store::common::{email, kind};
use crate::store::harness::{PASSWORD, World, cases, origin};

cases![
    wrong_sign_ins_are_all_alike,
    a_new_password_ends_every_other_session,
    the_second_factor_is_asked_for_before_there_is_a_session,
    tokens_end_with_their_row_and_their_time,
    a_second_factor_leaves_a_session_its_week,
    at_most_fifty_sessions_live,
    an_api_key_is_one_and_a_reset_ends_it,
    an_api_key_has_no_end_of_its_own,
];

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
            (&code).into(),
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
        .change_password(&ada, &password, (&code).into(), None, &origin())
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
        .login(
            "ada@example.org",
            PASSWORD,
            Some(&code.clone().into()),
            &origin(),
        )
        .await;
    assert!(matches!(
        kind(spent),
        FaultKind::SecondFactorRequired { .. }
    ));
    let missing = accounts
        .login("ada@example.org", PASSWORD, None, &origin())
        .await;
    assert!(matches!(
        kind(missing),
        FaultKind::SecondFactorRequired { .. }
    ));
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
        .login(
            "ada@example.org",
            PASSWORD,
            Some(&code.clone().into()),
            &origin(),
        )
        .await
        .unwrap();
    accounts
        .send_code(&ada, CodePurpose::TwoFactorAuth, &origin())
        .await
        .unwrap();
    let code = world.newest_code("ada@example.org");
    let off = accounts
        .disable_2fa(&user.id, &code.into(), None, &origin())
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

/// An agent's work takes longer than a day: what is sensitive is asked for anew instead.
async fn a_second_factor_leaves_a_session_its_week(world: World) {
    let user = world.active("ada@example.org").await;
    let (app, _) = App::on(&world, &user.id).await;
    let code = app.code(&world, 0);
    let from = origin();
    let accounts = &world.services.accounts;
    let login = accounts.login("ada@example.org", PASSWORD, Some(&code), &from);
    let signed_in = login.await.unwrap();
    let sessions = &world.services.sessions;
    world.clock.advance(Duration::from_secs(7 * 86_400 - 1));
    assert!(sessions.identify_user_token(&signed_in.token).await.is_ok());
    world.clock.advance(Duration::from_secs(2));
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
                address: None,
                face: "test",
                proven_at: None,
            },
            checked_hash: hash.clone().unwrap(),
            better_hash: None,
            second_factor: clara::store::second_factors::SecondFactorProof::NotOn,
            seen: None,
            guesser: None,
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

async fn an_api_key_has_no_end_of_its_own(world: World) {
    let keys = &world.services.api_keys;
    let user = world.active("ada@example.org").await;
    let token = keys.view(&user, &origin()).await.unwrap().token;
    let claims = token.split('.').nth(1).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["sub"], user.id.as_str());
    assert_eq!(claims.get("exp"), None);
    world.clock.advance(Duration::from_hours(20 * 365 * 24));
    assert_eq!(keys.identify(&token).await.unwrap().user.id, user.id);
}
