//! Password hashes: Argon2id, at most one a core at a time, a short queue and then a refusal. Knows no account.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
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
    memory: Arc<Memory>,
}

/// For how long nobody signs in before the memory of hashes is given back.
const IDLE: Duration = Duration::from_secs(5);

/// What hashes are made in: as many pieces as are needed at once, which is one a core at most. They are kept while people sign
/// in, for freed after each hash they would stay behind in the heap of each thread that made one; nobody needs them after.
#[derive(Default)]
struct Memory {
    pieces: Mutex<Vec<Vec<Block>>>,
    lent: AtomicU64,
    is_watched: AtomicBool,
}

impl Memory {
    /// Lends so many blocks for one hash.
    fn lend<T>(&self, blocks: usize, job: impl FnOnce(&mut [Block]) -> T) -> T {
        let pieces = || self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        self.lent.fetch_add(1, Ordering::Relaxed);
        let kept = pieces().pop();
        let mut piece = kept.unwrap_or_default();
        if piece.len() < blocks {
            piece.resize(blocks, Block::new());
        }
        let done = job(&mut piece);
        // A hash that somebody brought along may have been made with more.
        if piece.len() <= MEMORY_KIB as usize {
            pieces().push(piece);
        }
        done
    }

    /// Gives everything back once nothing was lent for a while. One task watches, however many hashes are made.
    fn free_when_idle(self: Arc<Self>) {
        if self.is_watched.swap(true, Ordering::AcqRel) {
            return;
        }
        tokio::spawn(async move {
            let mut seen = self.lent.load(Ordering::Relaxed);
            loop {
                tokio::time::sleep(IDLE).await;
                let lent = self.lent.load(Ordering::Relaxed);
                if lent == seen {
                    break;
                }
                seen = lent;
            }
            // From here on the next hash has itself watched anew.
            self.is_watched.store(false, Ordering::Release);
            let pieces =
                std::mem::take(&mut *self.pieces.lock().unwrap_or_else(PoisonError::into_inner));
            drop(pieces);
        });
    }
}

impl Passwords {
    /// One hash at a time a core.
    pub fn new(randomness: Arc<dyn Randomness>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            randomness,
            running: Arc::new(Semaphore::new(cores)),
            admitted: Arc::new(Semaphore::new(cores + QUEUE)),
            memory: Arc::default(),
        }
    }

    /// The hash of a new password, as a PHC string.
    pub async fn hash(&self, password: &Password) -> Result<String, Fault> {
        let password = password.clone();
        let salt = self.salt();
        let memory = Arc::clone(&self.memory);
        Arc::clone(&memory).free_when_idle();
        self.work(move || hash(password.expose(), &salt, &memory))
            .await?
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
        let memory = Arc::clone(&self.memory);
        Arc::clone(&memory).free_when_idle();
        let checked = self
            .work(move || {
                let password = secrecy::ExposeSecret::expose_secret(&password);
                check(password, &stored, &salt, &memory)
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

fn hash(password: &str, salt: &[u8], memory: &Memory) -> Result<String, Fault> {
    let internal = |error: argon2::password_hash::Error| Fault::internal(error.to_string());
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES))
        .map_err(|error| Fault::internal(error.to_string()))?;
    let named = ParamsString::try_from(&params).map_err(internal)?;
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    let argon2 = Argon2::new(algorithm, version, params);
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: named,
        salt: Some(Salt::new(salt).map_err(|error| Fault::internal(error.to_string()))?),
        hash: Some(output(&argon2, password, salt, memory)?),
    };
    Ok(hash.to_string())
}

fn output(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    memory: &Memory,
) -> Result<Output, Fault> {
    let length = argon2.params().output_len().unwrap_or(OUTPUT_BYTES);
    let mut output = vec![0; length];
    memory
        .lend(argon2.params().block_count(), |blocks| {
            argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, blocks)
        })
        .map_err(|error| Fault::internal(error.to_string()))?;
    Output::new(&output).map_err(|error| Fault::internal(error.to_string()))
}

fn check(password: &str, stored: &str, salt: &[u8], memory: &Memory) -> Result<Checked, Fault> {
    let parsed = PasswordHash::new(stored).map_err(|error| Fault::internal(error.to_string()))?;
    if !is_right(password, &parsed, memory) {
        return Ok(Checked::Wrong);
    }
    let better_hash = is_weaker(&parsed)
        .then(|| hash(password, salt, memory))
        .transpose()?;
    Ok(Checked::Right { better_hash })
}

/// Whether the stored hash is this password's, made as the hash itself says. What no hash of Argon2's is nobody's.
fn is_right(password: &str, stored: &PasswordHash, memory: &Memory) -> bool {
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else {
        return false;
    };
    let version = stored
        .version
        .map_or(Ok(Version::default()), Version::try_from);
    let algorithm = Algorithm::try_from(stored.algorithm.as_str());
    let (Ok(algorithm), Ok(version), Ok(params)) = (algorithm, version, Params::try_from(stored))
    else {
        return false;
    };
    let argon2 = Argon2::new(algorithm, version, params);
    // Outputs are compared in constant time.
    output(&argon2, password, salt, memory).is_ok_and(|found| found == *expected)
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
mod tests;
