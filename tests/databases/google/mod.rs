//! Signing in with Google against real databases: tokens are signed here, and by a provider that others wrote, in a process
//! of its own.

use libtest_mimic::Trial;

mod attacks;
mod coming;
mod deciding;
mod factors;
mod linking;
mod provider;
mod served;
mod signing;

use clara_test_support::{self as support, authenticator, parts, rest, worlds as harness};

/// The tests that run on both databases, and the others. The message where a part that must be there is missing.
pub fn tests() -> Result<(Vec<harness::Case>, Vec<Trial>), String> {
    let mut cases = Vec::new();
    cases.extend(coming::cases());
    cases.extend(linking::cases());
    cases.extend(deciding::cases());
    cases.extend(factors::cases());
    let mut more = served::trials();
    if parts::found("Google's stand-in", "npm/node_modules/oauth2-mock-server")? {
        cases.extend(provider::cases());
        more.extend(attacks::trials());
    }
    Ok((cases, more))
}
