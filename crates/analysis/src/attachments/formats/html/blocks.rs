//! The blocks that a page is read as.

use std::borrow::Cow;

use crate::attachments::draft::Draft;
use crate::attachments::rows::Table;

/// What a block is.
#[derive(Debug, Clone)]
pub enum Content {
    Paragraph(String),
    /// A list's item, a term with its value: a line among lines.
    Line(String),
    Table(Table),
}

/// A block, and whether it belongs to the page's furniture: menus, footers, adverts.
#[derive(Debug, Clone)]
pub struct Block {
    pub content: Content,
    pub is_furniture: bool,
}

impl Block {
    /// The words of the block.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.content {
            Content::Paragraph(text) | Content::Line(text) => Cow::Borrowed(text),
            Content::Table(table) => {
                let lines: Vec<&str> = table.lines.iter().map(|line| line.text.as_str()).collect();
                Cow::Owned(lines.join("\n"))
            }
        }
    }

    /// Adds the block to the draft.
    pub fn write(&self, draft: &mut Draft) {
        match &self.content {
            Content::Paragraph(text) => {
                draft.paragraph(text);
                draft.end_block();
            }
            Content::Line(text) => draft.line(text),
            Content::Table(table) => {
                table.write(draft);
            }
        }
    }
}
