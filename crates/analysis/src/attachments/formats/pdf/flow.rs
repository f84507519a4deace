//! Lines become paragraphs: a line is joined to the next where the next one's first word would not have fitted any more.
//! Headings, lists, verses and addresses keep their lines.

use super::geometry::{Area, median, number};
use super::rows::Row;
use super::text::{first_word_width, text_of};
use crate::attachments::paragraphs::{OwnWords, begins_item};

/// A line of text with what tells how it stands to its neighbours.
#[derive(Debug, Clone)]
pub struct Line {
    pub text: String,
    pub area: Area,
    pub baseline: f32,
    pub size: f32,
    pub first_word: f32,
    pub is_bold: bool,
    /// It has a gap wider than one between words, as a row of a table has.
    pub has_gap: bool,
}

impl Line {
    pub fn of(row: &Row) -> Self {
        let texts: Vec<String> = row.segments.iter().map(text_of).collect();
        Self {
            text: texts.join(" "),
            area: row.area(),
            baseline: row.baseline,
            size: row.size,
            first_word: row.segments.first().map_or(0.0, first_word_width),
            is_bold: row.segments.iter().all(|segment| segment.is_bold),
            has_gap: row.segments.len() > 1,
        }
    }

    /// Whether it stands below this height.
    pub fn is_below(&self, height: f32) -> bool {
        self.baseline > height
    }

    fn is_open(&self) -> bool {
        !self
            .text
            .ends_with(['.', '!', '?', ':', ';', '…', '"', '”', ')', '|', '»'])
    }

    fn starts_small(&self) -> bool {
        self.text.starts_with(char::is_lowercase)
    }
}

/// How a line follows the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follows {
    /// It goes on with its sentence.
    Joined,
    /// It stands below it.
    Below,
    /// It begins another paragraph.
    Apart,
}

/// A paragraph, or lines that belong together.
#[derive(Debug, Clone, Default)]
pub struct Paragraph {
    pub lines: Vec<Line>,
    /// For each line but the first, whether it is joined to the one before.
    joined: Vec<bool>,
    /// The next paragraph may go on with this one's sentence.
    pub is_cut: bool,
    /// It may go on with a sentence that began before.
    pub goes_on: bool,
    /// It stands at the page's foot and is no part of the text above it.
    pub is_note: bool,
}

impl Paragraph {
    fn begin(line: Line) -> Self {
        Self {
            lines: vec![line],
            ..Self::default()
        }
    }

    pub fn size(&self) -> f32 {
        median(self.lines.iter().map(|line| line.size).collect())
    }

    /// Writes the paragraph, after what is there already.
    pub fn write(&self, text: &mut String, words: &OwnWords<'_>) {
        for (index, line) in self.lines.iter().enumerate() {
            let is_joined = match index.checked_sub(1) {
                None => false,
                Some(before) => self.joined.get(before).copied().unwrap_or_default(),
            };
            if is_joined {
                words.join(text, &line.text);
            } else {
                if index > 0 {
                    text.push('\n');
                }
                text.push_str(&line.text);
            }
        }
    }
}

/// Text narrower than this many times its size was not wrapped, it is a list, unless its lines flow.
const NARROWEST: f32 = 18.0;

/// The paragraphs that these lines of one zone make.
pub fn paragraphs(lines: Vec<Line>) -> Vec<Paragraph> {
    let leading = leading(&lines);
    let mut groups: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        match groups.last_mut() {
            Some(group)
                if group
                    .last()
                    .is_some_and(|before| is_near(before, &line, leading)) =>
            {
                group.push(line);
            }
            _ => groups.push(vec![line]),
        }
    }
    groups.into_iter().flat_map(group_paragraphs).collect()
}

/// The usual step from one line to the next.
fn leading(lines: &[Line]) -> f32 {
    let steps: Vec<f32> = lines
        .windows(2)
        .filter(|pair| (pair[0].size - pair[1].size).abs() < 0.08 * pair[0].size)
        .map(|pair| (pair[1].baseline - pair[0].baseline) / pair[0].size)
        .filter(|step| *step > 0.5 && *step < 2.6)
        .collect();
    if steps.is_empty() { 1.4 } else { median(steps) }
}

fn is_near(before: &Line, line: &Line, leading: f32) -> bool {
    let size = before.size.max(line.size);
    let step = (line.baseline - before.baseline) / size;
    let is_same_size = (before.size - line.size).abs() <= 0.08 * size;
    is_same_size && step <= (leading * 1.35).max(1.3) && step > -0.5
}

fn group_paragraphs(lines: Vec<Line>) -> Vec<Paragraph> {
    let area = lines
        .iter()
        .fold(Area::EMPTY, |area, line| area.union(line.area));
    let size = median(lines.iter().map(|line| line.size).collect());
    let small_starts = lines
        .iter()
        .skip(1)
        .filter(|line| line.starts_small())
        .count();
    let flows = lines.len() >= 4 && number(small_starts) >= 0.3 * number(lines.len() - 1);
    let is_wrapped = area.width() >= NARROWEST * size || flows;
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let lefts: Vec<f32> = lines.iter().map(|line| line.area.left).collect();
    for (index, line) in lines.into_iter().enumerate() {
        let after = lefts.get(index + 1).copied();
        let Some(paragraph) = paragraphs.last_mut() else {
            paragraphs.push(Paragraph::begin(line));
            continue;
        };
        let Some(before) = paragraph.lines.last() else {
            continue;
        };
        match follows(before, &line, after, area, is_wrapped) {
            Follows::Apart => paragraphs.push(Paragraph::begin(line)),
            how => {
                paragraph.joined.push(how == Follows::Joined);
                paragraph.lines.push(line);
            }
        }
    }
    if let Some(last) = paragraphs.last_mut()
        && let Some(line) = last.lines.last()
    {
        // Whether another word would have fitted is not known: most words have about five letters.
        let is_full = line.area.right + 2.5 * size > area.right;
        let is_hyphened = line.text.ends_with(['-', '\u{2010}']);
        last.is_cut = line.is_open()
            && is_wrapped
            && is_full
            && (last.lines.len() > 1 || area.width() > NARROWEST * size)
            || is_hyphened;
    }
    if let Some(first) = paragraphs.first_mut() {
        first.goes_on = first.lines.first().is_some_and(|line| {
            line.text.starts_with(|c: char| {
                c.is_lowercase() || c.is_ascii_digit() || matches!(c, '(' | '“' | '"')
            }) && !begins_item(&line.text)
        });
    }
    paragraphs
}

/// Whether dots lead over to a figure, as in a list of prices or of contents.
fn has_leader(text: &str) -> bool {
    ["....", ". . . .", "……", "····"]
        .iter()
        .any(|leader| text.contains(leader))
}

fn follows(
    before: &Line,
    line: &Line,
    after: Option<f32>,
    area: Area,
    is_wrapped: bool,
) -> Follows {
    let size = line.size.max(1.0);
    if begins_item(&line.text) || has_leader(&before.text) {
        return Follows::Below;
    }
    let is_other = before.is_bold != line.is_bold || before.has_gap || line.has_gap;
    if is_other && !line.starts_small() {
        return Follows::Below;
    }
    if before.text.ends_with('\u{2010}') {
        return Follows::Joined;
    }
    let indent = line.area.left - before.area.left;
    let returns = after.is_none_or(|after| line.area.left - after > 0.6 * size);
    let is_indented = indent > 0.6 * size && indent < 8.0 * size && returns;
    let was_full =
        is_wrapped && before.area.right + 0.25 * size + line.first_word > area.right + 0.05 * size;
    if was_full {
        if is_indented && !before.is_open() {
            return Follows::Apart;
        }
        return Follows::Joined;
    }
    let is_long = before.area.width() * 2.0 > area.width();
    if before.is_open() && line.starts_small() && is_long {
        return Follows::Joined;
    }
    if is_indented && is_wrapped {
        Follows::Apart
    } else {
        Follows::Below
    }
}
