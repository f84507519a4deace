//! Columns of text set so close that the white between them is hardly wider than a space. Such a gutter is at the same
//! place in line after line, which spaces between words do not.

use super::geometry::{Area, number};
use super::narrow::{cut, gaps};
use super::rows::{Row, Segment};

/// The narrowest gutter, in parts of the font's size.
const NARROWEST: f32 = 0.6;
/// Spaces of fewer lines may stand one below the other by chance.
const MIN_ROWS: usize = 4;
/// The most gutters that are followed at a time.
const MAX_OPEN: usize = 80;

/// The rows with their segments cut where columns of text stand side by side. `rules` are the level ruling lines.
pub fn cut_at_gutters(mut rows: Vec<Row>, rules: &[Area]) -> Vec<Row> {
    let found: Vec<Gutter> = gutters(&rows)
        .into_iter()
        .filter(|gutter| gutter.both >= MIN_ROWS)
        .collect();
    if found.is_empty() {
        return rows;
    }
    // Of three columns, the middle one is between two gutters.
    let places: Vec<Vec<(f32, f32)>> = (0..rows.len())
        .map(|row| {
            let mut places: Vec<(f32, f32)> = found
                .iter()
                .filter(|gutter| (gutter.first..gutter.end).contains(&row))
                .map(|gutter| (gutter.left, gutter.right))
                .collect();
            places.sort_by(|one, other| one.0.total_cmp(&other.0));
            places
        })
        .collect();
    let pieces: Vec<Row> = rows
        .iter()
        .zip(&places)
        .map(|(row, places)| cut(row, places))
        .collect();
    let parting: Vec<&Gutter> = found
        .iter()
        .filter(|gutter| {
            parts_text(&pieces[gutter.first..gutter.end], gutter)
                && !is_crossed(gutter, &rows, rules)
        })
        .collect();
    for gutter in parting {
        for row in &mut rows[gutter.first..gutter.end] {
            *row = cut(row, &[(gutter.left, gutter.right)]);
        }
    }
    rows
}

/// A white place that goes down through several rows.
#[derive(Debug, Clone, Copy)]
pub struct Gutter {
    pub left: f32,
    pub right: f32,
    /// Rows from `first` up to, not including, `end`.
    pub first: usize,
    pub end: usize,
    /// How many of them stand on both of its sides.
    pub both: usize,
}

/// The white places that go down through these rows.
pub fn gutters(rows: &[Row]) -> Vec<Gutter> {
    let mut open: Vec<Gutter> = Vec::new();
    let mut closed: Vec<Gutter> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let inner = gaps(row, NARROWEST);
        let area = row.area();
        let mut still_open: Vec<Gutter> = Vec::new();
        for gutter in open {
            let outer = [(f32::NEG_INFINITY, area.left), (area.right, f32::INFINITY)];
            let widest = outer
                .iter()
                .map(|gap| (gap, 0))
                .chain(inner.iter().map(|gap| (gap, 1)))
                .map(|(gap, both)| (gutter.left.max(gap.0), gutter.right.min(gap.1), both))
                .max_by(|one, other| (one.1 - one.0).total_cmp(&(other.1 - other.0)));
            match widest {
                Some((left, right, both)) if right - left >= NARROWEST * row.size => {
                    still_open.push(Gutter {
                        left,
                        right,
                        end: if both > 0 { index + 1 } else { gutter.end },
                        both: gutter.both + both,
                        ..gutter
                    });
                }
                _ => closed.push(gutter),
            }
        }
        for (left, right) in inner {
            let is_known = still_open
                .iter()
                .any(|gutter| gutter.left < right && gutter.right > left);
            if !is_known && still_open.len() < MAX_OPEN {
                still_open.push(Gutter {
                    left,
                    right,
                    first: index,
                    end: index + 1,
                    both: 1,
                });
            }
        }
        open = still_open;
    }
    closed.extend(open);
    closed
}

/// Whether the text on either side of a gutter goes on from line to line.
fn parts_text(rows: &[Row], gutter: &Gutter) -> bool {
    let middle = f32::midpoint(gutter.left, gutter.right);
    let beside = |row: &Row| -> (Option<Segment>, Option<Segment>) {
        let is_left = |segment: &&Segment| segment.area.left < middle;
        let left = row.segments.iter().rev().find(is_left).cloned();
        let right = row
            .segments
            .iter()
            .find(|segment| !is_left(segment))
            .cloned();
        (left, right)
    };
    let (left, right): (Vec<_>, Vec<_>) = rows.iter().map(beside).unzip();
    [left, right].into_iter().all(|side| {
        let side: Vec<Segment> = side.into_iter().flatten().collect();
        let words: usize = side.iter().map(Segment::word_count).sum();
        let on = side.windows(2).filter(|pair| goes_on(&pair[0], &pair[1]));
        number(words) >= 2.5 * number(side.len()) && number(on.count()) >= 0.25 * number(side.len())
    })
}

/// Whether a line goes on with the sentence of the one before it.
pub fn goes_on(before: &Segment, line: &Segment) -> bool {
    let is_open = before
        .letters
        .last()
        .is_some_and(|letter| !matches!(letter.character, '.' | ':' | ';' | '!' | '?'));
    let starts_small = line
        .letters
        .first()
        .is_some_and(|letter| letter.character.is_lowercase());
    is_open && starts_small
}

/// Whether ruling lines lead over from one side to the other, as those of a table do.
fn is_crossed(gutter: &Gutter, rows: &[Row], rules: &[Area]) -> bool {
    let (first, last) = (&rows[gutter.first], &rows[gutter.end - 1]);
    let crossing = rules.iter().filter(|rule| {
        rule.top > first.baseline - first.size
            && rule.bottom < last.baseline + last.size
            && rule.left < gutter.left
            && rule.right > gutter.right
    });
    crossing.take(2).count() >= 2
}
