//! The report's rules, each a test: what the builder refuses, what the verifier catches, and that both agree.

use proptest::prelude::*;

use super::fixture::{Case, bridge, hostile, long};
use super::*;
use crate::engine::Judgement;
use clara_domain::claim::ClaimSpan;
use clara_domain::evidence::{Quote, Source};
use clara_domain::text::Span;

#[test]
fn the_sample_gives_the_documented_shape() {
    let report = bridge().report();
    assert_eq!(
        report.summary,
        "4 claims: 1 supported, 1 refuted, 1 conflicting, 1 without enough evidence."
    );
    let claim = &report.claims[1];
    assert_eq!((claim.id.as_str(), claim.start, claim.end), ("c2", 27, 53));
    assert_eq!(claim.said_in, "submission");
    let quote = &claim.evidence[0];
    assert_eq!((quote.id.as_str(), quote.page), ("e2", Some(12)));
    assert_eq!(quote.prefix, "The frame was finished that winter. ");
    assert_eq!(quote.suffix, " Its two towers stand on rock. The bill…");
    assert_eq!(
        quote.link.as_deref(),
        Some(
            "https://example.org/report#:~:text=The%20bridge%20was%20opened,traffic%20in%20May%201933."
        )
    );
    assert!((quote.relevance - 0.91).abs() < f64::EPSILON);
    assert!((report.claims[0].confidence - 0.91).abs() < f64::EPSILON);
    assert_eq!(report.sources[0].unread[0].page, Some(7));
    insta::assert_json_snapshot!(report);
}

#[test]
fn a_stored_report_reads_back_as_it_was() {
    let report = bridge().report();
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
}

#[test]
fn the_same_input_gives_the_same_report() {
    assert_eq!(bridge().report(), bridge().report());
}

#[test]
fn the_summary_counts_in_words() {
    let summary = |supported, refuted, conflicting, not_enough_evidence| {
        wording::summary(Counts {
            supported,
            refuted,
            conflicting,
            not_enough_evidence,
        })
    };
    assert_eq!(summary(1, 0, 0, 0), "1 claim: 1 supported.");
    assert_eq!(
        summary(1, 1, 0, 1),
        "3 claims: 1 supported, 1 refuted, 1 without enough evidence."
    );
    assert_eq!(summary(0, 0, 2, 0), "2 claims: 2 conflicting.");
}

#[test]
fn a_text_without_claims_says_what_to_send() {
    let report = Case::new("How are you?").report();
    assert!(report.summary.contains("Submit statements of fact"));
    assert_eq!(report.limits[0].what, "claims");
}

#[test]
fn a_quote_that_is_not_in_its_source_takes_the_verdict_with_it() {
    let mut case = bridge();
    case.judged[1].1.quotes[0].text = "The bridge was opened to traffic in May 1934.".to_owned();
    let report = case.report();
    let claim = &report.claims[1];
    assert_eq!(claim.verdict, Verdict::NotEnoughEvidence);
    assert!(claim.evidence.is_empty());
    assert_eq!(
        claim.rationale,
        "The engine's verdict was \"refuted\", but 1 quote could not be used. Looked at: report.pdf, speech.vtt. \
         Missing: a quote that refutes the claim."
    );
    assert_eq!(report.counts.refuted, 0);
    assert!(report.limits.iter().any(|limit| limit.what == "c2"));
    assert!(report.limits.iter().any(|limit| limit.what == "quotes"));
}

#[test]
fn a_quote_at_another_place_or_of_nothing_is_dropped() {
    for change in [
        |quote: &mut Quote| quote.span.start += 1,
        |quote: &mut Quote| quote.span.end += 100_000,
        |quote: &mut Quote| quote.source = "s9".to_owned(),
        |quote: &mut Quote| {
            quote.span.end = quote.span.start;
            quote.text.clear();
        },
    ] {
        let mut case = bridge();
        change(&mut case.judged[0].1.quotes[0]);
        assert_eq!(case.report().claims[0].verdict, Verdict::NotEnoughEvidence);
    }
}

#[test]
fn a_verdict_needs_a_quote_of_its_own_stance() {
    for stance in [Stance::Refutes, Stance::Neutral] {
        let mut case = bridge();
        case.judged[0].1.quotes[0].stance = stance;
        let claim = &case.report().claims[0];
        assert_eq!(claim.verdict, Verdict::NotEnoughEvidence);
        assert_eq!(claim.evidence.len(), 1, "the quote itself is still true");
    }
}

#[test]
fn a_conflict_needs_two_statements() {
    let verdict_of = |yes: &str, no: &str| {
        let mut case = Case::new("It cost nine crowns.");
        case.attach(
            "a.txt",
            "It cost nine crowns, they say, and not eight. It cost eight crowns.",
        );
        case.judge(
            "It cost nine crowns.",
            Verdict::Conflicting,
            0.8,
            "They differ.",
            &[("s1", yes, Stance::Supports), ("s1", no, Stance::Refutes)],
        );
        case.report().claims[0].verdict
    };
    let sentence = "It cost nine crowns, they say, and not eight.";
    assert_eq!(
        verdict_of(sentence, "It cost eight crowns."),
        Verdict::Conflicting
    );
    for (yes, no) in [
        (sentence, sentence),
        ("It cost nine crowns", "and not eight"),
    ] {
        assert_eq!(verdict_of(yes, no), Verdict::NotEnoughEvidence);
    }
}

#[test]
fn a_claim_is_no_evidence_for_itself_but_another_sentence_is() {
    let text = "The mill has 12 rooms. Of its 9 rooms three are empty.";
    let mut case = Case::new(text);
    case.judge(
        "The mill has 12 rooms.",
        Verdict::Refuted,
        0.8,
        "Two sentences of the text differ.",
        &[
            (
                Source::SUBMISSION,
                "The mill has 12 rooms.",
                Stance::Supports,
            ),
            (Source::SUBMISSION, "Of its 9 rooms", Stance::Refutes),
        ],
    );
    let claim = &case.report().claims[0];
    assert_eq!(claim.verdict, Verdict::Refuted);
    assert_eq!(claim.evidence.len(), 1);
    assert_eq!(claim.evidence[0].source, "submission");
}

#[test]
fn below_the_floor_no_verdict_is_given() {
    for (confidence, verdict) in [
        (0.494, Verdict::NotEnoughEvidence),
        (f64::NAN, Verdict::NotEnoughEvidence),
        (0.5, Verdict::Supported),
        (7.0, Verdict::Supported),
    ] {
        let mut case = bridge();
        case.judged[0].1.confidence = confidence;
        assert_eq!(case.report().claims[0].verdict, verdict, "{confidence}");
    }
}

#[test]
fn a_verdict_is_no_surer_than_ocr() {
    for (percent, verdict, confidence) in [
        (99, Verdict::Supported, 0.9),
        (71, Verdict::Supported, 0.71),
        (40, Verdict::NotEnoughEvidence, 0.0),
    ] {
        let mut case = bridge();
        case.judged.truncate(1);
        case.judged[0].1.confidence = 0.9;
        for source in &mut case.sources {
            for place in &mut source.places {
                place.ocr = Some(percent);
            }
        }
        let report = case.report();
        let claim = &report.claims[0];
        assert_eq!((claim.verdict, claim.confidence), (verdict, confidence));
        assert_eq!(report.sources[0].read_by, Some(ReadBy::Ocr));
        let mut surer = report.clone();
        surer.claims[0].confidence = 1.0;
        let verified = verify(&surer, &case.submission, &case.sources);
        assert_eq!(verified.is_ok(), verdict == Verdict::NotEnoughEvidence);
    }
}

#[test]
fn what_could_not_be_read_is_said() {
    let mut case = bridge();
    case.attach("scan.pdf", "");
    let report = case.report();
    assert!(report.limits.iter().any(|limit| limit.what == "scan.pdf"));
    let mut silent = report.clone();
    silent.limits.retain(|limit| limit.what != "scan.pdf");
    assert!(verify(&silent, &case.submission, &case.sources).is_err());
}

#[test]
fn only_web_addresses_are_linked() {
    assert!(hostile().report().claims[0].evidence[0].link.is_none());
    let mut case = bridge();
    case.sources[0].url = Some("https://example.org/report?a=1#part-2".to_owned());
    assert_eq!(
        case.report().claims[0].evidence[0].link.as_deref(),
        Some(
            "https://example.org/report?a=1#part-2:~:text=Its%20two%20towers%20stand%20on%20rock."
        )
    );
}

#[test]
fn the_verifier_catches_each_broken_rule() {
    type Break = (&'static str, fn(&mut Report));
    let breaks: [Break; 22] = [
        ("format", |r| r.format = "clara-report/1".to_owned()),
        ("counts", |r| r.counts.refuted += 1),
        ("summary", |r| r.summary.push('!')),
        ("engine", |r| r.engine.name.clear()),
        ("confidence's meaning", |r| r.confidence_means.clear()),
        ("limit's reason", |r| r.limits[0].reason.clear()),
        ("source's facts", |r| r.sources[0].sha256.clear()),
        ("source left out", |r| {
            r.sources.pop();
        }),
        ("source's unread", |r| r.sources[0].unread.clear()),
        ("claim's number", |r| r.claims[0].id = "c2".to_owned()),
        ("claim's text", |r| r.claims[0].text.push(' ')),
        ("claim's place", |r| r.claims[0].start += 1),
        ("claim's speaker", |r| r.claims[0].said_in.clear()),
        ("order", |r| r.claims.swap(0, 1)),
        ("rationale", |r| r.claims[3].rationale = " ".to_owned()),
        ("confidence", |r| r.claims[0].confidence = 0.912),
        ("floor", |r| r.claims[0].confidence = 0.49),
        ("quote's words", |r| r.claims[0].evidence[0].quote.push('x')),
        ("quote's page", |r| r.claims[0].evidence[0].page = None),
        ("quote's stance", |r| {
            r.claims[0].evidence[0].stance = Stance::Neutral;
        }),
        ("quote's context", |r| {
            r.claims[0].evidence[0].prefix.clear();
        }),
        ("quote's link", |r| r.claims[0].evidence[0].link = None),
    ];
    let case = bridge();
    for (what, change) in breaks {
        let mut report = case.report();
        change(&mut report);
        assert!(
            verify(&report, &case.submission, &case.sources).is_err(),
            "{what}"
        );
    }
}

#[test]
fn a_long_report_keeps_every_rule() {
    let report = long().report();
    assert_eq!(report.counts.total(), 500);
    assert_eq!(report.counts.conflicting, 125);
}

fn any_judgement() -> impl Strategy<Value = Judgement> {
    let verdict = prop_oneof![
        Just(Verdict::Supported),
        Just(Verdict::Refuted),
        Just(Verdict::Conflicting),
        Just(Verdict::NotEnoughEvidence)
    ];
    let stance = prop_oneof![
        Just(Stance::Supports),
        Just(Stance::Refutes),
        Just(Stance::Neutral)
    ];
    let source = prop_oneof![Just("s1"), Just("s2"), Just("s3"), Just("submission")];
    let quote = (source, 0_usize..90, 0_usize..90, stance, any::<bool>());
    (
        verdict,
        any::<f64>(),
        ".{0,5}",
        prop::collection::vec(quote, 0..5),
    )
        .prop_map(|(verdict, confidence, rationale, quotes)| Judgement {
            verdict,
            confidence,
            rationale,
            checks: Vec::new(),
            parts: Vec::new(),
            replacement: None,
            quotes: quotes
                .into_iter()
                .map(|(source, a, b, stance, honest)| Quote {
                    source: source.to_owned(),
                    span: Span::new(a.min(b), a.max(b)),
                    // `true` is replaced by what really stands there.
                    text: if honest {
                        String::new()
                    } else {
                        "made up".to_owned()
                    },
                    stance,
                    relevance: confidence,
                    column: None,
                })
                .collect(),
        })
}

proptest! {
    #[test]
    fn whatever_an_engine_proposes_the_report_is_true(
        texts in prop::collection::vec("\\PC{0,80}", 3),
        judged in prop::collection::vec((0_usize..90, 0_usize..90, any::<bool>(), any_judgement()), 0..6),
    ) {
        let mut case = Case::new(&texts[0]);
        case.attach("one.txt", &texts[1]);
        case.attach("two.txt", &texts[2]);
        for (a, b, honest, mut judgement) in judged {
            for quote in judgement.quotes.iter_mut().filter(|quote| quote.text.is_empty()) {
                let text = match quote.source.as_str() {
                    "s1" => &case.sources[0].text,
                    "s2" => &case.sources[1].text,
                    _ => &case.submission.text,
                };
                quote.text = text.slice(quote.span).to_owned();
            }
            let span = Span::new(a.min(b), a.max(b));
            let text = if honest { case.submission.text.slice(span).to_owned() } else { "made up".to_owned() };
            case.judged.push((ClaimSpan { text, span, before: Vec::new() }, judgement));
        }
        // `report` verifies what it built.
        let report = case.report();
        prop_assert!(report.claims.len() <= case.judged.len());
    }
}
