//! What an account may have of all that is kept of it: read in parts, for whoever writes them down. No part holds a secret
//! or the digest of one; how the parts look is not decided here.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::accounts::{ReauthProof, acted};
use super::ledger::books::said;
use super::service_deps::ServiceDeps;
use crate::analysis::material::{Material, MaterialError};
use crate::domain::audit::AuditEvent;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{TaskId, UserId};
use crate::domain::ledger::LedgerEntry;
use crate::domain::operator::Act;
use crate::domain::purchase::Purchase;
use crate::fault::{Fault, FaultKind, Resource};
pub use crate::store::audit::AuditRecord;
pub use crate::store::export::{
    AuthenticatorRecord, CodeRecord, KeptFile, MailRecord, NetworkRecord, Part, Profile, WholeTask,
};
pub use crate::store::revisions::ReplacedReport;
pub use crate::store::sessions::SessionRecord;
pub use crate::store::uploads::Upload;

/// How many are written at once in one process; whoever comes then waits. Each reads all that an account has.
const AT_ONCE: usize = 2;

/// Exports of accounts.
#[derive(Clone)]
pub struct Exports {
    deps: Arc<ServiceDeps>,
    places: Arc<Semaphore>,
}

impl Exports {
    pub(super) fn new(deps: Arc<ServiceDeps>) -> Self {
        Self {
            deps,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Begins one: uses the owner's proof up and writes down that the account was exported; the operator needs no proof.
    pub async fn begin(
        &self,
        user_id: &UserId,
        proven: Option<ReauthProof>,
        act: &Act,
    ) -> Result<Export<'_>, Fault> {
        let deps = &*self.deps;
        let mut entry = deps.audit(Some(user_id), AuditEvent::DataExported, &act.origin);
        entry.details = match &proven {
            Some(_) => serde_json::json!({"by": "owner"}),
            None => said(act, serde_json::json!({})),
        };
        let proof = proven.map(ReauthProof::into_proof);
        acted(
            deps.store
                .note_proven(user_id, proof.as_ref(), &entry)
                .await?,
        )?;
        let place = self.places.acquire().await.map_err(Fault::internal)?;
        Ok(Export {
            deps,
            user_id: user_id.clone(),
            began_at: deps.now(),
            _place: place,
        })
    }
}

/// One export under way. Every list begins at 0 and goes on at [`Part::next`].
pub struct Export<'e> {
    deps: &'e ServiceDeps,
    user_id: UserId,
    pub began_at: Timestamp,
    _place: SemaphorePermit<'e>,
}

impl Export<'_> {
    /// The account itself.
    pub async fn profile(&self) -> Result<Profile, Fault> {
        let profile = self.deps.store.profile(&self.user_id).await?;
        profile.ok_or_else(|| FaultKind::NotFound(Resource::User).into())
    }

    /// Sessions, ended ones too.
    pub async fn sessions(&self, after: i64) -> Result<Part<SessionRecord>, Fault> {
        Ok(self.deps.store.sessions_part(&self.user_id, after).await?)
    }

    /// Codes that were mailed.
    pub async fn codes(&self) -> Result<Vec<CodeRecord>, Fault> {
        Ok(self.deps.store.code_records(&self.user_id).await?)
    }

    /// Authenticator apps.
    pub async fn authenticators(&self) -> Result<Vec<AuthenticatorRecord>, Fault> {
        let store = &self.deps.store;
        Ok(store.authenticator_records(&self.user_id).await?)
    }

    /// Files that were handed in for an analysis to come.
    pub async fn uploads(&self) -> Result<Vec<Upload>, Fault> {
        Ok(self.deps.store.uploads(&self.user_id).await?)
    }

    /// Networks that the owner signed in from.
    pub async fn networks(&self) -> Result<Vec<NetworkRecord>, Fault> {
        Ok(self.deps.store.network_records(&self.user_id).await?)
    }

    /// Ledger entries.
    pub async fn entries(&self, after: i64) -> Result<Part<LedgerEntry>, Fault> {
        Ok(self.deps.store.entries_part(&self.user_id, after).await?)
    }

    /// Purchases.
    pub async fn purchases(&self, after: i64) -> Result<Part<Purchase>, Fault> {
        Ok(self.deps.store.purchases_part(&self.user_id, after).await?)
    }

    /// Tasks with their texts and reports.
    pub async fn tasks(&self, after: i64) -> Result<Part<WholeTask>, Fault> {
        Ok(self.deps.store.tasks_part(&self.user_id, after).await?)
    }

    /// The files of a task that are still kept, each with the SHA-256 of its bytes; they are read a piece at a time.
    pub async fn files(&self, task_id: &TaskId) -> Result<Vec<(KeptFile, String)>, Fault> {
        let store = &self.deps.store;
        let mut files = Vec::new();
        for file in store.kept_files(task_id).await? {
            let mut digest = Sha256::new();
            let mut number = 0;
            while let Some(piece) = store.piece_of_file(task_id, file.ordinal, number).await? {
                digest.update(&piece);
                number += 1;
            }
            files.push((file, base16ct::lower::encode_string(&digest.finalize())));
        }
        Ok(files)
    }

    /// The texts of a task's sources, where they are still kept. Bounded as attachments are, so they are read in one piece.
    pub async fn sources(&self, task_id: &TaskId) -> Result<Option<Material>, Fault> {
        let (store, now) = (&self.deps.store, self.deps.now());
        let Some((bytes, _)) = store.kept_sources(&self.user_id, task_id, now).await? else {
            return Ok(None);
        };
        let read = tokio::task::spawn_blocking(move || Material::from_bytes(&bytes));
        match read.await.map_err(Fault::internal)? {
            Ok(material) => Ok(Some(material)),
            // No Clara that could read them runs any more.
            Err(MaterialError::Version { .. }) => Ok(None),
            Err(error) => Err(Fault::internal(error)),
        }
    }

    /// The oldest of a task's earlier reports after the revision with this number.
    pub async fn earlier_report(
        &self,
        task_id: &TaskId,
        after: u64,
    ) -> Result<Option<ReplacedReport>, Fault> {
        let store = &self.deps.store;
        Ok(store.replaced_report(task_id, after).await?)
    }

    /// Mails that were written to the account.
    pub async fn mails(&self, after: i64) -> Result<Part<MailRecord>, Fault> {
        Ok(self.deps.store.mails_part(&self.user_id, after).await?)
    }

    /// What the audit trail says of the account.
    pub async fn trail(&self, after: i64) -> Result<Part<AuditRecord>, Fault> {
        Ok(self.deps.store.audit_part(&self.user_id, after).await?)
    }
}
