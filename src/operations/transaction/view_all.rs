//! View All: the account's ledger entries, newest first.
//! Knows the ledger service only.

use schemars::JsonSchema;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::{Listed, PageInput, TransactionView};
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Lists the caller's transactions, newest first: purchases, free credits, what each analysis cost, refunds.
#[derive(JsonSchema)]
pub struct ViewAll;

impl Operation for ViewAll {
    type Input = PageInput;
    type Output = Listed<TransactionView>;
    const SPEC: Spec = Spec {
        tool: "transaction_view_all",
        title: "List transactions",
        area: Area::Transaction,
        route: Route::get("/users/{user_id}/transactions"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::ok("Transactions fetched successfully."),
        hints: Hints::READ,
    };

    async fn run(
        context: &Context,
        caller: &Caller,
        input: PageInput,
    ) -> Result<Listed<TransactionView>, Fault> {
        let user_id = &caller.user()?.id;
        let part = context.services.ledger.entries(user_id, input.into());
        Ok(Listed::new(part.await?))
    }

    fn total(output: &Listed<TransactionView>) -> Option<u64> {
        Some(output.total)
    }
}
