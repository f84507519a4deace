//! Tables: rows whose pieces stand in columns, with ruling lines or by alignment where that is certain. Where it is not,
//! rows stay lines: a wrong table is worse than none.

use super::geometry::{Area, number};
use super::grid::{Cell, Grid, grid};
use super::heads::names;
use super::narrow::cut_narrow_columns;
use super::rows::{Row, is_figure};
use super::ruling::Ruling;
use super::text::text_of;

/// A row of a table as it is written.
#[derive(Debug, Clone)]
pub struct TableRow {
    /// Each cell that has text, with its column.
    pub cells: Vec<(usize, String)>,
    /// Whether it states something, as headings do not.
    pub is_body: bool,
    /// The heading of the rows below it.
    pub is_section: bool,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    pub title: Option<String>,
    /// What its columns are called; empty where nothing is said.
    pub names: Vec<String>,
    pub rows: Vec<TableRow>,
}

impl Table {
    /// How many columns it has.
    pub fn columns(&self) -> usize {
        let used = self
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .map(|(column, _)| column + 1);
        used.max().unwrap_or(0).max(self.names.len())
    }
}

/// A part of a zone.
#[derive(Debug)]
pub enum Part {
    Lines(Vec<Row>),
    Table(Table),
}

/// The tables among these rows, and what stands between them.
pub fn parts(rows: Vec<Row>, ruling: &Ruling) -> Vec<Part> {
    let rows = cut_narrow_columns(rows);
    let mut tables: Vec<(usize, usize, Table)> = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let end = start + run_length(&rows[start..], ruling).max(1);
        let above = start.checked_sub(1).map(|before| &rows[before]);
        if end - start >= 2
            && let Some(table) = table(&rows[start..end], ruling, above)
        {
            tables.push((start, end, table));
        }
        start = end;
    }
    let mut parts = Vec::new();
    let mut rest = rows.into_iter();
    let mut at = 0;
    for (start, end, table) in tables {
        let lines: Vec<Row> = rest.by_ref().take(start - at).collect();
        if !lines.is_empty() {
            parts.push(Part::Lines(lines));
        }
        rest.by_ref().take(end - start).for_each(drop);
        parts.push(Part::Table(table));
        at = end;
    }
    let lines: Vec<Row> = rest.collect();
    if !lines.is_empty() {
        parts.push(Part::Lines(lines));
    }
    parts
}

/// How many of the first rows may belong to one table.
fn run_length(rows: &[Row], ruling: &Ruling) -> usize {
    let Some(first) = rows.first() else { return 0 };
    if first.segments.len() < 2 && !is_ruled_off(first, rows.get(1), ruling) {
        return 0;
    }
    let mut length = 1;
    let mut last_of_several = 0;
    for index in 1..rows.len() {
        let step = rows[index].baseline - rows[index - 1].baseline;
        let widest = if is_between_rules(&rows[index - 1], &rows[index], ruling) {
            6.0
        } else {
            3.2
        };
        if step > widest * rows[index].size.max(rows[index - 1].size) {
            break;
        }
        let row = &rows[index];
        if row.segments.len() >= 2 {
            last_of_several = index;
        } else if is_sentence(row, first) && !is_between_rules(&rows[index - 1], row, ruling)
            || index - last_of_several > if is_further_in(row, first) { 12 } else { 3 }
        {
            break;
        }
        length = index + 1;
    }
    // Single pieces at the end are text below the table, unless they stand above the line that closes it.
    while length > last_of_several + 1
        && !is_further_in(&rows[length - 1], first)
        && !is_in_last_band(&rows[length - 2], &rows[length - 1], ruling)
    {
        length -= 1;
    }
    length
}

/// A line of text between two tables is no row of either.
fn is_sentence(row: &Row, first: &Row) -> bool {
    !is_further_in(row, first) && row.segments.iter().any(|segment| segment.word_count() >= 7)
}

/// Whether a row begins in a later column than the table does, as the further lines of a cell do.
fn is_further_in(row: &Row, first: &Row) -> bool {
    first.segments.len() >= 2
        && row.area().left > first.area().left + 2.0 * row.size
        && row.area().left > first.segments[0].area.right
}

/// Whether a row belongs to the one above it: no line parts the two, and one closes the table below.
fn is_in_last_band(before: &Row, row: &Row, ruling: &Ruling) -> bool {
    let below = Area {
        top: row.baseline,
        bottom: row.baseline + 1.6 * row.size,
        ..row.area()
    };
    !is_between_rules(before, row, ruling) && !ruling.levels_in(below).is_empty()
}

/// Whether a level line parts the two rows and the row above has one above it: the border of a table.
fn is_ruled_off(row: &Row, next: Option<&Row>, ruling: &Ruling) -> bool {
    next.is_some_and(|next| next.segments.len() >= 2 && is_between_rules(row, next, ruling))
        && ruling
            .levels_in(Area {
                top: row.baseline - 2.5 * row.size,
                bottom: row.baseline - 0.5 * row.size,
                ..row.area()
            })
            .len()
            == 1
}

fn is_between_rules(row: &Row, next: &Row, ruling: &Ruling) -> bool {
    let area = row.area().union(next.area());
    let between = Area {
        top: row.baseline,
        bottom: next.baseline - 0.5 * next.size,
        ..area
    };
    !ruling.levels_in(between).is_empty()
}

fn table(rows: &[Row], ruling: &Ruling, above: Option<&Row>) -> Option<Table> {
    let grid = grid(rows, ruling)?;
    let heads = grid.head_rows();
    let body = grid.rows.len().checked_sub(heads)?;
    if body == 0 || !is_certain(&grid, heads) {
        return None;
    }
    // Columns that share their only name have none of their own.
    if !grid.is_ruled
        && grid.rows[..heads]
            .last()
            .is_some_and(|row| row.iter().any(|cell| cell.first < cell.last))
    {
        return None;
    }
    let title = above
        .filter(|row| row.segments.len() == 1)
        .map(|row| text_of(&row.segments[0]))
        .filter(|text| is_title(text));
    let names = names(&grid, heads)?;
    let rows = grid
        .rows
        .iter()
        .enumerate()
        .map(|(index, cells)| {
            let is_section = index >= heads
                && cells.len() == 1
                && cells[0].first == 0
                && !is_figure(&cells[0].text)
                && grid.columns > 1;
            // On a new page, the head stands there once more.
            let is_head = index < heads || heads > 0 && is_same(cells, &grid.rows[heads - 1]);
            TableRow {
                is_body: !is_head && !is_section,
                is_section,
                cells: cells
                    .iter()
                    .map(|cell| (cell.first, cell.text.clone()))
                    .collect(),
            }
        })
        .collect();
    Some(Table { title, names, rows })
}

fn is_same(cells: &[Cell], head: &[Cell]) -> bool {
    let texts =
        |cells: &[Cell]| -> Vec<String> { cells.iter().map(|cell| cell.text.clone()).collect() };
    cells.len() >= 2 && texts(cells) == texts(head)
}

fn is_title(text: &str) -> bool {
    let first = text
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_lowercase();
    matches!(
        first.trim_end_matches(['.', ':']),
        "table"
            | "tab"
            | "tabelle"
            | "tableau"
            | "tabla"
            | "tabell"
            | "tabel"
            | "tabella"
            | "tabela"
    )
}

/// Whether the rows are a table beyond doubt.
fn is_certain(grid: &Grid, heads: usize) -> bool {
    let is_heading =
        |row: &Vec<Cell>| row.len() == 1 && row[0].first == 0 && !is_figure(&row[0].text);
    let body: Vec<&Vec<Cell>> = grid.rows[heads..]
        .iter()
        .filter(|row| !is_heading(row))
        .collect();
    let full = body.iter().filter(|row| row.len() >= 2).count();
    if grid.columns < 2 || grid.has_leaders {
        return false;
    }
    if grid.is_ruled {
        return full >= 1;
    }
    let labelled = body
        .iter()
        .filter(|row| {
            row.iter()
                .any(|cell| cell.first == 0 || !is_figure(&cell.text))
        })
        .count();
    let figures = grid.figure_columns(heads);
    let is_labelled = number(labelled) >= 0.8 * number(body.len());
    let is_filled = number(full) >= 0.7 * number(body.len());
    let has_figures = figures >= 1 && full >= 2 || figures >= 2 && full >= 1;
    is_labelled
        && is_filled
        && (has_figures && (heads > 0 || full >= 3) || heads > 0 && grid.has_bold_head && full >= 2)
}

impl Grid {
    /// The columns but the first that hold figures.
    fn figure_columns(&self, heads: usize) -> usize {
        (1..self.columns)
            .filter(|column| self.holds_figures(*column, heads))
            .count()
    }

    fn holds_figures(&self, column: usize, from: usize) -> bool {
        let cells: Vec<&Cell> = self.rows[from.min(self.rows.len())..]
            .iter()
            .flatten()
            .filter(|cell| cell.first == column && cell.last == column)
            .collect();
        let figures = cells.iter().filter(|cell| is_figure(&cell.text)).count();
        !cells.is_empty() && number(figures) >= 0.7 * number(cells.len())
    }

    /// How many rows at the top name the columns.
    fn head_rows(&self) -> usize {
        if let Some(heads) = self.heads {
            return heads;
        }
        let half = self.rows.len() / 2;
        let figures: Vec<usize> = (1..self.columns)
            .filter(|column| self.holds_figures(*column, half))
            .collect();
        let names_columns = |row: &[Cell]| {
            let over: Vec<&Cell> = row
                .iter()
                .filter(|cell| figures.iter().any(|column| cell.covers(*column)))
                .collect();
            let has_label = row
                .iter()
                .any(|cell| cell.first == 0 && cell.last == 0 && is_figure(&cell.text));
            !over.is_empty()
                && !has_label
                && (over.iter().all(|cell| !is_figure(&cell.text)) || are_years(&over))
        };
        let states = |row: &[Cell]| row.iter().any(|cell| is_figure(&cell.text));
        // A head that reaches over two rows stands between them.
        let heads = (0..self.rows.len().min(5))
            .take_while(|index| names_columns(&self.rows[*index]) || !states(&self.rows[*index]))
            .filter(|index| names_columns(&self.rows[*index]))
            .last()
            .map_or(0, |last| last + 1);
        if heads > 0 && heads < self.rows.len() && heads <= 4 && !figures.is_empty() {
            return heads;
        }
        usize::from(
            self.has_bold_head || self.is_ruled && figures.is_empty() && self.has_short_head(),
        )
    }

    /// Whether the first row is short where the others are sentences.
    fn has_short_head(&self) -> bool {
        let words = |cell: &Cell| cell.text.split_whitespace().count();
        let Some((head, body)) = self.rows.split_first() else {
            return false;
        };
        let described: Vec<usize> = body
            .iter()
            .flatten()
            .filter(|cell| cell.first > 0)
            .map(words)
            .collect();
        let total: usize = described.iter().sum();
        body.len() >= 2
            && head.len() == self.columns
            && head
                .iter()
                .all(|cell| words(cell) <= 3 && !is_figure(&cell.text))
            && total >= 3 * described.len()
    }
}

/// Years as column heads: they go up or down.
fn are_years(cells: &[&Cell]) -> bool {
    let years: Vec<u32> = cells.iter().filter_map(|cell| year(&cell.text)).collect();
    years.len() == cells.len()
        && years.len() >= 2
        && (years.windows(2).all(|pair| pair[0] < pair[1])
            || years.windows(2).all(|pair| pair[0] > pair[1]))
}

fn year(text: &str) -> Option<u32> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = &text[digits.len()..];
    let year: u32 = digits.parse().ok()?;
    let is_plain = rest.chars().count() <= 5 && !rest.starts_with([',', '.']);
    (digits.len() == 4 && (1500..=2150).contains(&year) && is_plain).then_some(year)
}
