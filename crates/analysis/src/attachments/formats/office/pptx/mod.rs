//! PowerPoint presentations (pptx): slide by slide, the title first, then what else is on it, its notes and comments.

mod comments;

use super::about;
use super::drawing::{self, Shapes, Wanted};
use super::package::{Package, Refusal};
use super::relations::{Relations, name_unread_parts};
use super::story::{Piece, Story};
use super::xml::{Events, Node};
use crate::attachments::draft::Draft;

/// The most slides that are read.
const MAX_SLIDES: usize = 5_000;

/// Reads a presentation whose list of slides is in the part `main`.
pub fn read(package: &mut Package, main: &str, draft: &mut Draft) -> Result<(), Refusal> {
    let relations = Relations::of(package, main)?;
    if let Some(text) = package.xml("docProps/core.xml")? {
        about::take(&text, draft);
    }
    let presentation = package.xml(main)?.ok_or(Refusal::Damaged)?;
    let authors = comments::authors(package, &relations)?;
    let mut shapes = Shapes::default();
    let mut story = Story::new(draft);
    let mut notes: Vec<String> = Vec::new();
    let mut outside = relations.outside();
    let slides = slides(&presentation);
    for (number, id) in (1..).zip(&slides).take(MAX_SLIDES) {
        let Some(part) = relations.target(id) else {
            notes.push(format!("Slide {number} is missing in the file."));
            continue;
        };
        let Some(text) = package.xml(part)? else {
            notes.push(format!("Slide {number} is missing in the file."));
            continue;
        };
        if is_hidden(&text) {
            notes.push(format!("Slide {number} is hidden and was left out."));
            continue;
        }
        story.begin_part(&format!("slide {number}"), false);
        for wanted in [Wanted::Title, Wanted::Rest] {
            shapes.wanted = wanted;
            let mut events = Events::new(&text);
            shapes.walk(&mut story, &mut events);
            story.end(Piece::Paragraph);
            if wanted == Wanted::Rest {
                notes.extend(events.note(&format!("Slide {number}")));
            }
        }
        drop(text);
        let own = Relations::of(package, part)?;
        outside += own.outside();
        for part in own.all("diagramData") {
            let text = package.xml(&part)?.unwrap_or_default();
            diagram(&mut story, &text);
        }
        for part in own.all("notesSlide") {
            let text = package.xml(&part)?.unwrap_or_default();
            speaker_notes(&mut story, number, &text);
        }
        comments::read(package, &own, &authors, number, &mut story)?;
    }
    story.finish();
    if slides.len() > MAX_SLIDES {
        notes.push(format!("Only the first {MAX_SLIDES} slides were read."));
    }
    for note in notes {
        draft.unread(None, note);
    }
    name_unread_parts(package, outside, draft);
    Ok(())
}

/// The identifiers of the slides, in the order in which they are shown.
fn slides(presentation: &str) -> Vec<String> {
    let mut events = Events::new(presentation);
    let mut slides = Vec::new();
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "sldId" => {
                slides.extend(element.prefixed_attribute("id"));
            }
            Node::End => return slides,
            _ => {}
        }
    }
}

fn is_hidden(slide: &str) -> bool {
    match Events::new(slide).next() {
        Node::Open(element) => element
            .attribute("show")
            .is_some_and(|show| matches!(show.as_str(), "0" | "false")),
        _ => false,
    }
}

/// The words of a drawing that is made out of a list.
fn diagram(story: &mut Story, text: &str) {
    let mut events = Events::new(text);
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "t" => {
                drawing::text(story, &mut events, Piece::Line);
            }
            Node::End => break,
            _ => {}
        }
    }
    story.draft.end_block();
}

fn speaker_notes(story: &mut Story, slide: usize, text: &str) {
    let mut shapes = Shapes::new(Wanted::Notes);
    story.open();
    shapes.walk(story, &mut Events::new(text));
    let held = story.close();
    if held.is_empty() {
        return;
    }
    story.begin_part(&format!("slide {slide}, notes"), false);
    for words in held {
        story.paragraph(&words);
    }
}

#[cfg(test)]
mod tests;
