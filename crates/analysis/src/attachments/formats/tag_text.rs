//! What people wrote into a file's tags, as it may stand in a sentence.

/// The longest name of a camera, a program, a person or a place, in characters.
const MAX_NAME: usize = 80;
/// The longest free text, in characters.
const MAX_TEXT: usize = 1_000;

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
