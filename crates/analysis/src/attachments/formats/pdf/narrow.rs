//! Tables whose columns stand close: the gaps between their cells are hardly wider than those between words, but they
//! stand one below the other in row after row.

use super::geometry::number;
use super::gutters::gutters;
use super::rows::{Row, Segment};
use super::runs::Letter;

/// The narrowest gap between two cells, in parts of the font's size.
const NARROWEST: f32 = 0.5;
/// Fewer rows may line up by chance.
const MIN_ROWS: usize = 3;
/// The longest step between two rows of a table, in parts of the font's size.
const MAX_STEP: f32 = 3.2;

/// The rows with their segments cut where cells of at least three rows line up.
pub fn cut_narrow_columns(rows: Vec<Row>) -> Vec<Row> {
    let mut rows = cut_before_figures(rows);
    let gaps: Vec<Vec<(f32, f32)>> = rows.iter().map(|row| gaps(row, NARROWEST)).collect();
    let mut start = 0;
    while start < rows.len() {
        let (length, corridors) = aligned(&rows[start..], &gaps[start..]);
        let found = &mut rows[start..start + length];
        if length >= MIN_ROWS && has_figures(found, &corridors) {
            for row in found {
                *row = cut(row, &corridors);
            }
            start += length;
        } else {
            // The last row may begin another table.
            start += length.saturating_sub(1).max(1);
        }
    }
    rows
}

/// The white places within a row that are at least this share of the font's size wide.
pub fn gaps(row: &Row, narrowest: f32) -> Vec<(f32, f32)> {
    let mut gaps = Vec::new();
    let mut right: Option<f32> = None;
    for letter in row.segments.iter().flat_map(|segment| &segment.letters) {
        if let Some(right) = right
            && letter.x - right >= narrowest * row.size
        {
            gaps.push((right, letter.x));
        }
        right = Some(right.map_or(letter.right(), |right| right.max(letter.right())));
    }
    gaps
}

/// How many of the first rows have gaps in common, and where.
fn aligned(rows: &[Row], gaps: &[Vec<(f32, f32)>]) -> (usize, Vec<(f32, f32)>) {
    let Some(first) = rows.first() else {
        return (0, Vec::new());
    };
    let mut corridors = gaps[0].clone();
    let mut end = 1;
    if corridors.is_empty() || corridors.len() > 60 {
        return (end, corridors);
    }
    while let Some(row) = rows.get(end) {
        let step = row.baseline - rows[end - 1].baseline;
        if step > MAX_STEP * row.size || (row.size - first.size).abs() > 0.1 * first.size {
            break;
        }
        let gaps = &gaps[end];
        let common: Vec<(f32, f32)> = corridors
            .iter()
            .filter_map(|corridor| {
                gaps.iter()
                    .map(|gap| (corridor.0.max(gap.0), corridor.1.min(gap.1)))
                    .find(|shared| shared.1 - shared.0 >= 0.3 * row.size)
            })
            .collect();
        // A row that has not all of the gaps is another table's, or a heading.
        if common.len() < corridors.len() {
            break;
        }
        corridors = common;
        end += 1;
    }
    (end, corridors)
}

/// The rows cut where figures stand in a column of their own beside words, which may go on in rows without a figure.
fn cut_before_figures(mut rows: Vec<Row>) -> Vec<Row> {
    let is_step = |pair: &[Row]| pair[1].baseline - pair[0].baseline > MAX_STEP * pair[1].size;
    let mut start = 0;
    while start < rows.len() {
        let steps = rows[start..].windows(2).position(is_step);
        let end = steps.map_or(rows.len(), |step| start + step + 1);
        let block = &mut rows[start..end];
        let found = gutters(block);
        let found = found.iter().filter(|gutter| gutter.both >= MIN_ROWS);
        for gutter in found.copied().collect::<Vec<_>>() {
            let place = [(gutter.left, gutter.right)];
            let within = &mut block[gutter.first..gutter.end];
            if stand_before_figures(within, place[0]) {
                for row in within.iter_mut() {
                    *row = cut(row, &place);
                }
            }
        }
        start = end;
    }
    rows
}

/// Whether what stands right of a white place is figures in nearly every row.
fn stand_before_figures(rows: &[Row], place: (f32, f32)) -> bool {
    let (mut figures, mut cells) = (0, 0);
    for row in rows {
        let gaps = gaps(row, NARROWEST);
        let pieces = cut(row, &gaps).segments;
        let middle = f32::midpoint(place.0, place.1);
        if let Some(cell) = pieces.iter().find(|piece| piece.area.left >= middle) {
            cells += 1;
            figures += usize::from(cell.is_figure());
        }
    }
    cells >= MIN_ROWS && number(figures) >= 0.7 * number(cells)
}

/// Whether most of what stands behind the first corridor is figures.
fn has_figures(rows: &[Row], corridors: &[(f32, f32)]) -> bool {
    let (mut figures, mut cells) = (0, 0);
    for row in rows.iter().skip(1) {
        for segment in cut(row, corridors).segments.iter().skip(1) {
            cells += 1;
            figures += usize::from(segment.is_figure());
        }
    }
    cells > 0 && number(figures) >= 0.6 * number(cells)
}

/// A piece that reaches over several columns, cut where one of its gaps between words stands between two of them.
pub fn cut_between(row: &Row, columns: &[(f32, f32)]) -> Row {
    // A single piece is a heading of the rows below it.
    if row.segments.len() < 2 {
        return row.clone();
    }
    let is_gap =
        |pair: &&[Letter]| pair[1].has_space_before || pair[1].x - pair[0].right() > 0.2 * row.size;
    let corridors: Vec<(f32, f32)> = columns
        .windows(2)
        .filter_map(|pair| {
            let (left, right) = (pair[0].1, pair[1].0);
            let shared = |gap: &(f32, f32)| gap.1.min(right) - gap.0.max(left);
            row.segments
                .iter()
                .filter(|segment| segment.area.left < left && segment.area.right > right)
                .flat_map(|segment| segment.letters.windows(2))
                .filter(is_gap)
                .map(|pair| (pair[0].right(), pair[1].x))
                .filter(|gap| shared(gap) > 0.0)
                .max_by(|one, other| shared(one).total_cmp(&shared(other)))
        })
        .collect();
    cut(row, &corridors)
}

/// The row with its segments cut at these places.
pub fn cut(row: &Row, corridors: &[(f32, f32)]) -> Row {
    let mut segments: Vec<Segment> = Vec::new();
    for segment in &row.segments {
        let mut rest = segment.clone();
        for (left, right) in corridors {
            let middle = f32::midpoint(*left, *right);
            let at = rest.letters.iter().position(|letter| letter.x >= middle);
            if let Some(at) = at.filter(|at| *at > 0) {
                let after = rest.letters.split_off(at);
                let mut before = rest.clone();
                before.area.right = before
                    .letters
                    .iter()
                    .map(Letter::right)
                    .fold(f32::NEG_INFINITY, f32::max);
                segments.push(before);
                rest.area.left = after.first().map_or(rest.area.left, |letter| letter.x);
                rest.letters = after;
            }
        }
        segments.push(rest);
    }
    Row {
        segments,
        ..row.clone()
    }
}
