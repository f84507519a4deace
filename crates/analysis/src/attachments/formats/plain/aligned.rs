//! Tables in plain text: columns apart by tabs, by bars, or by two spaces or more at the same place in every line.

use std::ops::Range;

use crate::attachments::rows::{Header, Line, Table};
use crate::attachments::values::look;

/// A gap this wide is more than the space between two words.
const GAP: usize = 2;
/// A cell with more words is a sentence.
const MAX_WORDS: usize = 8;
/// Lines longer than this are no lines of a table by spaces.
const MAX_LINE: usize = 400;

/// A part of the text.
#[derive(Debug)]
pub enum Part<'a> {
    Prose(&'a str),
    Table(Table),
}

/// The parts of a text.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let lines: Vec<(usize, &str)> = line_starts(text);
    let mut parts = Vec::new();
    let mut prose_from = 0;
    let mut at = 0;
    while at < lines.len() {
        let end = run(&lines, at);
        let table = (end > at + 1).then(|| table(&lines[at..end])).flatten();
        if let Some(table) = table {
            let start = lines[at].0;
            if !text[prose_from..start].trim().is_empty() {
                parts.push(Part::Prose(&text[prose_from..start]));
            }
            parts.push(Part::Table(table));
            prose_from = lines.get(end).map_or(text.len(), |(start, _)| *start);
        }
        at = end.max(at + 1);
    }
    if !text[prose_from..].trim().is_empty() {
        parts.push(Part::Prose(&text[prose_from..]));
    }
    parts
}

fn line_starts(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let at = start;
            start += line.len();
            (at, line.trim_end_matches('\n'))
        })
        .collect()
}

/// How the cells of a line are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    Bars,
    Tabs,
    Spaces,
    /// A drawn line, which goes with any.
    Rule,
}

fn apart(line: &str) -> Option<Apart> {
    let trimmed = line.trim();
    if trimmed.is_empty() {
        return None;
    }
    if is_rule(trimmed) {
        return Some(Apart::Rule);
    }
    if trimmed.starts_with('|') && trimmed.len() > 1 || trimmed.matches(" | ").count() > 1 {
        return Some(Apart::Bars);
    }
    if trimmed.contains('\t') {
        return Some(Apart::Tabs);
    }
    (trimmed.len() <= MAX_LINE && has_gap(trimmed)).then_some(Apart::Spaces)
}

fn has_gap(line: &str) -> bool {
    line.contains("  ") || line.contains("....")
}

/// `+---+---+`, `|---|:-:|`, `----  ----`, `=====`.
fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && line.contains(['-', '=', '─', '━'])
        && line.chars().all(|c| {
            matches!(
                c,
                '-' | '=' | '+' | '|' | ':' | ' ' | '─' | '━' | '┼' | '├' | '┤'
            )
        })
}

/// Where the lines of one kind that begin at `at` end.
fn run(lines: &[(usize, &str)], at: usize) -> usize {
    let mut kind = None;
    let mut end = at;
    for (_, line) in &lines[at..] {
        match (kind, apart(line)) {
            (_, None) => break,
            (_, Some(Apart::Rule)) => {}
            (None, found) => kind = found,
            (Some(known), Some(found)) if known == found => {}
            _ => break,
        }
        end += 1;
    }
    end
}

fn table(lines: &[(usize, &str)]) -> Option<Table> {
    let shown: Vec<&str> = lines
        .iter()
        .map(|(_, line)| *line)
        .filter(|line| !is_rule(line.trim()))
        .collect();
    let kind = shown.iter().find_map(|line| apart(line))?;
    let rows: Vec<Line> = match kind {
        Apart::Bars => shown.iter().map(|line| by_bars(line)).collect(),
        Apart::Tabs => shown.iter().map(|line| by_tabs(line)).collect(),
        Apart::Spaces => by_spaces(&shown).filter(|rows| has_no_gaps(rows))?,
        Apart::Rule => return None,
    };
    if rows.len() < 2 || !is_even(&rows) || !is_terse(&rows) {
        return None;
    }
    let first_line = lines.iter().position(|(_, line)| !is_rule(line.trim()))?;
    let ruled = lines[first_line..]
        .iter()
        .position(|(_, line)| is_rule(line.trim()));
    let has_rules_between = lines[first_line..]
        .iter()
        .filter(|(_, line)| is_rule(line.trim()))
        .count()
        > 2;
    let header = match ruled {
        // A rule after each row says nothing of the first.
        Some(rows)
            if rows <= 2 && !(has_rules_between && kind == Apart::Spaces) && rows < shown.len() =>
        {
            Header::Rows(rows)
        }
        _ => Header::Unknown { unsure: false },
    };
    Some(Table {
        under: Vec::new(),
        header,
        lines: rows,
        first_column: None,
    })
}

/// Whether the gaps between the columns are the only ones: justified prose has others.
fn has_no_gaps(rows: &[Line]) -> bool {
    let inside = rows
        .iter()
        .filter(|row| row.values().iter().any(|cell| cell.contains("  ")))
        .count();
    inside * 10 <= rows.len()
}

/// Whether most rows have as many cells as the others.
fn is_even(rows: &[Line]) -> bool {
    let widest = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let full = rows.iter().filter(|row| row.cells.len() == widest).count();
    widest > 1 && full * 3 >= rows.len() * 2
}

/// Whether the cells are cells and not sentences, and say something besides words.
fn is_terse(rows: &[Line]) -> bool {
    let cells: Vec<&str> = rows
        .iter()
        .flat_map(Line::values)
        .filter(|cell| !cell.is_empty())
        .collect();
    let long = cells
        .iter()
        .filter(|cell| cell.split_whitespace().count() > MAX_WORDS)
        .count();
    let short = cells
        .iter()
        .filter(|cell| look(cell).is_value() || cell.split_whitespace().count() <= 3)
        .count();
    long * 10 <= cells.len() && short * 2 >= cells.len()
}

fn cut(line: &str, ranges: impl Iterator<Item = Range<usize>>) -> Line {
    let text = line.trim_end();
    let lead = text.len() - text.trim_start().len();
    let cells = ranges
        .map(|range| {
            let end = range.end.min(text.len());
            let start = range.start.min(end);
            let inside = &text[start..end];
            // Dots that lead to the next cell belong to neither.
            let content = match inside.trim() {
                dotted if dotted.contains("...") => dotted.trim_matches('.').trim(),
                cell => cell,
            };
            let at = start + inside.find(content).unwrap_or(0);
            at.saturating_sub(lead)..(at + content.len()).saturating_sub(lead)
        })
        .collect();
    Line {
        text: text[lead..].to_owned(),
        cells,
        place: None,
    }
}

fn by_tabs(line: &str) -> Line {
    let line = line.trim_end();
    cut(line, pieces(line, '\t').into_iter())
}

fn by_bars(line: &str) -> Line {
    let trimmed = line.trim_end();
    let mut ranges = pieces(trimmed, '|');
    if trimmed.trim_start().starts_with('|') {
        ranges.remove(0);
    }
    if trimmed.ends_with('|') {
        ranges.pop();
    }
    cut(trimmed, ranges.into_iter())
}

fn pieces(line: &str, separator: char) -> Vec<Range<usize>> {
    let mut start = 0;
    line.split(separator)
        .map(|piece| {
            let range = start..start + piece.len();
            start += piece.len() + separator.len_utf8();
            range
        })
        .collect()
}

/// The cells between the gaps that all lines share; `None` where there is none.
fn by_spaces(lines: &[&str]) -> Option<Vec<Line>> {
    let width = lines.iter().map(|line| line.chars().count()).max()?;
    let mut is_filled = vec![false; width];
    for line in lines {
        let characters: Vec<char> = line.chars().collect();
        for (column, character) in characters.iter().enumerate() {
            let leads = *character == '.'
                && (column
                    .checked_sub(1)
                    .is_some_and(|before| characters[before] == '.')
                    || characters.get(column + 1) == Some(&'.'));
            is_filled[column] |= !character.is_whitespace() && !leads;
        }
    }
    let mut columns: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    let mut empty = 0;
    for (column, filled) in is_filled.iter().enumerate() {
        if *filled {
            start.get_or_insert(column);
            empty = 0;
            continue;
        }
        empty += 1;
        if empty == GAP
            && let Some(from) = start.take()
        {
            columns.push(from..column + 1 - GAP);
        }
    }
    if let Some(from) = start {
        columns.push(from..width);
    }
    if columns.len() < 2 {
        return None;
    }
    let rows = lines.iter().map(|line| {
        let bytes: Vec<usize> = line
            .char_indices()
            .map(|(at, _)| at)
            .chain([line.len()])
            .collect();
        let byte = |column: usize| bytes.get(column).copied().unwrap_or(line.len());
        let ends = columns.iter().skip(1).map(|next| next.start).chain([width]);
        let ranges = columns
            .iter()
            .zip(ends)
            .map(|(column, end)| byte(column.start)..byte(end));
        cut(line, ranges)
    });
    Some(rows.collect())
}
