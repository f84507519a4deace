//! Shapes as slides and sheets have them: text in boxes, tables, descriptions of pictures.

use std::collections::HashSet;

use super::grid::{Cell, Grid};
use super::story::{Piece, Story};
use super::xml::{Element, Events, Node};

/// Reads all shapes up to the end of the element around them.
pub fn shapes(story: &mut Story, events: &mut Events) {
    Shapes::default().walk(story, events);
}

/// Which shapes are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wanted {
    #[default]
    All,
    Title,
    /// All but the title.
    Rest,
    /// What a speaker notes to a slide.
    Notes,
}

/// The walk through shapes.
#[derive(Debug, Default)]
pub struct Shapes {
    pub wanted: Wanted,
    /// What slides repeat at their edges, which is read once.
    pub repeated: HashSet<String>,
    /// The role of the current shape on its slide: `title`, `body`, `ftr`.
    role: Option<String>,
}

impl Shapes {
    pub fn new(wanted: Wanted) -> Self {
        Self {
            wanted,
            ..Self::default()
        }
    }

    /// Walks shapes up to the end of the element around them.
    pub fn walk(&mut self, story: &mut Story, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) => self.shape(&element, story, events),
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    fn shape(&mut self, element: &Element, story: &mut Story, events: &mut Events) {
        match element.name() {
            "sp" | "pic" | "graphicFrame" | "cxnSp" => {
                self.role = None;
                self.walk(story, events);
                self.role = None;
            }
            "cNvPr" => {
                if self.takes_others() {
                    let words = element.attribute("descr").unwrap_or_default();
                    story.picture(&words);
                    if !words.is_empty() {
                        story.end(Piece::Paragraph);
                    }
                }
                events.skip();
            }
            "ph" => {
                self.role = Some(
                    element
                        .attribute("type")
                        .unwrap_or_else(|| "body".to_owned()),
                );
                events.skip();
            }
            "txBody" => self.text_body(story, events),
            "tbl" if self.takes_others() => table(story, events),
            // The first form is the one that newer programs show.
            "tbl" | "Fallback" => events.skip(),
            name if name.ends_with("Pr") && !name.starts_with("nv") => events.skip(),
            _ => self.walk(story, events),
        }
    }

    fn takes_others(&self) -> bool {
        matches!(self.wanted, Wanted::All | Wanted::Rest)
    }

    fn text_body(&mut self, story: &mut Story, events: &mut Events) {
        let role = self.role.as_deref().unwrap_or_default();
        let is_title = matches!(role, "title" | "ctrTitle");
        let is_edge = matches!(role, "ftr" | "hdr");
        let is_taken = match (self.wanted, role) {
            (_, "sldNum" | "dt") => false,
            (Wanted::All, _) => true,
            (Wanted::Title, _) => is_title,
            (Wanted::Rest, _) => !is_title,
            (Wanted::Notes, role) => role == "body",
        };
        if !is_taken {
            events.skip();
            return;
        }
        if is_edge {
            story.open();
            text(story, events, Piece::Line);
            let words = story.close().join(" ");
            if !words.is_empty() && self.repeated.insert(words.clone()) {
                story.paragraph(&words);
            }
            return;
        }
        let piece = if is_title {
            Piece::Heading
        } else {
            Piece::Line
        };
        text(story, events, piece);
        story.draft.end_block();
    }
}

/// Reads the paragraphs of a box.
pub fn text(story: &mut Story, events: &mut Events, piece: Piece) {
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "p" => {
                inline(story, events);
                story.end(piece);
            }
            Node::Open(_) => events.skip(),
            Node::Text(_) => {}
            Node::Close | Node::End => return,
        }
    }
}

fn inline(story: &mut Story, events: &mut Events) {
    loop {
        match events.next() {
            Node::Open(element) => match element.name() {
                "r" => run(story, events),
                "br" => {
                    story.inline.line_break();
                    events.skip();
                }
                "fld" => {
                    let kind = element.attribute("type").unwrap_or_default();
                    if kind.starts_with("slidenum") {
                        events.skip();
                    } else {
                        run(story, events);
                    }
                }
                "Fallback" => events.skip(),
                "t" => {
                    let words = events.text_within();
                    story.text(&words);
                }
                name if name.ends_with("Pr") => events.skip(),
                _ => inline(story, events),
            },
            Node::Text(_) => {}
            Node::Close | Node::End => return,
        }
    }
}

fn run(story: &mut Story, events: &mut Events) {
    let mut struck = false;
    let mut shift = 0_i64;
    loop {
        match events.next() {
            Node::Open(element) => match element.name() {
                "rPr" => {
                    let strike = element.attribute("strike");
                    struck = strike.is_some_and(|strike| strike != "noStrike");
                    let baseline = element.attribute("baseline").unwrap_or_default();
                    shift = baseline.trim_end_matches('%').parse().unwrap_or(0);
                    events.skip();
                }
                "t" => {
                    let words = events.text_within();
                    let words = story.clean(&words);
                    if struck {
                        story.left_out.struck.add(&words);
                        story.draft.left_out(words.chars().count());
                        story.inline.keep_apart();
                    } else if shift > 0 {
                        story.inline.superscript(&words, false);
                    } else if shift < 0 {
                        story.inline.subscript(&words);
                    } else {
                        story.inline.push(&words);
                    }
                }
                _ => events.skip(),
            },
            Node::Text(_) => {}
            Node::Close | Node::End => return,
        }
    }
}

fn table(story: &mut Story, events: &mut Events) {
    let mut grid = Grid::new(false);
    loop {
        match events.next() {
            Node::Open(element) => match element.name() {
                "tblPr" => {
                    grid.first_row_stands_out = element.is_on("firstRow");
                    events.skip();
                }
                "tr" => {
                    let cells = row(story, events);
                    grid.push(&cells);
                }
                _ => events.skip(),
            },
            Node::Text(_) => {}
            Node::Close | Node::End => break,
        }
    }
    story.table(grid);
}

fn row(story: &mut Story, events: &mut Events) -> Vec<Cell> {
    let mut cells = Vec::new();
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "tc" => {
                story.open();
                loop {
                    match events.next() {
                        Node::Open(inner) if inner.name() == "txBody" => {
                            text(story, events, Piece::Paragraph);
                        }
                        Node::Open(_) => events.skip(),
                        Node::Text(_) => {}
                        Node::Close | Node::End => break,
                    }
                }
                let words = story.close().join(" ");
                cells.push(if element.is_on("hMerge") {
                    Cell::Left
                } else if element.is_on("vMerge") {
                    Cell::Above
                } else {
                    Cell::Own(words)
                });
            }
            Node::Open(_) => events.skip(),
            Node::Text(_) => {}
            Node::Close | Node::End => return cells,
        }
    }
}
