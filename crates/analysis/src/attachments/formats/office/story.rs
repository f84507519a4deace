//! A document's running text on its way into a draft: paragraphs, headings, lines of lists, tables, and beside them what was
//! left out. Word processors and presentations have this in common.

use super::grid::Grid;
use crate::attachments::clean::clean;
use crate::attachments::draft::Draft;
use crate::attachments::inline::{Inline, Struck};

/// What a finished piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    Paragraph,
    Heading,
    /// Stands over the table that follows, if one does.
    Caption,
    /// An item of a list.
    Line,
}

/// Text that is there and not read.
#[derive(Debug, Default)]
pub struct LeftOut {
    /// Deleted by a tracked change.
    pub deleted: Struck,
    /// Formatted so that nobody sees it.
    pub hidden: Struck,
    pub struck: Struck,
}

/// The running text.
pub struct Story<'d> {
    pub draft: &'d mut Draft,
    pub inline: Inline,
    pub left_out: LeftOut,
    /// What stands over a table.
    heading: Option<String>,
    caption: Option<String>,
    /// What is around the cell or box that is being read.
    around: Vec<Around>,
    /// What follows the paragraph: descriptions of its pictures, text in boxes.
    after: Vec<String>,
}

/// The text around a cell or a box, and what that holds so far.
struct Around {
    inline: Inline,
    after: Vec<String>,
    held: Vec<String>,
}

impl<'d> Story<'d> {
    pub fn new(draft: &'d mut Draft) -> Self {
        Self {
            draft,
            inline: Inline::default(),
            left_out: LeftOut::default(),
            heading: None,
            caption: None,
            around: Vec::new(),
            after: Vec::new(),
        }
    }

    /// Text as it comes from the file.
    pub fn clean(&mut self, raw: &str) -> String {
        let clean = clean(raw);
        self.draft.add_hidden(clean.hidden);
        clean.text
    }

    /// Adds text to the paragraph.
    pub fn text(&mut self, raw: &str) {
        let text = self.clean(raw);
        self.inline.push(&text);
    }

    /// Takes a picture's description, which follows the paragraph.
    pub fn picture(&mut self, description: &str) {
        let words = self.clean(description);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            self.after.push(format!("Picture: {words}"));
        }
    }

    /// Ends the paragraph.
    pub fn end(&mut self, piece: Piece) {
        let text = self.inline.take();
        let text = text.trim();
        if let Some(around) = self.around.last_mut() {
            if !text.is_empty() {
                around.held.push(text.to_owned());
            }
            around.held.append(&mut self.after);
            return;
        }
        if !text.is_empty() {
            let words = || text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.caption = (piece == Piece::Caption).then(words);
            match piece {
                Piece::Line => self.draft.clean_line(text),
                Piece::Paragraph | Piece::Caption => self.paragraph(text),
                Piece::Heading => {
                    self.heading = Some(words());
                    self.paragraph(text);
                }
            }
        }
        for text in std::mem::take(&mut self.after) {
            self.paragraph(&text);
        }
    }

    /// Adds a block that came out of [`Story::clean`].
    pub fn paragraph(&mut self, text: &str) {
        self.draft.end_block();
        self.draft.clean_paragraph(text);
        self.draft.end_block();
    }

    /// Begins a cell or a box: what follows goes into it.
    pub fn open(&mut self) {
        self.around.push(Around {
            inline: std::mem::take(&mut self.inline),
            after: std::mem::take(&mut self.after),
            held: Vec::new(),
        });
    }

    /// The paragraphs of the cell or box that was begun last.
    pub fn close(&mut self) -> Vec<String> {
        self.end(Piece::Paragraph);
        let Some(around) = self.around.pop() else {
            return Vec::new();
        };
        self.inline = around.inline;
        self.after = around.after;
        around.held
    }

    /// Ends a box, whose text follows the paragraph that it hangs on.
    pub fn close_box(&mut self) {
        let held = self.close();
        self.after.extend(held);
    }

    /// Adds a table; one inside a cell becomes words of that cell.
    pub fn table(&mut self, grid: Grid) {
        if grid.is_empty() {
            return;
        }
        let caption = self.caption.take();
        if let Some(around) = self.around.last_mut() {
            around.held.push(grid.flattened());
        } else {
            grid.write(caption.or_else(|| self.heading.clone()), self.draft);
        }
    }

    /// Begins a part of its own, over which no heading stands.
    pub fn begin_part(&mut self, name: &str, is_comment: bool) {
        self.end(Piece::Paragraph);
        self.heading = None;
        self.caption = None;
        self.draft.end_block();
        if is_comment {
            self.draft.comment_place(name, "\n\n");
        } else {
            self.draft.named_place(name, "\n\n");
        }
    }

    /// Adds somebody's comment on the text, as what they say and the document does not.
    pub fn comment(&mut self, place: &str, author: &str, words: &str) {
        let words = words.trim();
        if words.is_empty() {
            return;
        }
        let author = author.trim();
        let by = if author.is_empty() {
            String::new()
        } else {
            format!(" by {author}")
        };
        self.begin_part(&format!("{place}{by}"), true);
        self.paragraph(&format!("Comment{by}: {words}"));
    }

    /// Names what was left out.
    pub fn finish(self) {
        let LeftOut {
            deleted,
            hidden,
            struck,
        } = self.left_out;
        let notes = [
            struck.note(),
            deleted.note_as("Text that a tracked change deletes"),
            hidden.note_as("Hidden text"),
        ];
        for note in notes.into_iter().flatten() {
            self.draft.unread(None, note);
        }
    }
}
