//! How many fetches are under way: for one account and in all. Each has a bound of bytes and of time in the adapter, so
//! their number bounds what they hold and what we send to others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Duration;

use crate::domain::ids::UserId;
use crate::fault::{Fault, FaultKind, Service};

/// Fetches at once in this process.
const MAX_FETCHES: usize = 16;
/// Fetches at once for one account.
const MAX_FETCHES_PER_ACCOUNT: usize = 4;
/// How long a fetch waits for others to end.
const FETCH_WAIT_TIMEOUT: Duration = Duration::from_secs(10);

/// The fetches under way. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FetchBudget {
    all: Arc<Semaphore>,
    by_account: Arc<Mutex<HashMap<UserId, usize>>>,
}

/// Leave for one fetch; given back when it is dropped.
#[derive(Debug)]
pub struct FetchPermit {
    _of_account: AccountPermit,
    _of_all: OwnedSemaphorePermit,
}

#[derive(Debug)]
struct AccountPermit {
    by_account: Arc<Mutex<HashMap<UserId, usize>>>,
    user_id: UserId,
}

impl Default for FetchBudget {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(MAX_FETCHES)),
            by_account: Arc::default(),
        }
    }
}

impl FetchBudget {
    /// Leave for a fetch of this account's: refused at once where it has as many as one may, after a while where all
    /// together have.
    pub async fn acquire(&self, user_id: &UserId) -> Result<FetchPermit, Fault> {
        let of_account = self.acquire_of_account(user_id)?;
        let waiting = tokio::time::timeout(FETCH_WAIT_TIMEOUT, self.all.clone().acquire_owned());
        let busy = || Fault::new(FaultKind::Unavailable(Service::Clara));
        let of_all = waiting.await.map_err(|_| busy())?.map_err(|_| busy())?;
        Ok(FetchPermit {
            _of_account: of_account,
            _of_all: of_all,
        })
    }

    fn acquire_of_account(&self, user_id: &UserId) -> Result<AccountPermit, Fault> {
        let mut counts = lock(&self.by_account);
        let own = counts.entry(user_id.clone()).or_default();
        if *own >= MAX_FETCHES_PER_ACCOUNT {
            let retry_after_seconds = 5;
            let fault = Fault::new(FaultKind::RateLimited {
                retry_after_seconds,
            });
            return Err(fault.with_hint("Too many addresses are fetched for this account at once."));
        }
        *own += 1;
        Ok(AccountPermit {
            by_account: self.by_account.clone(),
            user_id: user_id.clone(),
        })
    }
}

impl Drop for AccountPermit {
    fn drop(&mut self) {
        let mut counts = lock(&self.by_account);
        if let Some(count) = counts.get_mut(&self.user_id) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.user_id);
            }
        }
    }
}

fn lock(counts: &Mutex<HashMap<UserId, usize>>) -> MutexGuard<'_, HashMap<UserId, usize>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: usize) -> UserId {
        format!("user_{number:032x}").parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn fetches_are_bounded_by_account_and_in_all() {
        let budget = FetchBudget::default();
        let mut permits = Vec::new();
        for number in 0..MAX_FETCHES {
            let account = account(number / MAX_FETCHES_PER_ACCOUNT);
            permits.push(budget.acquire(&account).await.unwrap());
        }
        let own = budget.acquire(&account(0)).await.unwrap_err();
        assert!(matches!(own.kind(), FaultKind::RateLimited { .. }));
        let anothers = budget.acquire(&account(9)).await.unwrap_err();
        assert_eq!(*anothers.kind(), FaultKind::Unavailable(Service::Clara));
        permits.truncate(1);
        for _ in 1..MAX_FETCHES_PER_ACCOUNT {
            permits.push(budget.acquire(&account(0)).await.unwrap());
        }
        assert!(budget.acquire(&account(9)).await.is_ok());
    }
}
