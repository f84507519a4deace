//! Letters that stand beside their line and belong to it: raised footnote marks and exponents, lowered indices, and the
//! large first letter of a chapter. Each is put on the line of the word it belongs to.

use std::collections::HashMap;

use super::geometry::cell;
use super::runs::{Run, Script};

/// The most letters that a raised or lowered piece has.
const MAX_LETTERS: usize = 10;
/// The grid in which neighbours are looked up, in points.
const CELL: f32 = 24.0;
/// So many neighbours of one cell are looked at.
const MAX_NEIGHBOURS: usize = 24;
/// The most runs of one page that may be raised or lowered.
const MAX_SCRIPTS: usize = 20_000;

/// Runs by where they end.
struct Neighbours {
    by_cell: HashMap<(i32, i32), Vec<usize>>,
}

impl Neighbours {
    fn new(runs: &[Run], place: impl Fn(&Run) -> f32) -> Self {
        let mut by_cell: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
        for (index, run) in runs.iter().enumerate() {
            let key = (cell(place(run), CELL), cell(run.baseline, CELL));
            by_cell.entry(key).or_default().push(index);
        }
        Self { by_cell }
    }

    fn near(&self, x: f32, y: f32) -> impl Iterator<Item = usize> + '_ {
        let (column, row) = (cell(x, CELL), cell(y, CELL));
        (-1..=1).flat_map(move |across: i32| {
            (-1..=1).flat_map(move |down: i32| {
                let key = (column.saturating_add(across), row.saturating_add(down));
                self.by_cell
                    .get(&key)
                    .into_iter()
                    .flatten()
                    .copied()
                    .take(MAX_NEIGHBOURS)
            })
        })
    }
}

/// The line that a run belongs to: its own, or that of the word it is attached to.
#[derive(Debug, Clone, Copy)]
struct Line {
    baseline: f32,
    size: f32,
}

/// Puts raised and lowered runs on the lines of their words.
pub fn attach_scripts(runs: &mut [Run]) {
    let by_end = Neighbours::new(runs, |run| run.right);
    let by_start = Neighbours::new(runs, |run| run.left);
    let largest = runs.iter().map(|run| run.size).fold(0.0, f32::max);
    let mut lines: Vec<Line> = runs
        .iter()
        .map(|run| Line {
            baseline: run.baseline,
            size: run.size,
        })
        .collect();
    let mut order: Vec<usize> = (0..runs.len())
        .filter(|index| may_be_script(&runs[*index], largest))
        .take(MAX_SCRIPTS)
        .collect();
    order.sort_by(|one, other| runs[*one].left.total_cmp(&runs[*other].left));
    let mut scripts: Vec<(usize, Script)> = Vec::new();
    for index in order {
        let run = &runs[index];
        let before = by_end
            .near(run.left, run.baseline)
            .filter(|other| *other != index)
            .filter_map(|other| {
                let gap = run.left - runs[other].right;
                let line = lines[other];
                let fits = gap > -0.35 * line.size && gap < 0.4 * line.size;
                let script = fits.then(|| script_of(run, line))??;
                Some((gap.abs(), line, script))
            })
            .min_by(|one, other| one.0.total_cmp(&other.0));
        // A note begins with its mark.
        let after = || {
            by_start
                .near(run.right, run.baseline)
                .filter(|other| *other != index)
                .filter_map(|other| {
                    let gap = runs[other].left - run.right;
                    let line = lines[other];
                    let fits = gap > -0.1 * line.size && gap < 0.8 * line.size;
                    let script = fits.then(|| script_of(run, line))??;
                    (script == Script::Raised).then_some((gap.abs(), line, script))
                })
                .min_by(|one, other| one.0.total_cmp(&other.0))
        };
        if let Some((_, line, script)) = before.or_else(after) {
            lines[index] = line;
            scripts.push((index, script));
        }
    }
    for (index, script) in scripts {
        let run = &mut runs[index];
        run.baseline = lines[index].baseline;
        for letter in &mut run.letters {
            letter.script = script;
        }
    }
}

/// Smaller than this share of its line's size, a letter may be raised or lowered.
const SMALL: f32 = 0.85;

/// Whether a run may stand beside a line rather than on one of its own.
fn may_be_script(run: &Run, largest: f32) -> bool {
    run.letters.len() <= MAX_LETTERS && (run.size <= largest * SMALL || looks_like_mark(run))
}

fn looks_like_mark(run: &Run) -> bool {
    let is_mark = |character: char| character.is_ascii_digit() || "*†‡§−-".contains(character);
    run.letters.len() <= 3 && run.letters.iter().all(|letter| is_mark(letter.character))
}

/// How a run stands to a line beside it, where it is raised or lowered from it.
fn script_of(run: &Run, line: Line) -> Option<Script> {
    let rise = (line.baseline - run.baseline) / line.size;
    let ratio = run.size / line.size;
    let is_small = ratio <= SMALL;
    let is_mark = ratio <= 1.02 && looks_like_mark(run);
    if is_small && (0.12..=0.8).contains(&rise) || is_mark && (0.25..=0.6).contains(&rise) {
        Some(Script::Raised)
    } else if is_small && (-0.5..=-0.06).contains(&rise)
        || is_mark && (-0.55..=-0.15).contains(&rise)
    {
        Some(Script::Lowered)
    } else {
        None
    }
}

/// Puts the large first letter of a paragraph before the first of the lines beside it.
pub fn attach_drop_caps(runs: &mut [Run], usual_size: f32) {
    let is_cap = |run: &Run| {
        run.size >= usual_size * 1.8
            && run.letters.len() <= 2
            && run
                .letters
                .iter()
                .all(|letter| letter.character.is_uppercase())
    };
    let caps: Vec<usize> = (0..runs.len())
        .filter(|index| is_cap(&runs[*index]))
        .take(50)
        .collect();
    for cap in caps {
        let (baseline, size, right) = (runs[cap].baseline, runs[cap].size, runs[cap].right);
        let mut beside: Vec<usize> = (0..runs.len())
            .filter(|index| {
                let run = &runs[*index];
                let gap = run.left - right;
                *index != cap
                    && run.size < size * 0.7
                    && gap > -0.3 * run.size
                    && gap < 1.5 * run.size
                    // A capital is about this high: the line above it belongs to what was before.
                    && run.baseline > baseline - size * 0.8
                    && run.baseline <= baseline + run.size * 0.3
            })
            .collect();
        beside.sort_by(|one, other| runs[*one].baseline.total_cmp(&runs[*other].baseline));
        let (Some(first), Some(last)) = (beside.first().copied(), beside.last().copied()) else {
            continue;
        };
        let spans_lines = runs[last].baseline - runs[first].baseline > runs[first].size * 0.8;
        let starts_small = runs[first]
            .letters
            .first()
            .is_some_and(|letter| letter.character.is_alphabetic() || letter.character == '’');
        if !spans_lines || !starts_small {
            continue;
        }
        let (line, small) = (runs[first].baseline, runs[first].size);
        if let Some(letter) = runs[first].letters.first_mut() {
            letter.is_glued = !letter.has_space_before;
        }
        let run = &mut runs[cap];
        run.baseline = line;
        run.size = small;
        for letter in &mut run.letters {
            letter.size = small;
        }
    }
}
