//! Delete: an account goes with all that is its own; the books keep its entries without name or address.
//! Knows the accounts service only.

use schemars::JsonSchema;

use crate::context::Context;
use crate::domain::second_factor::SecondFactorMethod;
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::reauth::{self, ReauthInput, ReauthOutcome, make_sure};
use crate::operations::throttling::OperationLimit;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Removes an account with everything that is its own, for good: its credits, tasks and reports too. The owner gives the
/// password again; the operator need not.
#[derive(JsonSchema)]
pub struct Delete;

impl Operation for Delete {
    type Input = ReauthInput;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "user_delete",
        title: "Delete an account",
        area: Area::User,
        route: Route::delete("/users/{user_id}"),
        access: Access::Person,
        while_inactive: false,
        about_account: true,
        body: Body::Optional,
        success: Success::no_content("User deleted successfully."),
        hints: Hints::END.again_differs(),
    };
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::EmptyBody,
        FaultKind::SecondFactorRequired {
            method: SecondFactorMethod::Mail,
        },
        FaultKind::Unavailable(Service::PasswordHashing),
    ];
    const LIMIT: OperationLimit = reauth::LIMIT;

    async fn run(context: &Context, caller: &Caller, input: ReauthInput) -> Result<(), Fault> {
        let (accounts, user) = (&context.services.accounts, caller.user()?);
        match make_sure(context, caller, input).await? {
            ReauthOutcome::Owner(proven) => {
                accounts.remove_own(user, proven, &caller.origin()).await
            }
            ReauthOutcome::Operator(act) => accounts.remove(&user.id, act).await,
        }
    }
}
