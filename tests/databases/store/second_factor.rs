//! Authenticator apps and recovery codes: what each opens, how often, for whom, and what takes its place.

use std::time::Duration;

use clara::domain::code::{CodePurpose, OtpCode};
use clara::domain::ids::UserId;
use clara::domain::second_factor::SecondFactorCode;
use clara::fault::{Fault, FaultKind};
use clara::services::Origin;
use clara::services::accounts::{Accounts, SignedIn};

use crate::store::authenticator::{App, enable};
use crate::store::common::{asks_for_factor, email, kind};
use crate::store::harness::{PASSWORD, World, cases, origin, origin_at};

cases![
    an_app_that_was_offered_is_on_once_its_code_comes_back,
    a_code_is_good_once_and_one_step_off,
    of_many_with_one_code_one_gets_in,
    the_sixth_code_waits_and_a_recovery_code_does_not,
    each_recovery_code_opens_once,
    recovery_codes_die_with_what_they_are_for,
    a_factor_that_is_on_is_replaced_by_who_has_it,
    mail_is_no_substitute_for_an_app,
    a_code_is_of_its_account,
    a_walk_of_recovery_is_told_to_the_owner,
];

pub const ADA: &str = "ada@example.org";

pub async fn sign_in(
    accounts: &Accounts,
    address: &str,
    code: Option<&SecondFactorCode>,
) -> Result<SignedIn, Fault> {
    accounts.login(address, PASSWORD, code, &origin()).await
}

/// A network that nobody came from before. A wrong code counts against the account and the network it came from together,
/// so whoever tries many codes of one account, each from another network, meets the account's own limit alone.
fn elsewhere(number: usize) -> Origin {
    origin_at(&format!("198.51.100.{number}"))
}

pub async fn enable_by_mail(world: &World, user: &UserId, code: &OtpCode) -> Result<(), Fault> {
    let accounts = &world.services.accounts;
    accounts
        .enable_2fa(user, code, None, &origin())
        .await
        .map(drop)
}

pub async fn disable(world: &World, user: &UserId, code: &SecondFactorCode) -> Result<(), Fault> {
    let accounts = &world.services.accounts;
    accounts
        .disable_2fa(user, code, None, &origin())
        .await
        .map(drop)
}

async fn send(world: &World, purpose: CodePurpose) -> Result<(), Fault> {
    let accounts = &world.services.accounts;
    accounts.send_code(&email(ADA), purpose, &origin()).await
}

pub async fn mailed(world: &World, purpose: CodePurpose) -> OtpCode {
    send(world, purpose).await.unwrap();
    world.newest_code(ADA)
}

async fn an_app_that_was_offered_is_on_once_its_code_comes_back(world: World) {
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let early = sign_in(accounts, ADA, None).await.unwrap();
    let replaced = App::offered(&world, &user.id).await;
    let app = App::offered(&world, &user.id).await;
    assert!(!accounts.view(&user.id).await.unwrap().is_2fa_enabled);
    for wrong in [replaced.code(&world, 0), app.code(&world, 2)] {
        let refused = enable(&world, &user.id, &wrong, None).await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated);
    }
    let first = app.code(&world, 0);
    let codes = enable(&world, &user.id, &first, None).await.unwrap();
    assert_eq!(codes.len(), 10);
    assert!(accounts.view(&user.id).await.unwrap().is_2fa_enabled);
    let ended = world.services.sessions.identify_user_token(&early.token);
    assert_eq!(kind(ended.await), FaultKind::Unauthenticated);

    let sessions = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL";
    let before = world.number(sessions).await;
    for code in [None, Some(&first), Some(&replaced.code(&world, 1))] {
        let refused = sign_in(accounts, ADA, code).await;
        assert!(asks_for_factor(refused));
    }
    assert_eq!(world.number(sessions).await, before);
    world.clock.advance(Duration::from_secs(30));
    let next = app.code(&world, 0);
    sign_in(accounts, ADA, Some(&next)).await.unwrap();

    world.clock.advance(Duration::from_secs(30));
    let off = app.code(&world, 0);
    disable(&world, &user.id, &off).await.unwrap();
    assert!(!accounts.view(&user.id).await.unwrap().is_2fa_enabled);
    sign_in(accounts, ADA, None).await.unwrap();
    for kept in ["authenticators", "recovery_codes"] {
        let number = match kept {
            "authenticators" => world.number("SELECT COUNT(*) FROM authenticators").await,
            _ => world.number("SELECT COUNT(*) FROM recovery_codes").await,
        };
        assert_eq!(number, 0, "{kept}");
    }
}

async fn a_code_is_good_once_and_one_step_off(world: World) {
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let (app, _) = App::on(&world, &user.id).await;
    // At the beginning of a step, long after the last one used.
    world.clock.advance(Duration::from_mins(10));
    for (steps, gets_in) in [(-2, false), (2, false), (-1, true), (-1, false), (0, true)] {
        let code = app.code(&world, steps);
        let outcome = sign_in(accounts, ADA, Some(&code)).await;
        assert_eq!(outcome.is_ok(), gets_in, "{steps}");
    }
    let early = app.code(&world, 1);
    sign_in(accounts, ADA, Some(&early)).await.unwrap();
    for _ in 0..2 {
        // Its own step has come, and it was used before.
        world.clock.advance(Duration::from_secs(30));
        let replayed = sign_in(accounts, ADA, Some(&early)).await;
        assert!(asks_for_factor(replayed));
    }
}

async fn of_many_with_one_code_one_gets_in(world: World) {
    let user = world.active(ADA).await;
    let (app, _) = App::on(&world, &user.id).await;
    let other = world.another_process().await;
    let code = app.code(&world, 0);
    let before = world.number("SELECT COUNT(*) FROM sessions").await;
    let (here, there) = (&world.services.accounts, &other.services.accounts);
    let (one, two, three, four) = tokio::join!(
        sign_in(here, ADA, Some(&code)),
        sign_in(there, ADA, Some(&code)),
        sign_in(here, ADA, Some(&code)),
        sign_in(there, ADA, Some(&code)),
    );
    let in_all = [one, two, three, four];
    assert_eq!(in_all.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for refused in in_all.into_iter().filter(Result::is_err) {
        assert!(asks_for_factor(refused));
    }
    let after = world.number("SELECT COUNT(*) FROM sessions").await;
    assert_eq!(after, before + 1);
    other.store.close().await;
}

async fn the_sixth_code_waits_and_a_recovery_code_does_not(world: World) {
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let (app, recovery) = App::on(&world, &user.id).await;
    // Right ones are no tries at the code.
    for _ in 0..6 {
        world.clock.advance(Duration::from_secs(30));
        let code = app.code(&world, 0);
        sign_in(accounts, ADA, Some(&code)).await.unwrap();
    }
    world.clock.advance(Duration::from_secs(30));
    let wrong = app.code(&world, 5);
    let networks: Vec<Origin> = (0..12).map(elsewhere).collect();
    let tries = networks
        .iter()
        .map(|from| accounts.login(ADA, PASSWORD, Some(&wrong), from));
    let outcomes = futures_util::future::join_all(tries).await;
    let compared = outcomes
        .into_iter()
        .filter(|outcome| {
            let fault = outcome.as_ref().unwrap_err();
            matches!(fault.kind(), FaultKind::SecondFactorRequired { .. })
        })
        .count();
    assert_eq!(compared, 5, "as many as at once, five are compared");
    let right = app.code(&world, 0);
    waits(sign_in(accounts, ADA, Some(&right)).await, 15 * 60);
    waits(disable(&world, &user.id, &right).await, 15 * 60);

    let lost: SecondFactorCode = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA".parse().unwrap();
    let refused = sign_in(accounts, ADA, Some(&lost)).await;
    assert!(asks_for_factor(refused));
    let helps = recovery[0].clone().into();
    sign_in(accounts, ADA, Some(&helps)).await.unwrap();
    world.clock.advance(Duration::from_secs(14 * 60 + 59));
    let right = app.code(&world, 0);
    waits(sign_in(accounts, ADA, Some(&right)).await, 1);
    world.clock.advance(Duration::from_secs(1));
    let right = app.code(&world, 0);
    sign_in(accounts, ADA, Some(&right)).await.unwrap();
}

/// That the app's codes are not looked at for so many seconds, and that it is for them.
fn waits<T: std::fmt::Debug>(outcome: Result<T, Fault>, seconds: u64) {
    let fault = outcome.unwrap_err();
    let retry_after_seconds = seconds;
    assert_eq!(
        *fault.kind(),
        FaultKind::RateLimited {
            retry_after_seconds
        }
    );
    let words = fault.next_step().unwrap();
    assert!(words.contains("authenticator app"), "{words}");
}

async fn each_recovery_code_opens_once(world: World) {
    let user = world.active(ADA).await;
    let (_, recovery) = App::on(&world, &user.id).await;
    let other = world.another_process().await;
    for (used, code) in recovery.into_iter().enumerate() {
        let code = code.into();
        let (one, two) = tokio::join!(
            sign_in(&world.services.accounts, ADA, Some(&code)),
            sign_in(&other.services.accounts, ADA, Some(&code)),
        );
        assert!(one.is_ok() != two.is_ok(), "the code number {used}");
        let again = sign_in(&world.services.accounts, ADA, Some(&code)).await;
        assert!(asks_for_factor(again));
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM recovery_codes").await, 0);
    other.store.close().await;
}

async fn a_walk_of_recovery_is_told_to_the_owner(world: World) {
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let (_, recovery) = App::on(&world, &user.id).await;
    for (position, code) in recovery.into_iter().enumerate() {
        let said = world.mails().len();
        sign_in(accounts, ADA, Some(&code.into())).await.unwrap();
        world.services.outbox.deliver_due().await.unwrap();
        let mails = world.mails();
        assert_eq!(mails.len(), said + 1);
        let newest = mails
            .into_iter()
            .rfind(|mail| mail.contains("Subject: A recovery code of yours was used"))
            .unwrap();
        let left = match 9 - position {
            0 => "It was the last one.".to_owned(),
            1 => "One is left.".to_owned(),
            number => format!("{number} are left."),
        };
        let words = newest.replace("=\r\n", "").replace("\r\n", " ");
        assert!(words.contains(&left), "{left}: {newest}");
    }
}

async fn recovery_codes_die_with_what_they_are_for(world: World) {
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let (app, old) = App::on(&world, &user.id).await;
    let new = enable(&world, &user.id, &app.code(&world, 0), None).await;
    let new = new.unwrap();
    for (number, dead) in old.iter().enumerate() {
        let code = dead.clone().into();
        let from = elsewhere(number);
        let refused = accounts.login(ADA, PASSWORD, Some(&code), &from).await;
        assert!(asks_for_factor(refused));
    }
    // One of them replaces them, too: the phone may be lost.
    let by_recovery = enable(&world, &user.id, &new[0].clone().into(), None).await;
    let newest = by_recovery.unwrap();
    let refused = sign_in(accounts, ADA, Some(&new[1].clone().into())).await;
    assert!(asks_for_factor(refused));
    let off = newest[0].clone().into();
    disable(&world, &user.id, &off).await.unwrap();
    let (_, _) = App::on(&world, &user.id).await;
    for (number, dead) in newest.into_iter().enumerate() {
        let from = elsewhere(100 + number);
        let code = dead.into();
        let refused = accounts.login(ADA, PASSWORD, Some(&code), &from).await;
        assert!(asks_for_factor(refused));
    }
}

async fn a_factor_that_is_on_is_replaced_by_who_has_it(world: World) {
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let code = mailed(&world, CodePurpose::TwoFactorAuth).await;
    enable_by_mail(&world, &user.id, &code).await.unwrap();

    // From mail to an app: somebody with a session alone does not.
    let first = App::offered(&world, &user.id).await;
    let shown = first.code(&world, 0);
    for wrong in [None, Some(shown.clone()), Some(code.into())] {
        let refused = enable(&world, &user.id, &shown, wrong.as_ref()).await;
        assert!(asks_for_factor(refused));
    }
    let code = mailed(&world, CodePurpose::TwoFactorAuth).await.into();
    let recovery = enable(&world, &user.id, &shown, Some(&code)).await.unwrap();

    // From one app to another: the first stays in force until then.
    let second = App::offered(&world, &user.id).await;
    world.clock.advance(Duration::from_secs(30));
    let shown = second.code(&world, 0);
    let refused = sign_in(accounts, ADA, Some(&shown)).await;
    assert!(asks_for_factor(refused));
    for wrong in [None, Some(shown.clone())] {
        let refused = enable(&world, &user.id, &shown, wrong.as_ref()).await;
        assert!(asks_for_factor(refused));
    }
    let held = first.code(&world, 0);
    sign_in(accounts, ADA, Some(&held)).await.unwrap();
    world.clock.advance(Duration::from_secs(30));
    let (shown, held) = (second.code(&world, 0), first.code(&world, 0));
    enable(&world, &user.id, &shown, Some(&held)).await.unwrap();
    world.clock.advance(Duration::from_secs(30));
    for dead in [first.code(&world, 0), recovery[0].clone().into()] {
        let refused = sign_in(accounts, ADA, Some(&dead)).await;
        assert!(asks_for_factor(refused));
    }
    let shown = second.code(&world, 0);
    sign_in(accounts, ADA, Some(&shown)).await.unwrap();
}

async fn mail_is_no_substitute_for_an_app(world: World) {
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let code = mailed(&world, CodePurpose::TwoFactorAuth).await;
    let (app, _) = App::on(&world, &user.id).await;
    let refused = sign_in(accounts, ADA, Some(&code.clone().into())).await;
    assert!(asks_for_factor(refused));
    let by_mail = enable_by_mail(&world, &user.id, &code).await;
    assert!(matches!(kind(by_mail), FaultKind::InvalidFields(_)));
    let off = disable(&world, &user.id, &code.into()).await;
    assert_eq!(kind(off), FaultKind::Unauthenticated);
    let refused = send(&world, CodePurpose::TwoFactorAuth).await;
    assert!(matches!(kind(refused), FaultKind::InvalidFields(_)));
    let code = app.code(&world, 0);
    sign_in(accounts, ADA, Some(&code)).await.unwrap();
}

async fn a_code_is_of_its_account(world: World) {
    let accounts = &world.services.accounts;
    let ada = world.active(ADA).await;
    let eve = world.active("eve@example.org").await;
    let (of_ada, recovery) = App::on(&world, &ada.id).await;
    let (of_eve, _) = App::on(&world, &eve.id).await;
    let hers = [of_ada.code(&world, 0), recovery[0].clone().into()];
    for code in &hers {
        let refused = sign_in(accounts, "eve@example.org", Some(code)).await;
        assert!(asks_for_factor(refused));
    }
    // Eve has the database and puts her own sealed seed into Ada's row.
    world
        .tamper(
            "UPDATE authenticators SET sealed_seed = (SELECT sealed_seed FROM authenticators AS other \
             WHERE other.user_id <> authenticators.user_id)",
        )
        .await
        .unwrap();
    let moved = sign_in(accounts, ADA, Some(&of_eve.code(&world, 0))).await;
    assert_eq!(kind(moved), FaultKind::Internal);
    let own = sign_in(accounts, ADA, Some(&hers[0])).await;
    assert_eq!(kind(own), FaultKind::Internal);
    sign_in(accounts, ADA, Some(&hers[1])).await.unwrap();
}
