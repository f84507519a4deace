use crate::engine::builtin::Builtin;
use crate::pipeline::{Control, weigh};
use crate::verdict::labelled::{Document, Labelled};
use clara_domain::evidence::Source;
use clara_domain::verdict::Verdict;

/// What to write instead of what, for a claim that the texts refute.
fn corrected(claim: &str, texts: &[&str]) -> Option<(String, String)> {
    let labelled = Labelled {
        id: "x".to_owned(),
        dataset: "ours".to_owned(),
        claim: String::new(),
        evidence: texts
            .iter()
            .map(|text| Document {
                title: String::new(),
                text: (*text).to_owned(),
            })
            .collect(),
        label: Verdict::Refuted,
    };
    let sources = labelled.sources();
    let submission = Source {
        id: Source::SUBMISSION.to_owned(),
        text: claim.into(),
        ..sources[0].clone()
    };
    let weighed = weigh(&submission, &sources, &Builtin, Control::NONE);
    let judgement = &weighed.claims[0].judgement;
    if texts.len() == 1 {
        assert_eq!(
            judgement.verdict,
            Verdict::Refuted,
            "{claim}: {}",
            judgement.rationale
        );
    }
    judgement.replacement.as_ref().map(|replacement| {
        let span = replacement.span;
        let words = claim.chars().skip(span.start).take(span.len()).collect();
        (words, replacement.with.clone())
    })
}

#[test]
fn the_quotes_words_take_the_place_of_the_claims() {
    for (claim, text, replace, with) in [
        (
            "The repair cost £4.2 million.",
            "The repair cost £4.6 million.",
            "£4.2 million",
            "£4.6 million",
        ),
        (
            "The bridge was opened in 1931.",
            "The bridge was opened in May 1933.",
            "1931",
            "1933",
        ),
        (
            "The bridge was opened on 3 May 1933.",
            "The bridge was opened on 5 May 1933.",
            "3 May 1933",
            "5 May 1933",
        ),
        (
            "The turnout was 62 percent.",
            "The turnout was 58 percent.",
            "62 percent",
            "58 percent",
        ),
        (
            "The café has 24 seats.",
            "The café has 30 seats.",
            "24",
            "30",
        ),
        (
            "The bridge was designed by Ada Lorne.",
            "The bridge was designed by Helena Marsh.",
            "Ada Lorne",
            "Helena Marsh",
        ),
    ] {
        let given = corrected(claim, &[text]);
        assert_eq!(
            given,
            Some((replace.to_owned(), with.to_owned())),
            "{claim}"
        );
    }
}

#[test]
fn what_would_not_stand_there_is_not_put_forward() {
    for (claim, text) in [
        // A denial has no words to take the place of others.
        (
            "The reading room is open on Sundays.",
            "The reading room is not open on Sundays.",
        ),
        (
            "Sales of bicycles rose in May.",
            "Sales of bicycles fell in May.",
        ),
        // An article that no longer fits.
        (
            "The firm has an 11-year lease.",
            "The firm has a 12-year lease.",
        ),
    ] {
        assert_eq!(corrected(claim, &[text]), None, "{claim}");
    }
}

#[test]
fn several_values_that_differ_are_no_correction() {
    let texts = [
        "The repair cost £4.6 million.",
        "The repair cost £4.8 million.",
    ];
    assert_eq!(corrected("The repair cost £4.2 million.", &texts), None);
}

#[test]
fn another_unit_is_taken_with_its_own_words() {
    let given = corrected(
        "The span is 400 metres long.",
        &["The span is 1,500 feet long."],
    );
    assert_eq!(
        given,
        Some(("400 metres".to_owned(), "1,500 feet".to_owned()))
    );
}

#[test]
fn of_a_compound_only_what_differs_is_corrected() {
    let given = corrected(
        "The mill was built in 1912 and employs 402 people.",
        &["The mill was built in 1912 and employs 413 people."],
    );
    assert_eq!(given, Some(("402".to_owned(), "413".to_owned())));
    // The other part is wrong too: which is to be corrected first, is not said by one replacement.
    let given = corrected(
        "The mill was built in 1911 and employs 402 people.",
        &["The mill was built in 1912 and employs 413 people."],
    );
    assert_eq!(given, None);
}
