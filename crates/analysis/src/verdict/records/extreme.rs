//! Claims that one row has the most or the least of its table: `The North had the most visitors`.

use clara_domain::evidence::{Record, Source};
use clara_domain::verdict::Check;

use super::cell::cell;
use super::declared::Declared;
use super::fit::fit;
use super::{Cell, ReadRecord, bound};
use crate::engine::Passage;
use crate::language::words::Stems;
use crate::statement::Term;
use crate::statement::quantity::Unit;
use crate::statement::time::When;
use crate::verdict::binding::{Bound, Ground, Outcome, Side};

/// Tables with more rows are not looked through for one claim.
const MAX_ROWS: usize = 2_000;
/// Rows that add up or average others.
const SUMMARIES: &[&str] = &[
    "total", "totals", "sum", "average", "mean", "all", "overall", "subtotal", "median",
];

/// The row that the claim names, beside all other rows of its table.
pub(super) fn extreme(
    side: Side<'_>,
    records: &[ReadRecord],
    rows: &[&Passage<'_>],
) -> Option<(usize, Bound)> {
    let statement = side.statement;
    if statement.denied || shares_the_rank(side) {
        return None;
    }
    let (at, sign, by_price) = superlative(side)?;
    // `most` counts as an amount of its own.
    let amounts = statement
        .quantities
        .iter()
        .any(|index| side.sentence.quantities[*index].tokens != (at..at + 1));
    if amounts {
        return None;
    }
    let rest: Vec<Term> = statement
        .terms
        .iter()
        .filter(|term| {
            let says_nothing = crate::statement::is_light_verb(&term.lower)
                || matches!(term.lower.as_str(), "number" | "amount" | "of");
            let ranks = term.at == at || by_price && term.at == at + 1;
            !says_nothing && !ranks
        })
        .cloned()
        .collect();
    let (record, target) = named(side, &rest, by_price, records)?;
    let own = &record.cells[target];
    let passage = rows.get(record.number)?;
    let source: &Source = passage.source;
    let this = passage.record?;
    let layout = source.records.get(this)?.layout;
    let stems = Stems::new();
    let declared = Declared::new(source, layout);
    let others: Vec<&Record> = source
        .records
        .iter()
        .enumerate()
        .filter(|(number, other)| *number != this && other.layout == layout)
        .map(|(_, other)| other)
        .collect();
    if others.is_empty() || others.len() > MAX_ROWS || is_summary(&record.cells) {
        return None;
    }
    let value = own.quantity.as_ref().filter(|value| value.is_exact())?;
    let time = time_of(&record.cells);
    let (mut compared, mut ahead, mut level): (usize, Option<Cell>, bool) = (0, None, false);
    for other in others {
        let cells: Vec<Cell> = other
            .fields
            .iter()
            .map(|field| cell(source, other, *field, true, &stems, &declared))
            .collect();
        if is_summary(&cells) {
            continue;
        }
        // Where rows are of several times, those of the same time are compared.
        if time_of(&cells) != time {
            continue;
        }
        let same = cells.into_iter().find(|cell| cell.title == own.title)?;
        let given = same.quantity.as_ref().filter(|given| given.is_exact())?;
        if given.unit != value.unit {
            return None;
        }
        compared += 1;
        let difference = (value.low - given.low) * sign;
        level |= difference.abs() < 1e-9;
        let leads = |best: &Cell| {
            best.quantity
                .as_ref()
                .is_none_or(|best| (given.low - best.low) * sign > 0.0)
        };
        if difference < 0.0 && ahead.as_ref().is_none_or(leads) {
            ahead = Some(same);
        }
    }
    if compared == 0 || ahead.is_none() && level {
        return None;
    }
    let outcome = if ahead.is_some() {
        Outcome::Refutes(Ground::Cell)
    } else {
        Outcome::Supports(Ground::Cell)
    };
    let rows = compared + 1;
    let beside = ahead.as_ref().map_or_else(
        || format!("first of {rows} rows"),
        |other| format!("another of {rows} rows has {}", other.text),
    );
    let found = bound(outcome, format!("{} ({}): {beside}", own.text, own.title));
    let checks = found
        .checks
        .into_iter()
        .map(|check| Check {
            name: "rows_compared".to_owned(),
            ..check
        })
        .collect();
    Some((
        record.number,
        Bound {
            column: (!own.title.is_empty()).then(|| own.title.clone()),
            checks,
            ..found
        },
    ))
}

/// The superlative of the claim, which way it goes, and whether it is one of price.
fn superlative(side: Side<'_>) -> Option<(usize, f64, bool)> {
    let led = |at: &usize| *at > 0 && side.sentence.tokens[*at - 1].lower == "the";
    let mut found = side.statement.tokens.clone().filter(led).filter_map(|at| {
        let next = side
            .sentence
            .tokens
            .get(at + 1)
            .map_or("", |next| next.lower.as_str());
        match side.sentence.tokens[at].lower.as_str() {
            "most" if next == "expensive" => Some((at, 1.0, true)),
            "least" if next == "expensive" => Some((at, -1.0, true)),
            "cheapest" => Some((at, -1.0, true)),
            "dearest" | "costliest" => Some((at, 1.0, true)),
            "most" | "highest" | "largest" | "biggest" | "greatest" => Some((at, 1.0, false)),
            "fewest" | "least" | "lowest" | "smallest" => Some((at, -1.0, false)),
            _ => None,
        }
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// `one of the highest`, `among the lowest`, `the second highest`, `most of the rooms`.
fn shares_the_rank(side: Side<'_>) -> bool {
    let tokens = &side.sentence.tokens;
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    side.statement.tokens.clone().any(|at| {
        word(at) == "among"
            || word(at) == "one" && word(at + 1) == "of"
            || matches!(word(at), "most" | "least") && matches!(word(at + 1), "of" | "")
    })
}

/// The one record and cell that the claim's other words name.
fn named<'r>(
    side: Side<'_>,
    terms: &[Term],
    by_price: bool,
    records: &'r [ReadRecord],
) -> Option<(&'r ReadRecord, usize)> {
    let mut found: Vec<(&ReadRecord, usize, usize)> = Vec::new();
    for record in records {
        let Some(reading) = fit(side, terms, &side.statement.times, record) else {
            continue;
        };
        if reading.named == 0 {
            continue;
        }
        let is_price = |at: &usize| {
            let cell = &record.cells[*at];
            let title = cell.title.to_lowercase();
            cell.own
                && cell.quantity.as_ref().is_some_and(|quantity| {
                    matches!(quantity.unit, Unit::Money(_))
                        || title.contains("price")
                        || title.contains("cost")
                })
        };
        let targets: Vec<usize> = if by_price {
            (0..record.cells.len()).filter(is_price).collect()
        } else {
            let mut all = reading.targets.clone();
            all.retain(|at| record.cells[*at].quantity.is_some());
            all
        };
        if let [target] = targets[..]
            && (by_price || reading.names_column)
        {
            found.push((record, target, reading.named));
        }
    }
    let top = found.iter().map(|(_, _, named)| *named).max()?;
    found.retain(|(_, _, named)| *named == top);
    match found[..] {
        [(record, target, _)] => Some((record, target)),
        _ => None,
    }
}

/// The time that a row is of: its year or month, not when something in it happened.
fn time_of(cells: &[Cell]) -> Option<&When> {
    const TIMES: &[&str] = &[
        "year", "month", "period", "season", "quarter", "week", "date", "day",
    ];
    let names = |cell: &&Cell| {
        let title = cell.title.to_lowercase();
        title.split_whitespace().any(|word| TIMES.contains(&word))
    };
    let cell = cells.iter().find(names)?;
    cell.time.as_ref().map(|time| &time.when)
}

fn is_summary(cells: &[Cell]) -> bool {
    cells.iter().any(|cell| {
        cell.quantity.is_none()
            && cell.text.split_whitespace().any(|word| {
                let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
                SUMMARIES.contains(&word.to_lowercase().as_str())
            })
    })
}
