//! What the paragraph styles of a Word document are for: headings and captions are called after the language of the program that
//! made them, but their names are the same in all.

use std::collections::HashMap;

use super::super::story::Piece;
use super::super::xml::{Events, Node};

/// The most styles that are looked at.
const MAX_STYLES: usize = 10_000;

/// Of a style, what its paragraphs are, where they are not plain.
#[derive(Debug, Default)]
pub struct Styles {
    pieces: HashMap<String, Piece>,
}

impl Styles {
    pub fn of(text: &str) -> Self {
        let mut events = Events::new(text);
        let mut found = Self::default();
        let mut id = String::new();
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "style" => id = element.attribute("styleId").unwrap_or_default(),
                    "name" => {
                        let name = element.attribute("val").unwrap_or_default().to_lowercase();
                        let piece = match name.as_str() {
                            "title" | "subtitle" => Some(Piece::Heading),
                            "caption" => Some(Piece::Caption),
                            _ if name.starts_with("heading") => Some(Piece::Heading),
                            _ if name.starts_with("list") => Some(Piece::Line),
                            _ => None,
                        };
                        found.add(&id, piece);
                    }
                    "outlineLvl" => {
                        let level = element.number("val").filter(|level| *level < 9);
                        found.add(&id, level.map(|_| Piece::Heading));
                    }
                    "numPr" if !found.pieces.contains_key(&id) => {
                        found.add(&id, Some(Piece::Line));
                    }
                    _ => {}
                },
                Node::End => return found,
                _ => {}
            }
        }
    }

    fn add(&mut self, id: &str, piece: Option<Piece>) {
        if let Some(piece) = piece
            && self.pieces.len() < MAX_STYLES
        {
            self.pieces.insert(id.to_owned(), piece);
        }
    }

    /// What a paragraph of this style is.
    pub fn piece(&self, id: &str) -> Option<Piece> {
        self.pieces.get(id).copied()
    }
}
