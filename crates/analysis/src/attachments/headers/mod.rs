//! Which of a table's first rows name its columns. Years, an empty first name and names that stand twice are names; a row of
//! data is none. What nothing speaks for is left to the format: a CSV has a header more often than not.

use std::collections::HashSet;

use super::values::{Look, look};

/// So many rows are looked at.
pub const ROWS_LOOKED_AT: usize = 40;
/// A title, remarks and an empty line come before the header, no more.
const MAX_ROWS_BEFORE: usize = 12;

/// Where a table's parts begin, in rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    /// The first header row; everything before it is a title or remark.
    pub first: usize,
    /// The first row of data.
    pub data: usize,
    /// The columns' names.
    pub names: Vec<String>,
    /// Whether the cells say so, and not only that there was no better guess.
    pub is_certain: bool,
}

/// Finds the header among a table's first rows.
///
/// `unsure` is what a first row is where nothing speaks for or against it.
pub fn find(rows: &[Vec<&str>], unsure: bool) -> Headers {
    let first = first_row(rows);
    // The upper one of two header rows may have few names, each over several columns.
    let begins_empty = |row: usize| rows[row].first().is_some_and(|cell| cell.trim().is_empty());
    if let Some(upper) = first.checked_sub(1)
        && filled(&rows[upper]) > 0
        && (begins_empty(upper) || (begins_empty(first) && filled(&rows[upper]) > 1))
        && rows[upper]
            .iter()
            .all(|cell| !matches!(look(cell), Look::Number | Look::Date))
        && votes(rows, first) > 0
    {
        return joined(rows, upper);
    }
    // `Founded:  1912` is a name and its value, not a header.
    let labelled = rows[first.min(rows.len())..]
        .iter()
        .filter(|row| row.first().is_some_and(|cell| cell.trim().ends_with(':')))
        .count();
    if labelled * 2 > rows.len() - first.min(rows.len()) {
        return Headers {
            first,
            data: first,
            ..Headers::default()
        };
    }
    let speaks = votes(rows, first);
    let is_header = speaks > 0 || (speaks == 0 && unsure && rows.len() > first + 1);
    if !is_header {
        // Two header rows: the upper one speaks for nothing alone where the one beneath it is no data.
        if is_upper_row(rows, first) {
            return joined(rows, first);
        }
        return Headers {
            first,
            data: first,
            ..Headers::default()
        };
    }
    if is_upper_row(rows, first) {
        return joined(rows, first);
    }
    Headers {
        first,
        data: first + 1,
        names: rows[first].iter().map(|cell| name(cell)).collect(),
        is_certain: speaks > 0,
    }
}

/// The header's row, or the first row of data: what stands before it has fewer cells.
fn first_row(rows: &[Vec<&str>]) -> usize {
    let usual = usual_width(rows);
    let before = &rows[..rows.len().min(MAX_ROWS_BEFORE)];
    let is_full = |row: &[&str]| {
        let filled = filled(row);
        let has_index = row.first().is_some_and(|cell| cell.trim().is_empty());
        filled >= usual || (filled + 1 == usual && has_index && filled > 0)
    };
    let full = before
        .iter()
        .position(|row| is_full(row) && !is_remark(row, usual));
    if let Some(full) = full
        && votes(rows, full) > 0
    {
        return full;
    }
    let within = full.map_or(before.len(), |full| full + 1);
    let named = (0..within).find(|at| filled(&rows[*at]) > 1 && votes(rows, *at) > 0);
    named
        .or_else(|| {
            before[..within]
                .iter()
                .position(|row| filled(row) > 1 && !is_remark(row, usual))
        })
        .or_else(|| rows.iter().position(|row| filled(row) > 0))
        .unwrap_or(0)
}

/// The names of given header rows, joined, the upper one first. A name over several columns holds for each of them.
pub fn join_names(rows: &[Vec<&str>]) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..width)
        .map(|column| {
            let mut parts: Vec<String> = Vec::new();
            for row in rows {
                let part = name(row.get(column).copied().unwrap_or_default());
                if !part.is_empty() && parts.last() != Some(&part) {
                    parts.push(part);
                }
            }
            parts.join(" ")
        })
        .collect()
}

/// How many cells are not empty.
pub fn filled(row: &[&str]) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

/// How many cells most rows have filled; rows of one cell count only where there are few others.
pub fn usual_width(rows: &[Vec<&str>]) -> usize {
    let mut counts = std::collections::BTreeMap::new();
    for row in rows.iter().take(ROWS_LOOKED_AT) {
        let filled = filled(row);
        if filled > 0 {
            *counts.entry(filled).or_insert(0_usize) += 1;
        }
    }
    let single = counts.remove(&1).unwrap_or(0);
    let wide: usize = counts.values().sum();
    if wide * 4 < single || wide == 0 {
        return usize::from(single > 0);
    }
    counts
        .into_iter()
        .max_by_key(|(width, rows)| (*rows, *width))
        .map_or(0, |(width, _)| width)
}

/// A comment, or a line such as `Source: …` with fewer cells than the table has.
pub fn is_remark(row: &[&str], usual: usize) -> bool {
    let Some(start) = row
        .iter()
        .map(|cell| cell.trim())
        .find(|cell| !cell.is_empty())
    else {
        return false;
    };
    let lower = start.to_lowercase();
    let opens = [
        "source",
        "note",
        "quelle",
        "anmerkung",
        "remark",
        "fuente",
        "//",
    ]
    .iter()
    .any(|word| lower.starts_with(word));
    let marked = start.starts_with(['#', '*', '†', '‡'])
        || lower.starts_with("(1)")
        || lower.starts_with("[1]");
    (opens || marked) && filled(row) < usual
}

fn joined(rows: &[Vec<&str>], upper: usize) -> Headers {
    let spread = spread(&rows[upper], &rows[upper + 1]);
    let names = join_names(&[spread, rows[upper + 1].clone()]);
    Headers {
        first: upper,
        data: upper + 2,
        names,
        is_certain: true,
    }
}

/// A name of the upper row holds for the empty cells to its right, where the lower row has a name.
fn spread<'a>(upper: &[&'a str], lower: &[&'a str]) -> Vec<&'a str> {
    let mut holds = "";
    (0..lower.len().max(upper.len()))
        .map(|column| {
            let own = upper.get(column).map_or("", |cell| cell.trim());
            let beneath = lower.get(column).map_or("", |cell| cell.trim());
            if !own.is_empty() {
                holds = if beneath.is_empty() { "" } else { own };
                own
            } else if beneath.is_empty() {
                ""
            } else {
                holds
            }
        })
        .collect()
}

/// Whether this row and the next are both header rows: names over names over values.
fn is_upper_row(rows: &[Vec<&str>], at: usize) -> bool {
    let (Some(upper), Some(lower), Some(_)) = (rows.get(at), rows.get(at + 1), rows.get(at + 2))
    else {
        return false;
    };
    if lower
        .iter()
        .any(|cell| matches!(look(cell), Look::Number | Look::Date))
        || filled(lower) < 2
        || votes(rows, at + 1) <= 0
    {
        return false;
    }
    let inner_gap = (1..lower.len()).any(|column| {
        upper.get(column).is_none_or(|cell| cell.trim().is_empty())
            && upper[..column.min(upper.len())]
                .iter()
                .any(|cell| !cell.trim().is_empty())
            && !lower[column].trim().is_empty()
    });
    let mut seen = HashSet::new();
    let repeats = upper
        .iter()
        .map(|cell| cell.trim())
        .any(|cell| !cell.is_empty() && !seen.insert(cell));
    let names_beneath = lower.iter().all(|cell| look(cell) != Look::Year);
    let units = lower[0].trim().is_empty()
        || lower
            .iter()
            .all(|cell| cell.trim().is_empty() || is_unit(cell));
    let upper_is_names = upper
        .iter()
        .all(|cell| !matches!(look(cell), Look::Number | Look::Date));
    upper_is_names && (((inner_gap || repeats) && names_beneath) || units)
}

/// `(EUR)`, `[kg]`.
fn is_unit(cell: &str) -> bool {
    let cell = cell.trim();
    cell.starts_with('(') && cell.ends_with(')') || cell.starts_with('[') && cell.ends_with(']')
}

/// What speaks for a row being a header, less what speaks against it.
fn votes(rows: &[Vec<&str>], at: usize) -> i32 {
    let Some(row) = rows.get(at) else { return 0 };
    let beneath = &rows[(at + 1).min(rows.len())..rows.len().min(at + ROWS_LOOKED_AT)];
    if beneath.is_empty() {
        return 0;
    }
    let counts_up = counts_up(row);
    let years: HashSet<&str> = row
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| matches!(look(cell), Look::Year | Look::Date))
        .collect();
    row.iter()
        .enumerate()
        .map(|(column, cell)| {
            let cells: Vec<&str> = beneath
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.trim())
                .filter(|cell| !cell.is_empty())
                .collect();
            let share = |test: &dyn Fn(Look) -> bool| {
                let held = cells.iter().filter(|cell| test(look(cell))).count();
                !cells.is_empty() && held * 2 >= cells.len()
            };
            let values = share(&Look::is_value);
            match look(cell) {
                Look::Empty => 0,
                Look::Words if cells.contains(&cell.trim()) => -1,
                Look::Words => i32::from(values),
                own @ (Look::Year | Look::Date) => {
                    if share(&|other| other == own) {
                        -2
                    } else {
                        // One year over numbers may as well be a value: `Founded, 1912` over `Staff, 410`.
                        i32::from(years.len() > 1 || (values && row.len() > 2))
                    }
                }
                Look::Number if counts_up => i32::from(values),
                Look::Number => -2,
            }
        })
        .sum()
}

/// `0, 1, 2` or `1, 2, 3` as names, after the first column.
fn counts_up(row: &[&str]) -> bool {
    let numbers: Vec<u32> = row
        .iter()
        .skip(1)
        .map_while(|cell| cell.trim().parse().ok())
        .collect();
    numbers.len() >= 3
        && numbers.len() + 1 == row.len()
        && numbers[0] <= 1
        && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
        && row.first().is_some_and(|cell| !look(cell).is_value())
}

/// A name on one line, without the mark of a comment before it.
fn name(cell: &str) -> String {
    let cell = cell.trim().trim_start_matches('#');
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
