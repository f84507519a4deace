//! The fitted model: boosted trees from features to the chance of each verdict, and what those chances were worth on
//! labelled claims that they had not seen. `model.json` is written by `cargo run --example fit_engine`; it is not edited
//! by hand.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::features::COUNT;
use clara_domain::verdict::Verdict;

/// The verdicts in the order of the model's chances.
pub const CLASSES: [Verdict; 3] = [
    Verdict::Supported,
    Verdict::Refuted,
    Verdict::NotEnoughEvidence,
];

/// Inner nodes of a tree of three questions in a row.
pub const NODES: usize = 7;

/// A tree of three questions in a row: node `n` asks, `2n + 1` goes on where the answer is "at most", else `2n + 2`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tree {
    /// Which feature each node asks for.
    pub ask: [usize; NODES],
    /// Up to which value the answer is "at most".
    pub most: [f64; NODES],
    /// What the eight ends add to the class.
    pub add: [f64; NODES + 1],
}

impl Tree {
    /// What the tree adds for these features.
    pub fn value(&self, features: &[f64; COUNT]) -> f64 {
        let mut node = 0;
        while node < NODES {
            let value = features.get(self.ask[node]).copied().unwrap_or(0.0);
            node = if value <= self.most[node] {
                2 * node + 1
            } else {
                2 * node + 2
            };
        }
        self.add[node - NODES]
    }
}

/// What a chance was worth: of verdicts given with at least `chance` (up to the next step), the share that was right.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Step {
    pub chance: f64,
    pub right: f64,
}

/// Trees and what their chances are worth.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Model {
    pub made_by: String,
    pub start: [f64; 3],
    /// One tree a class in each round.
    pub rounds: Vec<[Tree; 3]>,
    /// For each class, ascending.
    pub worth: [Vec<Step>; 3],
}

static FITTED: LazyLock<Model> =
    LazyLock::new(|| serde_json::from_str(include_str!("model.json")).unwrap_or_default());

impl Model {
    /// The model that is shipped.
    pub fn fitted() -> &'static Self {
        &FITTED
    }

    /// The chance of each verdict.
    pub fn chances(&self, features: &[f64; COUNT]) -> [f64; 3] {
        let mut scores = self.start;
        for round in &self.rounds {
            for (score, tree) in scores.iter_mut().zip(round) {
                *score += tree.value(features);
            }
        }
        softmax(scores)
    }

    /// The share that was right of verdicts with such a chance.
    pub fn confidence(&self, class: usize, chance: f64) -> f64 {
        let steps = &self.worth[class];
        let above = steps.partition_point(|step| step.chance <= chance);
        match (
            above.checked_sub(1).map(|index| steps[index]),
            steps.get(above),
        ) {
            (Some(low), Some(high)) => {
                let way = (chance - low.chance) / (high.chance - low.chance).max(f64::MIN_POSITIVE);
                low.right + way * (high.right - low.right)
            }
            (Some(low), None) => low.right,
            (None, Some(high)) => high.right,
            (None, None) => chance,
        }
    }
}

/// Scores as chances that add up to one.
pub fn softmax(scores: [f64; 3]) -> [f64; 3] {
    let top = scores.iter().copied().fold(f64::MIN, f64::max);
    let raised = scores.map(|score| (score - top).exp());
    let total: f64 = raised.iter().sum();
    raised.map(|one| one / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_is_whole() {
        let model: Model = serde_json::from_str(include_str!("model.json")).unwrap();
        assert!(!model.rounds.is_empty());
        for tree in model.rounds.iter().flatten() {
            assert!(tree.ask.iter().all(|feature| *feature < COUNT));
        }
        for steps in &model.worth {
            assert!(!steps.is_empty());
            assert!(
                steps
                    .windows(2)
                    .all(|pair| pair[0].chance < pair[1].chance && pair[0].right <= pair[1].right)
            );
        }
    }
}
