//! Text that a line was drawn through: its author took it back.

use super::drawn::{Drawn, Glyph};
use super::geometry::{Area, Direction};
use crate::attachments::inline::Struck;

/// Comparing each line with each letter has to stay within this many steps a page.
const MAX_COMPARISONS: usize = 20_000_000;
/// The thickest line through a letter, in parts of its size.
const THICKEST: f32 = 0.16;
/// How high above the baseline such a line runs, in parts of the size.
const HEIGHTS: std::ops::RangeInclusive<f32> = 0.14..=0.45;

/// Takes the struck-out letters out.
pub fn take_struck(drawn: &mut Drawn) -> Struck {
    let mut struck = Struck::default();
    let lines: Vec<Area> = drawn
        .rules
        .iter()
        .map(|rule| rule.area)
        .filter(|area| area.width() > area.height())
        .collect();
    if lines.len().saturating_mul(drawn.glyphs.len()) > MAX_COMPARISONS {
        return struck;
    }
    let mut is_out = vec![false; drawn.glyphs.len()];
    for line in lines {
        let through: Vec<usize> = (0..drawn.glyphs.len())
            .filter(|index| goes_through(&line, &drawn.glyphs[*index]))
            .collect();
        if fits(&line, through.iter().map(|index| &drawn.glyphs[*index])) {
            for index in through {
                is_out[index] = true;
            }
        }
    }
    let mut piece = String::new();
    for (glyph, is_out) in drawn.glyphs.iter().zip(&is_out) {
        if *is_out {
            piece.push(glyph.character);
        } else if !piece.is_empty() {
            struck.add(&std::mem::take(&mut piece));
        }
    }
    struck.add(&piece);
    let mut at = 0;
    drawn.glyphs.retain(|_| {
        at += 1;
        !is_out[at - 1]
    });
    struck
}

fn goes_through(line: &Area, glyph: &Glyph) -> bool {
    let height = (glyph.y - f32::midpoint(line.top, line.bottom)) / glyph.size;
    let middle = glyph.x + glyph.width / 2.0;
    glyph.hidden.is_none()
        && glyph.direction == Direction::Right
        && HEIGHTS.contains(&height)
        && line.height() <= THICKEST * glyph.size
        && (line.left..=line.right).contains(&middle)
}

/// Whether a line is as long as the words that it goes through, and no ruling line that happens to cross some.
fn fits<'a>(line: &Area, glyphs: impl Iterator<Item = &'a Glyph>) -> bool {
    let seen = glyphs.filter(|glyph| !glyph.character.is_whitespace());
    let (mut words, mut size) = (Area::EMPTY, 0.0_f32);
    for glyph in seen {
        words = words.union(Area::around([
            (glyph.x, glyph.y),
            (glyph.x + glyph.width, glyph.y),
        ]));
        size = size.max(glyph.size);
    }
    size > 0.0 && line.left > words.left - 0.4 * size && line.right < words.right + 0.4 * size
}
