//! What the operators of a page's content have set so far: the graphics state, its colours and its stack.

use std::collections::HashMap;
use std::sync::Arc;

use pdf_oxide::PdfDocument;
use pdf_oxide::content::Matrix;
use pdf_oxide::object::Object;

use super::fonts::Font;
use super::geometry::Area;

/// What an area or a letter is painted with: red, green and blue from 0 to 1, or a pattern, of which no one colour can
/// be said.
pub type Paint = Option<[f32; 3]>;

pub const BLACK: Paint = Some([0.0, 0.0, 0.0]);

/// How the numbers of a colour are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColorSpace {
    /// By how many there are: 1 is grey, 3 are red, green and blue, 4 are printing inks.
    Plain,
    /// One printing ink: 0 is none of it.
    Ink,
    /// Patterns, palettes and others whose numbers are no colour by themselves.
    Other,
}

/// The graphics state.
#[derive(Debug, Clone)]
pub struct State {
    pub matrix: Matrix,
    pub clip: Area,
    pub fill: Paint,
    pub fill_space: ColorSpace,
    pub stroke: Paint,
    /// How opaque what is filled is, from 0 to 1.
    pub fill_alpha: f32,
    /// Nothing of the group that is being drawn can be seen.
    pub is_in_clear_group: bool,
    /// Painting replaces what is beneath; otherwise it is blended with it.
    pub paints_over: bool,
    pub line_width: f32,
    pub font: Option<Arc<Font>>,
    pub font_size: f32,
    pub char_space: f32,
    pub word_space: f32,
    /// 1 is as wide as the font has it.
    pub stretch: f32,
    pub leading: f32,
    pub rise: f32,
    pub render_mode: u8,
}

impl State {
    pub fn new(matrix: Matrix, clip: Area) -> Self {
        Self {
            matrix,
            clip,
            fill: BLACK,
            fill_space: ColorSpace::Plain,
            stroke: BLACK,
            fill_alpha: 1.0,
            is_in_clear_group: false,
            paints_over: true,
            line_width: 1.0,
            font: None,
            font_size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            render_mode: 0,
        }
    }

    /// What letters are painted with: outlines only where the mode says so.
    pub fn text_paint(&self) -> Paint {
        if self.render_mode % 4 == 1 {
            self.stroke
        } else {
            self.fill
        }
    }

    /// Takes the entries over that a named set of parameters has.
    pub fn apply_parameters(
        &mut self,
        parameters: &HashMap<String, Object>,
        document: &PdfDocument,
    ) {
        let resolved = |name: &str| {
            let object = parameters.get(name)?;
            document.resolve_object(object).ok()
        };
        if let Some(alpha) = resolved("ca").as_ref().and_then(real) {
            self.fill_alpha = alpha;
        }
        if let Some(mode) = resolved("BM") {
            self.paints_over = matches!(mode.as_name(), Some("Normal" | "Compatible"));
        }
        if resolved("SMask").is_some_and(|mask| mask.as_dict().is_some()) {
            self.paints_over = false;
        }
    }
}

/// A number, whole or not.
pub fn real(object: &Object) -> Option<f32> {
    match object {
        #[expect(
            clippy::cast_precision_loss,
            reason = "coordinates of a page, far from where it matters"
        )]
        Object::Integer(value) => Some(*value as f32),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is too large becomes infinite and is refused later"
        )]
        Object::Real(value) => Some(*value as f32),
        _ => None,
    }
}

/// The numbers of an array, which may be references themselves.
pub fn reals<const N: usize>(object: &Object, document: &PdfDocument) -> Option<[f32; N]> {
    let object = document.resolve_object(object).ok()?;
    let array = object.as_array()?;
    let mut numbers = [0.0; N];
    for (number, item) in numbers.iter_mut().zip(array) {
        *number = real(&document.resolve_object(item).ok()?)?;
    }
    (array.len() >= N).then_some(numbers)
}

/// The colour that these numbers are.
pub fn paint(space: ColorSpace, components: &[f32]) -> Paint {
    match (space, components) {
        (ColorSpace::Other, _) => None,
        (ColorSpace::Ink, [ink]) => Some([1.0 - ink; 3]),
        (_, [gray]) => Some([*gray; 3]),
        (_, [red, green, blue]) => Some([*red, *green, *blue]),
        (_, [cyan, magenta, yellow, black]) => {
            let mixed = |ink: &f32| (1.0 - ink) * (1.0 - black);
            Some([mixed(cyan), mixed(magenta), mixed(yellow)])
        }
        _ => None,
    }
}

/// What a colour space of this name is.
pub fn color_space(name: &str, resources: &Object, document: &PdfDocument) -> ColorSpace {
    match name {
        "DeviceGray" | "DeviceRGB" | "DeviceCMYK" | "CalGray" | "CalRGB" | "G" | "RGB" | "CMYK" => {
            return ColorSpace::Plain;
        }
        "Pattern" => return ColorSpace::Other,
        _ => {}
    }
    let kind = || {
        let spaces = document
            .resolve_object(resources.as_dict()?.get("ColorSpace")?)
            .ok()?;
        let space = document.resolve_object(spaces.as_dict()?.get(name)?).ok()?;
        let family = match &space {
            Object::Array(parts) => document.resolve_object(parts.first()?).ok()?,
            _ => space.clone(),
        };
        Some(match family.as_name()? {
            "ICCBased" | "CalGray" | "CalRGB" | "DeviceGray" | "DeviceRGB" | "DeviceCMYK" => {
                ColorSpace::Plain
            }
            "Separation" => ColorSpace::Ink,
            _ => ColorSpace::Other,
        })
    };
    kind().unwrap_or(ColorSpace::Other)
}

/// Whether an eye can tell the two apart; what is not known is taken to be seen.
pub fn differ(text: Paint, ground: Paint) -> bool {
    let (Some(text), Some(ground)) = (text, ground) else {
        return true;
    };
    let distance: f32 = text
        .iter()
        .zip(ground)
        .map(|(one, other)| (one - other).abs())
        .fold(0.0, f32::max);
    distance > 0.04
}
