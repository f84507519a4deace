//! How sessions are seen and ended: each way to end one is known to every server on the database in the very same
//! millisecond, for the clock stands still here.

use std::time::Duration;

use clara::domain::audit::Origin;
use clara::domain::code::CodePurpose;
use clara::domain::ids::SessionId;
use clara::domain::operator::Act;
use clara::domain::page::Page;
use clara::domain::password::Password;
use clara::domain::user::User;
use clara::fault::{FaultKind, Resource};
use clara::services::accounts::{ReauthContext, ReauthCredentials, SignedIn};
use clara::services::sessions::By;

use crate::store::authenticator::App;
use crate::store::common::{email, kind, newest_audit, signed};
use crate::store::harness::{PASSWORD, World, cases, origin};

cases![
    sessions_say_from_where_they_were_started,
    a_session_that_is_not_ones_own_does_not_exist,
    whatever_ends_a_session_ends_it_on_every_server,
    whatever_becomes_of_an_app_ends_the_other_sessions_on_every_server,
    the_operator_ends_one_or_all_and_signs_for_it,
];

const ADA: &str = "ada@example.org";
const WHOLE: Page = Page {
    limit: 100,
    offset: 0,
};

async fn sign_in(world: &World, from: &Origin) -> SignedIn {
    let accounts = &world.services.accounts;
    accounts.login(ADA, PASSWORD, None, from).await.unwrap()
}

async fn living(world: &World, user: &User) -> Vec<SessionId> {
    let by = By::Owner(origin());
    let sessions = &world.services.sessions;
    let (listed, total) = sessions.list(&user.id, WHOLE, &by).await.unwrap();
    assert_eq!(listed.len() as u64, total);
    listed.into_iter().map(|session| session.id).collect()
}

async fn is_refused(world: &World, token: &str) -> bool {
    match world.services.sessions.identify_user_token(token).await {
        Ok(_) => false,
        Err(fault) => *fault.kind() == FaultKind::Unauthenticated,
    }
}

async fn sessions_say_from_where_they_were_started(world: World) {
    let user = world.active(ADA).await;
    let at_the_desk = Origin {
        address: None,
        face: "stdio",
        request_id: "req_2".into(),
        by_operator: false,
    };
    let newest = sign_in(&world, &at_the_desk).await;
    let by = By::Owner(origin());
    let sessions = &world.services.sessions;
    let (listed, total) = sessions.list(&user.id, WHOLE, &by).await.unwrap();
    let from: Vec<_> = listed
        .iter()
        .map(|session| (session.face.as_deref(), session.address.as_deref()))
        .collect();
    assert_eq!(
        from,
        [(Some("stdio"), None), (Some("test"), Some("192.0.2.7"))]
    );
    assert_eq!((total, &listed[0].id), (2, &newest.session));
    let second = Page {
        limit: 1,
        offset: 1,
    };
    let (part, total) = sessions.list(&user.id, second, &by).await.unwrap();
    assert_eq!((part.len(), total), (1, 2));
    assert_eq!(part[0].id, listed[1].id);
    // One from before it was written down, and one whose time is over.
    let forgotten = "UPDATE sessions SET face = NULL, address = NULL WHERE face = 'stdio'";
    world.tamper(forgotten).await.unwrap();
    let over = "UPDATE sessions SET expires_at = created_at WHERE face = 'test'";
    world.tamper(over).await.unwrap();
    let (listed, total) = sessions.list(&user.id, WHOLE, &by).await.unwrap();
    assert_eq!((listed.len(), total), (1, 1));
    assert_eq!((&listed[0].face, &listed[0].address), (&None, &None));
}

async fn a_session_that_is_not_ones_own_does_not_exist(world: World) {
    let ada = world.active(ADA).await;
    let bob = world.register("bob@example.org").await;
    let hers = sign_in(&world, &origin()).await;
    let sessions = &world.services.sessions;
    let by = By::Owner(origin());
    let unknown: SessionId = format!("session_{}", "0".repeat(32)).parse().unwrap();
    let missing = FaultKind::NotFound(Resource::Session);
    let entries = "SELECT COUNT(*) FROM audit_entries WHERE event = 'sessions_ended'";
    for session in [&bob.session, &unknown] {
        assert_eq!(kind(sessions.end(&ada.id, session, &by).await), missing);
    }
    assert!(!is_refused(&world, &bob.token).await);
    sessions.end(&ada.id, &hers.session, &by).await.unwrap();
    assert!(is_refused(&world, &hers.token).await);
    let again = sessions.end(&ada.id, &hers.session, &by).await;
    assert_eq!(kind(again), missing, "what has ended is not there");
    assert_eq!(world.number(entries).await, 1);
    let (event, whose, good, details) = newest_audit(&world).await;
    assert_eq!(
        (event.as_str(), whose, good),
        ("sessions_ended", Some(ada.id), true)
    );
    assert_eq!(details, serde_json::json!({"sessions": hers.session}));
}

async fn code(world: &World, purpose: CodePurpose) -> clara::domain::code::OtpCode {
    let accounts = &world.services.accounts;
    accounts
        .send_code(&email(ADA), purpose, &origin())
        .await
        .unwrap();
    world.newest_code(ADA)
}

/// Every way a session ends before its time. Each acts on one server; the other is asked next.
async fn whatever_ends_a_session_ends_it_on_every_server(world: World) {
    let user = world.active(ADA).await;
    let elsewhere = world.another_process().await;
    let (accounts, sessions) = (&world.services.accounts, &world.services.sessions);
    let (from, ada) = (origin(), email(ADA));
    let by = By::Owner(from.clone());
    let ways = [
        "log out",
        "end one",
        "end all others",
        "second factor on",
        "second factor off",
        "new password",
        "removal",
    ];
    for way in ways {
        let password = PASSWORD;
        let two_factors = way == "second factor off";
        let login_code = if two_factors {
            Some(code(&world, CodePurpose::TwoFactorAuth).await.into())
        } else {
            None
        };
        let kept = accounts.login(ADA, password, login_code.as_ref(), &from);
        let kept = kept.await.unwrap();
        let login_code = if two_factors {
            Some(code(&world, CodePurpose::TwoFactorAuth).await.into())
        } else {
            None
        };
        let ended = accounts.login(ADA, password, login_code.as_ref(), &from);
        let ended = ended.await.unwrap();
        for token in [&kept.token, &ended.token] {
            assert!(!is_refused(&elsewhere, token).await, "{way}");
        }
        let keep = Some(kept.session.clone());
        match way {
            "log out" => {
                let identity = sessions.identify_user_token(&ended.token).await.unwrap();
                sessions.logout(&identity, &from).await.unwrap();
            }
            "end one" => sessions.end(&user.id, &ended.session, &by).await.unwrap(),
            "end all others" => {
                let others = sessions.end_others(&user.id, keep.as_ref(), &by);
                others.await.unwrap();
                assert_eq!(living(&world, &user).await.first(), keep.as_ref());
                assert_eq!(living(&world, &user).await.len(), 1);
            }
            "second factor on" => {
                let code = code(&world, CodePurpose::TwoFactorAuth).await;
                let on = accounts.enable_2fa(&user.id, &code, keep, &from);
                on.await.unwrap();
            }
            "second factor off" => {
                let code = code(&world, CodePurpose::TwoFactorAuth).await;
                let code = code.into();
                let off = accounts.disable_2fa(&user.id, &code, keep, &from);
                off.await.unwrap();
            }
            "new password" => {
                let code = code(&world, CodePurpose::ChangePassword).await;
                let same = Password::new(PASSWORD.to_owned()).unwrap();
                let changed = accounts.change_password(&ada, &same, (&code).into(), keep, &from);
                changed.await.unwrap();
            }
            _ => {
                let shown = ReauthCredentials {
                    password: Some(PASSWORD.into()),
                    code: None,
                };
                let proven = accounts.prove_password(&user, &shown, &from).await;
                let gone = accounts.remove_own(&user, proven.unwrap(), &from);
                gone.await.unwrap();
            }
        }
        for server in [&elsewhere, &world] {
            assert!(is_refused(server, &ended.token).await, "{way}");
            let is_gone = way == "removal";
            assert_eq!(is_refused(server, &kept.token).await, is_gone, "{way}");
        }
    }
    elsewhere.store.close().await;
}

async fn whatever_becomes_of_an_app_ends_the_other_sessions_on_every_server(world: World) {
    let user = world.active(ADA).await;
    let elsewhere = world.another_process().await;
    let (accounts, from) = (&world.services.accounts, origin());
    let (mut app, _) = App::on(&world, &user.id).await;
    // A code is good once, and the next one comes half a minute later.
    let new_code = async |app: &App| {
        world.clock.advance(Duration::from_secs(30));
        app.code(&world, 0)
    };
    for way in ["new recovery codes", "another app", "no app"] {
        let mut signed_in = Vec::new();
        for _ in 0..2 {
            let code = new_code(&app).await;
            let outcome = accounts.login(ADA, PASSWORD, Some(&code), &from).await;
            signed_in.push(outcome.unwrap());
        }
        let here = ReauthContext {
            session: Some(signed_in[0].session.clone()),
            password: None,
        };
        let held = new_code(&app).await;
        match way {
            "new recovery codes" => {
                let made = accounts.enable_app(&user.id, &held, None, &here, &from);
                made.await.unwrap();
            }
            "another app" => {
                app = App::offered(&world, &user.id).await;
                let first = app.code(&world, 0);
                let on = accounts.enable_app(&user.id, &first, Some(&held), &here, &from);
                on.await.unwrap();
            }
            _ => {
                let off = accounts.disable_2fa(&user.id, &held, here.session, &from);
                off.await.unwrap();
            }
        }
        for server in [&elsewhere, &world] {
            assert!(!is_refused(server, &signed_in[0].token).await, "{way}");
            assert!(is_refused(server, &signed_in[1].token).await, "{way}");
        }
    }
    elsewhere.store.close().await;
}

async fn the_operator_ends_one_or_all_and_signs_for_it(world: World) {
    let user = world.active(ADA).await;
    let tokens = [
        sign_in(&world, &origin()).await,
        sign_in(&world, &origin()).await,
    ];
    let sessions = &world.services.sessions;
    let by = By::Operator(signed("Stolen laptop"));
    let (listed, total) = sessions.list(&user.id, WHOLE, &by).await.unwrap();
    assert_eq!((listed.len(), total), (3, 3));
    let (event, whose, _, details) = newest_audit(&world).await;
    assert_eq!(
        (event.as_str(), whose),
        ("operator_acted", Some(user.id.clone()))
    );
    assert_eq!(
        (&details["command"], &details["operator"]),
        (&"sessions".into(), &"grace".into())
    );
    let one = &tokens[0];
    sessions.end(&user.id, &one.session, &by).await.unwrap();
    assert!(is_refused(&world, &one.token).await);
    assert!(!is_refused(&world, &tokens[1].token).await);
    sessions.end_others(&user.id, None, &by).await.unwrap();
    assert!(is_refused(&world, &tokens[1].token).await);
    assert!(living(&world, &user).await.is_empty());
    let details = newest_audit(&world).await.3;
    let expected =
        serde_json::json!({"sessions": "all", "operator": "grace", "reason": "Stolen laptop"});
    assert_eq!(details, expected);
    let silent = By::Operator(Act::from(&origin()));
    sessions.end_others(&user.id, None, &silent).await.unwrap();
}
