//! Copies of the embedded database, for the operator. That one was asked for stands in the trail, and so in the copy itself.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::ledger::books::said;
use super::service_deps::ServiceDeps;
use crate::domain::audit::AuditEvent;
use crate::domain::operator::Act;
pub use crate::store::backup::{BackedUp, BackupError};

/// Makes copies.
#[derive(Clone)]
pub struct Backups(pub(super) Arc<ServiceDeps>);

impl Backups {
    /// Copies the database into a new file, while everybody goes on working.
    pub async fn take(&self, file: &Path, act: &Act) -> Result<BackedUp, BackupError> {
        let mut entry = self.0.audit(None, AuditEvent::OperatorActed, &act.origin);
        entry.details = said(act, json!({"command": "backup"}));
        self.0.store.write_audit(&entry).await?;
        self.0.store.back_up(file).await
    }
}
