//! The sources of a few analyses, read and ready to be searched: reading them again for each question would cost more than
//! answering it. Bounded by what they take, and never kept past the time of what they were read from.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::analysis::material::Material;
use crate::analysis::search::Searcher;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{TaskId, UserId};

/// How many analyses are held at most, whatever they take.
const MAX_HELD: usize = 16;
/// What all of them may take together, in bytes.
const MAX_BYTES: usize = 256 * 1024 * 1024;
/// What a byte of a source's text takes with its positions and its index, roughly.
const BYTES_FOR_A_BYTE: usize = 8;

/// The sources of one analysis. The index is made when it is first asked for.
pub(super) struct Held {
    material: Arc<Material>,
    searcher: OnceLock<Searcher>,
    bytes: usize,
    until: Timestamp,
}

impl Held {
    pub(super) fn new(material: Material, until: Timestamp) -> Self {
        let sources = material.sources.iter().chain([&material.submission]);
        let texts: usize = sources.map(|source| source.text.as_str().len()).sum();
        Self {
            material: Arc::new(material),
            searcher: OnceLock::new(),
            bytes: texts.saturating_mul(BYTES_FOR_A_BYTE),
            until,
        }
    }

    pub(super) fn material(&self) -> &Material {
        &self.material
    }

    /// Costs much the first time: for the blocking pool.
    pub(super) fn searcher(&self) -> &Searcher {
        self.searcher
            .get_or_init(|| Searcher::new(self.material.clone()))
    }
}

/// Whose analysis it is.
type Key = (UserId, TaskId);

/// Those that were asked last, the newest at the end.
pub(super) struct Searchers {
    held: Mutex<Vec<(Key, Arc<Held>)>>,
    max_bytes: usize,
}

impl Default for Searchers {
    fn default() -> Self {
        Self {
            held: Mutex::default(),
            max_bytes: MAX_BYTES,
        }
    }
}

impl Searchers {
    fn all(&self) -> MutexGuard<'_, Vec<(Key, Arc<Held>)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is held for this key. What is past its time goes.
    pub(super) fn find(&self, key: &Key, now: Timestamp) -> Option<Arc<Held>> {
        let mut all = self.all();
        all.retain(|(_, held)| held.until > now);
        let position = all.iter().position(|(known, _)| known == key)?;
        let found = all.remove(position);
        let held = found.1.clone();
        all.push(found);
        Some(held)
    }

    /// Holds it, and lets those go that were not asked for longest. What is too large by itself is not held.
    pub(super) fn hold(&self, key: Key, held: &Arc<Held>) {
        let mut all = self.all();
        all.retain(|(known, _)| *known != key);
        if held.bytes > self.max_bytes {
            return;
        }
        all.push((key, held.clone()));
        while all.len() > MAX_HELD || total(&all) > self.max_bytes {
            all.remove(0);
        }
    }

    /// Lets all of an account go.
    pub(super) fn forget(&self, user_id: &UserId) {
        self.all().retain(|((owner, _), _)| owner != user_id);
    }

    /// Lets go what is past its time.
    pub(super) fn forget_old(&self, now: Timestamp) {
        self.all().retain(|(_, held)| held.until > now);
    }
}

fn total(all: &[(Key, Arc<Held>)]) -> usize {
    all.iter().map(|(_, held)| held.bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::randomness::SeededRandomness;

    fn held(bytes: usize, until: i64) -> Arc<Held> {
        Arc::new(Held {
            material: Arc::new(Material {
                submission: source(),
                sources: Vec::new(),
            }),
            searcher: OnceLock::new(),
            bytes,
            until: Timestamp(until),
        })
    }

    fn source() -> crate::domain::evidence::Source {
        use crate::domain::evidence::{Source, SourceKind};
        Source {
            id: Source::SUBMISSION.to_owned(),
            kind: SourceKind::Submission,
            name: Source::SUBMISSION.to_owned(),
            title: None,
            url: None,
            publisher: None,
            published_at: None,
            retrieved_at: Timestamp(0),
            sha256: String::new(),
            text: crate::domain::text::Text::new("It opened in 1931.".to_owned()),
            language: None,
            places: Vec::new(),
            records: Vec::new(),
            layouts: Vec::new(),
            read: None,
            unread: Vec::new(),
        }
    }

    #[test]
    fn what_is_least_wanted_goes_first() {
        let random = SeededRandomness::new(7);
        let user = UserId::random(&random);
        let keys: Vec<Key> = (0..4)
            .map(|_| (user.clone(), TaskId::random(&random)))
            .collect();
        let searchers = Searchers {
            max_bytes: 100,
            ..Searchers::default()
        };
        let is_held = |index: usize, now| searchers.find(&keys[index], Timestamp(now)).is_some();
        searchers.hold(keys[0].clone(), &held(40, 10));
        searchers.hold(keys[1].clone(), &held(40, 20));
        assert!(is_held(0, 0), "asked for again, it is the newest");
        searchers.hold(keys[2].clone(), &held(40, 20));
        assert!(!is_held(1, 0) && is_held(0, 0) && is_held(2, 0));
        searchers.hold(keys[3].clone(), &held(101, 20));
        assert!(!is_held(3, 0), "too large to be held");
        assert!(!is_held(0, 10) && is_held(2, 10), "its time is over");
        searchers.forget(&user);
        assert!(!is_held(2, 10));
    }
}
