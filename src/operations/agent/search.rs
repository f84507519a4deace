//! Search: passages of a finished analysis' sources by a few words, so that a long report is read by asking.
//! Knows the judging service, which keeps the sources.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::search::FoundPassage;
use crate::context::Context;
use crate::domain::ids::TaskId;
use crate::domain::page::Whole;
use crate::domain::task::TaskStatus;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::throttling::{AccountLimit, OperationLimit};
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::throttling::Limit;

/// How many passages are given where nobody says.
const USUAL_LIMIT: u32 = 5;

/// Finds passages in the sources of a finished analysis, best first, exactly as they stand there: to quote in `agent_judge`.
#[derive(JsonSchema)]
pub struct Search;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// An `id` from `agent_analysis`.
    task_id: TaskId,
    /// Words to look for, such as `main span metres`; at most 500 characters.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(extend("examples" = ["main span metres"]))]
    query: String,
    /// A claim's id whose words count too: `c2`.
    #[schemars(extend("examples" = ["c2"]))]
    claim: Option<String>,
    /// Passages at most; 5 if missing.
    #[schemars(extend("examples" = [5]))]
    limit: Option<Whole<1, 20>>,
}

/// A stretch of a source.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FoundPassage")]
pub struct PassageView {
    #[schemars(extend("examples" = ["s1"]))]
    source: String,
    /// Exactly what stands there.
    #[schemars(extend("examples" = ["The main span of the bridge is 412 metres long."]))]
    text: String,
    /// In code points of the source's text.
    #[schemars(extend("examples" = [842]))]
    start: usize,
    #[schemars(extend("examples" = [889]))]
    end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [1]))]
    page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [12.5]))]
    seconds: Option<f64>,
    /// What its part of the file is called, where that is no page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["sheet Budget, row 12"]))]
    place: Option<String>,
    /// Of its table, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [3]))]
    row: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["Length"]))]
    column: Option<String>,
    /// 0 to 1: how much of the query it holds.
    #[schemars(extend("examples" = [0.87]))]
    score: f64,
}

impl Operation for Search {
    type Input = Input;
    type Output = Vec<PassageView>;
    const SPEC: Spec = Spec {
        tool: "agent_search",
        title: "Search sources",
        area: Area::Agent,
        route: Route::post("/users/{user_id}/tasks/{task_id}/search"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::Required,
        success: Success::ok("Passages found."),
        hints: Hints::READ,
    };
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::NotFound(Resource::Task),
        FaultKind::NoReport(TaskStatus::Failed),
        FaultKind::SourcesGone,
    ];
    const LIMIT: OperationLimit = OperationLimit::PerAccount(AccountLimit {
        limit: Limit::Search,
        items: None,
    });

    async fn run(
        context: &Context,
        caller: &Caller,
        input: Input,
    ) -> Result<Vec<PassageView>, Fault> {
        let user = caller.user()?;
        let limit = input.limit.map_or(USUAL_LIMIT, Whole::get);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let judging = &context.services.judging;
        let found = judging.search(&user.id, &input.task_id, input.query, input.claim, limit);
        Ok(found.await?.into_iter().map(PassageView::from).collect())
    }
}

impl From<FoundPassage> for PassageView {
    fn from(found: FoundPassage) -> Self {
        Self {
            source: found.source,
            text: found.text,
            start: found.start,
            end: found.end,
            page: found.page,
            seconds: found.seconds,
            place: found.place,
            row: found.row,
            column: found.column,
            score: found.score,
        }
    }
}
