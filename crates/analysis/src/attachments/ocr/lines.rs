//! The lines of a picture, and how they stand to each other: whether one goes on with the one before, whether its words are cells of a
//! row, and where a word is missing. OCR passes over what it cannot make out at all; only the room that it took is left.

use super::table::{Area, Word};
use crate::language::words::words as words_of;

/// The longest cell of a row, in words.
const MAX_CELL: usize = 4;
/// So many tenths of the least distance of two lines in a block, and a line between them is missing.
const MISSING_LINE: u32 = 16;
/// So many heights of a line, where no other distance is there to compare.
const FAR_BELOW: u32 = 3;

/// A line.
#[derive(Clone, Copy)]
pub struct Line<'w> {
    pub words: &'w [Word],
    left: u32,
    right: u32,
    top: u32,
    height: u32,
    /// Whether another line begins or ends right beside it: both are one, cut in two where a word was not made out.
    pub is_torn: bool,
}

/// What a block's lines have in common.
pub struct Block {
    left: u32,
    right: u32,
    /// The least distance from one line to the next.
    pitch: Option<u32>,
}

/// How a line relates to the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// It goes on with its sentence.
    Joined,
    /// It goes on with it, and words between were not made out.
    WithGap,
    /// It is a line of its own.
    Apart,
}

impl<'w> Line<'w> {
    fn of(words: &'w [Word]) -> Self {
        let areas = || words.iter().map(|word| word.upright);
        Self {
            words,
            left: areas().map(|area| area.left).min().unwrap_or(0),
            right: areas().map(|area| area.right()).max().unwrap_or(0),
            top: areas().map(|area| area.top).min().unwrap_or(0),
            height: areas().map(|area| area.height).max().unwrap_or(0),
            is_torn: false,
        }
    }

    /// Whether there is room between two of its words for another: between words of running text there is less than the line is
    /// high.
    pub fn is_gap(&self, before: &Word, after: &Word) -> bool {
        let room = after.upright.left.saturating_sub(before.upright.right());
        room > self.height
    }

    /// Whether its words are cells with gaps between them, and no sentence of which a word is missing.
    pub fn is_row(&self) -> bool {
        let mut cells = self.words.chunk_by(|one, other| !self.is_gap(one, other));
        let Some(mut before) = cells.next() else {
            return false;
        };
        let mut is_row = false;
        for cell in cells {
            is_row = true;
            let goes_on = cell
                .first()
                .is_none_or(|word| word.text.starts_with(char::is_lowercase));
            if goes_on || cell.len() > MAX_CELL || before.len() > MAX_CELL || leads_on(before) {
                return false;
            }
            before = cell;
        }
        is_row && !ends_sentence(before)
    }

    /// How it relates to the previous line of its block.
    pub fn follows(&self, before: &Line<'_>, block: &Block, is_open: bool) -> Follows {
        let (Some(first), Some(last)) = (self.words.first(), before.words.last()) else {
            return Follows::Apart;
        };
        let has_room = before.has_room_for(first, block.right);
        let goes_on =
            is_open && (first.text.starts_with(char::is_lowercase) || leads_on(before.words));
        if !goes_on && (has_room || last.paragraph != first.paragraph) {
            return Follows::Apart;
        }
        let is_pushed_in = self.left > block.left.saturating_add(self.height);
        let distance = self.top.saturating_sub(before.top);
        let is_far = match block.pitch {
            Some(pitch) => distance.saturating_mul(10) > pitch.saturating_mul(MISSING_LINE),
            None => false,
        };
        let is_far = is_far || distance > self.height.saturating_mul(FAR_BELOW);
        if has_room || is_pushed_in || is_far {
            Follows::WithGap
        } else {
            Follows::Joined
        }
    }

    /// Whether a word would still have fitted behind it within the block.
    fn has_room_for(&self, word: &Word, edge: u32) -> bool {
        let space = self.height / 3;
        let end = u64::from(self.right) + u64::from(space) + u64::from(word.upright.width);
        end < u64::from(edge)
    }
}

impl Block {
    /// The block of these lines, in their order.
    pub fn of(lines: &[Line<'_>]) -> Self {
        let distances = lines
            .windows(2)
            .map(|pair| pair[1].top.saturating_sub(pair[0].top));
        Self {
            left: lines.iter().map(|line| line.left).min().unwrap_or(0),
            right: lines.iter().map(|line| line.right).max().unwrap_or(0),
            pitch: distances.filter(|distance| *distance > 0).min(),
        }
    }
}

/// The lines of each block, in the order of reading.
pub fn blocks(words: &[Word]) -> Vec<Vec<Line<'_>>> {
    let of_block = |word: &Word| (word.page, word.block);
    let of_line = |word: &Word| (word.paragraph, word.line);
    let blocks = words.chunk_by(|one, other| of_block(one) == of_block(other));
    let lines = |words| {
        let lines = <[Word]>::chunk_by(words, |one, other| of_line(one) == of_line(other));
        lines.map(Line::of).collect()
    };
    let mut blocks: Vec<Vec<Line<'_>>> = blocks.map(lines).collect();
    let mut all: Vec<&mut Line<'_>> = blocks.iter_mut().flatten().collect();
    mark_torn(&mut all);
    blocks
}

/// Marks lines that stand so near side by side that they are one: columns have more room between them.
fn mark_torn(lines: &mut [&mut Line<'_>]) {
    let page = |line: &Line<'_>| line.words.first().map(|word| word.page);
    lines.sort_by_key(|line| (page(line), line.top));
    for at in 0..lines.len() {
        for next in at + 1..lines.len() {
            let (one, other) = (&*lines[at], &*lines[next]);
            let height = one.height.min(other.height);
            let is_beside = other.top.saturating_sub(one.top) <= height / 2;
            if !is_beside || page(one) != page(other) {
                break;
            }
            let (first, second) = if one.left <= other.left {
                (one, other)
            } else {
                (other, one)
            };
            if second.left.saturating_sub(first.right) <= one.height.max(other.height) {
                lines[at].is_torn = true;
                lines[next].is_torn = true;
            }
        }
    }
}

/// Turns words so that their lines read to the right, as a person would turn the picture. Programs give their places in the picture as
/// it lies.
pub fn turn_upright(words: &mut [Word]) {
    let mut across = 0_i64;
    let mut down = 0_i64;
    for pair in words.windows(2) {
        let is_same = |one: &Word, other: &Word| {
            (one.page, one.block, one.paragraph, one.line)
                == (other.page, other.block, other.paragraph, other.line)
        };
        if is_same(&pair[0], &pair[1]) {
            across += i64::from(pair[1].area.left) - i64::from(pair[0].area.left);
            down += i64::from(pair[1].area.top) - i64::from(pair[0].area.top);
        }
    }
    let right = words.iter().map(|word| word.area.right()).max();
    let bottom = words.iter().map(|word| word.area.bottom()).max();
    let (right, bottom) = (right.unwrap_or(0), bottom.unwrap_or(0));
    for word in words {
        let area = word.area;
        let (from_right, from_bottom) = (right - area.right(), bottom - area.bottom());
        let lying = |left, top| Area {
            left,
            top,
            width: area.height,
            height: area.width,
        };
        word.upright = if across.abs() >= down.abs() {
            if across >= 0 {
                area
            } else {
                Area {
                    left: from_right,
                    top: from_bottom,
                    ..area
                }
            }
        } else if down > 0 {
            lying(area.top, from_right)
        } else {
            lying(from_bottom, area.left)
        };
    }
}

/// Whether words end as only the middle of a sentence does: `The total is`.
pub fn leads_on(cell: &[Word]) -> bool {
    cell.last().is_none_or(|word| {
        let own = words_of(&word.text);
        own.last().is_some_and(|word| word.stop) || word.text.ends_with([',', ';', '-'])
    })
}

fn ends_sentence(cell: &[Word]) -> bool {
    cell.last()
        .is_some_and(|word| word.text.ends_with(['.', '!', '?']))
}
