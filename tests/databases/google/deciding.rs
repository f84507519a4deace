//! The store has the last word: whatever changed between the choice of a way and its transaction, nothing of it happens.

use clara::domain::clock::Clock as _;
use clara::domain::code::CodePurpose;
use clara::domain::email::Email;
use clara::domain::ids::{ApiKeyId, CodeId, SessionId, UserId};
use clara::domain::randomness::SystemRandomness;
use clara::domain::user::{ApiKey, User};
use clara::store::accounts::NewUser;
use clara::store::codes::{CodeTry, RightCode};
use clara::store::google::{AccountMatch, GoogleOutcome, GoogleSignIn, Making};
use clara::store::outbox::NewMail;
use clara::store::second_factors::SecondFactorProof;
use clara::store::sessions::NewSession;

use crate::google::harness::{World, cases, origin};
use crate::google::signing::{ADA, Door, GRACE};

cases![
    a_token_that_was_used_meanwhile_opens_nothing,
    a_second_factor_that_was_switched_on_meanwhile_is_asked_for,
    a_code_of_another_account_or_one_used_meanwhile_opens_nothing,
    an_account_that_may_not_be_linked_any_more_is_not,
    an_account_that_was_activated_meanwhile_is_not_replaced,
    a_google_account_that_has_an_account_by_now_gets_no_second,
];

fn sign_in(world: &World, user_id: &UserId, way: AccountMatch) -> GoogleSignIn {
    let now = world.clock.now();
    GoogleSignIn {
        subject: ADA.subject.parse().unwrap(),
        token_digest: "digest".to_owned(),
        kept_until: now,
        way,
        second_factor: SecondFactorProof::NotOn,
        seen: None,
        session: NewSession {
            id: SessionId::random(&SystemRandomness),
            user_id: user_id.clone(),
            created_at: now,
            expires_at: now,
            at_most: 50,
            address: None,
            face: "rest",
            proven_at: None,
        },
        audit: Vec::new(),
    }
}

fn linking(world: &World, user: &User) -> GoogleSignIn {
    let mail = NewMail {
        id: "mail".to_owned(),
        user_id: Some(user.id.clone()),
        kind: "google_added".to_owned(),
        recipient: user.email.to_string(),
        subject: String::new(),
        text: String::new(),
        html: String::new(),
        created_at: world.clock.now(),
        good_until: None,
    };
    sign_in(world, &user.id, AccountMatch::Linked(mail))
}

fn making(world: &World, email: &str, instead_of: Option<UserId>) -> GoogleSignIn {
    let (id, now) = (UserId::random(&SystemRandomness), world.clock.now());
    let making = Making {
        user: NewUser {
            id: id.clone(),
            email: email.parse().unwrap(),
            first_name: None,
            last_name: None,
            password_hash: None,
            is_active: true,
            created_at: now,
        },
        instead_of,
        api_key: ApiKey {
            id: ApiKeyId::random(&SystemRandomness),
            user_id: id.clone(),
            created_at: now,
            updated_at: now,
            last_used_at: None,
        },
        credit: None,
    };
    sign_in(world, &id, AccountMatch::Made(Box::new(making)))
}

/// Signs in, and nothing must come of it but this.
async fn comes_to(world: &World, new: &GoogleSignIn) -> GoogleOutcome {
    let numbers = async || {
        let mut numbers = Vec::new();
        for what in [
            "SELECT COUNT(*) FROM users",
            "SELECT COUNT(*) FROM users WHERE google_id IS NOT NULL",
            "SELECT COUNT(*) FROM sessions",
            "SELECT COUNT(*) FROM api_keys",
            "SELECT COUNT(*) FROM mails",
            "SELECT COUNT(*) FROM google_tokens",
            "SELECT COUNT(*) FROM codes WHERE used_at IS NOT NULL",
        ] {
            numbers.push(world.number(what).await);
        }
        numbers
    };
    let before = numbers().await;
    let outcome = world.store.google_sign_in(new).await.unwrap();
    assert_eq!(numbers().await, before, "{outcome:?}");
    outcome
}

async fn is_changed(world: &World, new: &GoogleSignIn) -> bool {
    matches!(comes_to(world, new).await, GoogleOutcome::Changed)
}

async fn a_token_that_was_used_meanwhile_opens_nothing(world: World) {
    let door = Door::open(world).await;
    let user = door.enter(ADA).await.unwrap().signed_in.user;
    let first = sign_in(&door.world, &user.id, AccountMatch::Known);
    let done = door.world.store.google_sign_in(&first).await.unwrap();
    assert!(matches!(done, GoogleOutcome::SignedIn(_)));
    let second = sign_in(&door.world, &user.id, AccountMatch::Known);
    let outcome = comes_to(&door.world, &second).await;
    assert!(matches!(outcome, GoogleOutcome::TokenUsed));
}

/// A code for the second factor that is right; switching it on uses up an earlier one.
async fn with_second_factor(world: &World, user: &User) -> RightCode {
    let accounts = &world.services.accounts;
    let (purpose, here) = (CodePurpose::TwoFactorAuth, origin());
    accounts
        .send_code(&user.email, purpose, &here)
        .await
        .unwrap();
    let code = world.newest_code(user.email.as_str());
    accounts
        .enable_2fa(&user.id, &code, None, &here)
        .await
        .unwrap();
    accounts
        .send_code(&user.email, purpose, &here)
        .await
        .unwrap();
    let now = world.clock.now();
    let attempt = CodeTry {
        user_id: &user.id,
        purpose,
        max_tries: 5,
        network: None,
        known_since: now,
        at: now,
    };
    let counted = world.store.count_code_try(&attempt).await;
    RightCode {
        id: counted.unwrap().unwrap().id,
        user_id: user.id.clone(),
    }
}

async fn a_second_factor_that_was_switched_on_meanwhile_is_asked_for(world: World) {
    let door = Door::open(world).await;
    let user = door.enter(ADA).await.unwrap().signed_in.user;
    let chosen = sign_in(&door.world, &user.id, AccountMatch::Known);
    let code = with_second_factor(&door.world, &user).await;
    assert!(is_changed(&door.world, &chosen).await);
    let second_factor = SecondFactorProof::Mailed(code);
    let with_code = GoogleSignIn {
        second_factor,
        ..chosen
    };
    let done = door.world.store.google_sign_in(&with_code).await.unwrap();
    assert!(matches!(done, GoogleOutcome::SignedIn(_)));
}

async fn a_code_of_another_account_or_one_used_meanwhile_opens_nothing(world: World) {
    let door = Door::open(world).await;
    let user = door.enter(ADA).await.unwrap().signed_in.user;
    let other = door.world.active(GRACE.email).await;
    with_second_factor(&door.world, &user).await;
    let others_code = with_second_factor(&door.world, &other).await;
    let mut chosen = sign_in(&door.world, &user.id, AccountMatch::Known);
    let used_up = RightCode {
        id: CodeId::random(&SystemRandomness),
        user_id: user.id,
    };
    for code in [others_code, used_up] {
        chosen.second_factor = SecondFactorProof::Mailed(code);
        let outcome = comes_to(&door.world, &chosen).await;
        assert!(matches!(outcome, GoogleOutcome::CodeUsed));
    }
}

async fn an_account_that_may_not_be_linked_any_more_is_not(world: World) {
    let user = world.active(ADA.email).await;
    for meanwhile in [
        "UPDATE users SET google_id = '2'",
        "UPDATE users SET google_id = NULL, is_active = FALSE",
        "UPDATE users SET is_active = TRUE, password_hash = NULL",
    ] {
        world.tamper(meanwhile).await.unwrap();
        assert!(
            is_changed(&world, &linking(&world, &user)).await,
            "{meanwhile}"
        );
    }
    let gone = linking(&world, &user);
    world
        .services
        .accounts
        .remove(&user.id, &origin())
        .await
        .unwrap();
    assert!(is_changed(&world, &gone).await);
}

async fn an_account_that_was_activated_meanwhile_is_not_replaced(world: World) {
    let squatter = world.register(ADA.email).await.user;
    let chosen = making(&world, ADA.email, Some(squatter.id.clone()));
    let (email, code): (Email, _) = (ADA.email.parse().unwrap(), world.newest_code(ADA.email));
    let accounts = &world.services.accounts;
    accounts.activate(&email, &code, &origin()).await.unwrap();
    assert!(is_changed(&world, &chosen).await);
    assert!(is_changed(&world, &making(&world, ADA.email, None)).await);
}

async fn a_google_account_that_has_an_account_by_now_gets_no_second(world: World) {
    let door = Door::open(world).await;
    door.enter(ADA).await.unwrap();
    let chosen = making(&door.world, "countess@gmail.com", None);
    assert!(is_changed(&door.world, &chosen).await);
    let other = door.world.active(GRACE.email).await;
    assert!(is_changed(&door.world, &linking(&door.world, &other)).await);
}
