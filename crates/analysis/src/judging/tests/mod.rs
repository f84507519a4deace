//! A judgement is accepted with true quotes alone; each refusal says what to send instead, and what the rules hold against a
//! verdict stands beside it.

mod refusals;
mod weighed;

use super::*;
use crate::attachments::read_here;
use crate::report::fixture::{self, Case};
use crate::report::verify;
use clara_domain::text::Text;

/// c1 supported, c2 refuted, c3 conflicting, c4 open; s1 the report, s2 the speech, s3 a table.
pub(super) struct Sample {
    pub report: Report,
    pub material: Material,
}

pub(super) fn by() -> JudgedBy {
    JudgedBy {
        engine: "caller".to_owned(),
        model: Some("example-model-1".to_owned()),
    }
}

pub(super) fn sample(case: Case) -> Sample {
    Sample {
        report: case.report(),
        material: Material {
            submission: case.submission,
            sources: case.sources,
        },
    }
}

fn bridge() -> Sample {
    let mut case = fixture::bridge();
    let reading = read_here(
        "people.csv",
        b"name,born in,role\nAda Berg,Oslo,engineer of the bridge\nOle Dahl,Bergen,mayor\n",
    );
    let table = case.attach("people.csv", &reading.text);
    table.records = reading.records;
    table.layouts = reading.layouts;
    sample(case)
}

/// One sentence that is checked against one text, undecided so far.
pub(super) fn open(claim: &str, source: &str) -> Sample {
    let mut case = Case::new(claim);
    case.attach("a.txt", source);
    case.judge(
        claim,
        Verdict::NotEnoughEvidence,
        0.5,
        "Nothing decides it.",
        &[],
    );
    let mut sample = sample(case);
    sample.report.claims[0].open = true;
    sample
}

pub(super) fn quote(source: &str, text: &str) -> CallerQuote {
    CallerQuote {
        source: source.to_owned(),
        text: text.to_owned(),
        stance: None,
    }
}

pub(super) fn judgement(claim: &str, verdict: Verdict, quotes: &[(&str, &str)]) -> CallerJudgement {
    CallerJudgement {
        claim: claim.to_owned(),
        verdict,
        quotes: quotes
            .iter()
            .map(|(source, text)| quote(source, text))
            .collect(),
        rationale: "The source says so.".to_owned(),
        correction: None,
    }
}

impl Sample {
    /// Judges, and holds the result to the rules of every report.
    pub fn judge(&self, judgements: &[CallerJudgement]) -> Judged {
        let judged = judge(&self.report, &self.material, judgements, &by());
        let verified = verify(
            &judged.report,
            &self.material.submission,
            &self.material.sources,
        );
        assert_eq!(verified, Ok(()));
        judged
    }

    fn refusals(&self, judgement: CallerJudgement) -> Vec<Refusal> {
        let judged = self.judge(&[judgement]);
        assert_eq!(judged.report, self.report, "a refusal changes nothing");
        judged.outcomes[0].result.clone().unwrap_err()
    }

    fn names(&self, judgement: CallerJudgement) -> Vec<(&'static str, String)> {
        let refusals = self.refusals(judgement);
        refusals
            .iter()
            .map(|one| (one.name(), one.field()))
            .collect()
    }

    /// The judged claim of a sample that has one.
    fn judged(&self, verdict: Verdict, quotes: &[(&str, &str)]) -> crate::report::ReportedClaim {
        let judged = self.judge(&[judgement("c1", verdict, quotes)]);
        assert!(judged.outcomes[0].result.is_ok(), "{:?}", judged.outcomes);
        judged.report.claims.into_iter().next().unwrap()
    }
}

#[test]
fn an_accepted_judgement_stands_in_the_report() {
    let sample = bridge();
    let judged = sample.judge(&[judgement(
        "c4",
        Verdict::Supported,
        &[("s3", "Ada Berg,Oslo,engineer of the bridge")],
    )]);
    let text = sample.material.sources[2].text.as_str();
    assert!(
        judged.outcomes[0].result.is_ok(),
        "{text} {:?}",
        judged.outcomes
    );
    let claim = &judged.report.claims[3];
    assert_eq!(claim.verdict, Verdict::Supported);
    assert_eq!(claim.judged_by, Some(by()));
    assert_eq!(claim.judged_before.len(), 1);
    assert_eq!(claim.judged_before[0].engine, "builtin");
    assert_eq!(claim.judged_before[0].verdict, Verdict::NotEnoughEvidence);
    assert!(!claim.open && claim.passages.is_empty());
    let quote = &claim.evidence[0];
    assert_eq!(
        (quote.id.as_str(), quote.row, quote.source.as_str()),
        ("e5", Some(1), "s3")
    );
    assert_eq!(judged.report.revision, 2);
    assert_eq!(judged.report.counts.supported, 2);
    assert_eq!(
        judged.report.summary,
        "4 claims: 2 supported, 1 refuted, 1 conflicting."
    );
    assert!(
        judged
            .report
            .confidence_means
            .ends_with(JUDGED_CONFIDENCE_MEANS)
    );
    assert_eq!(judged.report.claims[..3], sample.report.claims[..3]);
    assert_eq!(judged.accepted(), 1);
}

#[test]
fn the_stored_quote_is_the_sources_own_text() {
    let sample = open(
        "The bridge was opened in 1933.",
        "The bridge “over the fjord” was open-\ned to traffic\u{c}\nin May 1933.",
    );
    let claim = sample.judged(
        Verdict::Supported,
        &[(
            "s1",
            "The bridge \"over the fjord\" was opened to traffic in May 1933.",
        )],
    );
    assert_eq!(
        claim.evidence[0].quote,
        sample.material.sources[0].text.as_str()
    );
}

#[test]
fn each_judgement_stands_or_falls_by_itself() {
    let sample = bridge();
    let judged = sample.judge(&[
        judgement(
            "c9",
            Verdict::Supported,
            &[("s1", "Its two towers stand on rock.")],
        ),
        judgement(
            "c1",
            Verdict::Supported,
            &[("s1", "Its two towers stand on rock.")],
        ),
        judgement(
            "c2",
            Verdict::Refuted,
            &[("s1", "opened to traffic in May 1934")],
        ),
        judgement("c4", Verdict::NotEnoughEvidence, &[]),
    ]);
    let accepted: Vec<bool> = judged
        .outcomes
        .iter()
        .map(|one| one.result.is_ok())
        .collect();
    assert_eq!(accepted, [false, true, false, true]);
    assert_eq!(judged.report.revision, 2);
    assert_eq!(judged.report.claims[1..3], sample.report.claims[1..3]);
    let claim = &judged.report.claims[3];
    assert_eq!(
        (claim.verdict, claim.confidence),
        (Verdict::NotEnoughEvidence, 0.5)
    );
    assert!(claim.judged_by.is_some() && claim.evidence.is_empty());
}

#[test]
fn judging_again_keeps_who_judged_before() {
    let sample = bridge();
    let first = sample.judge(&[judgement(
        "c4",
        Verdict::Supported,
        &[("s3", "Ada Berg,Oslo,engineer of the bridge")],
    )]);
    let again = Sample {
        report: first.report,
        material: sample.material,
    };
    let judged = again.judge(&[judgement("c4", Verdict::NotEnoughEvidence, &[])]);
    let before: Vec<(&str, Verdict)> = judged.report.claims[3]
        .judged_before
        .iter()
        .map(|before| (before.engine.as_str(), before.verdict))
        .collect();
    assert_eq!(
        before,
        [
            ("builtin", Verdict::NotEnoughEvidence),
            ("caller", Verdict::Supported)
        ]
    );
    assert_eq!(judged.report.revision, 3);
    let means = judged
        .report
        .confidence_means
        .matches(JUDGED_CONFIDENCE_MEANS);
    assert_eq!(means.count(), 1);
}

#[test]
fn the_place_about_the_claim_is_quoted() {
    let sample = open(
        "The tower of the bridge is 90 metres high.",
        "The chimney is 90 metres high. The tower of the bridge is 90 metres high. The mast is 90 metres high.",
    );
    let claim = sample.judged(Verdict::Supported, &[("s1", "is 90 metres high")]);
    assert_eq!(claim.evidence[0].start, 55);
}

#[test]
fn judgements_are_read_as_documented() {
    let read: CallerJudgement = serde_json::from_str(
        r#"{"claim": "c1", "verdict": "conflicting", "rationale": "r", "quotes": [{"source": "s1", "text": "t", "stance": "supports"}], "correction": {"replace": "a", "with": "b"}}"#,
    )
    .unwrap();
    assert_eq!(read.quotes[0].stance, Some(Stance::Supports));
    for bad in [
        r#"{"claim": "c1", "verdict": "true", "rationale": "r"}"#,
        r#"{"claim": "c1", "verdict": "supported"}"#,
        r#"{"claim": "c1", "verdict": "supported", "rationale": "r", "confidence": 1}"#,
    ] {
        assert!(
            serde_json::from_str::<CallerJudgement>(bad).is_err(),
            "{bad}"
        );
    }
}
