//! The audit trail for whoever runs this deployment: who did what, when and from where. Looking at it is an act that the
//! trail tells of too.

use std::sync::Arc;

use serde_json::json;

use super::ledger::books::said;
use super::service_deps::ServiceDeps;
use crate::domain::audit::AuditEvent;
use crate::domain::operator::Act;
use crate::fault::Fault;
pub use crate::store::audit::{AuditRecord, WantedRecords};

/// The trail.
#[derive(Clone)]
pub struct Audit(pub(super) Arc<ServiceDeps>);

impl Audit {
    /// Rows of everybody or of one account, living or removed, newest first, and how many there are of those. This look
    /// is not among them yet.
    pub async fn records(
        &self,
        wanted: &WantedRecords,
        act: &Act,
    ) -> Result<(Vec<AuditRecord>, u64), Fault> {
        let found = self.0.store.audit_records(wanted).await?;
        let asked = json!({
            "event": wanted.event,
            "before": wanted.before,
            "limit": wanted.page.limit,
            "offset": wanted.page.offset,
        });
        let event = AuditEvent::OperatorActed;
        let mut entry = self.0.audit(wanted.user_id.as_ref(), event, &act.origin);
        entry.details = said(act, json!({"command": "audit", "asked": asked}));
        self.0.store.write_audit(&entry).await?;
        Ok(found)
    }
}
