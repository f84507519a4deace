//! `clara model`: models for `ANALYSIS_ENGINE=nli`, listed and fetched. Nothing is fetched before its address, size, hash and licence
//! were shown and somebody agreed.

#[cfg(feature = "nli")]
mod fetch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command as Clap};

use super::arguments::local_path;
use crate::context::StartError;
use crate::settings::Settings;

/// What is wanted of models.
#[cfg_attr(
    not(feature = "nli"),
    allow(dead_code, reason = "a program without local models refuses all of it")
)]
pub enum Work {
    List,
    Fetch {
        name: String,
        /// `None`: a folder of the data directory.
        to: Option<PathBuf>,
        /// `None`: where they are published.
        from: Option<String>,
        /// Whether somebody agreed already.
        is_agreed: bool,
    },
}

/// The commands, as clap sees them.
pub fn definition() -> Clap {
    Clap::new("model")
        .about("List and fetch local models for ANALYSIS_ENGINE=nli")
        .subcommand_required(true)
        .subcommands([
            Clap::new("list").about("The models that are known to fit"),
            Clap::new("fetch")
                .about("Fetch a model into a folder, after its address, size, hash and licence were shown")
                .after_help("Example: clara model fetch nli-deberta-v3-small")
                .arg(
                    Arg::new("name")
                        .required(true)
                        .value_name("NAME")
                        .help("A model's name; clara model list shows them"),
                )
                .arg(
                    Arg::new("to")
                        .long("to")
                        .value_name("FOLDER")
                        .value_parser(local_path())
                        .help("Where to put it; models/NAME in the data directory if missing"),
                )
                .arg(
                    Arg::new("from")
                        .long("from")
                        .value_name("URL")
                        .help("A mirror with the same addresses"),
                )
                .arg(
                    Arg::new("yes")
                        .long("yes")
                        .action(ArgAction::SetTrue)
                        .help("Agree without being asked"),
                ),
        ])
}

/// Reads what clap found.
pub fn read(matches: &ArgMatches) -> Option<Work> {
    match matches.subcommand()? {
        ("list", _) => Some(Work::List),
        ("fetch", fetch) => Some(Work::Fetch {
            name: fetch.get_one::<String>("name")?.clone(),
            to: fetch.get_one::<PathBuf>("to").cloned(),
            from: fetch.get_one::<String>("from").cloned(),
            is_agreed: fetch.get_flag("yes"),
        }),
        _ => None,
    }
}

/// Does the work.
#[cfg(feature = "nli")]
pub async fn run(settings: &Settings, work: Work) -> Result<ExitCode, StartError> {
    match work {
        Work::List => Ok(fetch::list()),
        Work::Fetch {
            name,
            to,
            from,
            is_agreed,
        } => {
            let folder = to.unwrap_or_else(|| settings.data_dir.join("models").join(&name));
            fetch::run(&name, &folder, from.as_deref(), is_agreed).await
        }
    }
}

/// Says that this program could not run what it would fetch.
#[cfg(not(feature = "nli"))]
#[expect(clippy::unused_async, reason = "the other one fetches")]
pub async fn run(_: &Settings, _: Work) -> Result<ExitCode, StartError> {
    Err(StartError(
        "this program was built without local models; build it with `cargo build --release --features nli`"
            .to_owned(),
    ))
}
