//! Accounts: from their registration to their removal.

use std::time::Duration;

use clara::domain::credits::Credits;
use clara::domain::page::Page;
use clara::domain::password::Password;
use clara::domain::user::UserChange;
use clara::fault::{FaultKind, Resource};
use clara::services::accounts::NewAccount;

use crate::store::common::{email, kind, other_than};
use crate::store::harness::{PASSWORD, World, cases, origin};

cases![
    an_account_is_registered_activated_and_signed_in,
    an_address_is_held_for_a_day_until_it_is_activated,
    the_local_account_is_made_once,
    an_unconfirmed_account_does_not_hold_the_local_address,
    the_trail_is_written_and_cannot_be_changed,
    an_owner_changes_names_and_looks_only,
    a_removed_account_leaves_only_its_entries,
];

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
        password: Password::new("seven mossy kettles".to_owned()).unwrap(),
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
        password: Password::new("seven mossy kettles".to_owned()).unwrap(),
    };
    let refused = world.services.accounts.register(taken, &origin()).await;
    assert_eq!(kind(refused), FaultKind::UserExists);
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
    // A row that is older than a year may be deleted, and START is.
    world.set_clock().await;
    let user = world.active("ada@example.org").await;
    let forged = clara::services::Origin {
        address: Some("192.0.2.1\nforged line".to_owned()),
        face: "test",
        request_id: "a\u{1b}[31mb".into(),
        by_operator: false,
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
            .number("SELECT (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM codes) + (SELECT COUNT(*) FROM mails WHERE user_id IS NOT NULL) + (SELECT COUNT(*) FROM api_keys)")
            .await,
        0
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM ledger_entries").await, 1);
}
