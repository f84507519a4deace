//! Password hashes: Argon2id, at most one a core at a time, a short queue and then a refusal. Knows no account.

use std::sync::Arc;

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;

use crate::domain::password::Password;
use crate::domain::randomness::Randomness;
use crate::fault::{Fault, FaultKind, Service};

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;
const SALT_BYTES: usize = 16;
/// How many wait for a hash before the next is turned away.
const QUEUE: usize = 64;

/// What unknown accounts are checked against, so that they cost what known ones do. No password has this hash.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    Wrong,
    /// Right; `better_hash` is there where the stored one was made with weaker parameters.
    Right {
        better_hash: Option<String>,
    },
}

/// Makes and checks password hashes.
pub struct Passwords {
    randomness: Arc<dyn Randomness>,
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

impl Passwords {
    /// One hash at a time a core.
    pub fn new(randomness: Arc<dyn Randomness>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            randomness,
            running: Arc::new(Semaphore::new(cores)),
            admitted: Arc::new(Semaphore::new(cores + QUEUE)),
        }
    }

    /// The hash of a new password, as a PHC string.
    pub async fn hash(&self, password: &Password) -> Result<String, Fault> {
        let password = password.clone();
        let salt = self.salt();
        self.work(move || hash(password.expose(), &salt)).await?
    }

    /// Whether `password` is the one behind `stored`; without a stored hash it never is, at the same cost.
    pub async fn check(&self, password: &str, stored: Option<&str>) -> Result<Checked, Fault> {
        // No stored password is longer, so a longer one is only given something short to do the work on.
        let short = password.chars().take(Password::MAX_CHARACTERS + 1).count();
        let fits = short <= Password::MAX_CHARACTERS;
        let password = secrecy::SecretString::from(if fits { password } else { "" });
        let known = stored.is_some() && fits;
        let stored = stored.unwrap_or(NOBODY).to_owned();
        let salt = self.salt();
        let checked = self
            .work(move || {
                let password = secrecy::ExposeSecret::expose_secret(&password);
                check(password, &stored, &salt)
            })
            .await??;
        Ok(if known { checked } else { Checked::Wrong })
    }

    fn salt(&self) -> [u8; SALT_BYTES] {
        let mut salt = [0; SALT_BYTES];
        self.randomness.fill(&mut salt);
        salt
    }

    /// Does heavy work, a piece a core at a time. A caller who hangs up meanwhile gives no place away: the work goes on.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let busy = || Fault::new(FaultKind::Unavailable(Service::PasswordHashing));
        let place = Arc::clone(&self.admitted).try_acquire_owned();
        let place = place.map_err(|_| busy())?;
        let core = Arc::clone(&self.running).acquire_owned().await;
        let core = core.map_err(|_| busy())?;
        let working = tokio::task::spawn_blocking(move || {
            let done = job();
            drop((core, place));
            done
        });
        working.await.map_err(Fault::internal)
    }
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES))
        .map_err(|error| Fault::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str, salt: &[u8]) -> Result<String, Fault> {
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|error| Fault::internal(error.to_string()))?;
    Ok(hash.to_string())
}

fn check(password: &str, stored: &str, salt: &[u8]) -> Result<Checked, Fault> {
    let parsed = PasswordHash::new(stored).map_err(|error| Fault::internal(error.to_string()))?;
    if argon2()?
        .verify_password(password.as_bytes(), &parsed)
        .is_err()
    {
        return Ok(Checked::Wrong);
    }
    let better_hash = is_weaker(&parsed)
        .then(|| hash(password, salt))
        .transpose()?;
    Ok(Checked::Right { better_hash })
}

fn is_weaker(stored: &PasswordHash) -> bool {
    let Ok(params) = Params::try_from(stored) else {
        return true;
    };
    stored.algorithm.as_str() != Algorithm::Argon2id.as_str()
        || params.m_cost() < MEMORY_KIB
        || params.t_cost() < PASSES
        || stored
            .hash
            .as_ref()
            .is_none_or(|hash| hash.len() < OUTPUT_BYTES)
}

#[cfg(test)]
mod tests {
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
        while passwords.admitted.available_permits() > 0
            || passwords.running.available_permits() > 0
        {
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
}
