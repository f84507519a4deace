//! Check Ledger: holds the books against every rule and tells what is off, and what a person has to look at.
//! Knows the books service only.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ActInput, act};
use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::ledger::books::{Checked, Problem};

/// Checks the books: every balance, debt, task, purchase and payment taken back against the transactions. `off` is empty where
/// they are sound; `attention` lists what is right in the books and yet needs somebody. Needs the private API key.
#[derive(JsonSchema)]
pub struct CheckLedger;

/// What the check found.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LedgerCheck")]
pub struct CheckView {
    #[schemars(extend("examples" = [true]))]
    is_sound: bool,
    /// How many accounts were looked at.
    #[schemars(extend("examples" = [1]))]
    accounts: u64,
    /// How many transactions, those of removed accounts too.
    #[schemars(extend("examples" = [2]))]
    entries: u64,
    /// How many tasks.
    #[schemars(extend("examples" = [1]))]
    tasks: u64,
    /// How many purchases, paid or not.
    #[schemars(extend("examples" = [0]))]
    purchases: u64,
    /// What must not be.
    #[schemars(extend("examples" = [[]]))]
    off: Vec<ProblemView>,
    /// What somebody has to see to.
    attention: Vec<ProblemView>,
}

/// Something in the books.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LedgerProblem")]
pub struct ProblemView {
    /// An account, a task, a purchase, or how an event ended.
    #[schemars(extend("examples" = ["refused: amount"]))]
    about: String,
    #[schemars(extend("examples" = ["1 event of Stripe's was refused in the last 30 days: evt_1"]))]
    problem: String,
}

impl From<Problem> for ProblemView {
    fn from(problem: Problem) -> Self {
        Self {
            about: problem.about,
            problem: problem.words,
        }
    }
}

impl From<Checked> for CheckView {
    fn from(checked: Checked) -> Self {
        let views = |problems: Vec<Problem>| problems.into_iter().map(ProblemView::from).collect();
        Self {
            is_sound: checked.is_sound(),
            accounts: checked.size.accounts,
            entries: checked.size.entries,
            tasks: checked.size.tasks,
            purchases: checked.size.purchases,
            off: views(checked.off),
            attention: views(checked.attention),
        }
    }
}

impl Operation for CheckLedger {
    type Input = ActInput;
    type Output = CheckView;
    const SPEC: Spec = Spec {
        tool: "operator_check_ledger",
        title: "Check the ledger",
        area: Area::Operator,
        route: Route::get("/ledger/check"),
        access: Access::Operator,
        while_inactive: false,
        about_account: false,
        body: Body::None,
        success: Success::ok("Ledger checked successfully."),
        hints: Hints::READ,
    };

    async fn run(context: &Context, caller: &Caller, input: ActInput) -> Result<CheckView, Fault> {
        let act = act(caller, input.operator, input.reason);
        Ok(context.services.books.check(&act).await?.into())
    }
}
