//! Quotes found in a source whatever happened to their white space, quotation marks, dashes, soft hyphens and ligatures on
//! the way. Letters, figures and case must be the source's own. What is found is always a stretch of the source itself.

use std::cell::OnceCell;
use std::ops::Range;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::boundary::cuts_a_word;

/// So many places of one quote are looked at.
const MAX_PLACES: usize = 32;

/// A source's text, with the form that quotes are compared in once that is needed.
pub(super) struct Quotable<'s> {
    pub text: &'s str,
    comparable: OnceCell<Comparable>,
}

/// Where a quote stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Bytes of the source, at least one place, in the order of the text.
    At(Vec<Range<usize>>),
    /// It stands there only as a part of longer words: the first such place.
    Cut(Range<usize>),
    Nowhere,
}

impl<'s> Quotable<'s> {
    pub fn new(text: &'s str) -> Self {
        Self {
            text,
            comparable: OnceCell::new(),
        }
    }

    /// Every place of a quote, at most [`MAX_PLACES`].
    pub fn find(&self, quote: &str) -> Found {
        let quote = quote.trim();
        if quote.is_empty() {
            return Found::Nowhere;
        }
        let exact = self.sorted(
            self.text
                .match_indices(quote)
                .map(|(at, found)| at..at + found.len()),
        );
        if matches!(exact, Found::At(_)) {
            return exact;
        }
        let comparable = self.comparable.get_or_init(|| Comparable::new(self.text));
        let whole = Comparable::new(quote).text;
        let inner = Comparable::new(without_frame(quote)).text;
        let mut cut = exact;
        for needle in [whole, inner] {
            if needle.is_empty() {
                continue;
            }
            match self.sorted(comparable.places(self.text, &needle)) {
                Found::Nowhere => {}
                found @ Found::At(_) => return found,
                found @ Found::Cut(_) => cut = found,
            }
        }
        cut
    }

    fn sorted(&self, places: impl Iterator<Item = Range<usize>>) -> Found {
        let mut first_cut = None;
        let mut whole = Vec::new();
        for place in places {
            if cuts_a_word(self.text, &place) {
                first_cut.get_or_insert(place);
            } else {
                whole.push(place);
                if whole.len() == MAX_PLACES {
                    break;
                }
            }
        }
        match first_cut {
            _ if !whole.is_empty() => Found::At(whole),
            Some(cut) => Found::Cut(cut),
            None => Found::Nowhere,
        }
    }
}

/// Without the quotation marks and the dots of omission that a judge puts around a quote.
fn without_frame(quote: &str) -> &str {
    let dots = |text: &'_ str| text.ends_with("...") || text.starts_with("...");
    let mut inner = quote;
    loop {
        let before = inner.len();
        inner = inner.trim_matches(|letter: char| letter.is_whitespace() || letter == '…');
        if dots(inner) {
            inner = inner.trim_matches('.');
        }
        if let (Some(first), Some(last)) = (inner.chars().next(), inner.chars().next_back())
            && mark(first).is_some()
            && mark(last).is_some()
            && inner.len() > first.len_utf8() + last.len_utf8()
        {
            inner = &inner[first.len_utf8()..inner.len() - last.len_utf8()];
        }
        if inner.len() == before {
            return inner;
        }
    }
}

/// A text as quotes are compared: one space for any white space, one mark for all quotation marks of a kind, no dash between
/// letters, no soft hyphens, letters and accents apart.
struct Comparable {
    text: String,
    /// For each byte of it, where the character that it came from begins.
    origins: Vec<u32>,
}

impl Comparable {
    fn new(text: &str) -> Self {
        let mut writer = Writer {
            made: Self {
                text: String::with_capacity(text.len()),
                origins: Vec::with_capacity(text.len()),
            },
            base: None,
            space: None,
            dash: None,
        };
        for (at, letter) in text.char_indices() {
            writer.read(at, letter);
        }
        writer.made
    }

    /// The places of a quote, as bytes of the text that this was made of.
    fn places<'c>(
        &'c self,
        text: &'c str,
        quote: &'c str,
    ) -> impl Iterator<Item = Range<usize>> + 'c {
        self.text.match_indices(quote).filter_map(move |(at, _)| {
            let end = at + quote.len();
            let last = self.text[at..end].char_indices().next_back()?.0 + at;
            let (first, last) = (self.origins[at], self.origins[last]);
            // A ligature or an accented letter is found whole or not at all.
            let is_split = (at > 0 && self.origins[at - 1] == first)
                || self.origins.get(end) == Some(&last)
                || self.text[end..]
                    .chars()
                    .next()
                    .is_some_and(is_combining_mark);
            let (first, last) = (first as usize, last as usize);
            let length = text[last..].chars().next()?.len_utf8();
            (!is_split).then_some(first..last + length)
        })
    }
}

struct Writer {
    made: Comparable,
    /// The last letter that was written, accents left out.
    base: Option<char>,
    /// Where white space began that is not written yet.
    space: Option<usize>,
    /// The same of a dash.
    dash: Option<usize>,
}

impl Writer {
    fn read(&mut self, at: usize, letter: char) {
        if letter.is_whitespace() {
            self.space.get_or_insert(at);
        } else if is_dash(letter) {
            self.dash.get_or_insert(at);
        } else if is_unseen(letter) {
            // Nothing is written for it.
        } else if letter.is_ascii_alphanumeric() {
            self.gap(letter);
            self.write(at, letter);
        } else if let Some(mark) = mark(letter) {
            self.gap(mark);
            self.write(at, mark);
        } else if let Some(letters) = ligature(letter) {
            for letter in letters.chars() {
                self.gap(letter);
                self.write(at, letter);
            }
        } else {
            decompose_canonical(letter, |letter| {
                self.gap(letter);
                self.write(at, letter);
            });
        }
    }

    /// Writes what stands between the last letter and this one.
    fn gap(&mut self, next: char) {
        let (space, dash) = (self.space.take(), self.dash.take());
        if let Some(at) = dash {
            let between_letters =
                self.base.is_some_and(char::is_alphabetic) && next.is_alphabetic();
            if !between_letters {
                self.write(at, '-');
            }
        } else if let (Some(at), Some(base)) = (space, self.base)
            && !(is_unspaced(base) && is_unspaced(next))
        {
            self.write(at, ' ');
        }
    }

    fn write(&mut self, at: usize, letter: char) {
        if !is_combining_mark(letter) {
            self.base = Some(letter);
        }
        self.made.text.push(letter);
        let origin = u32::try_from(at).unwrap_or(u32::MAX);
        self.made
            .origins
            .extend(std::iter::repeat_n(origin, letter.len_utf8()));
    }
}

/// Every mark of a kind as one.
fn mark(letter: char) -> Option<char> {
    match letter {
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' | '＂' => {
            Some('"')
        }
        '\'' | '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' | '‹' | '›' | '＇' => {
            Some('\'')
        }
        _ => None,
    }
}

pub(super) fn is_dash(letter: char) -> bool {
    matches!(
        letter,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// Characters that nobody sees: soft hyphens, joiners, marks of direction.
pub(super) fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}')
}

/// Characters that are drawn as several letters.
fn ligature(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        '…' => "...",
        _ => return None,
    })
}

/// Letters of scripts that put no spaces between words.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests;
