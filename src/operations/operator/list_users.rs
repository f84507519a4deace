//! List Users: every account, newest first, for the operator.
//! Knows the accounts service only.

use schemars::JsonSchema;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::{Listed, PageInput, UserView};
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Lists all accounts, newest first. Needs the private API key.
#[derive(JsonSchema)]
pub struct ListUsers;

impl Operation for ListUsers {
    type Input = PageInput;
    type Output = Listed<UserView>;
    const SPEC: Spec = Spec {
        tool: "operator_list_users",
        title: "List users",
        area: Area::Operator,
        route: Route::get("/users"),
        access: Access::Operator,
        while_inactive: false,
        about_account: false,
        body: Body::None,
        success: Success::ok("Users fetched successfully."),
        hints: Hints::READ,
    };

    async fn run(
        context: &Context,
        _caller: &Caller,
        input: PageInput,
    ) -> Result<Listed<UserView>, Fault> {
        let part = context.services.accounts.list(input.into());
        Ok(Listed::new(part.await?))
    }

    fn total(output: &Listed<UserView>) -> Option<u64> {
        Some(output.total)
    }
}
