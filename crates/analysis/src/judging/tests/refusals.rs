//! What is refused, and with which words.

use super::*;

#[test]
fn a_refusal_names_the_field_and_its_reason() {
    let sample = bridge();
    let good = "Its two towers stand on rock.";
    let with = |change: fn(&mut CallerJudgement)| {
        let mut changed = judgement(
            "c1",
            Verdict::Supported,
            &[("s1", "Its two towers stand on rock.")],
        );
        change(&mut changed);
        sample.names(changed)
    };
    let one = |name, field: &str| vec![(name, field.to_owned())];
    assert_eq!(
        with(|it| it.claim = "c5".into()),
        one("unknown_claim", "claim")
    );
    assert_eq!(
        with(|it| it.claim = String::new()),
        one("unknown_claim", "claim")
    );
    assert_eq!(
        with(|it| it.rationale = " \n".into()),
        one("rationale_missing", "rationale")
    );
    assert_eq!(
        with(|it| it.rationale = "a".repeat(1_001)),
        one("rationale_too_long", "rationale")
    );
    assert_eq!(
        with(|it| it.quotes.clear()),
        one("quotes_missing", "quotes")
    );
    assert_eq!(
        with(|it| it.quotes = vec![it.quotes[0].clone(); 11]),
        one("too_many_quotes", "quotes")
    );
    assert_eq!(
        with(|it| it.quotes[0].source = "s9".into()),
        one("unknown_source", "quotes[0].source")
    );
    assert_eq!(
        with(|it| it.quotes[0].source = "report.pdf".into()),
        one("unknown_source", "quotes[0].source")
    );
    assert_eq!(
        with(|it| it.quotes[0] = quote("submission", "The bridge has two towers.")),
        one("submission_quoted", "quotes[0].source")
    );
    for short in ["", "I", "7", "its", "…", "is on the"] {
        assert_eq!(
            sample.names(judgement(
                "c1",
                Verdict::Supported,
                &[("s1", good), ("s1", short)]
            )),
            one("quote_too_short", "quotes[1].text"),
            "{short:?}"
        );
    }
    assert_eq!(
        with(|it| it.quotes[0].text = "a ".repeat(5_000)),
        one("quote_too_long", "quotes[0].text")
    );
    assert_eq!(
        with(|it| it.quotes[0].text = "Its twо towers stand".into()),
        one("quote_not_found", "quotes[0].text")
    );
    assert_eq!(
        with(|it| it.quotes[0].text = "wo towers stand".into()),
        one("quote_cuts_word", "quotes[0].text")
    );
    assert_eq!(
        with(|it| it.quotes[0].stance = Some(Stance::Refutes)),
        one("stance_differs", "quotes[0].stance")
    );
    assert_eq!(
        with(|it| it.verdict = Verdict::Conflicting),
        vec![("stance_missing", "quotes[0].stance".to_owned())]
    );
    assert_eq!(
        with(|it| it.correction = Some(CallerCorrection {
            replace: "two".into(),
            with: "two".into()
        })),
        one("correction_not_refuted", "correction")
    );
}

#[test]
fn every_reason_is_told_at_once() {
    let sample = bridge();
    let mut bad = judgement(
        "c1",
        Verdict::Supported,
        &[("s9", "any words"), ("s1", "Its three towers stand")],
    );
    bad.rationale = String::new();
    let names: Vec<&str> = sample.refusals(bad).iter().map(Refusal::name).collect();
    assert_eq!(
        names,
        ["rationale_missing", "unknown_source", "quote_not_found"]
    );
}

#[test]
fn a_wrong_quote_is_answered_with_the_nearest() {
    let sample = bridge();
    let refusals = sample.refusals(judgement(
        "c2",
        Verdict::Refuted,
        &[("s1", "The bridge was opened to traffic in May 1934.")],
    ));
    let [
        Refusal::QuoteNotFound {
            nearest: Some(nearest),
            ..
        },
    ] = refusals.as_slice()
    else {
        panic!("{refusals:?}");
    };
    assert_eq!((nearest.page, nearest.differences.len()), (Some(12), 1));
    let words = refusals[0].to_string();
    for part in [
        "s1",
        "page 12",
        "“The bridge was opened to traffic in May 1933”",
        "“1934”",
        "“1933”",
    ] {
        assert!(words.contains(part), "{part} in {words}");
    }
    // What is shown, sent back, is accepted.
    let repaired = sample.judge(&[judgement("c2", Verdict::Refuted, &[("s1", &nearest.text)])]);
    assert_eq!(repaired.accepted(), 1);
}

#[test]
fn a_refusal_says_which_ids_there_are() {
    let sample = bridge();
    let claims = sample.refusals(judgement("c7", Verdict::NotEnoughEvidence, &[]))[0].to_string();
    assert!(claims.contains("c1, c2, c3, c4"), "{claims}");
    let sources =
        sample.refusals(judgement("c1", Verdict::Supported, &[("s7", "any words")]))[0].to_string();
    assert!(sources.contains("s1, s2, s3"), "{sources}");
}

#[test]
fn one_claim_judged_twice_is_judged_by_neither() {
    let sample = bridge();
    let one = judgement(
        "c1",
        Verdict::Supported,
        &[("s1", "Its two towers stand on rock.")],
    );
    let other = judgement("c1", Verdict::NotEnoughEvidence, &[]);
    let judged = sample.judge(&[one, other]);
    assert_eq!(judged.report, sample.report);
    for outcome in judged.outcomes {
        assert_eq!(outcome.result, Err(vec![Refusal::JudgedTwice { times: 2 }]));
    }
}

#[test]
fn a_judge_without_a_fitting_name_is_refused() {
    let sample = bridge();
    for model in ["", "  ", &"a".repeat(101)] {
        let nobody = JudgedBy {
            engine: "caller".to_owned(),
            model: Some(model.to_owned()),
        };
        let judged = judge(
            &sample.report,
            &sample.material,
            &[judgement("c4", Verdict::NotEnoughEvidence, &[])],
            &nobody,
        );
        assert_eq!(judged.outcomes[0].result, Err(vec![Refusal::JudgeUnnamed]));
    }
}

#[test]
fn support_needs_the_claims_own_figures() {
    let sample = open(
        "The bridge cost 4.2 million pounds.",
        "The bill for the bridge was high. The bridge cost 4.6 million pounds.",
    );
    let refusals = sample.refusals(judgement(
        "c1",
        Verdict::Supported,
        &[("s1", "The bridge cost 4.6 million pounds.")],
    ));
    assert_eq!(refusals[0].name(), "figure_missing");
    assert!(
        refusals[0].to_string().contains("4.2 million"),
        "{}",
        refusals[0]
    );
    // Against the claim, another figure is what is wanted.
    let claim = sample.judged(
        Verdict::Refuted,
        &[("s1", "The bridge cost 4.6 million pounds.")],
    );
    assert!(claim.disagrees.is_empty(), "{:?}", claim.disagrees);
    assert_eq!(claim.confidence, AGREED_CONFIDENCE);
}

#[test]
fn a_quote_that_hides_a_denial_is_refused() {
    let sample = open(
        "The bridge cost nine million crowns.",
        "The bridge did not cost nine million crowns.",
    );
    let refusals = sample.refusals(judgement(
        "c1",
        Verdict::Supported,
        &[("s1", "cost nine million crowns")],
    ));
    assert_eq!(refusals[0].name(), "quote_leaves_out");
    assert!(
        refusals[0].to_string().contains("did not cost"),
        "{}",
        refusals[0]
    );
}

#[test]
fn a_thousand_judgements_are_all_answered() {
    let sample = bridge();
    let many: Vec<CallerJudgement> = (0..1_000)
        .map(|number| {
            judgement(
                &format!("c{number}"),
                Verdict::Supported,
                &[("s1", "Its three towers stand on rock.")],
            )
        })
        .collect();
    let judged = sample.judge(&many);
    assert_eq!((judged.outcomes.len(), judged.accepted()), (1_000, 0));
}

#[test]
fn a_report_without_sources_is_judged() {
    let mut case = Case::new("The bridge opened in 1931.");
    case.judge(
        "The bridge opened in 1931.",
        Verdict::NotEnoughEvidence,
        0.5,
        "Nothing.",
        &[],
    );
    let sample = sample(case);
    assert_eq!(
        sample
            .judge(&[judgement("c1", Verdict::NotEnoughEvidence, &[])])
            .accepted(),
        1
    );
    let words =
        sample.refusals(judgement("c1", Verdict::Supported, &[("s1", "any words")]))[0].to_string();
    assert!(words.contains("There are no sources"), "{words}");
}
