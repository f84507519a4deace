//! `clara tools`: the published contract of every tool, from the registry, without opening anything.
//! `tools/*.json` in the repository is what this writes; a test holds the two together.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use super::output::{Output, refuse};
use crate::faces::mcp;
use crate::operations::registry;

/// Prints all contracts as one JSON list, or writes a file each.
pub fn run(folder: Option<&Path>) -> ExitCode {
    let Some(folder) = folder else {
        let all: Vec<_> = registry::tools().map(mcp::tool).collect();
        return Output::json(&all);
    };
    match write(folder) {
        Ok(count) => {
            Output::tell(&format!("{count} tools written to {}.", folder.display()));
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&format!("cannot write to {}: {error}", folder.display())),
    }
}

fn write(folder: &Path) -> io::Result<usize> {
    std::fs::create_dir_all(folder)?;
    for entry in registry::tools() {
        let contract = serde_json::to_string_pretty(&mcp::tool(entry))?;
        std::fs::write(
            folder.join(format!("{}.json", entry.spec.tool)),
            contract + "\n",
        )?;
    }
    Ok(registry::tools().count())
}
