//! What a page shows once its content has been carried out: letters at their places, ruling lines, painted areas and
//! pictures, all in display coordinates.

use std::collections::BTreeMap;

use super::geometry::{Area, Direction};

/// Why a letter that is in the file is not on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hidden {
    /// Drawn in the mode that leaves no mark, with no picture of it.
    Invisible,
    /// In the colour of what is beneath it.
    SameColor,
    Tiny,
    OffPage,
    /// Something was painted over it.
    Covered,
    /// It belongs to a layer that is switched off.
    Layer,
}

impl Hidden {
    /// As the report names it.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Invisible => "drawn invisibly",
            Self::SameColor => "in the colour of its background",
            Self::Tiny => "too small to be seen",
            Self::OffPage => "outside the visible page",
            Self::Covered => "painted over",
            Self::Layer => "on a layer that is switched off",
        }
    }
}

/// One letter.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    pub character: char,
    /// Where its baseline begins.
    pub x: f32,
    pub y: f32,
    /// How far the letter itself reaches in its direction, without added spacing.
    pub width: f32,
    /// The height of its em.
    pub size: f32,
    pub direction: Direction,
    /// Its place in the order of drawing.
    pub order: u32,
    pub hidden: Option<Hidden>,
    /// Marked by the file itself as no part of the text: a running head or a page number.
    pub is_artifact: bool,
    pub is_bold: bool,
    /// A figure that its font raises or lowers.
    pub is_small_figure: bool,
}

impl Glyph {
    /// The middle of what is seen of it.
    pub fn center(&self) -> (f32, f32) {
        let (along, up) = (self.width / 2.0, self.size * 0.3);
        match self.direction {
            Direction::Right | Direction::Slanted => (self.x + along, self.y - up),
            Direction::Left => (self.x - along, self.y + up),
            Direction::Up => (self.x - up, self.y - along),
            Direction::Down => (self.x + up, self.y + along),
        }
    }
}

/// An area that was painted.
#[derive(Debug, Clone, Copy)]
pub struct Fill {
    pub area: Area,
    /// `None` where it is no single colour.
    pub paint: super::state::Paint,
    /// Whether nothing of what was there before can be seen any more.
    pub is_opaque: bool,
    /// How many letters had been drawn before.
    pub order: u32,
}

/// A straight ruling line, level or upright.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub area: Area,
}

/// All that a page shows.
#[derive(Debug, Default)]
pub struct Drawn {
    pub glyphs: Vec<Glyph>,
    pub fills: Vec<Fill>,
    pub rules: Vec<Rule>,
    pub pictures: Vec<Area>,
    /// Letters without a meaning, counted by their font's name.
    pub unmapped: BTreeMap<String, usize>,
    /// The page holds more than is read of one page.
    pub is_cut: bool,
    /// A part of the page could not be unpacked.
    pub has_broken_part: bool,
}

/// Comparing each letter with each area has to stay within this many steps a page.
const MAX_COMPARISONS: usize = 50_000_000;

impl Drawn {
    /// Marks the letters that something opaque was painted over later.
    pub fn mark_covered(&mut self) {
        let covers: Vec<&Fill> = self
            .fills
            .iter()
            .filter(|fill| fill.is_opaque && fill.area.width() > 3.0 && fill.area.height() > 3.0)
            .collect();
        if covers.len().saturating_mul(self.glyphs.len()) > MAX_COMPARISONS {
            return;
        }
        for fill in covers {
            // Letters stand in the order of drawing, so that those drawn before are the first ones.
            let before = self
                .glyphs
                .partition_point(|glyph| glyph.order < fill.order);
            for glyph in &mut self.glyphs[..before] {
                if glyph.hidden.is_none() && fill.area.contains(glyph.center()) {
                    glyph.hidden = Some(Hidden::Covered);
                }
            }
        }
    }

    /// Letters drawn invisibly over a picture are its recognised text, which a reader sees in the picture.
    pub fn restore_scanned_text(&mut self) {
        let pictures = self
            .pictures
            .iter()
            .take(1_000)
            .copied()
            .collect::<Vec<Area>>();
        for glyph in &mut self.glyphs {
            if glyph.hidden == Some(Hidden::Invisible)
                && pictures.iter().any(|area| area.contains(glyph.center()))
            {
                glyph.hidden = None;
            }
        }
    }

    /// Takes the hidden letters out, and says how many there were of each kind; white space is nothing to tell.
    pub fn remove_hidden(&mut self) -> BTreeMap<Hidden, usize> {
        let mut counts = BTreeMap::new();
        self.glyphs.retain(|glyph| {
            if let Some(hidden) = glyph.hidden {
                if !glyph.character.is_whitespace() {
                    *counts.entry(hidden).or_insert(0) += 1;
                }
                return false;
            }
            true
        });
        counts
    }
}
