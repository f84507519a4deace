//! A bound for how deep a page may nest. A parser walks up its open elements again and again: at a depth of 100,000 that takes
//! minutes, and no page that somebody wrote comes near the bound.

use std::borrow::Cow;

/// Browsers stop at 512; pages that somebody wrote stay below 100.
pub const MAX_DEPTH: usize = 200;

/// Elements without an end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements that end by themselves where the next one begins, so that their end is often missing.
const SELF_CLOSING: [&str; 12] = [
    "p", "li", "dt", "dd", "td", "th", "tr", "option", "thead", "tbody", "tfoot", "colgroup",
];

/// A page without the tags that are too deep, and how many those are.
pub struct Bounded<'a> {
    pub text: Cow<'a, str>,
    pub cut: usize,
}

/// Leaves out the tags beyond the bound; their text stays.
pub fn bounded(html: &str) -> Bounded<'_> {
    let mut depth = 0_usize;
    let mut cut = 0;
    let mut kept = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|found| at + found) {
        let rest = &html[open + 1..];
        if rest.starts_with("!--") {
            at = rest
                .find("-->")
                .map_or(html.len(), |end| open + 1 + end + 3);
            continue;
        }
        let is_end = rest.starts_with('/');
        let name_start = usize::from(is_end);
        let name: String = rest[name_start..]
            .chars()
            .take(20)
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            at = open + 1;
            continue;
        }
        let Some(close) = rest.find('>').map(|end| open + 1 + end) else {
            break;
        };
        at = close + 1;
        let raw_text = matches!(name.as_str(), "script" | "style" | "textarea" | "title");
        if raw_text && !is_end {
            let end = format!("</{name}");
            let lower = html[at..].get(..).unwrap_or_default();
            at += find_ignoring_case(lower, &end).unwrap_or(lower.len());
            continue;
        }
        if VOID.contains(&name.as_str()) || SELF_CLOSING.contains(&name.as_str()) || raw_text {
            if depth > MAX_DEPTH {
                kept.push_str(&html[copied..open]);
                kept.push(' ');
                copied = at;
            }
            continue;
        }
        let is_too_deep = depth > MAX_DEPTH || (depth == MAX_DEPTH && !is_end);
        if is_end {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
        }
        if is_too_deep {
            cut += usize::from(!is_end);
            kept.push_str(&html[copied..open]);
            kept.push(' ');
            copied = at;
        }
    }
    if cut == 0 {
        return Bounded {
            text: Cow::Borrowed(html),
            cut,
        };
    }
    kept.push_str(&html[copied..]);
    Bounded {
        text: Cow::Owned(kept),
        cut,
    }
}

fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes()
        .windows(needle.len())
        .position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_usual_depth_is_left_alone() {
        let page = format!("<html>{}<p>x", "<p>a<li>b<br>".repeat(2_000));
        assert!(matches!(
            bounded(&page),
            Bounded {
                text: Cow::Borrowed(_),
                cut: 0
            }
        ));
    }

    #[test]
    fn tags_too_deep_go_and_their_text_stays() {
        let page = format!(
            "{}deep{}<p>end",
            "<div>".repeat(100_000),
            "</div>".repeat(100_000)
        );
        let bounded = bounded(&page);
        assert_eq!(bounded.cut, 100_000 - MAX_DEPTH);
        assert_eq!(bounded.text.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(bounded.text.matches("</div>").count(), MAX_DEPTH);
        assert!(bounded.text.contains("deep") && bounded.text.ends_with("<p>end"));
    }
}
