//! OpenDocument files: texts (odt), spreadsheets (ods) and presentations (odp). All keep what they say in one part, `content.xml`.

mod sheets;
mod slides;
mod styles;
mod text;

use super::about;
use super::package::{Package, Refusal};
use super::relations::name_unread_parts;
use super::story::{Piece, Story};
use super::xml::{Events, Node};
use crate::attachments::draft::Draft;
use styles::Styles;
use text::{Author, Body};

/// Which of the three it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Sheets,
    Slides,
}

/// Reads an OpenDocument file.
pub fn read(package: &mut Package, kind: Kind, draft: &mut Draft) -> Result<(), Refusal> {
    let manifest = package.xml("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(Refusal::Password);
    }
    if let Some(text) = package.xml("meta.xml")? {
        about::take(&text, draft);
    }
    let content = package.xml("content.xml")?.ok_or(Refusal::Damaged)?;
    let common = package.xml("styles.xml")?.unwrap_or_default();
    let mut styles = Styles::default();
    styles.add(&common);
    styles.add(&content);
    let mut events = Events::new(&content);
    if kind == Kind::Sheets {
        sheets::read(&mut events, &styles, draft);
    } else {
        let mut body = Body::new(Story::new(draft), &styles);
        if kind == Kind::Slides {
            slides::read(&mut body, &mut events);
        } else {
            body.document(&mut events);
            body.story.end(Piece::Paragraph);
            edges(&mut body, &common);
        }
        body.notes();
        body.story.finish();
    }
    if let Some(note) = events.note("The file's content") {
        draft.unread(None, note);
    }
    name_unread_parts(package, 0, draft);
    Ok(())
}

/// Headers and footers, which stand with the styles, each once.
fn edges(body: &mut Body, styles: &str) {
    let mut events = Events::new(styles);
    let mut known = std::collections::HashSet::new();
    loop {
        match events.next() {
            Node::Open(element) => {
                let name = element.name();
                let edge = match name {
                    _ if name.starts_with("header") && !name.contains("style") => "header",
                    _ if name.starts_with("footer") && !name.contains("style") => "footer",
                    _ => continue,
                };
                body.story.open();
                body.blocks(&mut events);
                let held = body.story.close();
                if !held.is_empty() && known.insert(held.clone()) {
                    body.story.begin_part(edge, false);
                    for words in held {
                        body.story.paragraph(&words);
                    }
                }
            }
            Node::End => return,
            _ => {}
        }
    }
}

/// Reads who commented and what, up to the end of the comment.
fn annotation(events: &mut Events) -> (Author, Vec<String>) {
    let mut author = String::new();
    let mut words = Vec::new();
    loop {
        match events.next() {
            Node::Open(element) => match element.name() {
                "creator" => author = events.text_within(),
                "p" | "list" => words.push(events.text_within()),
                _ => events.skip(),
            },
            Node::Text(_) => {}
            Node::Close | Node::End => return (Author(author), words),
        }
    }
}

#[cfg(test)]
mod tests;
