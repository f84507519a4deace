//! Markdown, as CommonMark with tables, footnotes and struck-out text: the words without the marks around them, tables as rows.
//! Raw HTML in it is read as HTML.

mod blocks;
mod cells;

use pulldown_cmark::{Options, Parser};

use crate::attachments::draft::{Draft, Reading};
use crate::attachments::paragraphs::Wrapping;

/// Nobody breaks lines as evenly as a machine: a line this share below the width still counts as full.
const SLACK: f64 = 0.08;

/// Reads Markdown.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let clean = draft.clean(text);
    let (front, body) = front_matter(&clean);
    for line in front.lines() {
        let value = |name: &str| {
            let value = line
                .strip_prefix(name)?
                .trim_start()
                .strip_prefix([':', '='])?;
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            (!value.is_empty()).then_some(value)
        };
        let about = draft.about();
        about.title = about.title.take().or_else(|| value("title"));
        about.published_at = about.published_at.take().or_else(|| value("date"));
        about.language = about.language.take().or_else(|| value("lang"));
        draft.clean_line(line);
    }
    draft.end_block();
    let lines_before = clean[..clean.len() - body.len()].matches('\n').count();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let events = Parser::new_ext(body, options).into_offset_iter();
    let mut blocks = blocks::Blocks::new(body, lines_before, Wrapping::of(body, SLACK), &mut draft);
    for (event, range) in events {
        if blocks.is_full() {
            break;
        }
        blocks.event(event, range);
    }
    blocks.finish();
    draft.finish()
}

/// The lines of a front matter, and what follows it.
fn front_matter(text: &str) -> (&str, &str) {
    let trimmed = text.trim_start();
    for fence in ["---\n", "+++\n"] {
        let Some(rest) = trimmed.strip_prefix(fence) else {
            continue;
        };
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim_end() == fence.trim_end() || (fence == "---\n" && line.trim_end() == "...")
            {
                let front = &rest[..end];
                if front.lines().any(|line| line.contains([':', '='])) {
                    return (front, &rest[end + line.len()..]);
                }
                break;
            }
            end += line.len();
        }
    }
    ("", text)
}

#[cfg(test)]
mod tests;
