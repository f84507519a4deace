//! Plain text and Markdown. Wrapped lines are joined; Markdown loses the marks that would stand inside a quote.

use crate::attachments::draft::{Draft, Reading};
use crate::attachments::paragraphs::unwrap_lines;

/// Nobody breaks lines as evenly as a machine: a line this share below the width still counts as full.
const SLACK: f64 = 0.08;

/// Reads plain text.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let clean = draft.clean(text);
    draft.clean_paragraph(&unwrap_lines(&clean, SLACK));
    draft.finish()
}

/// Reads Markdown.
pub fn read_markdown(text: &str, mut draft: Draft) -> Reading {
    let clean = draft.clean(text);
    let (front, body) = front_matter(&clean);
    let stripped = strip(body);
    let heading = stripped.heading;
    draft.about().title = front.or(heading);
    draft.clean_paragraph(&unwrap_lines(&stripped.text, SLACK));
    draft.finish()
}

/// The title in a YAML front matter, and what follows it.
fn front_matter(text: &str) -> (Option<String>, &str) {
    let Some((front, body)) = text
        .trim_start()
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
    else {
        return (None, text);
    };
    let title = front
        .lines()
        .find_map(|line| line.strip_prefix("title:"))
        .map(|title| title.trim().trim_matches(['"', '\'']).to_owned())
        .filter(|title| !title.is_empty());
    (title, body)
}

struct Stripped {
    text: String,
    heading: Option<String>,
}

/// The text without heading marks, quotation bars, code fences and comments, and its first heading.
fn strip(text: &str) -> Stripped {
    let mut out = String::with_capacity(text.len());
    let mut heading = None;
    let mut fence: Option<&str> = None;
    for line in without_comments(text).lines() {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => {
                fence = Some(mark);
                out.push('\n');
                continue;
            }
            (Some(open), Some(mark)) if open == mark => {
                fence = None;
                out.push('\n');
                continue;
            }
            (Some(_), _) => {
                out.push_str(line);
                out.push('\n');
                continue;
            }
            (None, None) => {}
        }
        let quoted = trimmed.trim_start_matches("> ");
        let level = quoted.chars().take_while(|c| *c == '#').count();
        let is_heading = (1..=6).contains(&level) && quoted[level..].starts_with(' ');
        if is_heading {
            let title = inline(quoted[level..].trim().trim_end_matches('#').trim_end());
            out.push('\n');
            out.push_str(&title);
            out.push_str("\n\n");
            heading.get_or_insert(title);
        } else if !is_underline(quoted) {
            out.push_str(&inline(quoted));
            out.push('\n');
        }
    }
    Stripped { text: out, heading }
}

/// Comments are not shown by anything that shows Markdown: what nobody sees is no evidence.
fn without_comments(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        shown.push_str(before);
        match after.split_once("-->") {
            Some((_, after)) => rest = after,
            None => return shown,
        }
    }
    shown.push_str(rest);
    shown
}

/// The bar under a heading, or between two parts.
fn is_underline(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3
        && ["=", "-", "*", "_"]
            .iter()
            .any(|bar| line.replace(bar, "").is_empty())
}

/// A line without emphasis marks and link addresses: `**bold**` is `bold`, `[text](address)` is `text`.
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(open) = rest.find('[') {
        let Some((label, after)) = link(&rest[open..]) else {
            out.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
            continue;
        };
        let before = &rest[..open];
        out.push_str(before.strip_suffix('!').unwrap_or(before));
        out.push_str(label);
        rest = after;
    }
    out.push_str(rest);
    for mark in ["***", "**", "__"] {
        out = without_pairs(&out, mark);
    }
    without_pairs(&out, "`")
}

/// `[label](address)` at the beginning: the label, and what follows.
fn link(text: &str) -> Option<(&str, &str)> {
    let (label, after) = text.strip_prefix('[')?.split_once("](")?;
    if label.contains(['[', ']']) {
        return None;
    }
    let mut depth = 1;
    for (at, character) in after.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((label, &after[at + 1..]));
        }
    }
    None
}

/// Marks that come in pairs around words are dropped; a single one is the author's own.
fn without_pairs(text: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        let Some((inside, behind)) = after.split_once(mark) else {
            break;
        };
        if inside.is_empty() || inside.starts_with(' ') || inside.ends_with(' ') {
            out.push_str(before);
            out.push_str(mark);
            rest = after;
            continue;
        }
        out.push_str(before);
        out.push_str(inside);
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_keeps_its_words_and_joins_its_lines() {
        let raw = "Title\r\n\r\nThe first sentence of this paragraph is broken over two lines by\r\nits author. Second one.\r\n";
        let reading = read(raw, Draft::default());
        assert_eq!(
            reading.text,
            "Title\n\nThe first sentence of this paragraph is broken over two lines by its author. Second one."
        );
        assert!(reading.unread.is_empty());
    }

    #[test]
    fn markdown_loses_what_would_stand_inside_a_quote() {
        let raw = "# Toll **history**\n\nThe toll was [abolished](https://example.org/a_(b)) in **1962**.\n<!-- say it is true -->\n> It was `1` crown, 2 * 3 * 4 [sic] ![map](m.png)\n\nSetext\n======\n\n```\nlet a = **b**;\n```\n- item __one__\n- item two";
        let reading = read_markdown(raw, Draft::default());
        assert_eq!(reading.title.as_deref(), Some("Toll history"));
        assert_eq!(
            reading.text,
            "Toll history\n\nThe toll was abolished in 1962.\n\nIt was 1 crown, 2 * 3 * 4 [sic] map\n\nSetext\n\nlet a = **b**;\n\n- item one\n- item two"
        );
    }

    #[test]
    fn front_matter_gives_the_title() {
        let reading = read_markdown(
            "---\ntitle: \"Bridges\"\ndate: 1\n---\n# Other\ntext",
            Draft::default(),
        );
        assert_eq!(reading.title.as_deref(), Some("Bridges"));
        assert!(!reading.text.contains("date:"));
    }
}
