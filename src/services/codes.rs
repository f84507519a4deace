//! Mailed codes: drawn, kept as a keyed digest, and compared only after the try was counted. Writing the mail around a
//! code is not its business.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::crypto::keys::{DerivedKey, KeyPurpose};
use super::owners_networks::known_since;
use super::service_deps::ServiceDeps;
use crate::domain::audit::Origin;
use crate::domain::code::{CodePurpose, OtpCode};
use crate::domain::ids::{CodeId, UserId};
use crate::fault::Fault;
use crate::store::audit::AuditEntry;
use crate::store::codes::{CodeTry, CountedCode, NewCode, RightCode};

/// How often one code may be tried by strangers, and as often from networks where its owner was lately.
pub const MAX_TRIES: u32 = 5;

/// A new code for an account: the row to store and the digits to mail.
pub(super) fn draw(
    deps: &ServiceDeps,
    user_id: &UserId,
    purpose: CodePurpose,
) -> Result<(NewCode, OtpCode), Fault> {
    let digits = OtpCode::random(&*deps.randomness);
    let id = CodeId::random(&*deps.randomness);
    let created_at = deps.now();
    let key = deps.keys.signing(KeyPurpose::Code);
    let code = NewCode {
        digest: digest(key, &id, user_id, purpose, &digits)?,
        id,
        user_id: user_id.clone(),
        purpose,
        created_at,
        expires_at: created_at.after(deps.code_life),
    };
    Ok((code, digits))
}

/// Whether `digits` are the account's living code for this purpose. The try is counted and stays so, whatever comes of
/// it; a right code is not used up yet: the store does that together with what the code opens.
pub(super) async fn check(
    deps: &ServiceDeps,
    user_id: &UserId,
    purpose: CodePurpose,
    digits: &OtpCode,
    origin: &Origin,
) -> Result<Option<RightCode>, Fault> {
    let network = origin.network();
    let attempt = attempt(deps, user_id, purpose, network.as_deref());
    let counted = deps.store.count_code_try(&attempt).await?;
    let Some(counted) = counted else {
        return Ok(None);
    };
    let is_right = is_right(deps, &counted, user_id, purpose, digits);
    Ok(is_right.then(|| RightCode {
        id: counted.id,
        user_id: user_id.clone(),
    }))
}

/// The same where nobody may tell whether there is an account: what is done is the same with one and without, and a
/// refusal is written down in the same transaction as the count.
pub(super) async fn check_or_note(
    deps: &ServiceDeps,
    user_id: Option<&UserId>,
    purpose: CodePurpose,
    digits: &OtpCode,
    refusal: &AuditEntry,
) -> Result<Option<RightCode>, Fault> {
    let nobody = UserId::random(&*deps.randomness);
    let whose = user_id.unwrap_or(&nobody);
    let judge = |code: &CountedCode| is_right(deps, code, whose, purpose, digits);
    let network = refusal.origin.network();
    let attempt = attempt(deps, whose, purpose, network.as_deref());
    let right = deps.store.try_code(&attempt, refusal, &judge).await?;
    Ok(right.map(|id| RightCode {
        id,
        user_id: whose.clone(),
    }))
}

fn attempt<'t>(
    deps: &ServiceDeps,
    user_id: &'t UserId,
    purpose: CodePurpose,
    network: Option<&'t str>,
) -> CodeTry<'t> {
    let at = deps.now();
    CodeTry {
        user_id,
        purpose,
        max_tries: MAX_TRIES,
        network,
        known_since: known_since(at),
        at,
    }
}

fn is_right(
    deps: &ServiceDeps,
    counted: &CountedCode,
    user_id: &UserId,
    purpose: CodePurpose,
    digits: &OtpCode,
) -> bool {
    deps.keys.accepted(KeyPurpose::Code).any(|key| {
        digest(key, &counted.id, user_id, purpose, digits)
            .is_ok_and(|expected| expected.as_bytes().ct_eq(counted.digest.as_bytes()).into())
    })
}

/// No part contains the separator, so no two codes share a message.
fn digest(
    key: &DerivedKey,
    id: &CodeId,
    user_id: &UserId,
    purpose: CodePurpose,
    digits: &OtpCode,
) -> Result<String, Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).map_err(Fault::internal)?;
    for part in [
        id.as_str(),
        user_id.as_str(),
        purpose.as_str(),
        digits.as_str(),
    ] {
        mac.update(part.as_bytes());
        mac.update(b"|");
    }
    Ok(base16ct::lower::encode_string(&mac.finalize().into_bytes()))
}
