//! Which rows and columns the words of a claim name.

use std::ops::Range;

use super::GENERIC;
use super::claim::Claim;
use super::table::{Row, Table, Value};
use crate::statement::is_function_word;
use crate::statement::quantity::Quantity;
use crate::statement::token::{Token, TokenKind, tokens};

/// Names of fields whose value says what a record is of.
pub(super) const NAMING_FIELDS: [&str; 8] = [
    "name",
    "title",
    "product",
    "model",
    "type",
    "product name",
    "item",
    "category",
];

/// Longer values are texts, which name nothing.
const MAX_WORDS: usize = 8;

/// A value that the claim names.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    pub(super) column: usize,
    pub(super) tokens: Range<usize>,
    /// The value, in small letters.
    value: String,
}

/// A column that the claim names, and the words that do.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) column: usize,
    pub(super) words: Vec<usize>,
}

/// A value in small letters without signs.
fn plain(text: &str) -> Option<(String, Vec<Token>)> {
    if text.len() > 80 {
        return None;
    }
    let found: Vec<Token> = tokens(text)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Sign)
        .collect();
    let lower: Vec<&str> = found.iter().map(|token| token.lower.as_str()).collect();
    let lower = lower.join(" ");
    (!found.is_empty() && found.len() <= MAX_WORDS).then_some((lower, found))
}

impl Table<'_> {
    /// The values that the claim names, the longest first; nothing where one word may name values of two columns.
    pub(super) fn filters(&self, claim: &Claim<'_>) -> Option<Vec<Filter>> {
        let words: Vec<usize> = (0..claim.len())
            .filter(|at| claim.sentence.tokens[*at].kind != TokenKind::Sign)
            .collect();
        let mut found: Vec<Filter> = Vec::new();
        for row in &self.rows {
            for value in &row.values {
                for filter in self.named(*value, claim, &words) {
                    let again = |other: &Filter| {
                        other.tokens == filter.tokens && other.column == filter.column
                    };
                    if !found.iter().any(again) {
                        found.push(filter);
                    }
                }
            }
        }
        found.sort_by_key(|filter| std::cmp::Reverse(filter.tokens.len()));
        let mut kept: Vec<Filter> = Vec::new();
        for filter in found {
            let meets = |other: &Filter| {
                other.tokens.start < filter.tokens.end && filter.tokens.start < other.tokens.end
            };
            match kept.iter().find(|other| meets(other)) {
                None => kept.push(filter),
                Some(other) if other.tokens == filter.tokens => return None,
                Some(_) => {}
            }
        }
        kept.sort_by_key(|filter| filter.tokens.start);
        Some(kept)
    }

    /// Where the claim names a value.
    fn named(&self, value: Value, claim: &Claim<'_>, words: &[usize]) -> Vec<Filter> {
        let text = self.text(value);
        let column = &self.columns[value.column];
        let first = text.chars().find(|letter| letter.is_alphanumeric());
        if column.is_time || first.is_none() || is_yes_or_no(text) {
            return Vec::new();
        }
        let is_figure = !text.chars().any(char::is_alphabetic);
        let (written, lead) = if is_figure {
            // `Room 4`: the first column's figures name rows together with its name.
            let leads = column.depth == 0 && value.column == 0 && !column.title.is_empty();
            if !leads {
                return Vec::new();
            }
            (format!("{} {text}", column.title), true)
        } else {
            (text.to_owned(), false)
        };
        let Some((lower, wanted)) = plain(&written) else {
            return Vec::new();
        };
        if wanted.iter().all(|token| is_function_word(&token.lower)) && lower.chars().count() > 1 {
            return Vec::new();
        }
        let is_letter = lower.chars().count() <= 2;
        let same = |at: usize, token: &Token| {
            let own = &claim.sentence.tokens[at];
            // `lower than` names nothing, where a mill is called Lower.
            if token.capital && !own.capital && is_comparing(&own.lower) {
                return false;
            }
            if is_letter {
                return claim.sentence.written(&(at..at + 1)) == text;
            }
            own.lower == token.lower
                || claim.stems[at] == crate::language::words::stem_of(&token.lower)
        };
        words
            .windows(wanted.len())
            .filter(|window| {
                window
                    .iter()
                    .zip(&wanted)
                    .all(|(at, token)| same(*at, token))
            })
            .map(|window| Filter {
                column: value.column,
                tokens: window[0]..window[window.len() - 1] + 1,
                value: if lead {
                    text.to_lowercase()
                } else {
                    lower.clone()
                },
            })
            .collect()
    }

    /// Whether the row has the value that the claim names.
    pub(super) fn has(&self, row: &Row, filter: &Filter) -> bool {
        row.values.iter().any(|value| {
            let text = self.text(*value);
            value.column == filter.column
                && (text.to_lowercase() == filter.value
                    || plain(text).is_some_and(|(lower, _)| lower == filter.value))
        })
    }

    /// Whether the column's values tell the rows of one time apart.
    pub(super) fn is_key(&self, column: usize) -> bool {
        let mut seen = std::collections::HashSet::new();
        self.columns[column].depth == 0
            && self.rows.iter().all(|row| {
                let texts = row.values.iter().filter(|value| value.column == column);
                let texts: Vec<String> = texts
                    .map(|value| self.text(*value).to_lowercase())
                    .collect();
                !texts.is_empty() && seen.insert((texts, row.time))
            })
    }

    /// The one column of the rows' own that the free words within `range` name best; of those with a time in their name, one
    /// of these times.
    pub(super) fn target(
        &self,
        claim: &Claim<'_>,
        range: &Range<usize>,
        times: &[(i64, i64)],
    ) -> Option<Target> {
        let mut best: Vec<Target> = Vec::new();
        for (number, column) in self.columns.iter().enumerate() {
            let fits = column.time.is_none_or(|time| times.contains(&time));
            if column.depth > 0
                || column.is_time
                || column.is_text
                || !fits
                || column.name.is_empty()
            {
                continue;
            }
            let mut left = claim.clone();
            let mut words = Vec::new();
            let named = column.name.iter().all(|stem| {
                let found = left.find(stem, range);
                if let Some(at) = found {
                    left.take(at..at + 1);
                    words.push(at);
                }
                found.is_some() || GENERIC.contains(&stem.as_str())
            });
            if !named || words.is_empty() {
                continue;
            }
            let most = best.first().map_or(0, |one| one.words.len());
            if words.len() > most {
                best.clear();
            }
            if words.len() >= most {
                best.push(Target {
                    column: number,
                    words,
                });
            }
        }
        match best.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }

    /// Takes the words that say what the rows and the named values are called.
    pub(super) fn take_nouns(&self, claim: &mut Claim<'_>, filters: &[Filter]) {
        for filter in filters {
            claim.take_stems(&self.columns[filter.column].name);
        }
        claim.take_stems(&self.nouns);
        // `employed 135 people`
        if claim.stems.iter().any(|stem| stem == "employ") {
            claim.take_idle(&["people", "persons"]);
        }
    }

    /// The rows that have all of these values and are of this time.
    pub(super) fn select(&self, filters: &[Filter], time: Option<(i64, i64)>) -> Vec<&Row> {
        self.rows
            .iter()
            .filter(|row| time.is_none_or(|time| row.time == Some(time)))
            .filter(|row| filters.iter().all(|filter| self.has(row, filter)))
            .collect()
    }
}

/// Small and comparing words, which are names only where they are written as names.
fn is_comparing(lower: &str) -> bool {
    is_function_word(lower)
        || matches!(
            lower,
            "more"
                | "most"
                | "less"
                | "least"
                | "lower"
                | "higher"
                | "total"
                | "first"
                | "last"
                | "long"
                | "short"
                | "large"
                | "small"
                | "best"
                | "other"
                | "right"
        )
}

/// A value that says whether its name is so.
pub(super) fn is_yes_or_no(text: &str) -> bool {
    matches!(
        text.trim().to_lowercase().as_str(),
        "yes" | "no" | "true" | "false" | "y" | "n" | "✓" | "✔" | "✗" | "✘" | "-" | "–" | "—"
    )
}

/// Words that an amount's unit or kind says already, beside the column that it is of.
pub(super) fn unit_words(quantity: &Quantity) -> &'static [&'static str] {
    use crate::statement::quantity::Unit;
    match quantity.unit {
        Unit::Money(_) => &["cost", "costs", "price", "priced", "worth", "pay", "paid"],
        Unit::Measure("g") => &["weigh", "weighs", "weighed", "heavy", "weight"],
        Unit::Measure("m") => &["tall", "high", "long", "wide", "deep"],
        Unit::Percent => &["share", "percentage", "rate", "proportion"],
        _ => &[],
    }
}
