//! All words of a claim in one sentence that says something else: of another thing, in another role, of a plan, of a part.

use super::*;

#[test]
fn an_object_is_part_of_what_was_done() {
    check(&[
        (
            "Vera Lind opened a bakery in Malby in 1998.",
            &[
                ("Vera Lind opened in 1998.", OPEN),
                ("Vera Lind opened in Malby in 1998.", OPEN),
                ("The company opened in 1998.", OPEN),
                ("Vera Lind opened a bakery in 1998.", SUPPORTED),
                ("Vera Lind opened a bakery in 1999.", REFUTED),
            ],
        ),
        (
            "The fair was started by Nils Holt.",
            &[
                ("Nils Holt started.", OPEN),
                ("Nils Holt started the fair.", SUPPORTED),
            ],
        ),
        (
            "Nils Holt taught maths in Lund.",
            &[("Nils Holt taught in Lund.", SUPPORTED)],
        ),
    ]);
}

#[test]
fn what_is_only_planned_is_not_there() {
    check(&[
        (
            "Tarn Foods had plans for a mill in Malby.",
            &[
                ("Tarn Foods had a mill in Malby.", OPEN),
                ("Tarn Foods had at least one mill.", OPEN),
                ("Tarn Foods had plans for a mill.", SUPPORTED),
            ],
        ),
        (
            "The school has need of two cooks.",
            &[("The school has two cooks.", OPEN)],
        ),
        (
            "The parish had an offer of a new bell.",
            &[("The parish had a new bell.", OPEN)],
        ),
        (
            "The zoo is in search of a vet.",
            &[("The zoo has a vet.", OPEN)],
        ),
        (
            "The board approved a proposal for a canal.",
            &[("The board approved a canal.", OPEN)],
        ),
    ]);
}

#[test]
fn what_stands_beside_the_subject_is_not_it() {
    check(&[
        (
            "Nils Holt, best known for Low Tide, is a director.",
            &[
                ("Low Tide is a director.", OPEN),
                ("Nils Holt is a director.", SUPPORTED),
            ],
        ),
        (
            "Vera Lind, wife of Karl Lind, is a surgeon.",
            &[
                ("Karl Lind is a surgeon.", OPEN),
                ("Vera Lind is a surgeon.", SUPPORTED),
            ],
        ),
        (
            "Nils Holt, known as a Swede, is a rower.",
            &[
                ("A Swede is a rower.", OPEN),
                ("Nils Holt is a rower.", SUPPORTED),
            ],
        ),
        (
            "Nils Holt came to the feast dressed as a monk.",
            &[("Nils Holt is a monk.", OPEN)],
        ),
        (
            "After Vera Lind, Karl Lind was mayor.",
            &[("Vera Lind was mayor.", OPEN)],
        ),
    ]);
}

#[test]
fn what_a_word_hangs_on_is_part_of_it() {
    check(&[
        (
            "Vera Lind's horse won a ribbon.",
            &[
                ("Vera Lind won a ribbon.", OPEN),
                ("Vera Lind's horse won a ribbon.", SUPPORTED),
            ],
        ),
        (
            "The roof of the chapel was rebuilt in 1780.",
            &[
                ("The chapel was rebuilt in 1780.", OPEN),
                ("The chapel was rebuilt in 1790.", OPEN),
            ],
        ),
        (
            "Vera Lind wrote a review of Low Tide.",
            &[
                ("Vera Lind wrote Low Tide.", OPEN),
                ("Vera Lind wrote a review.", SUPPORTED),
            ],
        ),
        (
            "Vera Lind is a candidate for mayor.",
            &[("Vera Lind is mayor.", OPEN)],
        ),
        (
            "The city of Malby has 4,000 inhabitants.",
            &[("Malby has 4,000 inhabitants.", SUPPORTED)],
        ),
    ]);
}

#[test]
fn two_things_have_each_their_own() {
    check(&[
        (
            "The mill in Malby opened in 1950.",
            &[
                ("The mill in Lund opened in 1960.", OPEN),
                ("The mill in Lund opened in 1950.", OPEN),
                ("The mill in Malby opened in 1960.", REFUTED),
            ],
        ),
        (
            "The film was released in 1950.",
            &[
                ("The book was released in 1960.", OPEN),
                ("The book was released in 1950.", OPEN),
                ("The film was released in 1960.", REFUTED),
            ],
        ),
        (
            "The chapel was restored in 1850.",
            &[("The chapel was restored in 1900.", OPEN)],
        ),
        (
            "Karl Lind's father was a miner.",
            &[("Karl Lind's mother was a miner.", OPEN)],
        ),
    ]);
}

#[test]
fn what_narrows_may_not_be_left_out() {
    check(&[
        (
            "The gate is closed to lorries.",
            &[("The gate is closed.", OPEN)],
        ),
        (
            "Sales of bread fell by 4 percent.",
            &[("Sales fell by 4 percent.", OPEN)],
        ),
        (
            "The drug did not ease pain more than placebo.",
            &[("The drug did not ease pain.", OPEN)],
        ),
        ("Members over 65 pay half.", &[("Members pay half.", OPEN)]),
        (
            "Malby is larger than Lund.",
            &[
                ("Malby is larger.", OPEN),
                ("Lund is larger than Malby.", REFUTED),
            ],
        ),
        (
            "Vera Lind is the deputy head of the school.",
            &[("Vera Lind is the head of the school.", OPEN)],
        ),
        (
            "Three of the eight judges resigned.",
            &[
                ("Eight judges resigned.", OPEN),
                ("Three judges resigned.", SUPPORTED),
            ],
        ),
    ]);
}
