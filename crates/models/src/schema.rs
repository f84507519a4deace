//! The form that answers must have. Written with the few words of JSON Schema that every provider's strict mode takes: no
//! bounds, no alternatives, every member required, an empty text for what is not there.

use serde_json::{Value, json};

/// A form with the name that some providers want for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Schema {
    pub name: &'static str,
    pub value: Value,
}

/// Judgements of claims.
pub(crate) fn judgements() -> Schema {
    let quote = object(
        json!({
            "passage": text("The id of the passage, such as p1"),
            "text": text("Words of that passage, copied character for character"),
            "stance": one_of(&["supports", "refutes"]),
        }),
        &["passage", "text", "stance"],
    );
    let correction = object(
        json!({
            "replace": text("Words of the claim to be replaced, copied; empty where there is nothing to correct"),
            "with": text("Words of a quote to put there, copied; empty where there is nothing to correct"),
        }),
        &["replace", "with"],
    );
    let judgement = object(
        json!({
            "claim": text("The id of the claim, such as c1"),
            "rationale": text("Why, in one sentence"),
            "quotes": { "type": "array", "items": quote },
            "verdict": one_of(&["supported", "refuted", "conflicting", "not_enough_evidence"]),
            "correction": correction,
        }),
        // The reason stands before the verdict, so that a model that writes in order thinks first.
        &["claim", "rationale", "quotes", "verdict", "correction"],
    );
    Schema {
        name: "judgements",
        value: object(
            json!({ "judgements": { "type": "array", "items": judgement } }),
            &["judgements"],
        ),
    }
}

/// Claims found in a text.
pub(crate) fn claims() -> Schema {
    let claim = object(
        json!({
            "text": text("The words of the claim as they stand in the text, copied character for character"),
            "standalone": text("The claim so that it can be read by itself; empty where it can be already"),
        }),
        &["text", "standalone"],
    );
    Schema {
        name: "claims",
        value: object(
            json!({ "claims": { "type": "array", "items": claim } }),
            &["claims"],
        ),
    }
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn one_of(values: &[&str]) -> Value {
    json!({ "type": "string", "enum": values })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "callers hand over what they just made"
)]
fn object(properties: Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
