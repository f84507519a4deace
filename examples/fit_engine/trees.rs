//! Boosted trees, fitted the plain way: second-order steps, a few cut points a feature, no randomness, so that the same
//! rows always give the same model.

use clara::analysis::verdict::features::COUNT;
use clara::analysis::verdict::model::{Model, NODES, Tree, softmax};

/// A labelled claim as numbers.
#[derive(Clone)]
pub struct Row {
    pub features: [f64; COUNT],
    pub class: usize,
    pub weight: f64,
    /// Rows of one group stay on one side of a split into fitted and held back.
    pub group: u32,
    pub gold: bool,
    pub dataset: String,
}

const ROUNDS: usize = 110;
const RATE: f64 = 0.07;
const RIDGE: f64 = 4.0;
const LEAST_ROWS: f64 = 6.0;
const CUTS: usize = 24;
/// Each tree sees every third row left out and every third feature left out, in turn: what randomness is for, without it.
const TURNS: usize = 3;
/// A question that everybody answers with "at most".
const NEVER: f64 = 1e9;

/// Fits trees to the rows.
pub fn fit(rows: &[&Row]) -> Model {
    let cuts = cut_points(rows);
    let bins: Vec<[u8; COUNT]> = rows
        .iter()
        .map(|row| binned(&row.features, &cuts))
        .collect();
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    let start: [f64; 3] = std::array::from_fn(|class| {
        let part: f64 = rows
            .iter()
            .filter(|row| row.class == class)
            .map(|row| row.weight)
            .sum();
        (part / total).ln()
    });
    let mut scores = vec![start; rows.len()];
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let chances: Vec<[f64; 3]> = scores.iter().map(|score| softmax(*score)).collect();
        let trees: [Tree; 3] = std::array::from_fn(|class| {
            let steps: Vec<(f64, f64)> = rows
                .iter()
                .zip(&chances)
                .map(|(row, chance)| {
                    let wanted = f64::from(u8::from(row.class == class));
                    let slope = row.weight * (wanted - chance[class]);
                    (slope, row.weight * chance[class] * (1.0 - chance[class]))
                })
                .collect();
            let seen: Vec<usize> = (0..rows.len())
                .filter(|row| !(rows[*row].group as usize / 10 + round).is_multiple_of(TURNS))
                .collect();
            grow(&seen, &bins, &steps, &cuts, round + class)
        });
        for (row, score) in rows.iter().zip(&mut scores) {
            for (one, tree) in score.iter_mut().zip(&trees) {
                *one += tree.value(&row.features);
            }
        }
        rounds.push(trees);
    }
    Model {
        start,
        rounds,
        ..Model::default()
    }
}

fn cut_points(rows: &[&Row]) -> Vec<Vec<f64>> {
    (0..COUNT)
        .map(|feature| {
            let mut values: Vec<f64> = rows.iter().map(|row| row.features[feature]).collect();
            values.sort_unstable_by(f64::total_cmp);
            let mut cuts: Vec<f64> = (1..CUTS)
                .map(|part| values[part * values.len() / CUTS])
                .collect();
            values.dedup();
            if values.len() <= CUTS {
                cuts = values;
            }
            cuts.dedup();
            // Four digits are enough to ask with, and keep the file small.
            cuts.iter()
                .map(|cut| (cut * 1e4).round() / 1e4 + 5e-5)
                .collect()
        })
        .collect()
}

fn binned(features: &[f64; COUNT], cuts: &[Vec<f64>]) -> [u8; COUNT] {
    std::array::from_fn(|feature| {
        let bin = cuts[feature].partition_point(|cut| *cut < features[feature]);
        u8::try_from(bin).unwrap_or(u8::MAX)
    })
}

fn grow(
    seen: &[usize],
    bins: &[[u8; COUNT]],
    steps: &[(f64, f64)],
    cuts: &[Vec<f64>],
    turn: usize,
) -> Tree {
    let mut tree = Tree {
        ask: [0; NODES],
        most: [NEVER; NODES],
        add: [0.0; NODES + 1],
    };
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); 2 * NODES + 1];
    members[0] = seen.to_vec();
    for node in 0..NODES {
        let here = std::mem::take(&mut members[node]);
        let split = best_split(&here, bins, steps, cuts, turn);
        let (below, above): (Vec<usize>, Vec<usize>) = match split {
            Some((feature, cut)) => {
                tree.ask[node] = feature;
                tree.most[node] = cuts[feature][cut];
                here.into_iter()
                    .partition(|row| usize::from(bins[*row][feature]) <= cut)
            }
            None => (here, Vec::new()),
        };
        members[2 * node + 1] = below;
        members[2 * node + 2] = above;
    }
    for (end, add) in tree.add.iter_mut().enumerate() {
        let (slope, bend) = sums(&members[NODES + end], steps);
        *add = (RATE * slope / (bend + RIDGE) * 1e5).round() / 1e5;
    }
    tree
}

fn sums(members: &[usize], steps: &[(f64, f64)]) -> (f64, f64) {
    members.iter().fold((0.0, 0.0), |(slope, bend), row| {
        (slope + steps[*row].0, bend + steps[*row].1)
    })
}

fn best_split(
    here: &[usize],
    bins: &[[u8; COUNT]],
    steps: &[(f64, f64)],
    cuts: &[Vec<f64>],
    turn: usize,
) -> Option<(usize, usize)> {
    let (slope, bend) = sums(here, steps);
    let worth = |slope: f64, bend: f64| slope * slope / (bend + RIDGE);
    let mut best: Option<(f64, usize, usize)> = None;
    for feature in (0..COUNT).filter(|feature| !(feature + turn).is_multiple_of(TURNS)) {
        let mut sums = vec![(0.0, 0.0); cuts[feature].len() + 1];
        for row in here {
            let sum: &mut (f64, f64) = &mut sums[usize::from(bins[*row][feature])];
            sum.0 += steps[*row].0;
            sum.1 += steps[*row].1;
        }
        let (mut low_slope, mut low_bend) = (0.0, 0.0);
        for (cut, sum) in sums.iter().enumerate().take(cuts[feature].len()) {
            low_slope += sum.0;
            low_bend += sum.1;
            if low_bend < LEAST_ROWS || bend - low_bend < LEAST_ROWS {
                continue;
            }
            let gain = worth(low_slope, low_bend) + worth(slope - low_slope, bend - low_bend)
                - worth(slope, bend);
            if gain > best.map_or(1e-6, |(top, _, _)| top) {
                best = Some((gain, feature, cut));
            }
        }
    }
    best.map(|(_, feature, cut)| (feature, cut))
}
