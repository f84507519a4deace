//! Word documents (docx): the text as it is read with all tracked changes accepted, then headers, footers, notes and comments,
//! each under its name.

mod body;
mod runs;
mod styles;

use std::collections::HashSet;

use super::about;
use super::package::{Package, Refusal};
use super::relations::{Relations, name_unread_parts};
use super::story::{Piece, Story};
use super::xml::{Element, Events, Node};
use crate::attachments::draft::Draft;
use body::Body;
use styles::Styles;

/// Reads a document whose text is in the part `main`.
pub fn read(package: &mut Package, main: &str, draft: &mut Draft) -> Result<(), Refusal> {
    let relations = Relations::of(package, main)?;
    if let Some(text) = package.xml("docProps/core.xml")? {
        about::take(&text, draft);
    }
    let styles = match relations.first("styles") {
        Some(part) => Styles::of(&package.xml(&part)?.unwrap_or_default()),
        None => Styles::default(),
    };
    let text = package.xml(main)?.ok_or(Refusal::Damaged)?;
    let mut body = Body::new(Story::new(draft), &styles);
    let mut notes = Vec::new();
    let mut events = Events::new(&text);
    body.blocks(&mut events);
    body.story.end(Piece::Paragraph);
    notes.extend(events.note("The document's text"));
    for (kind, name) in [("header", "header"), ("footer", "footer")] {
        let mut known = HashSet::new();
        for part in relations.all(kind) {
            let Some(text) = package.xml(&part)? else {
                continue;
            };
            let mut events = Events::new(&text);
            body.story.open();
            body.blocks(&mut events);
            let held = body.story.close();
            notes.extend(events.note("A header or footer"));
            if !held.is_empty() && known.insert(held.clone()) {
                body.story.begin_part(name, false);
                for paragraph in held {
                    body.story.paragraph(&paragraph);
                }
            }
        }
    }
    for kind in ["footnote", "endnote"] {
        for part in relations.all(&format!("{kind}s")) {
            let text = package.xml(&part)?.unwrap_or_default();
            let mut events = Events::new(&text);
            read_notes(&mut body, kind, &mut events);
            notes.extend(events.note("The notes"));
        }
    }
    for part in relations.all("comments") {
        let text = package.xml(&part)?.unwrap_or_default();
        let mut events = Events::new(&text);
        read_comments(&mut body, &mut events);
        notes.extend(events.note("The comments"));
    }
    body.story.finish();
    for note in notes {
        draft.unread(None, note);
    }
    if relations.first("aFChunk").is_some() {
        draft.unread(
            None,
            "A file was put into the document as it is, and was not read. Open the document in its own program and save it anew.",
        );
    }
    name_unread_parts(package, relations.outside(), draft);
    Ok(())
}

fn read_notes(body: &mut Body, kind: &str, events: &mut Events) {
    loop {
        match events.next() {
            Node::Open(element) if element.name() == kind => {
                let is_drawn = element
                    .attribute("type")
                    .is_some_and(|kind| kind != "normal");
                if is_drawn {
                    // The line between text and notes.
                    events.skip();
                    continue;
                }
                let number = element
                    .attribute("id")
                    .and_then(|id| body.note_number(kind, &id));
                let name =
                    number.map_or_else(|| kind.to_owned(), |number| format!("{kind} {number}"));
                body.story.begin_part(&name, false);
                body.blocks(events);
            }
            Node::End => return,
            _ => {}
        }
    }
}

fn read_comments(body: &mut Body, events: &mut Events) {
    let mut number = 0_usize;
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "comment" => {
                number += 1;
                let author = author_of(body, &element);
                body.story.open();
                body.blocks(events);
                let words = body.story.close().join(" ");
                body.story
                    .comment(&format!("comment {number}"), &author, &words);
            }
            Node::End => return,
            _ => {}
        }
    }
}

fn author_of(body: &mut Body, element: &Element) -> String {
    let author = element.attribute("author").unwrap_or_default();
    body.story.clean(&author)
}

#[cfg(test)]
mod tests;
