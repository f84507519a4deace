//! The proof that an event comes from Stripe: a keyed hash over the very bytes that were sent and the moment they were.
//! Compared without a hint of how much was right, and before anything of the event is read.

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use crate::domain::clock::Timestamp;

/// How far the moment of signing may be from now, in seconds, either way: as Stripe's own libraries have it.
const TOLERANCE_SECONDS: i64 = 300;
/// How many signatures of one header are looked at; Stripe sends one for each secret that is in use.
const MAX_SIGNATURES: usize = 8;

/// Why an event is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    #[error("is missing, or is no `t=…,v1=…`")]
    Malformed,
    #[error("was made too long ago, or by a clock that is ahead")]
    NotNow,
    #[error("does not match the body under any secret of this endpoint")]
    Wrong,
}

/// Checks that `header` signs `body` under one of the secrets, now.
pub fn check(
    header: &str,
    body: &[u8],
    secrets: &[SecretString],
    now: Timestamp,
) -> Result<(), Unproven> {
    let (signed_at, signatures) = read(header)?;
    let seconds: i64 = signed_at.parse().map_err(|_| Unproven::Malformed)?;
    if now.seconds().abs_diff(seconds) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(Unproven::NotNow);
    }
    let is_right = |secret: &SecretString| {
        let Ok(mut keyed) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        else {
            return false;
        };
        // What stands in the header, so that another spelling of the same number signs something else.
        keyed.update(signed_at.as_bytes());
        keyed.update(b".");
        keyed.update(body);
        signatures
            .iter()
            .any(|signature| keyed.clone().verify_slice(signature).is_ok())
    };
    if secrets.iter().any(is_right) {
        Ok(())
    } else {
        Err(Unproven::Wrong)
    }
}

/// The moment as it was written, and every signature of the scheme in use.
fn read(header: &str) -> Result<(&str, Vec<[u8; 32]>), Unproven> {
    let mut signed_at = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        let (name, value) = part.trim().split_once('=').ok_or(Unproven::Malformed)?;
        match name {
            // Two moments would leave open which of them was signed.
            "t" if signed_at.is_some() => return Err(Unproven::Malformed),
            "t" => signed_at = Some(value),
            "v1" if signatures.len() < MAX_SIGNATURES => signatures.extend(digest(value)),
            _ => {}
        }
    }
    match signed_at {
        Some(signed_at)
            if !signed_at.is_empty() && signed_at.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Ok((signed_at, signatures))
        }
        _ => Err(Unproven::Malformed),
    }
}

/// 64 hexadecimal digits.
fn digest(text: &str) -> Option<[u8; 32]> {
    let bytes = text.as_bytes();
    if bytes.len() != 64 {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(bytes.chunks(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests;
