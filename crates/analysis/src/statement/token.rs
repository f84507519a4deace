//! A text cut into words, numbers and signs, as the parsers of quantities and clauses read them.

use std::ops::Range;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Word,
    /// Digits with their group and decimal marks.
    Number,
    /// A single sign, such as `,`, `%`, `€` or a dash.
    Sign,
}

/// A word, number or sign where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub bytes: Range<usize>,
    pub kind: TokenKind,
    /// In small letters, without accents, `'s` and the dots of an abbreviation.
    pub lower: String,
    /// Whether it follows the token before it without white space.
    pub glued: bool,
    /// Whether the word begins with a capital.
    pub capital: bool,
    /// Whether it ended in `'s` or `s'`.
    pub possessive: bool,
}

impl Token {
    /// Whether it is this sign.
    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == TokenKind::Sign && self.lower.starts_with(sign)
    }
}

/// For each token, whether it stands in brackets: what is said there is said beside the sentence.
pub fn bracketed(tokens: &[Token]) -> Vec<bool> {
    let mut open = 0_usize;
    tokens
        .iter()
        .map(|token| {
            if token.is_sign(')') || token.is_sign(']') {
                open = open.saturating_sub(1);
            }
            let inside = open > 0;
            if token.is_sign('(') || token.is_sign('[') {
                open += 1;
            }
            inside
        })
        .collect()
}

/// Cuts a text into tokens. Footnote marks such as `[2]` are left out: they are no part of the sentence.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut scanner = Scanner {
        text,
        found: Vec::new(),
        at: 0,
    };
    while let Some(letter) = scanner.peek() {
        if letter.is_whitespace() || is_invisible(letter) {
            scanner.at += letter.len_utf8();
        } else if let Some(end) = scanner.footnote().or_else(|| scanner.emphasis()) {
            scanner.at = end;
        } else if letter.is_ascii_digit() {
            let end = scanner.number_end();
            scanner.push(end, TokenKind::Number);
        } else if letter.is_alphabetic() {
            let end = scanner.word_end();
            scanner.push(end, TokenKind::Word);
        } else {
            scanner.push(scanner.at + letter.len_utf8(), TokenKind::Sign);
        }
    }
    scanner.found
}

/// Whether a small word is written as an acronym.
fn is_acronym(raw: &str, lower: &str) -> bool {
    matches!(
        lower,
        "at" | "it" | "us" | "who" | "am" | "he" | "as" | "so" | "me"
    ) && raw
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .all(char::is_uppercase)
}

struct Scanner<'t> {
    text: &'t str,
    found: Vec<Token>,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn push(&mut self, end: usize, kind: TokenKind) {
        let raw = &self.text[self.at..end];
        let glued = self
            .found
            .last()
            .is_some_and(|last| last.bytes.end == self.at);
        let mut lower = plain(raw);
        let mut possessive = false;
        if kind == TokenKind::Word {
            if lower.contains('.') {
                lower.retain(|letter| letter != '.');
            }
            if let Some(owner) = lower.strip_suffix("'s").or(lower.strip_suffix('\'')) {
                possessive = true;
                lower.truncate(owner.len());
            }
        }
        // `AT ordered trams`, `the WHO`, `US exports`: in capitals these are names, and no small words.
        if kind == TokenKind::Word && is_acronym(raw, &lower) && self.has_small_letters() {
            lower = if lower == "us" {
                "usa".to_owned()
            } else {
                raw.to_owned()
            };
        }
        self.found.push(Token {
            bytes: self.at..end,
            kind,
            lower,
            glued,
            capital: raw.starts_with(char::is_uppercase),
            possessive,
        });
        self.at = end;
    }

    /// Whether the text is not all in capitals.
    fn has_small_letters(&self) -> bool {
        let letters = self.text.chars().filter(|letter| letter.is_alphabetic());
        let small = self.text.chars().filter(|letter| letter.is_lowercase());
        small.count() * 2 > letters.count()
    }

    /// The end of `[2]` or `[a]` where a mark like that stands here.
    fn footnote(&self) -> Option<usize> {
        let inside = self.text[self.at..].strip_prefix('[')?;
        let end = inside.char_indices().take(5).find(|(_, c)| *c == ']')?.0;
        let mark = &inside[..end];
        let is_mark = !mark.is_empty()
            && (mark.bytes().all(|byte| byte.is_ascii_digit()) || mark.chars().count() == 1);
        is_mark.then(|| self.at + 1 + end + 1)
    }

    /// The end of a mark of emphasis, as Markdown has it: `**999** million`. `2**3` is a power.
    fn emphasis(&self) -> Option<usize> {
        let rest = &self.text[self.at..];
        let after = rest
            .strip_prefix("**")
            .or_else(|| rest.strip_prefix("__"))?;
        let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
        let before = self.text[..self.at].chars().next_back();
        let is_power = is_digit(before) && is_digit(after.chars().next());
        (!is_power).then_some(self.at + 2)
    }

    /// `1,250`, `1 250 000`, `4.310.000`, `9:30`, `10⁶`: digits, marks between digits, and a raised exponent.
    fn number_end(&self) -> usize {
        let rest = &self.text[self.at..];
        let mut end = digits(rest);
        let mut spaced = end <= 3;
        let mut mark: Option<char> = None;
        loop {
            let after = &rest[end..];
            let Some(sign) = after.chars().next() else {
                break;
            };
            let group = digits(&after[sign.len_utf8()..]);
            if group == 0 {
                break;
            }
            let next = after[sign.len_utf8() + group..].chars().next();
            let goes_on = match sign {
                '.' | ',' | ':' => true,
                '\'' | '’' => group == 3,
                // A space groups digits only between groups of exactly three: `1 250 000`, not `in 2010 500`.
                ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' => {
                    let same = mark.is_none_or(|before| before == sign);
                    spaced
                        && same
                        && group == 3
                        && next.is_none_or(|c| !c.is_alphanumeric() && c != ':' && c != '/')
                }
                _ => false,
            };
            if !goes_on {
                break;
            }
            if sign.is_whitespace() {
                mark = Some(sign);
            } else if mark.is_some() {
                // A decimal part ends the grouping by spaces.
                spaced = false;
            }
            end += sign.len_utf8() + group;
        }
        let raised = rest[end..]
            .chars()
            .take_while(|letter| "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".contains(*letter))
            .map(char::len_utf8)
            .sum::<usize>();
        self.at + end + raised
    }

    /// Letters with apostrophes inside, initials with their dots (`U.S.`, `p.m.`), and a raised 2 or 3 (`m²`).
    fn word_end(&self) -> usize {
        let rest = &self.text[self.at..];
        let mut end = 0;
        let mut letters = rest.char_indices().peekable();
        let mut run = 0;
        let mut dotted = false;
        while let Some((at, letter)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            let inside = match letter {
                letter if letter.is_alphabetic() => {
                    run += 1;
                    true
                }
                '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200d}' | '\u{200c}' => true,
                '\'' | '’' => next.is_some_and(char::is_alphabetic),
                '²' | '³' | '₂' | '₃' => run <= 3,
                '-' if rest[..at].eq_ignore_ascii_case("non") => {
                    next.is_some_and(char::is_alphabetic)
                }
                '.' if run == 1 && (dotted || next.is_some_and(char::is_alphabetic)) => {
                    let second = rest[at + 1..].chars().nth(1);
                    let abbreviates = dotted || second == Some('.');
                    dotted |= abbreviates;
                    run = 0;
                    abbreviates
                }
                letter if letter.is_ascii_digit() => end > 0 && !rest[..at].ends_with(['²', '³']),
                _ => false,
            };
            if !inside {
                break;
            }
            end = at + letter.len_utf8();
        }
        self.at + end.max(rest.chars().next().map_or(1, char::len_utf8))
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Marks without width of their own: they change neither a word nor a number.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// Small letters without accents and invisible marks; raised and lowered figures stay what they are.
fn plain(raw: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    raw.nfd()
        .filter(|letter| !('\u{300}'..='\u{36f}').contains(letter) && !is_invisible(*letter))
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            '’' | 'ʼ' => '\'',
            '‐' | '‑' => '-',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.lower).collect()
    }

    #[test]
    fn numbers_keep_their_groups() {
        assert_eq!(cut("has 1 250 000 seats"), ["has", "1 250 000", "seats"]);
        assert_eq!(cut("in 2010 500 came"), ["in", "2010", "500", "came"]);
        assert_eq!(
            cut("€4.310.000, 3,5 kg"),
            ["€", "4.310.000", ",", "3,5", "kg"]
        );
        assert_eq!(cut("10⁶ cells, 12 km²"), ["10⁶", "cells", ",", "12", "km²"]);
        assert_eq!(cut("410[1] people"), ["410", "people"]);
    }

    #[test]
    fn abbreviations_are_words() {
        assert_eq!(
            cut("at 5 p.m. in the U.S."),
            ["at", "5", "pm", "in", "the", "usa"]
        );
        assert_eq!(cut("Ada's café isn't"), ["ada", "cafe", "isn't"]);
        assert_eq!(cut("P. Quill left."), ["p", ".", "quill", "left", "."]);
    }

    proptest! {
        #[test]
        fn tokens_stand_in_the_text_in_order(text in "\\PC{0,200}") {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.bytes.start >= end && token.bytes.end > token.bytes.start);
                prop_assert!(text.get(token.bytes.clone()).is_some());
                end = token.bytes.end;
            }
        }
    }
}
