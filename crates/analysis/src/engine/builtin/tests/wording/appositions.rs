//! What a subject is called beside its name is said of it.

use super::*;

#[test]
fn what_is_beside_the_name_is_said_of_it() {
    check(&[
        (
            "Anna Lindqvist, a nurse from Brask, won the lottery.",
            &[
                ("Anna Lindqvist is a nurse.", SUPPORTED),
                ("Anna Lindqvist is a nurse from Brask.", SUPPORTED),
                ("Anna Lindqvist is not a nurse.", REFUTED),
                ("Anna Lindqvist is a river.", REFUTED),
                ("Anna Lindqvist won the lottery.", SUPPORTED),
                ("Anna Lindqvist is a lottery.", OPEN),
                ("Anna Lindqvist is a doctor.", OPEN),
                ("Karin Lindqvist is a nurse.", OPEN),
                ("Brask is a nurse.", OPEN),
            ],
        ),
        (
            "Anna Lindqvist, the former mayor, won the lottery.",
            &[
                ("Anna Lindqvist is the mayor.", OPEN),
                ("Anna Lindqvist is the former mayor.", SUPPORTED),
            ],
        ),
        (
            "A keen cyclist from Brask, Anna Lindqvist won the lottery.",
            &[
                ("Anna Lindqvist is a cyclist.", SUPPORTED),
                ("Anna Lindqvist is not a cyclist.", REFUTED),
                ("Anna Lindqvist is a nurse.", OPEN),
            ],
        ),
    ]);
}

#[test]
fn what_is_no_apposition_names_nobody() {
    check(&[
        (
            "A week later, Anna Lindqvist won the lottery.",
            &[("Anna Lindqvist is a week.", OPEN)],
        ),
        (
            "A dog, Anna Lindqvist said, was in the garden.",
            &[("Anna Lindqvist is a dog.", OPEN)],
        ),
        (
            "Anna Lindqvist, a nurse and Per Holm won the lottery.",
            &[("Anna Lindqvist is a nurse.", OPEN)],
        ),
        (
            "Anna Lindqvist, the nurse, and Per Holm won the lottery.",
            &[("Per Holm is the nurse.", OPEN)],
        ),
        (
            "If Anna Lindqvist, a nurse, wins, she will travel.",
            &[("Anna Lindqvist is a nurse.", OPEN)],
        ),
        (
            "Anna Lindqvist, the aunt of a pilot, won the lottery.",
            &[("Anna Lindqvist is a pilot.", OPEN)],
        ),
        (
            "Anna Lindqvist, a pilot's aunt, won the lottery.",
            &[("Anna Lindqvist is a pilot.", OPEN)],
        ),
        (
            "A candidate for mayor, Anna Lindqvist won the lottery.",
            &[("Anna Lindqvist is the mayor.", OPEN)],
        ),
        (
            "A friend of the mayor, Anna Lindqvist won the lottery.",
            &[
                ("Anna Lindqvist is the mayor.", OPEN),
                ("Anna Lindqvist is a mayor.", OPEN),
            ],
        ),
        (
            "Anna Lindqvist, perhaps a nurse, won the lottery.",
            &[("Anna Lindqvist is a nurse.", OPEN)],
        ),
        (
            "Anna Lindqvist, no nurse, won the lottery.",
            &[("Anna Lindqvist is a nurse.", OPEN)],
        ),
    ]);
}

#[test]
fn at_least_one_is_any() {
    check(&[
        (
            "The film was dubbed into languages of the north.",
            &[
                (
                    "The film was dubbed into at least one language of the north.",
                    SUPPORTED,
                ),
                (
                    "The film was dubbed into at least two languages of the north.",
                    OPEN,
                ),
                (
                    "The song was dubbed into at least one language of the sea.",
                    OPEN,
                ),
            ],
        ),
        (
            "The film was not dubbed into languages of the north.",
            &[(
                "The film was not dubbed into at least one language of the north.",
                OPEN,
            )],
        ),
    ]);
}
