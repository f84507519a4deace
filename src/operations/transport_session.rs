//! What a client said when its session began, sealed into the session's name: a process that did not begin the session can
//! restore it after a restart, for the same credential only. Nothing of it is stored.

use std::time::Duration;

use crate::context::Context;
use crate::fault::Fault;
use crate::services::crypto::seals::Bound;

/// Tells these seals from those of calls in two rounds and of sign-ins.
const WHAT: &str = "session of a transport";
/// How long a session can be restored after it began.
const SESSION_TTL: Duration = Duration::from_hours(30 * 24);

/// A name for a new session of whoever showed the credential with this digest.
pub fn name_session(
    context: &Context,
    credential: &[u8; 32],
    state: &[u8],
) -> Result<String, Fault> {
    let seals = &context.services.seals;
    seals.seal_for(state, bound(credential), SESSION_TTL)
}

/// The state of a session of this credential; `None` where the name is not ours, another credential's, or too old.
pub fn session_state(context: &Context, credential: &[u8; 32], name: &str) -> Option<Vec<u8>> {
    context.services.seals.open(name, bound(credential)).ok()
}

fn bound(credential: &[u8; 32]) -> Bound<'_> {
    Bound {
        account: None,
        tool: WHAT,
        arguments: credential,
    }
}
