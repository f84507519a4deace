//! What the rules hold against a verdict, its confidence, and corrections.

use super::*;
use clara_domain::evidence::Place;

use crate::judging::{AGREED_CONFIDENCE, DISAGREED_CONFIDENCE, UNCHECKED_CONFIDENCE};

#[test]
fn a_conflict_needs_two_sides_of_two_sentences() {
    let sample = bridge();
    let mut both = judgement(
        "c3",
        Verdict::Conflicting,
        &[
            ("s1", "The bill came to nine million crowns."),
            (
                "s2",
                "the bridge did not cost nine million crowns but eleven.",
            ),
        ],
    );
    both.quotes[0].stance = Some(Stance::Supports);
    both.quotes[1].stance = Some(Stance::Refutes);
    assert_eq!(sample.judge(&[both.clone()]).accepted(), 1);
    both.quotes[1] = both.quotes[0].clone();
    both.quotes[1].stance = Some(Stance::Refutes);
    assert_eq!(sample.refusals(both)[0].name(), "quotes_missing");
}

#[test]
fn what_the_rules_hold_against_it_is_said() {
    for (claim, source, verdict, name) in [
        (
            "The bridge was opened in 1933.",
            "The bridge was not opened in 1933.",
            Verdict::Supported,
            "negation_differs",
        ),
        (
            "The mill employs 410 people.",
            "The mill does not employ 410 people.",
            Verdict::Supported,
            "negation_differs",
        ),
        (
            "The bridge was opened in 1933.",
            "The bridge was opened in 1933.",
            Verdict::Refuted,
            "words_matched",
        ),
        (
            "The council opened the bridge.",
            "The council plans to open the bridge.",
            Verdict::Supported,
            "not_said_as_fact",
        ),
        (
            "Arden Steel bought Marsh Iron.",
            "Marsh Iron bought Arden Steel.",
            Verdict::Supported,
            "roles_differ",
        ),
        (
            "The bridge is made of steel.",
            "Cabbages were planted by nuns.",
            Verdict::Supported,
            "no_word_shared",
        ),
    ] {
        let sample = open(claim, source);
        let judged = sample.judged(verdict, &[("s1", source)]);
        assert!(
            judged.disagrees.iter().any(|found| found.name == name),
            "{claim} {source} {:?}",
            judged.disagrees
        );
        assert_eq!(
            (judged.verdict, judged.confidence),
            (verdict, DISAGREED_CONFIDENCE),
            "{claim}"
        );
    }
}

#[test]
fn what_the_rules_found_before_is_not_forgotten() {
    let sample = bridge();
    for verdict in [Verdict::NotEnoughEvidence, Verdict::Refuted] {
        let judged = sample.judge(&[judgement(
            "c2",
            verdict,
            if verdict == Verdict::Refuted {
                &[("s1", "The bridge was opened to traffic in May 1933.")]
            } else {
                &[]
            },
        )]);
        let claim = &judged.report.claims[1];
        let names: Vec<&str> = claim
            .disagrees
            .iter()
            .map(|found| found.name.as_str())
            .collect();
        if verdict == Verdict::Refuted {
            assert_eq!(names, [""; 0]);
        } else {
            assert_eq!(names, ["verdict_differs", "year_differs"]);
        }
        assert_eq!(claim.checks, sample.report.claims[1].checks);
    }
}

#[test]
fn judges_are_no_surer_than_ocr() {
    let words = "The bridge was opened in 1933.";
    let mut case = Case::new(words);
    case.attach("a.png", words).places = vec![Place {
        ocr: Some(73),
        ..Place::default()
    }];
    case.judge(words, Verdict::NotEnoughEvidence, 0.5, "Open.", &[]);
    let claim = sample(case).judged(Verdict::Supported, &[("s1", words)]);
    assert_eq!(
        (claim.verdict, claim.confidence),
        (Verdict::Supported, 0.73)
    );
}

#[test]
fn agreement_and_silence_differ_in_confidence() {
    let agreed = open(
        "The bridge was opened in 1933.",
        "The bridge was opened in 1933.",
    );
    let claim = agreed.judged(
        Verdict::Supported,
        &[("s1", "The bridge was opened in 1933.")],
    );
    assert_eq!(claim.confidence, AGREED_CONFIDENCE);
    let silent = open(
        "The bridge is safe for heavy lorries.",
        "Engineers found that trucks of forty tonnes put no strain on the bridge.",
    );
    let claim = silent.judged(
        Verdict::Supported,
        &[("s1", "trucks of forty tonnes put no strain on the bridge")],
    );
    assert_eq!(
        (claim.confidence, claim.disagrees.len()),
        (UNCHECKED_CONFIDENCE, 0),
        "{:?}",
        claim.disagrees
    );
}

#[test]
fn a_correction_is_taken_from_claim_and_quote() {
    let sample = bridge();
    let mut corrected = judgement(
        "c2",
        Verdict::Refuted,
        &[("s1", "The bridge was opened to traffic in May 1933.")],
    );
    let correction = |replace: &str, with: &str| {
        Some(CallerCorrection {
            replace: replace.to_owned(),
            with: with.to_owned(),
        })
    };
    corrected.correction = correction("1931", "1933");
    let judged = sample.judge(&[corrected.clone()]);
    let found = judged.report.claims[1].correction.clone().unwrap();
    let text = Text::from(sample.material.submission.text.as_str());
    let span = clara_domain::text::Span::new(found.start, found.end);
    assert_eq!((text.slice(span), found.with.as_str()), ("1931", "1933"));
    for (replace, with, name) in [
        ("1935", "1933", "correction_not_in_claim"),
        ("193", "1933", "correction_not_in_claim"),
        ("", "1933", "correction_not_in_claim"),
        ("1931", "1936", "correction_not_in_quote"),
        ("1931", "", "correction_not_in_quote"),
        ("opened", "opened", "correction_same"),
    ] {
        corrected.correction = correction(replace, with);
        assert_eq!(
            sample.refusals(corrected.clone())[0].name(),
            name,
            "{replace:?} {with:?}"
        );
    }
    let twice = open(
        "It has 4 wings and 4 towers.",
        "It has 4 wings and 5 towers.",
    );
    let mut ambiguous = judgement(
        "c1",
        Verdict::Refuted,
        &[("s1", "It has 4 wings and 5 towers.")],
    );
    ambiguous.correction = correction("4", "5");
    assert_eq!(twice.refusals(ambiguous)[0].name(), "correction_ambiguous");
}

#[test]
fn a_row_gives_the_figures_of_its_cells() {
    let mut case = Case::new("The Ardmoor bridge has a span of 412 metres.");
    let reading = read_here(
        "a.csv",
        b"bridge,span in metres,opened\nArdmoor,412,1933\nTarsk,97,1951\n",
    );
    let table = case.attach("a.csv", &reading.text);
    table.records = reading.records;
    table.layouts = reading.layouts;
    case.judge(
        "The Ardmoor bridge has a span of 412 metres.",
        Verdict::NotEnoughEvidence,
        0.5,
        "Nothing.",
        &[],
    );
    let sample = sample(case);
    let claim = sample.judged(Verdict::Supported, &[("s1", "Ardmoor,412,1933")]);
    assert_eq!(
        (claim.evidence[0].row, claim.disagrees.len()),
        (Some(1), 0),
        "{:?}",
        claim.disagrees
    );
    let other = sample.refusals(judgement(
        "c1",
        Verdict::Supported,
        &[("s1", "Tarsk,97,1951")],
    ));
    assert_eq!(other[0].name(), "figure_missing");
}
