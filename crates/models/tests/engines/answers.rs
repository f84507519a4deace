//! What models and their servers answer, good and bad, and what the report says then.

use clara_analysis::asking::{Session, find_claims};
use clara_analysis::engine::builtin::Builtin;
use clara_analysis::engine::judge::JudgeScope;
use clara_analysis::report::Report;
use clara_domain::text::Text;
use clara_domain::verdict::Verdict;
use clara_models::Provider;
use serde_json::{Value, json};

use crate::analysis::{KEY, analysed, asked, engine, reasons, source};
use clara_fake_model::{FakeModel, Reply, Seen};

/// Said in other words than the source's, so that the builtin engine leaves it open.
const CLAIMS: &str =
    "The miller's wheel belongs to the town. The baker's oven stands in the school.";
const SOURCE: &str = "In spring the town bought the wheel of the miller. That year the school took the oven of the baker in.";

/// A judgement of each claim, by its first passage.
pub fn judgements(seen: &Seen, verdict: &str, words: Option<&str>) -> Value {
    let judged: Vec<Value> = seen
        .claims()
        .iter()
        .map(|claim| {
            let passage = &claim["passages"][0];
            json!({
                "claim": claim["id"],
                "rationale": "The passage says so.",
                "quotes": [{
                    "passage": passage["id"],
                    "text": words.map_or_else(|| passage["text"].clone(), Into::into),
                    "stance": "supports",
                }],
                "verdict": verdict,
                "correction": {"replace": "", "with": ""},
            })
        })
        .collect();
    json!({ "judgements": judged })
}

fn good(seen: &Seen) -> Reply {
    Reply::Text(judgements(seen, "supported", None).to_string())
}

async fn run(
    provider: Provider,
    script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
) -> (Report, Vec<Seen>) {
    let server = FakeModel::start(provider, script).await;
    let engine = engine(provider, &server.url, JudgeScope::Open);
    let sources = vec![source("s1", "town.txt", None, SOURCE)];
    let report = asked(engine, analysed(CLAIMS, sources)).await;
    (report, server.seen())
}

/// The report is the builtin engine's, and says why in one line.
async fn falls_back(
    says: &str,
    calls: usize,
    script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
) {
    let (report, seen) = run(Provider::OpenAi, script).await;
    assert_eq!(report.counts.not_enough_evidence, 2);
    assert!(report.claims.iter().all(|claim| claim.judged_by.is_none()));
    let reasons = reasons(&report);
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert!(reasons[0].contains(says), "{reasons:?}");
    assert_eq!(seen.len(), calls, "{says}");
    let whole = serde_json::to_string(&report).unwrap();
    assert!(
        !whole.contains(KEY) && !whole.contains("127.0.0.1"),
        "{whole}"
    );
}

#[tokio::test]
async fn each_protocol_judges_with_true_quotes() {
    for provider in Provider::ALL {
        let (report, seen) = run(provider, |seen, _| good(seen)).await;
        assert_eq!(
            report.counts.supported, 2,
            "{provider:?} {:?}",
            report.limits
        );
        for claim in &report.claims {
            assert!(SOURCE.contains(&claim.evidence[0].quote));
            assert_eq!(claim.judged_by.as_ref().unwrap().engine, provider.name());
        }
        assert_eq!(seen.len(), 1);
        let keys: Vec<&str> = ["authorization", "x-api-key", "x-goog-api-key"]
            .into_iter()
            .filter(|name| {
                seen[0]
                    .headers
                    .get(*name)
                    .is_some_and(|value| value.contains(KEY))
            })
            .collect();
        assert_eq!(keys.len(), 1, "{provider:?}");
        assert!(!seen[0].path.contains(KEY) && !seen[0].body.to_string().contains(KEY));
        let usage = report.engine.judge.unwrap().usage;
        assert_eq!(
            (usage.calls, usage.input_tokens, usage.output_tokens),
            (1, 1_000, 100)
        );
        assert!((usage.cost.unwrap() - 0.0014).abs() < 1e-9);
    }
}

#[tokio::test]
async fn prose_is_asked_about_once_more() {
    falls_back("it is prose", 2, |_, _| {
        Reply::Text("I believe both claims are supported.".to_owned())
    })
    .await;
}

#[tokio::test]
async fn half_a_json_is_no_answer() {
    falls_back("ends before it is whole", 2, |seen, _| {
        let text = judgements(seen, "supported", None).to_string();
        Reply::Text(text[..text.len() / 2].to_owned())
    })
    .await;
}

#[tokio::test]
async fn the_same_json_twice_is_one_answer() {
    let (report, _) = run(Provider::OpenAi, |seen, _| {
        let text = judgements(seen, "supported", None).to_string();
        Reply::Text(format!("{text}\n{text}"))
    })
    .await;
    assert_eq!(report.counts.supported, 2);
    falls_back("two answers that differ", 2, |seen, _| {
        let (one, other) = (
            judgements(seen, "supported", None),
            judgements(seen, "refuted", None),
        );
        Reply::Text(format!("{one}{other}"))
    })
    .await;
}

#[tokio::test]
async fn prose_may_be_mended() {
    let (report, seen) = run(Provider::OpenAi, |seen, before| match before {
        0 => Reply::Text("Both are supported.".to_owned()),
        _ => good(seen),
    })
    .await;
    assert_eq!(report.counts.supported, 2);
    assert!(seen[1].is_repair());
    assert!(seen[1].user().contains("it is prose"));
}

#[tokio::test]
async fn an_answer_that_never_comes_is_given_up() {
    falls_back("did not answer in time", 1, |_, _| Reply::Silence).await;
}

#[tokio::test]
async fn ten_megabytes_are_not_read() {
    falls_back("longer than 1000000 bytes", 1, |_, _| {
        Reply::Raw(vec![b' '; 10_000_000])
    })
    .await;
}

#[tokio::test]
async fn a_cut_answer_is_asked_for_again() {
    falls_back("hung up in the middle", 6, |_, _| {
        Reply::Cut(b"{\"choices\":[".to_vec())
    })
    .await;
    let (report, _) = run(Provider::OpenAi, |seen, before| match before {
        0 => Reply::Cut(b"{\"choices\":[".to_vec()),
        _ => good(seen),
    })
    .await;
    assert_eq!(report.counts.supported, 2);
}

#[tokio::test]
async fn no_protocol_at_all_is_no_answer() {
    falls_back("answered no JSON", 2, |_, _| {
        Reply::Raw(b"<html>gateway</html>".to_vec())
    })
    .await;
    falls_back("something else than its protocol", 2, |_, _| {
        Reply::Raw(b"{\"ok\":true}".to_vec())
    })
    .await;
}

#[tokio::test]
async fn a_verdict_that_is_none_is_mended_or_left() {
    falls_back("did not pass the checks", 2, |seen, _| {
        Reply::Text(judgements(seen, "mostly true", None).to_string())
    })
    .await;
}

#[tokio::test]
async fn quotes_that_are_not_there_are_refused() {
    let invented = "The miller's wheel belongs to the town since May.";
    falls_back("did not pass the checks", 2, move |seen, _| {
        Reply::Text(judgements(seen, "supported", Some(invented)).to_string())
    })
    .await;
}

#[tokio::test]
async fn claims_that_do_not_exist_are_ignored() {
    let (report, _) = run(Provider::OpenAi, |seen, _| {
        let mut answer = judgements(seen, "supported", None);
        for id in ["c9", "", "c1 OR 1=1"] {
            let mut other = answer["judgements"][0].clone();
            other["claim"] = id.into();
            answer["judgements"].as_array_mut().unwrap().push(other);
        }
        Reply::Text(answer.to_string())
    })
    .await;
    assert_eq!(report.counts.supported, 2);
    assert_eq!(report.claims.len(), 2);
}

#[tokio::test]
async fn too_many_requests_are_waited_for() {
    let (report, seen) = run(Provider::OpenAi, |seen, before| match before {
        0 => Reply::Status(429, vec![("retry-after", "0".to_owned())]),
        1 => Reply::Status(503, Vec::new()),
        _ => good(seen),
    })
    .await;
    assert_eq!(report.counts.supported, 2);
    assert_eq!(seen.len(), 3);
    assert_eq!(report.engine.judge.unwrap().usage.calls, 3);
    falls_back("status 429", 3, |_, _| Reply::Status(429, Vec::new())).await;
    falls_back("status 500", 3, |_, _| Reply::Status(500, Vec::new())).await;
    // A server that asks to wait for an hour is not waited for.
    falls_back("status 429", 1, |_, _| {
        Reply::Status(429, vec![("retry-after", "3600".to_owned())])
    })
    .await;
}

#[tokio::test]
async fn a_wrong_key_says_what_to_set() {
    falls_back("MODEL_API_KEY", 1, |_, _| Reply::Status(401, Vec::new())).await;
    falls_back("MODEL_API_KEY", 1, |_, _| Reply::Status(403, Vec::new())).await;
    falls_back("MODEL_URL", 1, |_, _| Reply::Status(404, Vec::new())).await;
}

#[tokio::test]
async fn a_key_follows_no_redirect() {
    let elsewhere = FakeModel::start(Provider::OpenAi, |seen, _| good(seen)).await;
    let address = elsewhere.url.to_string();
    falls_back("does not take such a request", 1, move |_, _| {
        Reply::Status(307, vec![("location", address.clone())])
    })
    .await;
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_server_that_is_gone_is_named() {
    let server = FakeModel::start(Provider::OpenAi, |seen, _| good(seen)).await;
    let url = server.url.clone();
    drop(server);
    tokio::task::yield_now().await;
    let sources = vec![source("s1", "town.txt", None, SOURCE)];
    let engine = engine(Provider::OpenAi, &url, JudgeScope::Open);
    let report = asked(engine, analysed(CLAIMS, sources)).await;
    assert!(
        reasons(&report)[0].contains("cannot be reached"),
        "{:?}",
        report.limits
    );
    assert_eq!(report.counts.not_enough_evidence, 2);
}

#[tokio::test]
async fn a_server_without_forms_is_asked_in_words() {
    for provider in Provider::ALL {
        let is_strict = |seen: &Seen| {
            let body = seen.body.to_string();
            [
                "json_schema",
                "output_config",
                "responseSchema",
                "\"format\":{",
            ]
            .iter()
            .any(|word| body.contains(word))
        };
        let (report, seen) = run(provider, move |seen, _| {
            if is_strict(seen) {
                Reply::Status(400, Vec::new())
            } else {
                good(seen)
            }
        })
        .await;
        assert_eq!(report.counts.supported, 2, "{provider:?}");
        assert_eq!(seen.len(), 2, "{provider:?}");
        assert!(seen[1].system().contains("JSON Schema"));
    }
}

#[tokio::test]
async fn the_model_finds_claims_that_stand_in_the_text() {
    let text = "The mill has 12 floors. It was sold in 1931 and burned in 1940.";
    let server = FakeModel::start(Provider::OpenAi, |_, _| {
        let claim = |text: &str, standalone: &str| json!({"text": text, "standalone": standalone});
        Reply::Text(
            json!({"claims": [
                claim("The mill has 12 floors.", ""),
                claim("It was sold in 1931", "The mill was sold in 1931"),
                claim("burned in 1940", "The mill burned in 1940"),
                claim("The mill is haunted.", ""),
            ]})
            .to_string(),
        )
    })
    .await;
    let session = Session::new(engine(Provider::OpenAi, &server.url, JudgeScope::Open));
    let (found, limit) = find_claims(&session, &Builtin, &Text::new(text)).await;
    assert_eq!(limit, None);
    let engine = found.judged_by(std::sync::Arc::new(Builtin));
    let claims = clara_analysis::engine::Engine::claims(&engine, &Text::new(text));
    let texts: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "The mill has 12 floors.",
            "It was sold in 1931",
            "burned in 1940"
        ]
    );
    let (mut report, _) = analysed(text, vec![source("s1", "mill.txt", None, "A mill.")]);
    found.read_by_themselves(&mut report);
    assert_eq!(report.claims[0].verdict, Verdict::NotEnoughEvidence);
}
