//! Elements on their way into a draft: values as records, running text as paragraphs.

use std::collections::HashMap;

use super::tree::Tree;
use crate::attachments::draft::Draft;
use crate::attachments::formats::html;
use crate::attachments::formats::json::names::in_words;
use crate::attachments::named_values::NamedValues;
use crate::attachments::values::look;

/// A value with so many words is running text.
const MANY_WORDS: usize = 12;
/// With a full stop, so many are enough.
const SENTENCE_WORDS: usize = 5;
/// The most values of one record.
const MAX_VALUES: usize = 10_000;

/// Writes all elements.
pub fn write(tree: &Tree, draft: &mut Draft) {
    let mut walk = Walk {
        tree,
        under: Vec::new(),
        draft,
    };
    walk.element(0, None, None);
}

struct Walk<'a, 'd> {
    tree: &'a Tree,
    under: Vec<String>,
    draft: &'d mut Draft,
}

impl Walk<'_, '_> {
    /// Recursion is as deep as the tree, which is bounded.
    fn element(&mut self, at: usize, row: Option<u32>, parent: Option<usize>) {
        let tree = self.tree;
        let Some(node) = tree.nodes.get(at) else {
            return;
        };
        if self.draft.is_full() {
            self.draft.left_out(tree.text_of(at).chars().count());
            return;
        }
        let mut pairs = Vec::new();
        let mut prose = Vec::new();
        let mut within = Vec::new();
        let is_value = node.elements().next().is_none();
        if is_value {
            // What its attributes say holds for this value alone.
            self.value(at, &mut pairs, &mut prose);
        } else {
            self.under.push(in_words(&node.name));
        }
        pairs.extend(
            node.attributes
                .iter()
                .filter(|(name, _)| !is_value || !is_unit(name))
                .cloned(),
        );
        if !is_value && node.has_text() {
            prose.push(tree.text_of(at));
        } else {
            for child in node.elements() {
                self.sort(child, &mut pairs, &mut prose, &mut within);
            }
        }
        let mut record = None;
        let pairs: Vec<(String, String)> = pairs
            .into_iter()
            .map(|(name, value)| (in_words(&name), value))
            .collect();
        for pairs in pairs.chunks(MAX_VALUES) {
            let values = NamedValues {
                under: self.under.clone(),
                row,
                parent,
                pairs: pairs.to_vec(),
            };
            record = record.or(values.write("; ", self.draft));
        }
        let record = record.or(parent);
        for paragraph in prose {
            self.draft.paragraph(&paragraph);
            self.draft.end_block();
        }
        if !within.is_empty() {
            self.within(&within, record);
        }
        if !is_value {
            self.under.pop();
        }
    }

    /// Adds the words of an element without others in it: a value under its name, or running text.
    fn value(&self, at: usize, pairs: &mut Vec<(String, String)>, prose: &mut Vec<String>) {
        let Some(node) = self.tree.nodes.get(at) else {
            return;
        };
        let text = without_tags(self.tree.text_of(at));
        let unit = node.attributes.iter().find(|(name, _)| is_unit(name));
        if is_sentence(&text) {
            prose.push(text);
        } else if let Some((_, unit)) = unit.filter(|_| look(&text).is_value()) {
            pairs.push((node.name.clone(), format!("{text} {unit}")));
        } else if !text.is_empty() {
            pairs.push((node.name.clone(), text));
        }
    }

    /// A child is a value, running text, or an element with values of its own. A value that attributes qualify (`year="2010"`) is
    /// one of those: what holds of it need not hold of its neighbours.
    fn sort(
        &self,
        child: usize,
        pairs: &mut Vec<(String, String)>,
        prose: &mut Vec<String>,
        within: &mut Vec<usize>,
    ) {
        let Some(node) = self.tree.nodes.get(child) else {
            return;
        };
        if node.elements().next().is_some() {
            within.push(child);
            return;
        }
        let is_plain = |(name, _): &(String, String)| is_unit(name) || is_plumbing(name);
        if !node.attributes.iter().all(is_plain) {
            within.push(child);
            return;
        }
        self.value(child, pairs, prose);
    }

    fn within(&mut self, children: &[usize], record: Option<usize>) {
        let name = |at: &usize| {
            self.tree
                .nodes
                .get(*at)
                .map_or("", |node| node.name.as_str())
        };
        let mut like: HashMap<&str, u32> = HashMap::new();
        for child in children {
            *like.entry(name(child)).or_default() += 1;
        }
        let mut rows: HashMap<&str, u32> = HashMap::new();
        let numbered: Vec<(usize, Option<u32>)> = children
            .iter()
            .map(|child| {
                let row = rows.entry(name(child)).or_default();
                *row += 1;
                (*child, (like.get(name(child)) > Some(&1)).then_some(*row))
            })
            .collect();
        for (child, row) in numbered {
            self.element(child, row, record);
        }
    }
}

/// Feeds keep pages in their values, as text: what is seen of them counts.
fn without_tags(text: String) -> String {
    if !text.contains("</") && !text.contains("<br") {
        return text;
    }
    let seen = html::read(&text, Draft::default()).text;
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Attributes that say what a number is counted in.
fn is_unit(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "unit" | "units" | "uom" | "unitcode" | "currency" | "currencycode" | "currencyid" | "ccy"
    )
}

/// Attributes that say nothing of the value.
fn is_plumbing(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "id" | "lang"
            | "type"
            | "class"
            | "href"
            | "src"
            | "ref"
            | "key"
            | "style"
            | "rel"
            | "ispermalink"
            | "space"
            | "nil"
    )
}

fn is_sentence(text: &str) -> bool {
    let words = text.split_whitespace().count();
    words >= MANY_WORDS || (words >= SENTENCE_WORDS && text.ends_with(['.', '!', '?', '…']))
}
