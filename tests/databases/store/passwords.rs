//! Which passwords are taken: judged by the deployment's rules before anything is hashed or written, and replaced by a
//! better hash when the old one's parameters are too weak.

use std::fmt::Write as _;

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use clara::adapters::breached::BreachedPasswords;
use clara::domain::code::CodePurpose;
use clara::domain::password::Password;
use clara::fault::{Fault, FaultKind};
use clara::services::accounts::{NewAccount, SignedIn};
use clara::services::guarding::Guarding;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::store::common::{email, kind};
use crate::store::harness::{PASSWORD, World, cases, origin};

cases![
    a_weak_password_makes_no_account,
    a_deployment_may_ask_for_more_characters,
    a_new_password_is_judged_by_what_its_owner_is_called_and_the_code_stays_good,
    a_leaked_password_is_refused_and_a_silent_list_refuses_nobody,
    a_leaked_password_is_no_new_password_either,
    a_weaker_hash_is_replaced_at_the_next_good_sign_in,
];

async fn register(world: &World, address: &str, password: &str) -> Result<SignedIn, Fault> {
    let new = NewAccount {
        email: email(address),
        first_name: "Wilhelmina".parse().unwrap(),
        last_name: "Quill".parse().unwrap(),
        password: Password::new(password.to_owned()).unwrap(),
    };
    world.services.accounts.register(new, &origin()).await
}

fn problem(outcome: Result<impl std::fmt::Debug, Fault>) -> String {
    match kind(outcome) {
        FaultKind::InvalidFields(problems) if problems[0].field == "password" => {
            problems[0].problem.clone()
        }
        other => panic!("{other:?}"),
    }
}

async fn a_weak_password_makes_no_account(world: World) {
    let host = Guarding::new(
        8,
        Some("facts.harbour.example"),
        BreachedPasswords::Off,
        false,
    );
    let world = world.guarding(host);
    for (password, words) in [
        ("password", "too easy to guess"),
        ("passwordpassword", "too easy to guess"),
        ("aaaaaaaaaaaaaaaaaaaa", "too easy to guess"),
        ("Wilhelmina1", "must not be made of"),
        ("facts.harbour.example", "must not be made of"),
        ("bob.otterby@example.org", "must not be made of"),
    ] {
        let refused = problem(register(&world, "bob.otterby@example.org", password).await);
        assert!(refused.contains(words), "{password}: {refused}");
    }
    let written = "SELECT (SELECT COUNT(*) FROM users) + (SELECT COUNT(*) FROM mails) + (SELECT COUNT(*) FROM audit_entries)";
    assert_eq!(world.number(written).await, 0);
    let crabs = "\u{1f980}".repeat(128);
    register(&world, "bob.otterby@example.org", &crabs)
        .await
        .unwrap();
    let accounts = &world.services.accounts;
    let signed_in = accounts
        .login("bob.otterby@example.org", &crabs, None, &origin())
        .await;
    signed_in.unwrap();
}

async fn a_deployment_may_ask_for_more_characters(world: World) {
    let world = world.guarding(Guarding::new(15, None, BreachedPasswords::Off, false));
    let refused = problem(register(&world, "bob@example.org", "kX9!vQ2z#Lp4wB").await);
    assert_eq!(refused, "must be 15 to 128 characters");
    register(&world, "bob@example.org", "kX9!vQ2z#Lp4wB7")
        .await
        .unwrap();
}

async fn a_new_password_is_judged_by_what_its_owner_is_called_and_the_code_stays_good(
    world: World,
) {
    let address = email("bob@example.org");
    register(&world, "bob@example.org", PASSWORD).await.unwrap();
    let accounts = &world.services.accounts;
    let purpose = CodePurpose::ChangePassword;
    accounts
        .send_code(&address, purpose, &origin())
        .await
        .unwrap();
    let code = world.newest_code("bob@example.org");
    let change = async |password: &str| {
        let password = Password::new(password.to_owned()).unwrap();
        accounts
            .change_password(&address, &password, (&code).into(), None, &origin())
            .await
    };
    let tries = "SELECT tries FROM codes WHERE purpose = 'CHANGE_PASSWORD'";
    assert!(problem(change("password1").await).contains("too easy"));
    assert_eq!(world.number(tries).await, 0, "the code was not looked at");
    assert!(problem(change("wilhelminaquill").await).contains("must not be made of"));
    change("nine lamps of tin").await.unwrap();
    let from = origin();
    let signed_in = accounts.login("bob@example.org", "nine lamps of tin", None, &from);
    signed_in.await.unwrap();
}

/// A list that answers every look-up with this.
async fn list(answer: &'static str) -> BreachedPasswords {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/range/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    BreachedPasswords::service(base.parse().unwrap())
}

/// A list that holds this password.
async fn list_with(leaked: &str) -> BreachedPasswords {
    // It is told how the digest begins, and answers with the rest.
    let hit = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\
               LEAKED:7\r\n";
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, leaked.as_bytes());
    let mut hex = String::new();
    for byte in digest.as_ref() {
        write!(hex, "{byte:02X}").unwrap();
    }
    list(hit.replace("LEAKED", &hex[5..]).leak()).await
}

async fn a_leaked_password_is_refused_and_a_silent_list_refuses_nobody(world: World) {
    let leaked = "nine lamps of tin";
    let guarded = world.guarding(Guarding::new(8, None, list_with(leaked).await, false));
    let refused = problem(register(&guarded, "bob@example.org", leaked).await);
    assert!(refused.contains("stolen elsewhere"), "{refused}");
    assert_eq!(world.number("SELECT COUNT(*) FROM users").await, 0);
    register(&guarded, "bob@example.org", "seven mossy kettles")
        .await
        .unwrap();

    let broken = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
    let unguarded = world.guarding(Guarding::new(8, None, list(broken).await, false));
    register(&unguarded, "eve@example.org", leaked)
        .await
        .unwrap();
}

async fn a_leaked_password_is_no_new_password_either(world: World) {
    let leaked = "nine lamps of tin";
    let guarded = world.guarding(Guarding::new(8, None, list_with(leaked).await, false));
    let bob = email("bob@example.org");
    guarded.active("bob@example.org").await;
    let accounts = &guarded.services.accounts;
    let purpose = CodePurpose::ChangePassword;
    accounts.send_code(&bob, purpose, &origin()).await.unwrap();
    let code = guarded.newest_code("bob@example.org");
    let change = async |password: &str| {
        let password = Password::new(password.to_owned()).unwrap();
        accounts
            .change_password(&bob, &password, (&code).into(), None, &origin())
            .await
    };
    let refused = problem(change(leaked).await);
    assert!(refused.contains("stolen elsewhere"), "{refused}");
    // Its code is good for another one.
    change("seven mossy kettles").await.unwrap();
}

async fn a_weaker_hash_is_replaced_at_the_next_good_sign_in(world: World) {
    world.active("ada@example.org").await;
    let parameters = Params::new(64, 1, 1, Some(32)).unwrap();
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let weak: PasswordHash = weak
        .hash_password_with_salt(PASSWORD.as_bytes(), &[1; 16])
        .unwrap();
    let sql = format!("UPDATE users SET password_hash = '{weak}'");
    world.tamper(sql.leak()).await.unwrap();
    let weak_rows = "SELECT COUNT(*) FROM users WHERE password_hash LIKE '%m=64,t=1,p=1%'";
    let accounts = &world.services.accounts;
    let refused = accounts
        .login("ada@example.org", "wrong", None, &origin())
        .await;
    assert_eq!(kind(refused), FaultKind::Unauthenticated);
    assert_eq!(world.number(weak_rows).await, 1);
    for _ in 0..2 {
        let signed_in = accounts
            .login("ada@example.org", PASSWORD, None, &origin())
            .await;
        signed_in.unwrap();
        let strong = "SELECT COUNT(*) FROM users WHERE password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'";
        assert_eq!(world.number(strong).await, 1);
    }
}
