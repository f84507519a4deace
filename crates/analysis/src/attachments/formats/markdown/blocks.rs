//! The blocks of a Markdown document, one event after the other.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::cells::Rows;
use crate::attachments::draft::Draft;
use crate::attachments::formats::html;
use crate::attachments::inline::{Inline, Struck};
use crate::attachments::paragraphs::Wrapping;

/// Where the text of a piece goes that is not simply text.
#[derive(Debug)]
enum Raised {
    Up(Inline),
    Down(Inline),
    Struck(Inline),
}

/// Builds the text.
pub struct Blocks<'a, 'd> {
    source: &'a str,
    /// Lines of the file before the source: its front matter.
    lines_before: usize,
    wrapping: Wrapping<'a>,
    draft: &'d mut Draft,
    inline: Inline,
    raised: Vec<Raised>,
    struck: Struck,
    /// The mark of a list item whose first line is still to come.
    mark: Option<String>,
    lists: Vec<bool>,
    is_heading: bool,
    under: Option<String>,
    code: Option<String>,
    html: Option<String>,
    rows: Option<Rows>,
}

impl<'a, 'd> Blocks<'a, 'd> {
    pub fn new(
        source: &'a str,
        lines_before: usize,
        wrapping: Wrapping<'a>,
        draft: &'d mut Draft,
    ) -> Self {
        Self {
            source,
            lines_before,
            wrapping,
            draft,
            inline: Inline::default(),
            raised: Vec::new(),
            struck: Struck::default(),
            mark: None,
            lists: Vec::new(),
            is_heading: false,
            under: None,
            code: None,
            html: None,
            rows: None,
        }
    }

    pub fn is_full(&self) -> bool {
        self.draft.is_full()
    }

    /// Ends the document and names what was left out.
    pub fn finish(mut self) {
        self.flush();
        if let Some(note) = self.struck.note() {
            self.draft.unread(None, note);
        }
    }

    pub fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.target().push(&text);
            }
            Event::Html(raw) => match &mut self.html {
                Some(html) => html.push_str(&raw),
                None => self.inline_html(&raw),
            },
            Event::InlineHtml(raw) => self.inline_html(&raw),
            Event::FootnoteReference(label) => {
                let mark = format!("[{label}]");
                self.target().push(&mark);
            }
            Event::SoftBreak => {
                if self.rows.is_some() {
                    self.target().space();
                } else {
                    self.target().line_break();
                }
            }
            Event::HardBreak => self.target().line_break(),
            Event::Rule => self.flush(),
            Event::TaskListMarker(done) => self.target().push(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn target(&mut self) -> &mut Inline {
        match self.raised.last_mut() {
            Some(Raised::Up(inline) | Raised::Down(inline) | Raised::Struck(inline)) => inline,
            None => &mut self.inline,
        }
    }

    fn text(&mut self, text: &str) {
        // An entity may stand for a character that nobody sees.
        let text = &self.draft.clean(text);
        if let Some(code) = &mut self.code {
            code.push_str(text);
            return;
        }
        // A footnote's mark without a footnote is text to the parser.
        let target = self.target();
        let text = match text.strip_prefix('^') {
            Some(rest) if target.ends_with('[') => rest,
            _ => text,
        };
        target.push(&text.replace("[^", "["));
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph if self.mark.is_some() => {}
            Tag::Paragraph | Tag::BlockQuote(_) => self.flush(),
            Tag::Heading { .. } => {
                self.flush();
                self.is_heading = true;
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.code = Some(match kind {
                    CodeBlockKind::Fenced(_) | CodeBlockKind::Indented => String::new(),
                });
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some(String::new());
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(first.is_some());
            }
            Tag::Item => {
                self.flush();
                self.mark = Some(item_mark(&self.source[range]));
            }
            Tag::FootnoteDefinition(label) => {
                self.flush();
                self.mark = Some(format!("[{label}]"));
            }
            Tag::Table(_) => {
                self.flush();
                self.rows = Some(Rows::default());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.rows {
                    rows.begin(&self.source[range.clone()], range.start);
                }
            }
            Tag::TableCell => {
                self.inline.take();
                if let Some(rows) = &mut self.rows {
                    rows.cell(range);
                }
            }
            Tag::Strikethrough => {
                // A single tilde is `about` as often as it strikes something out.
                if self.source[range].starts_with("~~") {
                    self.raised.push(Raised::Struck(Inline::default()));
                } else {
                    self.target().push("~");
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Item | TagEnd::FootnoteDefinition => self.flush(),
            TagEnd::Heading(_) => self.heading(),
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.draft.clean_paragraph(code.trim_matches('\n'));
                self.draft.end_block();
            }
            TagEnd::HtmlBlock => self.html_block(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                if self.lists.is_empty() {
                    self.draft.end_block();
                }
            }
            TagEnd::TableCell => {
                let text = self.inline.take();
                if let Some(rows) = &mut self.rows {
                    rows.cell_text(&text);
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(rows) = &mut self.rows {
                    rows.end();
                }
            }
            TagEnd::Table => {
                if let Some(rows) = self.rows.take() {
                    rows.table(self.under.clone()).write(self.draft);
                }
            }
            TagEnd::Strikethrough => {
                if matches!(self.raised.last(), Some(Raised::Struck(_))) {
                    self.lower();
                } else {
                    self.target().push("~");
                }
            }
            _ => {}
        }
    }

    fn heading(&mut self) {
        let title = self
            .inline
            .take()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        self.is_heading = false;
        if title.is_empty() {
            return;
        }
        self.draft.clean_paragraph(&title);
        self.draft.end_block();
        let about = self.draft.about();
        about.title = about.title.take().or_else(|| Some(title.clone()));
        self.under = Some(title);
    }

    fn html_block(&mut self) {
        let raw = self.html.take().unwrap_or_default();
        if raw.trim_start().starts_with("<!--") && !raw.contains("-->") {
            let before = self.source.find(&raw).map_or("", |at| &self.source[..at]);
            self.draft.unread_line(
                self.lines_before + before.matches('\n').count() + 1,
                "A comment begins here (<!--) and never ends, so that the rest of the file is hidden and was left out. Close \
                 it with --> if the rest matters.",
            );
            self.draft.left_out(raw.chars().count());
            return;
        }
        self.draft.end_block();
        html::write_fragment(&raw, &mut self.struck, self.draft);
        self.draft.end_block();
    }

    fn inline_html(&mut self, raw: &str) {
        let tag = raw
            .trim_start_matches(['<', '/'])
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let closes = raw.starts_with("</");
        match (tag.as_str(), closes) {
            ("sup", false) => self.raised.push(Raised::Up(Inline::default())),
            ("sub", false) => self.raised.push(Raised::Down(Inline::default())),
            ("del" | "s" | "strike", false) => self.raised.push(Raised::Struck(Inline::default())),
            ("sup" | "sub" | "del" | "s" | "strike", true) => self.lower(),
            ("br", _) if self.rows.is_some() => self.target().space(),
            ("br", _) => self.target().line_break(),
            ("ins", _) => self.target().keep_apart(),
            _ => {}
        }
    }

    /// Ends a raised, lowered or struck piece.
    fn lower(&mut self) {
        let Some(piece) = self.raised.pop() else {
            return;
        };
        match piece {
            Raised::Up(mut text) => {
                let text = text.take();
                self.target().superscript(&text, false);
            }
            Raised::Down(mut text) => {
                let text = text.take();
                self.target().subscript(&text);
            }
            Raised::Struck(mut text) => {
                let text = text.take();
                self.draft.left_out(text.chars().count());
                self.struck.add(&text);
                self.target().keep_apart();
            }
        }
    }

    /// Ends the block in the making.
    fn flush(&mut self) {
        while !self.raised.is_empty() {
            self.lower();
        }
        if self.is_heading {
            self.heading();
            return;
        }
        let text = self.inline.take();
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let text = self.wrapping.unwrap(&one_space(text));
        let in_list = !self.lists.is_empty();
        match self.mark.take() {
            Some(mark) => self.draft.clean_line(&format!("{mark} {text}")),
            None if in_list => self.draft.clean_line(&text),
            None => {
                self.draft.clean_paragraph(&text);
                self.draft.end_block();
            }
        }
    }
}

/// Two spaces in a line, which a struck piece leaves behind, are one.
fn one_space(text: &str) -> String {
    text.lines()
        .map(|line| {
            line.split(' ')
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The mark that an item was written with: `-`, `*`, `3.`.
fn item_mark(item: &str) -> String {
    item.trim_start()
        .chars()
        .take_while(|c| !c.is_whitespace())
        .take(10)
        .collect()
}
