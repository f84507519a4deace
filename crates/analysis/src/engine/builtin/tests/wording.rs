//! Claims that say in other words what a source says, and beside each kind what is near to it and must stay open or be
//! refuted: another subject, another year, a denial, a part, a word that says more.

use super::*;

mod appositions;
mod identity;
mod paraphrases;
mod subjects;

const SUPPORTED: Verdict = Verdict::Supported;
const REFUTED: Verdict = Verdict::Refuted;
const OPEN: Verdict = Verdict::NotEnoughEvidence;

/// A source, and claims with their answers.
type Kind<'a> = (&'a str, &'a [(&'a str, Verdict)]);

fn check(kinds: &[Kind<'_>]) {
    let mut wrong = Vec::new();
    for (source, claims) in kinds {
        for (claim, expected) in *claims {
            let given = verdict(claim, source);
            if given != *expected {
                wrong.push(format!("{claim} | {source}: {given:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_claim_that_says_more_is_not_supported() {
    check(&[
        (
            "Ilse Varga is a Hungarian painter.",
            &[
                ("Ilse Varga is exclusively Danish.", REFUTED),
                ("Ilse Varga is only a Danish painter.", REFUTED),
                ("Ilse Varga is exclusively Hungarian.", OPEN),
                ("Ilse Varga is solely a painter.", OPEN),
                ("Ilse Varga is not exclusively Danish.", OPEN),
                ("Ilse Varga is not only a painter.", OPEN),
                ("Ilse Varga is barely Danish.", OPEN),
            ],
        ),
        (
            "The lift is not heated.",
            &[
                ("The lift is fully heated.", REFUTED),
                ("The lift is not fully heated.", OPEN),
                ("The stairs are fully heated.", OPEN),
            ],
        ),
        (
            "The hall is open on Sundays.",
            &[
                ("The hall is only open on Sundays.", OPEN),
                ("The hall is completely open on Sundays.", OPEN),
                ("Only the hall is open on Sundays.", OPEN),
            ],
        ),
    ]);
}

#[test]
fn what_could_not_be_did_not_happen() {
    check(&[
        (
            "Otto Brandt directed Salt Road.",
            &[
                ("Otto Brandt refused to direct Salt Road.", REFUTED),
                ("Otto Brandt was unable to direct Salt Road.", REFUTED),
                ("Otto Brandt has yet to direct Salt Road.", REFUTED),
                ("Otto Brandt did not refuse to direct Salt Road.", OPEN),
                ("Otto Brandt is unable to direct Salt Road.", OPEN),
                ("Otto Brandt refused to produce Salt Road.", OPEN),
                ("Otto Brandt refused to direct Low Water.", OPEN),
                ("Hanna Brandt refused to direct Salt Road.", OPEN),
            ],
        ),
        (
            "Otto Brandt did not direct Salt Road.",
            &[
                ("Otto Brandt refused to direct Salt Road.", OPEN),
                ("Otto Brandt was unable to direct Salt Road.", OPEN),
            ],
        ),
        (
            "Kiln is a Danish thriller.",
            &[
                ("Kiln is incapable of being a Danish thriller.", REFUTED),
                ("Kiln is capable of being a Danish thriller.", OPEN),
                ("Kiln is incapable of being a comedy.", OPEN),
            ],
        ),
        (
            "The machine is incapable of printing in colour.",
            &[("The machine does not print in colour.", OPEN)],
        ),
        (
            "Lena Roth refused to sign the charter. In May, Lena Roth signed the charter.",
            &[("Lena Roth refused to sign the charter.", SUPPORTED)],
        ),
        (
            "Lena Roth will sign the charter.",
            &[
                ("Lena Roth refused to sign the charter.", OPEN),
                ("Lena Roth has yet to sign the charter.", OPEN),
            ],
        ),
    ]);
}

#[test]
fn each_did_what_the_source_says_of_them() {
    check(&[
        (
            "Kiln is a 1994 film written by Jon Aske and directed by Mia Holt, starring Nils Lund.",
            &[
                ("Kiln was written by Jon Aske.", SUPPORTED),
                ("Kiln was directed by Jon Aske.", REFUTED),
                ("Mia Holt wrote Kiln.", REFUTED),
                ("Nils Lund directed Kiln.", REFUTED),
                ("Kiln was edited by Mia Holt.", OPEN),
                ("Salt was directed by Jon Aske.", OPEN),
                ("Kiln was not directed by Jon Aske.", OPEN),
                ("Nils Lund stars in Kiln.", SUPPORTED),
                ("Nils Lund appeared in Kiln.", SUPPORTED),
                ("Nils Lund did not appear in Kiln.", REFUTED),
                ("Mia Holt stars in Kiln.", OPEN),
                ("Nils Lund stars in Salt.", OPEN),
            ],
        ),
        (
            "Kiln was written by Mia Holt and Jon Aske and directed by Jon Aske.",
            &[("Kiln was directed by Jon Aske.", OPEN)],
        ),
        (
            "Kiln is a 1994 film written and directed by Mia Holt.",
            &[
                ("Mia Holt wrote Kiln.", SUPPORTED),
                ("Mia Holt directed Kiln.", SUPPORTED),
            ],
        ),
        (
            "Glass is an album by rapper Zephyro.",
            &[
                ("Glass is an album by Thomas Alan Reed.", OPEN),
                ("Glass is an album by Zephyro.", SUPPORTED),
            ],
        ),
        (
            "Nils Lund appeared in Kiln.",
            &[
                ("Nils Lund starred in Kiln.", OPEN),
                ("Kiln starred Nils Lund.", OPEN),
            ],
        ),
        (
            "Kiln does not star Nils Lund.",
            &[("Nils Lund appeared in Kiln.", OPEN)],
        ),
    ]);
}

#[test]
fn a_surname_may_stand_after_a_comma() {
    check(&[
        (
            "In 1998, Varga opened a school in Brask.",
            &[
                ("Ilse Varga opened a school in Brask.", SUPPORTED),
                ("Ilse Marie Varga opened a school in Brask.", SUPPORTED),
                ("Ilse Varga closed a school in Brask.", REFUTED),
                ("Ilse Brandt opened a school in Brask.", OPEN),
                ("Ilse Varga opened a hotel in Brask.", OPEN),
                ("Ilse Varga opened a school in Norby.", OPEN),
            ],
        ),
        (
            "In 1998, Varga & Sons opened a school in Brask.",
            &[("Ilse Varga opened a school in Brask.", OPEN)],
        ),
        (
            "In 1998, Varga's brother opened a school in Brask.",
            &[("Ilse Varga opened a school in Brask.", OPEN)],
        ),
        (
            "In 1998, Anton Varga opened a school in Brask.",
            &[("Ilse Varga opened a school in Brask.", OPEN)],
        ),
        (
            "In 1998, A. Varga opened a school in Brask.",
            &[("Ilse Varga opened a school in Brask.", OPEN)],
        ),
        (
            "In 2016, she won the Orla Prize.",
            &[
                ("Robert Varga won the Orla Prize.", OPEN),
                ("Susan Varga won the Orla Prize.", SUPPORTED),
            ],
        ),
    ]);
}

#[test]
fn what_stands_in_a_place_is_located_there() {
    check(&[
        (
            "Orby is a small town in the district of Halse, in central Norland.",
            &[
                ("Orby is located in Norland.", SUPPORTED),
                ("Orby is situated in Norland.", SUPPORTED),
                ("Orby is not located in Norland.", REFUTED),
                ("Halse is located in Norland.", OPEN),
                ("Orby is located in Sundland.", OPEN),
            ],
        ),
        (
            "Orby is a town near Brask.",
            &[("Orby is located in Brask.", OPEN)],
        ),
        (
            "Orby is a town in Norland, north of Brask.",
            &[("Orby is located in Brask.", OPEN)],
        ),
        (
            "Ilse Varga is a minister in Norland.",
            &[("Ilse Varga is located in Norland.", OPEN)],
        ),
        (
            "Kiln is a film set in Norland.",
            &[("Kiln is located in Norland.", OPEN)],
        ),
        (
            "Tarn Bank is a leader in Norland.",
            &[("Tarn Bank is located in Norland.", OPEN)],
        ),
        (
            "The Siege of Orby was a battle in 1644.",
            &[
                ("The Siege of Orby happened in 1644.", SUPPORTED),
                ("The Siege of Orby happened in 1645.", OPEN),
                ("The Siege of Brask happened in 1644.", OPEN),
            ],
        ),
        (
            "Lena Roth was born in March 2001.",
            &[
                ("Lena Roth was born in the year 2001.", SUPPORTED),
                ("Lena Roth was born in the year 2002.", REFUTED),
                ("Lena Roth married in the year 2001.", OPEN),
            ],
        ),
    ]);
}

#[test]
fn what_was_founded_in_a_year_began_then() {
    check(&[
        (
            "Tin Harbour is a rock band formed in 1985.",
            &[
                ("Tin Harbour began in 1985.", SUPPORTED),
                ("Tin Harbour started in 1985.", SUPPORTED),
                ("Tin Harbour started in 1980.", REFUTED),
                ("Tin Harbour did not start in 1985.", REFUTED),
                ("Tin Harbour ended in 1985.", OPEN),
                ("Tin Harbour started a tour in 1985.", OPEN),
                ("Tin Harbour started touring in 1985.", OPEN),
                ("Low Harbour started in 1985.", OPEN),
            ],
        ),
        (
            "The pool was opened in 1990.",
            &[
                ("The pool opened in 1990.", SUPPORTED),
                ("The pool opened in 1991.", REFUTED),
                ("The pool closed in 1990.", REFUTED),
            ],
        ),
        (
            "Lena Roth was hired in 1990.",
            &[
                ("Lena Roth hired in 1990.", OPEN),
                ("Lena Roth started in 1990.", OPEN),
            ],
        ),
        (
            "Lena Roth founded the firm in 1990.",
            &[("Lena Roth started in 1990.", OPEN)],
        ),
    ]);
}

#[test]
fn whose_novel_it_is_wrote_it() {
    check(&[
        (
            "Low Water is a 1919 novel by the Danish author Inga Sand.",
            &[
                ("Low Water was written by Inga Sand.", SUPPORTED),
                ("Inga Sand wrote Low Water.", SUPPORTED),
                ("Low Water was written by Jon Aske.", REFUTED),
                ("Low Water was not written by Inga Sand.", REFUTED),
                ("Low Water was published by Inga Sand.", OPEN),
                ("High Water was written by Inga Sand.", OPEN),
                ("Low Water was written by Inga Sand in 1919.", OPEN),
            ],
        ),
        (
            "Low Water is a film about a novel by Inga Sand.",
            &[("Low Water was written by Inga Sand.", OPEN)],
        ),
        (
            "Low Water is a film of the novel by Inga Sand.",
            &[("Low Water was written by Inga Sand.", OPEN)],
        ),
        (
            "Low Water is not a novel by Inga Sand.",
            &[("Low Water was written by Inga Sand.", OPEN)],
        ),
    ]);
}
