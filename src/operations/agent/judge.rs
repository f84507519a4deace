//! Judge: the caller's own model judges claims of a finished analysis, and Clara holds each quote against its source.
//! Knows the judging service; what is accepted is decided by the analysis.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::analysis::judging::{
    CallerCorrection, CallerJudgement, CallerQuote, MAX_JUDGE_CHARACTERS, Outcome, Refusal,
};
use crate::analysis::report;
use crate::context::Context;
use crate::domain::ids::TaskId;
use crate::domain::task::TaskStatus;
use crate::domain::verdict::{Stance, Verdict};
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::throttling::{AccountLimit, OperationLimit};
use crate::operations::views::TaskView;
use crate::operations::{Access, Area, Body, Hints, Operation, Presentation, Route, Spec, Success};
use crate::services::judging::MAX_REVISIONS;
use crate::services::throttling::Limit;

/// The most judgements of one call.
const MAX_JUDGEMENTS: usize = 500;
/// The most refused judgements that a model is shown at once.
const MAX_SHOWN: usize = 20;

/// Puts your own verdicts on claims of a finished analysis, each with quotes from its sources; free. Clara looks each quote
/// up and refuses what is not there, with the nearest text that is. Returns what became of each, and the report.
#[derive(JsonSchema)]
pub struct Judge;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// An `id` from `agent_analysis`.
    task_id: TaskId,
    /// At most 500; a claim once.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(extend("examples" = [[{"claim": "c2", "verdict": "refuted", "quotes": [{"source": "s1", "text": "The lighthouse was built in 1904."}], "rationale": "The source says 1904, not 1911."}]]))]
    judgements: Vec<JudgementInput>,
    /// Your model's name, such as `example-model-1`.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(extend("examples" = ["example-model-1"]))]
    judged_by: String,
}

/// A verdict on one claim.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Judgement")]
struct JudgementInput {
    /// The claim's id: `c2`.
    #[schemars(extend("examples" = ["c2"]))]
    claim: String,
    /// What the quotes say.
    verdict: Verdict,
    /// Needed unless the verdict is `not_enough_evidence`.
    #[serde(default)]
    #[schemars(extend("examples" = [[{"source": "s1", "text": "The lighthouse was built in 1904."}]]))]
    quotes: Vec<QuoteInput>,
    /// Why, in a sentence.
    #[schemars(extend("examples" = ["The source says 1904, not 1911."]))]
    rationale: String,
    /// Where refuted: the claim's words to replace, and a quote's words instead.
    correction: Option<CorrectionInput>,
}

/// Words of a source.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Quote")]
struct QuoteInput {
    /// The source's id: `s1`.
    #[schemars(extend("examples" = ["s1"]))]
    source: String,
    /// Copied from it, word for word.
    #[schemars(extend("examples" = ["The lighthouse was built in 1904."]))]
    text: String,
    /// Needed where `conflicting`.
    stance: Option<DecidingStance>,
}

/// What a quote that decides says of its claim.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum DecidingStance {
    Supports,
    Refutes,
}

impl From<DecidingStance> for Stance {
    fn from(stance: DecidingStance) -> Self {
        match stance {
            DecidingStance::Supports => Self::Supports,
            DecidingStance::Refutes => Self::Refutes,
        }
    }
}

/// What to write instead.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "JudgedCorrection")]
struct CorrectionInput {
    /// Words of the claim.
    #[schemars(extend("examples" = ["1911"]))]
    replace: String,
    /// Words of a quote.
    #[schemars(extend("examples" = ["1904"]))]
    with: String,
}

/// What became of the judgements, and the report after them.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Judged")]
pub struct JudgedView {
    /// With the report as this call left it.
    #[serde(flatten)]
    task: TaskView,
    /// Of the report.
    #[schemars(extend("examples" = [2]))]
    revision: u32,
    /// One for each judgement, in their order.
    outcomes: Vec<OutcomeView>,
}

/// What became of one judgement.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "JudgementOutcome")]
struct OutcomeView {
    #[schemars(extend("examples" = ["c2"]))]
    claim: String,
    #[schemars(extend("examples" = [true]))]
    accepted: bool,
    /// What the builtin rules hold against it, where it was accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("examples" = [["quote 4.6 million, claim 4.2 million"]]))]
    disagrees: Vec<String>,
    /// Why it was refused, each reason with its field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<RefusalView>,
}

/// A reason against a judgement.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "JudgementProblem")]
struct RefusalView {
    /// `quotes[0].text`
    #[schemars(extend("examples" = ["quotes[0].text"]))]
    field: String,
    /// For programs.
    #[schemars(extend("examples" = ["quote_not_found"]))]
    name: String,
    /// What was wrong and what to send instead.
    #[schemars(extend("examples" = ["These words are not in the source. The nearest that are: \"The lighthouse was built in 1904.\""]))]
    problem: String,
}

impl Operation for Judge {
    type Input = Input;
    type Output = JudgedView;
    const SPEC: Spec = Spec {
        tool: "agent_judge",
        title: "Judge claims",
        area: Area::Agent,
        route: Route::post("/users/{user_id}/tasks/{task_id}/judgements"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::Required,
        success: Success::ok("Judgements recorded."),
        hints: Hints::ADD,
    };
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::NotFound(Resource::Task),
        FaultKind::NoReport(TaskStatus::Failed),
        FaultKind::TooManyRevisions {
            most: MAX_REVISIONS,
        },
        FaultKind::SourcesGone,
    ];
    const LIMIT: OperationLimit = OperationLimit::PerAccount(AccountLimit {
        limit: Limit::Judgement,
        items: Some("judgements"),
    });

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<JudgedView, Fault> {
        let (user, task_id) = (caller.user()?, input.task_id);
        let number = input.judgements.len();
        if number == 0 || number > MAX_JUDGEMENTS {
            let problem = format!("must be 1 to {MAX_JUDGEMENTS} judgements, not {number}");
            return Err(Fault::field("judgements", problem));
        }
        let judged_by = input.judged_by.trim().to_owned();
        if judged_by.is_empty() || judged_by.chars().count() > MAX_JUDGE_CHARACTERS {
            let problem =
                format!("must be your model's name, in 1 to {MAX_JUDGE_CHARACTERS} characters");
            return Err(Fault::field("judged_by", problem));
        }
        let judgements = input.judgements.into_iter().map(CallerJudgement::from);
        let (judging, origin) = (&context.services.judging, caller.origin());
        let judged = judging.judge(&user.id, &task_id, judgements.collect(), judged_by, &origin);
        let judged = judged.await?;
        let mut task = context.services.tasks.view(&user.id, &task_id).await?;
        // Others may have judged since; the answer is to this call.
        task.result = Some(serde_json::to_value(&judged.report).map_err(Fault::internal)?);
        Ok(JudgedView {
            task: task.into(),
            revision: judged.report.revision,
            outcomes: judged.outcomes.into_iter().map(OutcomeView::from).collect(),
        })
    }

    fn present(data: &Value) -> Option<Presentation> {
        let task_id = data["id"].as_str()?;
        let outcomes = data["outcomes"].as_array()?;
        let full = serde_json::from_value(data["result"].clone()).ok()?;
        let short = report::for_model(&full, &format!("clara://tasks/{task_id}/report"));
        let mut shown = data.clone();
        shown["result"] = short.structured;
        shown["outcomes"] = shown_outcomes(outcomes);
        let text = format!(
            "{}\n\n{}",
            outcomes_in_words(outcomes),
            short.text.replace("&amp;", "&")
        );
        Some(Presentation {
            headline: None,
            data: shown,
            text,
            picture: None,
        })
    }

    fn next_step(data: &Value) -> Option<String> {
        let outcomes = data["outcomes"].as_array()?;
        let is_refused = |outcome: &Value| outcome["accepted"] == false;
        outcomes.iter().any(is_refused).then(|| {
            "What was refused changed nothing: send it again with agent_judge as its problem says."
                .to_owned()
        })
    }
}

/// The outcomes as far as a model needs them: what was refused, up to a bound, and what was accepted against the rules.
fn shown_outcomes(outcomes: &[Value]) -> Value {
    let is_told =
        |outcome: &&Value| outcome["accepted"] == false || outcome["disagrees"].is_array();
    let (told, plain): (Vec<&Value>, Vec<&Value>) = outcomes.iter().partition(is_told);
    json!(
        told.into_iter()
            .take(MAX_SHOWN)
            .chain(plain.into_iter().take(MAX_SHOWN))
            .collect::<Vec<_>>()
    )
}

fn outcomes_in_words(outcomes: &[Value]) -> String {
    let accepted = |outcome: &&Value| outcome["accepted"] == true;
    let number = outcomes.iter().filter(accepted).count();
    let mut words = format!("{number} of {} judgements accepted.", outcomes.len());
    let refused = outcomes.iter().filter(|outcome| !accepted(outcome));
    for outcome in refused.clone().take(MAX_SHOWN) {
        for problem in outcome["problems"].as_array().into_iter().flatten() {
            // Both may hold words from outside.
            let claim = report::markdown_line(outcome["claim"].as_str().unwrap_or_default());
            let said = report::markdown_line(problem["problem"].as_str().unwrap_or_default());
            let field = problem["field"].as_str().unwrap_or_default();
            let _ = write!(words, "\n{claim}, {field}: {}", said.replace("&amp;", "&"));
        }
    }
    let left = refused.count().saturating_sub(MAX_SHOWN);
    if left > 0 {
        let _ = write!(words, "\n{left} more were refused.");
    }
    words
}

impl From<JudgementInput> for CallerJudgement {
    fn from(input: JudgementInput) -> Self {
        Self {
            claim: input.claim,
            verdict: input.verdict,
            quotes: input
                .quotes
                .into_iter()
                .map(|quote| CallerQuote {
                    source: quote.source,
                    text: quote.text,
                    stance: quote.stance.map(Stance::from),
                })
                .collect(),
            rationale: input.rationale,
            correction: input.correction.map(|correction| CallerCorrection {
                replace: correction.replace,
                with: correction.with,
            }),
        }
    }
}

impl From<Outcome> for OutcomeView {
    fn from(outcome: Outcome) -> Self {
        let (accepted, disagrees, problems) = match outcome.result {
            Ok(accepted) => {
                let details = accepted.disagrees.into_iter().map(|found| found.detail);
                (true, details.collect(), Vec::new())
            }
            Err(refusals) => {
                let problems = refusals.iter().map(RefusalView::from).collect();
                (false, Vec::new(), problems)
            }
        };
        Self {
            claim: outcome.claim,
            accepted,
            disagrees,
            problems,
        }
    }
}

impl From<&Refusal> for RefusalView {
    fn from(refusal: &Refusal) -> Self {
        Self {
            field: refusal.field(),
            name: refusal.name().to_owned(),
            problem: refusal.to_string(),
        }
    }
}
