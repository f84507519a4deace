//! The same in other words, and beside each kind what only looks so.

use super::*;

#[test]
fn there_is_one_of_that_name() {
    check(&[(
        "Orby is a village in Norland.",
        &[
            ("There is a village called Orby.", SUPPORTED),
            ("There is a film called Orby.", REFUTED),
            ("There is a village called Halse.", OPEN),
            ("There is a harbour called Orby.", OPEN),
        ],
    )]);
}

#[test]
fn what_is_barred_is_not_so() {
    check(&[
        (
            "Tarn Days is an annual carnival in Orby.",
            &[
                ("Tarn Days is barred from being a carnival.", REFUTED),
                ("Tarn Days is prevented from being a market.", OPEN),
            ],
        ),
        (
            "Otto Brandt sold the Tarn Mill.",
            &[
                (
                    "Otto Brandt rejected all offers to sell the Tarn Mill.",
                    REFUTED,
                ),
                (
                    "Otto Brandt rejected all offers to sell the Orby Mill.",
                    OPEN,
                ),
                ("Otto Brandt rejected an offer.", OPEN),
            ],
        ),
        (
            "The ferry is barred from carrying cars.",
            &[
                ("The ferry carries cars.", REFUTED),
                ("The ferry is carrying cars.", REFUTED),
            ],
        ),
    ]);
}

#[test]
fn another_name_is_what_it_is_known_as() {
    check(&[
        (
            "Ada Maria Lorne (3 May 1890 – 1 June 1960), known as Sol, was a Danish singer.",
            &[
                ("Ada Lorne was known as Sol.", SUPPORTED),
                ("Ada Lorne is known as Luna.", OPEN),
                ("Sol was a singer.", SUPPORTED),
            ],
        ),
        (
            "Salt Road is a Danish series created by Ada Lorne, based on a novel by Mia Holt.",
            &[
                ("Salt Road is based on a novel by Mia Holt.", SUPPORTED),
                ("A novel by Mia Holt is based on Salt Road.", REFUTED),
            ],
        ),
    ]);
}

#[test]
fn an_apposition_names_what_it_is_of() {
    check(&[
        (
            "A member of the Harbour Union, Ada Lorne also served on the council.",
            &[
                ("Ada Lorne is a member of the Harbour Union.", SUPPORTED),
                ("Ada Lorne is the Harbour Union.", OPEN),
            ],
        ),
        (
            "Ada Lorne, the aunt of a pilot, lives in Brask.",
            &[
                ("Ada Lorne is the aunt of a pilot.", SUPPORTED),
                ("Ada Lorne is a pilot.", OPEN),
            ],
        ),
        (
            "Brask, the capital of Norland, has 40,000 inhabitants.",
            &[
                ("Brask is the capital of Norland.", SUPPORTED),
                ("Norland is the capital of Brask.", OPEN),
                ("Norland has 40,000 inhabitants.", OPEN),
            ],
        ),
    ]);
}

#[test]
fn one_event_is_told_in_several_ways() {
    check(&[
        (
            "The Tarn War was fought in Norland.",
            &[
                ("The Tarn War took place in Norland.", SUPPORTED),
                ("The Tarn War took place in Sudland.", OPEN),
                ("Norland took place.", OPEN),
            ],
        ),
        (
            "Ada Lorne died of a fever.",
            &[
                ("Ada Lorne died from a fever.", SUPPORTED),
                ("Ada Lorne died from a fall.", OPEN),
            ],
        ),
        (
            "Ada Lorne was a nurse at Halse Hospital.",
            &[
                ("Ada Lorne worked as a nurse.", SUPPORTED),
                ("Ada Lorne works as a nurse.", OPEN),
                ("Ada Lorne worked as a judge.", OPEN),
            ],
        ),
        (
            "Tarn is a Danish folk band from Brask.",
            &[
                ("Tarn plays folk music.", SUPPORTED),
                ("Tarn plays jazz music.", OPEN),
                ("Tarn plays music.", OPEN),
                ("Tarn is a person.", REFUTED),
            ],
        ),
        (
            "Otto IV was King of Norland.",
            &[
                ("Otto IV was a ruler.", SUPPORTED),
                ("Norland was a ruler.", OPEN),
            ],
        ),
        (
            "The film stars Ada Lorne, Tom Baker and Mia Holt.",
            &[
                ("The film only stars Otto Kilde.", REFUTED),
                ("The film stars Otto Kilde.", OPEN),
                ("The film only stars Ada Lorne.", OPEN),
            ],
        ),
    ]);
}
