//! The judge with tiny models whose answer is fixed by their last bias, all the way to the report.

use std::sync::Arc;
use std::time::Duration;

use clara_analysis::asking::{Session, ask};
use clara_analysis::engine::builtin::Builtin;
use clara_analysis::engine::judge::{JudgeScope, ModelEngine, PassageToJudge, RefusedJudgement};
use clara_analysis::engine::spending::Budget;
use clara_analysis::material::Material;
use clara_analysis::pipeline::{Control, weigh};
use clara_analysis::report::{EngineInfo, Milliseconds, Report, ReportInput, build};
use clara_domain::clock::Timestamp;
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::text::Text;
use clara_domain::verdict::Verdict;
use tempfile::TempDir;

use super::*;

/// The labels of the tiny BERT, in its order.
const CONTRADICTS: [f32; 3] = [40.0, 0.0, 0.0];
const ENTAILS: [f32; 3] = [0.0, 40.0, 0.0];

/// A copy of the tiny BERT that always answers the same.
fn rigged(bias: [f32; 3]) -> TempDir {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models/bert");
    let folder = tempfile::tempdir().unwrap();
    for name in ["config.json", "tokenizer.json"] {
        std::fs::copy(from.join(name), folder.path().join(name)).unwrap();
    }
    let mut bytes = std::fs::read(from.join("model.safetensors")).unwrap();
    let size = usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + size]).unwrap();
    let offset = header["classifier.bias"]["data_offsets"][0]
        .as_u64()
        .unwrap();
    let start = 8 + size + usize::try_from(offset).unwrap();
    for (number, value) in bias.iter().enumerate() {
        let place = start + number * 4;
        bytes[place..place + 4].copy_from_slice(&value.to_le_bytes());
    }
    std::fs::write(folder.path().join("model.safetensors"), bytes).unwrap();
    folder
}

fn source(id: &str, kind: SourceKind, text: &str) -> Source {
    Source {
        id: id.to_owned(),
        kind,
        name: format!("{id}.txt"),
        title: None,
        url: None,
        publisher: None,
        published_at: None,
        retrieved_at: Timestamp(0),
        sha256: String::new(),
        text: Text::new(text),
        language: None,
        places: Vec::new(),
        records: Vec::new(),
        layouts: Vec::new(),
        read: None,
        unread: Vec::new(),
    }
}

fn analysed(text: &str, said: &str) -> (Report, Arc<Material>) {
    let submission = source(Source::SUBMISSION, SourceKind::Submission, text);
    let sources = vec![source("s1", SourceKind::Attachment, said)];
    let weighed = weigh(&submission, &sources, &Builtin, Control::NONE);
    let report = build(ReportInput {
        submission: &submission,
        sources: &sources,
        judged: weighed.claims,
        not_checked: weighed.not_checked,
        queries: Vec::new(),
        limits: Vec::new(),
        engine: EngineInfo {
            name: "builtin".to_owned(),
            version: "2".to_owned(),
            model: None,
            judge: None,
        },
        milliseconds: Milliseconds::default(),
    });
    let material = Material {
        submission,
        sources,
    };
    (report, Arc::new(material))
}

fn budget() -> Budget {
    Budget {
        max_calls: 20,
        max_tokens: 100_000,
        max_time: Duration::from_mins(1),
        max_cost: None,
        prices: None,
    }
}

async fn judged(bias: [f32; 3], text: &str, said: &str) -> Report {
    let folder = rigged(bias);
    let engine = ModelEngine {
        judge: Arc::new(NliJudge::open(folder.path(), 2).unwrap()),
        scope: JudgeScope::Open,
        finds_claims: false,
        budget: budget(),
        concurrency: 1,
    };
    let (report, material) = analysed(text, said);
    ask(&Session::new(engine), report, material, &|_, _| {}).await
}

const CLAIM: &str = "The miller's wheel belongs to the town.";
const SAID: &str = "In spring the town bought the wheel of the miller.";

#[tokio::test]
async fn an_entailed_open_claim_is_supported() {
    let report = judged(ENTAILS, CLAIM, SAID).await;
    let claim = &report.claims[0];
    assert_eq!(claim.verdict, Verdict::Supported, "{report:#?}");
    assert_eq!(claim.evidence[0].quote, SAID);
    assert!((claim.confidence - 0.5).abs() < 1e-9);
    assert!(report.confidence_means.contains("the judge nli it is 0.50"));
    let by = claim.judged_by.as_ref().unwrap();
    assert_eq!(by.engine, ENGINE);
    assert_eq!(claim.judged_before[0].engine, "builtin");
    let judge = report.engine.judge.as_ref().unwrap();
    assert_eq!(judge.usage.calls, 1);
    assert!(judge.usage.input_tokens > 10 && judge.usage.output_tokens == 0);
}

#[tokio::test]
async fn a_contradicted_open_claim_is_refuted() {
    let report = judged(
        CONTRADICTS,
        "The miller owns the wheel of the mill.",
        "The miller sold the wheel of the mill in spring.",
    )
    .await;
    assert_eq!(report.claims[0].verdict, Verdict::Refuted, "{report:#?}");
}

#[tokio::test]
async fn the_rules_come_before_the_model() {
    for (claim, said) in [
        (
            "The mill earned 4.2 million euros in 1931.",
            "In 1931 the mill took in 4.6 million euros.",
        ),
        (
            "The council sold the mill to the baker.",
            "The baker sold the mill to the council.",
        ),
        (
            "The town bought the wheel of the miller.",
            "The town never bought the wheel of the miller.",
        ),
        (
            "The mill opened in May 1931.",
            "The mill was first opened to visitors in May 1933.",
        ),
        (
            "The town will have bought the mill.",
            "The town plans to buy the mill.",
        ),
    ] {
        let report = judged(ENTAILS, claim, said).await;
        let verdict = report.claims[0].verdict;
        assert_ne!(verdict, Verdict::Supported, "{claim}: {report:#?}");
    }
}

#[tokio::test]
async fn what_is_decided_is_not_asked_about() {
    let report = judged(
        CONTRADICTS,
        "The mill has 12 floors.",
        "The mill has 12 floors.",
    )
    .await;
    assert_eq!(report.claims[0].verdict, Verdict::Supported);
    assert!(report.claims[0].judged_by.is_none());
    assert_eq!(report.engine.judge.as_ref().unwrap().usage.calls, 0);
}

#[tokio::test]
async fn an_unsure_model_changes_nothing() {
    let before = analysed(CLAIM, SAID).0;
    let report = judged([0.0, 0.0, 0.0], CLAIM, SAID).await;
    assert_eq!(report.claims, before.claims);
    assert!(report.limits.iter().all(|limit| limit.what != ENGINE));
}

fn request(passages: usize) -> JudgeRequest {
    let passage = |number: usize| PassageToJudge {
        id: format!("p{number}"),
        source: "s1".to_owned(),
        source_name: "s1.txt".to_owned(),
        text: SAID.to_owned(),
    };
    JudgeRequest {
        claims: vec![ClaimToJudge {
            id: "c1".to_owned(),
            text: CLAIM.to_owned(),
            standalone: None,
            passages: (1..=passages).map(passage).collect(),
        }],
        refusals: Vec::new(),
    }
}

#[tokio::test]
async fn three_passages_a_claim_are_read() {
    let folder = rigged(ENTAILS);
    let judge = NliJudge::open(folder.path(), 1).unwrap();
    let tokens = async |passages| {
        let spending = Spending::new(budget());
        judge.judge(&request(passages), &spending).await.unwrap();
        spending.usage(Duration::ZERO).input_tokens
    };
    let one = tokens(1).await;
    assert_eq!(tokens(3).await, 3 * one);
    assert_eq!(tokens(9).await, 3 * one);
}

#[tokio::test]
async fn a_refused_judgement_is_not_given_again() {
    let folder = rigged(ENTAILS);
    let judge = NliJudge::open(folder.path(), 1).unwrap();
    let mut request = request(1);
    request.refusals.push(RefusedJudgement {
        claim: "c1".to_owned(),
        problem: "no".to_owned(),
    });
    let spending = Spending::new(budget());
    let answer = judge.judge(&request, &spending).await.unwrap();
    assert_eq!(answer, Answer::default());
    assert_eq!(spending.usage(Duration::ZERO).calls, 0);
}

#[test]
fn work_that_nobody_waits_for_ends() {
    let folder = rigged(ENTAILS);
    let judge = NliJudge::open(folder.path(), 1).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    drop(StopOnDrop(stop.clone()));
    let stopped = judge.work.judge(&request(3).claims, &stop);
    assert!(matches!(stopped, Err(Failure::Stopped)));
    let classifier = judge.work.classifier().ok().unwrap();
    let tokens = classifier.tokens(SAID, CLAIM).unwrap().unwrap();
    assert_eq!(classifier.relation(&tokens, &stop), Err(Stopped));
}

#[tokio::test]
async fn files_that_changed_after_the_start_are_named() {
    let folder = rigged(ENTAILS);
    let judge = NliJudge::open(folder.path(), 1).unwrap();
    std::fs::remove_file(folder.path().join("model.safetensors")).unwrap();
    let error = judge.judge(&request(1), &Spending::new(budget())).await;
    assert_eq!(error, Err(JudgeError::NotLoaded));
}
