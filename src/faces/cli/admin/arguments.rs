//! The arguments of `clara admin` as the terminal shows and takes them. What was found in them is read in `wanted`.

use clap::{Arg, ArgAction, Command as Clap};

use super::command::{read_amount, read_which, read_whom};
use crate::faces::cli::arguments::local_path;

/// The command as clap sees it.
pub fn definition() -> Clap {
    Clap::new("admin")
        .about("The operator's work: accounts, credits, transactions and the books; each step is written down")
        .after_help(
            "Examples: clara admin users --find example.org --reason 'Ticket 4711'\n          \
             clara admin credits ada@example.org +50 --reason 'Ticket 4711: charged twice'\n          \
             clara admin transactions --csv --reason 'Books of November' > november.csv\n          \
             clara admin ledger check\n          \
             clara admin audit --user ada@example.org --reason 'Ticket 4711'",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            signed(Clap::new("users").about("List accounts, newest first"), true)
                .arg(
                    text("find", "TEXT")
                        .help("Only accounts whose id, address or name holds this"),
                )
                .args(part())
                .arg(json_flag()),
        )
        .subcommand(
            signed(
                Clap::new("credits").about("Set an account's balance, or move it up or down"),
                true,
            )
            .arg(whom())
            .arg(
                Arg::new("amount")
                    .required(true)
                    .value_name("AMOUNT")
                    .allow_negative_numbers(true)
                    .value_parser(read_amount)
                    .help("The new balance; with a sign, such as +50 or -20, what is added or taken"),
            ),
        )
        .subcommand(
            signed(
                Clap::new("transactions")
                    .about("List the transactions of everybody or of one account, newest first"),
                true,
            )
            .arg(
                text("user", "USER")
                    .value_parser(read_whom)
                    .help("Only this account's: its id, also of a removed one, or its mail address"),
            )
            .args(part())
            .arg(json_flag())
            .arg(csv_flag()),
        )
        .subcommand(sessions())
        .subcommand(
            signed(
                Clap::new("second-factor-off").about(
                    "Turn an account's second factor off, for an owner who lost it; its sessions end",
                ),
                true,
            )
            .arg(whom()),
        )
        .subcommand(
            Clap::new("ledger")
                .about("Look after the books")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommand(
                    signed(
                        Clap::new("check").about(
                            "Prove that the books are sound, or list what is off and end with 1",
                        ),
                        false,
                    )
                    .arg(json_flag()),
                ),
        )
        .subcommand(
            signed(
                Clap::new("reconcile")
                    .about("Ask Stripe now about everything that is open, and for what it never told"),
                false,
            )
            .arg(json_flag()),
        )
        .subcommand(audit())
        .subcommand(
            signed(
                Clap::new("backup").about("Copy the embedded database into a new file, while everybody works on"),
                false,
            )
            .arg(
                Arg::new("file")
                    .required(true)
                    .value_name("FILE")
                    .value_parser(local_path())
                    .help("Where to; never in the place of a file that is there"),
            ),
        )
}

fn audit() -> Clap {
    signed(
        Clap::new("audit").about("List who did what, newest first"),
        true,
    )
    .arg(
        text("user", "USER")
            .value_parser(read_whom)
            .help("Only of this account: its id, also of a removed one, or its mail address"),
    )
    .arg(text("event", "EVENT").help("Only this, such as sign_in_refused"))
    .args(part())
    .arg(json_flag())
    .arg(csv_flag())
}

fn sessions() -> Clap {
    let about = "List where an account is signed in, or end sessions of it";
    signed(Clap::new("sessions").about(about), true)
        .arg(whom())
        .arg(
            text("end", "SESSION")
                .value_parser(read_which)
                .conflicts_with_all(["limit", "offset", "json"])
                .help(
                    "Ends this session, or every one with `all`; their tokens stop working at once",
                ),
        )
        .args(part())
        .arg(json_flag())
}

fn whom() -> Arg {
    Arg::new("user")
        .required(true)
        .value_name("USER")
        .value_parser(read_whom)
        .help("The account's id or mail address")
}

fn text(name: &'static str, value: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value)
}

fn json_flag() -> Arg {
    Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help("Print the answer as JSON")
}

fn csv_flag() -> Arg {
    Arg::new("csv")
        .long("csv")
        .action(ArgAction::SetTrue)
        .conflicts_with("json")
        .help("Print every row as CSV; --limit and --offset hold here too")
}

fn part() -> [Arg; 2] {
    let number = || clap::value_parser!(u64);
    [
        text("limit", "ROWS")
            .value_parser(number())
            .help("Rows at most"),
        text("offset", "ROWS")
            .value_parser(number())
            .help("Rows to skip"),
    ]
}

/// With who acts and why.
fn signed(command: Clap, asks_for_reason: bool) -> Clap {
    command
        .arg(
            text("as", "NAME")
                .help("Who acts, for the audit trail [default: the system's user name]"),
        )
        .arg(
            text("reason", "TEXT")
                .required(asks_for_reason)
                .help("Why, for the audit trail; without anybody's mail address"),
        )
}
