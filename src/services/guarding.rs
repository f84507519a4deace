//! What a deployment was told about guarding its accounts: how strong passwords are, where leaked ones are looked up, and
//! whether anybody may learn which addresses have accounts. It holds the answers; the rules are beside it.

use super::password_rules::PasswordRules;
use crate::adapters::breached::BreachedPasswords;

/// How accounts are guarded here.
#[derive(Clone)]
pub struct Guarding {
    pub(super) rules: PasswordRules,
    pub(super) hides_accounts: bool,
}

impl Guarding {
    /// `host` is where this server is reached, which no password may be made of.
    pub fn new(
        password_min: usize,
        host: Option<&str>,
        breached: BreachedPasswords,
        hides_accounts: bool,
    ) -> Self {
        Self {
            rules: PasswordRules::new(password_min, host, breached),
            hides_accounts,
        }
    }
}

impl Default for Guarding {
    fn default() -> Self {
        Self::new(0, None, BreachedPasswords::Off, false)
    }
}
