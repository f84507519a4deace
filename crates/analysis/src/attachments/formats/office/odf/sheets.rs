//! The sheets of an OpenDocument spreadsheet. Cells hold the words that they show, so that no format is applied here.

use super::super::sheet::{HiddenColumns, LAST_COLUMN, LAST_ROW, Merged, Row, Share, Sheet};
use super::super::story::Story;
use super::super::xml::{Element, Events, Node};
use super::annotation;
use super::styles::Styles;
use super::text::Author;
use crate::attachments::draft::{Draft, MAX_CHARACTERS};

/// A row or cell that says something is repeated at most so often.
const MAX_REPEATED: usize = 1_000;

/// A comment: its cell, who wrote it, what it says.
type Comment = (String, Author, Vec<String>);

/// The walk through a sheet.
#[derive(Default)]
struct Walk {
    sheet: Sheet,
    /// The row that comes next.
    row: u32,
    hidden: HiddenColumns,
    column: u32,
    comments: Vec<Comment>,
    characters: usize,
}

/// Reads all sheets.
pub fn read(events: &mut Events, styles: &Styles, draft: &mut Draft) {
    let mut share = Share::default();
    loop {
        match events.next() {
            Node::Open(element) => match element.name() {
                "table" => {
                    let name = element.attribute("name").unwrap_or_default();
                    if styles.of(&element).not_displayed {
                        events.skip();
                        let name = draft.clean(&name);
                        draft.unread(
                            None,
                            format!("The sheet “{name}” is hidden and was left out."),
                        );
                        continue;
                    }
                    let mut walk = Walk::default();
                    walk.sheet.name = name;
                    walk.rows(events);
                    walk.finish(draft, &mut share);
                }
                "tracked-changes" | "content-validations" | "database-ranges" => events.skip(),
                _ => {}
            },
            Node::End => break,
            _ => {}
        }
    }
    share.write(draft);
}

impl Walk {
    fn finish(self, draft: &mut Draft, share: &mut Share) {
        let name = self.sheet.name.clone();
        self.sheet.write(draft, share);
        let mut story = Story::new(draft);
        let name = story.clean(&name);
        for (cell, author, words) in self.comments {
            let author = story.clean(&author.0);
            let words = story.clean(&words.join(" "));
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            story.comment(&format!("sheet {name}, comment at {cell}"), &author, &words);
        }
        story.finish();
    }

    fn rows(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "table-row" => self.one_row(&element, events),
                    "table-column" => {
                        self.one_column(&element);
                        events.skip();
                    }
                    "table-header-rows"
                    | "table-rows"
                    | "table-row-group"
                    | "table-columns"
                    | "table-header-columns"
                    | "table-column-group" => self.rows(events),
                    _ => events.skip(),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    fn one_column(&mut self, element: &Element) {
        let count = repeated(element, "number-columns-repeated");
        let end = self.column.saturating_add(count).min(LAST_COLUMN + 1);
        // To the end of the sheet is how programs end what is used.
        if is_hidden(element) && end <= LAST_COLUMN {
            self.hidden.add(self.column, end);
            self.sheet.hidden_columns = self.hidden.count;
        }
        self.column = end;
    }

    fn one_row(&mut self, element: &Element, events: &mut Events) {
        let count = repeated(element, "number-rows-repeated");
        let number = self.row;
        self.row = self.row.saturating_add(count).min(LAST_ROW + 1);
        if number > LAST_ROW || self.characters > MAX_CHARACTERS {
            events.skip();
            return;
        }
        if is_hidden(element) {
            events.skip();
            let hidden = (number..self.row).take(MAX_REPEATED);
            self.sheet.hidden_rows.extend(hidden);
            return;
        }
        let cells = self.cells(number, events);
        if cells.is_empty() {
            return;
        }
        for number in (number..self.row).take(MAX_REPEATED) {
            let cells = cells.clone();
            self.characters += cells.iter().map(|(_, text)| text.len() + 1).sum::<usize>();
            self.sheet.rows.push(Row { number, cells });
            if self.characters > MAX_CHARACTERS {
                return;
            }
        }
    }

    fn cells(&mut self, row: u32, events: &mut Events) -> Vec<(u32, String)> {
        let mut cells: Vec<(u32, String)> = Vec::new();
        let mut column = 0_u32;
        loop {
            match events.next() {
                Node::Open(element) => {
                    let count = repeated(&element, "number-columns-repeated");
                    let first = column;
                    column = column.saturating_add(count).min(LAST_COLUMN + 1);
                    if element.name() != "table-cell" {
                        events.skip();
                        continue;
                    }
                    self.merge(&element, row, first);
                    let text = self.cell(row, first, events);
                    if text.trim().is_empty() {
                        continue;
                    }
                    for column in (first..column).take(MAX_REPEATED) {
                        if !self.hidden.contains(column) {
                            cells.push((column, text.clone()));
                        }
                    }
                }
                Node::Text(_) => {}
                Node::Close | Node::End => return cells,
            }
        }
    }

    fn merge(&mut self, element: &Element, row: u32, column: u32) {
        let columns = repeated(element, "number-columns-spanned");
        let rows = repeated(element, "number-rows-spanned");
        if columns > 1 || rows > 1 {
            self.sheet.merged.push(Merged {
                rows: (row, row.saturating_add(rows - 1)),
                columns: (column, column.saturating_add(columns - 1)),
            });
        }
    }

    /// What the cell shows; its comments are kept apart.
    fn cell(&mut self, row: u32, column: u32, events: &mut Events) -> String {
        let mut paragraphs = Vec::new();
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "p" => paragraphs.push(paragraph(events)),
                    "annotation" => {
                        let (author, words) = annotation(events);
                        let letters = clara_domain::evidence::column_letters(column);
                        let cell = format!("{letters}{}", row.saturating_add(1));
                        self.comments.push((cell, author, words));
                    }
                    _ => events.skip(),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => return paragraphs.join(" "),
            }
        }
    }
}

fn paragraph(events: &mut Events) -> String {
    let mut text = String::new();
    let mut depth = 1_usize;
    while depth > 0 {
        match events.next() {
            Node::Open(element) => {
                depth += 1;
                if matches!(element.name(), "s" | "tab" | "line-break") {
                    text.push(' ');
                }
            }
            Node::Close => depth -= 1,
            Node::Text(more) => text.push_str(&more),
            Node::End => break,
        }
    }
    text
}

fn repeated(element: &Element, name: &str) -> u32 {
    let count = element.number(name).unwrap_or(1).max(1);
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn is_hidden(element: &Element) -> bool {
    element
        .attribute("visibility")
        .is_some_and(|visibility| visibility != "visible")
}
