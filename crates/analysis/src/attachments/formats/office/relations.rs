//! What a part of an Office Open XML package refers to, and what of the package is never read: macros, embedded files,
//! pictures, and everything outside.

use std::collections::HashMap;

use super::package::{Package, Refusal, resolve};
use super::xml::{Events, Node};
use crate::attachments::draft::Draft;

/// The most relations of one part that are looked at.
const MAX_RELATIONS: usize = 50_000;

/// Where a relation leads.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The last word of its type: `header`, `comments`, `slide`.
    pub kind: String,
    /// The part's name, or an address where it is outside.
    pub target: String,
    pub is_outside: bool,
}

/// The relations of a part by their identifiers.
#[derive(Debug, Default)]
pub struct Relations {
    by_id: HashMap<String, Relation>,
    /// In the order of the file.
    ids: Vec<String>,
}

impl Relations {
    /// Reads the relations of a part.
    pub fn of(package: &mut Package, part: &str) -> Result<Self, Refusal> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let path = if folder.is_empty() {
            format!("_rels/{name}.rels")
        } else {
            format!("{folder}/_rels/{name}.rels")
        };
        let mut found = Self::default();
        let Some(text) = package.xml(&path)? else {
            return Ok(found);
        };
        let mut events = Events::new(&text);
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "Relationship" => {
                    let (Some(id), Some(target)) =
                        (element.attribute("Id"), element.attribute("Target"))
                    else {
                        continue;
                    };
                    let kind = element.attribute("Type").unwrap_or_default();
                    let is_outside = element
                        .attribute("TargetMode")
                        .is_some_and(|mode| mode.eq_ignore_ascii_case("External"));
                    let target = if is_outside {
                        target
                    } else {
                        resolve(part, &target)
                    };
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    if found.ids.len() < MAX_RELATIONS {
                        found.ids.push(id.clone());
                        let relation = Relation {
                            kind,
                            target,
                            is_outside,
                        };
                        found.by_id.insert(id, relation);
                    }
                }
                Node::End => return Ok(found),
                _ => {}
            }
        }
    }

    /// The part that an identifier leads to.
    pub fn target(&self, id: &str) -> Option<&str> {
        let relation = self.by_id.get(id).filter(|relation| !relation.is_outside)?;
        Some(relation.target.as_str())
    }

    /// The parts of a kind, in the order of the file.
    pub fn all(&self, kind: &str) -> Vec<String> {
        self.inside()
            .filter(|relation| relation.kind == kind)
            .map(|relation| relation.target.clone())
            .collect()
    }

    /// The first part of a kind.
    pub fn first(&self, kind: &str) -> Option<String> {
        self.all(kind).into_iter().next()
    }

    fn inside(&self) -> impl Iterator<Item = &Relation> {
        let all = self.ids.iter().filter_map(|id| self.by_id.get(id));
        all.filter(|relation| !relation.is_outside)
    }

    /// How many things outside the file a reader would have had to fetch; what a person may click on is not counted.
    pub fn outside(&self) -> usize {
        let all = self.by_id.values();
        all.filter(|relation| relation.is_outside && relation.kind != "hyperlink")
            .count()
    }
}

/// The part that the package is about: `word/document.xml`.
pub fn main_part(package: &mut Package) -> Result<Option<String>, Refusal> {
    Ok(Relations::of(package, "")?.first("officeDocument"))
}

/// Names what of a package is not read.
pub fn name_unread_parts(package: &Package, outside: usize, draft: &mut Draft) {
    let count = |is_one: &dyn Fn(&str) -> bool| {
        let names = package.names().iter();
        names
            .filter(|name| is_one(&name.to_ascii_lowercase()))
            .count()
    };
    if count(&|name| name.ends_with("vbaproject.bin")) > 0
        || count(&|name| name.starts_with("basic/") && is_xml(name)) > 0
    {
        draft.unread(
            None,
            "The file holds macros. They were neither run nor read.",
        );
    }
    let charts =
        count(&|name| name.contains("/charts/chart") && is_xml(name) && !name.contains("_rels"));
    if charts > 0 {
        draft.unread(
            None,
            format!(
                "{} not read. Attach the figures behind it if they matter.",
                were(charts, "chart")
            ),
        );
    }
    let embedded = count(&|name| name.contains("/embeddings/") && !name.contains("_rels"));
    if embedded > 0 && charts == 0 {
        draft.unread(
            None,
            format!(
                "{} not read. Attach it by itself if it matters.",
                were(embedded, "embedded file")
            ),
        );
    }
    let pictures = count(&|name| {
        (name.contains("media/") || name.starts_with("pictures/")) && !name.ends_with('/')
    });
    if pictures > 0 {
        draft.unread(
            None,
            format!(
                "{} not read: text in pictures is no text of the file.",
                were(pictures, "picture")
            ),
        );
    }
    if outside > 0 {
        let what = if outside == 1 { "one thing" } else { "things" };
        draft.unread(
            None,
            format!("The file refers to {what} outside of it (pictures, templates, linked data). Nothing was fetched."),
        );
    }
}

fn is_xml(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "xml")
}

fn were(count: usize, what: &str) -> String {
    if count == 1 {
        format!("One {what} was")
    } else {
        format!("{count} {what}s were")
    }
}
