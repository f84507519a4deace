//! The signature over a claim (COSE_Sign1, RFC 9052) and the certificate it was made with. What is checked is that the holder of the
//! certificate's key signed these bytes; who that is, a certificate that anybody can make does not prove.

use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use x509_cert::Certificate;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Tag, Tagged};
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::cbor::{Value, push_bytes};
use crate::attachments::formats::tag_text::name;

/// The label of the algorithm and of the chain of certificates in a header of COSE.
const ALGORITHM: Value<'_> = Value::Unsigned(1);
const CHAIN: Value<'_> = Value::Unsigned(33);

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// Whom the certificate is issued to, and by whom, as it says itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Signer {
    pub subject: Option<String>,
    pub issuer: Option<String>,
}

/// What became of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Matches,
    Differs,
    /// An algorithm, or a key, that is not known here.
    Unchecked,
}

/// Checks the signature over the claim's bytes; nothing where it cannot be read.
pub fn check(signature: &[u8], claim: &[u8]) -> Option<(Signer, Outcome)> {
    let message = Value::parse(signature)?;
    let [protected, unprotected, payload, raw_signature] = message.entries() else {
        return None;
    };
    let protected_bytes = protected.bytes()?;
    let protected = Value::parse(protected_bytes)?;
    let chain = protected
        .find(&CHAIN)
        .or_else(|| unprotected.find(&CHAIN))
        .or_else(|| unprotected.get("x5chain"))?;
    let leaf = chain.bytes().or_else(|| chain.entries().first()?.bytes())?;
    let certificate = Certificate::from_der(leaf).ok()?.tbs_certificate;
    let signer = Signer {
        subject: named(&certificate.subject),
        issuer: named(&certificate.issuer),
    };
    // The claim lies beside its signature; one that is in it has to be the same.
    let is_same = match payload {
        Value::Null => true,
        Value::Bytes(bytes) => *bytes == claim,
        _ => false,
    };
    let key = &certificate.subject_public_key_info;
    let outcome = match (protected.find(&ALGORITHM)?, is_same) {
        (_, false) => Outcome::Differs,
        (algorithm, true) => match known(algorithm, key) {
            None => Outcome::Unchecked,
            Some(known) => {
                let key = UnparsedPublicKey::new(known, key.subject_public_key.raw_bytes());
                let content = to_be_signed(protected_bytes, claim);
                match key.verify(&content, raw_signature.bytes()?) {
                    Ok(()) => Outcome::Matches,
                    Err(_) => Outcome::Differs,
                }
            }
        },
    };
    Some((signer, outcome))
}

/// The algorithm of this number in COSE, where it is one for the certificate's key.
fn known(
    algorithm: &Value<'_>,
    key: &SubjectPublicKeyInfoOwned,
) -> Option<&'static dyn VerificationAlgorithm> {
    // A negative number is written as what it is below -1.
    let Value::Negative(below) = algorithm else {
        return None;
    };
    let kind = &key.algorithm;
    let curve = || kind.parameters.as_ref()?.decode_as().ok();
    let is_rsa = kind.oid == RSA || kind.oid == RSA_PSS;
    Some(match below {
        6 if kind.oid == ELLIPTIC && curve() == Some(P256) => &signature::ECDSA_P256_SHA256_FIXED,
        34 if kind.oid == ELLIPTIC && curve() == Some(P384) => &signature::ECDSA_P384_SHA384_FIXED,
        36 if is_rsa => &signature::RSA_PSS_2048_8192_SHA256,
        37 if is_rsa => &signature::RSA_PSS_2048_8192_SHA384,
        38 if is_rsa => &signature::RSA_PSS_2048_8192_SHA512,
        7 if kind.oid == ED25519 => &signature::ED25519,
        _ => return None,
    })
}

/// `["Signature1", protected headers, nothing, claim]`, which is what is signed.
fn to_be_signed(protected: &[u8], claim: &[u8]) -> Vec<u8> {
    let mut content = b"\x84\x6aSignature1".to_vec();
    push_bytes(protected, &mut content);
    push_bytes(&[], &mut content);
    push_bytes(claim, &mut content);
    content
}

/// The organization of a name, else its common name.
fn named(distinguished: &Name) -> Option<String> {
    let find = |wanted: ObjectIdentifier| {
        let mut attributes = distinguished.0.iter().flat_map(|part| part.0.iter());
        let found = attributes.find(|attribute| attribute.oid == wanted)?;
        let is_text = matches!(
            found.value.tag(),
            Tag::Utf8String | Tag::PrintableString | Tag::Ia5String
        );
        let text = std::str::from_utf8(found.value.value()).ok()?;
        is_text.then(|| name(text))?
    };
    find(ORGANIZATION).or_else(|| find(COMMON_NAME))
}
