//! Authenticator apps, RFC 6238: seeds are drawn, sealed, opened and compared here. A seed is sealed for one account, under
//! a key that the database does not have. Which code opens what is the accounts service's business.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{Aad, NONCE_LEN, Nonce};
use secrecy::{ExposeSecret as _, SecretBox};
use sha2::{Digest as _, Sha256};
use totp_rs::{Algorithm, Builder, Totp};

use super::crypto::keys::{DerivedKey, KeyPurpose};
use super::crypto::seals::cipher;
use super::service_deps::ServiceDeps;
use crate::domain::clock::Timestamp;
use crate::domain::code::OtpCode;
use crate::domain::email::Email;
use crate::domain::ids::UserId;
use crate::domain::randomness::Randomness;
use crate::fault::Fault;
use crate::store::second_factors::SealedSeed;

/// 160 bits, as RFC 4226 recommends.
const SEED_BYTES: usize = 20;
const DIGITS: u8 = 6;
const STEP_SECONDS: u64 = 30;
/// How many steps beside the present one count, for clocks that are a little off.
const SKEW: u16 = 1;
/// Who the app says the code is for.
const ISSUER: &str = "Clara";

/// What an app and Clara both know.
pub(super) struct Seed(SecretBox<[u8; SEED_BYTES]>);

/// A seed, and whether its seal is under the key of before.
pub(super) struct Opened {
    pub(super) seed: Seed,
    pub(super) is_under_previous_key: bool,
}

impl Seed {
    pub(super) fn random(randomness: &dyn Randomness) -> Self {
        Self(SecretBox::init_with_mut(|bytes: &mut [u8; SEED_BYTES]| {
            randomness.fill(bytes);
        }))
    }

    /// The step that these digits belong to, where it is one of those that count now.
    pub(super) fn matching_step(
        &self,
        digits: &OtpCode,
        now: Timestamp,
    ) -> Result<Option<i64>, Fault> {
        let seconds = u64::try_from(now.seconds()).unwrap_or_default();
        let step = self.totp(String::new())?.check(digits.as_str(), seconds);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    /// The address that an app reads the seed from, as text or off a QR code.
    pub(super) fn address(&self, owner: &Email) -> Result<String, Fault> {
        // The colon stands between issuer and account; an address may have one of its own.
        let account = owner.as_str().replace(':', "_");
        self.totp(account)?.to_url().map_err(Fault::internal)
    }

    fn totp(&self, account: String) -> Result<Totp, Fault> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(STEP_SECONDS)
            .with_skew(SKEW)
            .with_secret(*self.0.expose_secret())
            .with_issuer(Some(ISSUER))
            .with_account_name(account)
            .build()
            .map_err(Fault::internal)
    }
}

/// Seals a seed under the present key, for this account only.
pub(super) fn seal(deps: &ServiceDeps, seed: &Seed, owner: &UserId) -> Result<SealedSeed, Fault> {
    let key = deps.keys.signing(KeyPurpose::TotpSeal);
    let mut nonce = [0_u8; NONCE_LEN];
    deps.randomness.fill(&mut nonce);
    let mut sealed = seed.0.expose_secret().to_vec();
    cipher(key)
        .and_then(|cipher| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            let owner = Aad::from(owner.as_str().as_bytes());
            cipher
                .seal_in_place_append_tag(nonce, owner, &mut sealed)
                .ok()
        })
        .ok_or_else(|| Fault::internal("the cipher refused to seal"))?;
    Ok(SealedSeed {
        text: URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()),
        key_name: key_name(key),
    })
}

/// Opens a seed of this account. That neither key does so is nobody's wrong code but a fault of the deployment.
pub(super) fn open(
    deps: &ServiceDeps,
    sealed: &SealedSeed,
    owner: &UserId,
) -> Result<Opened, Fault> {
    let keys = deps.keys.accepted(KeyPurpose::TotpSeal);
    let opened = keys.enumerate().find_map(|(position, key)| {
        Some(Opened {
            seed: open_with(key, &sealed.text, owner)?,
            is_under_previous_key: position > 0,
        })
    });
    opened.ok_or_else(|| {
        Fault::internal(
            "the seed of an authenticator app opens neither with SECRET_KEY nor with SECRET_KEY_PREVIOUS",
        )
    })
}

fn open_with(key: &DerivedKey, sealed: &str, owner: &UserId) -> Option<Seed> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let owner = Aad::from(owner.as_str().as_bytes());
    let opened = cipher(key)?.open_in_place(nonce, owner, &mut sealed).ok()?;
    let bytes: &[u8; SEED_BYTES] = (&*opened).try_into().ok()?;
    Some(Seed(SecretBox::new(Box::new(*bytes))))
}

/// Tells keys apart and says nothing about them: part of a digest of 256 random bits.
pub(super) fn key_name(key: &DerivedKey) -> String {
    let digest = Sha256::new()
        .chain_update(b"clara: name of a totp-seal key")
        .chain_update(key.expose())
        .finalize();
    base16ct::lower::encode_string(&digest[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(bytes: [u8; SEED_BYTES]) -> Seed {
        Seed(SecretBox::new(Box::new(bytes)))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1000)
    }

    fn step(seed: &Seed, digits: &str, seconds: i64) -> Option<i64> {
        seed.matching_step(&digits.parse().unwrap(), at(seconds))
            .unwrap()
    }

    /// RFC 6238, appendix B, the rows for SHA-1. They are of eight digits; six are the last six of those, for each is the
    /// same number modulo a power of ten (RFC 4226, section 5.3).
    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        let seed = seed(*b"12345678901234567890");
        for (seconds, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(
                step(&seed, &eight[2..], seconds),
                Some(seconds / 30),
                "{eight}"
            );
        }
    }

    #[test]
    fn a_code_counts_one_step_early_and_late_and_no_more() {
        let seed = seed(*b"12345678901234567890");
        let begins = 1_111_111_109 / 30 * 30;
        for (seconds, counts) in [
            (begins - 31, false),
            (begins - 30, true),
            (begins, true),
            (begins + 59, true),
            (begins + 60, false),
        ] {
            let expected = counts.then_some(begins / 30);
            assert_eq!(step(&seed, "081804", seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn an_address_says_who_and_for_whom_and_the_rest_is_what_apps_take_for_granted() {
        let seed = seed(*b"12345678901234567890");
        let address = |owner: &str| seed.address(&owner.parse().unwrap()).unwrap();
        assert_eq!(
            address("ada@example.org"),
            "otpauth://totp/Clara:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Clara"
        );
        assert!(address("a&c=?d@example.org").starts_with("otpauth://totp/Clara:a%26c%3D%3Fd%40"));
    }
}
