//! What a subject is, what it is called, and where it stands in the sentence.

use super::*;

#[test]
fn a_kind_includes_what_is_of_it() {
    check(&[
        (
            "Orby is a village in Norland.",
            &[
                ("Orby is a place.", SUPPORTED),
                ("Orby is not a place.", REFUTED),
                ("Orby is a film.", REFUTED),
                ("Norland is a place.", OPEN),
            ],
        ),
        (
            "Ilse Varga is a Hungarian cinematographer.",
            &[
                ("Ilse Varga is a person.", SUPPORTED),
                ("Ilse Varga is a jaguar.", REFUTED),
                ("Ilse Varga is a painter.", OPEN),
            ],
        ),
        (
            "Glass is a song by Mia Holt.",
            &[
                ("Glass is a work.", SUPPORTED),
                ("Glass is a work of music.", OPEN),
                ("Glass is a type of food.", REFUTED),
                ("Glass is a type of song.", SUPPORTED),
                ("Glass is an opera.", REFUTED),
                ("Mia Holt is a work.", OPEN),
            ],
        ),
        ("Orby is a place.", &[("Orby is a village.", OPEN)]),
    ]);
}

#[test]
fn none_of_them_is_a_denial() {
    check(&[
        (
            "The harbour has ferries.",
            &[
                ("The harbour has zero ferries.", REFUTED),
                ("The harbour has zero trams.", OPEN),
                ("The airport has zero ferries.", OPEN),
            ],
        ),
        (
            "The harbour has no ferries.",
            &[
                ("The harbour has zero ferries.", SUPPORTED),
                ("The harbour has two ferries.", OPEN),
            ],
        ),
        (
            "The harbour has four ferries.",
            &[("The harbour has zero ferries.", REFUTED)],
        ),
    ]);
}

#[test]
fn another_name_is_the_subject_too() {
    check(&[(
        "Seo Lin-ha (born June 28, 1991), known professionally as Hyun, is a Korean singer.",
        &[
            ("Hyun is a singer.", SUPPORTED),
            ("Hyun is a Korean singer.", SUPPORTED),
            ("Hyun is not a singer.", REFUTED),
            ("Hyun is a Danish singer.", REFUTED),
            ("Hyun is a dancer.", OPEN),
            ("Ryun is a singer.", OPEN),
        ],
    )]);
}

#[test]
fn what_only_looks_alike_decides_nothing() {
    check(&[
        (
            "Lena Roth is one of the best known people on Pixmap.",
            &[("Lena Roth is Pixmap.", OPEN)],
        ),
        (
            "Tarik finally became the first king of Orby.",
            &[("Tarik was the last king of Orby.", OPEN)],
        ),
        (
            "Guests who do not choose the train and guests who arrive late are met by bus.",
            &[(
                "Guests who do not choose the train and guests who arrive late are met by bus instead of the train.",
                OPEN,
            )],
        ),
        (
            "He made five visits in 2018, selling 25 boats in 40 days.",
            &[("He made a visit on August 4, 2018, selling 8 boats.", OPEN)],
        ),
    ]);
}

#[test]
fn an_opening_participle_has_a_subject() {
    check(&[
        (
            "Founded in 1885, the mill employs 40 people.",
            &[
                ("The mill was founded in 1885.", SUPPORTED),
                ("The mill was founded in 1886.", REFUTED),
                ("The mill was not founded in 1885.", REFUTED),
                ("The mill employs 40 people.", SUPPORTED),
                ("The mill was closed in 1885.", OPEN),
                ("The bakery was founded in 1885.", OPEN),
            ],
        ),
        (
            "Opened the door in 1885, the mill says.",
            &[("The mill was opened in 1885.", OPEN)],
        ),
        (
            "Founded in 1885, its members met in Brask.",
            &[("The members were founded in 1885.", OPEN)],
        ),
        (
            "Founded in 1885, it was bought by Tarn.",
            &[
                ("Tarn was founded in 1885.", OPEN),
                ("Brask was founded in 1885.", OPEN),
            ],
        ),
    ]);
}

#[test]
fn the_rest_of_a_name_is_what_it_is() {
    check(&[
        (
            "Halse is a large research university in Norland.",
            &[
                ("Halse University is large.", SUPPORTED),
                ("Halse University is small.", REFUTED),
                ("Brask University is large.", OPEN),
                ("Halse Hospital is large.", OPEN),
            ],
        ),
        (
            "Halse is a town in a large county.",
            &[("Halse County is large.", OPEN)],
        ),
    ]);
}

#[test]
fn one_wrong_thing_of_several_is_enough() {
    check(&[
        (
            "Kiln is a Danish crime film.",
            &[
                ("Kiln is a Peruvian television film.", REFUTED),
                ("Kiln is a tragic opera.", REFUTED),
                ("Kiln is a Danish opera.", REFUTED),
                ("Kiln is a noisy film.", OPEN),
                ("Kiln is a Danish television film.", OPEN),
                ("Kiln is not a Peruvian television film.", OPEN),
                ("Salt is a Peruvian television film.", OPEN),
            ],
        ),
        (
            "Ilse Varga is a Hungarian musician.",
            &[
                ("Ilse Varga is a French horn player.", OPEN),
                ("Ilse Varga is an English teacher.", OPEN),
                ("Ilse Varga is a bad Hungarian musician.", OPEN),
                ("Ilse Varga is the last Hungarian musician.", OPEN),
                ("Ilse Varga is a Danish stage actor.", REFUTED),
            ],
        ),
        (
            "Ilse Varga is a painter of French landscapes.",
            &[
                ("Ilse Varga is a Danish painter.", OPEN),
                ("Ilse Varga is a Danish stage painter.", OPEN),
            ],
        ),
        (
            "Owen Hale is an English singer.",
            &[
                ("Owen Hale is a British singer.", OPEN),
                ("Owen Hale is a Danish singer.", REFUTED),
            ],
        ),
        (
            "Owen Hale is a film actor.",
            &[("Owen Hale is a film.", OPEN)],
        ),
        (
            "Kiln is a comedy film.",
            &[("Kiln is a comedy.", SUPPORTED)],
        ),
    ]);
}

#[test]
fn an_excerpt_names_another() {
    check(&[
        (
            "It was directed by Mia Holt.",
            &[
                ("Kiln was directed by Jon Aske.", REFUTED),
                ("Kiln was directed by Mia Holt.", SUPPORTED),
                ("Kiln was edited by Jon Aske.", OPEN),
                ("Kiln was not directed by Jon Aske.", OPEN),
            ],
        ),
        (
            "It was visited by Mia Holt.",
            &[("Kiln was visited by Jon Aske.", OPEN)],
        ),
        (
            "Salt ran for a year. It was directed by Mia Holt.",
            &[("Kiln was directed by Jon Aske.", OPEN)],
        ),
    ]);
}

#[test]
fn a_year_may_say_which_one_is_meant() {
    check(&[(
        "Kiln is a 1974 crime film directed by Mia Holt.",
        &[
            ("The 1974 film Kiln was directed by Mia Holt.", SUPPORTED),
            ("The 1974 film Kiln was directed by Jon Aske.", REFUTED),
            ("The 1975 film Kiln was directed by Jon Aske.", OPEN),
        ],
    )]);
}

#[test]
fn another_state_is_another_town() {
    check(&[(
        "Lena Roth was born in Reno, Nevada.",
        &[
            ("Lena Roth was born in Tampa, Florida.", REFUTED),
            ("Lena Roth was born in Reno, Nevada.", SUPPORTED),
            ("Lena Roth was born in Elko, Nevada.", OPEN),
            ("Lena Roth was not born in Tampa, Florida.", OPEN),
            ("Anna Roth was born in Tampa, Florida.", OPEN),
            ("Lena Roth was raised in Tampa, Florida.", OPEN),
        ],
    )]);
}

#[test]
fn two_names_are_not_opposites() {
    check(&[
        (
            "The Red Lion was opened in 1990.",
            &[
                ("The White Lion was opened in 1990.", OPEN),
                ("The Red Lion was opened in 1990.", SUPPORTED),
            ],
        ),
        (
            "High Water was written by Inga Sand.",
            &[("Low Water was written by Inga Sand.", OPEN)],
        ),
        (
            "The mill was founded in 1885.",
            &[("The bakery was founded in 1885.", OPEN)],
        ),
    ]);
}

#[test]
fn a_legal_form_may_be_left_out() {
    check(&[
        (
            "Tarn has won the cup once.",
            &[
                ("Tarn F.C. has won the cup once.", SUPPORTED),
                ("Tarn Ltd has won the cup once.", SUPPORTED),
                ("Orby F.C. has won the cup once.", OPEN),
                ("Tarn F.C. has not won the cup once.", REFUTED),
            ],
        ),
        (
            "Tarn GmbH has won the cup once.",
            &[("Tarn Ltd has won the cup once.", OPEN)],
        ),
    ]);
}
