//! Blocks of a Word document: paragraphs and tables.

use std::collections::HashMap;

use super::super::grid::{Cell, Grid};
use super::super::story::{Piece, Story};
use super::super::xml::{Element, Events, Node};
use super::styles::Styles;

/// The walk through a document's text.
pub struct Body<'d, 's> {
    pub story: Story<'d>,
    styles: &'s Styles,
    /// The numbers of the notes by their identifiers, in the order in which the text refers to them.
    footnotes: HashMap<String, usize>,
    endnotes: HashMap<String, usize>,
}

/// What a cell's properties say.
struct CellLook {
    columns: usize,
    goes_on: bool,
    is_deleted: bool,
}

impl<'d, 's> Body<'d, 's> {
    pub fn new(story: Story<'d>, styles: &'s Styles) -> Self {
        Self {
            story,
            styles,
            footnotes: HashMap::new(),
            endnotes: HashMap::new(),
        }
    }

    /// The number that the text gives a note.
    pub fn note_number(&self, kind: &str, id: &str) -> Option<usize> {
        let order = match kind {
            "footnote" => &self.footnotes,
            _ => &self.endnotes,
        };
        order.get(id).copied()
    }

    /// Takes a reference to a note and gives the number that a reader sees.
    pub fn refer_to_note(&mut self, kind: &str, id: String) -> usize {
        let order = match kind {
            "footnote" => &mut self.footnotes,
            _ => &mut self.endnotes,
        };
        let next = order.len() + 1;
        *order.entry(id).or_insert(next)
    }

    /// Walks blocks up to the end of the element around them.
    pub fn blocks(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) => self.block(&element, events),
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    fn block(&mut self, element: &Element, events: &mut Events) {
        match element.name() {
            "p" => self.paragraph(events),
            "tbl" => self.table(events),
            "del" | "moveFrom" => self.deleted(events),
            "AlternateContent" => self.alternate(events, Self::block),
            name if name.ends_with("Pr") || is_never_text(name) => events.skip(),
            _ => self.blocks(events),
        }
    }

    /// What a program shows that knows the newer of two forms.
    pub fn alternate(&mut self, events: &mut Events, read: fn(&mut Self, &Element, &mut Events)) {
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "Choice" => loop {
                    match events.next() {
                        Node::Open(element) => read(self, &element, events),
                        Node::Text(_) => {}
                        Node::Close => break,
                        Node::End => return,
                    }
                },
                Node::Open(_) => events.skip(),
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    fn paragraph(&mut self, events: &mut Events) {
        let mut piece = Piece::Paragraph;
        let mut goes_on = false;
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "pPr" => {
                    (piece, goes_on) = self.paragraph_look(events);
                }
                Node::Open(element) => self.inline(&element, events),
                Node::Text(_) => {}
                Node::Close | Node::End => break,
            }
        }
        // Where a tracked change deletes the paragraph's end, it goes on in the next.
        if !goes_on {
            self.story.end(piece);
        }
    }

    /// What the paragraph is, and whether its end is deleted.
    fn paragraph_look(&self, events: &mut Events) -> (Piece, bool) {
        let mut piece = None;
        let mut is_item = false;
        let mut end_is_deleted = false;
        let mut depth = 1_usize;
        while depth > 0 {
            match events.next() {
                Node::Open(element) => {
                    depth += 1;
                    match element.name() {
                        "pStyle" => {
                            let id = element.attribute("val").unwrap_or_default();
                            piece = self.styles.piece(&id).or(piece);
                        }
                        "outlineLvl" if element.number("val").is_some_and(|level| level < 9) => {
                            piece = Some(Piece::Heading);
                        }
                        "numPr" => is_item = true,
                        "del" | "moveFrom" => end_is_deleted = true,
                        // The look before a tracked change.
                        "pPrChange" | "rPrChange" | "sectPr" => {
                            events.skip();
                            depth -= 1;
                        }
                        _ => {}
                    }
                }
                Node::Close => depth -= 1,
                Node::Text(_) => {}
                Node::End => break,
            }
        }
        let usual = if is_item {
            Piece::Line
        } else {
            Piece::Paragraph
        };
        (piece.unwrap_or(usual), end_is_deleted)
    }

    fn table(&mut self, events: &mut Events) {
        let mut grid = Grid::new(true);
        self.story.end(Piece::Paragraph);
        self.rows(&mut grid, events);
        self.story.table(grid);
    }

    fn rows(&mut self, grid: &mut Grid, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "tr" => self.row(grid, events),
                    "tblPr" => grid.first_row_stands_out = first_row_stands_out(events),
                    "del" | "moveFrom" => self.deleted(events),
                    name if name.ends_with("Pr") || name == "tblGrid" => events.skip(),
                    _ => self.rows(grid, events),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    fn row(&mut self, grid: &mut Grid, events: &mut Events) {
        let mut cells = Vec::new();
        let mut is_header = false;
        let mut is_deleted = false;
        self.cells(&mut cells, events, &mut |name, element| match name {
            "tblHeader" => is_header |= element.switches_on(),
            "del" => is_deleted = true,
            _ => {}
        });
        if is_deleted {
            for cell in &cells {
                if let Cell::Own(words) = cell {
                    self.story.left_out.deleted.add(words);
                }
            }
            return;
        }
        grid.push(&cells);
        if is_header && grid.is_all_header() {
            grid.header_rows += 1;
        }
    }

    fn cells(
        &mut self,
        cells: &mut Vec<Cell>,
        events: &mut Events,
        look: &mut impl FnMut(&str, &Element),
    ) {
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "tc" => self.cell(cells, events),
                    "trPr" => {
                        let mut depth = 1_usize;
                        while depth > 0 {
                            match events.next() {
                                Node::Open(element) => {
                                    depth += 1;
                                    let before = element.number("val").unwrap_or(0).min(1_000);
                                    if element.name() == "gridBefore" {
                                        cells.extend((0..before).map(|_| Cell::Own(String::new())));
                                    }
                                    look(element.name(), &element);
                                }
                                Node::Close => depth -= 1,
                                Node::Text(_) => {}
                                Node::End => return,
                            }
                        }
                    }
                    name if name.ends_with("Pr") || name.ends_with("PrEx") => events.skip(),
                    _ => self.cells_within(cells, events),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    /// Cells in an element around them, as content controls are.
    fn cells_within(&mut self, cells: &mut Vec<Cell>, events: &mut Events) {
        self.cells(cells, events, &mut |_, _| {});
    }

    fn cell(&mut self, cells: &mut Vec<Cell>, events: &mut Events) {
        let mut look = CellLook {
            columns: 1,
            goes_on: false,
            is_deleted: false,
        };
        self.story.open();
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "tcPr" => look = cell_look(events),
                Node::Open(element) => self.block(&element, events),
                Node::Text(_) => {}
                Node::Close | Node::End => break,
            }
        }
        let words = self.story.close().join(" ");
        if look.is_deleted {
            self.story.left_out.deleted.add(&words);
            return;
        }
        let columns = look.columns.clamp(1, 1_000);
        if look.goes_on && words.is_empty() {
            cells.extend((0..columns).map(|_| Cell::Above));
            return;
        }
        cells.push(Cell::Own(words));
        cells.extend((1..columns).map(|_| Cell::Left));
    }
}

fn cell_look(events: &mut Events) -> CellLook {
    let mut look = CellLook {
        columns: 1,
        goes_on: false,
        is_deleted: false,
    };
    let mut depth = 1_usize;
    while depth > 0 {
        match events.next() {
            Node::Open(element) => {
                depth += 1;
                match element.name() {
                    "gridSpan" => look.columns = element.number("val").unwrap_or(1),
                    "vMerge" => {
                        let restarts = element.attribute("val");
                        look.goes_on = restarts.is_none_or(|value| value != "restart");
                    }
                    "cellDel" => look.is_deleted = true,
                    "tcPrChange" => {
                        events.skip();
                        depth -= 1;
                    }
                    _ => {}
                }
            }
            Node::Close => depth -= 1,
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    look
}

/// Whether the table's look has its first row stand out; tables without a look may have any.
fn first_row_stands_out(events: &mut Events) -> bool {
    let mut stands_out = true;
    let mut depth = 1_usize;
    while depth > 0 {
        match events.next() {
            Node::Open(element) => {
                depth += 1;
                if element.name() == "tblLook" {
                    stands_out = match element.attribute("firstRow") {
                        Some(value) => !matches!(value.as_str(), "0" | "false"),
                        None => element
                            .attribute("val")
                            .and_then(|value| u32::from_str_radix(&value, 16).ok())
                            .is_none_or(|bits| bits & 0x20 != 0),
                    };
                }
            }
            Node::Close => depth -= 1,
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    stands_out
}

fn is_never_text(name: &str) -> bool {
    matches!(
        name,
        "altChunk" | "sdtEndPr" | "permStart" | "permEnd" | "background"
    ) || name.starts_with("bookmark")
        || name.starts_with("commentRange")
}
