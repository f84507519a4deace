//! Fonts: from the bytes of a string to characters with their widths. A font whose letters have no meaning attached is
//! remembered by name, so that its text is named and never read as noise.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use pdf_oxide::PdfDocument;
use pdf_oxide::extractors::TextExtractor;
use pdf_oxide::fonts::{Encoding, FontInfo, LazyCMap, MappingProvenance};
use pdf_oxide::object::{Object, ObjectRef};
use unicode_normalization::UnicodeNormalization as _;

/// How a string of a font is cut into codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CodeWidth {
    One,
    Two,
    /// One or two, by the first byte.
    ShiftJis,
    /// One to four, by the first byte.
    Utf8,
}

/// A code of a string, with what it stands for.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// What is shown, `None` where the font does not say.
    pub text: Option<Arc<str>>,
    /// In text space, for a font size of 1.
    pub width: f32,
    /// The one-byte code 32, to which word spacing applies.
    pub is_space_code: bool,
    /// A figure that the font itself raises or lowers.
    pub is_small_figure: bool,
}

/// A font as the content of a page uses it.
#[derive(Debug)]
pub struct Font {
    info: Arc<FontInfo>,
    code_width: CodeWidth,
    decoded: std::sync::Mutex<HashMap<u32, Decoded>>,
    small_figures: HashSet<u32>,
    /// Its letters can be told at all.
    pub has_map: bool,
    pub is_vertical: bool,
    pub is_bold: bool,
}

impl Font {
    fn new(info: Arc<FontInfo>) -> Self {
        Self {
            code_width: code_width(&info),
            decoded: std::sync::Mutex::default(),
            has_map: info.best_mapping_provenance() != MappingProvenance::Fallback,
            is_vertical: info.wmode == 1,
            is_bold: info.is_bold(),
            small_figures: small_figures(&info),
            info,
        }
    }

    /// The name that a person would know it by, without the mark of a subset.
    pub fn name(&self) -> &str {
        let name = self.info.base_font.as_str();
        name.split_once('+').map_or(name, |(_, rest)| rest)
    }

    /// Cuts a string into codes.
    pub fn decode<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = Decoded> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            let first = *bytes.get(at)?;
            let length = self.length_of(first).min(bytes.len() - at);
            let code = bytes[at..at + length]
                .iter()
                .fold(0_u32, |code, byte| (code << 8) | u32::from(*byte));
            at += length;
            Some(self.lookup(code, length))
        })
    }

    fn length_of(&self, first: u8) -> usize {
        match self.code_width {
            CodeWidth::Two => 2,
            CodeWidth::ShiftJis if matches!(first, 0x81..=0x9f | 0xe0..=0xfc) => 2,
            CodeWidth::One | CodeWidth::ShiftJis => 1,
            CodeWidth::Utf8 => match first {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => 1,
            },
        }
    }

    fn lookup(&self, code: u32, length: usize) -> Decoded {
        let Ok(mut decoded) = self.decoded.lock() else {
            return self.look_up_anew(code, length);
        };
        decoded
            .entry(code)
            .or_insert_with(|| self.look_up_anew(code, length))
            .clone()
    }

    fn look_up_anew(&self, code: u32, length: usize) -> Decoded {
        let text = if self.has_map {
            self.info
                .char_to_unicode(code)
                .and_then(|text| shown(&text))
        } else {
            None
        };
        let width = u16::try_from(code).map_or(self.info.default_width, |code| {
            self.info.get_glyph_width(code)
        });
        let width = width * self.info.font_matrix_a;
        Decoded {
            text,
            width: if width.is_finite() { width } else { 0.0 },
            is_space_code: code == 32 && length == 1,
            is_small_figure: self.small_figures.contains(&code),
        }
    }
}

/// A code's text in the form that a reader would type: ligatures and presentation forms spelt out.
fn shown(raw: &str) -> Option<Arc<str>> {
    let mut text = String::with_capacity(raw.len());
    for character in raw.chars() {
        match character {
            '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => return None,
            '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => text.extend(character.nfkc()),
            '\t' | '\n' | '\r' | '\u{a0}' => text.push(' '),
            // Where it is drawn, it is a hyphen.
            '\u{ad}' => text.push('\u{2010}'),
            _ if character.is_control() => {}
            _ => text.push(character),
        }
    }
    // A map that gives one code a whole sentence is broken.
    (text.chars().count() <= 8).then(|| text.into())
}

/// The codes of raised and lowered figures that are letters of their own: narrower than the figures of the same font.
fn small_figures(info: &FontInfo) -> HashSet<u32> {
    let map = (info.subtype == "Type0")
        .then(|| info.to_unicode.as_ref().and_then(LazyCMap::get))
        .flatten();
    let Some(map) = map else {
        return HashSet::new();
    };
    let mut figures: Vec<(u32, char, f32)> = Vec::new();
    for code in 0..=MAX_FIGURE_CODE {
        let Some(text) = map.get(&u32::from(code)) else {
            continue;
        };
        let mut characters = text.chars();
        if let (Some(figure @ '0'..='9'), None) = (characters.next(), characters.next()) {
            figures.push((u32::from(code), figure, info.get_glyph_width(code)));
        }
    }
    let has_width = |width: f32| move |known: &&(u32, char, f32)| (known.2 - width).abs() < 1.0;
    // Figures of one width set the measure; `1` is often narrower than others.
    let usual = figures
        .iter()
        .map(|(_, _, width)| *width)
        .filter(|width| figures.iter().filter(has_width(*width)).count() >= 3)
        .fold(0.0_f32, f32::max);
    let is_small = |(code, figure, width): &(u32, char, f32)| {
        let is_double = figures
            .iter()
            .any(|other| other.0 != *code && other.1 == *figure && *width < 0.8 * other.2);
        is_double || *figure != '1' && *width < 0.8 * usual
    };
    let small = figures.iter().filter(|figure| is_small(figure));
    small.map(|(code, _, _)| *code).collect()
}

/// Fonts that have small figures of their own are subsets, whose codes are few.
const MAX_FIGURE_CODE: u16 = 8_192;

fn code_width(info: &FontInfo) -> CodeWidth {
    if info.subtype != "Type0" {
        return CodeWidth::One;
    }
    match &info.encoding {
        Encoding::Standard(name) if name.to_ascii_lowercase().contains("utf8") => CodeWidth::Utf8,
        Encoding::Standard(name) if name.contains("RKSJ") => CodeWidth::ShiftJis,
        Encoding::Standard(name) if name.contains("OneByteIdentity") => CodeWidth::One,
        Encoding::Identity | Encoding::Standard(_) => CodeWidth::Two,
        Encoding::Custom(_) => {
            let is_wide = info
                .to_unicode
                .as_ref()
                .is_some_and(|map| map.code_width() == 2);
            if is_wide {
                CodeWidth::Two
            } else {
                CodeWidth::One
            }
        }
    }
}

/// The fonts of one set of resources, by the names that content uses.
pub type FontSet = Arc<HashMap<String, Arc<Font>>>;

/// All fonts of a document, each read once.
#[derive(Debug, Default)]
pub struct Fonts {
    sets: HashMap<ObjectRef, FontSet>,
    by_info: HashMap<usize, Arc<Font>>,
}

/// So many sets are kept: a document in which each page has resources of its own shares fonts all the same.
const MAX_SETS: usize = 2_000;

impl Fonts {
    /// The fonts that these resources name.
    pub fn of(&mut self, document: &PdfDocument, resources: &Object) -> FontSet {
        let key = resources.as_reference().or_else(|| {
            let fonts = resources.as_dict()?.get("Font")?;
            fonts.as_reference()
        });
        if let Some(set) = key.and_then(|key| self.sets.get(&key)) {
            return Arc::clone(set);
        }
        let mut extractor = TextExtractor::new();
        // A broken font costs its own text and no more; it is missing from the set then.
        drop(document.load_fonts_public(resources, &mut extractor));
        let set: HashMap<String, Arc<Font>> = extractor
            .get_font_set()
            .into_iter()
            .map(|(name, info)| (name, self.shared(info)))
            .collect();
        let set = Arc::new(set);
        if let Some(key) = key
            && self.sets.len() < MAX_SETS
        {
            self.sets.insert(key, Arc::clone(&set));
        }
        set
    }

    /// The font holds its description, so that the description's address stays its own.
    fn shared(&mut self, info: Arc<FontInfo>) -> Arc<Font> {
        let address = Arc::as_ptr(&info).addr();
        Arc::clone(
            self.by_info
                .entry(address)
                .or_insert_with(|| Arc::new(Font::new(info))),
        )
    }
}
