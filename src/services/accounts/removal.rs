//! The end of an account, by its owner's wish or the operator's. Everything of its own goes at once, the books keep its
//! entries without name or address, and a last mail says so.

use super::Accounts;
use super::reauth::ReauthProof;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::ids::UserId;
use crate::domain::operator::Act;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Resource};
use crate::services::ledger::books::said;
use crate::services::mail::Letters;
use crate::store::removal::{Acted, Removal};

impl Accounts {
    /// Removes an account, as the operator.
    pub async fn remove(&self, id: &UserId, act: impl Into<Act>) -> Result<(), Fault> {
        let act = act.into();
        let user = self.view(id).await?;
        let details = said(&act, serde_json::json!({}));
        self.end(&user, None, &act.origin, details).await
    }

    /// Removes the owner's own account, on a proof.
    pub async fn remove_own(
        &self,
        user: &User,
        proven: ReauthProof,
        origin: &Origin,
    ) -> Result<(), Fault> {
        let details = serde_json::json!({"by": "owner"});
        self.end(user, Some(proven), origin, details).await
    }

    async fn end(
        &self,
        user: &User,
        proven: Option<ReauthProof>,
        origin: &Origin,
        details: serde_json::Value,
    ) -> Result<(), Fault> {
        let deps = &*self.deps;
        let mut audit = deps.audit(Some(&user.id), AuditEvent::AccountRemoved, origin);
        audit.details = details;
        let removal = Removal {
            user_id: user.id.clone(),
            proof: proven.map(ReauthProof::into_proof),
            mail: Letters(deps).account_deleted(user)?,
            audit,
        };
        done(deps.store.remove_user(&removal).await?)?;
        self.judging.forget(&user.id);
        self.outbox.deliver_soon(&removal.mail.id).await;
        Ok(())
    }
}

/// What became of an act that asks for a proof, as its caller is told.
pub(in crate::services) fn done(acted: Acted) -> Result<(), Fault> {
    match acted {
        Acted::Done => Ok(()),
        Acted::NoAccount => Err(FaultKind::NotFound(Resource::User).into()),
        Acted::ProofSpent => Err(FaultKind::Unauthenticated.into()),
    }
}
