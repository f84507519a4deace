//! Reading order: a page is cut along the white corridors between its columns, and each part is read for itself. What
//! stands in the same row on both sides of a corridor that is no gutter, as in a table, is left together.

use super::geometry::{Area, median, number};
use super::gutters::{cut_at_gutters, goes_on};
use super::rows::{Row, Segment};
use super::trimming::{blocks, trimmed, without_beside};

/// A part of a page that is read from top to bottom.
#[derive(Debug, Default)]
pub struct Zone {
    pub rows: Vec<Row>,
}

/// A corridor is at least this many times the font's size wide.
const NARROWEST: f32 = 0.9;
/// Where pieces were cut at a gutter between columns, it may be as narrow as this.
const NARROWEST_GUTTER: f32 = 0.35;
/// Blocks this many times the font's size apart have nothing to do with each other.
const FAR_APART: f32 = 10.0;
/// The most comparisons of gaps with rows.
const MAX_COMPARISONS: usize = 3_000_000;
const MAX_DEPTH: usize = 24;
/// The most blocks of rows that are looked at for themselves.
const MAX_BLOCKS: usize = 200;
/// A page with more pieces is no text that somebody set in columns.
const MAX_PIECES: usize = 10_000;

/// The zones of a page in reading order. `rules` are its level ruling lines.
pub fn zones(rows: Vec<Row>, rules: &[Area]) -> Vec<Zone> {
    let rows = cut_at_gutters(rows, rules);
    let (notes, rows) = without_beside(rows);
    let mut zones: Vec<Zone> = notes
        .into_iter()
        .map(|note| Zone { rows: vec![note] })
        .collect();
    split(rows, rules, MAX_DEPTH, &mut zones);
    zones
}

/// A white corridor between two columns.
#[derive(Debug, Clone, Copy)]
pub struct Corridor {
    pub left: f32,
    pub right: f32,
    /// Rows from `first` up to, not including, `end`.
    pub first: usize,
    pub end: usize,
}

impl Corridor {
    fn width(&self) -> f32 {
        self.right - self.left
    }

    /// Whether a piece is left of the corridor.
    pub fn is_left(&self, segment: &Segment) -> bool {
        segment.area.left + segment.area.right < self.left + self.right
    }
}

fn split(rows: Vec<Row>, rules: &[Area], depth: usize, zones: &mut Vec<Zone>) {
    if rows.is_empty() {
        return;
    }
    let pieces: usize = rows.iter().map(|row| row.segments.len()).sum();
    let found = if depth == 0 || pieces > MAX_PIECES {
        None
    } else {
        best(&rows, rules)
    };
    let Some(corridor) = found else {
        zones.push(Zone { rows });
        return;
    };
    let mut rows = rows;
    let below = rows.split_off(corridor.end);
    let beside = rows.split_off(corridor.first);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for row in beside {
        let (to_left, to_right) = row
            .segments
            .into_iter()
            .partition(|segment| corridor.is_left(segment));
        left.extend(Row::new(to_left));
        right.extend(Row::new(to_right));
    }
    split(rows, rules, depth - 1, zones);
    // Text that flows around a note goes on below it: the note comes before it, not in the middle of its sentence.
    let (first, second) = if flows_around(&left, &right, &below) {
        (right, left)
    } else {
        (left, right)
    };
    split(first, rules, depth - 1, zones);
    split(second, rules, depth - 1, zones);
    split(below, rules, depth - 1, zones);
}

/// Whether the sentence on the left goes on below, and that on the right does not.
fn flows_around(left: &[Row], right: &[Row], below: &[Row]) -> bool {
    let last = |rows: &[Row]| rows.last()?.segments.last().cloned();
    let next = below.first().and_then(|row| row.segments.first());
    let (Some(one), Some(other), Some(next)) = (last(left), last(right), next) else {
        return false;
    };
    let is_alike = (one.size - next.size).abs() < 0.08 * next.size;
    let begins = right.first().and_then(|row| row.segments.first());
    is_alike
        && goes_on(&one, next)
        && !goes_on(&other, next)
        && begins.is_some_and(|begins| !goes_on(&one, begins))
}

/// The corridor that parts most rows, of those that part columns.
fn best(rows: &[Row], rules: &[Area]) -> Option<Corridor> {
    let gaps: usize = rows.iter().map(|row| row.segments.len() - 1).sum();
    // Where columns have baselines of their own, no row has segments of both.
    let mut tried: Vec<Corridor> = Vec::new();
    let mut found: Vec<Corridor> = Vec::new();
    if gaps.saturating_mul(rows.len()) <= MAX_COMPARISONS {
        for (index, row) in rows.iter().enumerate() {
            for pair in row.segments.windows(2) {
                let start = Corridor {
                    left: pair[0].area.right,
                    right: pair[1].area.left,
                    first: index,
                    end: index + 1,
                };
                consider(start, rows, &mut tried, &mut found);
            }
        }
    }
    for pair in rows
        .windows(2)
        .enumerate()
        .take(MAX_COMPARISONS / rows.len().max(1))
    {
        let (index, pair) = pair;
        for (one, other) in [(&pair[0], &pair[1]), (&pair[1], &pair[0])] {
            let (Some(left), Some(right)) = (one.segments.last(), other.segments.first()) else {
                continue;
            };
            if right.area.left - left.area.right > NARROWEST * one.size.max(other.size) {
                let start = Corridor {
                    left: left.area.right,
                    right: right.area.left,
                    first: index,
                    end: index + 2,
                };
                consider(start, rows, &mut tried, &mut found);
            }
        }
    }
    found.sort_by(|one, other| {
        (other.end - other.first)
            .cmp(&(one.end - one.first))
            .then(other.width().total_cmp(&one.width()))
    });
    let whole = found
        .iter()
        .find(|corridor| parts_columns(corridor, rows, rules));
    // Below two blocks that stand side by side, a table may have a gap at the same place.
    let block = || {
        let blocks = found.iter().flat_map(|corridor| blocks(corridor, rows));
        blocks
            .take(MAX_BLOCKS)
            .find(|block| stands_far_apart(block, rows))
    };
    whole.copied().or_else(block)
}

fn consider(start: Corridor, rows: &[Row], tried: &mut Vec<Corridor>, found: &mut Vec<Corridor>) {
    let middle = f32::midpoint(start.left, start.right);
    let is_known = tried.iter().any(|known| {
        known.first <= start.first
            && known.end >= start.end
            && middle > known.left
            && middle < known.right
    });
    if is_known || tried.len() > 400 {
        return;
    }
    let corridor = extended(start, rows);
    tried.push(corridor);
    found.push(corridor);
}

/// The corridor as far up and down as nothing crosses it.
fn extended(start: Corridor, rows: &[Row]) -> Corridor {
    let mut corridor = start;
    while corridor.first > 0 {
        let Some(narrowed) = passed(&corridor, &rows[corridor.first - 1]) else {
            break;
        };
        (corridor.left, corridor.right) = narrowed;
        corridor.first -= 1;
    }
    while corridor.end < rows.len() {
        let Some(narrowed) = passed(&corridor, &rows[corridor.end]) else {
            break;
        };
        (corridor.left, corridor.right) = narrowed;
        corridor.end += 1;
    }
    trimmed(corridor, rows)
}

/// What is left of the corridor beside this row.
fn passed(corridor: &Corridor, row: &Row) -> Option<(f32, f32)> {
    let (mut left, mut right) = (corridor.left, corridor.right);
    for segment in &row.segments {
        if segment.area.right <= left || segment.area.left >= right {
            continue;
        }
        if corridor.is_left(segment) {
            left = left.max(segment.area.right);
        } else {
            right = right.min(segment.area.left);
        }
    }
    (right - left >= NARROWEST_GUTTER * row.size).then_some((left, right))
}

/// How many pieces of the side with fewer of them have one of the other side beside them. Headings in the margin stand above
/// what they are about, between its parts.
fn stands_beside(left: &Side<'_>, right: &Side<'_>) -> usize {
    let (fewer, more) = if left.segments.len() < right.segments.len() {
        (left, right)
    } else {
        (right, left)
    };
    let is_beside = |segment: &&&Segment| {
        let near = |other: &&Segment| {
            (other.baseline - segment.baseline).abs() <= 0.85 * segment.size.max(other.size)
        };
        more.segments.iter().any(near)
    };
    fewer.segments.iter().filter(is_beside).count()
}

/// What stands on one side of a corridor.
struct Side<'a> {
    segments: Vec<&'a Segment>,
    rows: usize,
}

impl Side<'_> {
    fn words(&self) -> f32 {
        let words: usize = self
            .segments
            .iter()
            .map(|segment| segment.word_count())
            .sum();
        number(words) / number(self.rows.max(1))
    }

    fn figures(&self) -> f32 {
        let figures = self
            .segments
            .iter()
            .filter(|segment| segment.is_figure())
            .count();
        number(figures) / number(self.segments.len().max(1))
    }

    fn size(&self) -> f32 {
        median(self.segments.iter().map(|segment| segment.size).collect())
    }

    fn width(&self) -> f32 {
        let areas = self.segments.iter().map(|segment| segment.area);
        areas.fold(Area::EMPTY, Area::union).width()
    }

    /// How many of its pieces name what stands beside them.
    fn labels(&self) -> usize {
        let ends = |segment: &&&Segment| {
            segment
                .letters
                .last()
                .is_some_and(|letter| letter.character == ':')
        };
        self.segments.iter().filter(ends).count()
    }

    /// How many of its lines go on with the one before, as lines of a sentence do.
    fn goes_on(&self) -> usize {
        let pairs = self.segments.windows(2);
        pairs.filter(|pair| goes_on(pair[0], pair[1])).count()
    }
}

/// Whether blocks stand so far apart that no line leads from one to the other.
fn stands_far_apart(corridor: &Corridor, rows: &[Row]) -> bool {
    let (left, right, _) = sides(corridor, rows);
    left.rows.min(right.rows) >= 2
        && left.figures().max(right.figures()) <= 0.5
        && left.labels() * 2 < left.segments.len()
        && is_far(corridor, &left, &right)
}

fn is_far(corridor: &Corridor, left: &Side<'_>, right: &Side<'_>) -> bool {
    let widest = left.width().max(right.width());
    corridor.width() >= FAR_APART * left.size().max(right.size()) && corridor.width() >= widest
}

/// The pieces on either side of a corridor, and how many rows have both.
fn sides<'a>(corridor: &Corridor, rows: &'a [Row]) -> (Side<'a>, Side<'a>, usize) {
    let inside = &rows[corridor.first..corridor.end];
    let mut left = Side {
        segments: Vec::new(),
        rows: 0,
    };
    let mut right = Side {
        segments: Vec::new(),
        rows: 0,
    };
    let mut common = 0;
    for row in inside {
        let (before, after) = (left.segments.len(), right.segments.len());
        for segment in &row.segments {
            if corridor.is_left(segment) {
                left.segments.push(segment);
            } else {
                right.segments.push(segment);
            }
        }
        let (on_left, on_right) = (left.segments.len() > before, right.segments.len() > after);
        left.rows += usize::from(on_left);
        right.rows += usize::from(on_right);
        common += usize::from(on_left && on_right);
    }
    (left, right, common)
}

/// Whether each side is read by itself, and not row by row.
fn parts_columns(corridor: &Corridor, rows: &[Row], rules: &[Area]) -> bool {
    let inside = &rows[corridor.first..corridor.end];
    let (left, right, common) = sides(corridor, rows);
    let fewer = left.rows.min(right.rows);
    if fewer < 2 || left.figures() > 0.5 || right.figures() > 0.5 {
        return false;
    }
    let top = inside.first().map_or(0.0, |row| row.baseline - row.size);
    let bottom = inside.last().map_or(0.0, |row| row.baseline + row.size);
    let crossing = rules
        .iter()
        .filter(|rule| {
            rule.top > top
                && rule.bottom < bottom
                && rule.left < corridor.left
                && rule.right > corridor.right
        })
        .take(3)
        .count();
    if crossing >= 2 {
        return false;
    }
    // `Date: 3 May` is one line, however far apart its halves stand.
    if left.labels() * 2 >= left.segments.len() {
        return false;
    }
    if common * 2 <= fewer {
        return stands_beside(&left, &right) * 2 > fewer;
    }
    let stands = |block: &Corridor| stands_far_apart(block, rows);
    if is_far(corridor, &left, &right) && blocks(corridor, rows).iter().all(stands) {
        return true;
    }
    let sizes = (left.size(), right.size());
    if (sizes.0 - sizes.1).abs() > 0.08 * sizes.0.max(sizes.1) && common < fewer {
        return true;
    }
    let words = left.words().min(right.words());
    let flows = left.goes_on().min(right.goes_on()) >= 1;
    let flows_somewhere = left.goes_on() + right.goes_on() >= 1;
    words >= 3.5 && flows_somewhere || words >= 2.0 && flows
}
