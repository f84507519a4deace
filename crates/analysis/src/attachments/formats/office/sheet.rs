//! A spreadsheet's rows on their way into a draft: each row a line that knows its sheet and number, blocks of rows as tables.

use std::collections::HashSet;

use crate::attachments::draft::Draft;
use crate::attachments::rows::{Header, Line, MAX_COLUMNS, Table};
use clara_domain::evidence::ReadUnit;

/// The last column and row that a sheet can have.
pub const LAST_COLUMN: u32 = 16_383;
pub const LAST_ROW: u32 = 1_048_575;
/// So many cells in all are filled with the value of the merged cell that they belong to.
const MAX_FILLED: usize = 1_000_000;

/// A row with its cells by column, both counted from 0. Empty cells are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<(u32, String)>,
}

/// Cells that are shown as one: first and last row, first and last column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    pub rows: (u32, u32),
    pub columns: (u32, u32),
}

/// A sheet that is read.
#[derive(Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
    pub merged: Vec<Merged>,
    /// Rows and columns that nobody sees; they are not among `rows`.
    pub hidden_rows: HashSet<u32>,
    pub hidden_columns: usize,
    /// Formulas whose result is not in the file.
    pub without_result: usize,
}

/// Which columns of a sheet nobody sees.
#[derive(Debug, Default)]
pub struct HiddenColumns {
    is_hidden: Vec<bool>,
    pub count: usize,
}

impl HiddenColumns {
    /// Hides the columns from `first` up to, not with, `end`.
    pub fn add(&mut self, first: u32, end: u32) {
        let end = end.min(LAST_COLUMN + 1) as usize;
        if self.is_hidden.len() < end {
            self.is_hidden.resize(end, false);
        }
        for column in self.is_hidden.iter_mut().take(end).skip(first as usize) {
            self.count += usize::from(!*column);
            *column = true;
        }
    }

    pub fn contains(&self, column: u32) -> bool {
        self.is_hidden
            .get(column as usize)
            .copied()
            .unwrap_or(false)
    }
}

/// How many rows of a workbook were read, of how many.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    read: usize,
    of: usize,
}

impl Share {
    /// Says so of the file.
    pub fn write(self, draft: &mut Draft) {
        draft.share(ReadUnit::Rows, self.read.min(self.of), self.of);
    }
}

impl Sheet {
    /// Adds the sheet to the draft. Names and cells are as they come from the file.
    pub fn write(mut self, draft: &mut Draft, share: &mut Share) {
        let name = draft.clean(&self.name);
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        draft.end_block();
        self.fill_merged();
        let lines = self.lines(&name, draft);
        let rows = lines.iter().filter(|line| !line.cells.is_empty()).count();
        share.of += rows;
        if rows > 0 {
            draft.named_place(&format!("sheet {name}"), "\n\n");
            let has_own_name = !name.is_empty() && !is_given_by_program(&name);
            if has_own_name {
                draft.clean_paragraph(&name);
            }
            let table = Table {
                under: has_own_name.then(|| name.clone()).into_iter().collect(),
                header: Header::Unknown { unsure: true },
                lines,
                first_column: self.first_column(),
            };
            share.read += table.write(draft);
        }
        self.name_what_is_left_out(&name, draft);
    }

    fn name_what_is_left_out(&self, name: &str, draft: &mut Draft) {
        let hidden = [
            (self.hidden_rows.len(), "row"),
            (self.hidden_columns, "column"),
        ];
        for (count, what) in hidden.into_iter().filter(|(count, _)| *count > 0) {
            let were = if count == 1 { " is" } else { "s are" };
            draft.unread(
                None,
                format!("In the sheet “{name}” {count} {what}{were} hidden and left out."),
            );
        }
        if self.without_result > 0 {
            draft.unread(
                None,
                format!(
                    "In the sheet “{name}” {} formulas have no stored result and were left out. Open the file in its own \
                     program, save it and attach it again.",
                    self.without_result
                ),
            );
        }
    }

    fn first_column(&self) -> Option<u32> {
        let columns = self.rows.iter().filter_map(|row| row.cells.first());
        columns.map(|(column, _)| *column).min()
    }

    /// A merged cell's value holds for each of its rows that has other cells, and for each of its columns.
    fn fill_merged(&mut self) {
        self.merged.sort_by_key(|merged| merged.rows.0);
        let mut next = 0;
        let mut open: Vec<(Merged, String)> = Vec::new();
        let mut left = MAX_FILLED;
        let last_used = self.rows.iter().filter_map(|row| row.cells.last());
        let last_used = last_used.map(|(column, _)| *column).max().unwrap_or(0);
        for row in &mut self.rows {
            open.retain(|(merged, _)| merged.rows.1 >= row.number);
            while let Some(merged) = self.merged.get(next).filter(|m| m.rows.0 <= row.number) {
                next += 1;
                let at = row
                    .cells
                    .binary_search_by_key(&merged.columns.0, |(column, _)| *column);
                if merged.rows.0 == row.number
                    && let Ok(at) = at
                    && open.len() < MAX_COLUMNS
                {
                    open.push((*merged, row.cells[at].1.clone()));
                }
            }
            // What is shown as one holds one value; an area with more is none.
            open.retain(|(merged, _)| {
                let (first, last) = merged.columns;
                let from = row.cells.partition_point(|(column, _)| *column < first);
                let origin = usize::from(merged.rows.0 == row.number);
                let behind = row.cells.get(from + origin);
                behind.is_none_or(|(column, _)| *column > last)
            });
            // A cell that is alone in its row is a title, however wide it is.
            if row.cells.len() < 2 {
                continue;
            }
            for (merged, text) in &open {
                let (first, last) = merged.columns;
                for column in (first..=last.min(last_used)).take(MAX_COLUMNS.min(left)) {
                    left -= 1;
                    let at = row
                        .cells
                        .binary_search_by_key(&column, |(column, _)| *column);
                    if let Err(at) = at {
                        row.cells.insert(at, (column, text.clone()));
                    }
                }
            }
        }
    }

    /// The rows as lines, an empty one where rows between them are empty.
    fn lines(&self, name: &str, draft: &mut Draft) -> Vec<Line> {
        let first = self.first_column().unwrap_or(0);
        let mut lines: Vec<Line> = Vec::with_capacity(self.rows.len());
        let mut before: Option<u32> = None;
        for row in &self.rows {
            if let Some(before) = before
                && (before + 1..row.number).any(|number| !self.hidden_rows.contains(&number))
            {
                lines.push(Line::default());
            }
            before = Some(row.number);
            let mut line = Line {
                place: Some(format!("sheet {name}, row {}", row.number + 1)),
                ..Line::default()
            };
            let is_title = row.cells.len() == 1;
            for (column, raw) in &row.cells {
                let text = draft.clean(raw);
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let at = (column - first.min(*column)) as usize;
                if at >= MAX_COLUMNS {
                    line.text.push('\t');
                    line.text.push_str(&text);
                    continue;
                }
                while !is_title && line.cells.len() < at {
                    line.push("", "\t");
                }
                line.push(&text, "\t");
            }
            if line.cells.iter().all(std::ops::Range::is_empty) {
                line = Line::default();
            }
            lines.push(line);
        }
        lines
    }
}

/// Names that programs give: `Sheet1`, `Tabelle 2`.
fn is_given_by_program(name: &str) -> bool {
    let word = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = word.trim_end();
    matches!(
        word.to_lowercase().as_str(),
        "sheet"
            | "tabelle"
            | "feuil"
            | "feuille"
            | "hoja"
            | "foglio"
            | "blad"
            | "planilha"
            | "ark"
            | "лист"
            | "シート"
            | "工作表"
    )
}
