use argon2::password_hash::PasswordHasher as _;

use super::*;
use crate::domain::randomness::SeededRandomness;

fn passwords() -> Passwords {
    Passwords::new(Arc::new(SeededRandomness::new(1)))
}

#[tokio::test]
async fn a_hash_has_the_promised_parameters_and_opens_to_its_password_only() {
    let passwords = passwords();
    let chosen = Password::new("pass: word ünï".to_owned()).unwrap();
    let hash = passwords.hash(&chosen).await.unwrap();
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
    let right = passwords
        .check("pass: word ünï", Some(&hash))
        .await
        .unwrap();
    assert_eq!(right, Checked::Right { better_hash: None });
    for wrong in ["pass: word uni", "", &"x".repeat(10_000)] {
        let checked = passwords.check(wrong, Some(&hash)).await.unwrap();
        assert_eq!(checked, Checked::Wrong);
        assert_eq!(passwords.check(wrong, None).await.unwrap(), Checked::Wrong);
    }
}

#[tokio::test]
async fn each_hash_has_a_whole_salt_of_its_own_and_its_whole_output() {
    let passwords = passwords();
    let chosen = Password::new("nine lamps of tin".to_owned()).unwrap();
    let mut parts = Vec::new();
    for _ in 0..2 {
        let hash = passwords.hash(&chosen).await.unwrap();
        let parsed = PasswordHash::new(&hash).unwrap();
        let (salt, output) = (parsed.salt.unwrap(), parsed.hash.unwrap());
        parts.push((salt.to_vec(), output.as_bytes().to_vec()));
    }
    for (salt, output) in &parts {
        assert_eq!((salt.len(), output.len()), (16, 32));
    }
    // Who has one password twice is not to be seen in a stolen table.
    assert_ne!(parts[0].0, parts[1].0);
    assert_ne!(parts[0].1, parts[1].1);
}

#[tokio::test]
async fn weaker_parameters_are_replaced_at_the_next_good_sign_in() {
    let weak = Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(8, 1, 1, Some(32)).unwrap(),
    );
    let stored: PasswordHash = weak.hash_password_with_salt(b"12345678", &[1; 16]).unwrap();
    let checked = passwords()
        .check("12345678", Some(&stored.to_string()))
        .await
        .unwrap();
    let Checked::Right {
        better_hash: Some(better),
    } = checked
    else {
        panic!("{checked:?}");
    };
    assert!(better.contains("m=19456,t=2,p=1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_a_core_is_hashed_sixty_four_wait_and_the_next_is_refused() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let passwords = Arc::new(passwords());
    let (release, held) = tokio::sync::watch::channel(false);
    let begin = || {
        let (passwords, mut held) = (Arc::clone(&passwords), held.clone());
        let runtime = tokio::runtime::Handle::current();
        tokio::spawn(async move {
            let job = move || runtime.block_on(held.wait_for(|is_over| *is_over)).is_ok();
            passwords.work(job).await
        })
    };
    let work: Vec<_> = (0..cores + QUEUE).map(|_| begin()).collect();
    // Each has its place as soon as it has run once.
    while passwords.admitted.available_permits() > 0 || passwords.running.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        let refused = begin().await.unwrap().unwrap_err();
        let busy = FaultKind::Unavailable(Service::PasswordHashing);
        assert_eq!(*refused.kind(), busy);
    }
    release.send(true).unwrap();
    for one in work {
        assert!(one.await.unwrap().unwrap());
    }
    assert_eq!(passwords.admitted.available_permits(), cores + 64);
    assert!(begin().await.unwrap().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_hashes_are_made_one_piece_of_memory_a_core_is_kept() {
    let passwords = Arc::new(passwords());
    let chosen = Password::new("nine lamps of tin".to_owned()).unwrap();
    let hash = passwords.hash(&chosen).await.unwrap();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let checks = (0..20).map(|_| passwords.check("nine lamps of tin", Some(&hash)));
    for checked in futures_util::future::join_all(checks).await {
        assert_eq!(checked.unwrap(), Checked::Right { better_hash: None });
    }
    // The library's own way of making one, with its own memory, is understood.
    let argon2 = Argon2::new(
        Algorithm::Argon2d,
        Version::V0x10,
        Params::new(1024, 3, 4, Some(24)).unwrap(),
    );
    let other: PasswordHash = argon2
        .hash_password_with_salt(b"12345678", &[3; 16])
        .unwrap();
    let other = other.to_string();
    assert_eq!(
        passwords.check("12345679", Some(&other)).await.unwrap(),
        Checked::Wrong
    );
    let right = passwords.check("12345678", Some(&other)).await.unwrap();
    assert!(matches!(
        right,
        Checked::Right {
            better_hash: Some(_)
        }
    ));
    let kept = passwords.memory.pieces.lock().unwrap();
    assert!((1..=cores).contains(&kept.len()), "{}", kept.len());
    assert!(kept.iter().all(|piece| piece.len() <= 19_456));
}

#[tokio::test]
async fn memory_is_given_back_when_nobody_signs_in() {
    let passwords = passwords();
    let chosen = Password::new("nine lamps of tin".to_owned()).unwrap();
    passwords.hash(&chosen).await.unwrap();
    let kept = || passwords.memory.pieces.lock().unwrap().len();
    assert_eq!(kept(), 1);
    tokio::time::pause();
    tokio::time::sleep(IDLE * 3).await;
    assert_eq!(kept(), 0);
    assert!(!passwords.memory.is_watched.load(Ordering::Acquire));
}

#[tokio::test]
async fn a_full_queue_refuses() {
    let mut passwords = passwords();
    passwords.admitted = Arc::new(Semaphore::new(0));
    let refused = passwords.check("x", None).await.unwrap_err();
    assert_eq!(
        *refused.kind(),
        FaultKind::Unavailable(Service::PasswordHashing)
    );
}
