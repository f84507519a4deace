//! Facts by XMP: an XML packet that stands in the file as it is, whatever the file's kind. The packet is found by its first and
//! last tag, which the format provides for.

use super::facts::{Edit, Facts};
use crate::attachments::formats::dates::Moment;
use crate::attachments::formats::tag_text::{name, text};
use crate::attachments::formats::xml::Tree;

/// A longer packet is none.
const MAX_PACKET: usize = 2 * 1024 * 1024;
/// The most steps of a history that are told.
const MAX_EDITS: usize = 50;
/// Elements that only hold others.
const PLUMBING: [&str; 8] = [
    "xmpmeta",
    "RDF",
    "Description",
    "Alt",
    "Seq",
    "Bag",
    "li",
    "xapmeta",
];

/// What the XMP packet of a picture says; nothing where there is none.
pub fn of(bytes: &[u8]) -> Facts {
    let packet = packet(bytes, b"<x:xmpmeta", b"</x:xmpmeta>")
        .or_else(|| packet(bytes, b"<rdf:RDF", b"</rdf:RDF>"));
    let mut facts = Facts::default();
    if let Some(packet) = packet {
        let tree = Tree::parse(&String::from_utf8_lossy(packet));
        collect(&tree, &mut facts);
    }
    facts
}

fn packet<'a>(bytes: &'a [u8], first: &[u8], last: &[u8]) -> Option<&'a [u8]> {
    let find =
        |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).position(|window| window == mark);
    let rest = bytes.get(find(bytes, first)?..)?;
    let rest = rest.get(..rest.len().min(MAX_PACKET))?;
    let end = find(rest, last)? + last.len();
    rest.get(..end)
}

/// Walks the elements; a list's entry has the name of the property around the list.
fn collect(tree: &Tree, facts: &mut Facts) {
    let mut stack: Vec<(usize, &str)> = vec![(0, "")];
    while let Some((at, around)) = stack.pop() {
        let Some(node) = tree.nodes.get(at) else {
            continue;
        };
        let property = if PLUMBING.contains(&node.name.as_str()) {
            around
        } else {
            node.name.as_str()
        };
        if property == "History"
            && (node.name == "li" || node.name == "Description")
            && let Some(edit) = edit(tree, at)
        {
            if facts.edits.len() < MAX_EDITS {
                facts.edits.push(edit);
            }
            continue;
        }
        // What a picture was made from has facts of its own, which are not this picture's.
        if matches!(property, "DerivedFrom" | "Ingredients" | "Pantry") {
            continue;
        }
        for (name, value) in &node.attributes {
            let name = if name == "resource" { property } else { name };
            set(facts, name, value);
        }
        if node.elements().next().is_none() {
            set(facts, property, &tree.text_of(at));
        }
        let children: Vec<usize> = node.elements().collect();
        stack.extend(children.into_iter().rev().map(|child| (child, property)));
    }
}

fn edit(tree: &Tree, at: usize) -> Option<Edit> {
    let node = tree.nodes.get(at)?;
    let mut edit = Edit::default();
    let mut take = |name_of: &str, value: &str| match name_of {
        "action" => edit.action = value.trim().to_lowercase(),
        "softwareAgent" => edit.software = name(value),
        "when" => edit.when = Moment::parse(value),
        _ => {}
    };
    for (name, value) in &node.attributes {
        take(name, value);
    }
    for child in node.elements() {
        if let Some(element) = tree.nodes.get(child) {
            take(&element.name, &tree.text_of(child));
        }
    }
    (!edit.action.is_empty()).then_some(edit)
}

/// The first value of each property counts.
fn set(facts: &mut Facts, property: &str, value: &str) {
    let moment = || Moment::parse(value);
    match property {
        "DateTimeOriginal" | "DateCreated" => facts.taken = facts.taken.or_else(moment),
        "DateTimeDigitized" | "CreateDate" => facts.digitized = facts.digitized.or_else(moment),
        "ModifyDate" => facts.changed = facts.changed.or_else(moment),
        "Model" => keep(&mut facts.camera, name(value)),
        "Lens" | "LensModel" => keep(&mut facts.lens, name(value)),
        "City" => keep(&mut facts.city, name(value)),
        "State" | "ProvinceState" => keep(&mut facts.region, name(value)),
        "Country" | "CountryName" => keep(&mut facts.country, name(value)),
        "CreatorTool" | "Software" => keep(&mut facts.software, name(value)),
        "creator" => keep(&mut facts.creator, name(value)),
        "rights" => keep(&mut facts.copyright, text(value)),
        "title" | "Headline" => keep(&mut facts.title, text(value)),
        "description" => keep(&mut facts.description, text(value)),
        "DigitalSourceType" | "digitalSourceType" => {
            let term = value
                .trim()
                .trim_end_matches('/')
                .rsplit('/')
                .next()
                .unwrap_or_default();
            keep(&mut facts.source_type, name(term));
        }
        _ => {}
    }
}

fn keep(slot: &mut Option<String>, value: Option<String>) {
    if slot.is_none() {
        *slot = value;
    }
}
