//! XML as a list of elements that know their children: a tree without recursion, so that depth costs no stack.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Elements nested deeper are read as text of the one around them.
pub const MAX_DEPTH: usize = 64;
/// The most elements that are read.
const MAX_ELEMENTS: usize = 100_000;
/// The most attributes that are read of one element.
const MAX_ATTRIBUTES: usize = 200;

/// A part of an element.
#[derive(Debug)]
pub enum Content {
    Text(String),
    /// Position in [`Tree::nodes`].
    Element(usize),
}

/// An element.
#[derive(Debug, Default)]
pub struct Node {
    /// Without its prefix.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub content: Vec<Content>,
}

impl Node {
    /// Adds text to the last piece of text.
    fn push(&mut self, text: &str) {
        if let Some(Content::Text(last)) = self.content.last_mut() {
            last.push_str(text);
        } else {
            self.content.push(Content::Text(text.to_owned()));
        }
    }

    /// Whether the element holds words of its own.
    pub fn has_text(&self) -> bool {
        let mut content = self.content.iter();
        content.any(|part| matches!(part, Content::Text(text) if !text.trim().is_empty()))
    }

    /// The elements within.
    pub fn elements(&self) -> impl Iterator<Item = usize> + '_ {
        self.content.iter().filter_map(|part| match part {
            Content::Element(at) => Some(*at),
            Content::Text(_) => None,
        })
    }
}

/// A file's elements, the outermost first.
#[derive(Debug, Default)]
pub struct Tree {
    pub nodes: Vec<Node>,
    /// Elements that were read as text for their depth.
    deep: usize,
    is_cut: bool,
    /// Elements whose attributes were not all read.
    crowded: usize,
    has_document_type: bool,
    unknown_entities: usize,
    broken_at: Option<usize>,
}

impl Tree {
    /// Takes the text apart; what stands before a mistake is kept.
    pub fn parse(text: &str) -> Self {
        let mut tree = Self::default();
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut open: Vec<usize> = Vec::new();
        let mut too_deep = 0_usize;
        loop {
            let Ok(event) = reader.read_event() else {
                let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                let before = text.get(..at).unwrap_or(text);
                tree.broken_at = Some(before.matches('\n').count() + 1);
                break;
            };
            match event {
                Event::Start(_) if open.len() >= MAX_DEPTH => {
                    too_deep += 1;
                    tree.deep += 1;
                    tree.add_text(&open, " ");
                }
                Event::Start(start) => match tree.add(&start, &open) {
                    Some(at) => open.push(at),
                    None => break,
                },
                Event::Empty(start) => {
                    if open.len() < MAX_DEPTH && tree.add(&start, &open).is_none() {
                        break;
                    }
                }
                Event::End(_) if too_deep > 0 => {
                    too_deep -= 1;
                    tree.add_text(&open, " ");
                }
                Event::End(_) => {
                    open.pop();
                }
                Event::Text(text) => tree.add_text(&open, &text.xml10_content()),
                Event::CData(text) => tree.add_text(&open, &text.xml10_content()),
                Event::GeneralRef(reference) => match resolve(&reference) {
                    Some(letter) => tree.add_text(&open, letter.encode_utf8(&mut [0; 4])),
                    None => tree.unknown_entities += 1,
                },
                Event::DocType(_) => tree.has_document_type = true,
                Event::Eof => {
                    if !open.is_empty() {
                        tree.broken_at = Some(text.lines().count());
                    }
                    break;
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
        tree
    }

    fn add(&mut self, start: &BytesStart<'_>, open: &[usize]) -> Option<usize> {
        if self.nodes.len() >= MAX_ELEMENTS {
            self.is_cut = true;
            return None;
        }
        let at = self.nodes.len();
        let mut attributes = Vec::new();
        let mut written = start.attributes();
        let written = written.with_checks(false).flatten();
        for (number, attribute) in written.enumerate() {
            if number == MAX_ATTRIBUTES {
                self.crowded += 1;
                break;
            }
            let name = attribute.key;
            let is_plumbing = name.as_namespace_binding().is_some()
                || name
                    .prefix()
                    .is_some_and(|prefix| matches!(prefix.as_ref(), "xml" | "xsi"));
            if is_plumbing {
                continue;
            }
            // An attribute with an entity of the file's own is left as it is written.
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .unwrap_or_else(|_| attribute.value.clone());
            attributes.push((name.local_name().as_ref().to_owned(), value.into_owned()));
        }
        self.nodes.push(Node {
            name: start.local_name().as_ref().to_owned(),
            attributes,
            content: Vec::new(),
        });
        if let Some(parent) = open.last().and_then(|parent| self.nodes.get_mut(*parent)) {
            parent.content.push(Content::Element(at));
        }
        Some(at)
    }

    fn add_text(&mut self, open: &[usize], text: &str) {
        if let Some(node) = open.last().and_then(|at| self.nodes.get_mut(*at)) {
            node.push(text);
        }
    }

    /// What to say of what was not read.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(line) = self.broken_at {
            notes.push(format!(
                "The XML is broken at line {line}; what follows was not read. Correct it there and attach it again."
            ));
        }
        if self.has_document_type {
            notes.push("The file has a document type (DTD), which is not followed: none of its entities is expanded.".to_owned());
        }
        if self.unknown_entities > 0 {
            notes.push(format!(
                "{} entities of the file's own were left out. Write their text where they stand if it matters.",
                self.unknown_entities
            ));
        }
        if self.deep > 0 {
            notes.push(format!(
                "Elements are nested deeper than {MAX_DEPTH} levels; {} of them were read as plain text.",
                self.deep
            ));
        }
        if self.crowded > 0 {
            notes.push(format!(
                "{} elements have more than {MAX_ATTRIBUTES} attributes; only the first of them were read.",
                self.crowded
            ));
        }
        if self.is_cut {
            notes.push("Only the first 100,000 elements were read. Split the file and attach the part that matters.".to_owned());
        }
        notes
    }

    /// The words of an element and of all within it.
    pub fn text_of(&self, at: usize) -> String {
        let mut text = String::new();
        let mut stack: Vec<(usize, usize)> = vec![(at, 0)];
        while let Some((at, part)) = stack.pop() {
            let Some(content) = self.nodes.get(at).and_then(|node| node.content.get(part)) else {
                continue;
            };
            stack.push((at, part + 1));
            match content {
                Content::Text(words) => text.push_str(words),
                Content::Element(child) => stack.push((*child, 0)),
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The character of `&amp;` or `&#65;`; `None` for an entity that only a document type could explain.
pub fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return Some(letter);
    }
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
