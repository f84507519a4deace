//! What becomes of an account that is there already: taken over where nobody proved its address, linked where Google can say
//! whose it is, and left alone everywhere else.

use clara::domain::credits::Credits;
use clara::domain::email::Email;
use clara::domain::password::Password;
use clara::fault::FaultKind;
use futures_util::future::join;
use serde_json::{Value, json};

use crate::google::harness::{PASSWORD, World, cases, origin};
use crate::google::signing::{ADA, Door, GRACE, Person, claims, signed};

cases![
    an_account_that_was_never_activated_is_taken_over_and_its_maker_left_outside,
    whoever_activates_while_google_comes_keeps_or_loses_it_whole,
    googles_own_address_is_linked_and_its_owner_told_once,
    the_address_of_an_organisation_is_linked_by_its_members,
    an_address_that_google_does_not_give_out_is_not_linked,
    an_address_that_google_has_not_verified_links_nothing,
    an_account_of_another_google_account_is_never_linked_again,
    the_local_account_is_linked_only_after_somebody_proved_its_address,
    a_mailed_code_gives_an_account_of_googles_a_password,
    many_linking_at_once_link_once,
];

const LINKED: &str = "SELECT COUNT(*) FROM users WHERE google_id IS NOT NULL";

async fn password_opens(world: &World, email: &str) -> bool {
    let accounts = &world.services.accounts;
    accounts
        .login(email, PASSWORD, None, &origin())
        .await
        .is_ok()
}

async fn an_account_that_was_never_activated_is_taken_over_and_its_maker_left_outside(
    world: World,
) {
    let door = Door::open(world).await;
    let world = &door.world;
    let squatter = world.register(GRACE.email).await;
    let code = world.newest_code(GRACE.email);
    let GoogleOwner { user_id } = owner(&door, GRACE).await;
    assert_ne!(user_id, squatter.user.id.to_string());
    let sessions = &world.services.sessions;
    assert!(sessions.identify_user_token(&squatter.token).await.is_err());
    assert!(!password_opens(world, GRACE.email).await);
    let email: Email = GRACE.email.parse().unwrap();
    let accounts = &world.services.accounts;
    assert!(accounts.activate(&email, &code, &origin()).await.is_err());
    for (what, number) in [
        ("SELECT COUNT(*) FROM users", 1),
        (
            "SELECT COUNT(*) FROM users WHERE password_hash IS NOT NULL",
            0,
        ),
        ("SELECT COUNT(*) FROM sessions", 1),
        ("SELECT COUNT(*) FROM codes", 0),
        ("SELECT COUNT(*) FROM api_keys", 1),
        ("SELECT COUNT(*) FROM ledger_entries", 1),
    ] {
        assert_eq!(world.number(what).await, number, "{what}");
    }
    let trail = door.trail(Some(&squatter.user.id)).await;
    let expected = format!(r#"account_removed {{"by":"google","for":"{user_id}"}}"#);
    assert_eq!(*trail.last().unwrap(), expected);
}

struct GoogleOwner {
    user_id: String,
}

async fn owner(door: &Door, person: Person) -> GoogleOwner {
    let entered = door.enter(person).await.unwrap();
    assert!(entered.is_new, "registered, not logged in");
    GoogleOwner {
        user_id: entered.signed_in.user.id.to_string(),
    }
}

/// Both at once: either the code was first, and the account is one with a password, or Google was, and the password is gone.
async fn whoever_activates_while_google_comes_keeps_or_loses_it_whole(world: World) {
    let door = Door::open(world).await;
    let world = &door.world;
    for round in 0..8 {
        let email: &'static str = format!("grace{round}@example.org").leak();
        let subject: &'static str = format!("9{round}").leak();
        let person = Person {
            email,
            subject,
            hosted: None,
        };
        world.register(email).await;
        let (code, address) = (world.newest_code(email), email.parse().unwrap());
        let here = origin();
        let accounts = &world.services.accounts;
        let (activated, entered) = join(
            accounts.activate(&address, &code, &here),
            door.enter(person),
        )
        .await;
        assert_ne!(
            activated.is_ok(),
            entered.is_ok(),
            "{activated:?} {entered:?}"
        );
        assert_eq!(password_opens(world, email).await, activated.is_ok());
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM users").await, 8);
    let credits = world.number("SELECT COUNT(*) FROM ledger_entries").await;
    assert_eq!(credits, 5, "what one network gets a day");
}

async fn googles_own_address_is_linked_and_its_owner_told_once(world: World) {
    let door = Door::open(world).await;
    let world = &door.world;
    let before = world.active("Ada@Gmail.com").await;
    let mails = world.mails().len();
    let linked = door.enter(ADA).await.unwrap();
    assert!(!linked.is_new);
    assert_eq!(linked.signed_in.user.id, before.id);
    assert_eq!(
        linked.signed_in.user.credits,
        Credits::whole(100),
        "no second sign-up credit"
    );
    let told = world.mails();
    assert_eq!(told.len(), mails + 1);
    let mail = told.last().unwrap();
    assert!(
        mail.contains("Google sign-in was added") && mail.contains("To: Ada@Gmail.com"),
        "{mail}"
    );
    door.enter(ADA).await.unwrap();
    assert_eq!(world.mails().len(), mails + 1);
    assert!(
        password_opens(world, "ada@gmail.com").await,
        "the password still does"
    );
    let trail = door.trail(Some(&before.id)).await;
    assert!(trail.contains(&"google_linked {}".to_owned()), "{trail:?}");
    assert_eq!(world.number(LINKED).await, 1);
}

async fn the_address_of_an_organisation_is_linked_by_its_members(world: World) {
    let door = Door::open(world).await;
    let before = door.world.active(GRACE.email).await;
    let of_another = Person {
        hosted: Some("example.com"),
        ..GRACE
    };
    assert!(door.enter(of_another).await.is_err());
    let of_it = Person {
        hosted: Some("example.org"),
        ..GRACE
    };
    assert_eq!(
        door.enter(of_it).await.unwrap().signed_in.user.id,
        before.id
    );
}

async fn an_address_that_google_does_not_give_out_is_not_linked(world: World) {
    let door = Door::open(world).await;
    let world = &door.world;
    let before = world.active(GRACE.email).await;
    let mails = world.mails().len();
    let refused = door.enter(GRACE).await.unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::Unauthenticated);
    assert!(refused.next_step().unwrap().contains("auth_login"));
    assert_eq!(world.number(LINKED).await, 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM google_tokens").await, 0);
    assert_eq!(world.mails().len(), mails);
    assert!(password_opens(world, GRACE.email).await);
    let sessions = world
        .store
        .living_sessions(&before.id, clara::domain::clock::Clock::now(&*world.clock));
    assert_eq!(
        sessions.await.unwrap(),
        2,
        "of the registration and of this sign-in"
    );
}

async fn an_address_that_google_has_not_verified_links_nothing(world: World) {
    let door = Door::open(world).await;
    let world = &door.world;
    // Verified, this very address would be linked.
    let before = world.active(ADA.email).await;
    let (mails, trail) = (world.mails().len(), door.trail(Some(&before.id)).await);
    for said in [json!(false), json!("true"), Value::Null] {
        let mut claims = claims(ADA, door.now());
        claims["email_verified"] = said;
        let refused = door.show(&signed(&claims).parse().unwrap()).await;
        assert_eq!(
            *refused.unwrap_err().kind(),
            FaultKind::Unauthenticated,
            "{claims}"
        );
    }
    assert_eq!(world.number(LINKED).await, 0);
    assert_eq!(world.mails().len(), mails);
    assert_eq!(door.trail(Some(&before.id)).await, trail);
    assert!(password_opens(world, ADA.email).await);
    let linked = door.enter(ADA).await.unwrap();
    assert_eq!(linked.signed_in.user.id, before.id);
}

async fn an_account_of_another_google_account_is_never_linked_again(world: World) {
    let door = Door::open(world).await;
    let first = door.enter(ADA).await.unwrap().signed_in;
    let other = Person {
        subject: "330269484474386276334",
        ..ADA
    };
    let refused = door.enter(other).await.unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::Unauthenticated);
    assert!(
        refused
            .next_step()
            .unwrap()
            .contains("another Google account")
    );
    assert_eq!(
        door.enter(ADA).await.unwrap().signed_in.user.id,
        first.user.id
    );
    assert_eq!(door.world.number("SELECT COUNT(*) FROM users").await, 1);
}

async fn the_local_account_is_linked_only_after_somebody_proved_its_address(world: World) {
    let door = Door::open(world).await;
    let accounts = &door.world.services.accounts;
    let address: Email = ADA.email.parse().unwrap();
    let local = accounts
        .local_account(&address, Credits::whole(10_000))
        .await
        .unwrap();
    let refused = door.enter(ADA).await.unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::Unauthenticated);
    assert!(refused.next_step().unwrap().contains("local account"));
    assert_eq!(door.world.number(LINKED).await, 0);
    set_password(&door.world, ADA.email).await;
    assert_eq!(door.enter(ADA).await.unwrap().signed_in.user.id, local.id);
}

async fn set_password(world: &World, address: &str) {
    let accounts = &world.services.accounts;
    let email: Email = address.parse().unwrap();
    let purpose = clara::domain::code::CodePurpose::ChangePassword;
    accounts
        .send_code(&email, purpose, &origin())
        .await
        .unwrap();
    let code = world.newest_code(address);
    let password = Password::new(PASSWORD.to_owned()).unwrap();
    accounts
        .change_password(&email, &password, (&code).into(), None, &origin())
        .await
        .unwrap();
}

async fn a_mailed_code_gives_an_account_of_googles_a_password(world: World) {
    let door = Door::open(world).await;
    let first = door.enter(GRACE).await.unwrap().signed_in;
    assert!(
        !password_opens(&door.world, GRACE.email).await,
        "there is none"
    );
    set_password(&door.world, GRACE.email).await;
    let sessions = &door.world.services.sessions;
    assert!(
        sessions.identify_user_token(&first.token).await.is_err(),
        "it ends what was open"
    );
    assert!(password_opens(&door.world, GRACE.email).await);
    let again = door.enter(GRACE).await.unwrap();
    assert_eq!(
        (again.is_new, again.signed_in.user.id),
        (false, first.user.id)
    );
}

async fn many_linking_at_once_link_once(world: World) {
    let door = Door::open(world).await;
    let other = door.another_process().await;
    let before = door.world.active(ADA.email).await;
    let mails = door.world.mails().len();
    let entering = (0..10).map(|number| if number % 2 == 0 { &door } else { &other }.enter(ADA));
    for entered in futures_util::future::join_all(entering).await {
        assert_eq!(entered.unwrap().signed_in.user.id, before.id);
    }
    assert_eq!(door.world.mails().len(), mails + 1);
    other.world.store.close().await;
}
