//! What surrounds a quote: the words before and after it, and a link that opens its page at the quote.
//! Both make it quick to find the quote again in the original; neither is evidence.

use url::Url;

use clara_domain::evidence::Source;
use clara_domain::text::Span;

/// How many characters of context are shown on each side, before the cut is moved to a word boundary.
const CONTEXT_CHARACTERS: usize = 40;
/// A quote of more words than this is linked by its first and last words: long fragments break at the first
/// difference between the page and the text that was read from it.
const LINKED_WORDS: usize = 8;

/// What stands before `span`, from a word boundary on; `…` says that more came before.
pub(super) fn prefix(source: &Source, span: Span) -> String {
    let start = span.start.saturating_sub(CONTEXT_CHARACTERS);
    let window = source.text.slice(Span::new(start, span.start));
    if start == 0 {
        return window.to_owned();
    }
    let cut = match window.find(char::is_whitespace) {
        Some(gap) if !window[gap..].trim().is_empty() => window[gap..].trim_start(),
        _ => window,
    };
    format!("…{cut}")
}

/// What stands after `span`, up to a word boundary; `…` says that more follows.
pub(super) fn suffix(source: &Source, span: Span) -> String {
    let end = span.end.saturating_add(CONTEXT_CHARACTERS);
    let window = source.text.slice(Span::new(span.end, end));
    if end >= source.text.len() {
        return window.to_owned();
    }
    let cut = match window.rfind(char::is_whitespace) {
        Some(gap) if !window[..gap].trim().is_empty() => window[..gap].trim_end(),
        _ => window,
    };
    format!("{cut}…")
}

/// A link to the quote: the source's address with a text fragment. Only web addresses are ever linked.
pub(super) fn link(source: &Source, quote: &str) -> Option<String> {
    let address = web_address(source.url.as_deref()?)?;
    let words: Vec<&str> = quote.split_whitespace().collect();
    let fragment = if words.len() > LINKED_WORDS {
        let half = LINKED_WORDS / 2;
        let first = encoded(&words[..half].join(" "));
        let last = encoded(&words[words.len() - half..].join(" "));
        format!("{first},{last}")
    } else {
        encoded(&words.join(" "))
    };
    let joint = if address.fragment().is_some() {
        ":~:text="
    } else {
        "#:~:text="
    };
    Some(format!("{address}{joint}{fragment}"))
}

/// The address, where it is one that a person may safely follow.
pub(super) fn web_address(address: &str) -> Option<Url> {
    Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Percent-encoded for a text fragment, where `-`, `,` and `&` have a meaning of their own.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3 / 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for half in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(half), 16).unwrap_or('0');
                encoded.push(digit.to_ascii_uppercase());
            }
        }
    }
    encoded
}
