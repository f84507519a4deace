//! Arguments: the commands, and a flag for each setting, made from the table of settings.
//! What comes out is checked; nothing has been opened yet.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command as Clap};

use super::{admin, model};
use crate::settings::{RawSettings, SETTINGS, Setting, Settings, expand_home};

/// What to do, and as whom.
pub struct Invocation {
    pub settings: Settings,
    pub command: Command,
}

/// A command of the binary.
pub enum Command {
    Stdio,
    Serve,
    Worker,
    Analyze {
        checked: Checked,
        attach: Vec<PathBuf>,
        json: bool,
    },
    Call {
        tool: String,
        arguments: Option<String>,
    },
    Tools {
        write: Option<PathBuf>,
    },
    Migrate,
    Doctor {
        mail: Option<String>,
    },
    Admin(admin::Work),
    Model(model::Work),
    Extract {
        /// A program to turn into in place of reading, with its data and arguments.
        tool: Vec<OsString>,
    },
}

/// What `clara analyze` checks.
pub enum Checked {
    Text(String),
    File(PathBuf),
}

/// Why nothing was started.
pub enum Refusal {
    Usage(clap::Error),
    Settings(String),
}

/// A path of this machine; `~` is expanded, for a client's configuration starts Clara without a shell.
pub(super) fn local_path() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| expand_home(&path))
}

/// Reads the command line, the environment and a named `.env` file.
pub fn parse(arguments: Vec<OsString>) -> Result<Invocation, Refusal> {
    let matches = definition()
        .try_get_matches_from(arguments)
        .map_err(Refusal::Usage)?;
    let file = match matches.get_one::<PathBuf>("env-file") {
        Some(path) => read_env_file(path)?,
        None => HashMap::new(),
    };
    let (name, sub) = matches.subcommand().unwrap_or(("stdio", &matches));
    let flag = |setting: &Setting| {
        let id = setting.flag();
        sub.get_one::<String>(&id)
            .or_else(|| matches.get_one::<String>(&id))
            .cloned()
    };
    let environment = |name: &str| std::env::var(name).ok();
    let said = RawSettings::gather(flag, environment, &file);
    let command = command(name, sub)?;
    // The child that reads a stranger's file is told nothing, so it has nothing to refuse either.
    let settings = match command {
        Command::Extract { .. } => {
            Settings::read(&RawSettings::gather(|_| None, |_| None, &HashMap::new()))
        }
        _ => Settings::read(&said),
    };
    let settings = settings.map_err(|error| Refusal::Settings(error.to_string()))?;
    Ok(Invocation { settings, command })
}

fn command(name: &str, matches: &ArgMatches) -> Result<Command, Refusal> {
    let text_of = |id: &str| matches.get_one::<String>(id).cloned();
    Ok(match name {
        "serve" => Command::Serve,
        "worker" => Command::Worker,
        "analyze" => {
            let words: Vec<String> = matches
                .get_many::<String>("text")
                .unwrap_or_default()
                .cloned()
                .collect();
            let attach = matches
                .get_many::<PathBuf>("attach")
                .unwrap_or_default()
                .cloned()
                .collect();
            let checked = match matches.get_one::<PathBuf>("check") {
                Some(file) => Checked::File(file.clone()),
                None => Checked::Text(analyzed_text(&words)?),
            };
            Command::Analyze {
                checked,
                attach,
                json: matches.get_flag("json"),
            }
        }
        "call" => Command::Call {
            tool: text_of("tool").unwrap_or_default(),
            arguments: text_of("arguments"),
        },
        "tools" => Command::Tools {
            write: matches.get_one::<PathBuf>("write").cloned(),
        },
        "migrate" => Command::Migrate,
        "doctor" => Command::Doctor {
            mail: text_of("mail"),
        },
        "admin" => Command::Admin(
            admin::read(matches)
                .ok_or_else(|| Refusal::Settings("admin takes a command".to_owned()))?,
        ),
        "model" => Command::Model(
            model::read(matches)
                .ok_or_else(|| Refusal::Settings("model takes a command".to_owned()))?,
        ),
        "extract" => Command::Extract {
            tool: matches
                .get_many::<OsString>("tool")
                .unwrap_or_default()
                .cloned()
                .collect(),
        },
        _ => Command::Stdio,
    })
}

/// The words of the command line, or with `-` everything on standard input.
fn analyzed_text(words: &[String]) -> Result<String, Refusal> {
    if words != ["-"] {
        return Ok(words.join(" "));
    }
    let mut text = String::new();
    match std::io::Read::read_to_string(&mut std::io::stdin(), &mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Refusal::Settings(format!(
            "cannot read the text from standard input: {error}"
        ))),
    }
}

fn read_env_file(path: &std::path::Path) -> Result<HashMap<String, String>, Refusal> {
    let refuse = |error: dotenvy::Error| {
        // dotenvy repeats the line it stumbled over, which may hold a secret.
        let problem = match error {
            dotenvy::Error::Io(error) => error.to_string(),
            _ => "is not a list of NAME=value lines".to_owned(),
        };
        Refusal::Settings(format!("--env-file {}: {problem}", path.display()))
    };
    dotenvy::from_path_iter(path)
        .map_err(refuse)?
        .collect::<Result<_, _>>()
        .map_err(refuse)
}

/// The whole command line, as clap sees it.
pub fn definition() -> Clap {
    let mut root = Clap::new("clara")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Clara checks facts: hand it a text and its evidence, get each claim with a verdict and exact quotes.")
        .after_help("Without a command, clara is an MCP server over standard input and output (clara stdio).")
        .args_conflicts_with_subcommands(false)
        .subcommands(subcommands())
        .arg(
            Arg::new("env-file")
                .long("env-file")
                .value_name("FILE")
                .value_parser(local_path())
                .global(true)
                .help_heading("Settings")
                .hide_short_help(true)
                .help("Read settings from this .env file too; no other is ever read"),
        );
    for setting in SETTINGS {
        root = root.arg(setting_flag(setting));
    }
    root
}

fn setting_flag(setting: &Setting) -> Arg {
    let name = setting.flag();
    let mut words = format!("{} [env: {}", setting.words(), setting.variable());
    if setting.about.is_bare {
        words.push_str(" or ");
        words.push_str(setting.name);
    }
    words.push(']');
    if !setting.about.default.is_empty() {
        words.push_str(" [default: ");
        words.push_str(setting.about.default);
        words.push(']');
    }
    Arg::new(name.clone())
        .long(name)
        .value_name(if setting.about.is_secret {
            "SECRET"
        } else {
            "VALUE"
        })
        .global(true)
        .help_heading("Settings")
        .hide_short_help(true)
        .help(words)
}

fn subcommands() -> Vec<Clap> {
    vec![
        Clap::new("stdio")
            .about("Serve MCP over standard input and output; what desktop clients start"),
        Clap::new("analyze")
            .about("Check a text from the terminal")
            .after_help(
                "Examples:\n  clara analyze 'The bridge opened in 1931.' --attach report.pdf\n  \
                 clara analyze --check draft.docx --attach 'reports/*.pdf'",
            )
            .arg(
                Arg::new("text")
                    .required_unless_present("check")
                    .conflicts_with("check")
                    .num_args(1..)
                    .value_name("TEXT")
                    .help("The statements to check; - reads them from standard input"),
            )
            .arg(
                Arg::new("check")
                    .long("check")
                    .value_name("FILE")
                    .value_parser(local_path())
                    .help("A file whose statements are checked; - reads it from standard input"),
            )
            .arg(
                Arg::new("attach")
                    .long("attach")
                    .short('a')
                    .value_name("FILE")
                    .action(ArgAction::Append)
                    .value_parser(local_path())
                    .help("A file with evidence, several by a pattern such as 'reports/*.pdf', or - for standard input; up to five in all"),
            )
            .arg(
                Arg::new("json")
                    .long("json")
                    .action(ArgAction::SetTrue)
                    .help("Print the answer as JSON"),
            ),
        Clap::new("call")
            .about("Call any operation")
            .after_help(
                "Example: clara call user_view\n         clara call task_view_all '{\"limit\": 5}'",
            )
            .arg(
                Arg::new("tool")
                    .required(true)
                    .value_name("TOOL")
                    .help("A tool's name; clara tools lists them"),
            )
            .arg(
                Arg::new("arguments")
                    .value_name("JSON")
                    .help("Its arguments as a JSON object; - reads standard input"),
            ),
        Clap::new("tools")
            .about("Print the published contract of every tool, or write it as files")
            .arg(
                Arg::new("write")
                    .long("write")
                    .value_name("DIR")
                    .value_parser(local_path())
                    .help("Write DIR/TOOL.json files"),
            ),
        Clap::new("serve").about(
            "Serve REST at /api/v1, MCP at /mcp and /sse, and documentation at /docs over HTTP",
        ),
        Clap::new("worker")
            .about("Run analysis workers alone, for many machines on one PostgreSQL"),
        Clap::new("migrate").about("Bring the database up to date"),
        Clap::new("doctor")
            .about("Check the set-up and say what works, what is off and what is broken")
            .arg(
                Arg::new("mail")
                    .long("mail")
                    .value_name("ADDRESS")
                    .help("Send a test mail to this address"),
            ),
        admin::definition(),
        model::definition(),
        Clap::new("extract")
            .about("Read one attachment, as a child of this program")
            .arg(
                Arg::new("tool")
                    .num_args(0..)
                    .value_parser(clap::value_parser!(OsString))
                    .trailing_var_arg(true)
                    .allow_hyphen_values(true)
                    .hide(true),
            )
            .hide(true),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed_and_explains_every_setting() {
        definition().debug_assert();
        let help = definition().render_long_help().to_string();
        for setting in SETTINGS {
            assert!(
                help.contains(&format!("--{}", setting.flag())),
                "{}",
                setting.name
            );
            assert!(help.contains(&setting.variable()), "{}", setting.name);
        }
        let short = definition().render_help().to_string();
        assert!(!short.contains("--workers"), "the short help stays short");
    }
}
