//! Shows a model, asks, and fetches it.

use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;

use clara_nli::ModelFolder;
use clara_nli::fetch::{FetchPlan, HUB, KNOWN_MODELS, SUMS_FILE, download, known_model, plan};

use super::super::output::Output;
use crate::context::StartError;

/// The models that are known to fit.
pub fn list() -> ExitCode {
    let mut text = String::new();
    for model in KNOWN_MODELS {
        let _ = writeln!(
            text,
            "{}\n  {}\n  {HUB}{}, {}",
            model.name, model.about, model.repository, model.licence
        );
    }
    Output::data(&text)
}

/// Fetches a model into a folder.
pub async fn run(
    name: &str,
    folder: &Path,
    from: Option<&str>,
    is_agreed: bool,
) -> Result<ExitCode, StartError> {
    let Some(model) = known_model(name) else {
        let known: Vec<&str> = KNOWN_MODELS.iter().map(|model| model.name).collect();
        return Err(StartError(format!(
            "there is no model {name} on the list; take {}, or put the files of another one into a folder yourself",
            known.join(", ")
        )));
    };
    let failed = |error: clara_nli::fetch::FetchError| StartError(error.to_string());
    let plan = plan(model, from.unwrap_or(HUB)).await.map_err(failed)?;
    Output::tell(&shown(&plan, folder));
    if !is_agreed && !agreed().await {
        return Err(StartError(
            "nothing was fetched; answer y, or agree with --yes".to_owned(),
        ));
    }
    let progress = |done: u64, total: u64| {
        Output::progress(&format!("{} of {}", megabytes(done), megabytes(total)));
    };
    let files = download(&plan, folder, &progress).await.map_err(failed)?;
    Output::progress("");
    for file in &files {
        let note = if file.was_there {
            ", which was there"
        } else {
            ""
        };
        Output::tell(&format!("{}  {}{note}", file.sha256, file.name));
    }
    ModelFolder::open(folder).map_err(|error| StartError(error.to_string()))?;
    Ok(Output::data(&format!(
        "CLARA_ANALYSIS_ENGINE=nli\nCLARA_MODEL={}",
        folder.display()
    )))
}

fn shown(plan: &FetchPlan, folder: &Path) -> String {
    let model = plan.model;
    let mut text = format!(
        "{}: {}\nLicence: {}, as its publisher states it\n",
        model.repository, model.about, model.licence
    );
    for file in &plan.files {
        let hash = file.sha256.as_deref().map_or_else(
            || format!("its server states none; {SUMS_FILE} will have it"),
            |hash| format!("{hash}, as its server states it"),
        );
        let _ = writeln!(
            text,
            "{}\n  {}, SHA-256 {hash}",
            file.address,
            megabytes(file.bytes)
        );
    }
    let _ = write!(
        text,
        "{} in all, into {}",
        megabytes(plan.bytes()),
        folder.display()
    );
    text
}

/// Asks a person, where one sits there.
async fn agreed() -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    Output::tell("Fetch it? [y/N]");
    let reading = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        let _ = std::io::stdin().lock().read_line(&mut line);
        line
    });
    let line = reading.await.unwrap_or_default();
    matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// To a tenth, so that small files are not nothing.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}
