use super::*;
use crate::statement::token::tokens;
use proptest::prelude::*;

/// Pieces that the parsers of amounts, dates and clauses look for, in any order.
const PIECES: &[&str] = &[
    "the",
    "a",
    "of",
    "in",
    "by",
    "from",
    "to",
    "and",
    "but",
    "not",
    "all",
    "half",
    "third",
    "a quarter",
    "twenty",
    "-",
    "one",
    "million",
    "1",
    "12",
    "1 250",
    "1.250",
    "4,31",
    "10⁶",
    "2019",
    "1960s",
    "50 BC",
    "9:00",
    "17:30",
    "5 pm",
    "%",
    "€",
    "$",
    "km/h",
    "per",
    "°",
    "C",
    "May",
    "15",
    "/",
    "01",
    "1967",
    "Monday",
    "Q3",
    "century",
    "between",
    "more than",
    "at least",
    "up to",
    "(",
    ")",
    "[1]",
    ";",
    ":",
    ",",
    ".",
    "?",
    "—",
    "–",
    "was",
    "is",
    "plans to",
    "that",
    "which",
    "who",
    "if",
    "because",
    "than",
    "Ada",
    "Lorne",
    "mill",
    "built",
    "employs",
    "people",
    "rose",
    "it",
    "its",
    "nobody",
    "only",
    "non-refundable",
    "é",
    "桥",
    "🌉",
    "\u{200b}",
    "'",
    "’s",
    "…",
];

proptest! {
    #[test]
    fn any_pieces_are_read(order in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: Vec<&str> = order.into_iter().map(|at| PIECES[at]).collect();
        let text = text.join(" ");
        let read = Sentence::new(&text);
        let length = tokens(&text).len();
        for statement in &read.statements {
            prop_assert!(statement.quantities.iter().all(|index| *index < read.quantities.len()));
            prop_assert!(statement.times.iter().chain(&statement.inherited_times).all(|index| *index < read.times.len()));
            prop_assert!(statement.terms.iter().all(|term| term.at < length));
        }
        prop_assert!(read.quantities.iter().all(|quantity| quantity.tokens.end <= length && quantity.low <= quantity.high));
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,160}") {
        let _ = Sentence::new(&text);
    }

    #[test]
    fn any_two_statements_are_compared(
        one in prop::collection::vec(0..PIECES.len(), 0..25),
        other in prop::collection::vec(0..PIECES.len(), 0..25),
    ) {
        let join = |order: Vec<usize>| order.into_iter().map(|at| PIECES[at]).collect::<Vec<_>>().join(" ");
        let (claim, source) = (Sentence::new(&join(one)), Sentence::new(&join(other)));
        for statement in &claim.statements {
            for given in &source.statements {
                let _ = bind(
                    Side { sentence: &claim, statement },
                    Side { sentence: &source, statement: given },
                    &Around::default(),
                );
            }
        }
    }
}

#[test]
fn a_statement_supports_itself() {
    for text in [
        "The mill was built in 1912.",
        "Kelmer exported 300 tonnes of wool to Brask in 1980.",
        "The hall seats between 200 and 250 people.",
        "The town plans to build a pool by 2028.",
        "Dogs are not allowed on the beach.",
    ] {
        let read = Sentence::new(text);
        for statement in &read.statements {
            let side = Side {
                sentence: &read,
                statement,
            };
            let bound = bind(side, side, &Around::default());
            assert!(
                matches!(bound.outcome, Outcome::Supports(_)),
                "{text}: {bound:?}"
            );
        }
    }
}
