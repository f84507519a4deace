//! A table's rows as they are written, less the marks inside their cells.

use std::ops::Range;

use crate::attachments::rows::{Header, Line, Table};

/// Rows in the making.
#[derive(Debug, Default)]
pub struct Rows {
    lines: Vec<Line>,
    row: String,
    row_start: usize,
    /// Where each cell stands in the row, and its text without marks.
    cells: Vec<(Range<usize>, String)>,
}

impl Rows {
    /// Begins a row that stands at `start`.
    pub fn begin(&mut self, row: &str, start: usize) {
        // The head's range goes on to the line of dashes.
        let row = row.lines().next().unwrap_or_default();
        row.clone_into(&mut self.row);
        self.row_start = start;
        self.cells.clear();
    }

    /// Begins a cell.
    pub fn cell(&mut self, range: Range<usize>) {
        let inside = |at: usize| at.saturating_sub(self.row_start).min(self.row.len());
        self.cells
            .push((inside(range.start)..inside(range.end), String::new()));
    }

    /// The text of the cell that was begun last.
    pub fn cell_text(&mut self, text: &str) {
        if let Some((_, content)) = self.cells.last_mut() {
            text.trim().clone_into(content);
        }
    }

    /// Ends the row.
    pub fn end(&mut self) {
        let mut line = Line::default();
        let mut at = 0;
        for (range, text) in self.cells.drain(..) {
            let written = self.row.get(range.clone()).unwrap_or_default();
            let lead = written.len()
                - written
                    .trim_start()
                    .trim_start_matches('|')
                    .trim_start()
                    .len();
            let tail = written.trim_end().trim_end_matches('|').trim_end().len();
            let start = (range.start + lead).max(at);
            let end = (range.start + tail.max(lead)).max(start);
            let between = self.row.get(at..start).unwrap_or_default();
            line.text.push_str(if at == 0 {
                between.trim_start()
            } else {
                between
            });
            let from = line.text.len();
            line.text.push_str(&text);
            line.cells.push(from..line.text.len());
            at = end;
        }
        line.text
            .push_str(self.row.get(at..).unwrap_or_default().trim_end());
        self.lines.push(line);
    }

    /// The table, under the heading it stands under.
    pub fn table(self, under: Option<String>) -> Table {
        let named = self
            .lines
            .first()
            .is_some_and(|line| line.values().iter().any(|cell| !cell.is_empty()));
        let mut lines = self.lines;
        if !named && !lines.is_empty() {
            lines.remove(0);
        }
        Table {
            under: under.into_iter().collect(),
            header: Header::Rows(usize::from(named)),
            lines,
            first_column: None,
        }
    }
}
