//! The walk through the groups of a rich-text file.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::super::grid::{Cell, Grid};
use super::super::story::{Piece, Story};
use super::tokens::{Token, Tokens};
use crate::attachments::draft::Draft;

/// How deeply groups may be nested.
const MAX_DEPTH: usize = 2_000;
/// The most fonts that are looked at.
pub const MAX_FONTS: usize = 5_000;
/// The most cells of a row.
pub const MAX_CELLS: usize = 1_000;

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    Text,
    Nowhere,
    Fonts,
    Title,
    Author,
    Note,
    Comment,
    /// A header or footer.
    Edge(&'static str),
}

/// What holds inside a group.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of how the text looks"
)]
pub struct State {
    pub destination: Destination,
    pub encoding: &'static Encoding,
    pub hidden: bool,
    pub struck: bool,
    pub deleted: bool,
    /// -1 lowered, 1 raised.
    pub shift: i8,
    /// How many bytes stand in for a letter that old programs do not know.
    pub stand_ins: usize,
    pub is_heading: bool,
    pub is_item: bool,
    pub in_table: bool,
}

/// The walk.
pub struct Walk<'d> {
    pub story: Story<'d>,
    pub state: State,
    groups: Vec<State>,
    pub bytes: Vec<u8>,
    pub text: String,
    /// Bytes still to be passed over as stand-ins.
    pub pass: usize,
    pub high: Option<u16>,
    pub fonts: HashMap<i32, &'static Encoding>,
    pub font: i32,
    pub usual: &'static Encoding,
    grid: Option<Grid>,
    cells: Vec<Cell>,
    /// How the cells of the row stand to those around them, by the row's definition.
    pub merges: Vec<Option<Cell>>,
    pub merge: Option<Cell>,
    notes: Vec<(String, Vec<String>)>,
    comments: Vec<(String, Vec<String>)>,
    note_count: usize,
    author: String,
    title: String,
    /// Whether the group that was opened last says that it may be passed over.
    pub may_pass: bool,
}

impl<'d> Walk<'d> {
    pub fn new(draft: &'d mut Draft) -> Self {
        let usual = encoding_rs::WINDOWS_1252;
        Self {
            story: Story::new(draft),
            state: State {
                destination: Destination::Text,
                encoding: usual,
                hidden: false,
                struck: false,
                deleted: false,
                shift: 0,
                stand_ins: 1,
                is_heading: false,
                is_item: false,
                in_table: false,
            },
            groups: Vec::new(),
            bytes: Vec::new(),
            text: String::new(),
            pass: 0,
            high: None,
            fonts: HashMap::new(),
            font: 0,
            usual,
            grid: None,
            cells: Vec::new(),
            merges: Vec::new(),
            merge: None,
            notes: Vec::new(),
            comments: Vec::new(),
            note_count: 0,
            author: String::new(),
            title: String::new(),
            may_pass: false,
        }
    }

    /// Reads the file; whether it ended as it should.
    pub fn read(&mut self, bytes: &[u8]) -> bool {
        let mut tokens = Tokens::new(bytes);
        while let Some(token) = tokens.next() {
            match token {
                Token::Open => {
                    self.flush();
                    self.pass = 0;
                    if self.groups.len() >= MAX_DEPTH {
                        break;
                    }
                    self.groups.push(self.state);
                }
                Token::Close => {
                    self.close_group();
                    if self.groups.is_empty() {
                        // What follows the document is none of it.
                        return true;
                    }
                }
                Token::Word("bin", count) => {
                    tokens.pass(
                        count
                            .and_then(|count| usize::try_from(count).ok())
                            .unwrap_or(0),
                    );
                }
                Token::Word(word, number) => self.word(word, number),
                Token::Sign(sign) => self.sign(sign),
                Token::Byte(byte) => {
                    if self.pass > 0 {
                        self.pass -= 1;
                    } else {
                        // Half a letter alone is none.
                        self.high = None;
                        self.bytes.push(byte);
                    }
                }
            }
        }
        while !self.groups.is_empty() {
            self.close_group();
        }
        false
    }

    fn close_group(&mut self) {
        self.flush();
        self.pass = 0;
        let Some(outer) = self.groups.pop() else {
            return;
        };
        let inner = std::mem::replace(&mut self.state, outer);
        if inner.destination == outer.destination {
            return;
        }
        match inner.destination {
            Destination::Note => {
                let held = self.story.close();
                self.note_count += 1;
                let mark = self.note_count.to_string();
                self.story.inline.superscript(&mark, true);
                self.notes.push((format!("note {mark}"), held));
            }
            Destination::Edge(name) => {
                let held = self.story.close();
                let entry = (name.to_owned(), held);
                if !entry.1.is_empty() && !self.notes.contains(&entry) {
                    self.notes.push(entry);
                }
            }
            Destination::Comment => {
                let held = self.story.close();
                let author = std::mem::take(&mut self.author);
                self.comments.push((author, held));
            }
            _ => {}
        }
    }

    pub fn enter(&mut self, destination: Destination) {
        if self.state.destination == Destination::Nowhere {
            return;
        }
        if matches!(
            destination,
            Destination::Note | Destination::Comment | Destination::Edge(_)
        ) {
            // A note within a note belongs to it.
            if self.state.destination != Destination::Text || self.groups.is_empty() {
                return;
            }
            self.flush();
            self.story.open();
        }
        self.state.destination = destination;
    }

    pub fn flush_bytes(&mut self) {
        if !self.bytes.is_empty() {
            let (text, _) = self.state.encoding.decode_without_bom_handling(&self.bytes);
            self.text.push_str(&text);
            self.bytes.clear();
        }
    }

    pub fn is_text(&self) -> bool {
        matches!(
            self.state.destination,
            Destination::Text | Destination::Note | Destination::Comment | Destination::Edge(_)
        )
    }

    pub fn flush(&mut self) {
        self.flush_bytes();
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        match self.state.destination {
            Destination::Author => {
                self.author.push_str(&text);
                return;
            }
            Destination::Title => {
                self.title.push_str(&text);
                return;
            }
            Destination::Nowhere | Destination::Fonts => return,
            _ => {}
        }
        let words = self.story.clean(&text);
        let left_out = if self.state.deleted {
            Some(&mut self.story.left_out.deleted)
        } else if self.state.hidden {
            Some(&mut self.story.left_out.hidden)
        } else if self.state.struck {
            Some(&mut self.story.left_out.struck)
        } else {
            None
        };
        if let Some(left_out) = left_out {
            left_out.add(&words);
            self.story.draft.left_out(words.chars().count());
            self.story.inline.keep_apart();
        } else if self.state.shift > 0 {
            self.story.inline.superscript(&words, false);
        } else if self.state.shift < 0 {
            self.story.inline.subscript(&words);
        } else {
            self.story.inline.push(&words);
        }
    }

    pub fn end_paragraph(&mut self) {
        self.flush();
        if !self.is_text() {
            return;
        }
        if self.state.in_table && self.state.destination == Destination::Text {
            // A cell of several paragraphs.
            self.story.inline.space();
            return;
        }
        if self.state.destination == Destination::Text {
            self.end_table();
        }
        self.story.end(if self.state.is_heading {
            Piece::Heading
        } else if self.state.is_item {
            Piece::Line
        } else {
            Piece::Paragraph
        });
    }

    pub fn end_cell(&mut self) {
        self.flush();
        if self.state.destination != Destination::Text {
            self.story.inline.space();
            return;
        }
        let words = self.story.inline.take();
        if self.cells.len() < MAX_CELLS {
            self.cells.push(Cell::Own(words.trim().to_owned()));
        }
    }

    pub fn end_row(&mut self) {
        self.flush();
        let mut cells = std::mem::take(&mut self.cells);
        for (cell, merge) in cells.iter_mut().zip(&self.merges) {
            if let Some(merge) = merge
                && *cell == Cell::Own(String::new())
            {
                *cell = merge.clone();
            }
        }
        if !cells.is_empty() {
            self.grid
                .get_or_insert_with(|| Grid::new(true))
                .push(&cells);
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        if let Some(grid) = self.grid.take() {
            // What was begun after the table follows it.
            let begun = std::mem::take(&mut self.story.inline);
            self.story.table(grid);
            self.story.inline = begun;
        }
    }

    /// Ends the text, and adds notes and comments.
    pub fn finish(mut self) {
        self.flush();
        self.end_table();
        self.story.end(Piece::Paragraph);
        for (name, held) in std::mem::take(&mut self.notes) {
            self.story.begin_part(&name, false);
            for words in held {
                self.story.paragraph(&words);
            }
        }
        for (number, (author, held)) in (1..).zip(std::mem::take(&mut self.comments)) {
            let author = self.story.clean(&author);
            let place = format!("comment {number}");
            self.story.comment(&place, &author, &held.join(" "));
        }
        if !self.title.trim().is_empty() {
            self.story.draft.about().title = Some(self.title);
        }
        self.story.finish();
    }
}
