//! What somebody can do who knows an address, holds a session or was here once: not keep the owner out, not take the
//! account, and not come back by an old acquaintance.

use std::time::Duration;

use clara::domain::code::CodePurpose;
use clara::domain::credits::Credits;
use clara::domain::operator::Act;
use clara::domain::password::Password;
use clara::fault::FaultKind;
use clara::services::Origin;
use clara::services::accounts::ReauthContext;

use crate::store::authenticator::App;
use crate::store::common::{email, kind, newest_audit, other_than};
use crate::store::harness::{PASSWORD, World, cases, origin, origin_at};
use crate::store::second_factor::{ADA, sign_in};

cases![
    strangers_cannot_use_up_a_code_that_is_on_its_way,
    a_session_alone_sets_up_no_first_app,
    the_operator_takes_a_lost_factor_off,
    a_new_password_forgets_where_the_old_one_was_used,
    a_changed_secret_key_gives_no_second_credit,
    what_is_no_address_is_refused_past_the_ceiling_too,
    an_address_that_is_registered_anew_leaves_a_trace_of_the_old_account,
    what_only_held_off_others_goes_in_its_time,
];

const NEW_PASSWORD: &str = "nine lamps of tin";

async fn strangers_cannot_use_up_a_code_that_is_on_its_way(world: World) {
    world.active(ADA).await;
    let accounts = &world.services.accounts;
    let (ada, purpose) = (email(ADA), CodePurpose::ChangePassword);
    let password = Password::new(NEW_PASSWORD.to_owned()).unwrap();
    let stranger = origin_at("203.0.113.9");
    let change = async |code: &clara::domain::code::OtpCode, from: &Origin| {
        accounts
            .change_password(&ada, &password, code.into(), None, from)
            .await
    };
    accounts.send_code(&ada, purpose, &stranger).await.unwrap();
    let code = world.newest_code(ADA);
    for _ in 0..5 {
        let refused = change(&other_than(&code), &stranger).await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated);
    }
    let refused = change(&code, &stranger).await;
    assert_eq!(kind(refused), FaultKind::Unauthenticated, "strangers' five");
    for _ in 0..4 {
        let refused = change(&other_than(&code), &origin()).await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated);
    }
    change(&code, &origin()).await.unwrap();

    accounts.send_code(&ada, purpose, &stranger).await.unwrap();
    let code = world.newest_code(ADA);
    for _ in 0..5 {
        let refused = change(&other_than(&code), &origin()).await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated);
    }
    let refused = change(&code, &origin()).await;
    assert_eq!(
        kind(refused),
        FaultKind::Unauthenticated,
        "the owner's five"
    );
}

async fn a_session_alone_sets_up_no_first_app(world: World) {
    let user = world.active(ADA).await;
    let accounts = &world.services.accounts;
    let signed_in = sign_in(accounts, ADA, None).await.unwrap();
    let stolen = ReauthContext {
        session: Some(signed_in.session.clone()),
        password: None,
    };
    let offered = accounts.offer_app(&user.id, &stolen, &origin()).await;
    offered.expect("its owner has just signed in");
    world.clock.advance(Duration::from_mins(10));
    let refused = accounts.offer_app(&user.id, &stolen, &origin()).await;
    let refused = refused.unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::Unauthenticated);
    assert!(refused.next_step().unwrap().contains("`password`"));

    // Nor does it confirm an app that was offered to its owner a while ago.
    let app = App::offered(&world, &user.id).await;
    world.clock.advance(Duration::from_mins(10));
    let code = app.code(&world, 0);
    let confirm = async |here: &ReauthContext| {
        accounts
            .enable_app(&user.id, &code, None, here, &origin())
            .await
    };
    assert_eq!(kind(confirm(&stolen).await), FaultKind::Unauthenticated);
    let wrong = ReauthContext {
        session: stolen.session.clone(),
        password: Some("wrong".into()),
    };
    assert_eq!(kind(confirm(&wrong).await), FaultKind::Unauthenticated);
    let on = "SELECT COUNT(*) FROM users WHERE is_2fa_enabled";
    assert_eq!(world.number(on).await, 0);
    let owner = ReauthContext {
        session: stolen.session,
        password: Some(PASSWORD.into()),
    };
    assert_eq!(confirm(&owner).await.unwrap().len(), 10);
    assert_eq!(world.number(on).await, 1);
}

async fn the_operator_takes_a_lost_factor_off(world: World) {
    let user = world.active(ADA).await;
    let (app, _) = App::on(&world, &user.id).await;
    let accounts = &world.services.accounts;
    sign_in(accounts, ADA, Some(&app.code(&world, 0)))
        .await
        .unwrap();
    let act = Act {
        operator: Some("grace".parse().unwrap()),
        reason: Some("Ticket 4711".parse().unwrap()),
        origin: origin_at("203.0.113.9"),
    };
    let user = accounts.view(&user.id).await.unwrap();
    accounts.end_second_factor(&user, &act).await.unwrap();
    let (event, whose, good, details) = newest_audit(&world).await;
    assert_eq!(
        (event.as_str(), whose, good),
        ("second_factor_disabled", Some(user.id.clone()), true)
    );
    assert_eq!(details["operator"], "grace");
    assert_eq!(details["proof"], "operator");
    let living = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL";
    assert_eq!(world.number(living).await, 0);
    let left =
        "SELECT (SELECT COUNT(*) FROM authenticators) + (SELECT COUNT(*) FROM recovery_codes)";
    assert_eq!(world.number(left).await, 0);
    let told = "Subject: Two-factor sign-in is off";
    let mails = world.mails();
    assert_eq!(mails.iter().filter(|mail| mail.contains(told)).count(), 1);
    sign_in(accounts, ADA, None).await.unwrap();
}

async fn a_new_password_forgets_where_the_old_one_was_used(world: World) {
    world.active(ADA).await;
    let accounts = &world.services.accounts;
    let thief = origin_at("203.0.113.9");
    accounts.login(ADA, PASSWORD, None, &thief).await.unwrap();
    assert!(
        accounts
            .is_owners_network(&email(ADA), &thief)
            .await
            .unwrap()
    );
    let purpose = CodePurpose::ChangePassword;
    accounts
        .send_code(&email(ADA), purpose, &origin())
        .await
        .unwrap();
    let code = world.newest_code(ADA);
    let password = Password::new(NEW_PASSWORD.to_owned()).unwrap();
    accounts
        .change_password(&email(ADA), &password, (&code).into(), None, &origin())
        .await
        .unwrap();
    assert!(
        !accounts
            .is_owners_network(&email(ADA), &thief)
            .await
            .unwrap()
    );
    assert!(
        accounts
            .is_owners_network(&email(ADA), &origin())
            .await
            .unwrap()
    );
}

async fn a_changed_secret_key_gives_no_second_credit(world: World) {
    let credit = async |world: &World, address: &str, from: &str| {
        world.register(address).await;
        let code = world.newest_code(address);
        let accounts = &world.services.accounts;
        let activated = accounts
            .activate(&email(address), &code, &origin_at(from))
            .await;
        activated.unwrap().credits
    };
    let all = Credits::whole(100);
    assert_eq!(credit(&world, ADA, "198.51.100.1").await, all);
    let changed = world.under(43, Some(42));
    let again = credit(&changed, "ada+2@example.org", "198.51.100.2").await;
    assert_eq!(again, Credits::ZERO);
    assert_eq!(
        credit(&changed, "bob@example.org", "198.51.100.3").await,
        all
    );
}

async fn what_is_no_address_is_refused_past_the_ceiling_too(world: World) {
    let accounts = &world.services.accounts;
    let no_address = "ada\0@example.org";
    for stranger in 1..=102 {
        let from = origin_at(&format!("203.0.113.{stranger}"));
        let refused = accounts.login(no_address, PASSWORD, None, &from).await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated);
    }
}

async fn an_address_that_is_registered_anew_leaves_a_trace_of_the_old_account(world: World) {
    let old = world.register(ADA).await.user;
    world
        .clock
        .advance(Duration::from_hours(24) + Duration::from_millis(1));
    let new = world.register(ADA).await.user;
    let trail = world
        .store
        .audit_trail(Some(&old.id), clara::domain::page::Page::default())
        .await
        .unwrap();
    assert_eq!(trail[0].event, "account_removed");
    assert!(trail[0].details.contains(new.id.as_str()));
}

async fn what_only_held_off_others_goes_in_its_time(world: World) {
    let user = world.active(ADA).await;
    App::offered(&world, &user.id).await;
    let stranger = origin_at("203.0.113.9");
    let accounts = &world.services.accounts;
    let wrong = accounts.login(ADA, "wrong", None, &stranger).await;
    assert_eq!(kind(wrong), FaultKind::Unauthenticated);
    world.services.page_requests.ask(&stranger).await.unwrap();
    let counts = async || {
        let mut counts = Vec::new();
        for what in [
            "SELECT COUNT(*) FROM known_networks",
            "SELECT COUNT(*) FROM signup_networks",
            "SELECT COUNT(*) FROM page_requests",
            "SELECT COUNT(*) FROM wrong_tries",
            "SELECT COUNT(*) FROM authenticators",
        ] {
            counts.push(world.number(what).await);
        }
        counts
    };
    let house = &world.services.housekeeping;
    house.clear_due().await.unwrap();
    // Of one network, and the account's over all of them.
    assert_eq!(counts().await, [1, 1, 1, 2, 1]);
    world.clock.advance(Duration::from_hours(24));
    world.clock.advance(Duration::from_millis(1));
    house.clear_due().await.unwrap();
    assert_eq!(counts().await, [1, 0, 0, 1, 0]);
    world.clock.advance(Duration::from_hours(29 * 24));
    house.clear_due().await.unwrap();
    assert_eq!(counts().await, [0, 0, 0, 0, 0]);
}
