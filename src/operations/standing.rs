//! As whom somebody stands before the door: what their proof is worth, before any operation is named. Faces that list
//! operations ask here which to offer, and lists never change while the same proof holds.

use super::caller::{Arrival, Credential, Presented};
use super::credential::from_proof;
use super::{Access, limits, proof};
use crate::context::Context;
use crate::fault::{Fault, FaultKind};

/// What a proof is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Whoever started the process.
    Process,
    /// No proof, or one that proves nothing here.
    Nobody,
    PublicKey,
    Session,
    ApiKey,
}

impl Standing {
    const ALL: [Self; 5] = [
        Self::Process,
        Self::Nobody,
        Self::PublicKey,
        Self::Session,
        Self::ApiKey,
    ];

    /// Looks at what was presented, and counts the look as any call is counted.
    pub async fn of(context: &Context, arrival: &Arrival) -> Result<Self, Fault> {
        if let Presented::Headers { authorization, .. } = &arrival.presented {
            let proof = proof::read(context, authorization.as_ref());
            limits::call(context, &proof, &arrival.from()).await?;
        }
        Self::ahead_of_call(context, arrival).await
    }

    /// The same, uncounted: for whoever needs to know it before a call that will be counted itself.
    pub async fn ahead_of_call(context: &Context, arrival: &Arrival) -> Result<Self, Fault> {
        let Presented::Headers {
            authorization,
            user_id,
        } = &arrival.presented
        else {
            return Ok(Self::Process);
        };
        let whence = arrival.from();
        let proof = proof::read(context, authorization.as_ref());
        // Any access that takes tokens does: which operation is meant is not known yet.
        let access = Access::SessionOrKey;
        let proven = from_proof(context, proof, user_id.as_deref(), access, &whence).await;
        match proven {
            Ok(Credential::PublicKey) => Ok(Self::PublicKey),
            Ok(Credential::Session { .. }) => Ok(Self::Session),
            Ok(Credential::ApiKey { .. }) => Ok(Self::ApiKey),
            // The operator works over REST and in the terminal; a password proves itself in the call that it is for.
            Ok(Credential::Operator | Credential::Password { .. } | Credential::None) => {
                Ok(Self::Nobody)
            }
            Err(fault) => match fault.kind() {
                FaultKind::Internal | FaultKind::Unavailable(_) | FaultKind::RateLimited { .. } => {
                    Err(fault)
                }
                _ => Ok(Self::Nobody),
            },
        }
    }

    /// Whether an operation is offered to somebody who stands here. Whether a call is let in is judged when it comes.
    pub fn is_offered(self, access: Access) -> bool {
        match access {
            // Signing in proves itself by its arguments, so it needs nothing beforehand.
            Access::Open | Access::Password => true,
            Access::PublicKey => matches!(self, Self::Process | Self::PublicKey),
            Access::PublicKeyOrSession => {
                matches!(self, Self::Process | Self::PublicKey | Self::Session)
            }
            Access::Session => matches!(self, Self::Process | Self::Session),
            Access::SessionOrKey => matches!(self, Self::Process | Self::Session | Self::ApiKey),
            // Not for models: the operator works over REST and in the terminal.
            Access::Operator => false,
        }
    }

    /// Whether there is anybody to whom an operation is offered.
    pub fn anybody_is_offered(access: Access) -> bool {
        Self::ALL.iter().any(|standing| standing.is_offered(access))
    }
}
