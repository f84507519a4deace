//! E-books (EPUB): their chapters in reading order, each read as the page of HTML that it is.

use std::collections::HashMap;

use regex::{Captures, Regex};

use super::package::{Package, Refusal, resolve};
use super::xml::{Events, Node};
use crate::attachments::draft::Draft;
use crate::attachments::formats::html;
use crate::attachments::inline::Struck;

/// The most chapters that are read.
const MAX_CHAPTERS: usize = 5_000;

/// A book as its list of parts has it.
#[derive(Default)]
struct Book {
    /// The parts' names by their identifiers.
    parts: HashMap<String, String>,
    /// Identifiers in reading order.
    order: Vec<String>,
}

/// Reads a book.
pub fn read(package: &mut Package, draft: &mut Draft) -> Result<(), Refusal> {
    let container = package.xml("META-INF/container.xml")?.unwrap_or_default();
    let list = root_of(&container).ok_or(Refusal::Damaged)?;
    let text = package.xml(&list)?.ok_or(Refusal::Damaged)?;
    let book = book(&text, &list, draft);
    let locked = package.xml("META-INF/encryption.xml")?.unwrap_or_default();
    let mut struck = Struck::default();
    let mut chapter = 0_usize;
    let closed = closed_elements();
    for id in book.order.iter().take(MAX_CHAPTERS) {
        let Some(part) = book.parts.get(id) else {
            continue;
        };
        if !locked.is_empty() && locked.contains(part.as_str()) {
            return Err(Refusal::Password);
        }
        let Some(page) = package.xml(part)? else {
            draft.unread(None, "A chapter is missing in the file.");
            continue;
        };
        let before = draft.characters();
        draft.end_block();
        draft.named_place(&format!("chapter {}", chapter + 1), "\n\n");
        html::write_fragment(&with_ends(closed.as_ref(), &page), &mut struck, draft);
        // A cover is a picture, and no chapter.
        chapter += usize::from(draft.characters() > before + 2);
    }
    if book.order.len() > MAX_CHAPTERS {
        draft.unread(
            None,
            format!("Only the first {MAX_CHAPTERS} chapters were read."),
        );
    }
    if let Some(note) = struck.note() {
        draft.unread(None, note);
    }
    Ok(())
}

fn root_of(container: &str) -> Option<String> {
    let mut events = Events::new(container);
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "rootfile" => {
                return element.attribute("full-path");
            }
            Node::End => return None,
            _ => {}
        }
    }
}

fn book(text: &str, list: &str, draft: &mut Draft) -> Book {
    let mut events = Events::new(text);
    let mut book = Book::default();
    loop {
        match events.next() {
            Node::Open(element) => {
                let about = draft.about();
                match element.name() {
                    "title" => {
                        about.title.get_or_insert(events.text_within());
                    }
                    "language" => {
                        about.language.get_or_insert(events.text_within());
                    }
                    "publisher" => {
                        about.publisher.get_or_insert(events.text_within());
                    }
                    "item" => {
                        let kind = element.attribute("media-type").unwrap_or_default();
                        let is_page = kind.contains("html") || kind.contains("dtbook");
                        let is_contents = element
                            .attribute("properties")
                            .is_some_and(|all| all.split(' ').any(|one| one == "nav"));
                        if let (Some(id), Some(part)) =
                            (element.attribute("id"), element.attribute("href"))
                            && is_page
                            && !is_contents
                        {
                            let part = part.split('#').next().unwrap_or_default();
                            book.parts.insert(id, resolve(list, &unescaped(part)));
                        }
                    }
                    "itemref" => book.order.extend(element.attribute("idref")),
                    _ => {}
                }
            }
            Node::End => return book,
            _ => {}
        }
    }
}

/// A name in an address: `%20` is a space.
fn unescaped(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let code = after
            .get(..2)
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        if let (Some(code), Some(behind)) = (code, after.get(2..)) {
            bytes.push(code);
            rest = behind;
        } else {
            bytes.push(b'%');
            rest = after;
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Elements that XHTML ends at once, which HTML would take for open ones.
fn closed_elements() -> Option<Regex> {
    Regex::new(r"<([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)/>").ok()
}

fn with_ends(closed: Option<&Regex>, page: &str) -> String {
    let Some(closed) = closed else {
        return page.to_owned();
    };
    closed
        .replace_all(page, |found: &Captures| {
            let name = &found[1];
            let is_void = matches!(
                name.to_ascii_lowercase().as_str(),
                "area"
                    | "base"
                    | "br"
                    | "col"
                    | "embed"
                    | "hr"
                    | "img"
                    | "input"
                    | "link"
                    | "meta"
                    | "source"
                    | "track"
                    | "wbr"
            );
            if is_void {
                found[0].to_owned()
            } else {
                format!("<{name}{}></{name}>", &found[2])
            }
        })
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{archive, break_in_many_ways, parts, read, rows, unread};
    use super::*;

    fn book(extra: &[(&str, &str)]) -> Vec<u8> {
        let list = "<package><metadata><dc:title>The Mill</dc:title><dc:language>en</dc:language></metadata><manifest>\
            <item id=\"n\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\
            <item id=\"c\" href=\"text/cover.xhtml\" media-type=\"application/xhtml+xml\"/>\
            <item id=\"b\" href=\"text/two%20b.xhtml\" media-type=\"application/xhtml+xml\"/>\
            <item id=\"a\" href=\"text/one.xhtml\" media-type=\"application/xhtml+xml\"/></manifest>\
            <spine><itemref idref=\"c\"/><itemref idref=\"n\"/><itemref idref=\"a\"/><itemref idref=\"b\"/></spine></package>";
        let one = "<?xml version=\"1.0\"?><html><head><title>x</title><script src=\"s.js\"/></head><body><h1>Weir</h1><p>It was built in 1790.<a id=\"p1\"/></p></body></html>";
        let two = "<html><body><p>Rye follows.</p><table><tr><th>Year</th><th>Tonnes</th></tr><tr><td>1800</td><td>41</td></tr></table></body></html>";
        let mut parts = vec![
            ("mimetype", "application/epub+zip"),
            (
                "META-INF/container.xml",
                "<container><rootfiles><rootfile full-path=\"OEBPS/book.opf\"/></rootfiles></container>",
            ),
            ("OEBPS/book.opf", list),
            (
                "OEBPS/nav.xhtml",
                "<html><body><nav>Contents</nav></body></html>",
            ),
            (
                "OEBPS/text/cover.xhtml",
                "<html><body><img src=\"c.png\"/></body></html>",
            ),
            ("OEBPS/text/one.xhtml", one),
            ("OEBPS/text/two b.xhtml", two),
        ];
        parts.extend(extra);
        archive(&parts)
    }

    #[test]
    fn chapters_are_read_in_order_and_by_number() {
        let reading = read("mill.epub", &book(&[]));
        let expected = [
            ("chapter 1", "Weir\n\nIt was built in 1790."),
            ("chapter 2", "Rye follows.\n\nYear\tTonnes\n1800\t41"),
        ];
        let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(parts(&reading), expected);
        assert_eq!(reading.title.as_deref(), Some("The Mill"));
        assert_eq!(
            rows(&reading),
            [("Year|Tonnes".to_owned(), "1800|41".to_owned())]
        );
        assert_eq!(unread(&reading), "");
    }

    #[test]
    fn locked_and_broken_books_have_a_sound_answer() {
        let locked = "<encryption><CipherReference URI=\"OEBPS/text/one.xhtml\"/></encryption>";
        let reading = read("mill.epub", &book(&[("META-INF/encryption.xml", locked)]));
        assert!(unread(&reading).contains("needs a password"));
        break_in_many_ways("mill.epub", &book(&[]));
    }

    #[test]
    fn names_in_addresses_are_unescaped() {
        for (name, plain) in [
            ("a%20b", "a b"),
            ("100%", "100%"),
            ("%zz", "%zz"),
            ("%C3%A9", "é"),
        ] {
            assert_eq!(unescaped(name), plain);
        }
    }
}
