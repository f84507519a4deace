//! The one limiter for what is open at the same time: connections, streams, sessions. So much in all, for each caller and for
//! each network.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::network::CountedNetwork;

/// How many places there are.
#[derive(Debug, Clone, Copy)]
pub struct ConcurrencyLimits {
    pub total: usize,
    pub each: usize,
    /// For all callers of one network together; a larger network of IPv6 has its share of them.
    pub network: usize,
}

/// So many places in all, so many for each caller and for each network.
#[derive(Debug, Clone)]
pub struct ConcurrencyLimiter<K: Eq + Hash + Clone>(Arc<Inner<K>>);

#[derive(Debug)]
struct Inner<K> {
    bounds: ConcurrencyLimits,
    taken: Mutex<InUse<K>>,
}

#[derive(Debug)]
struct InUse<K> {
    all: usize,
    by_key: HashMap<K, usize>,
    by_network: HashMap<CountedNetwork, usize>,
}

/// One taken place, free again when it is dropped.
#[derive(Debug)]
pub struct ConcurrencyPermit<K: Eq + Hash + Clone> {
    places: ConcurrencyLimiter<K>,
    key: K,
    networks: Vec<CountedNetwork>,
}

impl<K: Eq + Hash + Clone> ConcurrencyLimiter<K> {
    pub fn new(bounds: ConcurrencyLimits) -> Self {
        Self(Arc::new(Inner {
            bounds,
            taken: Mutex::new(InUse {
                all: 0,
                by_key: HashMap::new(),
                by_network: HashMap::new(),
            }),
        }))
    }

    /// A place for `key`, who comes from this address; `None` where there is none left.
    pub fn take(&self, key: K, address: Option<IpAddr>) -> Option<ConcurrencyPermit<K>> {
        let networks = address.map(CountedNetwork::all_of).unwrap_or_default();
        let bounds = self.0.bounds;
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.by_key.get(&key).copied().unwrap_or_default();
        let is_full = |network: &CountedNetwork| {
            let count = taken.by_network.get(network).copied().unwrap_or_default();
            count >= bounds.network.saturating_mul(network.share() as usize)
        };
        if own >= bounds.each || taken.all >= bounds.total || networks.iter().any(is_full) {
            return None;
        }
        *taken.by_key.entry(key.clone()).or_default() += 1;
        for network in &networks {
            *taken.by_network.entry(*network).or_default() += 1;
        }
        taken.all += 1;
        Some(ConcurrencyPermit {
            places: self.clone(),
            key,
            networks,
        })
    }
}

impl<K: Eq + Hash + Clone> ConcurrencyLimiter<K> {
    /// How many places `key` has taken.
    pub fn taken_by(&self, key: &K) -> usize {
        let taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.by_key.get(key).copied().unwrap_or_default()
    }
}

impl<K: Eq + Hash + Clone> ConcurrencyPermit<K> {
    /// For whom it was taken.
    pub fn key(&self) -> &K {
        &self.key
    }
}

impl<K: Eq + Hash + Clone> Drop for ConcurrencyPermit<K> {
    fn drop(&mut self) {
        let taken = &self.places.0.taken;
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        release(&mut taken.by_key, &self.key);
        for network in &self.networks {
            release(&mut taken.by_network, network);
        }
    }
}

fn release<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_by_caller_network_and_total() {
        let places = ConcurrencyLimiter::new(ConcurrencyLimits {
            total: 4,
            each: 2,
            network: 3,
        });
        let [here, there] = ["192.0.2.1", "192.0.2.2"].map(|address| address.parse().ok());
        let first = places.take('a', here).unwrap();
        let _second = places.take('a', here).unwrap();
        assert!(places.take('a', there).is_none(), "two for each");
        let _third = places.take('b', here).unwrap();
        assert!(places.take('c', here).is_none(), "three for a network");
        let _fourth = places.take('c', there).unwrap();
        assert!(places.take('d', there).is_none(), "four in all");
        drop(first);
        assert!(places.take('d', there).is_some());
    }

    #[test]
    fn places_of_a_48_are_sixteen_networks_worth() {
        let places = ConcurrencyLimiter::new(ConcurrencyLimits {
            total: 1_000,
            each: 1_000,
            network: 2,
        });
        let address = |subnet: u16| format!("2001:db8:1:{subnet:x}::1").parse().ok();
        let held = |subnets: std::ops::Range<u16>| -> Vec<_> {
            subnets
                .filter_map(|subnet| places.take('a', address(subnet)))
                .collect()
        };
        assert_eq!(held(0..256).len(), 8, "four times two in a /56");
        let all = held(0..0xffff);
        assert_eq!(all.len(), 32, "sixteen times two in a /48");
        assert!(places.take('a', "2001:db8:2::1".parse().ok()).is_some());
        drop(all);
        assert_eq!(held(0..0xffff).len(), 32, "all were given back");
    }
}
