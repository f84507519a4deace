//! The blocks of an OpenDocument text: paragraphs, lists, tables, notes.

use super::super::grid::{Cell, Grid};
use super::super::story::{Piece, Story};
use super::super::xml::{Element, Events, Node};
use super::annotation;
use super::styles::Styles;

/// The most spaces that one element may repeat.
const MAX_SPACES: usize = 100;
/// The most cells or rows that one element may repeat.
const MAX_REPEATED: usize = 1_000;

/// Who wrote a comment.
pub struct Author(pub String);

/// A note at the foot of a page or at the end, or a comment.
enum Note {
    Foot(String, Vec<String>),
    Comment(Author, Vec<String>),
}

/// The walk through the blocks.
pub struct Body<'d, 's> {
    pub story: Story<'d>,
    styles: &'s Styles,
    notes: Vec<Note>,
    /// The prefix of the names of comments: `slide 4, `.
    pub part: String,
}

impl<'d, 's> Body<'d, 's> {
    pub fn new(story: Story<'d>, styles: &'s Styles) -> Self {
        Self {
            story,
            styles,
            notes: Vec::new(),
            part: String::new(),
        }
    }

    /// Whether a slide is not shown.
    pub fn is_not_displayed(&self, element: &Element) -> bool {
        self.styles.of(element).not_displayed
    }

    /// Finds the text of the document, and reads it.
    pub fn document(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "text" => {
                    self.blocks(events);
                }
                Node::End => return,
                _ => {}
            }
        }
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

    /// Reads one block that was opened.
    pub fn block(&mut self, element: &Element, events: &mut Events) {
        match element.name() {
            "p" => self.paragraph(element, events, Piece::Paragraph),
            "h" => self.paragraph(element, events, Piece::Heading),
            "list" => self.list(events),
            "table" => self.table(events),
            "tracked-changes" => self.deletions(events),
            "annotation" => self.comment(events),
            "frame" | "custom-shape" | "image" => self.frame(events),
            "sequence-decls" | "variable-decls" | "user-field-decls" | "forms" | "notes" => {
                events.skip();
            }
            _ => self.blocks(events),
        }
    }

    fn list(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "p" => self.paragraph(&element, events, Piece::Line),
                    "h" => self.paragraph(&element, events, Piece::Heading),
                    _ => self.list(events),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    fn paragraph(&mut self, element: &Element, events: &mut Events, piece: Piece) {
        self.styled(element, events);
        self.story.end(piece);
    }

    /// Text of one look.
    fn styled(&mut self, element: &Element, events: &mut Events) {
        let look = self.styles.of(element);
        if !(look.hidden || look.struck || look.raised || look.lowered) {
            self.inline(events);
            return;
        }
        let outer = std::mem::take(&mut self.story.inline);
        self.inline(events);
        let words = std::mem::replace(&mut self.story.inline, outer).take();
        let left_out = if look.hidden {
            Some(&mut self.story.left_out.hidden)
        } else if look.struck {
            Some(&mut self.story.left_out.struck)
        } else {
            None
        };
        if let Some(left_out) = left_out {
            left_out.add(&words);
            self.story.draft.left_out(words.chars().count());
            self.story.inline.keep_apart();
        } else if look.raised {
            self.story.inline.superscript(&words, false);
        } else {
            self.story.inline.subscript(&words);
        }
    }

    fn inline(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Text(text) => {
                    let text = self.story.clean(&text);
                    self.story.inline.push_collapsed(&text);
                }
                Node::Open(element) => self.inline_element(&element, events),
                Node::Close | Node::End => return,
            }
        }
    }

    fn inline_element(&mut self, element: &Element, events: &mut Events) {
        match element.name() {
            "s" => {
                let count = element.number("c").unwrap_or(1).min(MAX_SPACES);
                self.story.inline.push(&" ".repeat(count));
                events.skip();
            }
            "tab" => {
                self.story.inline.push("\t");
                events.skip();
            }
            "line-break" => {
                self.story.inline.line_break();
                events.skip();
            }
            "note" => self.note(events),
            "annotation" => self.comment(events),
            "frame" | "custom-shape" | "g" => self.frame(events),
            "page-number" | "page-count" | "soft-page-break" | "annotation-end" | "ruby-text"
            | "script" => events.skip(),
            "hidden-text" | "hidden-paragraph" => {
                let words = events.text_within();
                self.story.left_out.hidden.add(&words);
            }
            "span" => self.styled(element, events),
            _ => self.inline(events),
        }
    }

    /// A picture's description, or text in a box, which follows the paragraph.
    fn frame(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "title" | "desc" => {
                        let words = events.text_within();
                        self.story.picture(&words);
                    }
                    "text-box" | "p" | "list" | "table" => {
                        self.story.open();
                        if element.name() == "text-box" {
                            self.blocks(events);
                        } else {
                            self.block(&element, events);
                        }
                        self.story.close_box();
                    }
                    "binary-data" | "event-listeners" => events.skip(),
                    _ => self.frame(events),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    fn note(&mut self, events: &mut Events) {
        let mut mark = String::new();
        let mut held = Vec::new();
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "note-citation" => mark = events.text_within(),
                    "note-body" => {
                        self.story.open();
                        self.blocks(events);
                        held = self.story.close();
                    }
                    _ => events.skip(),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => break,
            }
        }
        let mark = self.story.clean(&mark);
        self.story.inline.superscript(&mark, true);
        self.notes.push(Note::Foot(mark, held));
    }

    fn comment(&mut self, events: &mut Events) {
        let (author, words) = annotation(events);
        self.notes.push(Note::Comment(author, words));
    }

    /// Adds the notes and comments that were met so far.
    pub fn notes(&mut self) {
        let mut number = 0_usize;
        let (comments, foot): (Vec<Note>, Vec<Note>) = std::mem::take(&mut self.notes)
            .into_iter()
            .partition(|note| matches!(note, Note::Comment(..)));
        for note in foot.into_iter().chain(comments) {
            match note {
                Note::Foot(mark, held) => {
                    self.story
                        .begin_part(&format!("{}note {mark}", self.part), false);
                    for words in held {
                        self.story.paragraph(&words);
                    }
                }
                Note::Comment(author, words) => {
                    number += 1;
                    let author = self.story.clean(&author.0);
                    let words = self.story.clean(&words.join(" "));
                    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                    let place = if self.part.is_empty() {
                        format!("comment {number}")
                    } else {
                        format!("{}comment", self.part)
                    };
                    self.story.comment(&place, &author, &words);
                }
            }
        }
    }

    /// The text that tracked changes delete comes before the body; what they insert is in it.
    fn deletions(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "deletion" => {
                    self.deletion(events);
                }
                Node::Open(_) => self.deletions(events),
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    fn deletion(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "change-info" => events.skip(),
                Node::Open(_) => {
                    let words = events.text_within();
                    let words = self.story.clean(&words);
                    self.story.draft.left_out(words.chars().count());
                    self.story.left_out.deleted.add(&words);
                }
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    /// Reads a table.
    pub fn table(&mut self, events: &mut Events) {
        self.story.end(Piece::Paragraph);
        let mut grid = Grid::new(true);
        self.rows(&mut grid, false, events);
        self.story.table(grid);
    }

    fn rows(&mut self, grid: &mut Grid, in_header: bool, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "table-header-rows" => self.rows(grid, true, events),
                    "table-rows" | "table-row-group" => self.rows(grid, in_header, events),
                    "table-row" => {
                        let cells = self.cells(events);
                        grid.push(&cells);
                        if in_header && grid.is_all_header() {
                            grid.header_rows += 1;
                        }
                    }
                    _ => events.skip(),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    fn cells(&mut self, events: &mut Events) -> Vec<Cell> {
        let mut cells = Vec::new();
        // Columns that the cell before still reaches over.
        let mut reaching = 0;
        loop {
            match events.next() {
                Node::Open(element) => {
                    let count = element.number("number-columns-repeated").unwrap_or(1);
                    let count = count.min(MAX_REPEATED);
                    match element.name() {
                        "table-cell" => {
                            let columns = element.number("number-columns-spanned").unwrap_or(1);
                            self.story.open();
                            self.blocks(events);
                            let words = self.story.close().join(" ");
                            reaching = columns.saturating_sub(1);
                            cells.extend((0..count).map(|_| Cell::Own(words.clone())));
                        }
                        "covered-table-cell" => {
                            events.skip();
                            for _ in 0..count {
                                let is_left = reaching > 0;
                                reaching = reaching.saturating_sub(1);
                                cells.push(if is_left { Cell::Left } else { Cell::Above });
                            }
                        }
                        _ => events.skip(),
                    }
                    if cells.len() > MAX_REPEATED {
                        cells.truncate(MAX_REPEATED);
                    }
                }
                Node::Text(_) => {}
                Node::Close | Node::End => return cells,
            }
        }
    }
}
