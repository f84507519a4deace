//! View: one ledger entry of the account; another account's does not exist.
//! Knows the ledger service only.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::ids::TransactionId;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::views::TransactionView;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Returns one of the caller's transactions.
#[derive(JsonSchema)]
pub struct View;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// An `id` from `transaction_view_all`.
    transaction_id: TransactionId,
}

impl Operation for View {
    type Input = Input;
    type Output = TransactionView;
    const SPEC: Spec = Spec {
        tool: "transaction_view",
        title: "View transaction",
        area: Area::Transaction,
        route: Route::get("/users/{user_id}/transactions/{transaction_id}"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::ok("Transaction fetched successfully."),
        hints: Hints::READ,
    };
    const REFUSALS: &'static [FaultKind] = &[FaultKind::NotFound(Resource::Transaction)];

    async fn run(
        context: &Context,
        caller: &Caller,
        input: Input,
    ) -> Result<TransactionView, Fault> {
        Ok(context
            .services
            .ledger
            .entry(&caller.user()?.id, &input.transaction_id)
            .await?
            .into())
    }
}
