//! The words by which a text says what figures are in: `thousand EUR`, `(in thousands)`, `£000`.

use super::declared::Scale;
use crate::statement::quantity::{Named, Unit, named};

/// `thousand EUR`, `percent of orders`, `number`: what a name's figures are said to be in.
pub(super) fn unit(text: &str) -> Scale {
    const PLAIN: &[&str] = &[
        "number",
        "numbers",
        "count",
        "counts",
        "piece",
        "pieces",
        "person",
        "persons",
        "people",
        "units",
        "heads",
        "headcount",
        "integer",
    ];
    let words = pieces(text);
    let (mut unit, mut factor, mut plain) = (None, None, false);
    for (word, _) in &words {
        let lower = word.to_lowercase();
        if let Some((scale, of)) = scale_of(word) {
            if factor.is_some() {
                return Scale::Unknown;
            }
            factor = Some(scale);
            unit = unit.or(of);
        } else if lower.bytes().any(|byte| byte.is_ascii_digit()) {
            return Scale::Unknown;
        } else if PLAIN.contains(&lower.as_str()) {
            plain = true;
        } else if !plain {
            unit = unit.or_else(|| named(&lower, word));
        }
    }
    match (unit, factor) {
        (None, None) if plain => Scale::Plain,
        (None, None) => Scale::Unknown,
        (unit, factor) => Scale::Known {
            unit,
            factor: factor.unwrap_or(1.0),
        },
    }
}

/// `(in thousands)`, `figures in million EUR`, `£000`: what a text says all figures are in.
pub(super) fn declares(text: &str) -> Option<Scale> {
    let words = pieces(text);
    let lower = |at: Option<usize>| {
        at.and_then(|at| words.get(at))
            .map_or(String::new(), |(word, _)| word.to_lowercase())
    };
    let money = |word: &str| {
        named(&word.to_lowercase(), word).filter(|named| matches!(named.unit, Unit::Money(_)))
    };
    let mut found: Option<Scale> = None;
    for (at, (word, bracketed)) in words.iter().enumerate() {
        let before = lower(at.checked_sub(1));
        let after = lower(Some(at + 1));
        let counts = before.bytes().any(|byte| byte.is_ascii_digit())
            || crate::statement::quantity::quantities(
                &before,
                &crate::statement::token::tokens(&before),
                &[false; 8],
            )
            .len()
                == 1;
        let figure = word.trim_end_matches('s').replace([',', ' '], "");
        if matches!(
            figure.as_str(),
            "1000" | "1000000" | "10000" | "100000" | "100" | "10"
        ) && (matches!(before.as_str(), "x" | "×" | "per" | "by")
            || before == "of" && lower(at.checked_sub(2)).starts_with("unit"))
        {
            return Some(Scale::Unknown);
        }
        let Some((factor, of)) = scale_of(word) else {
            continue;
        };
        let beside = money(&before).or_else(|| money(&after)).or_else(|| {
            (after == "of")
                .then(|| money(&lower(Some(at + 2))))
                .flatten()
        });
        let says = *bracketed
            || of.is_some()
            || beside.is_some()
            || matches!(before.as_str(), "in" | "as");
        if counts
            || !says
            || word.starts_with(|letter: char| letter.is_ascii_digit())
                && of.is_none()
                && !word.ends_with('s')
        {
            continue;
        }
        let scale = Scale::Known {
            unit: of.or(beside),
            factor,
        };
        if found.is_some_and(|other| other != scale) {
            return Some(Scale::Unknown);
        }
        found = Some(scale);
    }
    found
}

/// The words of a note, and whether each stands in brackets.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    for (at, letter) in text.char_indices() {
        let parts = letter.is_whitespace()
            || matches!(letter, '(' | ')' | '[' | ']' | ';' | ':' | '/' | '"');
        let ends = matches!(letter, ',' | '.')
            && !text[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        if parts || ends {
            if let Some(from) = start.take() {
                found.push((&text[from..at], depth > 0));
            }
            match letter {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(from) = start {
        found.push((&text[from..], depth > 0));
    }
    found
}

/// `thousand`, `'000`, `kEUR`, `€m`: the factor, and the currency where the word has one.
fn scale_of(word: &str) -> Option<(f64, Option<Named>)> {
    let lower = word.to_lowercase().replace('’', "'");
    let factor = match lower.as_str() {
        "hundreds" => 1e2,
        "dozens" => 12.0,
        "thousand" | "thousands" | "'000" | "'000s" | "000" | "000s" | "000's" | "1000s"
        | "1,000s" | "tsd" => 1e3,
        "lakh" | "lakhs" => 1e5,
        "million" | "millions" | "mn" | "mio" | "mln" => 1e6,
        "crore" | "crores" => 1e7,
        "billion" | "billions" | "bn" => 1e9,
        "trillion" | "trillions" => 1e12,
        _ => return joined(&lower),
    };
    Some((factor, None))
}

/// A currency and a scale in one word: `kEUR`, `TEUR`, `m€`, `£k`, `$000`.
fn joined(lower: &str) -> Option<(f64, Option<Named>)> {
    const CURRENCIES: [&str; 9] = ["eur", "usd", "gbp", "chf", "€", "$", "£", "us$", "¥"];
    let (currency, rest) = CURRENCIES.iter().find_map(|currency| {
        let rest = lower
            .strip_prefix(currency)
            .or_else(|| lower.strip_suffix(currency))?;
        Some((currency, rest))
    })?;
    let factor = match rest {
        "k" | "t" | "'000" | "000" | "'000s" | "000s" => 1e3,
        "m" | "mn" | "mio" | "mln" => 1e6,
        "b" | "bn" => 1e9,
        _ => return None,
    };
    Some((factor, named(currency, currency)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(scale: Option<Scale>) -> Option<f64> {
        match scale? {
            Scale::Known { factor, .. } => Some(factor),
            _ => Some(0.0),
        }
    }

    #[test]
    fn notes_of_a_scale_are_read() {
        for (text, expected) in [
            ("Sales by branch (in thousands)", Some(1e3)),
            ("All figures in million EUR.", Some(1e6)),
            ("Amounts: EUR thousand", Some(1e3)),
            ("Accounts, £000", Some(1e3)),
            ("Budget in kEUR", Some(1e3)),
            ("Deaths per 1,000 inhabitants", Some(0.0)),
            ("Sales rose to 3 million euros.", None),
            ("The town has a million visitors", None),
            ("Prices of rooms", None),
        ] {
            assert_eq!(factor(declares(text)), expected, "{text}");
        }
    }

    #[test]
    fn units_of_names_are_read() {
        assert_eq!(factor(Some(unit("thousand EUR"))), Some(1e3));
        assert_eq!(unit("number at end of quarter"), Scale::Plain);
        assert_eq!(unit("kt"), Scale::Unknown);
        assert_eq!(factor(Some(unit("percent of orders"))), Some(1.0));
    }
}
