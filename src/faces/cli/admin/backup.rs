//! `clara admin backup`: says that a copy was made and what belongs with it, or why there is none. It is a command of the
//! terminal alone, for it writes a file of this machine.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value};

use super::super::output::{Output, refuse};
use crate::context::Context;
use crate::domain::audit::Origin;
use crate::domain::operator::Act;

/// Copies the database into a new file.
pub async fn run(context: &Context, signed: &Map<String, Value>, file: &Path) -> ExitCode {
    let act = match act(signed) {
        Ok(act) => act,
        Err(problem) => return refuse(&problem),
    };
    let backed_up = match context.services.backups.take(file, &act).await {
        Ok(backed_up) => backed_up,
        Err(error) => return refuse(&error.to_string()),
    };
    let (size, file) = (backed_up.size, file.display());
    let words = format!(
        "{file}: {} bytes, {} accounts, {} transactions. The copy is whole{}. Keep {} with it, apart from others' eyes: without \
         it, or SECRET_KEY, nobody's session, API key or code is known any more.",
        backed_up.bytes,
        size.accounts,
        size.entries,
        if backed_up.off == 0 {
            " and its books are sound"
        } else {
            ""
        },
        context.settings.data_dir.join("secrets.json").display(),
    );
    let printed = Output::data(&words);
    if backed_up.off == 0 {
        return printed;
    }
    let off = backed_up.off;
    Output::tell(&format!(
        "{off} things in its books are off, as they are in the original: `clara admin ledger check` lists them."
    ));
    ExitCode::FAILURE
}

/// Who acts and why, checked as every operation of the operator's checks it.
fn act(signed: &Map<String, Value>) -> Result<Act, String> {
    let said = |name: &str| signed.get(name).and_then(Value::as_str);
    let refused = |name: &str, problem: crate::domain::Invalid| format!("{name} {problem}");
    Ok(Act {
        operator: said("operator")
            .map(str::parse)
            .transpose()
            .map_err(|problem| refused("operator", problem))?,
        reason: said("reason")
            .map(str::parse)
            .transpose()
            .map_err(|problem| refused("reason", problem))?,
        origin: Origin::inside("terminal"),
    })
}
