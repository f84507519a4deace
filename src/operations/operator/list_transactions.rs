//! List Transactions: the entries of every account or of one, removed ones too, newest first, for the operator.
//! Knows the books and, for an address, the caller's subject only.

use schemars::JsonSchema;
use serde::Deserialize;

use super::act;
use crate::context::Context;
use crate::domain::ids::{TransactionId, UserId};
use crate::domain::operator::{OperatorName, Reason};
use crate::domain::page::{Page, Whole};
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::views::{Listed, TransactionView};
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::ledger::books::Wanted;

/// Lists the transactions of all accounts or of one, newest first; those of removed accounts are there still. Needs the
/// private API key.
#[derive(JsonSchema)]
pub struct ListTransactions;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Only this account's, which may be removed by now.
    user_id: Option<UserId>,
    /// Only those written before this one: the last of a page leads to the next, whatever is written meanwhile.
    before: Option<TransactionId>,
    /// Rows at most; 20 if missing.
    #[schemars(extend("examples" = [20]))]
    limit: Option<Whole<1, 1_000>>,
    /// Rows to skip, newest first; 0 if missing.
    #[schemars(extend("examples" = [0]))]
    offset: Option<Whole<0, 1_000_000_000>>,
    /// Who acts, for the audit trail.
    operator: Option<OperatorName>,
    /// Why, for the audit trail.
    reason: Option<Reason>,
}

impl Operation for ListTransactions {
    type Input = Input;
    type Output = Listed<TransactionView>;
    const SPEC: Spec = Spec {
        tool: "operator_list_transactions",
        title: "List all transactions",
        area: Area::Operator,
        route: Route::get("/transactions"),
        access: Access::Operator,
        while_inactive: false,
        about_account: false,
        body: Body::None,
        success: Success::ok("Transactions fetched successfully."),
        hints: Hints::READ,
    };
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::NotFound(Resource::User),
        FaultKind::NotFound(Resource::Transaction),
    ];

    async fn run(
        context: &Context,
        caller: &Caller,
        input: Input,
    ) -> Result<Listed<TransactionView>, Fault> {
        // In the terminal an account may be named by its address, which was looked up with the caller.
        let named = caller.user().ok().map(|user| user.id.clone());
        let wanted = Wanted {
            user_id: input.user_id.or(named),
            before: input.before,
            page: Page {
                limit: input.limit.map_or(Page::DEFAULT_LIMIT, Whole::get),
                offset: input.offset.map_or(0, Whole::get),
            },
        };
        let act = act(caller, input.operator, input.reason);
        let part = context.services.books.entries(&wanted, &act);
        Ok(Listed::new(part.await?))
    }

    fn total(output: &Listed<TransactionView>) -> Option<u64> {
        Some(output.total)
    }
}
