//! What a verdict is worth by what it rests on: of verdicts with this ground, the share that was right on labelled claims
//! when the engine first met them, and never more than on everyday claims of all grounds together
//! (`tests/fixtures/first_sight.csv`).
//! `docs/engine.md` has the figures; what is set by hand says so.

use super::binding::Ground;

/// How sure it is that one of two statements of the sources is wrong. Set by hand: the labelled claims have no conflicts.
pub const CONFLICTING: f64 = 0.8;
/// What an undecided claim is given: nothing was measured for it.
pub const UNDECIDED: f64 = 0.5;

/// The share of right verdicts on everyday claims when the engine first met them.
const EVERYDAY: f64 = 0.82;

/// How sure a verdict with this ground is.
pub fn supported(ground: Ground) -> f64 {
    match ground {
        Ground::Words
        | Ground::Amount
        | Ground::Time
        | Ground::Cell
        | Ground::Excerpt
        | Ground::Context => EVERYDAY,
        // Grounds of refutations.
        Ground::Denial
        | Ground::Refusal
        | Ground::Weekday
        | Ground::Opposite
        | Ground::Roles
        | Ground::Name
        | Ground::Impossible => 0.8,
    }
}

/// The same for a refutation.
pub fn refuted(ground: Ground) -> f64 {
    match ground {
        // Set by hand: only our reading of the sentence is in doubt.
        Ground::Impossible => 0.95,
        Ground::Cell
        | Ground::Time
        | Ground::Opposite
        | Ground::Amount
        | Ground::Denial
        | Ground::Roles => EVERYDAY,
        // A refusal and another weekday are set by hand: the labelled claims have too few to say more.
        Ground::Name | Ground::Refusal | Ground::Weekday => 0.8,
        // Grounds of supports.
        Ground::Words | Ground::Context | Ground::Excerpt => 0.7,
    }
}

#[cfg(test)]
mod tests {
    use super::EVERYDAY;

    /// What verdicts were worth on sets that the engine had never met, as they were first measured.
    const FIRST_SIGHT: &str = include_str!("../../tests/fixtures/first_sight.csv");

    #[test]
    fn confidence_is_at_most_what_was_measured() {
        let (mut decided, mut wrong) = (0.0, 0.0);
        for line in FIRST_SIGHT.lines().filter(|line| line.contains("everyday")) {
            let mut fields = line.rsplitn(3, ',');
            wrong += fields.next().unwrap().parse::<f64>().unwrap();
            decided += fields.next().unwrap().parse::<f64>().unwrap();
        }
        assert!(decided > 600.0);
        assert!(EVERYDAY <= (decided - wrong) / decided);
    }
}
