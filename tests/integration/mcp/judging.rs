//! A model that knows the tool list alone judges what the analysis leaves open: it searches, quotes wrongly, is told what
//! stands there, and repairs. And what is refused on the way, in words that help.

use serde_json::{Value, json};

use super::support::{Client, Folder, text_file, text_of};

const TEXT: &str = "The toll was abolished by the council. The bridge opened in 1933.";
const EVIDENCE: &str = "The bridge opened in 1933. In 1962 the councillors put an end to the toll.";
const QUOTE: &str = "In 1962 the councillors put an end to the toll.";

/// Counts what a model reads and writes: characters of JSON ÷ 4.
struct Agent {
    client: Client,
    tokens: usize,
    calls: usize,
}

impl Agent {
    async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let asked = arguments.to_string().chars().count();
        let result = self.client.result(tool, arguments).await;
        let answer = result.structured_content.clone().unwrap();
        let read = answer.to_string().len().max(text_of(&result).len());
        self.tokens += (asked + read) / 4;
        self.calls += 1;
        assert_ne!(result.is_error, Some(true), "{tool}: {answer}");
        answer
    }

    /// The tool whose description says this.
    async fn tool(&self, words: &str) -> String {
        let listed = self.client.service.list_all_tools().await.unwrap();
        let says = |description: &str| description.contains(words);
        let tool = listed
            .into_iter()
            .find(|tool| tool.description.as_deref().is_some_and(says));
        tool.unwrap().name.into_owned()
    }
}

fn judgement(claim: &Value, source: &Value, quote: &str) -> Value {
    json!({
        "claim": claim, "verdict": "supported", "rationale": "Putting an end to a toll is abolishing it.",
        "quotes": [{"source": source, "text": quote}],
    })
}

async fn analysis(client: &Client) -> Value {
    let files = json!([{"name": "bridge.txt", "text": EVIDENCE}]);
    let arguments = json!({"text": TEXT, "attachments": files, "wait_seconds": 55});
    let task = client.data("agent_analysis", arguments).await;
    assert_eq!(task["status"], "COMPLETED", "{task}");
    task
}

#[tokio::test]
async fn a_scripted_agent_judges_and_repairs() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let mut agent = Agent {
        client,
        tokens: 0,
        calls: 0,
    };
    let analyse = agent.tool("Fact-checks").await;
    let search = agent.tool("Finds passages").await;
    let judge = agent.tool("your own verdicts").await;
    let files = json!([{"name": "bridge.txt", "text": EVIDENCE}]);
    let arguments = json!({"text": TEXT, "attachments": files, "wait_seconds": 55});
    let analysed = agent.call(&analyse, arguments).await;
    let first_answer = analysed.to_string().len() / 4;
    let task = analysed["data"]["id"].clone();
    let claims = analysed["data"]["result"]["claims"].as_array().unwrap();
    let undecided = |claim: &&Value| claim["verdict"] == "not_enough_evidence";
    let open: Vec<&Value> = claims.iter().filter(undecided).collect();
    assert_eq!(open.len(), 1, "{claims:?}");
    let claim = &open[0]["id"];

    let query = json!({"task_id": task, "query": "councillors toll", "claim": claim});
    let found = agent.call(&search, query).await;
    let passage = &found["data"][0];
    assert_eq!(passage["text"], QUOTE, "{found}");

    let wrong = judgement(claim, &passage["source"], &QUOTE.replace("1962", "1926"));
    let arguments = json!({"task_id": task, "judgements": [wrong], "judged_by": "example-model-1"});
    let refused = agent.call(&judge, arguments).await;
    let outcome = &refused["data"]["outcomes"][0];
    assert_eq!(outcome["accepted"], false);
    let problem = outcome["problems"][0]["problem"].as_str().unwrap();
    assert!(problem.contains("1962"), "the nearest text: {problem}");
    assert!(refused["next"].as_str().unwrap().contains("agent_judge"));
    assert_eq!(refused["data"]["revision"], 1);

    let right = judgement(claim, &passage["source"], passage["text"].as_str().unwrap());
    let arguments = json!({"task_id": task, "judgements": [right], "judged_by": "example-model-1"});
    let accepted = agent.call(&judge, arguments).await;
    assert_eq!(
        accepted["data"]["outcomes"][0]["accepted"], true,
        "{accepted}"
    );
    let report = &accepted["data"]["result"];
    let decided = report["claims"].as_array().unwrap();
    assert!(decided.iter().all(|claim| claim["verdict"] == "supported"));

    let last = agent.call("task_view", json!({"task_id": task})).await;
    assert_eq!(last["data"]["result"]["counts"]["supported"], 2);
    eprintln!(
        "{} calls, {} tokens in all; the first answer has {first_answer} for {} claims",
        agent.calls,
        agent.tokens,
        claims.len()
    );
    assert!(agent.tokens < 4_000, "{}", agent.tokens);
}

#[tokio::test]
async fn bad_judgements_and_queries_are_named() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let task = analysis(&client).await["id"].clone();
    let good = judgement(&json!("c1"), &json!("s1"), QUOTE);
    let many: Vec<&Value> = vec![&good; 1_000];
    let by = "example-model-1";
    for (judgements, judged_by, field) in [
        (json!([]), by, "judgements"),
        (json!(many), by, "judgements"),
        (json!("all good"), by, "judgements"),
        (json!([{"claim": "c1"}]), by, "judgements[0]"),
        (
            json!([{"claim": "c1", "verdict": "true", "rationale": "r"}]),
            by,
            "judgements[0].verdict",
        ),
        (json!([good]), " ", "judged_by"),
        (json!([good]), "m".repeat(101).as_str(), "judged_by"),
    ] {
        let arguments = json!({"task_id": task, "judgements": judgements, "judged_by": judged_by});
        let (_, details) = client.refusal("agent_judge", arguments).await;
        assert_eq!(details["errors"][0]["field"], field, "{details}");
    }
    let long = "bridge ".repeat(1_500);
    for (query, field) in [
        (json!({"query": " "}), "query"),
        (json!({"query": "?!"}), "query"),
        (json!({"query": long}), "query"),
        (json!({"query": "toll", "limit": 0}), "limit"),
        (json!({"query": "toll", "claim": "c77"}), "claim"),
    ] {
        let mut arguments = query.clone();
        arguments["task_id"] = task.clone();
        let (_, details) = client.refusal("agent_search", arguments).await;
        assert_eq!(details["errors"][0]["field"], field, "{query}: {details}");
    }
    // Operators are words like others.
    let query = json!({"task_id": task, "query": "\"toll\" OR (bridge* NOT NEAR/3 -opened:^2)"});
    let found = client.data("agent_search", query).await;
    assert!(!found.as_array().unwrap().is_empty());
}

#[tokio::test]
async fn each_judgement_is_refused_by_itself() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let task = analysis(&client).await["id"].clone();
    let source = json!("s1");
    let refused = [
        judgement(&json!("c77"), &source, QUOTE),
        json!({"claim": "c2", "verdict": "refuted", "rationale": "No quote."}),
    ];
    let judgements = json!([
        judgement(&json!("c1"), &source, QUOTE),
        refused[0],
        refused[1]
    ]);
    let arguments =
        json!({"task_id": task, "judgements": judgements, "judged_by": "example-model-1"});
    let judged = client.data("agent_judge", arguments).await;
    let outcomes = judged["outcomes"].as_array().unwrap();
    let accepted = outcomes.iter().filter(|one| one["accepted"] == true);
    assert_eq!((outcomes.len(), accepted.count()), (3, 1), "{judged}");
    assert_eq!(judged["revision"], 2);
    for quote in ["I", &"toll ".repeat(2_000), "In 1962 the cоuncillors"] {
        let bad = json!([judgement(&json!("c1"), &source, quote)]);
        let arguments = json!({"task_id": task, "judgements": bad, "judged_by": "m"});
        let judged = client.data("agent_judge", arguments).await;
        assert_eq!(judged["outcomes"][0]["accepted"], false, "{judged}");
        assert_eq!(judged["revision"], 2);
    }
}

#[tokio::test]
async fn without_kept_sources_a_model_is_told_so() {
    let folder = Folder::new();
    let client = folder.client(&[("CLARA_SOURCE_HOURS", "0")]).await;
    let task = analysis(&client).await["id"].clone();
    let query = json!({"task_id": task, "query": "toll"});
    let refused = client.result("agent_search", query).await;
    let text = text_of(&refused);
    assert!(
        text.contains("not kept any more") && text.contains("agent_analysis"),
        "{text}"
    );
}

#[tokio::test]
async fn what_checks_nothing_costs_nothing() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let file = text_file("bridge.txt", EVIDENCE);
    for (arguments, why) in [
        (
            json!({"text": "Who built the bridge?", "attachments": [file]}),
            "found no claim",
        ),
        (
            json!({"text": "The bridge opened in 1931."}),
            "had no source",
        ),
    ] {
        let result = client.result("agent_analysis", arguments).await;
        let next = result.structured_content.as_ref().unwrap()["next"].clone();
        assert!(next.as_str().unwrap().contains(why), "{next}");
        let account = client.data("user_view", json!({})).await;
        assert_eq!(account["credits"], 10_000.0);
    }
}

#[tokio::test]
async fn claims_and_context_are_handed_in() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let file = json!([{"name": "bridge.txt", "text": EVIDENCE}]);
    let asked = |claims: Value, context: Value| json!({"text": TEXT, "attachments": file, "claims": claims, "context": context, "wait_seconds": 55});
    // A lone text is a list of one.
    let one = asked(
        json!("The bridge opened in 1933."),
        json!("Written in 1950."),
    );
    let task = client.data("agent_analysis", one).await;
    assert_eq!(task["status"], "COMPLETED", "{task}");
    // Other claims of the same text are another analysis.
    let other = asked(
        json!(["The toll was abolished by the council."]),
        json!("Written in 1950."),
    );
    let other = client.data("agent_analysis", other).await;
    assert_ne!(other["id"], task["id"]);
    let context = json!("c".repeat(1_001));
    for (claims, context, field) in [
        (json!([" "]), Value::Null, "claims[0]"),
        (json!(["c".repeat(5_001)]), Value::Null, "claims[0]"),
        (json!(vec!["It is."; 101]), Value::Null, "claims"),
        (json!([7]), Value::Null, "claims[0]"),
        (json!([]), context, "context"),
    ] {
        let (_, details) = client
            .refusal("agent_analysis", asked(claims, context))
            .await;
        assert_eq!(details["errors"][0]["field"], field, "{details}");
    }
    for (file, field) in [
        (json!({"name": "a.txt", "text": " "}), "attachments[0].text"),
        (
            json!({"name": "a.pdf", "text": "The mill."}),
            "attachments[0].text",
        ),
        (
            json!({"name": "a.txt", "text": "A.", "content_base64": "QS4="}),
            "attachments[0]",
        ),
    ] {
        let arguments = json!({"text": TEXT, "attachments": [file]});
        let (_, details) = client.refusal("agent_analysis", arguments).await;
        assert_eq!(details["errors"][0]["field"], field, "{details}");
    }
}
