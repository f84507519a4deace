//! Fits the builtin engine's model to labelled claims and says what it would have been worth on claims held back:
//!
//! ```text
//! cargo run --release --example fit_engine -- train.jsonl crates/analysis/src/verdict/model.json
//! ```
//!
//! Each claim is taken three times: with its own evidence; with its own among passages about other things, as a search
//! finds them; and with those alone, which decide nothing.

mod trees;

use std::collections::BTreeSet;
use std::error::Error;

use clara::analysis::engine::Passage;
use clara::analysis::evidence::Index;
use clara::analysis::verdict::features::{Compared, features};
use clara::analysis::verdict::labelled::{self, Labelled};
use clara::analysis::verdict::model::{CLASSES, Model, Step};
use sha2::{Digest, Sha256};
use trees::{Row, fit};

/// How much a claim counts with its evidence among other passages, and with the other passages alone.
const AMONG_OTHERS: f64 = 0.5;
const OTHERS_ALONE: f64 = 0.3;
const OTHERS: usize = 3;
const FOLDS: u32 = 5;
/// Rows that one step of the calibration stands for.
const BIN: usize = 60;

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(data), Some(target)) = (arguments.next(), arguments.next()) else {
        return Err("usage: fit_engine <train.jsonl> <model.json>".into());
    };
    let rows = rows(&labelled::read(&std::fs::read_to_string(data)?)?);
    println!("{} rows", rows.len());
    let held_back: Vec<(usize, [f64; 3])> = (0..FOLDS)
        .flat_map(|fold| predicted(&rows, |row| row.group % FOLDS == fold))
        .collect();
    print_measures("cross-validated, own evidence", &rows, &held_back, true);
    print_measures(
        "cross-validated, among other passages",
        &rows,
        &held_back,
        false,
    );
    let datasets: BTreeSet<&str> = rows.iter().map(|row| row.dataset.as_str()).collect();
    for dataset in datasets {
        let apart = predicted(&rows, |row| row.dataset == dataset);
        print_measures(
            &format!("fitted without {dataset}, measured on it"),
            &rows,
            &apart,
            true,
        );
    }
    let mut model = fit(&rows.iter().collect::<Vec<_>>());
    "cargo run --release --example fit_engine -- train.jsonl crates/analysis/src/verdict/model.json"
        .clone_into(&mut model.made_by);
    model.worth = std::array::from_fn(|class| worth(class, &rows, &held_back));
    for (class, steps) in CLASSES.iter().zip(&model.worth) {
        println!("{class:?}: {steps:?}");
    }
    std::fs::write(target, serde_json::to_string(&model)? + "\n")?;
    Ok(())
}

fn rows(claims: &[Labelled]) -> Vec<Row> {
    let pool: Vec<_> = claims
        .iter()
        .flat_map(|claim| {
            claim.sources().into_iter().map(|mut source| {
                source.id.clone_from(&claim.id);
                source
            })
        })
        .collect();
    let index = Index::new(&pool);
    let mut rows = Vec::new();
    for claim in claims {
        let same_claim: BTreeSet<&str> = claims
            .iter()
            .filter(|other| other.claim == claim.claim)
            .map(|other| base(&other.id))
            .collect();
        let others: Vec<Passage<'_>> = index
            .passages(&claim.claim)
            .into_iter()
            .filter(|passage| {
                !same_claim.contains(base(&passage.source.id))
                    && !claim
                        .evidence
                        .iter()
                        .any(|document| document.text.contains(passage.text))
            })
            .take(OTHERS)
            .collect();
        claim.with_passages(|own| {
            let label = CLASSES
                .iter()
                .position(|class| *class == claim.label)
                .unwrap_or(2);
            let gold: Vec<&Passage<'_>> = own.iter().collect();
            let mixed: Vec<&Passage<'_>> = own.iter().chain(&others).collect();
            let alone: Vec<&Passage<'_>> = others.iter().collect();
            for (passages, class, weight, gold) in [
                (gold, label, 1.0, true),
                (mixed, label, AMONG_OTHERS, false),
                (alone, 2, OTHERS_ALONE, false),
            ] {
                let compared = Compared::new(&claim.claim, passages);
                if let Some(features) = features(&compared.alignments()) {
                    let (dataset, group) = (claim.dataset.clone(), group(&claim.id));
                    rows.push(Row {
                        features,
                        class,
                        weight,
                        group,
                        gold,
                        dataset,
                    });
                }
            }
        });
    }
    rows
}

/// Two rows about the same claim share this part of their identifiers.
fn base(id: &str) -> &str {
    id.trim_end_matches("-nei")
}

fn group(id: &str) -> u32 {
    Sha256::digest(base(id))
        .iter()
        .take(3)
        .fold(0, |sum, byte| sum * 256 + u32::from(*byte))
}

/// What a model that has not seen the rows says of them.
fn predicted(rows: &[Row], is_held_back: impl Fn(&Row) -> bool) -> Vec<(usize, [f64; 3])> {
    let seen: Vec<&Row> = rows.iter().filter(|row| !is_held_back(row)).collect();
    let model: Model = fit(&seen);
    rows.iter()
        .enumerate()
        .filter(|(_, row)| is_held_back(row))
        .map(|(index, row)| (index, model.chances(&row.features)))
        .collect()
}

fn stance(chances: [f64; 3]) -> usize {
    usize::from(chances[1] > chances[0])
}

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
#[expect(clippy::cast_precision_loss, reason = "a few thousand rows")]
fn print_measures(name: &str, rows: &[Row], predictions: &[(usize, [f64; 3])], gold: bool) {
    let mut mine: Vec<(&Row, [f64; 3])> = predictions
        .iter()
        .map(|(index, chances)| (&rows[*index], *chances))
        .filter(|(row, _)| row.gold == gold && (gold || row.weight > OTHERS_ALONE))
        .collect();
    mine.sort_by(|(_, one), (_, other)| other[stance(*other)].total_cmp(&one[stance(*one)]));
    let decided: Vec<&(&Row, [f64; 3])> = mine.iter().filter(|(row, _)| row.class < 2).collect();
    let two = decided
        .iter()
        .filter(|(row, chances)| stance(*chances) == row.class)
        .count();
    let top = mine.len() * 2 / 5;
    let right = mine[..top]
        .iter()
        .filter(|(row, chances)| stance(*chances) == row.class)
        .count();
    println!(
        "{name}: {} claims, two labels {:.3}, precision on the surest 40 % {:.3}",
        mine.len(),
        two as f64 / decided.len().max(1) as f64,
        right as f64 / top.max(1) as f64
    );
}

/// Chances of held-back rows against how often they were right, made to rise (pool adjacent violators).
#[expect(clippy::cast_precision_loss, reason = "a few thousand rows")]
fn worth(class: usize, rows: &[Row], predictions: &[(usize, [f64; 3])]) -> Vec<Step> {
    let mut given: Vec<(f64, f64)> = predictions
        .iter()
        .filter(|(index, chances)| {
            // For the two stances: whenever it is the better of the two, as the engine chooses.
            rows[*index].gold
                && if class == 2 {
                    chances[2] >= chances[0].max(chances[1])
                } else {
                    stance(*chances) == class
                }
        })
        .map(|(index, chances)| {
            (
                chances[class],
                f64::from(u8::from(rows[*index].class == class)),
            )
        })
        .collect();
    given.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
    for bin in given.chunks(BIN) {
        let size = bin.len() as f64;
        let chance = bin.iter().map(|(chance, _)| chance).sum::<f64>();
        let right = bin.iter().map(|(_, right)| right).sum::<f64>();
        blocks.push((chance, right, size));
        while let [.., low, high] = blocks.as_slice()
            && low.1 / low.2 >= high.1 / high.2
        {
            let merged = (low.0 + high.0, low.1 + high.1, low.2 + high.2);
            blocks.truncate(blocks.len() - 2);
            blocks.push(merged);
        }
    }
    let mut reached: f64 = 0.0;
    blocks
        .iter()
        .map(|(chance, right, size)| {
            // One right and one wrong more: few rows must not promise certainty.
            reached = reached.max((right + 1.0) / (size + 2.0));
            Step {
                chance: (chance / size * 1e4).round() / 1e4,
                right: (reached * 1e3).round() / 1e3,
            }
        })
        .collect()
}
