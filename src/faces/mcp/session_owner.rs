//! To whom a session belongs, without keeping their proof: a digest of what they showed.

use secrecy::ExposeSecret;
use sha2::{Digest as _, Sha256};

use crate::operations::caller::RawCredential;

/// The digest of a proof. Two are equal where the same headers were shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionOwner([u8; 32]);

impl SessionOwner {
    /// Whoever shows this.
    pub fn of(raw_credential: &RawCredential) -> Self {
        let mut digest = Sha256::new();
        if let RawCredential::Headers {
            authorization,
            user_id,
        } = raw_credential
        {
            let authorization = authorization.as_ref().map(ExposeSecret::expose_secret);
            for part in [authorization, user_id.as_deref()] {
                // With its length in front, so that one header cannot run into the other.
                let length = part.map_or(u64::MAX, |part| part.len() as u64);
                digest.update(length.to_be_bytes());
                digest.update(part.unwrap_or_default());
            }
        }
        Self(digest.finalize().into())
    }

    /// The digest itself.
    pub fn digest(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(authorization: Option<&str>, user_id: Option<&str>) -> SessionOwner {
        SessionOwner::of(&RawCredential::Headers {
            authorization: authorization.map(Into::into),
            user_id: user_id.map(str::to_owned),
        })
    }

    #[test]
    fn a_holder_is_known_by_both_headers() {
        assert_eq!(shown(Some("a"), Some("b")), shown(Some("a"), Some("b")));
        let others = [
            shown(Some("a"), None),
            shown(None, Some("b")),
            shown(Some("ab"), Some("")),
            shown(Some(""), Some("ab")),
            shown(Some(""), None),
            shown(None, None),
        ];
        for other in others {
            assert_ne!(shown(Some("a"), Some("b")), other);
        }
    }
}
