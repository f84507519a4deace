//! Walks through a part that is XML. A walk never fails: where the part is damaged or nested too deeply it ends, and says so.
//! Entities that a part defines itself are not expanded.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// How deeply elements may be nested.
pub const MAX_DEPTH: usize = 256;

/// One step of a walk.
pub enum Node<'a> {
    Open(Element<'a>),
    Close,
    Text(Cow<'a, str>),
    /// The part ends here, or cannot be read from here on.
    End,
}

/// An element's beginning.
pub struct Element<'a> {
    start: BytesStart<'a>,
}

impl Element<'_> {
    /// Its name without prefix.
    pub fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// The value of the attribute of this name, whatever its prefix is.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.find(|key| key.rsplit(':').next() == Some(name))
    }

    /// The value of the attribute of this name that has a prefix: `r:id`, where there is an `id` too.
    pub fn prefixed_attribute(&self, name: &str) -> Option<String> {
        self.find(|key| key.split_once(':').is_some_and(|(_, local)| local == name))
    }

    /// The value as a number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// Whether an attribute that switches something is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.attribute(name)
            .is_some_and(|value| !matches!(value.as_str(), "0" | "false" | "off" | "none"))
    }

    /// Whether an element that switches something by being there does, as `<w:b/>` and `<w:b w:val="1"/>` do.
    pub fn switches_on(&self) -> bool {
        self.attribute("val")
            .is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off" | "none"))
    }

    fn find(&self, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        let found = attributes
            .flatten()
            .find(|attribute| is_wanted(attribute.key.into_inner()))?;
        found
            .normalized_value(XmlVersion::Implicit1_0)
            .ok()
            .map(Cow::into_owned)
    }
}

/// A walk through a part.
pub struct Events<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// Why the walk ended before the part did.
    damage: Option<&'static str>,
    defines_entities: bool,
}

impl<'a> Events<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            depth: 0,
            damage: None,
            defines_entities: false,
        }
    }

    /// The next step.
    pub fn next(&mut self) -> Node<'a> {
        loop {
            if self.damage.is_some() {
                return Node::End;
            }
            match self.reader.read_event() {
                Ok(Event::Start(start)) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        self.damage = Some("its elements are nested too deeply");
                        return Node::End;
                    }
                    return Node::Open(Element { start });
                }
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Node::Close;
                }
                Ok(Event::Text(text)) => return Node::Text(text.xml10_content()),
                Ok(Event::CData(text)) => return Node::Text(text.xml10_content()),
                Ok(Event::GeneralRef(reference)) => {
                    if let Ok(Some(character)) = reference.resolve_char_ref() {
                        return Node::Text(Cow::Owned(character.to_string()));
                    }
                    if let Some(text) = resolve_predefined_entity(&reference.xml10_content()) {
                        return Node::Text(Cow::Borrowed(text));
                    }
                }
                Ok(Event::DocType(declared)) => {
                    self.defines_entities |= declared.xml10_content().contains("<!ENTITY");
                }
                Ok(Event::Eof) => {
                    if self.depth > 0 {
                        self.damage = Some("it ends in the middle");
                    }
                    return Node::End;
                }
                Ok(_) => {}
                Err(_) => self.damage = Some("it is no well-formed XML from there on"),
            }
        }
    }

    /// Goes to the end of the element that was opened last.
    pub fn skip(&mut self) {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                Node::Open(_) => depth += 1,
                Node::Close => depth -= 1,
                Node::Text(_) => {}
                Node::End => return,
            }
        }
    }

    /// All text inside the element that was opened last.
    pub fn text_within(&mut self) -> String {
        let mut text = String::new();
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                Node::Open(_) => depth += 1,
                Node::Close => depth -= 1,
                Node::Text(more) => text.push_str(&more),
                Node::End => break,
            }
        }
        text
    }

    /// What to say of the part, where not all of it could be read.
    pub fn note(&self, part: &str) -> Option<String> {
        if let Some(damage) = self.damage {
            return Some(format!(
                "{part} could be read only to a point: {damage}. Open the file in its own program, save it anew and attach it \
                 again."
            ));
        }
        self.defines_entities.then(|| {
            format!(
                "{part} defines abbreviations (XML entities) of its own; they were not expanded."
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_and_no_entity_is() {
        let text = "<!DOCTYPE a [<!ENTITY b \"bomb\">]><a x='1 &amp; 2'>5 &lt; 6 &#x41;&b;<c/></a>";
        let mut events = Events::new(text);
        let Node::Open(element) = events.next() else {
            panic!("no element")
        };
        assert_eq!(element.attribute("x").as_deref(), Some("1 & 2"));
        assert_eq!(events.text_within(), "5 < 6 A");
        assert!(events.note("It").unwrap().contains("not expanded"));
    }

    #[test]
    fn walk_ends_where_the_part_is_damaged() {
        for (text, says) in [
            ("<a><b>".repeat(200), "too deeply"),
            ("<a>text".to_owned(), "in the middle"),
            ("<a><b></a>".to_owned(), "well-formed"),
        ] {
            let mut events = Events::new(&text);
            while !matches!(events.next(), Node::End) {}
            assert!(events.note("It").unwrap().contains(says), "{text}");
            assert!(matches!(events.next(), Node::End));
        }
    }
}
