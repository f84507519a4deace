//! Whether a stretch of text cuts a word or a figure in two: `2 million` is not what `4.2 million` says, and `violent` is not
//! what `non-violent` says.

use std::ops::Range;

use super::matching::{is_dash, is_unseen, is_unspaced};

/// Whether a word or figure goes on before or after the bytes.
pub(super) fn cuts_a_word(text: &str, bytes: &Range<usize>) -> bool {
    bytes.is_empty() || is_cut_before(text, bytes.start) || is_cut_after(text, bytes.end)
}

/// The stretch together with the rest of the words that it cuts.
pub(super) fn widened(text: &str, bytes: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = bytes;
    while start > 0 && is_cut_before(text, start) {
        let before = text[..start].trim_end();
        let gap = before
            .char_indices()
            .rev()
            .find(|(_, letter)| letter.is_whitespace());
        let begins = gap.map_or(0, |(at, letter)| at + letter.len_utf8());
        start = begins.min(start - 1);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
    }
    while end < text.len() && is_cut_after(text, end) {
        let rest = &text[end..];
        let skipped = rest.len() - rest.trim_start().len();
        let gap = rest[skipped..].find(char::is_whitespace);
        end = gap.map_or(text.len(), |at| end + skipped + at.max(1));
        while !text.is_char_boundary(end) {
            end += 1;
        }
    }
    start..end
}

fn is_cut_before(text: &str, start: usize) -> bool {
    let mut before = text[..start]
        .chars()
        .rev()
        .filter(|letter| !is_unseen(*letter));
    let first = text[start..].chars().find(|letter| !is_unseen(*letter));
    first.is_some_and(|first| goes_on_before(first, &mut before))
}

fn is_cut_after(text: &str, end: usize) -> bool {
    let mut after = text[end..].chars().filter(|letter| !is_unseen(*letter));
    let last = text[..end].chars().rev().find(|letter| !is_unseen(*letter));
    last.is_some_and(|last| goes_on_after(last, &mut after))
}

/// `before` goes backwards.
fn goes_on_before(first: char, before: &mut impl Iterator<Item = char>) -> bool {
    if !first.is_alphanumeric() || is_unspaced(first) {
        return false;
    }
    let Some(mut next) = before.next() else {
        return false;
    };
    if next.is_alphanumeric() {
        return !is_unspaced(next);
    }
    let is_broken_line = next == '\n';
    if is_broken_line {
        // A hyphen at the line's end joins; any other dash there parts.
        match before.next() {
            Some('-' | '\u{2010}') if first.is_alphabetic() => next = '-',
            _ => return false,
        }
    }
    let further = before.next();
    let joins = further.is_some_and(char::is_alphanumeric);
    let of_figures = first.is_numeric() && further.is_some_and(char::is_numeric);
    match next {
        '-' | '\u{2010}' | '\u{2011}' if joins => true,
        // A sign belongs to its figure.
        _ if is_dash(next) => of_figures || (first.is_numeric() && !joins),
        _ => of_figures && parts_a_figure(next),
    }
}

fn goes_on_after(last: char, after: &mut impl Iterator<Item = char>) -> bool {
    if matches!(last, '-' | '\u{2010}') {
        let next = after.next();
        let joined = if next == Some('\n') {
            after.next()
        } else {
            next
        };
        return joined.is_some_and(char::is_alphanumeric);
    }
    if !last.is_alphanumeric() || is_unspaced(last) {
        return false;
    }
    let Some(next) = after.next() else {
        return false;
    };
    if next.is_alphanumeric() {
        return !is_unspaced(next);
    }
    let mut further = after.next();
    if last.is_alphabetic() && matches!(next, '-' | '\u{2010}') && further == Some('\n') {
        further = after.next();
    }
    let joins = further.is_some_and(char::is_alphanumeric);
    let of_figures = last.is_numeric() && further.is_some_and(char::is_numeric);
    match next {
        '-' | '\u{2010}' | '\u{2011}' if joins => true,
        // `isn't`: the denial is in what would be left out.
        '\'' | '’' => matches!(further, Some('t' | 'T')),
        '%' | '‰' | '°' => last.is_numeric(),
        _ => of_figures && (is_dash(next) || parts_a_figure(next)),
    }
}

/// What stands between the digits of one figure or date.
fn parts_a_figure(letter: char) -> bool {
    matches!(
        letter,
        '.' | ',' | '/' | ':' | '\'' | '’' | '\u{a0}' | '\u{2009}' | '\u{202f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(text: &str, quote: &str) -> bool {
        let at = text.rfind(quote).unwrap();
        cuts_a_word(text, &(at..at + quote.len()))
    }

    #[test]
    fn a_part_of_a_word_or_figure_is_a_cut() {
        for (text, quote) in [
            ("cost 14.2 million", "2 million"),
            ("cost 1,412 metres", "412 metres"),
            ("cost 1\u{a0}412 metres", "412 metres"),
            ("a non-violent act", "violent act"),
            ("it was −5 degrees", "5 degrees"),
            ("rose 4.2% then", "rose 4.2"),
            ("it isn't", "it isn"),
            ("10–12 men", "12 men"),
            ("10–12 men", "10"),
            ("in 1933.5", "1933"),
            ("construc-\ntion began", "tion began"),
            ("began construc-\ntion", "began construc"),
            ("began construc-\ntion", "began construc-"),
            ("unhappy", "happy"),
            ("un\u{ad}happy", "happy"),
            ("3/4 of it", "4 of it"),
        ] {
            assert!(cuts(text, quote), "{quote:?} of {text:?}");
        }
    }

    #[test]
    fn a_cut_stretch_is_widened_to_whole_words() {
        let text = "It is a well-known fact of in-\nside 14.2% growth.";
        for (quote, whole) in [
            ("known fact", "well-known fact"),
            ("side 14", "in-\nside 14.2%"),
            ("fact of in", "fact of in-\nside"),
            ("is a", "is a"),
        ] {
            let at = text.find(quote).unwrap();
            let wide = widened(text, at..at + quote.len());
            assert!(text[wide.clone()].starts_with(whole), "{:?}", &text[wide]);
        }
    }

    #[test]
    fn whole_words_are_no_cut() {
        for (text, quote) in [
            ("The bridge, opened in 1933.", "opened in 1933"),
            ("the bridge—opened", "opened"),
            ("£4.2 million", "4.2 million"),
            ("bridge's towers", "bridge"),
            ("这座桥于一九三一年通车", "一九三一年"),
            ("first line\nsecond", "second"),
            ("ends here.\n- item", "item"),
            ("by 1933, 12 men", "12 men"),
        ] {
            assert!(!cuts(text, quote), "{quote:?} of {text:?}");
        }
    }
}
