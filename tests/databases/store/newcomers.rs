//! What a sign-in from somewhere new tells the owner, and who gets the free credit of a new account.

use std::time::Duration;

use clara::domain::credits::Credits;
use clara::domain::password::Password;
use clara::fault::{Fault, FaultKind};
use clara::services::Origin;
use clara::services::accounts::{NewAccount, SignedIn};

use crate::store::common::{email, kind, newest_audit};
use crate::store::harness::{PASSWORD, World, cases, origin, origin_at};

cases![
    a_sign_in_from_a_new_network_is_told_once,
    who_never_proved_the_address_has_nobody_mailed,
    two_sign_ins_at_once_from_a_new_network_are_one_mail,
    a_mailbox_gets_its_credit_once,
    a_network_gets_five_credits_a_day_and_its_accounts_all_the_same,
    at_once_a_network_gets_five_too,
    a_56_gets_the_credits_of_four_networks,
    an_account_that_nobody_activates_holds_its_address_for_a_day,
];

const ADA: &str = "ada@example.org";

fn news(world: &World) -> Vec<String> {
    let subject = "Subject: New sign-in to your Clara account";
    let mut mails = world.mails();
    mails.retain(|mail| mail.contains(subject));
    mails
}

async fn sign_in(world: &World, from: &Origin) {
    let accounts = &world.services.accounts;
    accounts.login(ADA, PASSWORD, None, from).await.unwrap();
}

async fn a_sign_in_from_a_new_network_is_told_once(world: World) {
    world.active(ADA).await;
    sign_in(&world, &origin()).await;
    assert!(
        news(&world).is_empty(),
        "where the account was made is not new"
    );
    let cafe = origin_at("198.51.100.23");
    sign_in(&world, &cafe).await;
    let told = news(&world);
    assert_eq!(told.len(), 1);
    let message = mail_parser::MessageParser::default()
        .parse(&told[0])
        .unwrap();
    let text = message.body_text(0).unwrap();
    for words in ["198.51.100.23", "2025", "https://clara.example/password"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    sign_in(&world, &cafe).await;
    sign_in(&world, &origin()).await;
    sign_in(&world, &Origin::inside("stdio")).await;
    assert_eq!(news(&world).len(), 1);
    world.clock.advance(Duration::from_hours(30 * 24));
    sign_in(&world, &cafe).await;
    assert_eq!(news(&world).len(), 2, "a month later it is new again");
    assert_eq!(world.number("SELECT COUNT(*) FROM known_networks").await, 1);
}

async fn who_never_proved_the_address_has_nobody_mailed(world: World) {
    world.register(ADA).await;
    for host in 1..=3 {
        sign_in(&world, &origin_at(&format!("198.51.100.{host}"))).await;
    }
    assert!(news(&world).is_empty());
}

async fn two_sign_ins_at_once_from_a_new_network_are_one_mail(world: World) {
    world.active(ADA).await;
    let other = world.another_process().await;
    let cafe = origin_at("198.51.100.23");
    tokio::join!(sign_in(&world, &cafe), sign_in(&other, &cafe));
    assert_eq!(news(&world).len(), 1);
    other.store.close().await;
}

/// Makes an account active, and says how many credits it has.
async fn credit_of(world: &World, address: &str, from: &Origin) -> Credits {
    world.register(address).await;
    let code = world.newest_code(address);
    let accounts = &world.services.accounts;
    let user = accounts
        .activate(&email(address), &code, from)
        .await
        .unwrap();
    assert!(user.is_active);
    user.credits
}

async fn a_mailbox_gets_its_credit_once(world: World) {
    let from = |host: u8| origin_at(&format!("198.51.100.{host}"));
    let all = Credits::whole(100);
    assert_eq!(
        credit_of(&world, "ada.marsh@example.org", &from(1)).await,
        all
    );
    for same in [
        "adamarsh+2@example.org",
        "a.damarsh@EXAMPLE.org",
        "ada.marsh+x+y@example.org",
    ] {
        assert_eq!(
            credit_of(&world, same, &from(2)).await,
            Credits::ZERO,
            "{same}"
        );
        let (event, _, good, details) = newest_audit(&world).await;
        assert_eq!((event.as_str(), good), ("credit_withheld", false));
        assert_eq!(details, serde_json::json!({"reason": "mailbox"}));
    }
    assert_eq!(
        credit_of(&world, "ada.marsh@example.com", &from(3)).await,
        all
    );
    // Nor again after the account is removed; and nothing stored says whose mailbox it was.
    let accounts = &world.services.accounts;
    let user = accounts
        .view_by_address(&email("ada.marsh@example.org"))
        .await
        .unwrap();
    accounts.remove(&user.id, &origin()).await.unwrap();
    assert_eq!(
        credit_of(&world, "ada.marsh@example.org", &from(4)).await,
        Credits::ZERO
    );
    let readable =
        "SELECT COUNT(*) FROM signup_credits WHERE mailbox LIKE '%@%' OR mailbox LIKE '%marsh%'";
    assert_eq!(world.number(readable).await, 0);
}

async fn a_network_gets_five_credits_a_day_and_its_accounts_all_the_same(world: World) {
    let all = Credits::whole(100);
    for day in 0..2 {
        for number in 0..7 {
            let address = format!("user{day}{number}@example.org");
            let expected = if number < 5 { all } else { Credits::ZERO };
            assert_eq!(
                credit_of(&world, &address, &origin()).await,
                expected,
                "{address}"
            );
        }
        let elsewhere = format!("else{day}@example.org");
        assert_eq!(
            credit_of(&world, &elsewhere, &origin_at("198.51.100.9")).await,
            all
        );
        world.clock.advance(Duration::from_hours(24));
    }
    let withheld = "SELECT COUNT(*) FROM audit_entries WHERE event = 'credit_withheld' AND NOT good AND details LIKE '%network%'";
    assert_eq!(world.number(withheld).await, 4);
    // What was withheld was not had: elsewhere the same mailbox still gets it.
    let elsewhere = origin_at("198.51.100.10");
    let late = credit_of(&world, "user06+late@example.org", &elsewhere);
    assert_eq!(late.await, all);
}

async fn at_once_a_network_gets_five_too(world: World) {
    let mut coming = Vec::new();
    for number in 0..12 {
        let address = format!("user{number}@example.org");
        world.register(&address).await;
        let (world, code) = (world.clone(), world.newest_code(&address));
        coming.push(tokio::spawn(async move {
            let accounts = &world.services.accounts;
            let activated = accounts.activate(&email(&address), &code, &origin()).await;
            activated.unwrap().credits
        }));
    }
    let mut paid = 0;
    for one in coming {
        paid += usize::from(one.await.unwrap() > Credits::ZERO);
    }
    assert_eq!(paid, 5);
}

async fn a_56_gets_the_credits_of_four_networks(world: World) {
    let all = Credits::whole(100);
    for number in 0..21 {
        let address = format!("user{number}@example.org");
        let from = origin_at(&format!("2001:db8:1:{number:x}::1"));
        let expected = if number < 20 { all } else { Credits::ZERO };
        assert_eq!(credit_of(&world, &address, &from).await, expected);
    }
    let same_64 =
        "SELECT COUNT(*) FROM signup_networks WHERE network = '2001:db8:1:14::' AND paid > 0";
    assert_eq!(
        world.number(same_64).await,
        0,
        "what was withheld is not counted"
    );
    let elsewhere = origin_at("2001:db8:1:100::1");
    let other_56 = credit_of(&world, "ada@example.com", &elsewhere);
    assert_eq!(other_56.await, all);
}

async fn take_the_address(world: &World) -> Result<SignedIn, Fault> {
    let new = NewAccount {
        email: email(ADA),
        first_name: "Ada".parse().unwrap(),
        last_name: "Marsh".parse().unwrap(),
        password: Password::new("nine lamps of tin".to_owned()).unwrap(),
    };
    world.services.accounts.register(new, &origin()).await
}

async fn an_account_that_nobody_activates_holds_its_address_for_a_day(world: World) {
    let squatter = world.register(ADA).await;
    let day = Duration::from_hours(24);
    for wait in [Duration::ZERO, day, Duration::ZERO] {
        world.clock.advance(wait);
        let refused = take_the_address(&world).await;
        assert_eq!(kind(refused), FaultKind::UserExists);
    }
    world.clock.advance(Duration::from_millis(1));
    let taken = take_the_address(&world).await.unwrap();
    assert_ne!(taken.user.id, squatter.user.id);
    assert_eq!(world.number("SELECT COUNT(*) FROM users").await, 1);
    let dead = world.services.sessions.identify_user_token(&squatter.token);
    assert_eq!(kind(dead.await), FaultKind::Unauthenticated);
    let accounts = &world.services.accounts;
    let old = accounts.login(ADA, PASSWORD, None, &origin()).await;
    assert_eq!(kind(old), FaultKind::Unauthenticated);
    // An active one holds it for good.
    let code = world.newest_code(ADA);
    accounts
        .activate(&email(ADA), &code, &origin())
        .await
        .unwrap();
    world.clock.advance(100 * day);
    let refused = take_the_address(&world).await;
    assert_eq!(kind(refused), FaultKind::UserExists);
}
