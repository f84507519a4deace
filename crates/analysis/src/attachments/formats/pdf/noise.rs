//! Text whose letters stand for other letters: a font's map may turn each into another, and what is read is no word of any
//! language. It shows by the letters themselves, for some are frequent in all languages that are written in Latin script.

use super::geometry::number;
use super::rows::Row;

/// Fewer words say little.
const MIN_WORDS: usize = 60;
/// So many words say enough.
const MAX_WORDS: usize = 5_000;
/// Shorter words are abbreviations as often as not.
const MIN_WORD: usize = 4;
/// The most frequent letters make up half of every text in Latin script, and nearly two thirds of an English one.
const FREQUENT: &str = "etaoinsr";
const LEAST_FREQUENT: f32 = 0.48;
/// Words without a vowel are rare.
const MAX_WITHOUT_VOWEL: f32 = 0.06;

/// Whether what these rows say is no text of any language. It knows of Latin letters only.
pub fn is_noise<'a>(rows: impl Iterator<Item = &'a Row>) -> bool {
    let (mut words, mut without_vowel) = (0, 0);
    let (mut letters, mut frequent) = (0, 0);
    for word in rows.flat_map(words_of).take(MAX_WORDS) {
        words += 1;
        without_vowel += usize::from(!word.contains(['a', 'e', 'i', 'o', 'u', 'y']));
        letters += word.len();
        frequent += word.chars().filter(|c| FREQUENT.contains(*c)).count();
    }
    words >= MIN_WORDS
        && number(frequent) < LEAST_FREQUENT * number(letters)
        && number(without_vowel) > MAX_WITHOUT_VOWEL * number(words)
}

/// The words of a row that are of plain letters, in lower case.
fn words_of(row: &Row) -> Vec<String> {
    let mut words = vec![String::new()];
    for segment in &row.segments {
        words.push(String::new());
        for (index, letter) in segment.letters.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &segment.letters[before]);
            let is_apart = letter.has_space_before
                || before.is_some_and(|before| letter.x - before.right() > 0.15 * letter.size);
            if is_apart {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(letter.character.to_ascii_lowercase());
            }
        }
    }
    words.retain(|word| word.len() >= MIN_WORD && word.chars().all(|c| c.is_ascii_lowercase()));
    words
}
