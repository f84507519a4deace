//! Rows and columns of a table: where its ruling lines part them, or where its pieces stand in line.

use super::geometry::{Area, number};
use super::narrow::cut_between;
use super::rows::{Row, Segment};
use super::ruling::Ruling;
use super::text::text_of;

/// The most columns that a table has.
const MAX_COLUMNS: usize = 60;

/// A cell, which may reach over several columns.
#[derive(Debug, Clone)]
pub struct Cell {
    pub first: usize,
    pub last: usize,
    pub text: String,
    pub area: Area,
    pub size: f32,
}

impl Cell {
    pub fn covers(&self, column: usize) -> bool {
        (self.first..=self.last).contains(&column)
    }
}

/// A table by rows and columns.
#[derive(Debug)]
pub struct Grid {
    pub columns: usize,
    /// From where to where each column reaches.
    pub bounds: Vec<(f32, f32)>,
    pub rows: Vec<Vec<Cell>>,
    /// How many rows name the columns, where the lines tell.
    pub heads: Option<usize>,
    /// Lines part its columns as well as its rows.
    pub is_ruled: bool,
    pub has_bold_head: bool,
    /// Rows of dots lead the eye, as in a table of contents.
    pub has_leaders: bool,
}

/// The grid that these rows stand in, if they do.
pub fn grid(rows: &[Row], ruling: &Ruling) -> Option<Grid> {
    let area = rows
        .iter()
        .fold(Area::EMPTY, |area, row| area.union(row.area()));
    let size = rows.first()?.size;
    let levels = ruling.levels_in(Area {
        top: area.top - size,
        bottom: area.bottom + size,
        ..area
    });
    let uprights = ruling.uprights_in(area.grown(size * 1.5));
    let ruled_columns = columns_between(&uprights, rows);
    let columns = match &ruled_columns {
        Some(columns) => columns.clone(),
        None => columns_by_place(rows)?,
    };
    if columns.len() < 2 || columns.len() > MAX_COLUMNS {
        return None;
    }
    let divided: Vec<Row>;
    let rows = if ruled_columns.is_some() {
        rows
    } else {
        divided = rows.iter().map(|row| cut_between(row, &columns)).collect();
        &divided
    };
    let placed: Vec<Vec<Placed<'_>>> = rows
        .iter()
        .map(|row| place(row, &columns, ruled_columns.is_some().then_some(ruling)))
        .collect::<Option<_>>()?;
    let bands = bands(rows, &levels);
    let is_banded = is_banded(&bands);
    let head_rows = head_count(&bands, is_banded);
    let has_bold_head = has_bold_head(rows);
    let groups = if is_banded {
        bands
    } else {
        single(&placed, rows)
    };
    let has_leaders = rows.iter().flat_map(|row| &row.segments).any(is_leader);
    let rows = groups
        .iter()
        .map(|group| cells(&placed[group.0..group.1]))
        .collect();
    Some(Grid {
        columns: columns.len(),
        bounds: columns,
        rows,
        heads: head_rows,
        is_ruled: ruled_columns.is_some() && levels.len() >= 2,
        has_bold_head,
        has_leaders,
    })
}

/// The columns between upright lines; `None` where there are too few of them.
fn columns_between(uprights: &[f32], rows: &[Row]) -> Option<Vec<(f32, f32)>> {
    let area = rows
        .iter()
        .fold(Area::EMPTY, |area, row| area.union(row.area()));
    let mut edges = uprights.to_vec();
    // A table may be open at its sides.
    if edges.first().is_none_or(|first| *first > area.left + 1.0) {
        edges.insert(0, area.left - 1.0);
    }
    if edges.last().is_none_or(|last| *last < area.right - 1.0) {
        edges.push(area.right + 1.0);
    }
    if uprights.is_empty() || edges.len() < 3 {
        return None;
    }
    let columns: Vec<(f32, f32)> = edges.windows(2).map(|pair| (pair[0], pair[1])).collect();
    // Lines that stand close together are one border, and no column.
    let filled: Vec<(f32, f32)> = columns
        .into_iter()
        .filter(|(left, right)| {
            rows.iter().flat_map(|row| &row.segments).any(|segment| {
                let middle = f32::midpoint(segment.area.left, segment.area.right);
                middle > *left && middle < *right
            })
        })
        .collect();
    (filled.len() >= 2).then_some(filled)
}

/// The columns of rows of which none but the first has a cell in each: all pieces of one column overlap, and no others do.
fn columns_below_head(rows: &[Row]) -> Option<Vec<(f32, f32)>> {
    let (head, body) = rows.split_first()?;
    let count = head.segments.len();
    if count < 3 || body.iter().any(|row| row.segments.len() >= count) {
        return None;
    }
    let mut reaches: Vec<(f32, f32)> = rows
        .iter()
        .flat_map(|row| &row.segments)
        .map(|segment| (segment.area.left, segment.area.right))
        .collect();
    reaches.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut columns: Vec<(f32, f32)> = Vec::new();
    for (left, right) in reaches {
        match columns.last_mut() {
            Some(last) if left < last.1 => last.1 = last.1.max(right),
            _ => columns.push((left, right)),
        }
    }
    (columns.len() == count).then_some(columns)
}

/// The columns that the fullest rows stand in.
fn columns_by_place(rows: &[Row]) -> Option<Vec<(f32, f32)>> {
    if let Some(columns) = columns_below_head(rows) {
        return Some(columns);
    }
    let most = rows.iter().map(|row| row.segments.len()).max()?;
    // One row with a stray piece does not make a column.
    let count = (2..=most).rev().find(|count| {
        rows.iter()
            .filter(|row| row.segments.len() == *count)
            .count()
            >= 2
    })?;
    let mut columns: Vec<(f32, f32)> = vec![(f32::INFINITY, f32::NEG_INFINITY); count];
    for row in rows.iter().filter(|row| row.segments.len() == count) {
        for (column, segment) in columns.iter_mut().zip(&row.segments) {
            column.0 = column.0.min(segment.area.left);
            column.1 = column.1.max(segment.area.right);
        }
    }
    let is_apart = columns.windows(2).all(|pair| pair[0].1 < pair[1].0);
    is_apart.then_some(columns)
}

struct Placed<'a> {
    first: usize,
    last: usize,
    segment: &'a Segment,
}

/// The columns that each piece of a row stands in; `None` where one stands in none, or two share one.
fn place<'a>(
    row: &'a Row,
    columns: &[(f32, f32)],
    ruling: Option<&Ruling>,
) -> Option<Vec<Placed<'a>>> {
    let mut placed: Vec<Placed<'a>> = Vec::new();
    for segment in &row.segments {
        let area = segment.area;
        let slack = if ruling.is_some() { 1.5 } else { 0.0 };
        let touched: Vec<usize> = columns
            .iter()
            .enumerate()
            .filter(|(_, (left, right))| area.left < *right - slack && area.right > *left + slack)
            .map(|(index, _)| index)
            .collect();
        let (mut first, mut last) =
            if let (Some(first), Some(last)) = (touched.first(), touched.last()) {
                (*first, *last)
            } else if placed.is_empty() && ruling.is_none() && !segment.is_figure() {
                // An indented label, such as that of a sum.
                (0, 0)
            } else {
                let nearest = nearest(columns, f32::midpoint(area.left, area.right))?;
                (nearest, nearest)
            };
        if let Some(ruling) = ruling {
            // A cell reaches as far as no line parts it.
            let is_open = |edge: usize| {
                let at = f32::midpoint(columns[edge].1, columns[edge + 1].0);
                !ruling.has_upright(at, row.baseline - 0.3 * row.size)
            };
            while last + 1 < columns.len() && is_open(last) && is_free(row, columns[last + 1]) {
                last += 1;
            }
            while first > 0 && is_open(first - 1) && is_free(row, columns[first - 1]) {
                first -= 1;
            }
        }
        if placed.last().is_some_and(|before| before.last >= first) {
            return None;
        }
        placed.push(Placed {
            first,
            last,
            segment,
        });
    }
    Some(placed)
}

/// Whether nothing of the row stands in a column.
fn is_free(row: &Row, (left, right): (f32, f32)) -> bool {
    !row.segments
        .iter()
        .any(|segment| segment.area.left < right - 1.5 && segment.area.right > left + 1.5)
}

fn nearest(columns: &[(f32, f32)], middle: f32) -> Option<usize> {
    let distance = |column: &(f32, f32)| (column.0 - middle).max(middle - column.1).max(0.0);
    (0..columns.len())
        .min_by(|one, other| distance(&columns[*one]).total_cmp(&distance(&columns[*other])))
}

/// The rows between level lines, as ranges.
fn bands(rows: &[Row], levels: &[f32]) -> Vec<(usize, usize)> {
    let mut bands = Vec::new();
    let mut start = 0;
    for index in 1..=rows.len() {
        let is_end = rows.get(index).is_none_or(|row| {
            levels.iter().any(|level| {
                *level > rows[index - 1].baseline - 0.3 * row.size
                    && *level < row.baseline - 0.3 * row.size
            })
        });
        if is_end {
            bands.push((start, index));
            start = index;
        }
    }
    bands
}

/// Whether lines part each row of the table from the next, and not only its head from its body.
fn is_banded(bands: &[(usize, usize)]) -> bool {
    let rows: usize = bands.iter().map(|band| band.1 - band.0).sum();
    bands.len() >= 3
        && number(rows) < 3.0 * number(bands.len())
        && bands[1..].iter().all(|band| band.1 - band.0 <= 6)
}

/// How many rows stand above the line that closes the head.
fn head_count(bands: &[(usize, usize)], is_banded: bool) -> Option<usize> {
    match bands {
        [head, _, ..] if !is_banded && head.1 - head.0 <= 4 => Some(head.1 - head.0),
        _ => None,
    }
}

/// Each row for itself, but a label that goes on in the next row belongs to that row, and the further lines of a cell belong
/// to the row that it begins in.
fn single(placed: &[Vec<Placed<'_>>], rows: &[Row]) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (index, row) in placed.iter().enumerate() {
        let goes_on = index > 0
            && placed[index - 1].len() == 1
            && placed[index - 1][0].first == 0
            && row.len() > 1
            && row[0].first == 0
            && starts_small(row[0].segment)
            && rows[index].baseline - rows[index - 1].baseline < 1.6 * rows[index].size;
        match groups.last_mut() {
            Some(last) if goes_on || is_further_line(&placed[last.0..=index], index, rows) => {
                last.1 = index + 1;
            }
            _ => groups.push((index, index + 1)),
        }
    }
    groups
}

/// Whether the last of these rows has nothing but further lines of the cells above: words, in columns that have words.
fn is_further_line(group: &[Vec<Placed<'_>>], index: usize, rows: &[Row]) -> bool {
    let Some((row, before)) = group.split_last() else {
        return false;
    };
    let is_near =
        index > 0 && rows[index].baseline - rows[index - 1].baseline < 1.6 * rows[index].size;
    let goes_on = |piece: &Placed<'_>| {
        let above = before
            .iter()
            .rev()
            .flatten()
            .find(|above| above.first == piece.first);
        above.is_some_and(|above| {
            above.segment.word_count() >= 2
                && !above.segment.is_figure()
                && (above.segment.area.left - piece.segment.area.left).abs() < 2.0
        })
    };
    is_near
        && before
            .first()
            .is_some_and(|first| first.len() >= 2 && first[0].first == 0)
        && row.iter().all(|piece| piece.first > 0 && goes_on(piece))
}

fn starts_small(segment: &Segment) -> bool {
    segment
        .letters
        .first()
        .is_some_and(|letter| letter.character.is_lowercase())
}

fn has_bold_head(rows: &[Row]) -> bool {
    let is_bold = |row: &Row| row.segments.iter().all(|segment| segment.is_bold);
    rows.first().is_some_and(is_bold) && !rows[1..].iter().any(is_bold)
}

fn is_leader(segment: &Segment) -> bool {
    let mut dots = 0;
    for letter in &segment.letters {
        dots = if matches!(letter.character, '.' | '…' | '·') {
            dots + 1
        } else {
            0
        };
        if dots >= 4 {
            return true;
        }
    }
    false
}

/// The cells of the rows of a group, each column's lines put together.
fn cells(rows: &[Vec<Placed<'_>>]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for piece in rows.iter().flatten() {
        let text = text_of(piece.segment);
        let known = cells
            .iter_mut()
            .find(|cell| cell.first == piece.first && cell.last == piece.last);
        match known {
            Some(cell) => {
                cell.area = cell.area.union(piece.segment.area);
                let is_broken = cell.text.ends_with('-') && text.starts_with(char::is_lowercase);
                if is_broken {
                    cell.text.pop();
                } else {
                    cell.text.push(' ');
                }
                cell.text.push_str(&text);
            }
            None => cells.push(Cell {
                first: piece.first,
                last: piece.last,
                text,
                area: piece.segment.area,
                size: piece.segment.size,
            }),
        }
    }
    cells.sort_by_key(|cell| cell.first);
    cells
}
