//! Sums and percentages that do not add up within one sentence. Only where the sentence itself says what is the whole
//! and what are its parts.

use std::ops::Range;

use crate::language::quantities::{Bound, Quantity, Sort};
use crate::verdict::reading::Reading;

use super::Impossible;

/// Rounded figures may differ by so much of the whole.
const ROUNDING: f64 = 0.015;

/// What in the sentence does not add up.
pub(super) fn impossible(text: &str, reading: &Reading) -> Vec<Impossible> {
    let amounts: Vec<&Quantity> = reading
        .quantities
        .iter()
        .filter(|quantity| quantity.sort == Sort::Amount)
        .collect();
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    found.extend(parts_of_whole(text, reading, &amounts));
    found.extend(total_of_parts(text, reading, &amounts));
    found.extend(shares(&lower, reading));
    found.extend(share_of(text, reading, &amounts));
    found.extend(change(text, reading, &amounts));
    found
}

fn span(quantities: &[&Quantity]) -> Range<usize> {
    let start = quantities
        .iter()
        .map(|quantity| quantity.words.start)
        .min()
        .unwrap_or(0);
    start
        ..quantities
            .iter()
            .map(|quantity| quantity.words.end)
            .max()
            .unwrap_or(0)
}

fn are_alike(quantities: &[&Quantity]) -> bool {
    quantities
        .windows(2)
        .all(|pair| pair[0].unit == pair[1].unit)
        && quantities
            .iter()
            .all(|quantity| quantity.bound == Bound::Exact)
}

fn sum(quantities: &[&Quantity]) -> f64 {
    quantities.iter().map(|quantity| quantity.value).sum()
}

/// The text between the end of one quantity and the start of another.
fn between<'t>(text: &'t str, reading: &Reading, one: &Quantity, other: &Quantity) -> &'t str {
    let from = reading.words[one.words.end - 1].bytes.end;
    let to = reading.words[other.words.start].bytes.start;
    text.get(from..to).unwrap_or_default()
}

/// `200 employees: 120 women and 90 men`.
fn parts_of_whole(text: &str, reading: &Reading, amounts: &[&Quantity]) -> Option<Impossible> {
    let (whole, parts) = amounts.split_first()?;
    if parts.len() < 2 || !are_alike(amounts) {
        return None;
    }
    let link = between(text, reading, whole, parts[0]);
    let names_parts = link.contains(':')
        || [
            "of which",
            "of whom",
            "of them",
            "consisting of",
            "made up of",
            "comprising",
        ]
        .iter()
        .any(|words| link.contains(words));
    let total = sum(parts);
    (names_parts && total > whole.value * (1.0 + ROUNDING)).then(|| Impossible {
        name: "sum_differs",
        words: span(amounts),
        detail: format!(
            "the parts add up to {total}, more than the whole of {}",
            whole.value
        ),
    })
}

/// `40 cars and 12 buses, a total of 60`.
fn total_of_parts(text: &str, reading: &Reading, amounts: &[&Quantity]) -> Option<Impossible> {
    let (whole, parts) = amounts.split_last()?;
    if parts.len() < 2 || !are_alike(amounts) {
        return None;
    }
    let link = between(text, reading, parts[parts.len() - 1], whole);
    let totals = [
        "total of",
        "altogether",
        "in total",
        "in all",
        "together",
        "sum of",
    ]
    .iter()
    .any(|words| link.contains(words));
    let total = sum(parts);
    (totals && (total - whole.value).abs() > whole.value * ROUNDING).then(|| Impossible {
        name: "sum_differs",
        words: span(amounts),
        detail: format!("the parts add up to {total}, not to {}", whole.value),
    })
}

/// `60% by car, 30% by bus and 20% on foot`.
fn shares(lower: &str, reading: &Reading) -> Option<Impossible> {
    let shares: Vec<&Quantity> = reading
        .quantities
        .iter()
        .filter(|quantity| quantity.sort == Sort::Percent)
        .collect();
    let splits = [
        "the rest",
        "the remaining",
        "of which",
        "of whom",
        "divided",
        "split",
        "made up of",
        "consists of",
        "consisted of",
        "consist of",
    ]
    .iter()
    .any(|words| lower.contains(words))
        || lower.contains(':');
    let total = sum(&shares);
    (shares.len() >= 2 && splits && total > 100.5 && shares.iter().all(|share| share.value < 100.0))
        .then(|| Impossible {
            name: "percentages_over_100",
            words: span(&shares),
            detail: format!("the shares add up to {total} %"),
        })
}

/// `50 of the 200 members (30%)`.
fn share_of(text: &str, reading: &Reading, amounts: &[&Quantity]) -> Option<Impossible> {
    let percent = reading
        .quantities
        .iter()
        .find(|quantity| quantity.sort == Sort::Percent)?;
    let [part, whole] = amounts else { return None };
    let link = between(text, reading, part, whole);
    let is_share = matches!(
        link.trim(),
        "of" | "of the" | "out of" | "of its" | "of their" | "out of the"
    );
    let after = text.get(
        reading.words[whole.words.end - 1].bytes.end
            ..reading.words[percent.words.start].bytes.start,
    )?;
    let states_it = after.trim_end().ends_with('(')
        || after.trim_end().ends_with(", or")
        || after.trim_end().ends_with("that is");
    let real = 100.0 * part.value / whole.value;
    (is_share && states_it && whole.value > 0.0 && (real - percent.value).abs() > 1.0).then(|| {
        Impossible {
            name: "percentage_differs",
            words: span(&[part, whole, percent]),
            detail: format!(
                "{} of {} is {real:.1} %, not {} %",
                part.value, whole.value, percent.value
            ),
        }
    })
}

/// `rose from 100 to 150, an increase of 20%`, `rose from 100 to 80`.
fn change(text: &str, reading: &Reading, amounts: &[&Quantity]) -> Option<Impossible> {
    let pair = amounts.windows(2).find(|pair| {
        between(text, reading, pair[0], pair[1])
            .trim_end()
            .ends_with("to")
            && pair[0]
                .words
                .start
                .checked_sub(1)
                .is_some_and(|at| reading.words[at].lower == "from")
    })?;
    let (from, to) = (pair[0], pair[1]);
    let before = reading.words[..from.words.start].iter().rev().take(4);
    let direction = before.clone().find_map(|word| match word.stem.as_str() {
        "rise" | "increas" | "grow" | "climb" => Some(1.0),
        "fall" | "decreas" | "declin" | "drop" | "shrink" => Some(-1.0),
        _ => None,
    })?;
    if from.unit != to.unit && from.unit.is_some() && to.unit.is_some() || from.value <= 0.0 {
        return None;
    }
    // `from 41 to 56.5 million`: the first figure shares the second one's size.
    if from.unit != to.unit || to.value / from.value > 1000.0 {
        return None;
    }
    if (to.value - from.value) * direction < 0.0 {
        return Some(Impossible {
            name: "direction_differs",
            words: span(&[from, to]),
            detail: format!("from {} to {} is the other way", from.value, to.value),
        });
    }
    let percent = reading
        .quantities
        .iter()
        .find(|quantity| quantity.sort == Sort::Percent && quantity.words.start >= to.words.end)?;
    let link = between(text, reading, to, percent);
    let states_it = [
        "increase of",
        "rise of",
        "growth of",
        "decrease of",
        "decline of",
        "fall of",
        "drop of",
        "by",
        "gain of",
    ]
    .iter()
    .any(|words| link.trim_end().ends_with(words));
    let real = 100.0 * (to.value - from.value).abs() / from.value;
    (states_it && (real - percent.value).abs() > 1.5).then(|| Impossible {
        name: "percentage_differs",
        words: span(&[from, to, percent]),
        detail: format!(
            "from {} to {} is {real:.1} %, not {} %",
            from.value, to.value, percent.value
        ),
    })
}
