//! HTML to what a reader of the page sees: one block a paragraph, tables as rows, no scripts, menus, hidden or struck-out parts.
//! It fetches nothing that the page names, and runs nothing.

mod blocks;
mod declarations;
mod depth;
mod furniture;
mod seen;
mod tables;
mod walk;
mod wall;

use std::collections::HashSet;

use dom_query::Document;
use dom_smoothie::{Config, Readability, TextMode};

use crate::attachments::draft::{Draft, Reading};
use crate::attachments::inline::Struck;
use blocks::Block;
use walk::Walk;

/// Furniture with fewer characters is no article.
const LEAST_ARTICLE: usize = 500;

/// Reads an HTML page.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let shallow = depth::bounded(text);
    if shallow.cut > 0 {
        draft.unread(
            None,
            format!(
                "The page's elements are nested deeper than {} levels; {} of them were read without their structure.",
                depth::MAX_DEPTH,
                shallow.cut
            ),
        );
    }
    let Ok(mut page) = Readability::new(shallow.text.as_ref(), None, Some(config())) else {
        draft.unread(
            None,
            "The page could not be read. Save it as plain text and attach that.",
        );
        return draft.finish();
    };
    about(&page, &mut draft);
    let mut struck = Struck::default();
    let mut walk = Walk::new(&page.doc, &mut struck);
    if let Some(body) = page.doc.body() {
        walk.children(&body);
    }
    let hidden = walk.hidden();
    draft.add_hidden(walk.invisible);
    draft.left_out(walk.left_out);
    let blocks = walk.finish();
    let barrier = wall::of(&page.doc, &blocks);
    // Where most of the page looks like furniture, something is named after what it is not.
    let (furniture, own) = lengths(&blocks);
    let article = if furniture > LEAST_ARTICLE && furniture > own * 4 {
        article_texts(&mut page)
    } else {
        HashSet::new()
    };
    let is_kept = |block: &Block| !block.is_furniture || article.contains(block.text().as_ref());
    let kept = own > 0 || blocks.iter().any(is_kept);
    for block in &blocks {
        // A page of nothing but furniture is read as it is.
        if !kept || is_kept(block) {
            block.write(&mut draft);
        } else {
            draft.left_out(block.text().chars().count());
        }
    }
    if draft.is_empty() && hidden.is_none() {
        draft.unread(
            None,
            "The page has no text of its own: it is made by a script when it is opened. Open it in a browser, \
             save it as PDF and attach that.",
        );
    }
    for note in [barrier, struck.note(), hidden].into_iter().flatten() {
        draft.unread(None, note);
    }
    draft.finish()
}

/// Adds a piece of HTML that stands in another format.
pub fn write_fragment(html: &str, struck: &mut Struck, draft: &mut Draft) {
    let shallow = depth::bounded(html);
    let fragment = Document::fragment(shallow.text.as_ref());
    let mut walk = Walk::new(&fragment, struck);
    walk.children(&fragment.root());
    let hidden = walk.hidden();
    draft.add_hidden(walk.invisible);
    draft.left_out(walk.left_out);
    for block in walk.finish() {
        block.write(draft);
    }
    if let Some(note) = hidden {
        draft.unread(None, note);
    }
}

/// How much text is furniture, and how much is not.
fn lengths(blocks: &[Block]) -> (usize, usize) {
    blocks.iter().fold((0, 0), |(furniture, own), block| {
        let length = block.text().trim().len();
        if block.is_furniture {
            (furniture + length, own)
        } else {
            (furniture, own + length)
        }
    })
}

/// Title, publisher, date and language, as the page's own data have them.
fn about(page: &Readability, draft: &mut Draft) {
    let data = page.parse_json_ld();
    let about = page.get_article_metadata(data);
    let filled =
        |value: Option<String>| value.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
    let language = page
        .doc
        .select_single("html")
        .attr("lang")
        .map(|l| l.to_string());
    let title = filled(Some(about.title.clone()))
        .or_else(|| filled(Some(page.doc.select_single("title").text().to_string())));
    let known = draft.about();
    known.title = title;
    known.publisher = filled(about.site_name);
    known.published_at = filled(about.published_time);
    known.language = filled(language).or(filled(about.lang));
}

/// The blocks of what looks like the page's article: what stands there is kept, wherever the page has it.
fn article_texts(page: &mut Readability) -> HashSet<String> {
    let Ok(article) = page.parse() else {
        return HashSet::new();
    };
    let document = Document::fragment(article.content);
    let mut struck = Struck::default();
    let mut walk = Walk::new(&document, &mut struck);
    walk.children(&document.root());
    walk.finish()
        .iter()
        .map(|block| block.text().into_owned())
        .collect()
}

fn config() -> Config {
    Config {
        text_mode: TextMode::Formatted,
        ..Config::default()
    }
}

#[cfg(test)]
mod tests;
