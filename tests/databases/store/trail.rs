//! The audit trail: a row for each thing that somebody may ask about later, with who, when and from where; no secret in it;
//! and the two things that may become of a row that is old.

use std::collections::BTreeMap;

use clara::domain::code::CodePurpose;
use clara::domain::credits::Credits;
use clara::domain::password::Password;
use clara::domain::user::UserChange;
use clara::services::audit::{AuditRecord, WantedRecords};
use clara::services::ledger::books::BalanceMove;
use clara::services::throttling::Limit;

use crate::store::authenticator::{App, enable};
use crate::store::common::{email, newest_audit, other_than, reason, signed, submit};
use crate::store::harness::{Engine, PASSWORD, START, World, cases, origin, origin_at};

cases![
    everything_that_happens_leaves_its_row_and_no_secret,
    the_trail_is_listed_by_account_and_event,
    a_row_is_changed_by_nobody_but_to_forget_what_is_old,
    an_app_its_recovery_codes_and_guesses_leave_their_rows,
];

/// Whatever an account can do and have done to it. Gives every secret that was in play.
#[expect(
    clippy::too_many_lines,
    reason = "it is one life, from registration to removal"
)]
async fn a_life(world: &World) -> Vec<String> {
    let (services, here) = (&world.services, origin());
    let accounts = &services.accounts;
    let address = email("ada@example.org");
    let mut secrets = vec![
        PASSWORD.to_owned(),
        "ada@example.org".to_owned(),
        "Lovelace".to_owned(),
    ];
    let registered = world.register("ada@example.org").await;
    secrets.push(registered.token.clone());
    let code = world.newest_code("ada@example.org");
    let wrong = accounts.activate(&address, &other_than(&code), &here).await;
    assert!(wrong.is_err());
    let user = accounts.activate(&address, &code, &here).await.unwrap();
    secrets.push(code.as_str().to_owned());
    assert!(
        accounts
            .login("ada@example.org", "a wrong guess", None, &here)
            .await
            .is_err()
    );
    let signed_in = accounts
        .login("ada@example.org", PASSWORD, None, &here)
        .await
        .unwrap();
    secrets.extend(["a wrong guess".to_owned(), signed_in.token.clone()]);
    let change = UserChange {
        is_dark_mode: Some(false),
        ..UserChange::default()
    };
    accounts.update(&user.id, &change, &here).await.unwrap();
    for on in [true, false] {
        accounts
            .send_code(&address, CodePurpose::TwoFactorAuth, &here)
            .await
            .unwrap();
        let code = world.newest_code("ada@example.org");
        let switched = if on {
            accounts.enable_2fa(&user.id, &code, None, &here).await
        } else {
            accounts
                .disable_2fa(&user.id, &code.clone().into(), None, &here)
                .await
        };
        switched.unwrap();
        secrets.push(code.as_str().to_owned());
    }
    accounts
        .send_code(&address, CodePurpose::ChangePassword, &here)
        .await
        .unwrap();
    let code = world.newest_code("ada@example.org");
    let password = Password::new("a new walk by the river".to_owned()).unwrap();
    accounts
        .change_password(&address, &password, (&code).into(), None, &here)
        .await
        .unwrap();
    secrets.extend([
        "a new walk by the river".to_owned(),
        code.as_str().to_owned(),
    ]);
    secrets.push(services.api_keys.view(&user, &here).await.unwrap().token);
    secrets.push(services.api_keys.reset(&user, &here).await.unwrap().token);
    let cancelled = submit(world, &user.id).await;
    services
        .tasks
        .cancel(&user.id, &cancelled.id, &here)
        .await
        .unwrap();
    submit(world, &user.id).await;
    let claimed = services.queue.claim("worker").await.unwrap().unwrap();
    assert!(
        services
            .queue
            .fail(&claimed.claim, &reason())
            .await
            .unwrap()
    );
    let again = accounts
        .login("ada@example.org", "a new walk by the river", None, &here)
        .await
        .unwrap();
    let identity = services
        .sessions
        .identify_user_token(&again.token)
        .await
        .unwrap();
    services.sessions.logout(&identity, &here).await.unwrap();
    secrets.push(again.token);
    let books = &services.books;
    let act = signed("Ticket 4711");
    books
        .move_balance(&user.id, BalanceMove::To(Credits::whole(5)), &act)
        .await
        .unwrap();
    books.check(&act).await.unwrap();
    for _ in 0..11 {
        let _ = services
            .limits
            .acquire(Limit::SignIn, "192.0.2.7", || here.clone())
            .await;
    }
    accounts.remove(&user.id, act).await.unwrap();
    secrets
}

async fn all(world: &World) -> Vec<AuditRecord> {
    let mut wanted = WantedRecords::default();
    wanted.page.limit = 1_000;
    world.store.audit_records(&wanted).await.unwrap().0
}

async fn everything_that_happens_leaves_its_row_and_no_secret(world: World) {
    let secrets = a_life(&world).await;
    let rows = all(&world).await;
    let mut counted: BTreeMap<(&str, bool), u32> = BTreeMap::new();
    for row in &rows {
        *counted.entry((row.event.as_str(), row.good)).or_default() += 1;
    }
    let expected = [
        (("account_removed", true), 1),
        (("activated", true), 1),
        (("api_key_reset", true), 1),
        (("api_key_viewed", true), 1),
        (("code_refused", false), 1),
        (("code_sent", true), 3),
        (("credits_moved", true), 2),
        (("limit_hit", false), 1),
        (("operator_acted", true), 1),
        (("password_changed", true), 1),
        (("profile_changed", true), 1),
        (("registered", true), 1),
        (("second_factor_disabled", true), 1),
        (("second_factor_enabled", true), 1),
        (("sign_in_refused", false), 1),
        (("signed_in", true), 2),
        (("signed_out", true), 1),
        (("task_cancelled", true), 1),
        (("task_ended", true), 1),
        (("task_submitted", true), 2),
    ];
    assert_eq!(counted.into_iter().collect::<Vec<_>>(), expected);
    for row in &rows {
        let is_ours = row.event == "task_ended";
        assert_eq!(row.at, START);
        assert_eq!(row.address.as_deref().is_none(), is_ours, "{row:?}");
        assert_eq!(row.request_id.is_empty(), is_ours, "{row:?}");
        let nobodys = ["limit_hit", "operator_acted"].contains(&row.event.as_str());
        assert_eq!(row.user_id.is_none(), nobodys, "{row:?}");
        let text = format!("{row:?}");
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret}: {text}");
        }
    }
}

async fn the_trail_is_listed_by_account_and_event(world: World) {
    let ada = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    let audit = &world.services.audit;
    let act = signed("Somebody asked");
    let wanted =
        |user_id: Option<&clara::domain::ids::UserId>, event: Option<&str>| WantedRecords {
            user_id: user_id.cloned(),
            event: event.map(|event| event.parse().unwrap()),
            ..WantedRecords::default()
        };
    let events =
        |rows: &[AuditRecord]| rows.iter().map(|row| row.event.clone()).collect::<Vec<_>>();
    let (rows, total) = audit
        .records(&wanted(Some(&ada.id), None), &act)
        .await
        .unwrap();
    assert_eq!(
        (events(&rows).join(" "), total),
        ("credits_moved activated registered".to_owned(), 3)
    );
    assert!(rows.iter().all(|row| row.user_id.as_ref() == Some(&ada.id)));
    let (rows, total) = audit
        .records(&wanted(None, Some("registered")), &act)
        .await
        .unwrap();
    let whose: Vec<_> = rows
        .iter()
        .map(|row| row.user_id.clone().unwrap())
        .collect();
    assert_eq!((whose, total), (vec![bob.id.clone(), ada.id.clone()], 2));
    let before = WantedRecords {
        before: Some(u32::try_from(rows[0].position).unwrap()),
        ..wanted(None, Some("registered"))
    };
    let (rows, total) = audit.records(&before, &act).await.unwrap();
    assert_eq!((rows.len(), total), (1, 2));
    // Each look is there for the next one, with who and why, and whom it was about.
    let (rows, _) = audit
        .records(&wanted(None, Some("operator_acted")), &act)
        .await
        .unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2].user_id, Some(ada.id));
    let details: serde_json::Value = serde_json::from_str(&rows[0].details).unwrap();
    assert_eq!(
        (&details["command"], &details["operator"]),
        (&"audit".into(), &"grace".into())
    );
    assert_eq!(
        (&details["reason"], &details["asked"]["event"]),
        (&"Somebody asked".into(), &"registered".into())
    );
}

/// By the database's own clock, whatever a process believes.
const OLD_ROWS: &str = "INSERT INTO audit_entries (created_at, user_id, event, good, address, face, request_id, details) \
     SELECT (SELECT now FROM database_clock) - age, 'user_1', 'signed_in', TRUE, address, 'rest', name, '{}' FROM ( \
         SELECT 'young' AS name, 2592000000 - 60000 AS age, '192.0.2.77' AS address UNION ALL \
         SELECT 'month', 2592000000 + 60000, '192.0.2.77' UNION ALL \
         SELECT 'six', 2592000000 + 60000, '2001:db8:1:2::7' UNION ALL \
         SELECT 'nearly', 31536000000 - 60000, NULL UNION ALL \
         SELECT 'year', 31536000000 + 60000, NULL \
     ) AS aged";

async fn a_row_is_changed_by_nobody_but_to_forget_what_is_old(world: World) {
    world.tamper(OLD_ROWS).await.unwrap();
    for refused in [
        // Too young, or not an address cut to its network.
        "UPDATE audit_entries SET address = '192.0.2.0/24' WHERE request_id = 'young'",
        "UPDATE audit_entries SET address = '198.51.100.0/24' WHERE request_id = 'month'",
        "UPDATE audit_entries SET address = '192.0.0.0/16' WHERE request_id = 'month'",
        "UPDATE audit_entries SET address = NULL WHERE request_id = 'month'",
        "UPDATE audit_entries SET address = '2001:db9:1::/48' WHERE request_id = 'six'",
        "UPDATE audit_entries SET address = '2001:db8:1:2::/64' WHERE request_id = 'six'",
        // Something else, alone or beside it.
        "UPDATE audit_entries SET address = '192.0.2.0/24', own_request_id = 'x' WHERE request_id = 'month'",
        "UPDATE audit_entries SET address = '192.0.2.0/24', good = FALSE WHERE request_id = 'month'",
        "UPDATE audit_entries SET address = '192.0.2.0/24', details = '{\"x\":1}' WHERE request_id = 'month'",
        "UPDATE audit_entries SET address = '192.0.2.0/24', user_id = NULL WHERE request_id = 'month'",
        "UPDATE audit_entries SET event = 'nothing' WHERE request_id = 'year'",
        "UPDATE audit_entries SET address = '192.0.2.0/24' WHERE request_id = 'year'",
        "DELETE FROM audit_entries WHERE request_id = 'nearly'",
        "DELETE FROM audit_entries WHERE request_id = 'month'",
        "DELETE FROM audit_entries",
    ] {
        assert!(world.tamper(refused).await.is_err(), "{refused}");
    }
    if world.engine == Engine::Postgres {
        assert!(world.tamper("TRUNCATE audit_entries").await.is_err());
    }
    for allowed in [
        "UPDATE audit_entries SET address = '192.0.2.0/24' WHERE request_id = 'month'",
        "UPDATE audit_entries SET address = '2001:db8:1::/48' WHERE request_id = 'six'",
        "DELETE FROM audit_entries WHERE request_id = 'year'",
    ] {
        world.tamper(allowed).await.unwrap();
    }
    // A network is not cut again, to anything.
    let again = "UPDATE audit_entries SET address = '192.0.2.0/24' WHERE request_id = 'month'";
    assert!(world.tamper(again).await.is_err());
    assert_eq!(world.number("SELECT COUNT(*) FROM audit_entries").await, 4);
}

async fn an_app_its_recovery_codes_and_guesses_leave_their_rows(world: World) {
    let user = world.active("ada@example.org").await;
    let offered = App::offered(&world, &user.id).await;
    let (event, whose, good, details) = newest_audit(&world).await;
    assert_eq!(
        (event.as_str(), whose, good),
        ("authenticator_offered", Some(user.id.clone()), true)
    );
    assert_eq!(details, serde_json::json!({}), "nothing of its seed");
    drop(offered);

    let (app, _) = App::on(&world, &user.id).await;
    let shown = app.code(&world, 0);
    let codes = enable(&world, &user.id, &shown, None).await.unwrap();
    let (event, whose, good, details) = newest_audit(&world).await;
    assert_eq!(
        (event.as_str(), whose, good),
        ("recovery_codes_replaced", Some(user.id.clone()), true)
    );
    assert_eq!(details["proof"], "app", "{details}");
    let text = details.to_string();
    assert!(codes.iter().all(|code| !text.contains(code.as_str())));

    // One wrong guess more than an account takes from strangers.
    let accounts = &world.services.accounts;
    for host in 1..=2 {
        let stranger = origin_at(&format!("198.51.100.{host}"));
        let wrong = accounts
            .login("ada@example.org", "a wrong guess", None, &stranger)
            .await;
        assert!(wrong.is_err());
        let full = "UPDATE wrong_tries SET tries = 100 WHERE network = ''";
        world.tamper(full).await.unwrap();
    }
    world.services.background.finish().await;
    let rows = all(&world).await;
    let guessed: Vec<_> = rows
        .iter()
        .filter(|row| row.event == "guessed_at")
        .collect();
    assert_eq!(guessed.len(), 1);
    assert_eq!(guessed[0].user_id, Some(user.id));
    assert!(!guessed[0].good);
    assert_eq!(guessed[0].address.as_deref(), Some("198.51.100.2"));
    let details: serde_json::Value = serde_json::from_str(&guessed[0].details).unwrap();
    assert_eq!(details, serde_json::json!({"reason": "ceiling"}));
}
