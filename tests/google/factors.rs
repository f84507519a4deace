//! The second factor is asked for here as well, and a token outlives being asked for one.

use clara::domain::code::CodePurpose;
use clara::domain::email::Email;
use clara::domain::user::User;
use clara::fault::{Fault, FaultKind};
use clara::services::MAX_CODE_TRIES;

use crate::harness::{World, cases, origin};
use crate::signing::{ADA, Door};

cases![
    where_it_is_on_a_code_is_asked_for_and_the_token_stays_good,
    it_is_asked_for_before_anything_is_linked,
    a_used_token_costs_its_owner_no_try,
    wrong_codes_are_counted_as_everywhere,
];

const USED: &str = "SELECT COUNT(*) FROM google_tokens";
const SESSIONS: &str = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL";

async fn code(world: &World, purpose: CodePurpose) -> String {
    let email: Email = ADA.email.parse().unwrap();
    let accounts = &world.services.accounts;
    accounts
        .send_code(&email, purpose, &origin())
        .await
        .unwrap();
    world.newest_code(ADA.email).as_str().to_owned()
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
    assert_eq!(
        *outcome.unwrap_err().kind(),
        FaultKind::SecondFactorRequired
    );
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
