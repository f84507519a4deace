//! Carries out the operators of a page's content, and of the forms it uses, and keeps what they show. Every loop has a
//! budget: a page may hold what no program would write.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use pdf_oxide::PdfDocument;
use pdf_oxide::content::{Matrix, Operator, TextElement, parse_content_stream};
use pdf_oxide::object::{Object, ObjectRef};
use pdf_oxide::optional_content::resolve_and_check_ocg_excluded;

use super::drawn::{Drawn, Hidden};
use super::fonts::{FontSet, Fonts};
use super::geometry::{Area, combine, matrix_of, transform_area};
use super::path::Path;
use super::pieces::pieces;
use super::state::{State, color_space, paint, reals};

/// The most letters that are taken from one page.
const MAX_GLYPHS: usize = 300_000;
/// The most operators that are carried out for one page, those of its forms included.
const MAX_OPERATORS: usize = 3_000_000;
/// The most forms within forms.
const MAX_DEPTH: usize = 12;
const MAX_SAVED_STATES: usize = 512;
/// So many unpacked forms are kept for one page.
const MAX_KEPT_FORMS: usize = 200;

/// What is less opaque than this is not seen.
const CLEAR: f32 = 0.02;

/// What all pages of a document share.
pub struct Shared<'a> {
    pub document: &'a PdfDocument,
    pub fonts: Fonts,
    /// The names of the layers that are switched off.
    pub layers_off: HashSet<String>,
}

/// Carries out the content of one page.
pub struct Interpreter<'a, 'b> {
    pub(super) shared: &'b mut Shared<'a>,
    pub drawn: Drawn,
    pub(super) state: State,
    saved: Vec<State>,
    pub(super) text: Matrix,
    pub(super) line: Matrix,
    path: Path,
    resources: Object,
    pub(super) fonts: FontSet,
    marks: Vec<Mark>,
    pub(super) page: Area,
    operators_left: usize,
    depth: usize,
    forms: HashMap<ObjectRef, Arc<Vec<Operator>>>,
}

/// What a marked part of the content says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub is_artifact: bool,
    pub is_off: bool,
}

impl<'a, 'b> Interpreter<'a, 'b> {
    /// `matrix` leads to display coordinates, in which the page is `page`.
    pub fn new(shared: &'b mut Shared<'a>, matrix: Matrix, page: Area) -> Self {
        Self {
            shared,
            drawn: Drawn::default(),
            state: State::new(matrix, page),
            saved: Vec::new(),
            text: Matrix::identity(),
            line: Matrix::identity(),
            path: Path::default(),
            resources: Object::Null,
            fonts: FontSet::default(),
            marks: Vec::new(),
            page,
            operators_left: MAX_OPERATORS,
            depth: 0,
            forms: HashMap::new(),
        }
    }

    /// Carries out a content stream with these resources.
    pub fn run(&mut self, content: &[u8], resources: Option<&Object>) {
        self.enter(resources);
        for piece in pieces(content) {
            match parse_content_stream(piece) {
                Ok(operators) => self.carry_out(&operators),
                Err(_) => self.drawn.has_broken_part = true,
            }
            if self.drawn.is_cut {
                return;
            }
        }
    }

    /// Whether the letter about to be drawn belongs to a layer that is off.
    pub(super) fn is_off(&self) -> bool {
        self.marks.iter().any(|mark| mark.is_off)
    }

    pub(super) fn is_artifact(&self) -> bool {
        self.marks.iter().any(|mark| mark.is_artifact)
    }

    /// How many letters have been drawn.
    pub(super) fn order(&self) -> u32 {
        u32::try_from(self.drawn.glyphs.len()).unwrap_or(u32::MAX)
    }

    fn enter(&mut self, resources: Option<&Object>) {
        let Some(resources) = resources else { return };
        self.fonts = self.shared.fonts.of(self.shared.document, resources);
        self.resources = self
            .shared
            .document
            .resolve_object(resources)
            .unwrap_or(Object::Null);
    }

    /// An entry of one of the resources' dictionaries, not yet resolved.
    fn resource(&self, kind: &str, name: &str) -> Option<Object> {
        let entries = self.resources.as_dict()?.get(kind)?;
        let entries = self.shared.document.resolve_object(entries).ok()?;
        entries.as_dict()?.get(name).cloned()
    }

    fn carry_out(&mut self, operators: &[Operator]) {
        for operator in operators {
            if self.operators_left == 0 || self.drawn.glyphs.len() >= MAX_GLYPHS {
                self.drawn.is_cut = true;
                return;
            }
            self.operators_left -= 1;
            self.step(operator);
        }
    }

    fn step(&mut self, operator: &Operator) {
        match operator {
            Operator::SaveState => {
                if self.saved.len() < MAX_SAVED_STATES {
                    self.saved.push(self.state.clone());
                }
            }
            Operator::RestoreState => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            Operator::Cm { a, b, c, d, e, f } => {
                let matrix = matrix_of([*a, *b, *c, *d, *e, *f]);
                self.state.matrix = combine(&matrix, &self.state.matrix);
            }
            Operator::SetLineWidth { width } => self.state.line_width = *width,
            Operator::SetExtGState { dict_name } => {
                let named = self.resource("ExtGState", dict_name);
                let parameters =
                    named.and_then(|named| self.shared.document.resolve_object(&named).ok());
                if let Some(parameters) = parameters.as_ref().and_then(Object::as_dict) {
                    self.state
                        .apply_parameters(parameters, self.shared.document);
                }
            }
            Operator::Do { name } => self.draw_object(name),
            Operator::InlineImage { .. } => self.draw_picture(),
            Operator::PaintShading { .. } => self.drawn.pictures.push(self.state.clip),
            Operator::BeginMarkedContent { tag } => self.mark(tag, None),
            Operator::BeginMarkedContentDict { tag, properties } => {
                self.mark(tag, Some(properties));
            }
            Operator::EndMarkedContent => drop(self.marks.pop()),
            _ => {
                if !self.set_color(operator) && !self.text_step(operator) {
                    self.path.step(operator, &mut self.state, &mut self.drawn);
                }
            }
        }
    }

    fn set_color(&mut self, operator: &Operator) -> bool {
        let plain = super::state::ColorSpace::Plain;
        match operator {
            Operator::SetFillRgb { r, g, b } => self.state.fill = Some([*r, *g, *b]),
            Operator::SetStrokeRgb { r, g, b } => self.state.stroke = Some([*r, *g, *b]),
            Operator::SetFillGray { gray } => self.state.fill = Some([*gray; 3]),
            Operator::SetStrokeGray { gray } => self.state.stroke = Some([*gray; 3]),
            Operator::SetFillCmyk { c, m, y, k } => {
                self.state.fill = paint(plain, &[*c, *m, *y, *k]);
            }
            Operator::SetStrokeCmyk { c, m, y, k } => {
                self.state.stroke = paint(plain, &[*c, *m, *y, *k]);
            }
            Operator::SetFillColorSpace { name } => {
                self.state.fill_space = color_space(name, &self.resources, self.shared.document);
                // A new space begins with black, or with a whole ink.
                self.state.fill = super::state::BLACK;
            }
            Operator::SetFillColor { components } => {
                self.state.fill = paint(self.state.fill_space, components);
            }
            Operator::SetFillColorN { components, name } => {
                self.state.fill = match name {
                    Some(_) => None,
                    None => paint(self.state.fill_space, components),
                };
            }
            Operator::SetStrokeColorSpace { .. }
            | Operator::SetStrokeColor { .. }
            | Operator::SetStrokeColorN { .. } => self.state.stroke = None,
            _ => return false,
        }
        true
    }

    fn mark(&mut self, tag: &str, properties: Option<&Object>) {
        let is_off = tag == "OC"
            && !self.shared.layers_off.is_empty()
            && properties.is_some_and(|properties| {
                resolve_and_check_ocg_excluded(
                    properties,
                    Some(&self.resources),
                    Some(self.shared.document),
                    &self.shared.layers_off,
                )
            });
        let is_artifact = tag == "Artifact"
            && properties
                .and_then(Object::as_dict)
                .and_then(|properties| properties.get("Type"))
                .and_then(Object::as_name)
                == Some("Pagination");
        if self.marks.len() < MAX_SAVED_STATES {
            self.marks.push(Mark {
                is_artifact,
                is_off,
            });
        }
    }

    /// Pictures are drawn into a square of one by one.
    fn draw_picture(&mut self) {
        let area = transform_area(&self.state.matrix, (0.0, 0.0), (1.0, 1.0));
        self.drawn.pictures.push(area.intersection(self.state.clip));
    }

    fn draw_object(&mut self, name: &str) {
        let Some(named) = self.resource("XObject", name) else {
            return;
        };
        let Ok(object) = self.shared.document.resolve_object(&named) else {
            self.drawn.has_broken_part = true;
            return;
        };
        let Some(entries) = object.as_dict() else {
            return;
        };
        let is_off = entries.get("OC").is_some_and(|layer| {
            let layer = self.shared.document.resolve_object(layer);
            layer.is_ok_and(|layer| {
                resolve_and_check_ocg_excluded(
                    &layer,
                    None,
                    Some(self.shared.document),
                    &self.shared.layers_off,
                )
            })
        });
        match entries.get("Subtype").and_then(Object::as_name) {
            Some("Image") if !is_off => self.draw_picture(),
            Some("Form") => {
                self.marks.push(Mark {
                    is_artifact: false,
                    is_off,
                });
                self.draw_form(&object, named.as_reference());
                self.marks.pop();
            }
            _ => {}
        }
    }

    /// Carries out a form, which is a page within the page.
    pub fn draw_form(&mut self, form: &Object, reference: Option<ObjectRef>) {
        let Some(entries) = form.as_dict() else {
            return;
        };
        if self.depth >= MAX_DEPTH {
            self.drawn.is_cut = true;
            return;
        }
        let Some(operators) = self.form_operators(form, reference) else {
            self.drawn.has_broken_part = true;
            return;
        };
        let document = self.shared.document;
        let state = self.state.clone();
        let saved = std::mem::take(&mut self.saved);
        let resources = self.resources.clone();
        let fonts = Arc::clone(&self.fonts);
        let marks = self.marks.len();
        let (text, line) = (self.text, self.line);
        self.enter(entries.get("Resources"));
        if let Some(matrix) = entries
            .get("Matrix")
            .and_then(|matrix| reals::<6>(matrix, document))
        {
            self.state.matrix = combine(&matrix_of(matrix), &self.state.matrix);
        }
        if let Some([x0, y0, x1, y1]) = entries
            .get("BBox")
            .and_then(|area| reals::<4>(area, document))
        {
            let area = transform_area(&self.state.matrix, (x0, y0), (x1, y1));
            self.state.clip = self.state.clip.intersection(area);
        }
        if entries.contains_key("Group") && self.state.fill_alpha < CLEAR {
            self.state.is_in_clear_group = true;
        }
        self.depth += 1;
        self.carry_out(&operators);
        self.depth -= 1;
        self.state = state;
        self.saved = saved;
        self.resources = resources;
        self.fonts = fonts;
        self.marks.truncate(marks);
        (self.text, self.line) = (text, line);
    }

    fn form_operators(
        &mut self,
        form: &Object,
        reference: Option<ObjectRef>,
    ) -> Option<Arc<Vec<Operator>>> {
        if let Some(kept) = reference.and_then(|reference| self.forms.get(&reference)) {
            return Some(Arc::clone(kept));
        }
        let content = form.decode_stream_data().ok()?;
        // Unpacking costs as much as carrying out.
        self.operators_left = self.operators_left.saturating_sub(content.len() / 64);
        let mut operators = Vec::new();
        for piece in pieces(&content) {
            operators.append(&mut parse_content_stream(piece).ok()?);
            if operators.len() > MAX_OPERATORS {
                break;
            }
        }
        let operators = Arc::new(operators);
        if let Some(reference) = reference
            && self.forms.len() < MAX_KEPT_FORMS
        {
            self.forms.insert(reference, Arc::clone(&operators));
        }
        Some(operators)
    }

    /// Shows strings, with the shifts between them.
    pub(super) fn show_elements(&mut self, elements: &[TextElement]) {
        let hidden = self.hidden_reason();
        for element in elements {
            match element {
                TextElement::String(bytes) => self.show(bytes, hidden),
                TextElement::Offset(offset) => self.shift(*offset),
            }
        }
    }

    /// Why what is shown now is invisible, whatever it is and wherever it is drawn.
    pub(super) fn hidden_reason(&self) -> Option<Hidden> {
        if self.is_off() {
            Some(Hidden::Layer)
        } else if matches!(self.state.render_mode, 3 | 7)
            || self.state.fill_alpha < CLEAR
            || self.state.is_in_clear_group
        {
            Some(Hidden::Invisible)
        } else {
            None
        }
    }
}
