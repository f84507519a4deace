//! Guessing passwords: how long somebody waits after wrong ones, when an account listens to its owner's networks only, and
//! that its owner always gets in.

use std::time::Duration;

use clara::domain::clock::Timestamp;
use clara::domain::code::CodePurpose;
use clara::domain::password::Password;
use clara::domain::second_factor::SecondFactorCode;
use clara::fault::{Fault, FaultKind};
use clara::services::Origin;
use clara::services::accounts::{PasswordProofs, SignedIn};

use crate::store::authenticator::App;
use crate::store::common::{email, kind, other_than};
use crate::store::harness::{PASSWORD, START, World, cases, origin, origin_at};

cases![
    after_five_wrong_ones_the_waits_double_up_to_a_quarter_of_an_hour,
    a_good_sign_in_begins_anew_and_a_day_of_rest_does_too,
    a_hundred_wrong_ones_at_once_are_five_tries,
    an_address_without_an_account_answers_like_one_with,
    each_network_waits_for_itself,
    being_asked_for_a_code_is_no_wrong_try_and_a_wrong_code_is,
    whoever_sits_at_the_machine_does_not_wait,
    the_hundred_and_first_stranger_is_not_heard_and_the_owner_is,
    a_hundred_strangers_at_once_use_up_what_is_left_and_no_more,
    past_the_ceiling_a_mailed_code_and_the_apps_lead_in,
    a_row_ends_with_a_good_sign_in_or_a_month_of_rest,
    what_says_nothing_any_more_is_thrown_away,
];

const ADA: &str = "ada@example.org";

async fn try_from(
    world: &World,
    address: &str,
    password: &str,
    from: &Origin,
) -> Result<SignedIn, Fault> {
    let accounts = &world.services.accounts;
    accounts.login(address, password, None, from).await
}

/// `None` where the password was looked at and found wrong, else for how many seconds it was not.
async fn wrong(world: &World, address: &str, from: &Origin) -> Option<u64> {
    match kind(try_from(world, address, "wrong", from).await) {
        FaultKind::Unauthenticated => None,
        FaultKind::RateLimited {
            retry_after_seconds,
        } => Some(retry_after_seconds),
        other => panic!("{other:?}"),
    }
}

async fn after_five_wrong_ones_the_waits_double_up_to_a_quarter_of_an_hour(world: World) {
    world.active(ADA).await;
    for _ in 0..5 {
        assert_eq!(wrong(&world, ADA, &origin()).await, None);
    }
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900] {
        assert_eq!(wrong(&world, ADA, &origin()).await, Some(seconds));
        let right = try_from(&world, ADA, PASSWORD, &origin()).await;
        assert!(matches!(kind(right), FaultKind::RateLimited { .. }));
        world
            .clock
            .advance(Duration::from_millis(seconds * 1000 - 1));
        assert_eq!(wrong(&world, ADA, &origin()).await, Some(1));
        world.clock.advance(Duration::from_millis(1));
        assert_eq!(wrong(&world, ADA, &origin()).await, None);
    }
}

async fn a_good_sign_in_begins_anew_and_a_day_of_rest_does_too(world: World) {
    world.active(ADA).await;
    for _ in 0..7 {
        wrong(&world, ADA, &origin()).await;
        world.clock.advance(Duration::from_secs(4));
    }
    try_from(&world, ADA, PASSWORD, &origin()).await.unwrap();
    for _ in 0..5 {
        assert_eq!(wrong(&world, ADA, &origin()).await, None);
    }
    assert_eq!(wrong(&world, ADA, &origin()).await, Some(1));
    world.clock.advance(Duration::from_hours(24));
    for _ in 0..5 {
        assert_eq!(wrong(&world, ADA, &origin()).await, None);
    }
    assert_eq!(wrong(&world, ADA, &origin()).await, Some(1));
}

async fn a_hundred_wrong_ones_at_once_are_five_tries(world: World) {
    world.active(ADA).await;
    let other = world.another_process().await;
    let tries: Vec<_> = (0..100)
        .map(|number| {
            let world = if number % 2 == 0 { &world } else { &other };
            let world = world.clone();
            tokio::spawn(async move { wrong(&world, ADA, &origin()).await })
        })
        .collect();
    let mut looked_at = 0;
    for one in tries {
        looked_at += usize::from(one.await.unwrap().is_none());
    }
    assert_eq!(looked_at, 5);
    let refusals = "SELECT COUNT(*) FROM audit_entries WHERE event = 'sign_in_refused'";
    assert_eq!(world.number(refusals).await, 5);
    other.store.close().await;
}

async fn an_address_without_an_account_answers_like_one_with(world: World) {
    world.active(ADA).await;
    for seconds in [0_u64, 0, 0, 0, 0, 0, 1, 1, 0, 4, 0, 9] {
        world.clock.advance(Duration::from_secs(seconds));
        let known = wrong(&world, ADA, &origin()).await;
        for unknown in ["bob@example.org", "no address"] {
            assert_eq!(wrong(&world, unknown, &origin()).await, known);
        }
    }
    // Nobody can tell from the table who was tried.
    let readable = "SELECT COUNT(*) FROM wrong_tries WHERE account LIKE '%example%'";
    assert_eq!(world.number(readable).await, 0);
    let rows = "SELECT COUNT(*) FROM wrong_tries WHERE network = '192.0.2.7'";
    assert_eq!(world.number(rows).await, 3);
}

async fn each_network_waits_for_itself(world: World) {
    world.active(ADA).await;
    world.active("bob@example.org").await;
    let one_customer = |host: u32| origin_at(&format!("2001:db8:1:2::{host}"));
    for host in 1..=5 {
        assert_eq!(wrong(&world, ADA, &one_customer(host)).await, None);
    }
    assert_eq!(wrong(&world, ADA, &one_customer(6)).await, Some(1));
    let neighbour = origin_at("2001:db8:1:3::1");
    try_from(&world, ADA, PASSWORD, &neighbour).await.unwrap();
    assert_eq!(wrong(&world, ADA, &one_customer(6)).await, Some(1));
    let from = one_customer(6);
    let bob = try_from(&world, "bob@example.org", PASSWORD, &from).await;
    bob.unwrap();
}

async fn being_asked_for_a_code_is_no_wrong_try_and_a_wrong_code_is(world: World) {
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let new_code = async || {
        let purpose = CodePurpose::TwoFactorAuth;
        accounts
            .send_code(&email(ADA), purpose, &origin())
            .await
            .unwrap();
        world.newest_code(ADA)
    };
    let code = new_code().await;
    accounts
        .enable_2fa(&user.id, &code, None, &origin())
        .await
        .unwrap();
    for _ in 0..12 {
        let asked = try_from(&world, ADA, PASSWORD, &origin()).await;
        assert!(matches!(
            kind(asked),
            FaultKind::SecondFactorRequired { .. }
        ));
    }
    let code = new_code().await;
    for _ in 0..5 {
        let wrong = other_than(&code);
        let refused = accounts
            .login(ADA, PASSWORD, Some(&wrong.into()), &origin())
            .await;
        assert!(matches!(
            kind(refused),
            FaultKind::SecondFactorRequired { .. }
        ));
    }
    let code = new_code().await.into();
    let waits = accounts.login(ADA, PASSWORD, Some(&code), &origin()).await;
    assert!(matches!(kind(waits), FaultKind::RateLimited { .. }));
    world.clock.advance(Duration::from_secs(1));
    accounts
        .login(ADA, PASSWORD, Some(&code), &origin())
        .await
        .unwrap();
}

async fn whoever_sits_at_the_machine_does_not_wait(world: World) {
    world.active(ADA).await;
    let here = Origin::inside("stdio");
    for _ in 0..12 {
        assert_eq!(wrong(&world, ADA, &here).await, None);
    }
    try_from(&world, ADA, PASSWORD, &here).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM wrong_tries").await, 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM known_networks").await, 1);
}

/// The account's row stands at so many, as if that many strangers had been wrong.
async fn row_of(world: &World, tries: &str) {
    wrong(world, ADA, &origin_at("198.51.100.1")).await;
    let sql = format!("UPDATE wrong_tries SET tries = {tries} WHERE network = ''");
    world.tamper(sql.leak()).await.unwrap();
}

fn mails_about_guessing(world: &World) -> usize {
    let mails = world.mails();
    let subject = "Subject: Somebody is guessing your Clara password";
    mails.iter().filter(|mail| mail.contains(subject)).count()
}

async fn the_hundred_and_first_stranger_is_not_heard_and_the_owner_is(world: World) {
    let accounts = &world.services.accounts;
    world.active(ADA).await;
    for stranger in 1..=100 {
        let from = origin_at(&format!("203.0.113.{stranger}"));
        assert_eq!(wrong(&world, ADA, &from).await, None);
    }
    let new = origin_at("203.0.113.101");
    let hashed = "SELECT COUNT(*) FROM audit_entries WHERE event = 'sign_in_refused'";
    assert_eq!(world.number(hashed).await, 100);
    let refused = try_from(&world, ADA, PASSWORD, &new).await.unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::Unauthenticated);
    assert!(
        refused
            .next_step()
            .unwrap()
            .contains("auth_change_password")
    );
    assert_eq!(
        world.number(hashed).await,
        100,
        "its password was not looked at"
    );
    // Told once a day, however many come.
    for stranger in 102..=110 {
        let from = origin_at(&format!("203.0.113.{stranger}"));
        assert_eq!(wrong(&world, ADA, &from).await, None);
    }
    world.services.background.finish().await;
    assert_eq!(mails_about_guessing(&world), 1);
    world.clock.advance(Duration::from_hours(24));
    wrong(&world, ADA, &new).await;
    world.services.background.finish().await;
    assert_eq!(mails_about_guessing(&world), 2);

    // With a mailed code the owner sets a new password, which is heard from everywhere.
    let purpose = CodePurpose::ChangePassword;
    accounts
        .send_code(&email(ADA), purpose, &new)
        .await
        .unwrap();
    let code = world.newest_code(ADA);
    let password = Password::new("nine lamps of tin".to_owned()).unwrap();
    accounts
        .change_password(&email(ADA), &password, (&code).into(), None, &new)
        .await
        .unwrap();
    let elsewhere = origin_at("203.0.113.200");
    let signed_in = try_from(&world, ADA, "nine lamps of tin", &elsewhere).await;
    signed_in.unwrap();
}

async fn a_hundred_strangers_at_once_use_up_what_is_left_and_no_more(world: World) {
    world.active(ADA).await;
    row_of(&world, "80").await;
    let hashed = "SELECT COUNT(*) FROM audit_entries WHERE event = 'sign_in_refused'";
    let before = world.number(hashed).await;
    let other = world.another_process().await;
    let tries: Vec<_> = (1..=100)
        .map(|stranger| {
            let world = if stranger % 2 == 0 { &world } else { &other };
            let world = world.clone();
            let from = origin_at(&format!("203.0.113.{stranger}"));
            tokio::spawn(async move { wrong(&world, ADA, &from).await })
        })
        .collect();
    for one in tries {
        assert_eq!(one.await.unwrap(), None, "each network's first try");
    }
    assert_eq!(world.number(hashed).await, before + 20);
    let row = "SELECT tries FROM wrong_tries WHERE network = ''";
    assert_eq!(world.number(row).await, 100);
    other.store.close().await;
}

async fn past_the_ceiling_a_mailed_code_and_the_apps_lead_in(world: World) {
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let (app, _) = App::on(&world, &user.id).await;
    row_of(&world, "100").await;
    let away = origin_at("203.0.113.7");
    let held = app.code(&world, 0);
    let unheard = accounts.login(ADA, PASSWORD, Some(&held), &away).await;
    assert_eq!(kind(unheard), FaultKind::Unauthenticated);

    let purpose = CodePurpose::ChangePassword;
    let sent = accounts.send_code(&email(ADA), purpose, &away).await;
    sent.unwrap();
    let mailed = world.newest_code(ADA);
    let password = Password::new("nine lamps of tin".to_owned()).unwrap();
    let change = async |totp: Option<&SecondFactorCode>| {
        let code = &mailed;
        let proofs = PasswordProofs { code, totp };
        let ada = email(ADA);
        accounts
            .change_password(&ada, &password, proofs, None, &away)
            .await
    };
    // Whoever reads the mail alone stays outside.
    assert!(matches!(
        kind(change(None).await),
        FaultKind::SecondFactorRequired { .. }
    ));
    change(Some(&held)).await.unwrap();
    world.clock.advance(Duration::from_secs(30));
    let held = app.code(&world, 0);
    let signed_in = accounts.login(ADA, "nine lamps of tin", Some(&held), &away);
    signed_in.await.unwrap();
}

async fn a_row_ends_with_a_good_sign_in_or_a_month_of_rest(world: World) {
    world.active(ADA).await;
    let stranger = origin_at("203.0.113.5");
    row_of(&world, "99").await;
    assert_eq!(wrong(&world, ADA, &stranger).await, None);
    assert_eq!(
        kind(try_from(&world, ADA, PASSWORD, &stranger).await),
        FaultKind::Unauthenticated
    );
    // From where the account was made, its owner is heard, and with that the row is at its end.
    try_from(&world, ADA, PASSWORD, &origin()).await.unwrap();
    try_from(&world, ADA, PASSWORD, &stranger).await.unwrap();

    row_of(&world, "100").await;
    let other = origin_at("203.0.113.6");
    for (days, is_heard) in [(29, false), (2, true)] {
        world.clock.advance(Duration::from_hours(days * 24));
        let outcome = try_from(&world, ADA, PASSWORD, &other).await;
        assert_eq!(outcome.is_ok(), is_heard, "{days}");
    }

    // A network is known for thirty days.
    row_of(&world, "100").await;
    world.clock.advance(Duration::from_hours(29 * 24));
    let known = world.number("SELECT COUNT(*) FROM known_networks").await;
    assert_eq!(known, 1);
    try_from(&world, ADA, PASSWORD, &other).await.unwrap();
    row_of(&world, "100").await;
    world.clock.advance(Duration::from_hours(20 * 24));
    world
        .tamper("UPDATE known_networks SET seen_at = seen_at - 864000000")
        .await
        .unwrap();
    let refused = try_from(&world, ADA, PASSWORD, &other).await;
    assert_eq!(kind(refused), FaultKind::Unauthenticated);
    assert!(START < Timestamp(i64::MAX));
}

async fn what_says_nothing_any_more_is_thrown_away(world: World) {
    for number in 0..4 {
        let address = format!("nobody{number}@example.org");
        assert_eq!(wrong(&world, &address, &origin()).await, None);
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM wrong_tries").await, 8);
    world.clock.advance(Duration::from_hours(24));
    wrong(&world, ADA, &origin()).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM wrong_tries").await, 6);
    world.clock.advance(Duration::from_hours(30 * 24));
    wrong(&world, ADA, &origin()).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM wrong_tries").await, 2);
}
