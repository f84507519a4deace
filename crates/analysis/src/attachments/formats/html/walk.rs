//! The walk through a page: blocks one after the other, each with the words that are seen.

use dom_query::{Document, NodeRef};

use super::blocks::{Block, Content};
use super::furniture::is_furniture;
use super::seen::Styles;
use super::tables;
use crate::attachments::clean::clean;
use crate::attachments::inline::{Inline, Struck};

/// So much hidden text is named.
const MAX_HIDDEN: usize = 200;

/// The state of the walk.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of where the walk is"
)]
pub struct Walk<'s> {
    styles: Styles,
    blocks: Vec<Block>,
    inline: Inline,
    struck: &'s mut Struck,
    hidden: String,
    /// Characters that nobody sees.
    pub invisible: usize,
    /// How many characters the hidden and struck-out pieces have.
    pub left_out: usize,
    /// The term whose value comes next, and whether one came.
    term: Option<(String, bool)>,
    heading: Option<String>,
    is_furniture: bool,
    in_main: bool,
    is_line: bool,
    preformatted: bool,
    in_heading: bool,
}

/// What an element does to the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Never seen as text.
    Skipped,
    Inline,
    Block,
}

/// The kind of an element.
pub fn kind(name: &str) -> Kind {
    match name {
        "script" | "style" | "noscript" | "template" | "iframe" | "object" | "embed" | "svg"
        | "canvas" | "head" | "nav" | "input" | "select" | "textarea" | "audio" | "video"
        | "title" | "annotation" | "datalist" | "map" => Kind::Skipped,
        "p" | "div" | "section" | "article" | "main" | "header" | "footer" | "aside"
        | "blockquote" | "ul" | "ol" | "menu" | "li" | "dl" | "dt" | "dd" | "figure"
        | "figcaption" | "details" | "summary" | "table" | "caption" | "thead" | "tbody"
        | "tfoot" | "tr" | "td" | "th" | "pre" | "address" | "fieldset" | "legend" | "form"
        | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "center" | "hgroup" | "search"
        | "body" | "html" | "dialog" | "listing" => Kind::Block,
        _ => Kind::Inline,
    }
}

impl<'s> Walk<'s> {
    pub fn new(document: &Document, struck: &'s mut Struck) -> Self {
        Self {
            styles: Styles::of(document),
            blocks: Vec::new(),
            inline: Inline::default(),
            struck,
            hidden: String::new(),
            invisible: 0,
            left_out: 0,
            term: None,
            heading: None,
            is_furniture: false,
            in_main: false,
            is_line: false,
            preformatted: false,
            in_heading: false,
        }
    }

    /// The blocks found.
    pub fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }

    /// What was left out because nobody sees it.
    pub fn hidden(&self) -> Option<String> {
        let hidden = self.hidden.trim();
        if self.styles.is_cut {
            return Some(
                "The page has more rules of style than were looked at: some of its text may be hidden or struck out and was \
                 read all the same."
                    .to_owned(),
            );
        }
        if hidden.is_empty() {
            return None;
        }
        let shown: String = hidden.chars().take(MAX_HIDDEN).collect();
        let more = if hidden.chars().count() > MAX_HIDDEN {
            "…"
        } else {
            ""
        };
        Some(format!(
            "Text that the page hides from its readers was left out: “{shown}{more}”."
        ))
    }

    /// Walks what is inside an element.
    pub fn children(&mut self, node: &NodeRef) {
        self.children_but(node, None);
    }

    fn children_but(&mut self, node: &NodeRef, but: Option<&NodeRef>) {
        for child in node.children_it(false) {
            if but.is_none_or(|but| but.id != child.id) {
                self.node(&child);
            }
        }
    }

    fn node(&mut self, node: &NodeRef) {
        if node.is_text() {
            let clean = clean(&node.text());
            self.invisible += clean.hidden;
            let text = clean.text;
            if self.preformatted {
                self.inline.push(&text);
            } else {
                self.inline.push_collapsed(&text);
            }
            return;
        }
        if !node.is_element() {
            return;
        }
        let name = node.node_name().unwrap_or_default();
        if matches!(&*name, "input" | "select" | "textarea" | "button") {
            self.inline.space();
        }
        if self.is_left_out(node, &name) {
            return;
        }
        match kind(&name) {
            Kind::Skipped => {}
            Kind::Inline => self.inline_element(node, &name),
            Kind::Block => self.block(node, &name),
        }
    }

    /// Whether the element is hidden or struck out; both are named.
    fn is_left_out(&mut self, node: &NodeRef, name: &str) -> bool {
        if kind(name) == Kind::Skipped {
            return true;
        }
        if self.styles.is_hidden(node) || (name == "dialog" && !node.has_attr("open")) {
            let words = words_in(node);
            self.left_out += words.iter().map(String::len).sum::<usize>();
            if name != "dialog" && self.hidden.len() <= MAX_HIDDEN * 4 {
                self.hidden.push_str(&words.join(" "));
                self.hidden.push(' ');
            }
            return true;
        }
        if self.styles.is_struck(node, name) {
            let words = words_in(node);
            self.left_out += words.iter().map(String::len).sum::<usize>();
            self.struck.add(&words.join(" "));
            self.inline.keep_apart();
            return true;
        }
        false
    }

    fn inline_element(&mut self, node: &NodeRef, name: &str) {
        match name {
            "br" => self.inline.line_break(),
            "wbr" => {}
            "sup" | "sub" => {
                let outer = std::mem::take(&mut self.inline);
                self.children(node);
                let inner = std::mem::replace(&mut self.inline, outer).take();
                if name == "sub" {
                    self.inline.subscript(&inner);
                } else {
                    self.inline.superscript(&inner, links_within(node));
                }
            }
            "ins" => {
                self.inline.keep_apart();
                self.children(node);
                self.inline.keep_apart();
            }
            "q" => {
                self.inline.push("“");
                self.children(node);
                self.inline.push("”");
            }
            "a" if is_skip_link(node) => {}
            // Text on a button is what it does, save in a heading that opens and closes.
            "button" if !self.in_heading => {}
            _ => self.children(node),
        }
    }

    fn block(&mut self, node: &NodeRef, name: &str) {
        self.flush();
        let outer = (self.is_furniture, self.in_main, self.is_line);
        self.in_main |= matches!(name, "main" | "article");
        self.is_furniture |= is_furniture(node, name, self.in_main);
        match name {
            "table" => self.table(node),
            "dt" => {
                self.end_term();
                let text = self.text_of(node);
                self.term = Some((text, false));
            }
            "dd" => {
                if let Some((term, came)) = &mut self.term {
                    *came = true;
                    if !term.is_empty() {
                        let term = term.trim_end_matches(':').to_owned();
                        self.inline.push(&term);
                        self.inline.push(": ");
                    }
                }
                self.is_line = true;
                self.children(node);
            }
            "pre" | "listing" => {
                self.preformatted = true;
                self.children(node);
                self.flush();
                self.preformatted = false;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.in_heading = true;
                let text = self.text_of(node);
                self.in_heading = false;
                if !text.is_empty() {
                    self.heading = Some(text.clone());
                    self.add(Content::Paragraph(text));
                }
            }
            // A browser shows the summary first, whatever its place in the markup.
            "details" => {
                let summary = tables::child_of(node, "summary");
                if let Some(summary) = &summary {
                    self.node(summary);
                }
                self.children_but(node, summary.as_ref());
            }
            "li" => {
                self.is_line = true;
                self.children(node);
            }
            _ => self.children(node),
        }
        self.flush();
        if name == "dl" {
            self.end_term();
            self.term = None;
        }
        (self.is_furniture, self.in_main, self.is_line) = outer;
        if matches!(name, "ul" | "ol" | "dl") && !self.is_line {
            // The list ends: what follows is a block of its own.
            self.add(Content::Paragraph(String::new()));
        }
    }

    /// A term without a value is a line of its own.
    fn end_term(&mut self) {
        if let Some((term, false)) = self.term.take()
            && !term.is_empty()
        {
            self.add(Content::Line(term));
        }
    }

    fn table(&mut self, node: &NodeRef) {
        let element = tables::child_of(node, "caption");
        let caption = element.as_ref().map(|caption| self.text_of(caption));
        let caption = caption.filter(|caption| !caption.is_empty());
        if let Some(caption) = caption.clone() {
            self.add(Content::Paragraph(caption));
        }
        let under = caption.or_else(|| self.heading.clone());
        if tables::is_layout(node) {
            self.children_but(node, element.as_ref());
            return;
        }
        let table = tables::table(node, under, self);
        self.add(Content::Table(table));
    }

    /// What is seen of an element, on one line.
    pub fn text_of(&mut self, node: &NodeRef) -> String {
        let mut inner = Walk {
            styles: std::mem::take(&mut self.styles),
            blocks: Vec::new(),
            inline: Inline::default(),
            struck: &mut *self.struck,
            hidden: std::mem::take(&mut self.hidden),
            invisible: 0,
            left_out: 0,
            term: None,
            heading: None,
            is_furniture: false,
            in_main: true,
            is_line: false,
            preformatted: false,
            in_heading: self.in_heading,
        };
        if !inner.is_left_out(node, &node.node_name().unwrap_or_default()) {
            inner.children(node);
        }
        inner.flush();
        let mut text = String::new();
        let mut after_item = false;
        for block in &inner.blocks {
            let words = block
                .text()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let is_item = matches!(block.content, Content::Line(_));
            if !text.is_empty() && !words.is_empty() {
                // Items of a list in a cell are not one name.
                text.push_str(if is_item && after_item { ", " } else { " " });
            }
            text.push_str(&words);
            after_item = is_item;
        }
        self.styles = inner.styles;
        self.hidden = inner.hidden;
        self.invisible += inner.invisible;
        self.left_out += inner.left_out;
        text
    }

    fn flush(&mut self) {
        let text = self.inline.take();
        let text = if self.preformatted {
            text.trim_matches('\n').to_owned()
        } else {
            text.trim().to_owned()
        };
        if text.trim().is_empty() {
            return;
        }
        let content = if self.is_line {
            Content::Line(text)
        } else {
            Content::Paragraph(text)
        };
        self.add(content);
    }

    fn add(&mut self, content: Content) {
        self.blocks.push(Block {
            content,
            is_furniture: self.is_furniture,
        });
    }
}

/// The words of an element as they stand, for naming what is left out.
fn words_in(node: &NodeRef) -> Vec<String> {
    clean(&node.text())
        .text
        .split_whitespace()
        .take(100)
        .map(str::to_owned)
        .collect()
}

/// `Skip to content`, for those who do not see the page's menus.
fn is_skip_link(node: &NodeRef) -> bool {
    node.attr("href").is_some_and(|to| to.starts_with('#'))
        && node
            .text()
            .trim()
            .to_ascii_lowercase()
            .starts_with("skip to ")
}

fn links_within(node: &NodeRef) -> bool {
    node.descendants_it()
        .any(|inner| inner.has_name("a") && inner.attr("href").is_some_and(|to| to.contains('#')))
        || node.parent().is_some_and(|parent| {
            parent.has_name("a") && parent.attr("href").is_some_and(|to| to.starts_with('#'))
        })
}
