//! Runs of a Word document: stretches of text with one look, and what hangs on them.

use super::super::xml::{Element, Events, Node};
use super::body::Body;

/// How a run looks, as far as that says what its text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of how the text looks"
)]
struct Look {
    struck: bool,
    hidden: bool,
    raised: bool,
    lowered: bool,
}

impl Body<'_, '_> {
    /// Something inside a paragraph.
    pub fn inline(&mut self, element: &Element, events: &mut Events) {
        match element.name() {
            "r" => self.run(events),
            "del" | "moveFrom" => self.deleted(events),
            "oMath" => self.formula(events),
            "AlternateContent" => self.alternate(events, Self::inline),
            "drawing" | "pict" | "object" => self.drawing(events),
            name if name.ends_with("Pr") => events.skip(),
            _ => loop {
                match events.next() {
                    Node::Open(element) => self.inline(&element, events),
                    Node::Text(_) => {}
                    Node::Close | Node::End => return,
                }
            },
        }
    }

    /// What a tracked change deletes: no text of the document any more, and told.
    pub fn deleted(&mut self, events: &mut Events) {
        let mut words = String::new();
        let mut depth = 1_usize;
        while depth > 0 {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "delText" | "t" => words.push_str(&events.text_within()),
                    "instrText" | "delInstrText" => events.skip(),
                    _ => depth += 1,
                },
                Node::Close => depth -= 1,
                Node::Text(_) => {}
                Node::End => break,
            }
        }
        let words = self.story.clean(&words);
        self.story.draft.left_out(words.chars().count());
        self.story.left_out.deleted.add(&words);
        self.story.inline.keep_apart();
    }

    fn run(&mut self, events: &mut Events) {
        let mut look = Look::default();
        let mut text = String::new();
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "rPr" => look = run_look(events),
                Node::Open(element) => self.in_run(&element, events, look, &mut text),
                Node::Text(_) => {}
                Node::Close | Node::End => break,
            }
        }
        self.flush(look, &mut text);
    }

    fn in_run(&mut self, element: &Element, events: &mut Events, look: Look, text: &mut String) {
        let name = element.name();
        match name {
            "t" => {
                text.push_str(&events.text_within());
                return;
            }
            "tab" | "ptab" => text.push('\t'),
            "noBreakHyphen" => text.push('-'),
            "sym" => text.extend(symbol(element)),
            "br" | "cr" => {
                self.flush(look, text);
                let is_line = element
                    .attribute("type")
                    .is_none_or(|kind| kind == "textWrapping");
                if !look.hidden && is_line {
                    self.story.inline.line_break();
                } else {
                    self.story.inline.space();
                }
            }
            "footnoteReference" | "endnoteReference" => {
                self.flush(look, text);
                let kind = name.trim_end_matches("Reference");
                let id = element.attribute("id").unwrap_or_default();
                let number = self.refer_to_note(kind, id).to_string();
                self.story.inline.superscript(&number, true);
            }
            "drawing" | "pict" | "object" => {
                self.flush(look, text);
                self.drawing(events);
                return;
            }
            "AlternateContent" => {
                self.flush(look, text);
                self.alternate(events, Self::inline);
                return;
            }
            // Only what the small letters beside it are read for.
            "ruby" => {
                self.flush(look, text);
                self.ruby(events);
                return;
            }
            _ => {}
        }
        events.skip();
    }

    fn flush(&mut self, look: Look, text: &mut String) {
        if text.is_empty() {
            return;
        }
        let words = self.story.clean(&std::mem::take(text));
        let left_out = if look.hidden {
            Some(&mut self.story.left_out.hidden)
        } else if look.struck {
            Some(&mut self.story.left_out.struck)
        } else {
            None
        };
        if let Some(left_out) = left_out {
            left_out.add(&words);
            self.story.draft.left_out(words.chars().count());
            self.story.inline.keep_apart();
        } else if look.raised {
            self.story.inline.superscript(&words, false);
        } else if look.lowered {
            self.story.inline.subscript(&words);
        } else {
            self.story.inline.push(&words);
        }
    }

    fn ruby(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "rubyBase" => loop {
                    match events.next() {
                        Node::Open(element) => self.inline(&element, events),
                        Node::Text(_) => {}
                        Node::Close => break,
                        Node::End => return,
                    }
                },
                Node::Open(_) => events.skip(),
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    /// Powers stay powers and fractions are not glued together; more of a formula's form is not kept.
    fn formula(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "t" => {
                        let words = events.text_within();
                        self.story.text(&words);
                    }
                    "sup" | "sub" => {
                        let is_raised = element.name() == "sup";
                        let outer = std::mem::take(&mut self.story.inline);
                        self.formula(events);
                        let words = std::mem::replace(&mut self.story.inline, outer).take();
                        if is_raised {
                            self.story.inline.superscript(&words, false);
                        } else {
                            self.story.inline.subscript(&words);
                        }
                    }
                    "den" => {
                        self.story.inline.push("/");
                        self.formula(events);
                    }
                    "del" | "moveFrom" => self.deleted(events),
                    name if name.ends_with("Pr") => events.skip(),
                    _ => self.formula(events),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }

    /// A drawing's own words: the description of a picture, text in a box.
    fn drawing(&mut self, events: &mut Events) {
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "docPr" => {
                        let words = element.attribute("descr");
                        self.story.picture(&words.unwrap_or_default());
                        events.skip();
                    }
                    "txbxContent" => {
                        self.story.open();
                        self.blocks(events);
                        self.story.close_box();
                    }
                    "AlternateContent" => self.alternate(events, Self::inline),
                    "shape" | "rect" => {
                        let words = element.attribute("alt");
                        self.story.picture(&words.unwrap_or_default());
                        self.drawing(events);
                    }
                    _ => self.drawing(events),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => return,
            }
        }
    }
}

fn run_look(events: &mut Events) -> Look {
    let mut look = Look::default();
    let mut depth = 1_usize;
    while depth > 0 {
        match events.next() {
            Node::Open(element) => {
                depth += 1;
                match element.name() {
                    "strike" | "dstrike" => look.struck |= element.switches_on(),
                    "vanish" => look.hidden |= element.switches_on(),
                    "vertAlign" => {
                        let value = element.attribute("val").unwrap_or_default();
                        look.raised = value == "superscript";
                        look.lowered = value == "subscript";
                    }
                    "rPrChange" => {
                        events.skip();
                        depth -= 1;
                    }
                    _ => {}
                }
            }
            Node::Close => depth -= 1,
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    look
}

/// A sign out of a font of signs, where it is one that others know too.
fn symbol(element: &Element) -> Option<char> {
    let code = u32::from_str_radix(&element.attribute("char")?, 16).ok()?;
    char::from_u32(code).filter(|sign| !matches!(sign, '\u{e000}'..='\u{f8ff}'))
}
