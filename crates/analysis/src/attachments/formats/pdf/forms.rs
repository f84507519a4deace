//! Form fields and notes on a page: what was filled in stands where its field is, beside its label.

use pdf_oxide::object::Object;
use pdf_oxide::optional_content::decode_pdf_text_string;

use super::content::Interpreter;
use super::drawn::Glyph;
use super::geometry::{Area, Direction, combine, matrix_of, number, transform_area};
use super::page::entry;
use super::state::reals;

/// The most annotations of one page that are looked at.
const MAX_ANNOTATIONS: usize = 5_000;
/// How far up a field's parents are asked for what it does not say itself.
const MAX_PARENTS: usize = 8;

/// Flags of an annotation that is not shown: invisible, hidden, no view.
const NOT_SHOWN: i64 = 0b10_0011;

/// Draws the annotations that have text on the page.
pub fn draw_annotations(interpreter: &mut Interpreter<'_, '_>, annotations: &Object) {
    let Ok(annotations) = interpreter.shared.document.resolve_object(annotations) else {
        return;
    };
    for annotation in annotations
        .as_array()
        .into_iter()
        .flatten()
        .take(MAX_ANNOTATIONS)
    {
        if let Ok(annotation) = interpreter.shared.document.resolve_object(annotation) {
            draw_annotation(interpreter, &annotation);
        }
    }
}

fn draw_annotation(interpreter: &mut Interpreter<'_, '_>, annotation: &Object) {
    let flags = entry(interpreter.shared, annotation, "F").and_then(|flags| flags.as_integer());
    if flags.unwrap_or(0) & NOT_SHOWN != 0 {
        return;
    }
    let kind = entry(interpreter.shared, annotation, "Subtype");
    let Some(rect) = annotation
        .as_dict()
        .and_then(|entries| reals::<4>(entries.get("Rect")?, interpreter.shared.document))
    else {
        return;
    };
    let area = (
        (rect[0].min(rect[2]), rect[1].min(rect[3])),
        (rect[0].max(rect[2]), rect[1].max(rect[3])),
    );
    match kind.as_ref().and_then(Object::as_name) {
        Some("Widget") => {
            let display = transform_area(&interpreter.state.matrix, area.0, area.1);
            draw_field(interpreter, annotation, display);
        }
        Some("FreeText" | "Stamp") => draw_appearance(interpreter, annotation, area),
        _ => {}
    }
}

/// Carries out the drawing that an annotation brings along, fitted into its place.
fn draw_appearance(
    interpreter: &mut Interpreter<'_, '_>,
    annotation: &Object,
    (low, high): ((f32, f32), (f32, f32)),
) {
    let Some(appearance) = entry(interpreter.shared, annotation, "AP") else {
        return;
    };
    let Some(form) = entry(interpreter.shared, &appearance, "N") else {
        return;
    };
    let Some(entries) = form.as_dict() else {
        return;
    };
    let document = interpreter.shared.document;
    let Some(bounds) = entries
        .get("BBox")
        .and_then(|bounds| reals::<4>(bounds, document))
    else {
        return;
    };
    let matrix = entries
        .get("Matrix")
        .and_then(|matrix| reals::<6>(matrix, document))
        .map_or(pdf_oxide::content::Matrix::identity(), matrix_of);
    let drawn = transform_area(&matrix, (bounds[0], bounds[1]), (bounds[2], bounds[3]));
    if drawn.width() <= 0.0 || drawn.height() <= 0.0 {
        return;
    }
    let scale = (
        (high.0 - low.0) / drawn.width(),
        (high.1 - low.1) / drawn.height(),
    );
    let fit = matrix_of([
        scale.0,
        0.0,
        0.0,
        scale.1,
        low.0 - drawn.left * scale.0,
        low.1 - drawn.top * scale.1,
    ]);
    let state = interpreter.state.clone();
    interpreter.state.matrix = combine(&fit, &interpreter.state.matrix);
    interpreter.draw_form(&form, None);
    interpreter.state = state;
}

/// Sets what was filled in into the field's place.
fn draw_field(interpreter: &mut Interpreter<'_, '_>, widget: &Object, area: Area) {
    let kind = inherited(interpreter, widget, "FT");
    let value = inherited(interpreter, widget, "V");
    let text = match kind.as_ref().and_then(Object::as_name) {
        Some("Tx" | "Ch") => value.as_ref().map(field_text),
        Some("Btn") => button_text(interpreter, widget),
        _ => None,
    };
    let Some(text) = text else { return };
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    if lines.is_empty() || area.width() <= 0.0 {
        return;
    }
    if let ([line], Some(label)) = (lines.as_slice(), label_on_left(interpreter, area)) {
        let size = (area.height() * 0.7).clamp(label.size, 12.0_f32.max(label.size));
        set_line(interpreter, line, area, label.y, size);
        return;
    }
    if let ([line], Some(label)) = (lines.as_slice(), label_above(interpreter, area)) {
        let place = Area {
            left: label.x + label.width + 0.4 * label.size,
            ..area
        };
        set_line(interpreter, line, place, label.y, label.size);
        return;
    }
    let step = area.height() / number(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let size = step.mul_add(0.7, 0.0).clamp(4.0, 12.0);
        let bottom = area.top + step * number(index + 1);
        let baseline = bottom - (step - size) / 2.0 - size * 0.15;
        set_line(interpreter, line, area, baseline, size);
    }
}

/// The letters that were drawn before.
fn letters<'a>(interpreter: &'a Interpreter<'_, '_>) -> impl Iterator<Item = &'a Glyph> {
    let drawn = interpreter.drawn.glyphs.iter();
    drawn.filter(|glyph| glyph.hidden.is_none() && !glyph.character.is_whitespace())
}

/// The last letter of the label on a field's left.
fn label_on_left(interpreter: &Interpreter<'_, '_>, area: Area) -> Option<Glyph> {
    let is_label = |glyph: &&Glyph| {
        let room = area.left - glyph.x - glyph.width;
        glyph.y > area.top
            && glyph.y < area.bottom + 0.3 * glyph.size
            && (-1.0..150.0).contains(&room)
    };
    let labels = letters(interpreter).filter(is_label);
    labels
        .max_by(|one, other| one.x.total_cmp(&other.x))
        .copied()
}

/// The last letter of the label above a field: a value belongs beside it.
fn label_above(interpreter: &Interpreter<'_, '_>, area: Area) -> Option<Glyph> {
    let is_above = |glyph: &&Glyph| {
        let room = area.top - glyph.y;
        room > -0.2 * glyph.size && room < 0.9 * glyph.size && glyph.x < area.right
    };
    let mut above: Vec<&Glyph> = letters(interpreter).filter(is_above).collect();
    above.sort_by(|one, other| one.x.total_cmp(&other.x));
    let start = above.iter().position(|glyph| glyph.x > area.left - 6.0)?;
    let label: Vec<&Glyph> = above
        .split_off(start)
        .into_iter()
        .scan(area.left, |end, glyph| {
            let is_near = glyph.x - *end < 1.3 * glyph.size;
            *end = glyph.x + glyph.width;
            is_near.then_some(glyph)
        })
        .collect();
    label.last().copied().copied()
}

fn set_line(
    interpreter: &mut Interpreter<'_, '_>,
    line: &str,
    area: Area,
    baseline: f32,
    size: f32,
) {
    let count = line.chars().count();
    // As wide as letters usually are, and no wider than the field.
    let widest = (area.width() / number(count.max(1))).max(size * 0.05);
    let width = (size * 0.5).min(widest);
    for (index, character) in line.chars().enumerate() {
        let order = interpreter.order();
        interpreter.drawn.glyphs.push(Glyph {
            character,
            x: area.left + 1.0 + width * number(index),
            y: baseline,
            width,
            size,
            direction: Direction::Right,
            order,
            hidden: None,
            is_artifact: false,
            is_bold: false,
            is_small_figure: false,
        });
    }
}

fn field_text(value: &Object) -> String {
    match value {
        Object::String(bytes) => decode_pdf_text_string(bytes).replace('\r', "\n"),
        Object::Name(name) => name.clone(),
        Object::Array(items) => {
            let items: Vec<String> = items.iter().map(field_text).collect();
            items.join(", ")
        }
        _ => String::new(),
    }
}

/// A box that is ticked, or is not; push buttons say nothing.
fn button_text(interpreter: &Interpreter<'_, '_>, widget: &Object) -> Option<String> {
    let state = entry(interpreter.shared, widget, "AS")?;
    let mark = if state.as_name()? == "Off" {
        "☐"
    } else {
        "☒"
    };
    Some(mark.to_owned())
}

/// What a field says, or the fields it belongs to.
fn inherited(interpreter: &Interpreter<'_, '_>, field: &Object, name: &str) -> Option<Object> {
    let mut field = field.clone();
    for _ in 0..MAX_PARENTS {
        if let Some(value) = entry(interpreter.shared, &field, name) {
            return Some(value);
        }
        field = entry(interpreter.shared, &field, "Parent")?;
    }
    None
}
