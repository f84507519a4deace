//! The text of a segment: words parted where the gap says so, raised and lowered pieces in a form that never runs into the
//! word beside them, scripts that run to the left in the order they are read.

use super::marks::{lowered, raised, small};
use super::rows::Segment;
use super::runs::{Letter, Script};

/// The text of a segment.
pub fn text_of(segment: &Segment) -> String {
    let gap = word_gap(&segment.letters);
    let pieces = pieces(&segment.letters, gap);
    if pieces.iter().any(|piece| piece.text.chars().any(runs_left)) {
        return leftward(&pieces);
    }
    let mut text = String::with_capacity(segment.letters.len() + 8);
    for (index, piece) in pieces.iter().enumerate() {
        let follows_mark = index > 0
            && text.ends_with(']')
            && matches!(pieces[index - 1].script, Script::Raised | Script::Small)
            && piece.text.starts_with(char::is_alphanumeric);
        if (piece.has_space_before || follows_mark) && !text.is_empty() {
            text.push(' ');
        }
        match piece.script {
            Script::Plain => text.push_str(&piece.text),
            Script::Lowered => lowered(&mut text, &piece.text),
            Script::Raised | Script::Small => {
                let after = pieces.get(index + 1).map_or("", |next| next.text.as_str());
                if piece.script == Script::Small {
                    small(&mut text, &piece.text, after);
                } else {
                    raised(&mut text, &piece.text, after);
                }
            }
        }
    }
    text
}

/// Where the first word of a segment ends, and the last one begins.
pub fn first_word_width(segment: &Segment) -> f32 {
    let gap = word_gap(&segment.letters);
    let mut before: Option<&Letter> = None;
    let mut right = segment.area.left;
    for letter in &segment.letters {
        if before.is_some_and(|before| is_word_break(before, letter, gap)) {
            break;
        }
        right = letter.right();
        before = Some(letter);
    }
    right - segment.area.left
}

/// Letters of one script without a space between them.
struct Piece {
    text: String,
    script: Script,
    has_space_before: bool,
}

fn pieces(letters: &[Letter], gap: f32) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before: Option<&Letter> = None;
    for letter in letters {
        let is_break = before.is_some_and(|before| is_word_break(before, letter, gap));
        match pieces.last_mut() {
            Some(piece) if piece.script == letter.script && !is_break => {
                piece.text.push(letter.character);
            }
            _ => pieces.push(Piece {
                text: letter.character.to_string(),
                script: letter.script,
                has_space_before: is_break,
            }),
        }
        before = Some(letter);
    }
    pieces
}

fn is_word_break(before: &Letter, letter: &Letter, widest: f32) -> bool {
    if letter.is_glued {
        return false;
    }
    let size = before.size.max(letter.size);
    let gap = (letter.x - before.right()) / size;
    if letter.has_space_before {
        return !(-1.0..=-0.15).contains(&gap);
    }
    if is_wide(before.character) && is_wide(letter.character) {
        return gap > 0.9;
    }
    // A mark stands a little apart from its word and belongs to it.
    let is_attached = before.script == Script::Plain && letter.script != Script::Plain;
    let allowed = if is_attached {
        widest.max(0.25)
    } else {
        widest
    };
    gap > allowed || gap < -1.5
}

/// How wide a gap between two letters of one word is at most, in parts of the font's size: what letters of this segment
/// usually have between them, and a little more where spaces are letters of their own.
fn word_gap(letters: &[Letter]) -> f32 {
    let mut gaps: Vec<f32> = Vec::with_capacity(letters.len());
    let mut has_spaces = false;
    for pair in letters.windows(2) {
        if pair[1].has_space_before {
            has_spaces = true;
        } else {
            gaps.push((pair[1].x - pair[0].right()) / pair[0].size.max(pair[1].size));
        }
    }
    let reserve = if has_spaces { 0.17 } else { 0.115 };
    if gaps.is_empty() {
        return reserve;
    }
    let loosest = if gaps.len() < 5 { 0.03 } else { 0.6 };
    let at = gaps.len() * 3 / 10;
    let (_, usual, _) = gaps.select_nth_unstable_by(at, f32::total_cmp);
    usual.clamp(-0.08, loosest) + reserve
}

/// Scripts that are written without spaces.
fn is_wide(character: char) -> bool {
    matches!(character, '\u{3000}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

fn runs_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Letters stand from left to right on the page and are read from right to left; numbers and Latin words among them are
/// read as they stand.
fn leftward(pieces: &[Piece]) -> String {
    let mut words: Vec<String> = Vec::new();
    for piece in pieces {
        match words.last_mut() {
            Some(word) if !piece.has_space_before => word.push_str(&piece.text),
            _ => words.push(piece.text.clone()),
        }
    }
    let is_left = |word: &String| word.chars().any(runs_left);
    let mostly_left = words.iter().filter(|word| is_left(word)).count() * 2 >= words.len();
    for word in words.iter_mut().filter(|word| is_left(word)) {
        *word = word.chars().rev().map(mirrored).collect();
    }
    if mostly_left {
        words.reverse();
        reverse_inner_runs(&mut words, |word| !word.chars().any(runs_left));
    } else {
        reverse_inner_runs(&mut words, |word| word.chars().any(runs_left));
    }
    words.join(" ")
}

fn reverse_inner_runs(words: &mut [String], belongs: impl Fn(&str) -> bool) {
    let mut start = 0;
    while start < words.len() {
        let length = words[start..]
            .iter()
            .take_while(|word| belongs(word))
            .count();
        words[start..start + length].reverse();
        start += length.max(1);
    }
}

fn mirrored(character: char) -> char {
    match character {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        other => other,
    }
}
