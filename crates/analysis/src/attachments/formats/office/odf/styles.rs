//! Which styles of an OpenDocument file hide, strike out or raise text, or hide rows and columns.

use std::collections::HashMap;

use super::super::xml::{Element, Events, Node};

/// The most styles that are looked at.
const MAX_STYLES: usize = 50_000;

/// What a style says of its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of how the text looks"
)]
pub struct Look {
    pub hidden: bool,
    pub struck: bool,
    pub raised: bool,
    pub lowered: bool,
    /// Whether a sheet or slide of this style is not shown.
    pub not_displayed: bool,
}

/// Looks by the names of the styles.
#[derive(Debug, Default)]
pub struct Styles {
    looks: HashMap<String, Look>,
}

impl Styles {
    /// Takes the styles of a part.
    pub fn add(&mut self, text: &str) {
        let mut events = Events::new(text);
        let mut name = String::new();
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "style" => name = element.attribute("name").unwrap_or_default(),
                    "text-properties" => self.look(&name, |look| take_text(&element, look)),
                    "table-properties" => {
                        let shown = element.attribute("display");
                        if shown.is_some_and(|shown| shown == "false") {
                            self.look(&name, |look| look.not_displayed = true);
                        }
                    }
                    "drawing-page-properties" => {
                        let shown = element.attribute("visibility");
                        if shown.is_some_and(|shown| shown == "hidden") {
                            self.look(&name, |look| look.not_displayed = true);
                        }
                    }
                    // What follows are the words.
                    "body" => return,
                    _ => {}
                },
                Node::End => return,
                _ => {}
            }
        }
    }

    fn look(&mut self, name: &str, change: impl FnOnce(&mut Look)) {
        if self.looks.len() < MAX_STYLES {
            change(self.looks.entry(name.to_owned()).or_default());
        }
    }

    /// The look of an element's style.
    pub fn of(&self, element: &Element) -> Look {
        let name = element.attribute("style-name").unwrap_or_default();
        self.looks.get(&name).copied().unwrap_or_default()
    }
}

fn take_text(element: &Element, look: &mut Look) {
    look.hidden |= element
        .attribute("display")
        .is_some_and(|display| display == "none");
    let line = element
        .attribute("text-line-through-style")
        .or_else(|| element.attribute("text-line-through-type"));
    look.struck |= line.is_some_and(|line| line != "none");
    if let Some(position) = element.attribute("text-position") {
        look.raised = position.starts_with("super")
            || position.starts_with(|c: char| c.is_ascii_digit()) && !position.starts_with("0%");
        look.lowered = position.starts_with("sub") || position.starts_with('-');
    }
}
