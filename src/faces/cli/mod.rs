//! The command line: reads arguments, the environment and a named `.env` file into settings and a command, and runs it.
//! Data goes to standard output, everything else to standard error. Commands know operations, not services.

mod admin;
mod analyze;
mod arguments;
mod call;
mod doctor;
mod model;
mod output;
mod sanitize;
mod start;
mod tools;

use std::process::ExitCode;

use arguments::{Command, Invocation};
use start::Running;

/// Runs the command that `arguments` name; the first of them is the program.
pub fn run(arguments: Vec<std::ffi::OsString>) -> ExitCode {
    let invocation = match arguments::parse(arguments) {
        Ok(invocation) => invocation,
        Err(arguments::Refusal::Usage(error)) => {
            // clap's own words: help goes to standard output with success, mistakes to standard error.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
        Err(arguments::Refusal::Settings(line)) => return output::refuse(&line),
    };
    // The child that reads attachments limits itself before anything else, threads of a runtime included.
    if let Command::Extract { tool } = &invocation.command {
        return if tool.is_empty() {
            crate::analysis::attachments::extract_child_main()
        } else {
            crate::analysis::attachments::tool_child_main(tool)
        };
    }
    if let Command::Tools { write } = &invocation.command {
        return tools::run(write.as_deref());
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return output::refuse(&format!("cannot start the runtime: {error}")),
    };
    let code = runtime.block_on(execute(invocation));
    // Whatever still blocks a thread (a read of a terminal) must not hold the end up.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    code
}

async fn execute(invocation: Invocation) -> ExitCode {
    let Invocation { settings, command } = invocation;
    start::log(
        &settings,
        matches!(command, Command::Stdio | Command::Serve | Command::Worker),
    );
    let outcome = match command {
        Command::Stdio => start::stdio(settings).await,
        Command::Serve => start::serve(settings).await,
        Command::Worker => start::worker(settings).await,
        Command::Migrate => start::migrate(settings).await,
        Command::Doctor { mail } => return doctor::run(settings, mail).await,
        Command::Analyze {
            checked,
            attach,
            json,
        } => match Running::start(settings, true).await {
            Ok(running) => analyze::run(running, checked, attach, json).await,
            Err(error) => Err(error),
        },
        Command::Call { tool, arguments } => match Running::start(settings, true).await {
            Ok(running) => call::run(running, &tool, arguments.as_deref()).await,
            Err(error) => Err(error),
        },
        Command::Admin(work) => admin::run(settings, work).await,
        Command::Model(work) => model::run(&settings, work).await,
        Command::Tools { .. } | Command::Extract { .. } => Ok(ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|error| output::refuse(&error.0))
}
