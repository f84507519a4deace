//! Seeds follow the secret key: those sealed under the one before are put under the present one, at their next use and all
//! together at a start. Any number of processes may do it at once: each seed is changed only while it is what was read.

use super::Accounts;
use crate::fault::Fault;
use crate::services::authenticators::{self, Seed, key_name};
use crate::services::crypto::keys::KeyPurpose;
use crate::store::second_factors::{Authenticator, Resealed};

/// How many seeds are put under the present key in one transaction.
const BATCH: u32 = 100;

/// How many seeds there are, by the key that opens them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SeedCounts {
    /// Under the present key.
    pub present: u64,
    /// Under the key of before, where one is set.
    pub previous: u64,
    /// Under a key that is not known here: they open no more.
    pub lost: u64,
}

impl Accounts {
    /// Puts every seed that is still under the previous key under the present one, and says how many were.
    pub async fn reseal_all(&self) -> Result<u64, Fault> {
        let deps = &*self.deps;
        let mut changed = 0;
        for key in deps.keys.accepted(KeyPurpose::TotpSeal).skip(1) {
            let mut after = String::new();
            loop {
                let apps = deps
                    .store
                    .authenticators_under(&key_name(key), &after, BATCH)
                    .await?;
                let Some(last) = apps.last() else {
                    break;
                };
                after.clone_from(&last.id);
                let seeds: Vec<_> = apps.iter().filter_map(|app| self.resealed(app)).collect();
                changed += deps.store.reseal(&seeds).await?;
            }
        }
        Ok(changed)
    }

    /// How many seeds are under which key.
    pub async fn count_seeds(&self) -> Result<SeedCounts, Fault> {
        let deps = &*self.deps;
        let known: Vec<_> = deps
            .keys
            .accepted(KeyPurpose::TotpSeal)
            .map(key_name)
            .collect();
        let mut counts = SeedCounts::default();
        for (name, seeds) in deps.store.seeds_by_key().await? {
            match known.iter().position(|known| *known == name) {
                Some(0) => counts.present += seeds,
                Some(_) => counts.previous += seeds,
                None => counts.lost += seeds,
            }
        }
        Ok(counts)
    }

    /// Puts one seed under the present key while it is in use. The use goes on whatever becomes of it.
    pub(super) async fn reseal(&self, app: &Authenticator, seed: &Seed) {
        let sealed = authenticators::seal(&self.deps, seed, &app.user_id);
        let kept = match sealed {
            Ok(new) => {
                let seed = Resealed {
                    id: app.id.clone(),
                    old: app.seed.clone(),
                    new,
                };
                let kept = self.deps.store.reseal(&[seed]).await;
                kept.map(drop).map_err(Fault::from)
            }
            Err(fault) => Err(fault),
        };
        if let Err(fault) = kept {
            tracing::warn!(%fault, "a seed could not be put under the present secret key");
        }
    }

    /// A seed that does not open stays as it is: its owner has the recovery codes, and the doctor counts it.
    fn resealed(&self, app: &Authenticator) -> Option<Resealed> {
        let deps = &*self.deps;
        let opened = authenticators::open(deps, &app.seed, &app.user_id);
        let new = opened.and_then(|opened| authenticators::seal(deps, &opened.seed, &app.user_id));
        match new {
            Ok(new) => Some(Resealed {
                id: app.id.clone(),
                old: app.seed.clone(),
                new,
            }),
            Err(fault) => {
                tracing::warn!(authenticator = app.id, %fault, "a seed was not put under the present secret key");
                None
            }
        }
    }
}
