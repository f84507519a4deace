//! Words as they are compared: without case, accents and endings. It must not know what they mean.

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use super::lexicon;
use crate::interruption::checkpoint;

/// A word where it stands.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts of a word, each true or not whatever the others are"
)]
pub struct Word {
    pub bytes: Range<usize>,
    /// Small letters, no accents, no `'s`.
    pub lower: String,
    /// What is compared: the stem.
    pub stem: String,
    /// Written with a capital (or a digit within) where a sentence does not ask for one, or in capitals throughout.
    pub name: bool,
    /// Says nothing of its own: `the`, `of`, `was`.
    pub stop: bool,
    pub number: bool,
    /// The first word of a clause: a comma, semicolon, colon, dash or bracket stands before it.
    pub after_break: bool,
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word> {
    // Every long step reads words, and a stretch of them is short.
    checkpoint();
    let stemmer = Stemmer::create(Algorithm::English);
    let mut found: Vec<Word> = Vec::new();
    let mut end = 0;
    for (at, raw) in text.unicode_word_indices() {
        // `and/or_so`: the segmentation keeps underscores, and hostile texts are full of them.
        let gap = &text[end..at];
        let after_break = gap.contains([',', ';', ':', '(', ')', '—', '–', '"', '“', '”', '|']);
        let opens = found.is_empty() || gap.contains(['.', '!', '?', '"', '“', ':']);
        end = at + raw.len();
        let lower = plain(raw);
        if lower.is_empty() {
            continue;
        }
        let number = lower.starts_with(|first: char| first.is_ascii_digit());
        let stop = lexicon::is_stop(&lower);
        let capital = raw.starts_with(char::is_uppercase);
        let capitals = raw.chars().filter(|letter| letter.is_uppercase()).count();
        let inner = raw
            .chars()
            .skip(1)
            .any(|letter| letter.is_uppercase() || letter.is_ascii_digit());
        let name = !number && !stop && ((capital && !opens) || (inner && capitals > 0));
        found.push(Word {
            bytes: at..end,
            stem: stem(&stemmer, &lower),
            lower,
            name,
            stop,
            number,
            after_break,
        });
    }
    // A capital at the beginning says nothing, unless a name follows at once: `Helena Marsh designed it`.
    if found.len() > 1 && found[1].name && !found[0].stop && !found[0].number {
        found[0].name = text[found[0].bytes.clone()].starts_with(char::is_uppercase);
    }
    found
}

/// The stem of a word in small letters.
pub fn stem_of(lower: &str) -> String {
    stem(&Stemmer::create(Algorithm::English), lower)
}

fn stem(stemmer: &Stemmer, lower: &str) -> String {
    if let Some(regular) = lexicon::regular_form(lower) {
        return stemmer.stem(regular).into_owned();
    }
    if lower.is_ascii() {
        stemmer.stem(lower).into_owned()
    } else {
        lower.to_owned()
    }
}

fn plain(raw: &str) -> String {
    let mut lower: String = raw
        .nfkd()
        .filter(|letter| !('\u{300}'..='\u{36f}').contains(letter))
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == '’' { '\'' } else { letter })
        .collect();
    if let Some(owner) = lower.strip_suffix("'s") {
        lower.truncate(owner.len());
    }
    lower.retain(|letter| letter != '_');
    lower
}

/// A stemmer that is made once for many words.
pub struct Stems(Stemmer);

impl Stems {
    /// Makes it.
    pub fn new() -> Self {
        checkpoint();
        Self(Stemmer::create(Algorithm::English))
    }

    /// The stem of a word in small letters.
    pub fn of(&self, lower: &str) -> String {
        stem(&self.0, lower)
    }
}

impl Default for Stems {
    fn default() -> Self {
        Self::new()
    }
}
