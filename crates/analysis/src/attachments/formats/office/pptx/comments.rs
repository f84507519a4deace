//! Comments on slides, of the old kind and of the new one.

use std::collections::HashMap;

use super::super::drawing;
use super::super::package::{Package, Refusal};
use super::super::relations::Relations;
use super::super::story::{Piece, Story};
use super::super::xml::{Events, Node};

/// The names of those who comment, by their identifiers.
pub fn authors(
    package: &mut Package,
    relations: &Relations,
) -> Result<HashMap<String, String>, Refusal> {
    let mut authors = HashMap::new();
    for kind in ["commentAuthors", "authors"] {
        for part in relations.all(kind) {
            let text = package.xml(&part)?.unwrap_or_default();
            let mut events = Events::new(&text);
            loop {
                match events.next() {
                    Node::Open(element) if matches!(element.name(), "cmAuthor" | "author") => {
                        let id = element.attribute("id").unwrap_or_default();
                        authors.insert(id, element.attribute("name").unwrap_or_default());
                    }
                    Node::End => break,
                    _ => {}
                }
            }
        }
    }
    Ok(authors)
}

/// Reads the comments on a slide.
pub fn read(
    package: &mut Package,
    relations: &Relations,
    authors: &HashMap<String, String>,
    slide: usize,
    story: &mut Story,
) -> Result<(), Refusal> {
    for part in relations.all("comments") {
        let text = package.xml(&part)?.unwrap_or_default();
        let mut events = Events::new(&text);
        loop {
            match events.next() {
                Node::Open(element) if matches!(element.name(), "cm" | "reply") => {
                    let author = element.attribute("authorId").unwrap_or_default();
                    let author = authors.get(&author).cloned().unwrap_or_default();
                    let author = story.clean(&author);
                    comment(&mut events, authors, slide, &author, story);
                }
                Node::End => break,
                _ => {}
            }
        }
    }
    Ok(())
}

/// A comment and the answers within it.
fn comment(
    events: &mut Events,
    authors: &HashMap<String, String>,
    slide: usize,
    author: &str,
    story: &mut Story,
) {
    let mut words = Vec::new();
    let mut answers: Vec<(String, String)> = Vec::new();
    let mut depth = 1_usize;
    while depth > 0 {
        match events.next() {
            Node::Open(element) => match element.name() {
                "text" => {
                    let text = events.text_within();
                    words.push(story.clean(&text));
                }
                "txBody" => {
                    story.open();
                    drawing::text(story, events, Piece::Paragraph);
                    words.extend(story.close());
                }
                "reply" => {
                    let id = element.attribute("authorId").unwrap_or_default();
                    let by = authors.get(&id).cloned().unwrap_or_default();
                    let text = reply(events, story);
                    answers.push((story.clean(&by), text));
                }
                _ => depth += 1,
            },
            Node::Close => depth -= 1,
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    let place = format!("slide {slide}, comment");
    story.comment(&place, author, &words.join(" "));
    for (by, words) in answers {
        story.comment(&place, &by, &words);
    }
}

fn reply(events: &mut Events, story: &mut Story) -> String {
    story.open();
    let mut depth = 1_usize;
    while depth > 0 {
        match events.next() {
            Node::Open(element) if element.name() == "txBody" => {
                drawing::text(story, events, Piece::Paragraph);
            }
            Node::Open(_) => depth += 1,
            Node::Close => depth -= 1,
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    story.close().join(" ")
}
