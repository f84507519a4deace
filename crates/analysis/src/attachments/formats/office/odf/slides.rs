//! The slides of an OpenDocument presentation.

use super::super::story::Piece;
use super::super::xml::{Element, Events, Node};
use super::text::Body;

/// Reads all slides.
pub fn read(body: &mut Body, events: &mut Events) {
    let mut number = 0_usize;
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "page" => {
                number += 1;
                if body.is_not_displayed(&element) {
                    events.skip();
                    let reason = format!("Slide {number} is hidden and was left out.");
                    body.story.draft.unread(None, reason);
                } else {
                    slide(body, number, events);
                }
            }
            Node::End => return,
            _ => {}
        }
    }
}

fn slide(body: &mut Body, number: usize, events: &mut Events) {
    body.story.begin_part(&format!("slide {number}"), false);
    body.part = format!("slide {number}, ");
    let mut notes = Vec::new();
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "notes" => {
                body.story.open();
                shapes(body, events);
                notes = body.story.close();
            }
            Node::Open(element) => shape(body, &element, events),
            Node::Text(_) => {}
            Node::Close | Node::End => break,
        }
    }
    body.story.end(Piece::Paragraph);
    if !notes.is_empty() {
        body.story
            .begin_part(&format!("slide {number}, notes"), false);
        for words in notes {
            body.story.paragraph(&words);
        }
    }
    body.notes();
}

fn shapes(body: &mut Body, events: &mut Events) {
    loop {
        match events.next() {
            Node::Open(element) => shape(body, &element, events),
            Node::Text(_) => {}
            Node::Close | Node::End => return,
        }
    }
}

fn shape(body: &mut Body, element: &Element, events: &mut Events) {
    let role = element.attribute("class").unwrap_or_default();
    if matches!(role.as_str(), "page-number" | "date-time" | "page") {
        events.skip();
        return;
    }
    match element.name() {
        "title" | "desc" => {
            let words = events.text_within();
            body.story.picture(&words);
            body.story.end(Piece::Paragraph);
        }
        "text-box" | "custom-shape" | "rect" | "ellipse" => {
            body.blocks(events);
            body.story.draft.end_block();
        }
        "table" => body.table(events),
        "annotation" | "p" | "list" | "h" => body.block(element, events),
        "forms" | "event-listeners" | "par" => events.skip(),
        _ => shapes(body, events),
    }
}
