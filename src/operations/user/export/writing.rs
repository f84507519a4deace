//! Puts an export together, part by part, in a file without a name: however much an account has, no more than one part of it
//! is in memory. What stands in the parts is in `shape`.

use serde::Serialize;
use tokio::io::{AsyncWriteExt as _, BufWriter};

use super::shape::{
    AuditRow, AuthenticatorRow, CodeRow, FORMAT, KeyDatesView, MailRow, NetworkRow, ProfileView,
    PurchaseRow, SessionRow,
};
use super::tasks::TaskRow;
use crate::fault::Fault;
use crate::operations::Document;
use crate::operations::agent::UploadView;
use crate::operations::views::TransactionView;
use crate::services::exports::{Export, ReplacedReport};

/// Writes a whole list, part after part.
macro_rules! list {
    ($paper:ident, $name:literal, $export:ident.$read:ident, $view:ty) => {
        $paper.begin_list($name).await?;
        let mut after = Some(0);
        while let Some(from) = after {
            let part = $export.$read(from).await?;
            for row in part.rows {
                $paper.item(&<$view>::from(row)).await?;
            }
            after = part.next;
        }
        $paper.end_list().await?;
    };
}

/// Writes the whole document.
pub async fn written(export: &Export<'_>) -> Result<Document, Fault> {
    let mut paper = Paper::new()?;
    paper.field("format", &FORMAT).await?;
    paper.field("exported_at", &export.began_at).await?;
    let mut profile = export.profile().await?;
    let key = profile.api_key.take().map(KeyDatesView::from);
    paper.field("profile", &ProfileView::from(profile)).await?;
    paper.field("api_key", &key).await?;
    list!(paper, "sessions", export.sessions, SessionRow);
    let codes = export.codes().await?.into_iter().map(CodeRow::from);
    paper.field("codes", &codes.collect::<Vec<_>>()).await?;
    let apps = export.authenticators().await?;
    let apps = apps.into_iter().map(AuthenticatorRow::from);
    paper
        .field("authenticators", &apps.collect::<Vec<_>>())
        .await?;
    let networks = export.networks().await?.into_iter().map(NetworkRow::from);
    paper
        .field("networks", &networks.collect::<Vec<_>>())
        .await?;
    list!(paper, "transactions", export.entries, TransactionView);
    list!(paper, "purchases", export.purchases, PurchaseRow);
    paper.begin_list("tasks").await?;
    let mut after = Some(0);
    while let Some(from) = after {
        let part = export.tasks(from).await?;
        for task in part.rows {
            let id = &task.task.id;
            let files = export.files(id).await?;
            let sources = export.sources(id).await?;
            let mut earlier: Vec<ReplacedReport> = Vec::new();
            while let Some(report) = export
                .earlier_report(id, earlier.last().map_or(0, |report| report.revision))
                .await?
            {
                earlier.push(report);
            }
            paper
                .item(&TaskRow::new(task, files, sources, earlier))
                .await?;
        }
        after = part.next;
    }
    paper.end_list().await?;
    let uploads = export.uploads().await?.into_iter().map(UploadView::from);
    paper.field("uploads", &uploads.collect::<Vec<_>>()).await?;
    list!(paper, "mails", export.mails, MailRow);
    list!(paper, "audit_entries", export.trail, AuditRow);
    paper.finish().await
}

/// A JSON object under the pen.
struct Paper {
    file: BufWriter<tokio::fs::File>,
    length: u64,
    /// What stands before the next field, and before the next item of a list.
    before_field: &'static str,
    before_item: &'static str,
}

impl Paper {
    fn new() -> Result<Self, Fault> {
        let file = tempfile::tempfile().map_err(Fault::internal)?;
        Ok(Self {
            file: BufWriter::new(tokio::fs::File::from_std(file)),
            length: 0,
            before_field: "{",
            before_item: "",
        })
    }

    async fn write(&mut self, text: &str) -> Result<(), Fault> {
        self.length += text.len() as u64;
        let written = self.file.write_all(text.as_bytes()).await;
        written.map_err(Fault::internal)
    }

    async fn value(&mut self, value: &impl Serialize) -> Result<(), Fault> {
        let text = serde_json::to_string(value).map_err(Fault::internal)?;
        self.write(&text).await
    }

    async fn name(&mut self, name: &str) -> Result<(), Fault> {
        let before = std::mem::replace(&mut self.before_field, ",");
        self.write(before).await?;
        self.value(&name).await?;
        self.write(":").await
    }

    async fn field(&mut self, name: &str, value: &impl Serialize) -> Result<(), Fault> {
        self.name(name).await?;
        self.value(value).await
    }

    async fn begin_list(&mut self, name: &str) -> Result<(), Fault> {
        self.name(name).await?;
        self.before_item = "[";
        Ok(())
    }

    async fn item(&mut self, item: &impl Serialize) -> Result<(), Fault> {
        let before = std::mem::replace(&mut self.before_item, ",");
        self.write(before).await?;
        self.value(item).await
    }

    async fn end_list(&mut self) -> Result<(), Fault> {
        let is_empty = self.before_item == "[";
        self.write(if is_empty { "[]" } else { "]" }).await
    }

    async fn finish(mut self) -> Result<Document, Fault> {
        self.write("}").await?;
        self.file.flush().await.map_err(Fault::internal)?;
        let file = self.file.into_inner().into_std().await;
        Ok(Document::new(file, self.length))
    }
}
