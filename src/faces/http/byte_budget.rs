//! Budgets for the bytes of bodies that are under way: in all, for one account and for one network. A body past its
//! budget is refused with 503, so that a few slow senders hold only so much memory or disk.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::body::STRANGERS_BYTES;
use crate::domain::network::CountedNetwork;
use crate::operations::caller_key::CallerKey;

/// How many bytes may be under way.
#[derive(Debug, Clone, Copy)]
pub struct BudgetBounds {
    pub total: u64,
    pub caller: u64,
    pub network: u64,
}

impl BudgetBounds {
    /// For bodies that are held in memory: one of the longest, and half of one besides.
    pub fn for_memory(max_request_bytes: u64) -> Self {
        Self {
            total: max_request_bytes / 2 * 3,
            caller: max_request_bytes,
            network: max_request_bytes / 4 * 5,
        }
    }

    /// For bodies whose files go to disk as they come.
    pub fn for_disk(max_request_bytes: u64) -> Self {
        Self {
            total: max_request_bytes.saturating_mul(8),
            caller: max_request_bytes.saturating_mul(2),
            network: max_request_bytes.saturating_mul(4),
        }
    }
}

/// What is under way. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ByteBudget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bounds: BudgetBounds,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    total: u64,
    by_caller: HashMap<CallerKey, u64>,
    by_network: HashMap<CountedNetwork, u64>,
}

/// The bytes that one body holds; given back when it is dropped.
#[derive(Debug)]
pub struct Reservation {
    budget: ByteBudget,
    caller: CallerKey,
    networks: Vec<CountedNetwork>,
    progress: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    seen: u64,
    counted: u64,
}

impl ByteBudget {
    pub fn new(bounds: BudgetBounds) -> Self {
        Self(Arc::new(Inner {
            bounds,
            held: Mutex::default(),
        }))
    }

    /// A reservation of nothing yet.
    pub fn reserve(&self, caller: CallerKey, address: Option<IpAddr>) -> Arc<Reservation> {
        Arc::new(Reservation {
            budget: self.clone(),
            caller,
            networks: address.map(CountedNetwork::all_of).unwrap_or_default(),
            progress: Mutex::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation {
    /// Takes so many bytes more; `false` where there are none left. The first bytes of a body are not counted, for the
    /// number of connections bounds them: nobody's short call waits for somebody else's files.
    #[must_use]
    pub fn grow(&self, bytes: u64) -> bool {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.seen = progress.seen.saturating_add(bytes);
        let due = progress.seen.saturating_sub(STRANGERS_BYTES) - progress.counted;
        if due == 0 {
            return true;
        }
        let bounds = self.budget.0.bounds;
        let mut held = self.budget.lock();
        let of_caller = held
            .by_caller
            .get(&self.caller)
            .copied()
            .unwrap_or_default();
        let is_spent = |network: &CountedNetwork| {
            let of_network = held.by_network.get(network).copied().unwrap_or_default();
            let most = bounds.network.saturating_mul(network.share().into());
            of_network.saturating_add(due) > most
        };
        if held.total.saturating_add(due) > bounds.total
            || of_caller.saturating_add(due) > bounds.caller
            || self.networks.iter().any(is_spent)
        {
            metrics::counter!("clara_bodies_over_budget_total").increment(1);
            return false;
        }
        held.total += due;
        *held.by_caller.entry(self.caller.clone()).or_default() += due;
        for network in &self.networks {
            *held.by_network.entry(*network).or_default() += due;
        }
        progress.counted += due;
        true
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let progress = self.progress.get_mut();
        let counted = progress.unwrap_or_else(PoisonError::into_inner).counted;
        if counted == 0 {
            return;
        }
        let mut held = self.budget.lock();
        held.total -= counted;
        release(&mut held.by_caller, &self.caller, counted);
        for network in &self.networks {
            release(&mut held.by_network, network, counted);
        }
    }
}

fn release<K: Eq + Hash>(held: &mut HashMap<K, u64>, key: &K, bytes: u64) {
    if let Some(count) = held.get_mut(key) {
        *count = count.saturating_sub(bytes);
        if *count == 0 {
            held.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    fn budget() -> ByteBudget {
        ByteBudget::new(BudgetBounds {
            total: 10 * MIB,
            caller: 4 * MIB,
            network: 6 * MIB,
        })
    }

    fn stranger(address: &str) -> (CallerKey, Option<IpAddr>) {
        let address = address.parse().ok();
        (CallerKey::Stranger(address), address)
    }

    /// How many of so many callers get their share.
    fn taken(
        budget: &ByteBudget,
        callers: &[(CallerKey, Option<IpAddr>)],
    ) -> Vec<Arc<Reservation>> {
        let grown = callers.iter().filter_map(|(caller, address)| {
            let reservation = budget.reserve(caller.clone(), *address);
            let all = reservation.grow(3 * MIB + STRANGERS_BYTES);
            all.then_some(reservation)
        });
        grown.collect()
    }

    #[test]
    fn a_budget_bounds_caller_network_and_process() {
        let key = |byte: u8| {
            let id = format!("user_{byte:032x}").parse().unwrap();
            CallerKey::Account(id)
        };
        let address = |last: u8| Some(IpAddr::from([192, 0, 2, last]));
        let budget = budget();
        let one_caller = [(key(1), address(1)), (key(1), address(2))];
        assert_eq!(taken(&budget, &one_caller).len(), 1);
        let one_network: Vec<_> = (1..=3).map(|number| (key(number), address(1))).collect();
        assert_eq!(taken(&budget, &one_network).len(), 2);
        let many: Vec<_> = (1..=9)
            .map(|number| (key(number), address(number)))
            .collect();
        let held = taken(&budget, &many);
        assert_eq!(held.len(), 3);
        drop(held);
        assert_eq!(taken(&budget, &many).len(), 3, "all was given back");
    }

    #[test]
    fn short_bodies_pass_a_spent_budget() {
        let budget = budget();
        let (caller, address) = stranger("192.0.2.7");
        let large = budget.reserve(caller.clone(), address);
        assert!(large.grow(4 * MIB));
        assert!(!large.grow(MIB));
        let short = budget.reserve(caller, address);
        assert!(short.grow(STRANGERS_BYTES));
        assert!(!short.grow(MIB));
    }
}
