//! Rows: what stands on one baseline, cut into segments where the gap is wider than one between words.

use super::geometry::{Area, median};
use super::runs::{Letter, Run};

/// A gap wider than this share of the font's size parts two segments.
const WIDEST_WORD_GAP: f32 = 1.3;

/// A piece of a row without a wide gap.
#[derive(Debug, Clone)]
pub struct Segment {
    pub letters: Vec<Letter>,
    pub baseline: f32,
    pub size: f32,
    pub area: Area,
    pub is_artifact: bool,
    pub is_bold: bool,
}

impl Segment {
    fn new(run: Run) -> Self {
        Self {
            area: run.area(),
            baseline: run.baseline,
            size: run.size,
            is_artifact: run.is_artifact,
            is_bold: run.is_bold,
            letters: run.letters,
        }
    }

    /// The segment as plain text, spaces as they were drawn, for rules that look at what is written.
    pub fn word_count(&self) -> usize {
        let gap = |pair: &[Letter]| {
            pair[1].has_space_before || pair[1].x - pair[0].right() > 0.15 * self.size
        };
        1 + self.letters.windows(2).filter(|pair| gap(pair)).count()
    }

    /// Whether it is a figure rather than words: `12`, `1,450.5`, `–`, `8.2 kg`, `(12 %)`.
    pub fn is_figure(&self) -> bool {
        is_figure(
            &self
                .letters
                .iter()
                .map(|letter| letter.character)
                .collect::<String>(),
        )
    }
}

/// Whether a text is a figure rather than words; it may have a unit or a sign.
pub fn is_figure(text: &str) -> bool {
    let text = text.trim();
    if matches!(
        text,
        "-" | "–" | "—" | "−" | "…" | ".." | "n/a" | "N/A" | "n.a." | "x" | "." | "*"
    ) {
        return true;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let starts_like_one = text
        .trim_start_matches(|c: char| "+-−–(~<>≈±$€£¥ ".contains(c))
        .starts_with(|c: char| c.is_ascii_digit() || c == '.');
    digits > 0 && starts_like_one && letters <= digits.max(3)
}

/// The segments that share a baseline, from left to right.
#[derive(Debug, Clone)]
pub struct Row {
    pub segments: Vec<Segment>,
    pub baseline: f32,
    pub size: f32,
}

impl Row {
    /// A row of these segments, which share a baseline.
    pub fn new(segments: Vec<Segment>) -> Option<Self> {
        let size = median(segments.iter().map(|segment| segment.size).collect());
        let baseline = segments.first()?.baseline;
        Some(Self {
            segments,
            baseline,
            size,
        })
    }

    pub fn area(&self) -> Area {
        self.segments
            .iter()
            .fold(Area::EMPTY, |area, segment| area.union(segment.area))
    }
}

/// Sorts runs into rows from top to bottom. `uprights` are ruling lines that part what stands on either side.
pub fn rows(mut runs: Vec<Run>, uprights: &[Area]) -> Vec<Row> {
    runs.sort_by(|one, other| {
        one.baseline
            .total_cmp(&other.baseline)
            .then(one.left.total_cmp(&other.left))
    });
    let mut rows: Vec<Vec<Run>> = Vec::new();
    let mut line = (f32::NEG_INFINITY, 0.0_f32);
    for run in runs {
        let tolerance = 0.22 * run.size.min(line.1);
        if run.baseline - line.0 > tolerance || rows.is_empty() {
            line = (run.baseline, run.size);
            rows.push(Vec::new());
        }
        line.1 = line.1.max(run.size);
        if let Some(row) = rows.last_mut() {
            row.push(run);
        }
    }
    rows.into_iter()
        .filter_map(|runs| Row::new(segments(runs, uprights)))
        .collect()
}

/// The most ruling lines that a row's gaps are compared with.
const MAX_UPRIGHTS: usize = 2_000;

fn segments(mut runs: Vec<Run>, uprights: &[Area]) -> Vec<Segment> {
    runs.sort_by(|one, other| one.left.total_cmp(&other.left));
    let mut segments: Vec<Segment> = Vec::new();
    for run in runs {
        if let Some(last) = segments.last_mut() {
            let gap = run.left - last.area.right;
            let size = last.size.max(run.size);
            let is_near = gap <= WIDEST_WORD_GAP * size;
            let is_parted = is_near
                && gap > -0.2 * size
                && uprights.iter().take(MAX_UPRIGHTS).any(|rule| {
                    rule.left >= last.area.right - 0.2 * size
                        && rule.right <= run.left + 0.2 * size
                        && rule.top < run.baseline - 0.2 * size
                        && rule.bottom > run.baseline - 0.4 * size
                });
            if is_near && !is_parted {
                last.area = last.area.union(run.area());
                last.is_artifact &= run.is_artifact;
                last.is_bold &= run.is_bold;
                // A raised mark says nothing of the size of the words.
                if run.letters.len() > last.letters.len() {
                    last.size = run.size;
                }
                last.letters.extend(run.letters);
                continue;
            }
        }
        segments.push(Segment::new(run));
    }
    segments
}
