//! Kinds of claims that words in common cannot decide, each with its source and its right answer.

use super::*;

const SUPPORTED: Verdict = Verdict::Supported;
const REFUTED: Verdict = Verdict::Refuted;
const OPEN: Verdict = Verdict::NotEnoughEvidence;

fn check(cases: &[(&str, &str, Verdict)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(source, claim, expected)| {
            let given = verdict(claim, source);
            (given != *expected).then(|| format!("{claim} | {source}: {given:?}, not {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn amount_belongs_to_its_own_statement() {
    check(&[
        (
            "The fee is 30 euros. The fine is 90 euros.",
            "The fine is 30 euros.",
            REFUTED,
        ),
        (
            "The fee is 30 euros. The fine is 90 euros.",
            "The fine is 90 euros.",
            SUPPORTED,
        ),
        (
            "Lea is 12 years old. Tom is 15 years old.",
            "Tom is 12 years old.",
            REFUTED,
        ),
        (
            "The rescue team sent six boats and 41 divers.",
            "The rescue team sent 41 boats.",
            REFUTED,
        ),
        (
            "Sales of Brunn AG rose to $900 million in 2021, and net profit was $70 million.",
            "Sales of Brunn AG were $70 million in 2021.",
            REFUTED,
        ),
        (
            "The pier is 240 m long and 9 m wide.",
            "The pier is 9 m long.",
            REFUTED,
        ),
        (
            "A single room is €80, a double room €120.",
            "A double room costs €80.",
            REFUTED,
        ),
    ]);
}

#[test]
fn denial_of_a_short_claim_is_heard() {
    check(&[
        (
            "Bicycles are not insured.",
            "Bicycles are insured.",
            REFUTED,
        ),
        (
            "The gate was never closed.",
            "The gate was closed.",
            REFUTED,
        ),
        ("The jacket is unlined.", "The jacket is lined.", REFUTED),
        (
            "The ticket is not refundable.",
            "The ticket is non-refundable.",
            SUPPORTED,
        ),
        (
            "The envoy failed to sign the treaty.",
            "The envoy signed the treaty.",
            REFUTED,
        ),
        (
            "The board decided not to sell the barn.",
            "The board decided to sell the barn.",
            REFUTED,
        ),
        (
            "Four guests have not paid their bills.",
            "All guests have paid their bills.",
            REFUTED,
        ),
    ]);
}

#[test]
fn who_did_it_to_whom_counts() {
    check(&[
        (
            "Ostend defeated Bruges in the cup.",
            "Bruges defeated Ostend in the cup.",
            REFUTED,
        ),
        (
            "Vera Lund succeeded Olaf Brink as rector in 2009.",
            "Olaf Brink succeeded Vera Lund as rector in 2009.",
            REFUTED,
        ),
        (
            "The canal runs from Ghent to Terneuzen.",
            "The canal runs from Terneuzen to Ghent.",
            REFUTED,
        ),
        (
            "Mila is older than Jonas.",
            "Jonas is older than Mila.",
            REFUTED,
        ),
        (
            "The letter arrived before the storm.",
            "The letter arrived after the storm.",
            REFUTED,
        ),
        (
            "The bakery sold the oven to Holm.",
            "Holm bought the oven from the bakery.",
            SUPPORTED,
        ),
        (
            "The lease obliges the tenant to insure the house.",
            "The lease obliges the landlord to insure the house.",
            REFUTED,
        ),
    ]);
}

#[test]
fn what_is_no_fact_bears_out_none() {
    check(&[
        (
            "The town plans to build a pool by 2028.",
            "The town built a pool.",
            OPEN,
        ),
        (
            "The tunnel would have cost 80 million euros, had it been approved.",
            "The tunnel cost 80 million euros.",
            OPEN,
        ),
        (
            "If the river rises above 4 metres, the school will close.",
            "The school will close.",
            OPEN,
        ),
        (
            "Police suspect that the fire was started by a heater.",
            "The fire was started by a heater.",
            OPEN,
        ),
        (
            "The firm denied reports that the pumps had been switched off.",
            "The pumps had been switched off.",
            OPEN,
        ),
        (
            "There is no evidence that the cream prevents scars.",
            "The cream prevents scars.",
            OPEN,
        ),
        (
            "The club could save up to 3 million euros.",
            "The club saved 3 million euros.",
            OPEN,
        ),
        (
            "The town plans to build a pool by 2028.",
            "The town plans to build a pool.",
            SUPPORTED,
        ),
    ]);
}

#[test]
fn dates_bound_as_they_are_said() {
    check(&[
        (
            "The mill opened in 1893.",
            "The mill opened after 1890.",
            SUPPORTED,
        ),
        (
            "The mill opened in 1893.",
            "The mill opened before 1900.",
            SUPPORTED,
        ),
        (
            "The mill opened in 1893.",
            "The mill opened between 1890 and 1900.",
            SUPPORTED,
        ),
        (
            "The mill opened in 1893.",
            "The mill opened after 1900.",
            REFUTED,
        ),
        (
            "The mill opened in 1893.",
            "The mill opened in the 19th century.",
            SUPPORTED,
        ),
        (
            "The permit was issued on 09.05.2019.",
            "The permit was issued on 9 May 2019.",
            SUPPORTED,
        ),
        (
            "The permit was issued on 9 May 2019.",
            "The permit was issued on 9 March 2019.",
            REFUTED,
        ),
        (
            "The permit was issued on 3/4/2019.",
            "The permit was issued on 3 April 2019.",
            OPEN,
        ),
    ]);
}

#[test]
fn amounts_are_converted_and_rounded() {
    check(&[
        (
            "The barrel holds 1 400 litres.",
            "The barrel holds 1,400 litres.",
            SUPPORTED,
        ),
        (
            "The barrel holds 1 400 litres.",
            "The barrel holds 400 litres.",
            REFUTED,
        ),
        (
            "The ridge is 2.4 km long.",
            "The ridge is 2,400 metres long.",
            SUPPORTED,
        ),
        ("The lake is 15 °C.", "The lake is 59 °F.", SUPPORTED),
        (
            "The van reaches 90 km/h.",
            "The van reaches 25 m/s.",
            SUPPORTED,
        ),
        (
            "The fund spent 71.38 percent of its income.",
            "The fund spent 71% of its income.",
            SUPPORTED,
        ),
        (
            "The tax rose from 18 percent in 2010 to 20 percent in 2015.",
            "The tax rose by 2 percentage points between 2010 and 2015.",
            SUPPORTED,
        ),
        (
            "The tax rose from 18 percent in 2010 to 20 percent in 2015.",
            "The tax was 20 percent in 2010.",
            REFUTED,
        ),
        (
            "Damage is put at between 3 and 5 million euros.",
            "Damage is put at 4 million euros.",
            OPEN,
        ),
        (
            "The wind chill fell to -18 °C.",
            "The wind chill fell to 18 °C.",
            REFUTED,
        ),
    ]);
}

#[test]
fn another_thing_of_the_kind_decides_nothing() {
    check(&[
        (
            "Mill number 212 was rebuilt for 4 million in 1904.",
            "Mill number 213 was rebuilt for 4 million in 1904.",
            OPEN,
        ),
        ("Bus 7 leaves at 9:15.", "Bus 8 leaves at 9:15.", OPEN),
        (
            "The second edition appeared in 1954.",
            "The third edition appeared in 1954.",
            OPEN,
        ),
        (
            "Marta Holm won the prize.",
            "Peter Holm won the prize.",
            OPEN,
        ),
    ]);
}

#[test]
fn quantifiers_and_narrowing_words_count() {
    check(&[
        (
            "All of the windows were cleaned, but only some of the doors.",
            "All of the doors were cleaned.",
            REFUTED,
        ),
        (
            "All of the windows were cleaned, but only some of the doors.",
            "Some of the windows were cleaned.",
            SUPPORTED,
        ),
        (
            "Half of the 60 boats are rented.",
            "30 boats are rented.",
            SUPPORTED,
        ),
        (
            "Half of the 60 boats are rented.",
            "Most boats are rented.",
            REFUTED,
        ),
        (
            "Dogs are allowed only on the east beach.",
            "Dogs are allowed on the east beach.",
            SUPPORTED,
        ),
        (
            "The guarantee covers the frame, but not the tyres.",
            "The guarantee covers the frame.",
            SUPPORTED,
        ),
    ]);
}

#[test]
fn look_alike_characters_change_nothing() {
    check(&[
        (
            "The caf\u{e9} has 40 seats.",
            "The cafe\u{301} has 40 seats.",
            SUPPORTED,
        ),
        (
            "The hall has 4\u{200b}0 seats and a bar.",
            "The hall has 50 seats.",
            OPEN,
        ),
        (
            "Le moulin a \u{e9}t\u{e9} construit en 1912 et il emploie 410 personnes.",
            "The mill was built in 1912.",
            OPEN,
        ),
    ]);
}
