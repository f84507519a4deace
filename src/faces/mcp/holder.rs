//! To whom a session belongs, without keeping their proof: a digest of what they showed. And how many sessions or streams
//! one caller may hold at a time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::ExposeSecret;
use sha2::{Digest as _, Sha256};

use crate::operations::caller::Presented;

/// The digest of a proof. Two are equal where the same headers were shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holder([u8; 32]);

impl Holder {
    /// Whoever shows this.
    pub fn of(presented: &Presented) -> Self {
        let mut digest = Sha256::new();
        if let Presented::Headers {
            authorization,
            user_id,
        } = presented
        {
            let authorization = authorization.as_ref().map(ExposeSecret::expose_secret);
            for part in [authorization, user_id.as_deref()] {
                // With its length in front, so that one header cannot run into the other.
                let length = part.map_or(u64::MAX, |part| part.len() as u64);
                digest.update(length.to_be_bytes());
                digest.update(part.unwrap_or_default());
            }
        }
        Self(digest.finalize().into())
    }
}

/// So many places in all, and so many for each.
#[derive(Debug, Clone)]
pub struct Places<K: Eq + Hash + Clone>(Arc<Inner<K>>);

#[derive(Debug)]
struct Inner<K> {
    most: usize,
    most_each: usize,
    taken: Mutex<Taken<K>>,
}

#[derive(Debug)]
struct Taken<K> {
    all: usize,
    by_key: HashMap<K, usize>,
}

/// One taken place, free again when it is dropped.
#[derive(Debug)]
pub struct Place<K: Eq + Hash + Clone> {
    places: Places<K>,
    key: K,
}

impl<K: Eq + Hash + Clone> Places<K> {
    pub fn new(most: usize, most_each: usize) -> Self {
        Self(Arc::new(Inner {
            most,
            most_each,
            taken: Mutex::new(Taken {
                all: 0,
                by_key: HashMap::new(),
            }),
        }))
    }

    /// A place for `key`; `None` where there is none left.
    pub fn take(&self, key: K) -> Option<Place<K>> {
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.by_key.get(&key).copied().unwrap_or_default();
        if own >= self.0.most_each || taken.all >= self.0.most {
            return None;
        }
        *taken.by_key.entry(key.clone()).or_default() += 1;
        taken.all += 1;
        Some(Place {
            places: self.clone(),
            key,
        })
    }
}

impl<K: Eq + Hash + Clone> Drop for Place<K> {
    fn drop(&mut self) {
        let taken = &self.places.0.taken;
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Some(count) = taken.by_key.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.by_key.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(authorization: Option<&str>, user_id: Option<&str>) -> Holder {
        Holder::of(&Presented::Headers {
            authorization: authorization.map(Into::into),
            user_id: user_id.map(str::to_owned),
        })
    }

    #[test]
    fn a_holder_is_known_by_both_headers() {
        assert_eq!(shown(Some("a"), Some("b")), shown(Some("a"), Some("b")));
        let others = [
            shown(Some("a"), None),
            shown(None, Some("b")),
            shown(Some("ab"), Some("")),
            shown(Some(""), Some("ab")),
            shown(Some(""), None),
            shown(None, None),
        ];
        for other in others {
            assert_ne!(shown(Some("a"), Some("b")), other);
        }
    }

    #[test]
    fn places_are_limited_in_all_and_for_each_and_come_free() {
        let places = Places::new(3, 2);
        let first = places.take('a').unwrap();
        let _second = places.take('a').unwrap();
        assert!(places.take('a').is_none(), "two for each");
        let _third = places.take('b').unwrap();
        assert!(places.take('c').is_none(), "three in all");
        drop(first);
        assert!(places.take('c').is_some());
    }
}
