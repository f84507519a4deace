//! Randomness as a parameter: the operating system's in production, a seeded one in tests, so that they can be
//! repeated. Nothing else in the house draws a random number.

use std::sync::{Mutex, PoisonError};

use rand::rngs::{StdRng, SysRng};
use rand::{Rng as _, SeedableRng as _, TryRng as _};

/// Where identifiers, codes and salts come from.
pub trait Randomness: Send + Sync + 'static {
    /// Fills `bytes` with bits that nobody can foretell.
    fn fill(&self, bytes: &mut [u8]);

    /// A number below `bound`, each equally likely (rejection, so no modulo bias). `bound` must not be 0.
    fn below(&self, bound: u32) -> u32 {
        let fair = u32::MAX - u32::MAX % bound;
        loop {
            let mut bytes = [0_u8; 4];
            self.fill(&mut bytes);
            let drawn = u32::from_le_bytes(bytes);
            if drawn < fair {
                return drawn % bound;
            }
        }
    }
}

/// The operating system's source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        // A system without randomness can make no secret: going on would be worse than stopping.
        if SysRng.try_fill_bytes(bytes).is_err() {
            std::process::abort();
        }
    }
}

/// The same bits in every run; for tests only.
#[derive(Debug)]
pub struct SeededRandomness(Mutex<StdRng>);

impl SeededRandomness {
    /// Starts the sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(bytes);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A source that gives these numbers, one after the other.
    pub struct Scripted(Mutex<VecDeque<u32>>);

    impl Scripted {
        pub fn new(numbers: impl IntoIterator<Item = u32>) -> Self {
            Self(Mutex::new(numbers.into_iter().collect()))
        }

        /// How many of them nobody asked for.
        pub fn left(&self) -> usize {
            self.0.lock().unwrap().len()
        }
    }

    impl Randomness for Scripted {
        fn fill(&self, bytes: &mut [u8]) {
            let number = self.0.lock().unwrap().pop_front().unwrap();
            bytes.copy_from_slice(&number.to_le_bytes());
        }
    }

    #[test]
    fn each_number_below_a_bound_is_reached_by_as_many_draws() {
        for bound in [3, 6, 10, 1_000_000, u32::MAX] {
            // So many draws there are for each number; those past the last whole round would favour the small ones.
            let rounds = (1_u64 << 32) / u64::from(bound);
            let first_unfair = u32::try_from(rounds * u64::from(bound)).unwrap();
            for (drawn, number) in [
                (0, 0),
                (bound - 1, bound - 1),
                (first_unfair - 1, bound - 1),
            ] {
                assert_eq!(Scripted::new([drawn]).below(bound), number, "{drawn}");
            }
            for unfair in [first_unfair, u32::MAX] {
                let source = Scripted::new([unfair, unfair, 1]);
                assert_eq!(source.below(bound), 1, "{unfair} is drawn again");
                assert_eq!(source.left(), 0);
            }
        }
    }

    #[test]
    fn every_number_below_a_bound_comes_up_and_none_beyond() {
        let source = SeededRandomness::new(3);
        for bound in 1..=20 {
            let mut seen: Vec<u32> = (0..1_000).map(|_| source.below(bound)).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen, (0..bound).collect::<Vec<_>>());
        }
    }
}
