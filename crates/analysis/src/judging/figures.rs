//! Whether the quotes behind `supported` give the claim's own figures: its amounts and dates. A judge may read more out of a
//! passage than stands in it; a figure that is nowhere in the quotes is not borne out by them.

use crate::statement::Sentence;
use crate::statement::quantity::{Bound, Comparison, Quantity, Role, Unit};
use crate::statement::time::{Agreement, Time, When};

/// What the quotes leave out of a claim's figures, as the claim writes them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Missing {
    /// Written in digits: nobody needs to interpret them.
    pub figures: Vec<String>,
    /// Written in words, or only roughly given: whether they are there takes understanding.
    pub unclear: Vec<String>,
}

/// Compares the claim's figures with those of all quotes together.
pub(super) fn missing(claim: &str, quotes: &[&str]) -> Missing {
    let claim = Sentence::new(claim);
    let read: Vec<Sentence> = quotes.iter().map(|quote| Sentence::new(quote)).collect();
    let mut missing = Missing::default();
    let mut note = |written: &str, given: Given| {
        let has_digits = written.contains(|letter: char| letter.is_ascii_digit());
        match given {
            Given::Yes => {}
            Given::No if has_digits => missing.figures.push(written.to_owned()),
            Given::No | Given::Roughly => missing.unclear.push(written.to_owned()),
        }
    };
    for quantity in &claim.quantities {
        if !quantity.quantifier && quantity.role != Role::Label {
            note(
                claim.written(&quantity.tokens),
                amount(&claim, quantity, &read),
            );
        }
    }
    for time in &claim.times {
        if matches!(time.when, When::Days(_)) {
            note(claim.written(&time.tokens), date(&claim, time, &read));
        }
    }
    missing
}

#[derive(Clone, Copy, PartialEq)]
enum Given {
    Yes,
    Roughly,
    No,
}

fn amount(claim: &Sentence, wanted: &Quantity, quotes: &[Sentence]) -> Given {
    let mut best = Given::No;
    for quantity in quotes.iter().flat_map(|quote| &quote.quantities) {
        match wanted.compare(quantity) {
            Comparison::Same => return Given::Yes,
            Comparison::Open if wanted.bound != Bound::Exact => best = Given::Roughly,
            // A cell has its unit in the column's name.
            Comparison::Incomparable if is_bare(quantity) && is_same_figure(wanted, quantity) => {
                return Given::Yes;
            }
            _ => {}
        }
    }
    let figure = digits(claim.written(&wanted.tokens));
    let is_written = !figure.is_empty() && holds_token(quotes, &figure, true);
    if is_written { Given::Yes } else { best }
}

fn is_bare(quantity: &Quantity) -> bool {
    quantity.unit == Unit::Count && quantity.of.is_empty()
}

fn is_same_figure(one: &Quantity, other: &Quantity) -> bool {
    (one.low - other.low).abs() <= 1e-9 * one.low.abs().max(1.0)
}

fn date(claim: &Sentence, wanted: &Time, quotes: &[Sentence]) -> Given {
    let given = quotes.iter().flat_map(|quote| &quote.times);
    let same = |time: &Time| wanted.compare(time) == Agreement::Same;
    let year = digits(claim.written(&wanted.tokens));
    let is_year = year.len() == 4
        && claim.written(&wanted.tokens).split_whitespace().count() <= 2
        && holds_token(quotes, &year, false);
    if given.clone().any(same) || is_year {
        Given::Yes
    } else {
        Given::No
    }
}

/// The figure of an amount without its unit: `412` of `412 metres`; empty where there are several.
fn digits(written: &str) -> String {
    let figures: Vec<&str> = written
        .split(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | ',')))
        .map(|figure| figure.trim_matches(['.', ',']))
        .filter(|figure| !figure.is_empty())
        .collect();
    match figures.as_slice() {
        [one] => (*one).to_owned(),
        _ => String::new(),
    }
}

/// Whether a quote has this very figure as a word of its own; `alone` where it must be all that the quote's cell says of it,
/// with no unit that could be another.
fn holds_token(quotes: &[Sentence], figure: &str, alone: bool) -> bool {
    quotes.iter().any(|quote| {
        quote.tokens.iter().enumerate().any(|(at, token)| {
            let stands_apart = |token: Option<&crate::statement::token::Token>| {
                token.is_none_or(|token| token.is_sign('|') || token.is_sign(';'))
            };
            token.lower == figure
                && (!alone
                    || (stands_apart(quote.tokens.get(at + 1))
                        && stands_apart(at.checked_sub(1).and_then(|at| quote.tokens.get(at)))))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_in_other_clothes_is_given() {
        for (claim, quotes) in [
            (
                "The span is 412 metres.",
                &["The span measures 0.412 km."][..],
            ),
            (
                "It cost £4.2 million.",
                &["The bill was £4,200,000 in all."],
            ),
            (
                "It cost nine million crowns.",
                &["It came to 9 million crowns."],
            ),
            (
                "The bridge opened in 1933.",
                &["It was opened on 4 May 1933."],
            ),
            ("It opened in May 1933.", &["It was opened on 4 May 1933."]),
            ("The span is 412 metres.", &["Ardmoor | 412 | 1933"]),
            (
                "It has 24 turbines and opened in 2010.",
                &["24 turbines stand there", "opened in 2010"],
            ),
            (
                "It has two towers.",
                &["Its north tower and its south tower"],
            ),
            ("All members voted.", &["Every member voted."]),
            ("It is tall.", &["It is a tall one."]),
        ] {
            assert_eq!(missing(claim, quotes).figures, [""; 0], "{claim}");
        }
    }

    #[test]
    fn a_figure_that_no_quote_gives_is_missing() {
        for (claim, quotes, figure) in [
            (
                "The span is 412 metres.",
                &["The span measures 421 metres."][..],
                "412",
            ),
            (
                "The span is 412 metres.",
                &["The span is the longest of all."],
                "412",
            ),
            (
                "It cost £4.2 million.",
                &["The bill was £4.6 million."],
                "4.2",
            ),
            (
                "It cost £4.2 million.",
                &["Costs rose by 4.2 percent."],
                "4.2",
            ),
            (
                "The bridge opened in 1931.",
                &["It was opened in May 1933."],
                "1931",
            ),
            (
                "It opened in May 1933.",
                &["It was opened in 1933."],
                "1933",
            ),
            ("The share was 12%.", &["12 members voted."], "12"),
        ] {
            let found = missing(claim, quotes).figures;
            assert!(
                found.len() == 1 && found[0].contains(figure),
                "{claim} {found:?}"
            );
        }
    }

    #[test]
    fn what_takes_understanding_is_unclear() {
        let unclear = missing("It has two towers.", &["Towers stand north and south."]);
        assert_eq!((unclear.figures.len(), unclear.unclear.len()), (0, 1));
    }
}
