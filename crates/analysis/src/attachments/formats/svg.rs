//! SVG drawings: title, description and the text that is seen. Scripts and what the drawing links to are named and never
//! followed.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::xml::resolve;
use crate::attachments::draft::{Draft, Reading};

/// Elements whose text is no text of the drawing.
const UNSEEN: [&str; 8] = [
    "style", "metadata", "defs", "symbol", "clipPath", "mask", "pattern", "script",
];

/// Reads a drawing.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let mut drawing = Drawing::default();
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => drawing.start(&start),
            Ok(Event::Empty(start)) => {
                drawing.look_at(&start);
                if start.local_name().as_ref() == "tspan" {
                    drawing.words.push(' ');
                }
            }
            Ok(Event::End(_)) => drawing.end(&mut draft),
            Ok(Event::Text(text)) => drawing.text(&text.xml10_content()),
            Ok(Event::CData(text)) => drawing.text(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                if let Some(letter) = resolve(&reference) {
                    drawing.text(letter.encode_utf8(&mut [0; 4]));
                }
            }
            Ok(Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
            Ok(Event::Eof) => break,
            Err(_) => {
                draft.unread(
                    None,
                    "The drawing is broken; what follows the damage was not read. Save it again.",
                );
                break;
            }
        }
    }
    drawing.write(&mut draft);
    drawing.name_unread(&mut draft);
    draft.finish()
}

/// An open element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Title,
    Description,
    Text,
    Unseen,
    Other,
}

#[derive(Default)]
struct Drawing {
    open: Vec<Open>,
    /// How many of the open elements are not seen.
    unseen: usize,
    /// How many of them hold text of the drawing.
    texts: usize,
    words: String,
    has_title: bool,
    scripts: usize,
    pictures: usize,
    links: usize,
    hidden: usize,
}

impl Drawing {
    fn start(&mut self, start: &BytesStart<'_>) {
        let is_hidden = self.look_at(start);
        let name = start.local_name();
        let kind = match name.as_ref() {
            name if UNSEEN.contains(&name) => Open::Unseen,
            _ if is_hidden => Open::Unseen,
            "title" => Open::Title,
            "desc" => Open::Description,
            "text" | "foreignObject" => Open::Text,
            _ => Open::Other,
        };
        self.unseen += usize::from(kind == Open::Unseen);
        self.texts += usize::from(kind == Open::Text);
        // Pieces of one text are set apart where they begin.
        self.words.push(' ');
        self.open.push(kind);
    }

    fn end(&mut self, draft: &mut Draft) {
        let Some(kind) = self.open.pop() else { return };
        match kind {
            Open::Unseen => self.unseen = self.unseen.saturating_sub(1),
            Open::Title if self.unseen == 0 => {
                let words = self.take();
                if !self.has_title && self.open.len() < 2 {
                    self.has_title = true;
                    draft.about().title = Some(words.clone());
                }
                draft.line(&words);
            }
            Open::Description if self.unseen == 0 => {
                let words = self.take();
                draft.line(&words);
            }
            Open::Text => {
                self.texts = self.texts.saturating_sub(1);
                if self.texts == 0 {
                    self.write(draft);
                }
            }
            Open::Title | Open::Description | Open::Other => {}
        }
    }

    fn text(&mut self, text: &str) {
        let is_named = matches!(self.open.last(), Some(Open::Title | Open::Description));
        if self.unseen > 0 {
            let is_text = self.texts > 0 && !text.trim().is_empty();
            self.hidden += usize::from(is_text);
        } else if is_named || self.texts > 0 {
            self.words.push_str(text);
        }
    }

    fn take(&mut self) -> String {
        let words = std::mem::take(&mut self.words);
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn write(&mut self, draft: &mut Draft) {
        let words = self.take();
        draft.line(&words);
    }

    /// Counts what is not read; says whether the element is hidden.
    fn look_at(&mut self, start: &BytesStart<'_>) -> bool {
        let name = start.local_name();
        self.scripts += usize::from(name.as_ref() == "script");
        self.pictures += usize::from(matches!(name.as_ref(), "image" | "feImage"));
        let mut is_hidden = false;
        for attribute in start.attributes().with_checks(false).take(200).flatten() {
            let key = attribute.key.local_name();
            let value = attribute.value.trim();
            match key.as_ref() {
                key if key.starts_with("on") => self.scripts += 1,
                "href"
                    if value
                        .trim_start()
                        .to_ascii_lowercase()
                        .starts_with("javascript:") =>
                {
                    self.scripts += 1;
                }
                "href" if !value.starts_with(['#']) && !value.starts_with("data:") => {
                    self.links += 1;
                }
                "display" => is_hidden |= value == "none",
                "visibility" => is_hidden |= matches!(value, "hidden" | "collapse"),
                "opacity" | "font-size" => is_hidden |= matches!(value, "0" | "0.0" | "0px" | "0%"),
                "style" => {
                    let style: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                    let hides = [
                        "display:none",
                        "visibility:hidden",
                        "font-size:0;",
                        "font-size:0px",
                    ];
                    is_hidden |= hides.iter().any(|rule| style.contains(rule));
                }
                _ => {}
            }
        }
        is_hidden
    }

    fn name_unread(&self, draft: &mut Draft) {
        let mut named = |count: usize, reason: &str| {
            if count > 0 {
                draft.unread(None, reason);
            }
        };
        named(
            self.scripts,
            "The drawing has scripts. They were ignored: what they would change is not known.",
        );
        named(
            self.pictures,
            "Pictures within the drawing were not read. Attach them by themselves.",
        );
        named(
            self.links,
            "What the drawing links to was not fetched. Attach it by itself if it matters.",
        );
        named(self.hidden, "Text that the drawing hides was left out.");
        if draft.is_empty() {
            draft.unread(
                None,
                "The drawing has no text. Shapes are not read: attach the words in it as .txt.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::attachments::extractor::is_sound;
    use crate::attachments::garbled_tests::{Seeded, garble};
    use crate::attachments::read_here;

    const DRAWING: &str = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"steal()\"><title>Visitors of the mill</title>\
        <desc>A chart of two years.</desc><style>text{fill:red}</style><script>alert('no')</script><defs><text>never drawn</text></defs>\
        <g display=\"none\"><text>hidden words</text></g><text x=\"1\"><tspan>In 1933</tspan><tspan dy=\"1\">it had 4 &amp; 5 wheels.</tspan></text>\
        <image href=\"https://example.org/x.png\"/><text>205</text></svg>";

    #[test]
    fn text_of_a_drawing_is_read() {
        let reading = read_here("a.svg", DRAWING.as_bytes());
        assert!(is_sound(&reading));
        assert_eq!(
            reading.text,
            "Visitors of the mill\nA chart of two years.\nIn 1933 it had 4 & 5 wheels.\n205"
        );
        assert_eq!(reading.title.as_deref(), Some("Visitors of the mill"));
        let reasons = format!("{:?}", reading.unread);
        for part in ["scripts", "Pictures within", "not fetched", "hides"] {
            assert!(reasons.contains(part), "{reasons}");
        }
    }

    #[test]
    fn drawing_without_text_says_so() {
        let reading = read_here("a.svg", b"<svg><path d='M0 0'/></svg>");
        assert!(reading.text.is_empty() && reading.unread[0].reason.contains("no text"));
    }

    #[test]
    fn garbled_drawings_have_a_sound_answer() {
        let mut seeded = Seeded(0xdead_beef_1234_5678);
        for round in 0..200 {
            let mut bytes = DRAWING.as_bytes().to_vec();
            for _ in 0..=round / 60 {
                bytes = garble(&bytes, &mut seeded);
            }
            assert!(is_sound(&read_here("a.svg", &bytes)));
        }
    }
}
