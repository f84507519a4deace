//! Letters put together to runs: pieces of one line in one size, as they were drawn. Letters drawn twice for bold or for a
//! shadow count once, and spaces become a mark on the letter after them.

use std::collections::HashMap;

use super::drawn::Glyph;
use super::geometry::{Area, Direction, cell};

/// How a letter stands to the line it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Script {
    #[default]
    Plain,
    Raised,
    Lowered,
    /// Raised or lowered by the font itself: which of them, the words say.
    Small,
}

/// A letter in the frame in which its line runs to the right.
#[derive(Debug, Clone, Copy)]
pub struct Letter {
    pub character: char,
    pub x: f32,
    pub width: f32,
    pub size: f32,
    pub script: Script,
    /// A space was drawn before it.
    pub has_space_before: bool,
    /// Belongs to the letter before it, however far apart they are.
    pub is_glued: bool,
}

impl Letter {
    pub fn right(&self) -> f32 {
        self.x + self.width
    }
}

/// A piece of a line, as it was drawn.
#[derive(Debug, Clone)]
pub struct Run {
    pub letters: Vec<Letter>,
    pub baseline: f32,
    pub size: f32,
    pub left: f32,
    pub right: f32,
    pub is_artifact: bool,
    pub is_bold: bool,
}

impl Run {
    pub fn area(&self) -> Area {
        Area {
            left: self.left,
            right: self.right,
            top: self.baseline - self.size * 0.75,
            bottom: self.baseline + self.size * 0.25,
        }
    }

    fn new(glyph: &Glyph, letter: Letter, baseline: f32) -> Self {
        Self {
            letters: vec![letter],
            baseline,
            size: glyph.size,
            left: letter.x,
            right: letter.right(),
            is_artifact: glyph.is_artifact,
            is_bold: glyph.is_bold,
        }
    }

    fn takes(&self, glyph: &Glyph, letter: &Letter, baseline: f32) -> bool {
        let gap = letter.x - self.right;
        let widest = if letter.has_space_before { 1.0 } else { 0.6 };
        (baseline - self.baseline).abs() <= self.size * 0.05 + 0.1
            && (glyph.size - self.size).abs() <= self.size * 0.05
            && gap <= widest * self.size
            && gap >= -0.5 * self.size
            && glyph.is_artifact == self.is_artifact
    }
}

/// Leaves each letter once that was drawn several times at about the same place.
fn without_repeats(glyphs: &[Glyph]) -> Vec<&Glyph> {
    const CELL: f32 = 2.0;
    const MAX_IN_CELL: usize = 8;
    let mut kept: HashMap<(char, i32, i32), Vec<(f32, f32)>> = HashMap::new();
    let mut out = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        if glyph.character.is_whitespace() {
            out.push(glyph);
            continue;
        }
        // Narrow letters stand close to their like: `ll` are two.
        let reach = (glyph.width * 0.4).min(glyph.size * 0.12).clamp(0.05, CELL);
        let (column, row) = (cell(glyph.x, CELL), cell(glyph.y, CELL));
        // Letters of one kind that fill a cell of two points are beyond reading.
        if kept
            .get(&(glyph.character, column, row))
            .is_some_and(|places| places.len() >= MAX_IN_CELL)
        {
            continue;
        }
        let is_repeat = (-1..=1).any(|across| {
            (-1..=1).any(|down| {
                let key = (
                    glyph.character,
                    column.saturating_add(across),
                    row.saturating_add(down),
                );
                kept.get(&key).is_some_and(|places| {
                    places
                        .iter()
                        .any(|(x, y)| (x - glyph.x).abs() <= reach && (y - glyph.y).abs() <= reach)
                })
            })
        });
        if !is_repeat {
            let places = kept.entry((glyph.character, column, row)).or_default();
            places.push((glyph.x, glyph.y));
            out.push(glyph);
        }
    }
    out
}

/// Slanting letters set level, each word by itself, so that they are read like others.
fn levelled(glyphs: &mut [Glyph]) {
    let mut before: Option<(Glyph, f32, f32)> = None;
    for glyph in glyphs {
        let own = *glyph;
        if let Some((last, x, y)) = before {
            let step = (own.x - last.x).hypot(own.y - last.y);
            if step <= last.width + 0.6 * own.size && (own.size - last.size).abs() < 0.1 * own.size
            {
                (glyph.x, glyph.y) = (x + step, y);
            }
        }
        before = Some((own, glyph.x, glyph.y));
    }
}

/// The runs of the letters that have this direction.
pub fn runs(glyphs: &[Glyph], direction: Direction) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut space_at: Option<(f32, f32)> = None;
    let mut glyphs: Vec<Glyph> = glyphs
        .iter()
        .filter(|glyph| glyph.direction == direction)
        .copied()
        .collect();
    if direction == Direction::Slanted {
        levelled(&mut glyphs);
    }
    for glyph in without_repeats(&glyphs) {
        let (x, baseline) = direction.upright((glyph.x, glyph.y));
        if glyph.character.is_whitespace() {
            // A space that lies on the letter before it parts nothing.
            let is_within = runs
                .last()
                .and_then(|run| run.letters.last().map(|letter| (run, letter)))
                .is_some_and(|(run, letter)| {
                    (run.baseline - baseline).abs() < 0.1 * run.size
                        && (letter.x - 0.05 * run.size..letter.x + 0.4 * letter.width).contains(&x)
                });
            if !is_within {
                space_at = Some((x + glyph.width, baseline));
            }
            continue;
        }
        let has_space_before = space_at.take().is_some_and(|(end, line)| {
            (line - baseline).abs() <= glyph.size * 0.3 && (x - end).abs() <= glyph.size * 2.0
        });
        let letter = Letter {
            character: glyph.character,
            x,
            width: glyph.width,
            size: glyph.size,
            script: if glyph.is_small_figure {
                Script::Small
            } else {
                Script::Plain
            },
            has_space_before,
            is_glued: false,
        };
        match runs.last_mut() {
            Some(run) if run.takes(glyph, &letter, baseline) => {
                run.letters.push(letter);
                run.left = run.left.min(letter.x);
                run.right = run.right.max(letter.right());
            }
            _ => runs.push(Run::new(glyph, letter, baseline)),
        }
    }
    runs
}

/// The size that most letters have.
pub fn usual_size(runs: &[Run]) -> f32 {
    let mut letters: HashMap<i32, usize> = HashMap::new();
    for run in runs {
        *letters.entry(cell(run.size, 0.1)).or_default() += run.letters.len();
    }
    let most = letters.iter().max_by_key(|(size, count)| (**count, **size));
    #[expect(
        clippy::cast_precision_loss,
        reason = "a font size in tenths of a point"
    )]
    most.map_or(10.0, |(size, _)| (*size as f32 + 0.5) * 0.1)
}
