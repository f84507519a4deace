//! What a picture's file can say of it.

use crate::attachments::formats::dates::Moment;

/// The longest name of a camera, a program or a place, in characters.
const MAX_NAME: usize = 80;
/// The longest free text, in characters.
const MAX_TEXT: usize = 1_000;

/// Facts by one kind of metadata.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    pub taken: Option<Moment>,
    pub digitized: Option<Moment>,
    pub changed: Option<Moment>,
    pub camera: Option<String>,
    pub lens: Option<String>,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub country: Option<String>,
    pub software: Option<String>,
    pub creator: Option<String>,
    pub copyright: Option<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    /// The last word of the IPTC's term for how the picture came about: `trainedAlgorithmicMedia`.
    pub source_type: Option<String>,
    pub edits: Vec<Edit>,
}

/// A step of the picture's history.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edit {
    pub action: String,
    pub software: Option<String>,
    pub when: Option<Moment>,
}

/// A name on one line, with no end of a sentence in it.
pub fn name(raw: &str) -> Option<String> {
    let words: Vec<&str> = raw
        .split(|c: char| c.is_whitespace() || c == '\0')
        .map(|word| word.trim_end_matches(['.', '!', '?', ';', '…']))
        .filter(|word| !word.is_empty())
        .collect();
    cut(&words.join(" "), MAX_NAME)
}

/// Free text on one line, without the marks that it will stand in.
pub fn text(raw: &str) -> Option<String> {
    let words: Vec<&str> = raw
        .split(|c: char| c.is_whitespace() || c == '\0')
        .filter(|word| !word.is_empty())
        .collect();
    cut(&words.join(" ").replace(['“', '”'], "\""), MAX_TEXT)
}

fn cut(text: &str, most: usize) -> Option<String> {
    let cut: String = text.chars().take(most).collect();
    (!cut.trim().is_empty()).then(|| cut.trim().to_owned())
}
