//! The keys that sign and seal, derived from the one root secret: a token of one kind can never pass as another. The
//! key before the present one is accepted for checking only, so that the root can be changed.

use hkdf::Hkdf;
use secrecy::{ExposeSecret as _, SecretSlice};
use sha2::Sha256;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPurpose {
    UserToken,
    ApiKey,
    Code,
    RequestState,
    Pseudonym,
    TotpSeal,
}

impl KeyPurpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::UserToken => b"user-token",
            Self::ApiKey => b"api-key",
            Self::Code => b"code",
            Self::RequestState => b"request-state",
            Self::Pseudonym => b"pseudonym",
            Self::TotpSeal => b"totp-seal",
        }
    }
}

/// A root secret that is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("takes at least 32 random bytes")]
pub struct ShortSecret;

/// One derived key.
#[derive(Clone)]
pub struct DerivedKey(SecretSlice<u8>);

impl DerivedKey {
    /// The key's bytes, for signing and checking.
    pub fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

/// Every key of a root secret, and those of the root before it.
#[derive(Clone)]
pub struct SecretKeys {
    present: Keyring,
    previous: Option<Keyring>,
}

#[derive(Clone)]
struct Keyring {
    user_token: DerivedKey,
    api_key: DerivedKey,
    code: DerivedKey,
    request_state: DerivedKey,
    pseudonym: DerivedKey,
    totp_seal: DerivedKey,
}

impl SecretKeys {
    /// The fewest bytes a root secret has.
    pub const MIN_BYTES: usize = 32;

    /// Derives the keys; neither secret is kept.
    pub fn derive(present: &[u8], previous: Option<&[u8]>) -> Result<Self, ShortSecret> {
        Ok(Self {
            present: Keyring::derive(present)?,
            previous: previous.map(Keyring::derive).transpose()?,
        })
    }

    /// The key that signs.
    pub fn signing(&self, purpose: KeyPurpose) -> &DerivedKey {
        self.present.get(purpose)
    }

    /// The keys that are accepted, the present one first.
    pub fn accepted(&self, purpose: KeyPurpose) -> impl Iterator<Item = &DerivedKey> {
        std::iter::once(&self.present)
            .chain(&self.previous)
            .map(move |ring| ring.get(purpose))
    }
}

impl std::fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Keyring {
    fn derive(root: &[u8]) -> Result<Self, ShortSecret> {
        if root.len() < SecretKeys::MIN_BYTES {
            return Err(ShortSecret);
        }
        let kdf = Hkdf::<Sha256>::new(Some(b"clara"), root);
        let key = |purpose: KeyPurpose| {
            let mut bytes = vec![0_u8; 32];
            kdf.expand(purpose.label(), &mut bytes)
                .map_err(|_| ShortSecret)?;
            Ok(DerivedKey(SecretSlice::from(bytes)))
        };
        Ok(Self {
            user_token: key(KeyPurpose::UserToken)?,
            api_key: key(KeyPurpose::ApiKey)?,
            code: key(KeyPurpose::Code)?,
            request_state: key(KeyPurpose::RequestState)?,
            pseudonym: key(KeyPurpose::Pseudonym)?,
            totp_seal: key(KeyPurpose::TotpSeal)?,
        })
    }

    fn get(&self, purpose: KeyPurpose) -> &DerivedKey {
        match purpose {
            KeyPurpose::UserToken => &self.user_token,
            KeyPurpose::ApiKey => &self.api_key,
            KeyPurpose::Code => &self.code,
            KeyPurpose::RequestState => &self.request_state,
            KeyPurpose::Pseudonym => &self.pseudonym,
            KeyPurpose::TotpSeal => &self.totp_seal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_has_its_own_key_and_short_roots_are_refused() {
        let keys = SecretKeys::derive(&[7; 32], Some(&[8; 32])).unwrap();
        let all = [
            KeyPurpose::UserToken,
            KeyPurpose::ApiKey,
            KeyPurpose::Code,
            KeyPurpose::RequestState,
            KeyPurpose::Pseudonym,
            KeyPurpose::TotpSeal,
        ];
        for one in all {
            assert_eq!(keys.accepted(one).count(), 2);
            for other in all.into_iter().filter(|other| *other != one) {
                assert_ne!(keys.signing(one).expose(), keys.signing(other).expose());
            }
        }
        assert_eq!(SecretKeys::derive(&[7; 31], None).err(), Some(ShortSecret));
        assert_eq!(format!("{keys:?}"), "[redacted]");
    }
}
