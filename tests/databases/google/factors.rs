//! The second factor is asked for here as well, and a token outlives being asked for one.

use std::time::Duration;

use clara::domain::code::CodePurpose;
use clara::domain::email::Email;
use clara::domain::second_factor::SecondFactorCode;
use clara::domain::user::User;
use clara::fault::{Fault, FaultKind};
use clara::services::MAX_CODE_TRIES;

use crate::google::authenticator::App;
use crate::google::harness::{World, cases, origin};
use crate::google::signing::{ADA, Door, Person};

cases![
    where_it_is_on_a_code_is_asked_for_and_the_token_stays_good,
    it_is_asked_for_before_anything_is_linked,
    a_used_token_costs_its_owner_no_try,
    wrong_codes_are_counted_as_everywhere,
    an_app_is_asked_for_and_mail_is_no_substitute,
    an_app_is_asked_for_before_anything_is_linked,
];

const USED: &str = "SELECT COUNT(*) FROM google_tokens";
const SESSIONS: &str = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL";

async fn code(world: &World, purpose: CodePurpose) -> String {
    code_for(ADA, world, purpose).await
}

async fn code_for(person: Person, world: &World, purpose: CodePurpose) -> String {
    let email: Email = person.email.parse().unwrap();
    let accounts = &world.services.accounts;
    accounts
        .send_code(&email, purpose, &origin())
        .await
        .unwrap();
    world.newest_code(person.email).as_str().to_owned()
}

async fn switch_on(world: &World, user: &User) {
    let code = code(world, CodePurpose::TwoFactorAuth)
        .await
        .parse()
        .unwrap();
    let accounts = &world.services.accounts;
    accounts
        .enable_2fa(&user.id, &code, None, &origin())
        .await
        .unwrap();
}

fn wrong(code: &str) -> &'static str {
    if code == "111111" { "222222" } else { "111111" }
}

fn asks_for_a_code<T: std::fmt::Debug>(outcome: Result<T, Fault>) {
    assert!(matches!(
        outcome.unwrap_err().kind(),
        FaultKind::SecondFactorRequired { .. }
    ));
}

async fn where_it_is_on_a_code_is_asked_for_and_the_token_stays_good(world: World) {
    let door = Door::open(world).await;
    let world = &door.world;
    let user = door.enter(ADA).await.unwrap().signed_in.user;
    switch_on(world, &user).await;
    let (before, token) = (world.number(USED).await, door.token(ADA));
    asks_for_a_code(door.show(&token).await);
    let code = code(world, CodePurpose::TwoFactorAuth).await;
    asks_for_a_code(door.show_with(&token, Some(wrong(&code))).await);
    assert_eq!(
        (world.number(USED).await, world.number(SESSIONS).await),
        (before, 0)
    );
    let entered = door.show_with(&token, Some(&code)).await.unwrap();
    assert_eq!(entered.signed_in.user.id, user.id);
    assert_eq!(
        (world.number(USED).await, world.number(SESSIONS).await),
        (before + 1, 1)
    );
    let again = door.show_with(&token, Some(&code)).await.unwrap_err();
    assert_eq!(
        *again.kind(),
        FaultKind::Unauthenticated,
        "now the token is used"
    );
    asks_for_a_code(door.show_with(&door.token(ADA), Some(&code)).await);
}

async fn it_is_asked_for_before_anything_is_linked(world: World) {
    let door = Door::open(world).await;
    let world = &door.world;
    let user = world.active(ADA.email).await;
    switch_on(world, &user).await;
    let (mails, token) = (world.mails().len(), door.token(ADA));
    asks_for_a_code(door.show(&token).await);
    let linked = "SELECT COUNT(*) FROM users WHERE google_id IS NOT NULL";
    assert_eq!(world.number(linked).await, 0);
    assert_eq!(world.mails().len(), mails);
    let code = code(world, CodePurpose::TwoFactorAuth).await;
    door.show_with(&token, Some(&code)).await.unwrap();
    assert_eq!(world.number(linked).await, 1);
}

async fn a_used_token_costs_its_owner_no_try(world: World) {
    let door = Door::open(world).await;
    let world = &door.world;
    let token = door.token(ADA);
    let user = door.show(&token).await.unwrap().signed_in.user;
    switch_on(world, &user).await;
    let code = code(world, CodePurpose::TwoFactorAuth).await;
    for _ in 0..=MAX_CODE_TRIES {
        let refused = door
            .show_with(&token, Some(wrong(&code)))
            .await
            .unwrap_err();
        assert_eq!(*refused.kind(), FaultKind::Unauthenticated);
    }
    door.show_with(&door.token(ADA), Some(&code)).await.unwrap();
}

async fn wrong_codes_are_counted_as_everywhere(world: World) {
    let door = Door::open(world).await;
    let world = &door.world;
    let user = door.enter(ADA).await.unwrap().signed_in.user;
    switch_on(world, &user).await;
    let code = code(world, CodePurpose::TwoFactorAuth).await;
    let token = door.token(ADA);
    for _ in 0..MAX_CODE_TRIES {
        asks_for_a_code(door.show_with(&token, Some(wrong(&code))).await);
    }
    asks_for_a_code(door.show_with(&token, Some(&code)).await);
}

/// How many accounts Google signs in to.
const LINKED: &str = "SELECT COUNT(*) FROM users WHERE google_id IS NOT NULL";

/// With an app on, one token opens with what proves the app and with nothing else; with no code, with one of a mail, and
/// with a wrong one the answer is 401 and asks for the second factor. All of these leave the token good.
async fn opens_only_with(
    door: &Door,
    person: Person,
    mailed: &[String],
    app: &App,
    right: &SecondFactorCode,
) {
    let world = &door.world;
    let (sessions, used) = (world.number(SESSIONS).await, world.number(USED).await);
    let linked = world.number(LINKED).await;
    let token = door.token(person);
    let wrong = app.code(world, 7).to_string();
    let lost = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA".to_owned();
    let mut shown = vec![None, Some(wrong.as_str()), Some(lost.as_str())];
    shown.extend(mailed.iter().map(|code| Some(code.as_str())));
    for code in shown {
        let refused = door.show_with(&token, code).await.unwrap_err();
        assert!(
            matches!(*refused.kind(), FaultKind::SecondFactorRequired { .. }),
            "{code:?}"
        );
        assert_eq!(refused.answer("r").status, 401);
        assert_eq!(world.number(SESSIONS).await, sessions);
        assert_eq!(world.number(USED).await, used);
        assert_eq!(world.number(LINKED).await, linked);
    }
    let right = right.to_string();
    door.show_with(&token, Some(&right)).await.unwrap();
    assert_eq!(world.number(SESSIONS).await, sessions + 1);
    assert_eq!(world.number(USED).await, used + 1);
    // What opened once opens nothing with the next token.
    asks_for_a_code(door.show_with(&door.token(person), Some(&right)).await);
}

async fn an_app_is_asked_for_and_mail_is_no_substitute(world: World) {
    let door = Door::open(world).await;
    let world = &door.world;
    let user = door.enter(ADA).await.unwrap().signed_in.user;
    // Of two purposes, from before the app was on, and both still living.
    let mut mailed = Vec::new();
    for purpose in [CodePurpose::TwoFactorAuth, CodePurpose::ChangePassword] {
        mailed.push(code(world, purpose).await);
    }
    let (app, recovery) = App::on(world, &user.id).await;
    let shown = app.code(world, 0);
    opens_only_with(&door, ADA, &mailed, &app, &shown).await;
    // Past the wait of the app's own limit.
    world.clock.advance(Duration::from_mins(16));
    let kept = recovery[0].clone().into();
    opens_only_with(&door, ADA, &[], &app, &kept).await;
}

async fn an_app_is_asked_for_before_anything_is_linked(world: World) {
    let bob = Person {
        subject: "440169484474386276334",
        email: "bob@gmail.com",
        hosted: None,
    };
    let door = Door::open(world).await;
    let world = &door.world;
    for (person, is_by_app) in [(ADA, true), (bob, false)] {
        let user = world.active(person.email).await;
        let mailed = code_for(person, world, CodePurpose::TwoFactorAuth).await;
        let (app, recovery) = App::on(world, &user.id).await;
        let right = if is_by_app {
            app.code(world, 0)
        } else {
            recovery[0].clone().into()
        };
        let before = world.number(LINKED).await;
        opens_only_with(&door, person, &[mailed], &app, &right).await;
        assert_eq!(world.number(LINKED).await, before + 1);
    }
}
