//! The table of named limits: how much is allowed, by what it is counted, and what it protects from. Nothing is counted
//! here.

use std::num::NonZeroU32;

use crate::store::limits::{Allowance, Window};

/// What somebody can do too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Calls with a credential that this deployment made. Counted by credential; the public key, which is one credential
    /// in many hands, by credential and address together.
    Credential,
    /// Calls with no credential, or with one that nobody here made. Counted by address.
    Anonymous,
    /// Wrong sign-ins and wrong codes, whatever the account. Counted by address.
    SignIn,
    /// Wrong public and private keys. Counted by address.
    DeploymentKey,
    /// Codes sent to one mail address. Counted by mail address.
    CodeRecipient,
    /// Codes that somebody had sent, to whomever. Counted by account, or by address where nobody is signed in.
    CodeCaller,
    /// New accounts. Counted by address.
    Registration,
    /// Wrong codes of an authenticator app. Counted by account.
    AppCode,
    /// Messages of MCP that are no call of a tool: greetings, lists, prompts, pings. Counted by account, or by address; apart
    /// from calls, so that a client's handshake takes none of them away.
    Protocol,
    /// Analyses handed in, whatever becomes of them. Counted by account.
    Submission,
    /// Judgements of claims, each by itself. Counted by account.
    Judgement,
    /// Searches of an analysis' sources. Counted by account.
    Search,
}

/// A limit as it is read by people and kept by the store.
pub(super) struct Row {
    /// The word in metrics, the audit trail and the store.
    pub(super) name: &'static str,
    pub(super) allowance: Allowance,
    /// Says to whoever met it what was too much.
    pub(super) too_much: &'static str,
    /// A strict limit guards secrets and mailboxes: it refuses where the store cannot be reached, and is written down.
    pub(super) strict: bool,
}

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;

const SIGN_IN: &[Window] = &[at_most(10, MINUTE), at_most(100, HOUR)];
const DEPLOYMENT_KEY: &[Window] = &[at_most(5, MINUTE)];
const CODE_RECIPIENT: &[Window] = &[at_most(1, MINUTE), at_most(5, HOUR), at_most(10, DAY)];
const CODE_CALLER: &[Window] = &[at_most(20, HOUR)];
const REGISTRATION: &[Window] = &[at_most(5, HOUR), at_most(20, DAY)];
const SUBMISSION: &[Window] = &[at_most(1_200, HOUR)];
const APP_CODE: &[Window] = &[at_most(5, 15 * MINUTE)];

const fn at_most(most: u32, seconds: u32) -> Window {
    Window { most, seconds }
}

impl Limit {
    /// Every limit.
    #[cfg(test)]
    pub(super) const ALL: [Self; 12] = [
        Self::Credential,
        Self::Anonymous,
        Self::SignIn,
        Self::DeploymentKey,
        Self::CodeRecipient,
        Self::CodeCaller,
        Self::Registration,
        Self::AppCode,
        Self::Submission,
        Self::Protocol,
        Self::Judgement,
        Self::Search,
    ];

    /// Its row; `None` where the settings turn it off. The strict ones hold whatever the settings say.
    pub(super) fn row(self, per_credential: Option<NonZeroU32>) -> Option<Row> {
        let row = match self {
            Self::Credential => {
                let rate = per_credential?.get();
                Row {
                    // One caller's flood must not slow the others down.
                    name: "credential",
                    allowance: Allowance::Flow {
                        per_second: rate,
                        burst: rate,
                    },
                    too_much: "These are too many calls a second with one credential",
                    strict: false,
                }
            }
            Self::Anonymous => {
                per_credential?;
                Row {
                    // A flood that proves nothing, made-up tokens included, costs its address and nobody else.
                    name: "anonymous",
                    allowance: Allowance::Flow {
                        per_second: 5,
                        burst: 20,
                    },
                    too_much: "These are too many calls a second from one address without a credential that is known here",
                    strict: false,
                }
            }
            Self::SignIn => Row {
                // One address must not try a few passwords or codes on each of many accounts.
                name: "sign_in",
                allowance: Allowance::Windows(SIGN_IN),
                too_much: "These are too many wrong sign-ins or codes from one address",
                strict: true,
            },
            Self::DeploymentKey => Row {
                // The public and the private key must not be found by trying.
                name: "deployment_key",
                allowance: Allowance::Windows(DEPLOYMENT_KEY),
                too_much: "These are too many wrong keys from one address",
                strict: true,
            },
            Self::CodeRecipient => Row {
                // Nobody's mailbox is flooded, and no code gets more than 50 guesses a day.
                name: "code_recipient",
                allowance: Allowance::Windows(CODE_RECIPIENT),
                too_much: "These are too many codes for one mail address (one a minute, 5 an hour and 10 a day are sent)",
                strict: true,
            },
            Self::CodeCaller => Row {
                // One caller must not mail many people whom it does not know.
                name: "code_caller",
                allowance: Allowance::Windows(CODE_CALLER),
                too_much: "These are too many codes asked for by one caller",
                strict: true,
            },
            Self::Registration => Row {
                // Accounts must not be made by the dozen, nor addresses be probed for whether they have one.
                name: "registration",
                allowance: Allowance::Windows(REGISTRATION),
                too_much: "These are too many new accounts from one address",
                strict: true,
            },
            Self::AppCode => Row {
                // Who knows a password must not find the app's six digits by trying. A recovery code is not counted: it
                // lets the owner in meanwhile, and nobody guesses one.
                name: "app_code",
                allowance: Allowance::Windows(APP_CODE),
                too_much: "These are too many wrong codes of this account's authenticator app (a recovery code works even now)",
                strict: true,
            },
            Self::Protocol => {
                per_credential?;
                protocol()
            }
            Self::Submission => {
                per_credential?;
                submission()
            }
            Self::Judgement => {
                per_credential?;
                judgement()
            }
            Self::Search => {
                per_credential?;
                search()
            }
        };
        Some(row)
    }
}

fn protocol() -> Row {
    Row {
        // What a client asks of the protocol itself costs time too, and no limit on calls counts it.
        name: "protocol",
        allowance: Allowance::Flow {
            per_second: 10,
            burst: 100,
        },
        too_much: "These are too many messages of the protocol a second",
        strict: false,
    }
}

fn judgement() -> Row {
    Row {
        name: "judgement",
        allowance: Allowance::Flow {
            per_second: 500,
            burst: 500,
        },
        too_much: "These are too many judgements of one account (500 a second are taken)",
        strict: false,
    }
}

fn search() -> Row {
    Row {
        name: "search",
        allowance: Allowance::Flow {
            per_second: 20,
            burst: 20,
        },
        too_much: "These are too many searches of one account (20 a second are taken)",
        strict: false,
    }
}

fn submission() -> Row {
    Row {
        // What is handed in and cancelled leaves rows behind, and nobody pays for them.
        name: "submission",
        allowance: Allowance::Windows(SUBMISSION),
        too_much: "These are too many analyses of one account (1,200 an hour are taken)",
        strict: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(per_credential: u32) -> Vec<Row> {
        let rate = NonZeroU32::new(per_credential);
        Limit::ALL
            .into_iter()
            .filter_map(|limit| limit.row(rate))
            .collect()
    }

    #[test]
    fn without_a_rate_the_strict_limits_stay() {
        assert_eq!(rows(10).len(), 12);
        let names: Vec<_> = rows(0).iter().map(|row| row.name).collect();
        assert_eq!(
            names,
            [
                "sign_in",
                "deployment_key",
                "code_recipient",
                "code_caller",
                "registration",
                "app_code"
            ]
        );
    }

    #[test]
    fn the_store_decides_up_to_three_windows() {
        for row in rows(10) {
            assert!(!row.name.contains(' '));
            if let Allowance::Windows(windows) = row.allowance {
                assert!((1..=3).contains(&windows.len()), "{}", row.name);
            }
        }
    }
}
