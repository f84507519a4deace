//! Showing text: where each letter of a string stands, how large it is, and whether an eye can see it there.

use pdf_oxide::content::{Matrix, Operator, TextElement};

use super::content::Interpreter;
use super::drawn::{Glyph, Hidden};
use super::geometry::{Direction, combine, matrix_of, number, transform};
use super::state::differ;

/// Letters smaller than this, in points, are no text to an eye.
const SMALLEST: f32 = 1.0;
/// So many of the latest painted areas are looked at to tell a letter's background.
const MAX_GROUNDS: usize = 500;

impl Interpreter<'_, '_> {
    /// Carries out an operator about text, and says whether it was one.
    pub(super) fn text_step(&mut self, operator: &Operator) -> bool {
        match operator {
            Operator::BeginText => {
                self.text = Matrix::identity();
                self.line = self.text;
            }
            Operator::EndText => {}
            Operator::Tm { a, b, c, d, e, f } => {
                self.text = matrix_of([*a, *b, *c, *d, *e, *f]);
                self.line = self.text;
            }
            Operator::Td { tx, ty } => self.next_line(*tx, *ty),
            Operator::TD { tx, ty } => {
                self.state.leading = -ty;
                self.next_line(*tx, *ty);
            }
            Operator::TStar => self.next_line(0.0, -self.state.leading),
            Operator::Tc { char_space } => self.state.char_space = *char_space,
            Operator::Tw { word_space } => self.state.word_space = *word_space,
            Operator::Tz { scale } => self.state.stretch = scale / 100.0,
            Operator::TL { leading } => self.state.leading = *leading,
            Operator::Tr { render } => self.state.render_mode = *render,
            Operator::Ts { rise } => self.state.rise = *rise,
            Operator::Tf { font, size } => {
                self.state.font = self.fonts.get(font).cloned();
                self.state.font_size = *size;
            }
            Operator::Tj { text } => self.show_string(text),
            Operator::TJ { array } => self.show_elements(array),
            Operator::Quote { text } => {
                self.next_line(0.0, -self.state.leading);
                self.show_string(text);
            }
            Operator::DoubleQuote {
                word_space,
                char_space,
                text,
            } => {
                self.state.word_space = *word_space;
                self.state.char_space = *char_space;
                self.next_line(0.0, -self.state.leading);
                self.show_string(text);
            }
            _ => return false,
        }
        true
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = combine(&matrix_of([1.0, 0.0, 0.0, 1.0, x, y]), &self.line);
        self.text = self.line;
    }

    fn show_string(&mut self, bytes: &[u8]) {
        self.show_elements(&[TextElement::String(bytes.to_vec())]);
    }

    /// Moves on by so many thousandths of the font's size, against the direction of writing.
    pub(super) fn shift(&mut self, thousandths: f32) {
        let by = -thousandths / 1000.0 * self.state.font_size;
        if self
            .state
            .font
            .as_ref()
            .is_some_and(|font| font.is_vertical)
        {
            self.advance(0.0, by);
        } else {
            self.advance(by * self.state.stretch, 0.0);
        }
    }

    fn advance(&mut self, x: f32, y: f32) {
        self.text = combine(&matrix_of([1.0, 0.0, 0.0, 1.0, x, y]), &self.text);
    }

    /// Shows one string.
    pub(super) fn show(&mut self, bytes: &[u8], hidden: Option<Hidden>) {
        let Some(font) = self.state.font.clone() else {
            // Which font it was nobody knows: the codes may stand for anything.
            self.count_unmapped("unnamed", bytes.len());
            return;
        };
        let (size, stretch) = (self.state.font_size, self.state.stretch);
        let mut ground: Option<bool> = None;
        for code in font.decode(bytes) {
            let matrix = combine(&self.text, &self.state.matrix);
            let origin = transform(&matrix, 0.0, self.state.rise);
            let (unit_x, unit_y) = (matrix.a.hypot(matrix.b), matrix.c.hypot(matrix.d));
            let em = (size * unit_y).abs();
            let width = code.width * size * stretch;
            let spacing = self.state.char_space
                + if code.is_space_code {
                    self.state.word_space
                } else {
                    0.0
                };
            let sign = if size * stretch < 0.0 { -1.0 } else { 1.0 };
            let direction = if font.is_vertical {
                Direction::of(-matrix.c, -matrix.d)
            } else {
                Direction::of(matrix.a * sign, matrix.b * sign)
            };
            match &code.text {
                None => self.count_unmapped(font.name(), 1),
                Some(text) => {
                    let count = text.chars().count();
                    let advance = if font.is_vertical {
                        em
                    } else {
                        (width * unit_x).abs()
                    };
                    let share = advance / number(count.max(1));
                    let mut glyph = Glyph {
                        character: ' ',
                        x: origin.0,
                        y: origin.1,
                        width: share,
                        size: em,
                        direction,
                        order: 0,
                        hidden,
                        is_artifact: self.is_artifact(),
                        is_bold: font.is_bold,
                        is_small_figure: code.is_small_figure,
                    };
                    if hidden.is_none() {
                        let is_seen = *ground.get_or_insert_with(|| self.stands_out(&glyph));
                        glyph.hidden = self.hidden_at(&glyph, is_seen);
                    }
                    for (index, character) in text.chars().enumerate() {
                        let along = share * number(index);
                        let (x, y) = moved(origin, direction, along);
                        if x.is_finite() && y.is_finite() && em.is_finite() && share.is_finite() {
                            glyph.order = self.order();
                            (glyph.character, glyph.x, glyph.y) = (character, x, y);
                            self.drawn.glyphs.push(glyph);
                        }
                    }
                }
            }
            if font.is_vertical {
                self.advance(0.0, -size - spacing);
            } else {
                self.advance(width + spacing * stretch, 0.0);
            }
        }
    }

    fn count_unmapped(&mut self, font: &str, count: usize) {
        *self.drawn.unmapped.entry(font.to_owned()).or_default() += count;
    }

    fn hidden_at(&self, glyph: &Glyph, is_seen: bool) -> Option<Hidden> {
        let center = glyph.center();
        if glyph.size < SMALLEST {
            Some(Hidden::Tiny)
        } else if !(self.page.grown(glyph.size * 0.3)).contains(center)
            || !(self.state.clip.grown(glyph.size * 0.5)).contains(center)
        {
            Some(Hidden::OffPage)
        } else if !is_seen {
            Some(Hidden::SameColor)
        } else {
            None
        }
    }

    /// Whether the letter's colour is another than that of what is beneath it.
    fn stands_out(&self, glyph: &Glyph) -> bool {
        let center = glyph.center();
        let text = self.state.text_paint();
        let ground = self
            .drawn
            .fills
            .iter()
            .rev()
            .take(MAX_GROUNDS)
            .find(|fill| fill.area.contains(center))
            .map_or(Some([1.0; 3]), |fill| fill.paint);
        differ(text, ground)
            || self
                .drawn
                .pictures
                .iter()
                .rev()
                .take(MAX_GROUNDS)
                .any(|area| area.contains(center))
    }
}

fn moved((x, y): (f32, f32), direction: Direction, along: f32) -> (f32, f32) {
    match direction {
        Direction::Right | Direction::Slanted => (x + along, y),
        Direction::Left => (x - along, y),
        Direction::Up => (x, y - along),
        Direction::Down => (x, y + along),
    }
}
