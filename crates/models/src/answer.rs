//! What a model answered, read strictly: one JSON object of the asked form. Prose, half an object, two answers that differ
//! and members of other types are named problems; a judgement that cannot be read spoils no other.

use clara_analysis::engine::judge::{
    Answer, JudgeError, ProposedClaim, ProposedCorrection, ProposedJudgement, ProposedQuote,
    RefusedJudgement,
};
use clara_domain::verdict::{Stance, Verdict};
use serde::Deserialize;
use serde_json::Value;

/// More of them are no answer to a batch.
const MAX_JUDGEMENTS: usize = 100;
/// More than a text of the largest size has.
const MAX_CLAIMS: usize = 2_000;

#[derive(Deserialize)]
struct JudgementData {
    claim: String,
    verdict: String,
    #[serde(default)]
    quotes: Vec<QuoteData>,
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    correction: Option<CorrectionData>,
}

#[derive(Deserialize)]
struct QuoteData {
    #[serde(default)]
    passage: String,
    text: String,
    #[serde(default)]
    stance: Option<String>,
}

#[derive(Deserialize)]
struct CorrectionData {
    #[serde(default)]
    replace: String,
    #[serde(default)]
    with: String,
}

#[derive(Deserialize)]
struct ClaimData {
    text: String,
    #[serde(default)]
    standalone: Option<String>,
}

/// Reads judgements.
pub(crate) fn judgements(text: &str) -> Result<Answer, JudgeError> {
    let items = items(text, "judgements", MAX_JUDGEMENTS)?;
    let mut answer = Answer::default();
    for item in items {
        let claim = item["claim"].as_str().map(str::to_owned);
        match judgement(item) {
            Ok(judgement) => answer.judgements.push(judgement),
            // One that names no claim can be held against nobody.
            Err(problem) => answer
                .unreadable
                .extend(claim.map(|claim| RefusedJudgement {
                    claim,
                    problem: problem.to_owned(),
                })),
        }
    }
    Ok(answer)
}

/// Reads claims; those that cannot be read are left out.
pub(crate) fn claims(text: &str) -> Result<Vec<ProposedClaim>, JudgeError> {
    let items = items(text, "claims", MAX_CLAIMS)?;
    let read = |item| serde_json::from_value::<ClaimData>(item).ok();
    let claims = items
        .into_iter()
        .filter_map(read)
        .map(|claim| ProposedClaim {
            text: claim.text,
            standalone: claim.standalone.filter(|text| !text.trim().is_empty()),
        });
    Ok(claims.collect())
}

fn judgement(item: Value) -> Result<ProposedJudgement, &'static str> {
    let data: JudgementData = serde_json::from_value(item).map_err(
        |_| "a judgement has claim, rationale, quotes (each with passage, text, stance), verdict and correction",
    )?;
    let verdict: Verdict = serde_json::from_value(Value::String(data.verdict))
        .map_err(|_| "verdict takes supported, refuted, conflicting or not_enough_evidence")?;
    let quotes = data.quotes.into_iter().map(|quote| {
        let stance = quote.stance.filter(|stance| !stance.is_empty());
        let stance = stance.map(|stance| serde_json::from_value::<Stance>(Value::String(stance)));
        Ok(ProposedQuote {
            passage: quote.passage,
            text: quote.text,
            stance: stance
                .transpose()
                .map_err(|_| "stance takes supports or refutes")?,
        })
    });
    let correction = data.correction.map(|correction| ProposedCorrection {
        replace: correction.replace,
        with: correction.with,
    });
    Ok(ProposedJudgement {
        claim: data.claim,
        verdict,
        quotes: quotes.collect::<Result<_, &'static str>>()?,
        rationale: data.rationale,
        correction: correction.filter(|words| !words.replace.is_empty() || !words.with.is_empty()),
    })
}

fn items(text: &str, member: &str, most: usize) -> Result<Vec<Value>, JudgeError> {
    let unreadable = |problem| JudgeError::Unreadable { problem };
    let mut object = object(text).map_err(unreadable)?;
    let Some(Value::Array(items)) = object.get_mut(member).map(Value::take) else {
        return Err(unreadable("the list that was asked for is not in it"));
    };
    if items.len() > most {
        return Err(unreadable("it has more items than were asked for"));
    }
    Ok(items)
}

/// The one object of an answer. Servers without strict forms have models put it into a fence; some write it twice.
fn object(text: &str) -> Result<Value, &'static str> {
    let text = unfenced(text.trim());
    if !text.starts_with('{') {
        return Err("it is prose and no JSON object");
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let first = match values.next() {
        Some(Ok(first)) => first,
        Some(Err(error)) if error.is_eof() => {
            return Err("the JSON object ends before it is whole");
        }
        _ => return Err("it is no valid JSON"),
    };
    for next in values {
        match next {
            Ok(next) if next == first => {}
            Ok(_) => return Err("it has two answers that differ"),
            Err(_) => return Err("words stand after the JSON object"),
        }
    }
    Ok(first)
}

fn unfenced(text: &str) -> &str {
    let inside = || {
        let inside = text.strip_prefix("```")?.strip_suffix("```")?;
        Some(inside.strip_prefix("json").unwrap_or(inside).trim())
    };
    inside().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"judgements":[{"claim":"c1","rationale":"Same year.","quotes":[{"passage":"p1","text":"It opened in 1931.","stance":"supports"}],"verdict":"supported","correction":{"replace":"","with":""}}]}"#;

    fn problem(text: &str) -> &'static str {
        match judgements(text) {
            Err(JudgeError::Unreadable { problem }) => problem,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_object_is_read_fenced_or_repeated() {
        let read = judgements(GOOD).unwrap();
        assert_eq!(read.judgements.len(), 1);
        assert_eq!(read.judgements[0].correction, None);
        for text in [
            format!("```json\n{GOOD}\n```"),
            format!("```\n{GOOD}```"),
            format!("{GOOD}\n{GOOD}\n"),
        ] {
            assert_eq!(judgements(&text).unwrap(), read, "{text}");
        }
    }

    #[test]
    fn other_answers_are_named_problems() {
        assert_eq!(
            problem("I think that c1 is supported."),
            "it is prose and no JSON object"
        );
        assert_eq!(problem(""), "it is prose and no JSON object");
        assert_eq!(problem("[]"), "it is prose and no JSON object");
        assert_eq!(
            problem(&GOOD[..60]),
            "the JSON object ends before it is whole"
        );
        assert_eq!(
            problem(&format!("{GOOD} Hope this helps!")),
            "words stand after the JSON object"
        );
        let other = GOOD.replace("\"supported\"", "\"refuted\"");
        assert_eq!(
            problem(&format!("{GOOD}{other}")),
            "it has two answers that differ"
        );
        assert_eq!(problem("{'judgements': []}"), "it is no valid JSON");
        assert_eq!(
            problem("{\"judgements\": 7}"),
            "the list that was asked for is not in it"
        );
        assert_eq!(problem(&"{\"a\":".repeat(200)), "it is no valid JSON");
    }

    #[test]
    fn an_unreadable_judgement_spoils_no_other() {
        let second = r#"{"claim":"c2","verdict":"mostly true"}"#;
        let third = r#"{"claim":"c3","verdict":7}"#;
        let nameless = r#"{"verdict":"supported"}"#;
        let text = GOOD.replace("}]}", &format!("}},{second},{third},{nameless}]}}"));
        let text = text.replace(
            "\"stance\":\"supports\"},{\"claim\"",
            "\"stance\":\"supports\"}],\"verdict\":\"supported\"},{\"claim\"",
        );
        let Ok(answer) = judgements(&text) else {
            panic!("{text}");
        };
        let named: Vec<&str> = answer
            .unreadable
            .iter()
            .map(|one| one.claim.as_str())
            .collect();
        assert_eq!(named, ["c2", "c3"]);
        assert!(answer.unreadable[0].problem.starts_with("verdict takes"));
    }

    #[test]
    fn claims_without_a_reading_have_none() {
        let text = r#"{"claims":[{"text":"It opened.","standalone":"The bridge opened."},{"text":"A","standalone":" "},{"no":1}]}"#;
        let read = claims(text).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].standalone.as_deref(), Some("The bridge opened."));
        assert_eq!(read[1].standalone, None);
    }
}
