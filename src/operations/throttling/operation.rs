//! The limit that an operation declares, and how it is applied around its work.

use serde_json::{Map, Value};

use super::mailed_codes::mailed_code;
use super::{acts_for_others, count, network};
use crate::context::Context;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::services::throttling::Limit;

/// What of an operation is limited besides its calls. It is applied once the input was read, around the operation's work.
#[derive(Debug, Clone, Copy)]
pub enum OperationLimit {
    /// Nothing.
    None,
    /// Each call, whatever becomes of it: a refused registration says that an address has an account.
    Registration,
    /// Calls that show a wrong password or code.
    Guesses(GuessLimit),
    /// Calls that have a code mailed, for whoever asks. How many reach one mailbox is counted where they are mailed.
    MailedCode,
    /// Each call, whatever becomes of it, for its account.
    PerAccount(AccountLimit),
}

/// What of a call counts for its account, and how much.
#[derive(Debug, Clone, Copy)]
pub struct AccountLimit {
    pub limit: Limit,
    /// The argument with a list whose items count each by itself; without one the call counts once.
    pub items: Option<&'static str>,
}

/// Which calls may be guesses, and what of a failed one counts against its network.
#[derive(Debug, Clone, Copy)]
pub struct GuessLimit {
    /// Without all of these arguments there is no guess.
    pub proof: &'static [&'static str],
    /// The argument with the second factor's code. Asked for one, the owner has said nothing wrong yet.
    pub second_factor: Option<&'static str>,
    /// Whether the address stands in the call, and the answer says what it has here: that is asking too.
    pub names_account: bool,
}

/// One call of an operation that is limited, as far as its arguments say.
#[derive(Debug, Clone, Copy)]
pub(in crate::operations) enum CallLimit {
    None,
    Registration,
    Guess(Counting),
    MailedCode,
    PerAccount { limit: Limit, amount: u32 },
}

/// What of a failed try counts against its network.
#[derive(Debug, Clone, Copy)]
pub(in crate::operations) struct Counting {
    with_code: bool,
    names_account: bool,
}

impl OperationLimit {
    /// What it is for a call with these arguments.
    pub(in crate::operations) fn of(self, arguments: &Map<String, Value>) -> CallLimit {
        let is_given = |name: &str| arguments.get(name).is_some_and(|value| !value.is_null());
        match self {
            Self::Registration => CallLimit::Registration,
            Self::Guesses(limit) if limit.proof.iter().all(|name| is_given(name)) => {
                CallLimit::Guess(Counting {
                    with_code: limit.second_factor.is_some_and(is_given),
                    names_account: limit.names_account,
                })
            }
            Self::MailedCode => CallLimit::MailedCode,
            Self::PerAccount(AccountLimit { limit, items }) => {
                let list = items.and_then(|name| arguments.get(name)?.as_array());
                let amount = list.map_or(1, Vec::len).max(1);
                CallLimit::PerAccount {
                    limit,
                    amount: u32::try_from(amount).unwrap_or(u32::MAX),
                }
            }
            Self::None | Self::Guesses(_) => CallLimit::None,
        }
    }
}

impl Counting {
    fn counts(self, kind: &FaultKind) -> bool {
        match kind {
            FaultKind::Unauthenticated => true,
            FaultKind::SecondFactorRequired { .. } => self.with_code,
            FaultKind::NotFound(Resource::User) => self.names_account,
            FaultKind::InvalidFields(problems) => {
                self.names_account && problems.iter().any(|problem| problem.field == "user_email")
            }
            _ => false,
        }
    }
}

/// Runs an operation's work under its limit.
pub(in crate::operations) async fn apply<T>(
    limit: CallLimit,
    context: &Context,
    caller: &Caller,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    match limit {
        CallLimit::None => work.await,
        CallLimit::Registration => {
            if !acts_for_others(caller) {
                count(context, Limit::Registration, &caller.from()).await?;
            }
            work.await
        }
        CallLimit::Guess(counting) => counted(context, caller, work, counting).await,
        CallLimit::MailedCode => mailed_code(context, caller, work).await,
        CallLimit::PerAccount { limit, amount } => {
            by_account(context, caller, limit, amount).await?;
            work.await
        }
    }
}

/// A wrong try counts. It is counted first and taken back where nothing was wrong, so that many at once are not more tries.
async fn counted<T>(
    context: &Context,
    caller: &Caller,
    attempt: impl Future<Output = Result<T, Fault>>,
    counting: Counting,
) -> Result<T, Fault> {
    let address = network(&caller.from()).filter(|_| !acts_for_others(caller));
    let Some(address) = address else {
        return attempt.await;
    };
    count(context, Limit::SignIn, &caller.from()).await?;
    let outcome = attempt.await;
    let is_counted = |fault: &Fault| counting.counts(fault.kind());
    if !outcome.as_ref().is_err_and(is_counted) {
        let limits = &context.services.limits;
        limits.refund(Limit::SignIn, address).await;
    }
    outcome
}

async fn by_account(
    context: &Context,
    caller: &Caller,
    limit: Limit,
    amount: u32,
) -> Result<(), Fault> {
    let user_id = caller.user()?.id.as_str();
    if caller.face.is_local() || acts_for_others(caller) {
        return Ok(());
    }
    let limits = &context.services.limits;
    limits
        .acquire_amount(limit, user_id, amount, || caller.origin())
        .await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const LIMIT: OperationLimit = OperationLimit::Guesses(GuessLimit {
        proof: &["email", "password"],
        second_factor: Some("code"),
        names_account: false,
    });

    fn counting(arguments: &Value) -> Option<Counting> {
        match LIMIT.of(arguments.as_object().unwrap()) {
            CallLimit::Guess(counting) => Some(counting),
            _ => None,
        }
    }

    #[test]
    fn a_call_without_its_proof_is_no_guess() {
        for none in [json!({}), json!({"email": "a@b.org", "password": null})] {
            assert!(counting(&none).is_none(), "{none}");
        }
        assert!(counting(&json!({"email": "a@b.org", "password": ""})).is_some());
    }

    #[test]
    fn a_list_counts_by_its_items() {
        let limit = OperationLimit::PerAccount(AccountLimit {
            limit: Limit::Judgement,
            items: Some("judgements"),
        });
        let calls = [
            (json!({"judgements": [1, 2, 3]}), 3),
            (json!({"judgements": []}), 1),
            (json!({"judgements": "no list"}), 1),
            (json!({}), 1),
        ];
        for (arguments, expected) in calls {
            let call = limit.of(arguments.as_object().unwrap());
            let CallLimit::PerAccount { amount, .. } = call else {
                panic!("{arguments}");
            };
            assert_eq!(amount, expected, "{arguments}");
        }
    }

    #[test]
    fn who_is_asked_for_a_code_has_not_guessed() {
        let method = crate::domain::second_factor::SecondFactorMethod::App;
        let asked = FaultKind::SecondFactorRequired { method };
        let pair = json!({"email": "a@b.org", "password": "x"});
        assert!(!counting(&pair).unwrap().counts(&asked));
        assert!(counting(&pair).unwrap().counts(&FaultKind::Unauthenticated));
        let with_code = json!({"email": "a@b.org", "password": "x", "code": "111111"});
        assert!(counting(&with_code).unwrap().counts(&asked));
    }
}
