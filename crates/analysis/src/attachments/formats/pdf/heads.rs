//! What the columns of a table are called, and which columns a head stands over that reaches over several of them.

use super::geometry::{Area, number};
use super::grid::{Cell, Grid};

/// So many columns are shared out among heads at most.
const MAX_SHARED: usize = 16;
/// A head may stand this far from where it would stand exactly, in parts of the font's size.
const MAX_SLIP: f32 = 0.8;

/// What the columns are called: the cells of the head rows above each, the upper ones first. `None` where it is not certain
/// which columns a head stands over.
pub fn names(grid: &Grid, heads: usize) -> Option<Vec<String>> {
    let over: Vec<Vec<Option<usize>>> = grid.rows[..heads]
        .iter()
        .map(|row| over_columns(grid, row, &grid.rows[..heads]))
        .collect::<Option<_>>()?;
    let names = (0..grid.columns).map(|column| {
        let mut parts: Vec<&str> = Vec::new();
        for (row, over) in grid.rows[..heads].iter().zip(&over) {
            if let Some(cell) = over[column].and_then(|index| row.get(index))
                && parts.last() != Some(&cell.text.as_str())
            {
                parts.push(&cell.text);
            }
        }
        parts.join(" ")
    });
    Some(names.collect())
}

/// For each column, which cell of a head row stands over it.
fn over_columns(grid: &Grid, row: &[Cell], heads: &[Vec<Cell>]) -> Option<Vec<Option<usize>>> {
    let covering = |column: usize| row.iter().position(|cell| cell.covers(column));
    let covered: Vec<Option<usize>> = (0..grid.columns).map(covering).collect();
    let widest = heads.iter().map(Vec::len).max().unwrap_or(0);
    let first = usize::from(row.first().is_some_and(|cell| cell.first == 0));
    let spread = &row[first..];
    let is_upper = spread.len() + 1 < widest && !spread.is_empty();
    if grid.is_ruled || !is_upper || grid.columns > MAX_SHARED {
        return Some(covered);
    }
    let groups = shared_out(spread, &grid.bounds[1..], Sides::of(grid, heads.len()))?;
    let mut over = vec![None; grid.columns];
    over[0] = covered[0].filter(|index| *index < first);
    let mut column = 1;
    for (index, count) in groups.into_iter().enumerate() {
        over[column..column + count].fill(Some(index + first));
        column += count;
    }
    Some(over)
}

/// At which sides the cells of most columns line up: heads do likewise, or stand in the middle.
#[derive(Debug, Clone, Copy)]
struct Sides {
    left: bool,
    right: bool,
}

impl Sides {
    fn of(grid: &Grid, heads: usize) -> Self {
        // Figures of one length line up at both sides; what stands over them tells more.
        let with_head = Self::from_row(grid, heads.saturating_sub(1));
        if with_head.left || with_head.right {
            return with_head;
        }
        Self::from_row(grid, heads)
    }

    fn from_row(grid: &Grid, first: usize) -> Self {
        let lines_up = |place: fn(Area) -> f32| {
            let columns = (1..grid.columns).filter(|column| {
                let cells = grid.rows[first..].iter().flatten();
                let places = cells
                    .filter(|cell| cell.first == *column && cell.last == *column)
                    .map(|cell| place(cell.area));
                let (low, high) = places.fold((f32::INFINITY, f32::NEG_INFINITY), |reach, at| {
                    (reach.0.min(at), reach.1.max(at))
                });
                high - low < 1.5
            });
            columns.count() * 2 >= grid.columns - 1
        };
        Self {
            left: lines_up(|area| area.left),
            right: lines_up(|area| area.right),
        }
    }
}

/// How many of the columns each head stands over, from left to right: at the left of them, at the right, or in the middle.
fn shared_out(heads: &[Cell], columns: &[(f32, f32)], sides: Sides) -> Option<Vec<usize>> {
    if heads.len() > columns.len() {
        return None;
    }
    let ways = partitions(columns.len(), heads.len());
    let mut slips: Vec<(f32, &Vec<usize>)> = ways
        .iter()
        .map(|groups| {
            // Heads over as many columns each are what people make, where the columns can be shared out so.
            let could_be_even = columns.len().is_multiple_of(heads.len());
            let is_even = groups.windows(2).all(|pair| pair[0] == pair[1]);
            let odd = if could_be_even && !is_even { 0.5 } else { 0.0 };
            (slip(heads, columns, groups, sides) + odd, groups)
        })
        .collect();
    slips.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (best, groups) = slips.first()?;
    // Two ways that fit alike leave it open.
    let is_alone = slips.get(1).is_none_or(|next| next.0 > best + 0.4);
    (*best <= MAX_SLIP && is_alone).then(|| (*groups).clone())
}

/// How far the heads stand from where they would over these columns, in parts of their size, on average.
fn slip(heads: &[Cell], columns: &[(f32, f32)], groups: &[usize], sides: Sides) -> f32 {
    let bar = |is_usual: bool| if is_usual { 0.0 } else { f32::INFINITY };
    let mut sums = [bar(sides.left), bar(sides.right), 0.0_f32];
    let mut at = 0;
    for (head, count) in heads.iter().zip(groups) {
        let (left, right) = (columns[at].0, columns[at + count - 1].1);
        let size = head.size.max(1.0);
        let Area {
            left: begin,
            right: end,
            ..
        } = head.area;
        let middle = f32::midpoint(begin, end) - f32::midpoint(left, right);
        for (sum, slip) in sums.iter_mut().zip([begin - left, end - right, middle]) {
            *sum += slip.abs() / size;
        }
        at += count;
    }
    sums.into_iter().fold(f32::INFINITY, f32::min) / number(heads.len().max(1))
}

/// All ways to cut so many columns into so many groups that follow one another.
fn partitions(columns: usize, groups: usize) -> Vec<Vec<usize>> {
    if groups == 1 {
        return vec![vec![columns]];
    }
    let mut ways = Vec::new();
    for count in 1..=columns + 1 - groups {
        for mut rest in partitions(columns - count, groups - 1) {
            rest.insert(0, count);
            ways.push(rest);
        }
        if ways.len() > MAX_WAYS {
            break;
        }
    }
    ways
}

const MAX_WAYS: usize = 5_000;
