//! How analyses look in an export: what was handed in, what came of it, and what is still kept of the sources.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::analysis::material::Material;
use crate::domain::clock::Timestamp;
use crate::domain::credits::Credits;
use crate::domain::evidence::Source;
use crate::domain::ids::TaskId;
use crate::domain::task::{TaskError, TaskStatus};
use crate::services::exports::{KeptFile, ReplacedReport, WholeTask};

/// An analysis with what was handed in and what came of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedTask")]
pub struct TaskRow {
    id: TaskId,
    #[schemars(extend("examples" = ["COMPLETED"]))]
    status: TaskStatus,
    #[schemars(extend("examples" = [100]))]
    progress: u8,
    #[schemars(extend("examples" = ["The bridge opened in 1931."]))]
    text: String,
    /// The claims that were named with it; none where they were looked for.
    #[schemars(extend("examples" = [[]]))]
    claims: Vec<String>,
    #[schemars(extend("examples" = [null]))]
    context: Option<String>,
    #[schemars(extend("examples" = [20.0]))]
    price_in_credits: Credits,
    /// The whole report.
    #[schemars(with = "Option<serde_json::Map<String, Value>>")]
    result: Option<Value>,
    #[schemars(extend("examples" = [null]))]
    error: Option<TaskError>,
    /// Those that are still kept.
    files: Vec<FileRow>,
    /// Until when the texts of its sources are kept.
    sources_until: Option<Timestamp>,
    /// Those texts.
    sources: Vec<SourceRow>,
    /// The reports before somebody judged, oldest first.
    earlier_reports: Vec<EarlierReportRow>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// What a source says, as it was read.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedSource")]
pub struct SourceRow {
    #[schemars(extend("examples" = ["s1"]))]
    id: String,
    #[schemars(extend("examples" = ["bridge.txt"]))]
    name: String,
    #[schemars(extend("examples" = ["The bridge opened in 1931."]))]
    text: String,
}

/// A report that was replaced when somebody judged.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedEarlierReport")]
pub struct EarlierReportRow {
    #[schemars(extend("examples" = [1]))]
    revision: u64,
    #[schemars(with = "serde_json::Map<String, Value>")]
    report: Value,
    replaced_at: Timestamp,
}

/// A file of a task, without its content.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportedFile")]
pub struct FileRow {
    #[schemars(extend("examples" = ["bridge.txt"]))]
    name: String,
    /// From where it was fetched.
    #[schemars(extend("examples" = [null]))]
    url: Option<String>,
    #[schemars(extend("examples" = [26]))]
    size_bytes: u64,
    #[schemars(extend("examples" = ["1e2f0d93e4b48b7bd1ab1e3fbf1ff22ae5a2e0ec7b0b7d66c3f5a5f6f5a7d001"]))]
    sha256: String,
}

impl TaskRow {
    /// A task with its files and their digests, the texts of its sources, and its earlier reports.
    pub fn new(
        whole: WholeTask,
        files: Vec<(KeptFile, String)>,
        sources: Option<Material>,
        earlier_reports: Vec<ReplacedReport>,
    ) -> Self {
        let WholeTask {
            task,
            text,
            claims,
            context,
            price,
            sources_until,
        } = whole;
        let sources = sources.map(|material| material.sources).unwrap_or_default();
        Self {
            id: task.id,
            status: task.status,
            progress: task.progress,
            text,
            claims,
            context,
            price_in_credits: price,
            result: task.result,
            error: task.error,
            files: files.into_iter().map(FileRow::from).collect(),
            sources_until: sources_until.filter(|_| !sources.is_empty()),
            sources: sources.into_iter().map(SourceRow::from).collect(),
            earlier_reports: earlier_reports
                .into_iter()
                .map(EarlierReportRow::from)
                .collect(),
            created_at: task.created_at,
            updated_at: task.updated_at,
        }
    }
}

impl From<Source> for SourceRow {
    fn from(source: Source) -> Self {
        Self {
            text: source.text.as_str().to_owned(),
            id: source.id,
            name: source.name,
        }
    }
}

impl From<ReplacedReport> for EarlierReportRow {
    fn from(replaced: ReplacedReport) -> Self {
        Self {
            revision: replaced.revision,
            report: replaced.report,
            replaced_at: replaced.replaced_at,
        }
    }
}

impl From<(KeptFile, String)> for FileRow {
    fn from((file, sha256): (KeptFile, String)) -> Self {
        Self {
            name: file.name,
            url: file.url,
            size_bytes: file.size_bytes,
            sha256,
        }
    }
}
