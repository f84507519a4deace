//! Comments on the cells of a sheet, of the old kind and of the kind with answers.

use std::collections::HashMap;

use super::super::package::{Package, Refusal};
use super::super::relations::Relations;
use super::super::story::Story;
use super::super::xml::{Events, Node};
use super::cells::rich_text;
use crate::attachments::draft::Draft;

/// How old programs are told that there is a comment of the newer kind.
const STAND_IN: &str = "[Threaded comment]";

/// The names of those who comment, by their identifiers.
pub fn people(
    package: &mut Package,
    relations: &Relations,
) -> Result<HashMap<String, String>, Refusal> {
    let mut people = HashMap::new();
    for part in relations.all("person") {
        let text = package.xml(&part)?.unwrap_or_default();
        let mut events = Events::new(&text);
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "person" => {
                    let name = element.attribute("displayName").unwrap_or_default();
                    people.insert(element.attribute("id").unwrap_or_default(), name);
                }
                Node::End => break,
                _ => {}
            }
        }
    }
    Ok(people)
}

/// Reads the comments on a sheet.
pub fn read(
    package: &mut Package,
    relations: &Relations,
    people: &HashMap<String, String>,
    sheet: &str,
    draft: &mut Draft,
) -> Result<(), Refusal> {
    let mut found: Vec<(String, String, String)> = Vec::new();
    for kind in ["comments", "threadedComment"] {
        for part in relations.all(kind) {
            let text = package.xml(&part)?.unwrap_or_default();
            comments(&text, people, &mut found);
        }
    }
    let mut story = Story::new(draft);
    let sheet = story.clean(sheet);
    for (cell, author, words) in found {
        let author = story.clean(&author);
        let words = story.clean(&words);
        let cell = story.clean(&cell);
        // Programs begin the comment with its author's name.
        let words = words.trim();
        let words = words
            .strip_prefix(author.as_str())
            .and_then(|rest| rest.strip_prefix(':'))
            .unwrap_or(words);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        story.comment(
            &format!("sheet {sheet}, comment at {cell}"),
            &author,
            &words,
        );
    }
    story.finish();
    Ok(())
}

fn comments(
    text: &str,
    people: &HashMap<String, String>,
    found: &mut Vec<(String, String, String)>,
) {
    let mut events = Events::new(text);
    let mut authors: Vec<String> = Vec::new();
    loop {
        match events.next() {
            Node::Open(element) => match element.name() {
                "author" => authors.push(events.text_within()),
                "comment" => {
                    let author = element.number("authorId").and_then(|at| authors.get(at));
                    let cell = element.attribute("ref").unwrap_or_default();
                    let words = rich_text(&mut events);
                    if !words.trim_start().starts_with(STAND_IN) {
                        found.push((cell, author.cloned().unwrap_or_default(), words));
                    }
                }
                "threadedComment" => {
                    let id = element.attribute("personId").unwrap_or_default();
                    let cell = element.attribute("ref").unwrap_or_default();
                    let author = people.get(&id).cloned().unwrap_or_default();
                    found.push((cell, author, events.text_within()));
                }
                _ => {}
            },
            Node::End => return,
            _ => {}
        }
    }
}
