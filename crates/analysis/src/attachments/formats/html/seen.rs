//! What of a page is not seen or struck out, by attributes, by inline styles, and by the rules of its style elements.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::declarations::{hides, is_white, squeezed, strikes};

/// So many pairs of a rule that hides and an element are compared.
const MAX_COMPARED: usize = 4_000_000;

/// The elements that a page's own style sheets hide or strike out.
#[derive(Debug, Default)]
pub struct Styles {
    hidden: HashSet<NodeId>,
    struck: HashSet<NodeId>,
    /// With white letters, which nobody sees where nothing gives them another ground.
    white: HashSet<NodeId>,
    /// Whether a style sheet or an attribute may give a ground that is not white.
    has_grounds: bool,
    /// Whether there were more rules than are looked at.
    pub is_cut: bool,
}

impl Styles {
    /// Reads the rules of the page's style elements.
    pub fn of(document: &Document) -> Self {
        let mut styles = Self {
            has_grounds: document
                .select("link[rel~=stylesheet], [bgcolor], [background]")
                .exists(),
            ..Self::default()
        };
        let elements = document.root().descendants_it().count();
        let mut compared = 0;
        for element in document.select("style").nodes() {
            let sheet = without_comments(&element.text());
            styles.has_grounds |= sheet.contains("background");
            for (selector, declarations) in top_level_rules(&sheet) {
                let (hides, strikes) = (hides(declarations), strikes(declarations));
                let is_white = is_white(declarations);
                if !hides && !strikes && !is_white {
                    continue;
                }
                compared += elements;
                if compared > MAX_COMPARED {
                    styles.is_cut = true;
                    return styles;
                }
                let Some(found) = document.try_select(selector.trim()) else {
                    continue;
                };
                for node in found.nodes() {
                    if hides {
                        styles.hidden.insert(node.id);
                    }
                    if strikes {
                        styles.struck.insert(node.id);
                    }
                    if is_white {
                        styles.white.insert(node.id);
                    }
                }
            }
        }
        styles.has_grounds |= document.select("[style*=background]").exists();
        styles
    }

    /// Whether nobody sees the element.
    pub fn is_hidden(&self, node: &NodeRef) -> bool {
        if node.has_attr("hidden") || self.hidden.contains(&node.id) {
            // A style of its own shows it again.
            return !node.attr("style").is_some_and(|style| {
                let style = squeezed(&style);
                style.contains("display:block") || style.contains("display:inline")
            });
        }
        (!self.has_grounds && self.white.contains(&node.id))
            || node
                .attr("style")
                .is_some_and(|style| hides(&style) || (!self.has_grounds && is_white(&style)))
    }

    /// Whether the element is struck out.
    pub fn is_struck(&self, node: &NodeRef, name: &str) -> bool {
        matches!(name, "del" | "s" | "strike")
            || self.struck.contains(&node.id)
            || node.attr("style").is_some_and(|style| strikes(&style))
    }
}

fn without_comments(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// Selectors and declarations; rules inside `@media` and the like hold for some readers only and are passed over.
fn top_level_rules(sheet: &str) -> Vec<(&str, &str)> {
    let mut rules = Vec::new();
    let mut rest = sheet;
    while let Some((selector, after)) = rest.split_once('{') {
        if selector.trim_start().starts_with('@') {
            let mut depth = 1;
            let end = after
                .char_indices()
                .find(|(_, character)| {
                    match character {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        _ => {}
                    }
                    depth == 0
                })
                .map_or(after.len(), |(at, _)| at + 1);
            rest = &after[end..];
            continue;
        }
        let Some((declarations, after)) = after.split_once('}') else {
            break;
        };
        rules.push((selector, declarations));
        rest = after;
    }
    rules
}
