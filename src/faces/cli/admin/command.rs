//! What the operator wants done, as the command line said it: which command, about whom, who acts and why. How the
//! arguments look in a terminal stands in `arguments`; what a value means is checked by the operation that takes it.

use std::path::PathBuf;

use clap::ArgMatches;
use serde_json::{Map, Value, json};

/// What the operator wants done, signed.
pub struct Work {
    /// `operator` and `reason`, as every operation of the operator's takes them.
    pub signed: Map<String, Value>,
    pub command: Command,
}

/// One of the operator's commands.
pub enum Command {
    Users {
        find: Option<String>,
        part: Part,
        form: Form,
    },
    Credits {
        whom: Whom,
        amount: Amount,
    },
    Transactions {
        whom: Option<Whom>,
        part: Part,
        form: Form,
    },
    CheckLedger {
        form: Form,
    },
    Reconcile {
        form: Form,
    },
    Sessions {
        whom: Whom,
        part: Part,
        form: Form,
    },
    EndSessions {
        whom: Whom,
        which: Which,
    },
    Audit {
        whom: Option<Whom>,
        event: Option<String>,
        part: Part,
        form: Form,
    },
    EndSecondFactor {
        whom: Whom,
    },
    Backup {
        file: PathBuf,
    },
}

/// Which sessions of an account are to end.
#[derive(Debug, Clone, PartialEq)]
pub enum Which {
    All,
    One(String),
}

/// Which part of a list.
#[derive(Clone, Copy)]
pub struct Part {
    pub limit: Option<u64>,
    pub offset: Option<u64>,
}

/// How an answer is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    Json,
    Csv,
}

/// An account, as somebody names it.
#[derive(Clone)]
pub enum Whom {
    Id(String),
    Address(String),
}

impl Whom {
    /// As it was named.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Id(named) | Self::Address(named) => named,
        }
    }
}

/// A new balance, or with a sign a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    To(f64),
    By(f64),
}

/// Reads what clap found.
pub fn read(matches: &ArgMatches) -> Option<Work> {
    let (name, sub) = matches.subcommand()?;
    let (name, sub) = match name {
        "ledger" => sub.subcommand()?,
        _ => (name, sub),
    };
    // Most commands have no such flag. clap checks its names in debug builds alone: elsewhere `get_flag` would panic.
    let flag = |name: &str| {
        let found = sub.try_get_one::<bool>(name);
        found.ok().flatten().is_some_and(|is_set| *is_set)
    };
    let form = match (flag("json"), flag("csv")) {
        (true, _) => Form::Json,
        (false, true) => Form::Csv,
        (false, false) => Form::Text,
    };
    let part = || Part {
        limit: sub.get_one("limit").copied(),
        offset: sub.get_one("offset").copied(),
    };
    let command = match name {
        "users" => Command::Users {
            find: sub.get_one("find").cloned(),
            part: part(),
            form,
        },
        "credits" => Command::Credits {
            whom: sub.get_one::<Whom>("user")?.clone(),
            amount: *sub.get_one("amount")?,
        },
        "transactions" => Command::Transactions {
            whom: sub.get_one("user").cloned(),
            part: part(),
            form,
        },
        "check" => Command::CheckLedger { form },
        "reconcile" => Command::Reconcile { form },
        "sessions" => {
            let whom = sub.get_one::<Whom>("user")?.clone();
            match sub.get_one::<Which>("end") {
                Some(which) => Command::EndSessions {
                    whom,
                    which: which.clone(),
                },
                None => Command::Sessions {
                    whom,
                    part: part(),
                    form,
                },
            }
        }
        "audit" => Command::Audit {
            whom: sub.get_one("user").cloned(),
            event: sub.get_one("event").cloned(),
            part: part(),
            form,
        },
        "second-factor-off" => Command::EndSecondFactor {
            whom: sub.get_one::<Whom>("user")?.clone(),
        },
        "backup" => Command::Backup {
            file: sub.get_one::<PathBuf>("file")?.clone(),
        },
        _ => return None,
    };
    let operator = sub.get_one::<String>("as").cloned();
    let mut signed = Map::new();
    signed.insert(
        "operator".to_owned(),
        json!(operator.unwrap_or_else(system_user)),
    );
    if let Some(reason) = sub.get_one::<String>("reason") {
        signed.insert("reason".to_owned(), json!(reason));
    }
    Some(Work { signed, command })
}

/// Whoever started the process, as the system calls them.
fn system_user() -> String {
    let named = ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.trim().is_empty());
    named.unwrap_or_else(user_number)
}

#[cfg(unix)]
fn user_number() -> String {
    format!("uid {}", rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn user_number() -> String {
    "unknown".to_owned()
}

pub(super) fn read_whom(raw: &str) -> Result<Whom, String> {
    let named = raw.trim().to_owned();
    if named.contains('@') {
        Ok(Whom::Address(named))
    } else if named.starts_with("user_") {
        Ok(Whom::Id(named))
    } else {
        Err("takes an id such as user_0d2f… or a mail address".to_owned())
    }
}

pub(super) fn read_which(raw: &str) -> Result<Which, String> {
    match raw.trim() {
        "all" => Ok(Which::All),
        id if id.starts_with("session_") => Ok(Which::One(id.to_owned())),
        _ => Err("takes an id such as session_0d2f… or `all`".to_owned()),
    }
}

pub(super) fn read_amount(raw: &str) -> Result<Amount, String> {
    let refuse = || "takes a number such as 500, +50 or -20, with at most two decimals".to_owned();
    let digits = raw.strip_prefix(['+', '-']).unwrap_or(raw);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole) || !are_digits(decimals) {
        return Err(refuse());
    }
    let number: f64 = raw.parse().map_err(|_| refuse())?;
    if !number.is_finite() {
        return Err(refuse());
    }
    Ok(if raw.starts_with(['+', '-']) {
        Amount::By(number)
    } else {
        Amount::To(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_without_a_sign_is_the_new_balance_and_with_one_a_change() {
        assert_eq!(read_amount("500"), Ok(Amount::To(500.0)));
        assert_eq!(read_amount("0.5"), Ok(Amount::To(0.5)));
        assert_eq!(read_amount("+50"), Ok(Amount::By(50.0)));
        assert_eq!(read_amount("-20.25"), Ok(Amount::By(-20.25)));
        let huge = "9".repeat(400);
        for bad in [
            "", "+", "abc", "1e3", "inf", "NaN", "0x10", "1.", ".5", "1,5", "--1", "1 000", &huge,
        ] {
            assert!(read_amount(bad).is_err(), "{bad}");
        }
    }
}
