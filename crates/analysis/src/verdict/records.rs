//! Rows and objects as evidence: one value of one record, read with the record's other values and names. Records about
//! different things never contradict each other: only the one record that the claim names is compared.

mod between;
mod cell;
mod change;
mod claim;
mod comparison;
mod counting;
mod declared;
mod extreme;
mod fit;
mod graded;
mod leading;
mod lists;
mod naming;
mod predicates;
mod previous;
mod ranges;
mod rising;
mod scales;
mod states;
mod sums;
mod table;
mod values;
mod words;

use std::cell::OnceCell;
use std::collections::HashSet;

use clara_domain::evidence::Source;
use clara_domain::verdict::{Check, Verdict};

use super::binding::{Bound, Ground, Outcome, Side, exchange, verb_start};
use crate::engine::Passage;
use crate::language::words::Stems;
use crate::statement::quantity::{Comparison, Quantity, Role, Unit};
use crate::statement::time::Time;
use crate::statement::{Mood, Sentence, Statement, is_exclusive};

use cell::collect;
use comparison::compared;
use fit::{Reading, fit, is_idle};
use table::Table;

/// The records among a claim's passages, and the tables they are of, which are read where a claim needs them.
pub struct ReadRecords<'a> {
    records: Vec<ReadRecord>,
    tables: OnceCell<Vec<Table<'a>>>,
}

/// A record, read.
pub struct ReadRecord {
    /// Its position among the records that were read.
    number: usize,
    /// Its source and table: records of one table have the same columns.
    table: (String, usize),
    cells: Vec<Cell>,
    /// Stems of the titles, captions and names it stands under, and of the names of the objects around it.
    around: HashSet<String>,
}

/// One value with its name.
struct Cell {
    name: Vec<String>,
    /// The name as it is written.
    title: String,
    /// The column's name says a year: `2021`.
    name_time: Option<Time>,
    text: String,
    stems: Vec<String>,
    quantity: Option<Quantity>,
    time: Option<Time>,
    /// Of the record itself, not of an object around it.
    own: bool,
}

/// Names of columns that name nothing.
const GENERIC: &[&str] = &[
    "valu", "amount", "figur", "number", "quantiti", "item", "name", "result", "data", "detail",
    "specif", "descript",
];

/// Reads the records among the passages.
pub fn read<'a>(passages: &[&Passage<'a>]) -> ReadRecords<'a> {
    ReadRecords {
        records: read_records(passages),
        tables: OnceCell::new(),
    }
}

fn read_records(passages: &[&Passage<'_>]) -> Vec<ReadRecord> {
    let stems = Stems::new();
    let mut declarations = declared::Declarations::default();
    passages
        .iter()
        .enumerate()
        .filter_map(|(number, passage)| {
            let record = passage.source.records.get(passage.record?)?;
            if passage.source.is_comment(record.span.start) {
                return None;
            }
            let mut cells = Vec::new();
            let mut around: HashSet<String> = passage
                .titles
                .iter()
                .flat_map(|title| Sentence::new(title).words())
                .collect();
            collect(
                passage.source,
                record,
                true,
                &stems,
                &mut cells,
                &mut around,
                &mut declarations,
            );
            if is_about_one_thing(passage.source) {
                around.extend(names_of_the_whole(passage.source, &stems));
            }
            Some(ReadRecord {
                number,
                table: (passage.source.id.clone(), record.layout),
                cells,
                around,
            })
        })
        .collect()
}

/// Whether all records hang on one object: a product's data sheet.
fn is_about_one_thing(source: &Source) -> bool {
    source
        .records
        .iter()
        .filter(|record| record.parent.is_none())
        .count()
        == 1
}

/// What the one object is called by its own name, so that `the bicycle` may name it.
fn names_of_the_whole(source: &Source, stems: &Stems) -> Vec<String> {
    let Some(whole) = source.records.iter().find(|record| record.parent.is_none()) else {
        return Vec::new();
    };
    whole
        .fields
        .iter()
        .filter(|field| {
            let name = source.name_of(whole, **field).to_lowercase();
            matches!(
                name.as_str(),
                "name" | "title" | "product" | "model" | "product name" | "label" | "item" | "type"
            )
        })
        .flat_map(|field| Sentence::new(source.text.slice(field.value)).words())
        .map(|word| stems.of(&word))
        .collect()
}

/// What the records say of one statement of the claim: the record, and what its value says.
pub fn judge<'a>(
    claim: &Sentence,
    statement: &Statement,
    read: &ReadRecords<'a>,
    rows: &[&Passage<'a>],
) -> Option<(usize, Bound)> {
    let records = read.records.as_slice();
    if statement.mood != Mood::Fact {
        return None;
    }
    let side = Side {
        sentence: claim,
        statement,
    };
    if let Some(found) = by_tables(side, read, rows)
        .or_else(|| compared(side, records))
        .or_else(|| change::changed(side, records))
        .or_else(|| words::exchanged(side, records))
        .or_else(|| extreme::extreme(side, records, rows))
    {
        return Some(found);
    }
    if is_of_one_alone(side) || leaves_out(side, records) {
        return None;
    }
    let mut best: Vec<(&ReadRecord, Reading)> = Vec::new();
    let mut top = (0, false);
    for record in records {
        let Some(reading) = fit(side, &statement.terms, &statement.times, record) else {
            continue;
        };
        let rank = (reading.named, reading.names_column);
        if rank > top {
            best.clear();
            top = rank;
        }
        if rank == top {
            best.push((record, reading));
        }
    }
    // Several records that the claim names alike: it does not say which it means.
    let [(record, reading)] = best.as_slice() else {
        return None;
    };
    answer(side, record, reading)
}

/// `Only Cedar Hut has no shower`: of others too, which one record does not know.
fn is_of_one_alone(side: Side<'_>) -> bool {
    let sentence = side.sentence;
    let start = side.statement.tokens.start;
    (start..verb_start(side).min(sentence.tokens.len()))
        .any(|at| is_exclusive(&sentence.tokens[at].lower))
}

/// `comes without a towel rail`: what a record has is not what a claim says it lacks, unless the record says `without` too.
fn leaves_out(side: Side<'_>, records: &[ReadRecord]) -> bool {
    let mut tokens = side.sentence.tokens.iter();
    let mut cells = records.iter().flat_map(|record| &record.cells);
    tokens.any(|token| token.lower == "without")
        && !cells.any(|cell| {
            [&cell.title, &cell.text]
                .iter()
                .any(|text| text.to_lowercase().contains("without"))
        })
}

/// What whole tables say of the whole sentence.
fn by_tables<'a>(
    side: Side<'_>,
    read: &ReadRecords<'a>,
    rows: &[&Passage<'a>],
) -> Option<(usize, Bound)> {
    if rows.is_empty() {
        return None;
    }
    let claim = claim::Claim::new(side.sentence)?;
    let tables = read.tables.get_or_init(|| table::tables(rows)).as_slice();
    values::value(side, &claim, tables)
        .or_else(|| leading::leading(&claim, tables))
        .or_else(|| between::between(&claim, tables))
        .or_else(|| counting::counting(&claim, tables))
        .or_else(|| sums::sums(&claim, tables))
        .or_else(|| ranges::fitting(side, &claim, tables))
        .or_else(|| lists::listed(side, rows))
        .or_else(|| previous::previous(&claim, rows))
}

fn answer(side: Side<'_>, record: &ReadRecord, reading: &Reading) -> Option<(usize, Bound)> {
    let wanted: Vec<usize> = side.statement.quantities.clone();
    if wanted.is_empty() {
        return words::by_words(side, record, reading);
    }
    // `the most beds of the four`: how many there are is no value of one of them.
    if wanted
        .iter()
        .any(|index| is_of_all(side, &side.sentence.quantities[*index]))
    {
        return None;
    }
    let mut outcome: Option<(Comparison, String)> = None;
    let (mut column_name, mut exchanged) = (None, None);
    for index in wanted {
        let wanted = &side.sentence.quantities[index];
        let answers: Vec<(Comparison, &Cell)> = reading
            .targets
            .iter()
            .map(|at| &record.cells[*at])
            .filter_map(|cell| Some((compare(wanted, cell.quantity.as_ref()?), cell)))
            .filter(|(comparison, _)| *comparison != Comparison::Incomparable)
            .collect();
        // A row's own amount, such as `Room 4`, may name it.
        let names_row = record.cells.iter().any(|cell| {
            let same_figure = cell
                .quantity
                .as_ref()
                .is_some_and(|given| (given.low - wanted.low).abs() < 1e-9);
            wanted.role == Role::Label && same_figure || is_in_a_name(side, wanted, cell)
        });
        if names_row {
            continue;
        }
        let [(comparison, cell)] = answers.as_slice() else {
            return None;
        };
        let column = if cell.title.is_empty() {
            String::new()
        } else {
            format!(" ({})", cell.title)
        };
        let detail = format!(
            "claim {}, source {}{column}",
            side.sentence.written(&wanted.tokens),
            cell.text
        );
        if !matches!(outcome, Some((Comparison::Differs, _))) {
            outcome = Some((*comparison, detail));
            column_name = (!cell.title.is_empty()).then(|| cell.title.clone());
            exchanged = exchange(side, &wanted.tokens, &cell.text, false);
        }
        if *comparison == Comparison::Open {
            break;
        }
    }
    let Some((comparison, detail)) = outcome else {
        return words::by_words(side, record, reading);
    };
    let denied = side.statement.denied;
    let outcome = match (comparison, denied) {
        (Comparison::Same, false) => Outcome::Supports(Ground::Cell),
        (Comparison::Same, true) | (Comparison::Differs, false) => Outcome::Refutes(Ground::Cell),
        _ => Outcome::Open,
    };
    let found = Bound {
        column: column_name,
        exchange: exchanged.filter(|_| matches!(outcome, Outcome::Refutes(_)) && !denied),
        ..bound(outcome, detail)
    };
    Some((record.number, found))
}

/// `of the four`, `of all ten`: a number of things that one is of.
fn is_of_all(side: Side<'_>, wanted: &Quantity) -> bool {
    let lower = |back: usize| {
        let at = wanted.tokens.start.checked_sub(back);
        at.map_or("", |at| side.sentence.tokens[at].lower.as_str())
    };
    lower(1) == "of" || matches!(lower(1), "the" | "all" | "these") && lower(2) == "of"
}

/// `Wayfarer 9`: a figure that belongs to a name in the record.
fn is_in_a_name(side: Side<'_>, wanted: &Quantity, cell: &Cell) -> bool {
    let Some(before) = wanted.tokens.start.checked_sub(1) else {
        return false;
    };
    let written = side
        .sentence
        .written(&(before..wanted.tokens.end))
        .to_lowercase();
    wanted.unit == Unit::Count
        && cell.quantity.is_none()
        && written.contains(' ')
        && cell.text.to_lowercase().contains(&written)
}

fn bound(outcome: Outcome, detail: String) -> Bound {
    let (name, points_to) = match outcome {
        Outcome::Supports(_) => ("number_matches", Verdict::Supported),
        Outcome::Refutes(_) => ("number_differs", Verdict::Refuted),
        _ => ("value_missing", Verdict::NotEnoughEvidence),
    };
    let missing = matches!(outcome, Outcome::Open)
        .then(|| format!("the record is not exact enough: {detail}"));
    Bound {
        outcome,
        checks: vec![Check {
            name: name.to_owned(),
            points_to,
            detail,
        }],
        missing,
        cover: 1.0,
        column: None,
        exchange: None,
    }
}

/// A cell's bare figure has the unit that the claim gives it.
fn compare(wanted: &Quantity, given: &Quantity) -> Comparison {
    if given.unit == Unit::Count
        && matches!(
            wanted.unit,
            Unit::Money(_) | Unit::Measure(_) | Unit::Percent | Unit::Months
        )
    {
        let plain = Quantity {
            unit: wanted.unit,
            ..given.clone()
        };
        // Its unit is not said: the same figure may be meant, another one decides nothing.
        return if wanted.compare(&plain) == Comparison::Same {
            Comparison::Same
        } else {
            Comparison::Incomparable
        };
    }
    wanted.compare(given)
}
