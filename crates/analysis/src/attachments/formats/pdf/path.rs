//! Paths: painted areas, ruling lines and clips. Curves count with the box around them.

use pdf_oxide::content::Operator;

use super::drawn::{Drawn, Fill, Rule};
use super::geometry::{Area, transform};
use super::state::State;

/// The thickest that a filled box is taken for a ruling line, in points.
const THICKEST_RULE: f32 = 3.0;
/// The shortest that a line is taken for a ruling line.
const MIN_RULE: f32 = 4.0;
const MAX_RULES: usize = 20_000;
const MAX_FILLS: usize = 5_000;
const MAX_SEGMENTS: usize = 20_000;

/// The path that is being built.
#[derive(Debug, Default)]
pub struct Path {
    start: (f32, f32),
    at: (f32, f32),
    segments: Vec<((f32, f32), (f32, f32))>,
    boxes: Vec<Area>,
    has_curve: bool,
    extent: Option<Area>,
    clips: bool,
}

impl Path {
    /// Carries out an operator that builds or paints a path; others do nothing.
    pub fn step(&mut self, operator: &Operator, state: &mut State, drawn: &mut Drawn) {
        match operator {
            Operator::MoveTo { x, y } => {
                self.at = transform(&state.matrix, *x, *y);
                self.start = self.at;
                self.reach(self.at);
            }
            Operator::LineTo { x, y } => self.line_to(transform(&state.matrix, *x, *y)),
            Operator::CurveTo {
                x1,
                y1,
                x2,
                y2,
                x3,
                y3,
            } => {
                self.curve(state, &[(*x1, *y1), (*x2, *y2), (*x3, *y3)]);
            }
            Operator::CurveToV { x2, y2, x3, y3 } => self.curve(state, &[(*x2, *y2), (*x3, *y3)]),
            Operator::CurveToY { x1, y1, x3, y3 } => self.curve(state, &[(*x1, *y1), (*x3, *y3)]),
            Operator::ClosePath => self.line_to(self.start),
            Operator::Rectangle {
                x,
                y,
                width,
                height,
            } => {
                let corner = transform(&state.matrix, *x, *y);
                let across = transform(&state.matrix, x + width, y + height);
                let is_upright = state.matrix.b.abs() + state.matrix.c.abs() < 1e-3
                    || state.matrix.a.abs() + state.matrix.d.abs() < 1e-3;
                self.has_curve |= !is_upright;
                if self.boxes.len() < MAX_SEGMENTS {
                    self.boxes.push(Area::around([corner, across]));
                }
                self.reach(corner);
                self.reach(across);
                self.at = corner;
                self.start = corner;
            }
            Operator::ClipNonZero | Operator::ClipEvenOdd => self.clips = true,
            Operator::Stroke | Operator::CloseAndStroke => self.paint(state, drawn, false, true),
            Operator::Fill | Operator::FillEvenOdd => self.paint(state, drawn, true, false),
            Operator::FillStroke
            | Operator::FillStrokeEvenOdd
            | Operator::CloseFillStroke
            | Operator::CloseFillStrokeEvenOdd => self.paint(state, drawn, true, true),
            Operator::EndPath => self.paint(state, drawn, false, false),
            _ => {}
        }
    }

    fn reach(&mut self, point: (f32, f32)) {
        let area = Area::around([point]);
        self.extent = Some(self.extent.map_or(area, |extent| extent.union(area)));
    }

    fn line_to(&mut self, point: (f32, f32)) {
        if self.segments.len() < MAX_SEGMENTS {
            self.segments.push((self.at, point));
        }
        self.at = point;
        self.reach(point);
    }

    fn curve(&mut self, state: &State, points: &[(f32, f32)]) {
        self.has_curve = true;
        for (x, y) in points {
            self.at = transform(&state.matrix, *x, *y);
            self.reach(self.at);
        }
    }

    fn paint(&mut self, state: &mut State, drawn: &mut Drawn, fills: bool, strokes: bool) {
        let path = std::mem::take(self);
        if path.clips
            && let Some(extent) = path.extent
        {
            state.clip = state.clip.intersection(extent);
        }
        if fills {
            path.fill(state, drawn);
        }
        if strokes {
            for (start, end) in &path.segments {
                add_rule(drawn, Area::around([*start, *end]), state.clip);
            }
            for area in &path.boxes {
                add_edges(drawn, *area, state.clip);
            }
        }
    }

    fn fill(&self, state: &State, drawn: &mut Drawn) {
        let order = u32::try_from(drawn.glyphs.len()).unwrap_or(u32::MAX);
        let mut add = |area: Area, is_whole: bool| {
            let area = area.intersection(state.clip);
            if area.width() <= THICKEST_RULE || area.height() <= THICKEST_RULE {
                add_rule(drawn, area, state.clip);
            }
            if drawn.fills.len() < MAX_FILLS && area.width() > 0.0 && area.height() > 0.0 {
                let is_plain = state.paints_over && state.fill_alpha > 0.98 && is_whole;
                drawn.fills.push(Fill {
                    area,
                    paint: if is_plain { state.fill } else { None },
                    is_opaque: is_plain && state.fill.is_some(),
                    order,
                });
            }
        };
        for area in &self.boxes {
            add(*area, !self.has_curve);
        }
        if self.boxes.is_empty()
            && let Some(extent) = self.extent
        {
            let is_upright = self
                .segments
                .iter()
                .all(|((x0, y0), (x1, y1))| (x0 - x1).abs() < 0.1 || (y0 - y1).abs() < 0.1);
            let is_box = is_upright && !self.has_curve && self.segments.len() <= 5;
            add(extent, is_box);
        }
    }
}

fn add_edges(drawn: &mut Drawn, area: Area, clip: Area) {
    for edge in [
        Area {
            bottom: area.top,
            ..area
        },
        Area {
            top: area.bottom,
            ..area
        },
        Area {
            right: area.left,
            ..area
        },
        Area {
            left: area.right,
            ..area
        },
    ] {
        add_rule(drawn, edge, clip);
    }
}

fn add_rule(drawn: &mut Drawn, area: Area, clip: Area) {
    let (width, height) = (area.width(), area.height());
    let is_straight = width.min(height) <= THICKEST_RULE && width.max(height) >= MIN_RULE;
    let is_seen = area.right >= clip.left
        && area.left <= clip.right
        && area.bottom >= clip.top
        && area.top <= clip.bottom;
    if is_straight && is_seen && drawn.rules.len() < MAX_RULES {
        drawn.rules.push(Rule { area });
    }
}
