//! The ruling lines of a page: pieces that touch are one line, however they were drawn.

use super::drawn::Rule;
use super::geometry::{Area, Direction};

/// Lines that lie this close are one, in points.
const NEAR: f32 = 1.6;

/// Ruling lines, each kind sorted from the top, or from the left.
#[derive(Debug, Default)]
pub struct Ruling {
    pub levels: Vec<Area>,
    pub uprights: Vec<Area>,
}

impl Ruling {
    /// The lines as they stand where text of this direction reads to the right.
    pub fn new(rules: &[Rule], direction: Direction) -> Self {
        let (mut levels, mut uprights) = (Vec::new(), Vec::new());
        for rule in rules {
            let area = direction.upright_area(rule.area);
            if area.width() >= area.height() {
                levels.push(area);
            } else {
                uprights.push(swapped(area));
            }
        }
        Self {
            levels: merged(levels),
            uprights: merged(uprights).into_iter().map(swapped).collect(),
        }
    }

    /// The heights of the level lines that cross most of an area.
    pub fn levels_in(&self, area: Area) -> Vec<f32> {
        let mut heights: Vec<f32> = Vec::new();
        for level in &self.levels {
            let shared = level.right.min(area.right) - level.left.max(area.left);
            let at = f32::midpoint(level.top, level.bottom);
            if shared >= area.width() * 0.6
                && at >= area.top
                && at <= area.bottom
                && heights.last().is_none_or(|last| at - last > 2.0 * NEAR)
            {
                heights.push(at);
            }
        }
        heights
    }

    /// The places of the upright lines that run along most of an area.
    pub fn uprights_in(&self, area: Area) -> Vec<f32> {
        let mut places: Vec<f32> = Vec::new();
        for upright in &self.uprights {
            let shared = upright.bottom.min(area.bottom) - upright.top.max(area.top);
            let at = f32::midpoint(upright.left, upright.right);
            if shared >= area.height() * 0.5
                && at >= area.left
                && at <= area.right
                && places.last().is_none_or(|last| at - last > 2.0 * NEAR)
            {
                places.push(at);
            }
        }
        places
    }

    /// Whether an upright line stands at `x` beside `y`.
    pub fn has_upright(&self, x: f32, y: f32) -> bool {
        self.uprights.iter().any(|upright| {
            (f32::midpoint(upright.left, upright.right) - x).abs() <= 2.0 * NEAR
                && upright.top <= y
                && upright.bottom >= y
        })
    }
}

fn swapped(area: Area) -> Area {
    Area {
        left: area.top,
        top: area.left,
        right: area.bottom,
        bottom: area.right,
    }
}

/// Level lines with the pieces of each put together.
fn merged(mut lines: Vec<Area>) -> Vec<Area> {
    lines.sort_by(|one, other| {
        one.top
            .total_cmp(&other.top)
            .then(one.left.total_cmp(&other.left))
    });
    // Pieces of one line may differ by a hair in height, so that each height is gathered first and sorted along then.
    let mut merged: Vec<Area> = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let top = lines[start].top;
        let end = start + lines[start..].partition_point(|line| line.top <= top + NEAR);
        let group = &mut lines[start..end];
        group.sort_by(|one, other| one.left.total_cmp(&other.left));
        for line in group {
            match merged.last_mut() {
                Some(last) if touches(last, line) => *last = last.union(*line),
                _ => merged.push(*line),
            }
        }
        start = end;
    }
    merged
}

fn touches(last: &Area, line: &Area) -> bool {
    let follows = line.left <= last.right + NEAR && line.left >= last.left - NEAR;
    follows && (line.top - last.top).abs() <= NEAR
}
