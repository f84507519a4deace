//! A sign-in in two steps, for a caller who keeps nothing in between: the password goes out sealed and comes back with the
//! code. The seal is good for one address and ten minutes, and opens for nobody but us.

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::context::Context;
use crate::fault::Fault;
use crate::services::crypto::seals::Bound;

/// Tells these seals from those of calls in two rounds.
const WHAT: &str = "sign-in in two steps";

/// A password that was right, sealed.
pub fn keep_password(
    context: &Context,
    address: &str,
    password: &SecretString,
) -> Result<String, Fault> {
    let digest = digest(address);
    let bytes = password.expose_secret().as_bytes();
    context.services.seals.seal(bytes, bound(&digest))
}

/// The password again; `None` where the seal is not ours, another address's, or too old.
pub fn kept_password(context: &Context, address: &str, kept: &str) -> Option<SecretString> {
    let digest = digest(address);
    let bytes = context.services.seals.open(kept, bound(&digest)).ok()?;
    String::from_utf8(bytes).ok().map(SecretString::from)
}

fn digest(address: &str) -> [u8; 32] {
    Sha256::digest(address.as_bytes()).into()
}

fn bound(digest: &[u8; 32]) -> Bound<'_> {
    Bound {
        account: None,
        tool: WHAT,
        arguments: digest,
    }
}
