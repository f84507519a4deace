//! What a model should know before its first call: what Clara does, and how things stand with this very caller.

use crate::domain::credits::Credits;
use crate::operations::auth_level::Account;

const PURPOSE: &str = "Clara checks facts. Call agent_analysis with a text and the files that are the evidence: it returns each claim with a \
verdict (supported, refuted, conflicting, not_enough_evidence) and exact quotes. What it leaves open you judge from its passages with agent_judge; \
agent_search finds more.";
const WAYS_IN: &str = "Sign in with auth_login. Without an account: auth_register, then auth_activate with the mailed code, then auth_login.";

/// The instructions for a caller; an analysis costs `price`.
pub fn for_account(account: &Account, price: Credits) -> String {
    let state = match (&account.user, &account.refusal) {
        (Some(user), _) if !user.is_active => format!(
            "Signed in as {}, whose account is not active yet. Call auth_activate with the six digits from the mail. A new code comes from auth_send_otp with otp_type ACTIVATION.",
            user.email
        ),
        (Some(user), _) => {
            let balance = format!(
                "Signed in as {} with {}; an analysis costs {}.",
                user.email,
                user.credits.in_words(),
                price.in_words()
            );
            if user.credits < price {
                format!("{balance} That is not enough for one. Buy credits with stripe_buy.")
            } else {
                balance
            }
        }
        (None, Some(refusal)) => {
            format!("Nobody is signed in. {} {WAYS_IN}", refused(refusal))
        }
        (None, None) => format!("It costs credits. Nobody is signed in. {WAYS_IN}"),
    };
    format!("{PURPOSE} {state}")
}

/// The instructions where nothing is known of the caller.
pub fn for_anybody() -> String {
    format!("{PURPOSE} It costs credits. {WAYS_IN}")
}

/// What is said of a credential that proves nothing, before anybody wonders why there are so few tools.
pub fn refused(refusal: &str) -> String {
    format!("The credential of this client is refused. {refusal}")
}
