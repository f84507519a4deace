//! One page: from its content to rows of text, with what nobody would see left out and named.

use std::collections::BTreeMap;

use pdf_oxide::object::Object;

use super::content::{Interpreter, Shared};
use super::drawn::{Drawn, Glyph, Hidden};
use super::geometry::{Area, Direction, display_matrix, transform_area};
use super::line_numbers::remove_line_numbers;
use super::rows::{Row, rows};
use super::ruling::Ruling;
use super::runs::{Run, runs, usual_size};
use super::scripts::{attach_drop_caps, attach_scripts};
use super::state::State;
use super::strikes::take_struck;

/// Text of one direction, turned so that it reads to the right.
#[derive(Debug)]
pub struct Frame {
    pub area: Area,
    pub rows: Vec<Row>,
    /// The ruling lines, turned likewise.
    pub ruling: Ruling,
    /// How many numbers of lines were taken out.
    pub line_numbers: usize,
}

/// What is on a page.
#[derive(Debug, Default)]
pub struct Page {
    /// How wide and high it is as it is seen, in points.
    pub size: (f32, f32),
    /// What most of the text is in comes first.
    pub frames: Vec<Frame>,
    pub hidden: BTreeMap<Hidden, usize>,
    /// What to say of words that a line goes through.
    pub struck: Option<String>,
    pub unmapped: BTreeMap<String, usize>,
    pub letters: usize,
    /// Letters beyond the edge of a page that was turned without its box.
    pub beyond: usize,
    pub has_drawing: bool,
    pub is_cut: bool,
    pub has_broken_part: bool,
}

/// Why a page could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It is no page, or cannot be found.
    Missing,
    /// Its content cannot be unpacked within the limits.
    Unpacking,
}

impl Failed {
    /// As the report names it.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Missing => "The page is damaged and could not be read.",
            Self::Unpacking => {
                "The page's content could not be unpacked: it is damaged, or larger than 64 MB."
            }
        }
    }
}

impl Page {
    /// Whether there is nothing on it but a drawing or a picture.
    pub fn is_picture(&self) -> bool {
        self.letters == 0 && self.has_drawing && self.unmapped.is_empty() && self.hidden.is_empty()
    }

    /// What of the page is not in its text, and what to do about it.
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        for (font, count) in &self.unmapped {
            reasons.push(format!(
                "{count} letters in the font {font} have no meaning attached, only shapes. Run the PDF through OCR and \
                 attach the result."
            ));
        }
        let hidden: usize = self.hidden.values().sum();
        if hidden > 0 {
            let how: Vec<&str> = self.hidden.keys().map(|hidden| hidden.reason()).collect();
            reasons.push(format!(
                "Hidden text was left out: {hidden} letters that nobody sees on the page ({}). Look where the file \
                 comes from.",
                how.join("; ")
            ));
        }
        reasons.extend(self.struck.clone());
        if self.beyond > 0 {
            reasons.push(format!(
                "The page is turned, and {} letters stand beyond its edge: a viewer may not show them. They were read.",
                self.beyond
            ));
        }
        let line_numbers: usize = self.frames.iter().map(|frame| frame.line_numbers).sum();
        if line_numbers > 0 {
            reasons.push(format!(
                "{line_numbers} line numbers in the margin were left out of the text."
            ));
        }
        if self.is_cut {
            reasons.push(
                "The page holds more than is read of one page; what is left of it was not read."
                    .to_owned(),
            );
        }
        if self.has_broken_part {
            reasons.push(
                "A part of the page could not be unpacked: it is damaged, or larger than 64 MB."
                    .to_owned(),
            );
        }
        reasons
    }
}

/// Reads a page, counted from 0.
pub fn read_page(shared: &mut Shared<'_>, index: usize) -> Result<Page, Failed> {
    let document = shared.document;
    let page = document.get_page(index).map_err(|_| Failed::Missing)?;
    let entries = page.as_dict().ok_or(Failed::Missing)?;
    let content = document
        .get_page_content_data(index)
        .map_err(|_| Failed::Unpacking)?;
    // US Letter is what programs take where a page does not say.
    let shown = document
        .get_page_visible_box(index)
        .unwrap_or((0.0, 0.0, 612.0, 792.0));
    let rotation = document.get_page_rotation(index).unwrap_or(0);
    let matrix = display_matrix(shown, rotation);
    let area = transform_area(&matrix, (shown.0, shown.1), (shown.2, shown.3));
    // Programs that turn a page often forget to turn its box: what they drew beyond it is the page's text all the same.
    let seen = match rotation {
        90 | 270 => {
            let side = (shown.2 - shown.0).max(shown.3 - shown.1);
            let turned = (shown.0 + side, shown.1 + side);
            transform_area(&matrix, (shown.0, shown.1), turned)
        }
        _ => area,
    };
    let mut interpreter = Interpreter::new(shared, matrix, seen);
    interpreter.run(&content, entries.get("Resources"));
    if let Some(annotations) = entries.get("Annots") {
        // What the content left set is no matter of theirs.
        interpreter.state = State::new(matrix, seen);
        super::forms::draw_annotations(&mut interpreter, annotations);
    }
    Ok(arranged(interpreter.drawn, area))
}

fn arranged(mut drawn: Drawn, area: Area) -> Page {
    let is_beyond = |glyph: &Glyph| !area.grown(glyph.size).contains(glyph.center());
    drawn.mark_covered();
    drawn.restore_scanned_text();
    let hidden = drawn.remove_hidden();
    let struck = take_struck(&mut drawn);
    let mut page = Page {
        size: (area.right - area.left, area.bottom - area.top),
        hidden,
        struck: struck.note(),
        beyond: drawn.glyphs.iter().filter(|glyph| is_beyond(glyph)).count(),
        letters: drawn
            .glyphs
            .iter()
            .filter(|glyph| !glyph.character.is_whitespace())
            .count(),
        has_drawing: !drawn.pictures.is_empty()
            || !drawn.fills.is_empty()
            || !drawn.rules.is_empty(),
        is_cut: drawn.is_cut,
        has_broken_part: drawn.has_broken_part,
        unmapped: std::mem::take(&mut drawn.unmapped),
        ..Page::default()
    };
    let mut frames: Vec<(usize, Frame)> = Vec::new();
    for direction in [
        Direction::Right,
        Direction::Up,
        Direction::Down,
        Direction::Left,
        Direction::Slanted,
    ] {
        let runs = runs(&drawn.glyphs, direction);
        if !runs.is_empty() {
            let letters = runs.iter().map(|run| run.letters.len()).sum();
            frames.push((letters, frame(runs, &drawn, direction, area)));
        }
    }
    frames.sort_by_key(|(letters, _)| std::cmp::Reverse(*letters));
    page.frames = frames.into_iter().map(|(_, frame)| frame).collect();
    page
}

fn frame(mut runs: Vec<Run>, drawn: &Drawn, direction: Direction, area: Area) -> Frame {
    let ruling = Ruling::new(&drawn.rules, direction);
    let usual = usual_size(&runs);
    attach_drop_caps(&mut runs, usual);
    attach_scripts(&mut runs);
    let mut rows = rows(runs, &ruling.uprights);
    let line_numbers = remove_line_numbers(&mut rows);
    Frame {
        area: direction.upright_area(area),
        rows,
        ruling,
        line_numbers,
    }
}

/// The entry of a dictionary with references followed.
pub fn entry(shared: &Shared<'_>, object: &Object, name: &str) -> Option<Object> {
    let value = object.as_dict()?.get(name)?;
    shared.document.resolve_object(value).ok()
}
