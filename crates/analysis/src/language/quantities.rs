//! Quantities in a text: numbers in figures or words, with what they count, and years. It compares nothing.

mod tables;

use std::ops::Range;

use super::words::Word;
use tables::{CARDINALS, MONTHS, MULTIPLES, RANKS, UNITS};

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Year,
    /// The day of a month: `12 June`.
    Day,
    Percent,
    /// A place in an order: `third`.
    Rank,
    /// Anything that is counted or measured.
    Amount,
}

/// A number with what it says it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    pub sort: Sort,
    /// In the unit's base: metres for kilometres.
    pub value: f64,
    /// The base unit, where the text names one we know.
    pub unit: Option<&'static str>,
    /// Which words it is made of.
    pub words: Range<usize>,
    /// The stems of what follows at once: what is counted.
    pub of: Vec<String>,
    pub bound: Bound,
}

/// What the words before a number make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    Exact,
    /// `about`, `nearly`.
    About,
    /// `more than`, `at least`.
    AtLeast,
    /// `less than`, `up to`.
    AtMost,
}

/// The quantities among the words of `text`, in order.
pub fn quantities(text: &str, words: &[Word]) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match read(text, words, at) {
            Some(quantity) => {
                at = quantity.words.end.max(at + 1);
                found.push(quantity);
            }
            None => at += 1,
        }
    }
    found
}

/// The month a word names, counted from 1.
pub fn month(lower: &str) -> Option<u32> {
    let index = MONTHS.iter().position(|name| {
        *name == lower
            || (lower.len() >= 3 && *name != "may" && name.starts_with(lower) && lower.len() <= 4)
    })?;
    u32::try_from(index + 1).ok()
}

fn look_up(list: &[(&str, f64)], lower: &str) -> Option<f64> {
    list.iter()
        .find(|(name, _)| *name == lower)
        .map(|(_, value)| *value)
}

fn read(text: &str, words: &[Word], at: usize) -> Option<Quantity> {
    let word = &words[at];
    if word.number {
        return figures(text, words, at);
    }
    if let Some(rank) = look_up(RANKS, &word.lower) {
        return Some(finish(text, words, at..at + 1, rank, Sort::Rank));
    }
    let (value, end) = in_words(words, at)?;
    // `one of the`, `no one`, `the one`: hardly ever a count.
    if word.lower == "one" && end == at + 1 && words.get(end).is_none_or(|next| next.stop) {
        return None;
    }
    Some(amount(text, words, at..end, value))
}

/// `two hundred and six`, `twenty-one`.
fn in_words(words: &[Word], at: usize) -> Option<(f64, usize)> {
    let (mut total, mut part, mut end) = (0.0, look_up(CARDINALS, &words[at].lower)?, at + 1);
    while let Some(word) = words.get(end).filter(|word| !word.after_break) {
        if let Some(multiple) = look_up(MULTIPLES, word.lower.trim_end_matches('s')) {
            part = if part == 0.0 {
                multiple
            } else {
                part * multiple
            };
            if multiple > 100.0 {
                total += part;
                part = 0.0;
            }
        } else if let Some(next) = look_up(CARDINALS, &word.lower).filter(|next| {
            (part % 100.0 == 0.0 && part > 0.0)
                || total > 0.0
                || (part % 10.0 == 0.0 && part >= 20.0 && *next < 10.0)
        }) {
            part += next;
        } else if word.lower == "and"
            && (part >= 100.0 || total > 0.0)
            && words
                .get(end + 1)
                .is_some_and(|next| look_up(CARDINALS, &next.lower).is_some())
        {
        } else {
            break;
        }
        end += 1;
    }
    Some((total + part, end))
}

fn figures(text: &str, words: &[Word], at: usize) -> Option<Quantity> {
    let word = &words[at];
    let raw = word.lower.as_str();
    let before = text[..word.bytes.start].chars().next_back();
    let letter_before = text[..word.bytes.start]
        .chars()
        .rev()
        .nth(1)
        .is_some_and(char::is_alphabetic);
    // `Perrin-2` and `HIV-1` are names.
    if before == Some('-') && letter_before {
        return None;
    }
    let digits: usize = raw
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || b".,".contains(byte))
        .count();
    let (figure, rest) = raw.split_at(digits);
    if matches!(rest, "st" | "nd" | "rd" | "th") {
        let value = figure.parse().ok()?;
        return Some(finish(text, words, at..at + 1, value, Sort::Rank));
    }
    if rest == "s" && figure.len() == 4 {
        return None;
    }
    let grouped = figure.contains(',');
    let value: f64 = figure.replace(',', "").parse().ok()?;
    let whole = !figure.contains(['.', ',']);
    if !rest.is_empty() {
        // `870kg`, `3m`; other mixtures such as `10E8` are names.
        let (_, base, factor) = UNITS.iter().find(|(name, _, _)| *name == rest)?;
        let mut quantity = finish(text, words, at..at + 1, value * factor, Sort::Amount);
        quantity.unit = Some(base);
        return Some(quantity);
    }
    let previous = at.checked_sub(1).map(|index| words[index].lower.as_str());
    let next = words
        .get(at + 1)
        .filter(|next| !next.after_break)
        .map(|next| next.lower.as_str());
    if whole
        && figure.len() == 4
        && !grouped
        && (1000.0..=2100.0).contains(&value)
        && reads_as_year(text, word, previous, next)
    {
        return Some(finish(text, words, at..at + 1, value, Sort::Year));
    }
    let day = whole && (1.0..=31.0).contains(&value);
    if day && (previous.and_then(month).is_some() || next.and_then(month).is_some()) {
        return Some(finish(text, words, at..at + 1, value, Sort::Day));
    }
    let (mut value, mut end) = (value, at + 1);
    while let Some(multiple) = words
        .get(end)
        .and_then(|next| look_up(MULTIPLES, next.lower.trim_end_matches('s')))
    {
        value *= multiple;
        end += 1;
    }
    Some(amount(text, words, at..end, value))
}

fn reads_as_year(text: &str, word: &Word, previous: Option<&str>, next: Option<&str>) -> bool {
    if text[..word.bytes.start].ends_with(['$', '€', '£'])
        || text[word.bytes.end..].trim_start().starts_with('%')
    {
        return false;
    }
    if previous.is_some_and(|lower| {
        month(lower).is_some()
            || matches!(
                lower,
                "in" | "since" | "until" | "year" | "during" | "early" | "late" | "mid"
            )
    }) {
        return true;
    }
    let counted = next.is_some_and(|lower| {
        UNITS.iter().any(|(name, _, _)| *name == lower)
            || matches!(lower, "people" | "men" | "women" | "children")
            || (lower.len() > 3
                && lower.ends_with('s')
                && !super::lexicon::is_stop(lower)
                && !super::lexicon::is_verb(lower))
    });
    !counted
}

fn amount(text: &str, words: &[Word], range: Range<usize>, value: f64) -> Quantity {
    let after = words
        .get(range.end.wrapping_sub(1))
        .map_or("", |word| &text[word.bytes.end..]);
    let percent = after.trim_start().starts_with('%')
        || words
            .get(range.end)
            .is_some_and(|next| next.lower == "percent" || next.lower == "percentage")
        || (words.get(range.end).is_some_and(|next| next.lower == "per")
            && words
                .get(range.end + 1)
                .is_some_and(|next| next.lower == "cent"));
    let mut quantity = finish(
        text,
        words,
        range.clone(),
        value,
        if percent { Sort::Percent } else { Sort::Amount },
    );
    if percent {
        if let Some(next) = words.get(range.end) {
            let spelled = match next.lower.as_str() {
                "percent" | "percentage" => 1,
                "per" => 2,
                _ => 0,
            };
            quantity.words.end += spelled;
        }
        return quantity;
    }
    let before = text[..words[range.start].bytes.start].chars().next_back();
    quantity.unit = match before {
        Some('$') => Some("dollar"),
        Some('€') => Some("euro"),
        Some('£') => Some("pound"),
        _ => None,
    };
    if quantity.unit.is_none()
        && let Some(next) = words.get(range.end).filter(|next| !next.after_break)
        && let Some((_, base, factor)) = UNITS.iter().find(|(name, _, _)| *name == next.lower)
    {
        quantity.unit = Some(base);
        quantity.value *= factor;
        // The unit belongs to the quantity: two lengths share no word because both are metres.
        quantity.words.end += 1;
    }
    quantity
}

fn finish(text: &str, words: &[Word], range: Range<usize>, value: f64, sort: Sort) -> Quantity {
    let of = words[range.end..]
        .iter()
        .take(4)
        .take_while(|word| {
            !word.after_break && !word.number && !ends_between(text, words, range.end, word)
        })
        .filter(|word| !word.stop)
        .take(3)
        .map(|word| word.stem.clone())
        .collect();
    Quantity {
        sort,
        value,
        unit: None,
        of,
        bound: bound(words, range.start),
        words: range,
    }
}

/// Whether a full stop stands between the number and a word after it.
fn ends_between(text: &str, words: &[Word], end: usize, word: &Word) -> bool {
    words
        .get(end.wrapping_sub(1))
        .is_some_and(|last| text[last.bytes.end..word.bytes.start].contains(". "))
}

fn bound(words: &[Word], start: usize) -> Bound {
    let lower = |back: usize| {
        start
            .checked_sub(back)
            .map_or("", |index| words[index].lower.as_str())
    };
    match (lower(2), lower(1)) {
        ("more" | "greater" | "larger" | "higher", "than")
        | ("at", "least")
        | (_, "over" | "exceeding" | "above") => Bound::AtLeast,
        ("less" | "fewer" | "lower" | "smaller", "than")
        | ("at", "most")
        | ("up", "to")
        | (_, "under" | "below") => Bound::AtMost,
        (
            _,
            "about" | "around" | "nearly" | "almost" | "approximately" | "roughly" | "some"
            | "circa",
        ) => Bound::About,
        _ => Bound::Exact,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::words::words;

    fn read_all(text: &str) -> Vec<(Sort, f64, Option<&'static str>)> {
        quantities(text, &words(text))
            .into_iter()
            .map(|found| (found.sort, found.value, found.unit))
            .collect()
    }

    #[test]
    fn figures_words_units_and_years() {
        assert_eq!(
            read_all(
                "In 1931, 9,150 tonnes and sixty-two percent of two hundred and six shops (4.2 million euros) on 12 June 2017."
            ),
            [
                (Sort::Year, 1931.0, None),
                (Sort::Amount, 9_150_000_000.0, Some("g")),
                (Sort::Percent, 62.0, None),
                (Sort::Amount, 206.0, None),
                (Sort::Amount, 4_200_000.0, Some("euro")),
                (Sort::Day, 12.0, None),
                (Sort::Year, 2017.0, None),
            ]
        );
    }

    #[test]
    fn names_with_figures_are_no_quantities() {
        assert_eq!(
            read_all("Perrin-2 and HIV-1 weigh 870 kg, 1500 men saw it"),
            [
                (Sort::Amount, 870_000.0, Some("g")),
                (Sort::Amount, 1500.0, None)
            ]
        );
    }
}
