//! What a sensitive act of an account asks for besides a session: its password again, and a code where one is due. A wrong
//! one counts as a wrong sign-in does. The operator proves nothing more, and says who acts and why instead.

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use super::caller::Caller;
use super::operator;
use super::throttling::{GuessLimit, OperationLimit};
use crate::context::Context;
use crate::domain::operator::{Act, OperatorName, Reason};
use crate::domain::second_factor::SecondFactorCode;
use crate::fault::{Fault, FaultKind};
use crate::services::accounts::{ReauthCredentials, ReauthProof};
use crate::services::sessions::By;

/// The limit of an operation that asks for it: an account has a password or a code to show, so any call may be a guess.
pub const LIMIT: OperationLimit = OperationLimit::Guesses(GuessLimit {
    proof: &[],
    second_factor: Some("code"),
    names_account: false,
});

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReauthInput {
    /// The account's password. The operator needs none, nor does an account that has none.
    #[schemars(with = "Option<String>", extend("format" = "password"))]
    #[schemars(extend("examples" = ["quiet harbour 1931 lantern"]))]
    password: Option<SecretString>,
    /// With 2FA on, the code as for signing in. For an account without a password, one mailed for TWO_FACTOR_AUTH.
    code: Option<SecondFactorCode>,
    /// Who acts, for the audit trail; only the operator's word is kept.
    #[schemars(transform = without_example)]
    operator: Option<OperatorName>,
    /// Why, for the audit trail; only the operator's word is kept.
    #[schemars(transform = without_example)]
    reason: Option<Reason>,
}

/// What an owner sends is an example, not what the operator does.
fn without_example(schema: &mut schemars::Schema) {
    schema.remove("examples");
}

/// Who may go on with a sensitive act.
pub enum ReauthOutcome {
    Owner(ReauthProof),
    Operator(Act),
}

/// Finds out whether the owner is there, or the operator.
pub async fn make_sure(
    context: &Context,
    caller: &Caller,
    input: ReauthInput,
) -> Result<ReauthOutcome, Fault> {
    let origin = match operator::by(caller, input.operator, input.reason) {
        By::Operator(act) => return Ok(ReauthOutcome::Operator(act)),
        By::Owner(origin) => origin,
    };
    let shown = ReauthCredentials {
        password: input.password,
        code: input.code,
    };
    if shown.password.is_none() && shown.code.is_none() {
        return Err(Fault::new(FaultKind::EmptyBody)
            .with_hint("Give the account's password, and its code where 2FA is on."));
    }
    let accounts = &context.services.accounts;
    let proven = Box::pin(accounts.prove_password(caller.user()?, &shown, &origin));
    Ok(ReauthOutcome::Owner(proven.await?))
}
