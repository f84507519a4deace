//! List Users: every account, or those that a text is found in, newest first, for the operator.
//! Knows the books service only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::act;
use crate::context::Context;
use crate::domain::credits::Credits;
use crate::domain::operator::{OperatorName, Reason, SearchText};
use crate::domain::page::{Page, Whole};
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::{Listed, UserView};
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::ledger::books::Account;

/// Lists all accounts, newest first. Needs the private API key.
#[derive(JsonSchema)]
pub struct ListUsers;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Only accounts whose id, address or name holds this text.
    find: Option<SearchText>,
    /// Adds `owed` to each account.
    #[schemars(extend("examples" = [false]))]
    with_owed: Option<bool>,
    /// Rows at most; 20 if missing.
    #[schemars(extend("examples" = [20]))]
    limit: Option<Whole<1, 100>>,
    /// Rows to skip, newest first; 0 if missing.
    #[schemars(extend("examples" = [0]))]
    offset: Option<Whole<0, 1_000_000_000>>,
    /// Who acts, for the audit trail.
    operator: Option<OperatorName>,
    /// Why, for the audit trail.
    reason: Option<Reason>,
}

/// An account as the operator sees it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Account")]
pub struct AccountView {
    #[serde(flatten)]
    user: UserView,
    /// Credits that a payment taken back asks for and that were spent: taken from the next purchase. Only where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    owed: Option<Credits>,
}

impl Operation for ListUsers {
    type Input = Input;
    type Output = Listed<AccountView>;
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
        caller: &Caller,
        input: Input,
    ) -> Result<Listed<AccountView>, Fault> {
        let page = Page {
            limit: input.limit.map_or(Page::DEFAULT_LIMIT, Whole::get),
            offset: input.offset.map_or(0, Whole::get),
        };
        let act = act(caller, input.operator, input.reason);
        let find = input.find.as_ref().map(SearchText::as_str);
        let (accounts, total) = context.services.books.accounts(find, page, &act).await?;
        let with_owed = input.with_owed.unwrap_or(false);
        let view = |account: Account| AccountView {
            owed: with_owed.then_some(account.owed),
            user: account.user.into(),
        };
        let views: Vec<AccountView> = accounts.into_iter().map(view).collect();
        Ok(Listed::new((views, total)))
    }

    fn total(output: &Listed<AccountView>) -> Option<u64> {
        Some(output.total)
    }
}
