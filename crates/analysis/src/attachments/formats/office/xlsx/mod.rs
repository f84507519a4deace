//! Excel workbooks (xlsx): each sheet's rows with the values that a person sees. Formulas are not computed: what the program
//! stored as their result is read.

mod cells;
mod comments;
mod numbers;

use std::collections::HashSet;

use super::package::{Package, Refusal};
use super::relations::{Relations, name_unread_parts};
use super::sheet::{Share, Sheet};
use super::story::Story;
use super::xml::{Events, Node};
use super::{about, drawing};
use crate::attachments::draft::Draft;
use cells::Cells;
use numbers::Numbers;

pub use numbers::general;

/// The most sheets that are read.
const MAX_SHEETS: usize = 1_000;

/// A sheet as the workbook lists it.
struct Listed {
    name: String,
    id: String,
    is_hidden: bool,
}

/// Reads a workbook whose list of sheets is in the part `main`.
pub fn read(package: &mut Package, main: &str, draft: &mut Draft) -> Result<(), Refusal> {
    let relations = Relations::of(package, main)?;
    if let Some(text) = package.xml("docProps/core.xml")? {
        about::take(&text, draft);
    }
    let workbook = package.xml(main)?.ok_or(Refusal::Damaged)?;
    let (sheets, counts_from_1904) = listed(&workbook);
    drop(workbook);
    let strings = match relations.first("sharedStrings") {
        Some(part) => cells::shared_strings(&package.xml(&part)?.unwrap_or_default()),
        None => Vec::new(),
    };
    let styles = match relations.first("styles") {
        Some(part) => package.part(&part)?.unwrap_or_default(),
        None => Vec::new(),
    };
    let numbers = Numbers::new(&styles, counts_from_1904);
    let people = comments::people(package, &relations)?;
    let mut share = Share::default();
    let mut outside = relations.outside();
    for listed in sheets.iter().take(MAX_SHEETS) {
        if listed.is_hidden {
            let name = draft.clean(&listed.name);
            draft.unread(
                None,
                format!("The sheet “{name}” is hidden and was left out."),
            );
            continue;
        }
        let Some(part) = relations.target(&listed.id) else {
            continue;
        };
        let Some(text) = package.xml(part)? else {
            let name = draft.clean(&listed.name);
            draft.unread(None, format!("The sheet “{name}” is missing in the file."));
            continue;
        };
        let mut events = Events::new(&text);
        let mut sheet = Sheet {
            name: listed.name.clone(),
            merged: cells::merged(&text),
            ..Sheet::default()
        };
        Cells::new(&strings, &numbers).read(&mut events, &mut sheet);
        let note = events.note(&format!("The sheet “{}”", draft.clean(&listed.name)));
        drop(text);
        sheet.write(draft, &mut share);
        if let Some(note) = note {
            draft.unread(None, note);
        }
        let own = Relations::of(package, part)?;
        outside += own.outside();
        drawings(package, &own, &listed.name, draft)?;
        comments::read(package, &own, &people, &listed.name, draft)?;
    }
    if sheets.len() > MAX_SHEETS {
        draft.unread(
            None,
            format!("Only the first {MAX_SHEETS} sheets were read."),
        );
    }
    share.write(draft);
    name_unread_parts(package, outside, draft);
    Ok(())
}

/// The words of boxes and pictures that lie on a sheet.
fn drawings(
    package: &mut Package,
    relations: &Relations,
    sheet: &str,
    draft: &mut Draft,
) -> Result<(), Refusal> {
    let mut known = HashSet::new();
    for part in relations.all("drawing") {
        if !known.insert(part.clone()) {
            continue;
        }
        let text = package.xml(&part)?.unwrap_or_default();
        let mut events = Events::new(&text);
        let mut story = Story::new(draft);
        story.open();
        drawing::shapes(&mut story, &mut events);
        let held = story.close();
        if !held.is_empty() {
            let name = story.clean(sheet);
            story.begin_part(&format!("sheet {name}, drawing"), false);
            for words in held {
                story.paragraph(&words);
            }
        }
        story.finish();
    }
    Ok(())
}

fn listed(workbook: &str) -> (Vec<Listed>, bool) {
    let mut events = Events::new(workbook);
    let mut sheets = Vec::new();
    let mut counts_from_1904 = false;
    loop {
        match events.next() {
            Node::Open(element) => match element.name() {
                "workbookPr" => counts_from_1904 = element.is_on("date1904"),
                "sheet" => sheets.push(Listed {
                    name: element.attribute("name").unwrap_or_default(),
                    id: element.attribute("id").unwrap_or_default(),
                    is_hidden: element
                        .attribute("state")
                        .is_some_and(|state| state != "visible"),
                }),
                _ => {}
            },
            Node::End => return (sheets, counts_from_1904),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
