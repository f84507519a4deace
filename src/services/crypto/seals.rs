//! What a caller carries for us from one call to the next: sealed, so that nobody reads or changes it on the way. A seal is
//! good for one account, one tool and one set of arguments, and for a short time; what is in it does not matter here.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::keys::{DerivedKey, KeyPurpose};
use crate::domain::clock::Timestamp;
use crate::domain::ids::UserId;
use crate::fault::Fault;
use crate::services::service_deps::ServiceDeps;

/// How long a seal holds, unless its content asks for more.
const LIFE: Duration = Duration::from_mins(10);
/// The bytes in front of what is sealed that say until when it holds.
const UNTIL_BYTES: usize = 8;

/// Seals and opens what callers carry.
///
/// A seal may be opened again and again while it holds. That does no harm as long as opening one gives an answer that its
/// owner has had already, and does nothing.
#[derive(Clone)]
pub struct Seals(pub(in crate::services) Arc<ServiceDeps>);

/// For whom and for what a seal is good.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'b> {
    /// Whose call it was; `None` where nobody is signed in.
    pub account: Option<&'b UserId>,
    pub tool: &'b str,
    /// A digest of the call's arguments.
    pub arguments: &'b [u8; 32],
}

/// Why a seal is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    #[error(
        "was changed on its way, or was given for other arguments, another tool or another account"
    )]
    Foreign,
    #[error("is older than 10 minutes")]
    TooOld,
}

impl Seals {
    /// `content`, as text that only [`Seals::open`] understands.
    pub fn seal(&self, content: &[u8], bound: Bound<'_>) -> Result<String, Fault> {
        self.seal_for(content, bound, LIFE)
    }

    /// The same with another time to live.
    pub fn seal_for(
        &self,
        content: &[u8],
        bound: Bound<'_>,
        life: Duration,
    ) -> Result<String, Fault> {
        let deps = &*self.0;
        let mut nonce = [0_u8; NONCE_LEN];
        deps.randomness.fill(&mut nonce);
        let until = deps.now().after(life).0.to_be_bytes();
        let mut sealed = [&until[..], content].concat();
        let key = cipher(deps.keys.signing(KeyPurpose::RequestState));
        key.and_then(|key| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            key.seal_in_place_append_tag(nonce, Aad::from(bound.bytes()), &mut sealed)
                .ok()
        })
        .ok_or_else(|| Fault::internal("the cipher refused to seal"))?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// What was sealed, where nobody has touched it and it is still good for this.
    pub fn open(&self, sealed: &str, bound: Bound<'_>) -> Result<Vec<u8>, Unopened> {
        let deps = &*self.0;
        let sealed = URL_SAFE_NO_PAD
            .decode(sealed)
            .map_err(|_| Unopened::Foreign)?;
        let (nonce, sealed) = sealed.split_first_chunk().ok_or(Unopened::Foreign)?;
        let opened = deps
            .keys
            .accepted(KeyPurpose::RequestState)
            .find_map(|key| open_with(key, *nonce, sealed, bound))
            .ok_or(Unopened::Foreign)?;
        let (until, content) = opened
            .split_first_chunk::<UNTIL_BYTES>()
            .ok_or(Unopened::Foreign)?;
        if deps.now() > Timestamp(i64::from_be_bytes(*until)) {
            return Err(Unopened::TooOld);
        }
        Ok(content.to_vec())
    }
}

impl Bound<'_> {
    /// Each part with its length in front, so that none can run into the next.
    fn bytes(&self) -> Vec<u8> {
        let account = self.account.map(UserId::as_str);
        let parts = [account, Some(self.tool)].map(|part| part.map(str::as_bytes));
        let mut bytes = Vec::new();
        for part in parts.into_iter().chain([Some(&self.arguments[..])]) {
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(part.unwrap_or_default());
        }
        bytes
    }
}

/// The cipher of a key.
pub(in crate::services) fn cipher(key: &DerivedKey) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key.expose())
        .ok()
        .map(LessSafeKey::new)
}

fn open_with(
    key: &DerivedKey,
    nonce: [u8; NONCE_LEN],
    sealed: &[u8],
    bound: Bound<'_>,
) -> Option<Vec<u8>> {
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    let opened = cipher(key)?
        .open_in_place(nonce, Aad::from(bound.bytes()), &mut sealed)
        .ok()?;
    Some(opened.to_vec())
}
