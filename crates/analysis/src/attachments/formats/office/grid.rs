//! A document's table on its way to rows: cells over several rows or columns stand in each of them.

use crate::attachments::draft::Draft;
use crate::attachments::rows::{Header, Line, MAX_COLUMNS, Table};

/// A cell with more characters is no cell but a column of the page.
const MAX_CELL: usize = 1_000;
/// The most cells of one table, those counted that stand in several rows.
const MAX_CELLS: usize = 1_000_000;

/// One place in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Own(String),
    /// The cell to the left reaches over this column.
    Left,
    /// The cell above reaches into this row.
    Above,
}

/// A table in the making.
#[derive(Debug, Default)]
pub struct Grid {
    lines: Vec<Line>,
    above: Vec<String>,
    cells: usize,
    /// Rows at the beginning that the document marks as its header.
    pub header_rows: usize,
    /// Whether the document shows its first row as a header.
    pub first_row_stands_out: bool,
}

impl Grid {
    pub fn new(first_row_stands_out: bool) -> Self {
        Self {
            first_row_stands_out,
            ..Self::default()
        }
    }

    /// Adds a row.
    pub fn push(&mut self, cells: &[Cell]) {
        let cells = &cells[..cells.len().min(MAX_COLUMNS)];
        if self.cells + cells.len() > MAX_CELLS {
            return;
        }
        self.cells += cells.len();
        let own = cells.iter().filter(|cell| matches!(cell, Cell::Own(_)));
        let is_title = own.count() == 1
            && matches!(cells.first(), Some(Cell::Own(_)))
            && !cells.contains(&Cell::Above);
        let mut line = Line::default();
        for (column, cell) in cells.iter().enumerate() {
            if self.above.len() <= column {
                self.above.push(String::new());
            }
            match cell {
                Cell::Own(text) => {
                    let text = one_line(text);
                    line.push(&text, "\t");
                    self.above[column] = text;
                }
                // One cell over all columns is a title in the table.
                Cell::Left if is_title => {}
                Cell::Left => {
                    if let Some(left) = line.cells.last().cloned() {
                        line.cells.push(left);
                    }
                    if let Some(before) = column.checked_sub(1) {
                        let left = self.above[before].clone();
                        self.above[column] = left;
                    }
                }
                Cell::Above => {
                    let text = self.above[column].clone();
                    line.push(&text, "\t");
                }
            }
        }
        if line.cells.iter().all(std::ops::Range::is_empty) {
            return;
        }
        self.lines.push(line);
    }

    /// Adds the table to the draft, under the heading over it.
    pub fn write(self, under: Option<String>, draft: &mut Draft) {
        let widest = self.lines.iter().map(|line| line.cells.len()).max();
        let is_layout = widest.is_none_or(|widest| widest < 2)
            || self.lines.iter().any(|line| {
                let mut cells = line.cells.iter();
                cells.any(|cell| cell.len() > MAX_CELL)
            });
        if is_layout {
            for line in &self.lines {
                let mut before = None;
                for cell in &line.cells {
                    // A cell over several columns is in each of them, and is written once.
                    if before.replace(cell.clone()) != Some(cell.clone()) {
                        draft.clean_paragraph(&line.text[cell.clone()]);
                        draft.end_block();
                    }
                }
            }
            return;
        }
        draft.end_block();
        let header = if self.header_rows > 0 {
            Header::Rows(self.header_rows)
        } else {
            Header::Unknown {
                unsure: self.first_row_stands_out,
            }
        };
        let table = Table {
            under: under.into_iter().collect(),
            header,
            lines: self.lines,
            first_column: None,
        };
        table.write(draft);
    }

    /// Whether the row that was added last is the next of its header.
    pub fn is_all_header(&self) -> bool {
        self.lines.len() == self.header_rows + 1
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Its words on one line, where it is within another table's cell.
    pub fn flattened(&self) -> String {
        let lines: Vec<String> = self
            .lines
            .iter()
            .map(|line| line.values().join(" "))
            .collect();
        lines.join("; ")
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
