//! Where columns begin and end: rows above and below them that stand on one side alone may be no part of them.

use super::columns::Corridor;
use super::geometry::{Area, median};
use super::gutters::goes_on;
use super::rows::{Row, Segment};

/// Rows at the ends that stand on one side only and apart from the others are no part of the columns.
pub fn trimmed(corridor: Corridor, rows: &[Row]) -> Corridor {
    let inside = &rows[corridor.first..corridor.end];
    let steps: Vec<f32> = inside
        .windows(2)
        .map(|pair| pair[1].baseline - pair[0].baseline)
        .collect();
    let leading = median(steps).max(1.0);
    let sides = |row: &Row| {
        let left = row.segments.iter().any(|segment| corridor.is_left(segment));
        let right = row
            .segments
            .iter()
            .any(|segment| !corridor.is_left(segment));
        (left, right)
    };
    let is_step = |one: usize, other: usize, share: f32| {
        rows[other].baseline - rows[one].baseline
            > share * leading.max(rows[one].size.min(rows[other].size) * 1.1)
    };
    let is_apart = |one, other| is_step(one, other, 1.7);
    let (first_left, last_left) = extent(inside, |row| sides(row).0);
    let (first_right, last_right) = extent(inside, |row| sides(row).1);
    // Rows above the beginning of one side, and below its end, stand on the other side alone.
    let (mut first, mut end) = (corridor.first, corridor.end);
    for index in corridor.first..corridor.first + first_left.max(first_right) {
        if is_apart(index, index + 1) {
            first = index + 1;
        }
    }
    for index in (corridor.first + last_left.min(last_right) + 1..corridor.end).rev() {
        let is_end = || is_sentence_end(&corridor, rows, first, index);
        if is_apart(index - 1, index) && !is_filled(&corridor, rows, first, index)
            || is_step(index - 1, index, 1.2) && is_end()
        {
            end = index;
        }
    }
    // What is no part of the columns does not narrow the corridor between them.
    within(corridor, rows, first, end)
}

/// The corridor between some of its rows.
fn within(mut corridor: Corridor, rows: &[Row], first: usize, end: usize) -> Corridor {
    let inside = rows[first..end].iter().flat_map(|row| &row.segments);
    let (mut left, mut right) = (f32::NEG_INFINITY, f32::INFINITY);
    for segment in inside {
        if corridor.is_left(segment) {
            left = left.max(segment.area.right);
        } else {
            right = right.min(segment.area.left);
        }
    }
    if left.is_finite() && right.is_finite() {
        (corridor.left, corridor.right) = (left, right);
    }
    (corridor.first, corridor.end) = (first, end);
    corridor
}

/// The blocks of rows that the corridor goes through, where there is more than one.
pub fn blocks(corridor: &Corridor, rows: &[Row]) -> Vec<Corridor> {
    let is_gap = |index: &usize| {
        let (before, row) = (&rows[index - 1], &rows[*index]);
        row.baseline - before.baseline > 2.0 * before.size.max(row.size)
    };
    let ends: Vec<usize> = (corridor.first + 1..corridor.end).filter(is_gap).collect();
    let starts = std::iter::once(corridor.first).chain(ends.iter().copied());
    let ends = ends.iter().copied().chain([corridor.end]);
    starts
        .zip(ends)
        .filter(|(first, end)| end - first >= 2 && end - first < corridor.end - corridor.first)
        .map(|(first, end)| within(*corridor, rows, first, end))
        .collect()
}

/// The first and the last of the rows of which something holds.
fn extent(rows: &[Row], holds: impl Fn(&Row) -> bool) -> (usize, usize) {
    let first = rows.iter().position(&holds).unwrap_or(0);
    (first, rows.iter().rposition(holds).unwrap_or(0))
}

/// Whether the rows from `index` on go on with the left column: they fill its width.
fn is_filled(corridor: &Corridor, rows: &[Row], first: usize, index: usize) -> bool {
    let on_left = |rows: &[Row]| {
        rows.iter()
            .flat_map(|row| &row.segments)
            .filter(|segment| corridor.is_left(segment))
            .fold(Area::EMPTY, |area, segment| area.union(segment.area))
    };
    let tail = &rows[index..corridor.end];
    let (column, below) = (on_left(&rows[first..index]), on_left(tail));
    let starts_alike = (column.left - below.left).abs() < 3.0 * rows[index].size;
    let is_wide = below.width() >= 0.8 * column.width() && tail.len() >= 2;
    is_wide && starts_alike
}

/// Whether the left column ends above `index`: its sentence is open there and goes on at the head of the right column.
fn is_sentence_end(corridor: &Corridor, rows: &[Row], first: usize, index: usize) -> bool {
    let columns = rows[first..index].iter().flat_map(|row| &row.segments);
    let (left, right): (Vec<&Segment>, Vec<&Segment>) =
        columns.partition(|segment| corridor.is_left(segment));
    let last = rows[..corridor.end]
        .iter()
        .rev()
        .flat_map(|row| &row.segments)
        .find(|segment| corridor.is_left(segment));
    match (left.last(), right.first(), last) {
        (Some(before), Some(head), Some(last)) => goes_on(before, head) && !goes_on(last, head),
        _ => false,
    }
}

/// Takes out single lines that stand beside a text, between the heights of two of its lines: they come before it.
pub fn without_beside(rows: Vec<Row>) -> (Vec<Row>, Vec<Row>) {
    let is_beside = |index: usize| {
        let (Some(before), Some(after)) = (
            index.checked_sub(1).and_then(|before| rows.get(before)),
            rows.get(index + 1),
        ) else {
            return false;
        };
        let ([one], [note], [next]) = (
            before.segments.as_slice(),
            rows[index].segments.as_slice(),
            after.segments.as_slice(),
        ) else {
            return false;
        };
        let is_one_text = next.baseline - one.baseline < 1.8 * one.size
            && (one.size - next.size).abs() < 0.08 * one.size
            && goes_on(one, next);
        let text = one.area.union(next.area);
        let is_apart =
            note.area.left > text.right + note.size || note.area.right < text.left - note.size;
        // A column has more lines than one.
        let is_alone = || {
            let near = rows.iter().enumerate().filter(|(other, row)| {
                *other != index && (row.baseline - rows[index].baseline).abs() < 6.0 * one.size
            });
            let mut segments = near.flat_map(|(_, row)| &row.segments);
            !segments
                .any(|other| other.area.left < note.area.right && other.area.right > note.area.left)
        };
        is_one_text && is_apart && !goes_on(one, note) && is_alone()
    };
    let out: Vec<bool> = (0..rows.len()).map(is_beside).collect();
    let (mut notes, mut kept) = (Vec::new(), Vec::new());
    for (row, is_out) in rows.into_iter().zip(out) {
        if is_out {
            notes.push(row);
        } else {
            kept.push(row);
        }
    }
    (notes, kept)
}
