//! What a database says without the secret key, and how seeds follow it from one key to the next.

use std::fmt::Write as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use clara::fault::FaultKind;
use clara::services::accounts::SeedCounts;

use crate::store::authenticator::App;
use crate::store::common::{email, kind};
use crate::store::harness::{Engine, World, cases, origin};
use crate::store::second_factor::sign_in;

cases![
    without_the_key_a_database_yields_no_seed,
    seeds_follow_the_key_together,
    a_seed_follows_the_key_at_its_use,
    eight_processes_do_no_more_than_one,
    a_code_mailed_under_the_key_before_still_opens,
];

const ADA: &str = "ada@example.org";

fn counts(present: u64, previous: u64, lost: u64) -> SeedCounts {
    SeedCounts {
        present,
        previous,
        lost,
    }
}

async fn without_the_key_a_database_yields_no_seed(world: World) {
    let user = world.active(ADA).await;
    let (app, recovery) = App::on(&world, &user.id).await;
    let seed = app.seed();
    let row = world
        .text("SELECT sealed_seed FROM authenticators WHERE is_confirmed")
        .await;
    let bytes = URL_SAFE_NO_PAD.decode(&row).unwrap();
    // A nonce of 12 bytes, the seed's 20, a tag of 16.
    assert_eq!(bytes.len(), 48);
    assert!(
        !bytes
            .windows(4)
            .any(|part| seed.windows(4).any(|known| part == known))
    );

    // No table holds it in any writing, nor a recovery code.
    let base32 = base32::encode(base32::Alphabet::Rfc4648 { padding: false }, seed);
    let mut hex = String::new();
    for byte in seed {
        write!(hex, "{byte:02x}").unwrap();
    }
    let mut words = vec![
        base32,
        hex,
        STANDARD.encode(seed),
        URL_SAFE_NO_PAD.encode(seed),
    ];
    for code in &recovery {
        words.extend([code.to_string(), code.as_str().to_owned()]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let found = crate::store::removal::found(&world, &words).await;
    assert!(found.is_empty(), "{found:?}");

    // The same database under another key.
    let stranger = world.under(7, None);
    let refused = sign_in(&stranger.services.accounts, ADA, Some(&app.code(&world, 0))).await;
    assert_eq!(kind(refused), FaultKind::Internal);
    let seeds = stranger.services.accounts.count_seeds().await.unwrap();
    assert_eq!(seeds, counts(0, 0, 1));
    assert_eq!(stranger.services.accounts.reseal_all().await.unwrap(), 0);
}

async fn seeds_follow_the_key_together(world: World) {
    let user = world.active(ADA).await;
    let (app, _) = App::on(&world, &user.id).await;
    // One that waits for its first code follows, too.
    let eve = world.active("eve@example.org").await;
    App::offered(&world, &eve.id).await;
    let changed = world.under(43, Some(42));
    let accounts = &changed.services.accounts;
    assert_eq!(accounts.count_seeds().await.unwrap(), counts(0, 2, 0));
    assert_eq!(accounts.reseal_all().await.unwrap(), 2);
    assert_eq!(accounts.count_seeds().await.unwrap(), counts(2, 0, 0));
    assert_eq!(accounts.reseal_all().await.unwrap(), 0);

    let without = world.under(43, None);
    let code = app.code(&world, 0);
    sign_in(&without.services.accounts, ADA, Some(&code))
        .await
        .unwrap();
    world.clock.advance(Duration::from_secs(30));
    let code = app.code(&world, 0);
    let old = sign_in(&world.services.accounts, ADA, Some(&code)).await;
    assert_eq!(kind(old), FaultKind::Internal);
}

async fn a_seed_follows_the_key_at_its_use(world: World) {
    let user = world.active(ADA).await;
    let (app, _) = App::on(&world, &user.id).await;
    let changed = world.under(43, Some(42));
    let accounts = &changed.services.accounts;
    // A wrong code is a use: the seed was open anyway.
    let refused = sign_in(accounts, ADA, Some(&app.code(&world, 7))).await;
    assert!(matches!(
        kind(refused),
        FaultKind::SecondFactorRequired { .. }
    ));
    assert_eq!(accounts.count_seeds().await.unwrap(), counts(1, 0, 0));
    let without = world.under(43, None);
    let code = app.code(&world, 0);
    sign_in(&without.services.accounts, ADA, Some(&code))
        .await
        .unwrap();
}

async fn a_code_mailed_under_the_key_before_still_opens(world: World) {
    let ada = email(ADA);
    world.register(ADA).await;
    let code = world.newest_code(ADA);
    // Without the key it was made with, nobody can tell that it is right.
    let without = world.under(43, None).services.accounts;
    let refused = without.activate(&ada, &code, &origin()).await;
    assert_eq!(kind(refused), FaultKind::Unauthenticated);
    let changed = world.under(43, Some(42)).services.accounts;
    let activated = changed.activate(&ada, &code, &origin()).await;
    assert!(activated.unwrap().is_active);
}

async fn eight_processes_do_no_more_than_one(world: World) {
    let user = world.active(ADA).await;
    let (app, _) = App::on(&world, &user.id).await;
    // More than one batch: each further row says that it is the first one's owner's, which none is.
    world
        .tamper(match world.engine {
            Engine::Sqlite => {
                "INSERT INTO users (id, email, email_key, is_active, created_at, updated_at) \
                 SELECT 'user_' || printf('%032x', value), value || '@example.org', value || '@example.org', TRUE, 0, 0 \
                 FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 250) SELECT value FROM n); \
                 INSERT INTO authenticators (id, user_id, is_confirmed, sealed_seed, key_name, created_at) \
                 SELECT 'a' || users.id, users.id, TRUE, sealed_seed, key_name, 0 FROM users, authenticators \
                 WHERE users.email LIKE '%@example.org' AND users.created_at = 0"
            }
            Engine::Postgres => {
                "INSERT INTO users (id, email, email_key, is_active, created_at, updated_at) \
                 SELECT 'user_' || lpad(to_hex(value), 32, '0'), value || '@example.org', value || '@example.org', TRUE, 0, 0 \
                 FROM generate_series(1, 250) AS value; \
                 INSERT INTO authenticators (id, user_id, is_confirmed, sealed_seed, key_name, created_at) \
                 SELECT 'a' || users.id, users.id, TRUE, sealed_seed, key_name, 0 FROM users, authenticators \
                 WHERE users.email LIKE '%@example.org' AND users.created_at = 0"
            }
        })
        .await
        .unwrap();
    let changed: Vec<_> = (0..8).map(|_| world.under(43, Some(42))).collect();
    let passes = changed
        .iter()
        .map(|process| process.services.accounts.reseal_all());
    let done: u64 = futures_util::future::join_all(passes)
        .await
        .into_iter()
        .map(Result::unwrap)
        .sum();
    assert_eq!(done, 1, "the one that opens, once");
    let seeds = changed[0].services.accounts.count_seeds().await.unwrap();
    assert_eq!(seeds, counts(1, 250, 0));
    let code = app.code(&world, 0);
    sign_in(&changed[0].services.accounts, ADA, Some(&code))
        .await
        .unwrap();
}
