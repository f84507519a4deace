//! Sums and percentages that do not add up within one sentence. Only where the sentence itself says what is the whole
//! and what are its parts.

use std::ops::Range;

use crate::statement::Sentence;
use crate::statement::quantity::{Quantity, Role, Unit};

use super::Impossible;

/// Rounded figures may differ by so much of the whole.
const ROUNDING: f64 = 0.015;

/// What in the sentence does not add up.
pub(super) fn impossible(text: &str, reading: &Sentence) -> Vec<Impossible> {
    let amounts: Vec<&Quantity> = reading
        .quantities
        .iter()
        .filter(|quantity| is_amount(quantity))
        .collect();
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    found.extend(parts_of_whole(text, reading, &amounts));
    found.extend(parts_of_the_opening(text, reading, &amounts));
    found.extend(total_of_parts(text, reading, &amounts));
    found.extend(shares(&lower, reading));
    found.extend(share_of(text, reading, &amounts));
    found.extend(change(text, reading, &amounts));
    found
}

/// Things counted, money or a measure: not a share, a place in an order or a time of day.
fn is_amount(quantity: &Quantity) -> bool {
    matches!(
        quantity.unit,
        Unit::Count | Unit::Money(_) | Unit::Measure(_)
    ) && quantity.role != Role::Label
        && !quantity.quantifier
}

fn is_share(quantity: &Quantity) -> bool {
    quantity.unit == Unit::Percent && !quantity.quantifier && quantity.is_exact()
}

fn span(quantities: &[&Quantity]) -> Range<usize> {
    let start = quantities
        .iter()
        .map(|quantity| quantity.tokens.start)
        .min()
        .unwrap_or(0);
    start
        ..quantities
            .iter()
            .map(|quantity| quantity.tokens.end)
            .max()
            .unwrap_or(0)
}

fn are_alike(quantities: &[&Quantity]) -> bool {
    quantities
        .windows(2)
        .all(|pair| pair[0].unit == pair[1].unit)
        && quantities.iter().all(|quantity| quantity.is_exact())
}

fn sum(quantities: &[&Quantity]) -> f64 {
    quantities.iter().map(|quantity| quantity.low).sum()
}

/// The text between the end of one quantity and the start of another.
fn between<'t>(text: &'t str, reading: &Sentence, one: &Quantity, other: &Quantity) -> &'t str {
    let from = reading.tokens[one.tokens.end - 1].bytes.end;
    let to = reading.tokens[other.tokens.start].bytes.start;
    text.get(from..to).unwrap_or_default()
}

/// `Of the 80 flats, 95 have a balcony`, `Of 240 runners, 150 were women and the other 100 were men`.
fn parts_of_the_opening(
    text: &str,
    reading: &Sentence,
    amounts: &[&Quantity],
) -> Option<Impossible> {
    let (whole, parts) = amounts.split_first()?;
    let lower = |at: usize| reading.tokens.get(at).map_or("", |token| &token.lower);
    let opens = lower(0) == "of" && whole.tokens.start <= 2 && whole.unit == Unit::Count;
    let first = parts.first()?;
    let comma = between(text, reading, whole, first)
        .trim_end()
        .ends_with(',');
    if !opens || !comma || !are_alike(amounts) {
        return None;
    }
    let others = parts.iter().position(|part| {
        part.tokens.start >= 2
            && lower(part.tokens.start - 1) == "other"
            && lower(part.tokens.start - 2) == "the"
    });
    let total = sum(parts);
    if first.low > whole.low {
        return Some(Impossible {
            name: "sum_differs",
            words: span(&[whole, first]),
            detail: format!("{} is more than the whole of {}", first.low, whole.low),
        });
    }
    // With `the other` the parts are all there is.
    (others == Some(parts.len() - 1) && parts.len() == 2 && (total - whole.low).abs() > 0.5).then(
        || Impossible {
            name: "sum_differs",
            words: span(amounts),
            detail: format!(
                "the parts add up to {total}, not to the whole of {}",
                whole.low
            ),
        },
    )
}

/// `200 employees: 120 women and 90 men`.
fn parts_of_whole(text: &str, reading: &Sentence, amounts: &[&Quantity]) -> Option<Impossible> {
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
    (names_parts && total > whole.low * (1.0 + ROUNDING)).then(|| Impossible {
        name: "sum_differs",
        words: span(amounts),
        detail: format!(
            "the parts add up to {total}, more than the whole of {}",
            whole.low
        ),
    })
}

/// `40 cars and 12 buses, a total of 60`.
fn total_of_parts(text: &str, reading: &Sentence, amounts: &[&Quantity]) -> Option<Impossible> {
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
    (totals && (total - whole.low).abs() > whole.low * ROUNDING).then(|| Impossible {
        name: "sum_differs",
        words: span(amounts),
        detail: format!("the parts add up to {total}, not to {}", whole.low),
    })
}

/// `60% by car, 30% by bus and 20% on foot`.
fn shares(lower: &str, reading: &Sentence) -> Option<Impossible> {
    let shares: Vec<&Quantity> = reading
        .quantities
        .iter()
        .filter(|quantity| is_share(quantity))
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
    (shares.len() >= 2 && splits && total > 100.5 && shares.iter().all(|share| share.low < 100.0))
        .then(|| Impossible {
            name: "percentages_over_100",
            words: span(&shares),
            detail: format!("the shares add up to {total} %"),
        })
}

/// `50 of the 200 members (30%)`.
fn share_of(text: &str, reading: &Sentence, amounts: &[&Quantity]) -> Option<Impossible> {
    let percent = reading
        .quantities
        .iter()
        .find(|quantity| is_share(quantity))?;
    let [part, whole] = amounts else { return None };
    let link = between(text, reading, part, whole);
    let is_share = matches!(
        link.trim(),
        "of" | "of the" | "out of" | "of its" | "of their" | "out of the"
    );
    let after = text.get(
        reading.tokens[whole.tokens.end - 1].bytes.end
            ..reading.tokens[percent.tokens.start].bytes.start,
    )?;
    let states_it = after.trim_end().ends_with('(')
        || after.trim_end().ends_with(", or")
        || after.trim_end().ends_with("that is");
    let real = 100.0 * part.low / whole.low;
    (is_share && states_it && whole.low > 0.0 && (real - percent.low).abs() > 1.0).then(|| {
        Impossible {
            name: "percentage_differs",
            words: span(&[part, whole, percent]),
            detail: format!(
                "{} of {} is {real:.1} %, not {} %",
                part.low, whole.low, percent.low
            ),
        }
    })
}

/// `rose from 100 to 150, an increase of 20%`, `rose 20% from 100 to 150`, `rose from 100 to 80`.
fn change(text: &str, reading: &Sentence, amounts: &[&Quantity]) -> Option<Impossible> {
    let pair = amounts.windows(2).find(|pair| {
        pair[0].role == Role::Start
            && between(text, reading, pair[0], pair[1])
                .trim_end()
                .ends_with("to")
    })?;
    let (from, to) = (pair[0], pair[1]);
    let stems = crate::language::words::Stems::new();
    let before = reading.tokens[..from.tokens.start].iter().rev().take(6);
    let direction = before
        .clone()
        .find_map(|token| match stems.of(&token.lower).as_str() {
            // `went up`
            "up" => Some(1.0),
            "down" => Some(-1.0),
            "rise" | "increas" | "grow" | "climb" | "jump" => Some(1.0),
            "fall" | "decreas" | "declin" | "drop" | "shrink" => Some(-1.0),
            _ => None,
        })?;
    if from.low <= 0.0 || (from.unit != to.unit && from.unit != Unit::Count) {
        return None;
    }
    // `from 41 to 56.5 million`: the first figure shares the second one's size.
    let start = if to.low / from.low > 1000.0 {
        from.low * scale_of(reading, to)?
    } else {
        from.low
    };
    if (to.low - start) * direction < 0.0 {
        return Some(Impossible {
            name: "direction_differs",
            words: span(&[from, to]),
            detail: format!("from {start} to {} is the other way", to.low),
        });
    }
    let percent = reading
        .quantities
        .iter()
        .find(|quantity| is_share(quantity) && !quantity.of.iter().any(|_| true))?;
    let states_it = if percent.tokens.start >= to.tokens.end {
        let link = between(text, reading, to, percent);
        [
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
        .any(|words| link.trim_end().ends_with(words))
            || percent.role == Role::Change
    } else {
        // `rose 20% from …`, `rose by 20% from …`
        reading
            .tokens
            .get(percent.tokens.end..from.tokens.start)
            .is_some_and(|between| between.iter().all(|token| token.lower == "from"))
    };
    let real = 100.0 * (to.low - start).abs() / start;
    let words = {
        let all = span(&[from, to, percent]);
        all.start..all.end
    };
    (states_it && (real - percent.low).abs() > 1.5).then(|| Impossible {
        name: "percentage_differs",
        words,
        detail: format!(
            "from {start} to {} is {real:.1} %, not {} %",
            to.low, percent.low
        ),
    })
}

/// `million` of `130 million`: what its figure was multiplied by.
fn scale_of(reading: &Sentence, quantity: &Quantity) -> Option<f64> {
    reading.tokens[quantity.tokens.clone()]
        .iter()
        .find_map(|token| match token.lower.as_str() {
            "thousand" => Some(1e3),
            "million" => Some(1e6),
            "billion" => Some(1e9),
            _ => None,
        })
}
