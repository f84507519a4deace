//! Pages become the text of the source: paragraphs in reading order, sentences that go on over a column or a page whole,
//! notes behind the paragraph that they stand below.

use super::columns::zones;
use super::flow::{Line, Paragraph, paragraphs};
use super::page::{Frame, Page};
use super::records::write_table;
use super::tables::{Part, Table, parts};
use crate::attachments::draft::Draft;
use crate::attachments::paragraphs::OwnWords;

/// What a page gives, in reading order.
#[derive(Debug)]
enum Content {
    Paragraph(Paragraph),
    Table(Table),
}

/// Writes the pages into the draft.
pub fn write_pages(pages: Vec<(u32, Page)>, draft: &mut Draft) {
    let mut blocks: Vec<(u32, Content)> = Vec::new();
    for (number, page) in pages {
        let height = page.frames.first().map_or(0.0, |frame| frame.area.height());
        let mut contents: Vec<Content> = page.frames.into_iter().flat_map(frame_contents).collect();
        let notes = take_notes(&mut contents, height);
        blocks.extend(contents.into_iter().map(|content| (number, content)));
        blocks.extend(notes.into_iter().map(|content| (number, content)));
    }
    let blocks = with_notes_behind(blocks);
    let paragraphs = blocks.iter().filter_map(|(_, content)| match content {
        Content::Paragraph(paragraph) => Some(paragraph),
        Content::Table(_) => None,
    });
    let lines = paragraphs.flat_map(|paragraph| &paragraph.lines);
    let words = OwnWords::of_all(lines.map(|line| line.text.as_str()));
    let mut writer = Writer {
        draft,
        words: &words,
        pending: String::new(),
        turns: Vec::new(),
        page: 0,
    };
    let mut before: Option<&Paragraph> = None;
    for (page, content) in &blocks {
        match content {
            Content::Paragraph(paragraph) => {
                writer.put(
                    *page,
                    paragraph,
                    before.is_some_and(|before| continues(before, paragraph)),
                );
                before = Some(paragraph);
            }
            Content::Table(table) => {
                writer.flush();
                writer.turn(*page);
                write_table(table, writer.draft);
                before = None;
            }
        }
    }
    writer.flush();
}

/// Whether a paragraph goes on with the sentence of the one before it.
fn continues(before: &Paragraph, paragraph: &Paragraph) -> bool {
    before.is_cut
        && paragraph.goes_on
        && before.is_note == paragraph.is_note
        && (before.size() - paragraph.size()).abs() < 0.08 * paragraph.size()
}

fn frame_contents(frame: Frame) -> Vec<Content> {
    let zones = zones(frame.rows, &frame.ruling.levels);
    let parts = zones
        .into_iter()
        .flat_map(|zone| parts(zone.rows, &frame.ruling));
    parts
        .flat_map(|part| match part {
            Part::Lines(rows) => paragraphs(rows.iter().map(Line::of).collect())
                .into_iter()
                .map(Content::Paragraph)
                .collect(),
            Part::Table(table) => vec![Content::Table(table)],
        })
        .collect()
}

/// Takes the notes at a page's foot out: small print that begins with a mark.
fn take_notes(contents: &mut Vec<Content>, height: f32) -> Vec<Content> {
    let mut sizes: Vec<(f32, usize)> = Vec::new();
    for content in contents.iter() {
        if let Content::Paragraph(paragraph) = content {
            let letters = paragraph.lines.iter().map(|line| line.text.len()).sum();
            sizes.push((paragraph.size(), letters));
        }
    }
    sizes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all: usize = sizes.iter().map(|(_, letters)| letters).sum();
    let mut seen = 0;
    let usual = sizes.iter().find(|(_, letters)| {
        seen += letters;
        seen * 2 >= all
    });
    let usual = usual.map_or(0.0, |(size, _)| *size);
    let is_small = |content: &Content| match content {
        Content::Paragraph(paragraph) => paragraph.size() <= usual * 0.93,
        Content::Table(_) => false,
    };
    let begins = |content: &Content| match content {
        Content::Paragraph(paragraph) => {
            begins_note(&paragraph.lines)
                && paragraph
                    .lines
                    .first()
                    .is_some_and(|line| line.is_below(height * 0.4))
        }
        Content::Table(_) => false,
    };
    let is_cut = |content: &Content| matches!(content, Content::Paragraph(before) if before.is_cut);
    let (mut kept, mut notes) = (Vec::new(), Vec::new());
    let mut rest = std::mem::take(contents).into_iter().peekable();
    while let Some(content) = rest.next() {
        if !(is_small(&content) && begins(&content)) {
            kept.push(content);
            continue;
        }
        let mut run = vec![content];
        while let Some(next) = rest.next_if(|next| is_small(next)) {
            run.push(next);
        }
        // At the foot of a column they may stand in the middle of a sentence.
        if rest.peek().is_none() || kept.last().is_some_and(is_cut) {
            notes.append(&mut run);
        } else {
            kept.append(&mut run);
        }
    }
    *contents = kept;
    for note in &mut notes {
        if let Content::Paragraph(paragraph) = note {
            paragraph.is_note = true;
        }
    }
    notes
}

/// Whether lines begin with a mark as notes do: `[1] `, `1 `, `* `.
fn begins_note(lines: &[Line]) -> bool {
    let Some(line) = lines.first() else {
        return false;
    };
    let first = line.text.split_whitespace().next().unwrap_or_default();
    first.starts_with('[') && first.ends_with(']')
        || first.starts_with(['*', '†', '‡', '§'])
        || !first.is_empty()
            && first.len() <= 3
            && first
                .trim_end_matches(['.', ')'])
                .chars()
                .all(|c| c.is_ascii_digit())
}

/// Puts the notes of a page behind the paragraph that goes on over its end.
fn with_notes_behind(blocks: Vec<(u32, Content)>) -> Vec<(u32, Content)> {
    let mut ordered: Vec<(u32, Content)> = Vec::with_capacity(blocks.len());
    let mut notes: Vec<(u32, Content)> = Vec::new();
    let mut last_is_cut = false;
    for block in blocks {
        match &block.1 {
            Content::Paragraph(paragraph) if paragraph.is_note && last_is_cut => notes.push(block),
            Content::Paragraph(paragraph) => {
                last_is_cut = paragraph.is_cut && !paragraph.is_note;
                ordered.push(block);
                if !notes.is_empty() && !last_is_cut {
                    ordered.append(&mut notes);
                }
            }
            Content::Table(_) => {
                ordered.append(&mut notes);
                last_is_cut = false;
                ordered.push(block);
            }
        }
    }
    ordered.append(&mut notes);
    ordered
}

/// Puts blocks into the draft.
struct Writer<'a> {
    draft: &'a mut Draft,
    words: &'a OwnWords<'a>,
    /// A paragraph that may go on.
    pending: String,
    /// Where in it another page begins.
    turns: Vec<(usize, u32)>,
    page: u32,
}

impl Writer<'_> {
    fn put(&mut self, page: u32, paragraph: &Paragraph, continues: bool) {
        if !continues {
            self.flush();
        }
        let mut text = String::new();
        paragraph.write(&mut text, self.words);
        if self.pending.is_empty() {
            self.turn(page);
            self.pending = text;
            return;
        }
        self.words.join(&mut self.pending, &text);
        if self.page != page {
            self.page = page;
            self.turns.push((self.pending.len() - text.len(), page));
        }
    }

    fn turn(&mut self, page: u32) {
        if self.page != page {
            self.page = page;
            self.draft.place(Some(page), None, "\n\n");
        }
    }

    fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let turns = std::mem::take(&mut self.turns);
        let end = turns.first().map_or(pending.len(), |(at, _)| *at);
        let text = self.draft.clean(&pending[..end]);
        self.draft.clean_paragraph(&text);
        for (index, (at, page)) in turns.iter().enumerate() {
            if pending[..*at].ends_with(' ') {
                self.draft.push(" ");
            }
            let end = turns
                .get(index + 1)
                .map_or(pending.len(), |(next, _)| *next);
            self.draft.place(Some(*page), None, "");
            self.draft.push(pending[*at..end].trim_end());
        }
    }
}
