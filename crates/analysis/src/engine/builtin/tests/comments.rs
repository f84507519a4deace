//! What somebody comments on a text is no statement of the text's own.

use super::*;
use clara_domain::evidence::Place;

const TEXT: &str = "Bridges of the county\n\nThe Corran bridge has two towers.\n\n\
                    Comment by Ann Lee: The Corran bridge opened in 1931. The Corran bridge is 412 metres long.\n\n\
                    The Corran bridge is red.";

fn verdict_beside_a_comment(claim: &str) -> Verdict {
    let mut submission = sources(&[("text", claim)]).remove(0);
    Source::SUBMISSION.clone_into(&mut submission.id);
    let mut sources = sources(&[("report.docx", TEXT)]);
    let place = |words: &str, is_comment| Place {
        start: TEXT[..TEXT.find(words).unwrap()].chars().count(),
        is_comment,
        ..Place::default()
    };
    sources[0].places = vec![
        place("Comment by", true),
        place("The Corran bridge is red", false),
    ];
    let weighed = weigh(&submission, &sources, &Builtin, Control::NONE);
    weighed.claims[0].judgement.verdict
}

#[test]
fn a_comment_neither_supports_nor_refutes() {
    for (claim, expected) in [
        (
            "The Corran bridge opened in 1931.",
            Verdict::NotEnoughEvidence,
        ),
        (
            "The Corran bridge opened in 1950.",
            Verdict::NotEnoughEvidence,
        ),
        (
            "The Corran bridge is 412 metres long.",
            Verdict::NotEnoughEvidence,
        ),
        (
            "The Corran bridge is 300 metres long.",
            Verdict::NotEnoughEvidence,
        ),
        ("The Corran bridge has two towers.", Verdict::Supported),
        ("The Corran bridge has three towers.", Verdict::Refuted),
        ("The Corran bridge is red.", Verdict::Supported),
    ] {
        assert_eq!(verdict_beside_a_comment(claim), expected, "{claim}");
    }
}
