//! The active manifest of a store: what its claim and its assertions say, and whether they and the file are as they were signed.

use std::ops::Range;

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::bmff_hash;
use super::cbor::Value;
use super::jumbf::Superbox;
use super::locate::Located;
use super::provenance::Provenance;
use super::signature::{self, Outcome, Signer};

/// A claim of more assertions is damaged.
const MAX_ASSERTIONS: usize = 300;
/// Why a file is not checked whose hash leaves out more than it may.
pub const LEFT_OUT: &str = "they leave parts of the file out";
/// The assertions that bind a manifest to its file in ways that are not checked here.
const OTHER_BINDINGS: [&str; 4] = [
    "c2pa.hash.boxes",
    "c2pa.hash.bmff",
    "c2pa.hash.collection",
    "c2pa.hash.multi-asset",
];

/// What the content credentials of a file say, and how far that can be believed.
#[derive(Debug, PartialEq)]
pub struct Manifest {
    pub signer: Option<Signer>,
    pub validity: Validity,
    pub provenance: Provenance,
    /// The bytes of the file that its hash may leave out.
    pub left_out: Vec<Range<usize>>,
}

/// Whether manifest and file are as they were signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    Valid,
    /// The claim is not what was signed.
    ClaimChanged,
    AssertionChanged,
    FileChanged,
    /// What could not be checked.
    Unchecked(&'static str),
}

/// Reads the active manifest, which is the last; nothing where it is damaged.
pub fn read(located: &Located, file: &[u8]) -> Option<Manifest> {
    let store = Superbox::parse(&located.store)?;
    let manifests = store.superboxes()?;
    let active = manifests.last()?;
    if active.kind != b"c2ma" {
        return Some(Manifest {
            signer: None,
            validity: Validity::Unchecked("they are of a kind that is not read"),
            provenance: Provenance::default(),
            left_out: located.ranges.clone(),
        });
    }
    let parts = active.superboxes()?;
    let part = |kind: &[u8]| parts.iter().find(|part| part.kind == kind);
    let claim_bytes = part(b"c2cl")?.content_of(*b"cbor")?;
    let claim = Value::parse(claim_bytes)?;
    let signature = part(b"c2cs")?.content_of(*b"cbor")?;
    let (signer, outcome) = signature::check(signature, claim_bytes)?;
    let assertions = part(b"c2as")?.superboxes()?;
    let references = references(&claim)?;
    let claimed = Claimed {
        claim: &claim,
        manifest: active.label,
        assertions: &assertions,
    };
    let mut provenance = Provenance::of_claim(&claim);
    let mut validity = match outcome {
        Outcome::Matches => Validity::Valid,
        Outcome::Differs => Validity::ClaimChanged,
        Outcome::Unchecked => Validity::Unchecked("their kind of signature is not known here"),
    };
    let mut bindings = Vec::new();
    // Each assertion is hashed once: a claim that names one again and again is no claim.
    let mut unhashed = located.store.len();
    for reference in references {
        let assertion = match claimed.find(reference) {
            Ok(assertion) => assertion,
            Err(reason) => {
                validity = worse(validity, reason);
                continue;
            }
        };
        unhashed = unhashed.checked_sub(assertion.content.len())?;
        if let Some(reason) = claimed.difference(reference, assertion) {
            validity = worse(validity, reason);
        }
        if assertion.label.starts_with("c2pa.actions") {
            provenance.add_actions(&Value::parse(assertion.content_of(*b"cbor")?)?);
        } else if assertion.label.starts_with("c2pa.hash.data")
            || OTHER_BINDINGS
                .iter()
                .any(|other| assertion.label.starts_with(other))
        {
            bindings.push(assertion);
        }
    }
    validity = worse(validity, claimed.file(&bindings, located, file));
    Some(Manifest {
        signer: Some(signer),
        validity,
        provenance,
        left_out: located.ranges.clone(),
    })
}

/// The first change that is found counts, and any change counts more than what could not be checked.
fn worse(one: Validity, other: Validity) -> Validity {
    match (one, other) {
        (Validity::Valid, other) => other,
        (Validity::Unchecked(_), other)
            if !matches!(other, Validity::Valid | Validity::Unchecked(_)) =>
        {
            other
        }
        (one, _) => one,
    }
}

/// The claim's references to its assertions, of either version of the claim.
fn references<'v, 'a>(claim: &'v Value<'a>) -> Option<Vec<&'v Value<'a>>> {
    let lists = ["assertions", "created_assertions", "gathered_assertions"];
    let all: Vec<_> = lists
        .iter()
        .filter_map(|list| claim.get(list))
        .flat_map(Value::entries)
        .collect();
    (!all.is_empty() && all.len() <= MAX_ASSERTIONS).then_some(all)
}

struct Claimed<'c, 'a> {
    claim: &'c Value<'a>,
    /// The label of the manifest.
    manifest: &'c str,
    assertions: &'c [Superbox<'a>],
}

impl<'a> Claimed<'_, 'a> {
    /// The assertion that a reference names.
    fn find(&self, reference: &Value<'a>) -> Result<&Superbox<'a>, Validity> {
        let path = reference.get("url").and_then(Value::text);
        let path = path
            .and_then(|path| path.strip_prefix("self#jumbf="))
            .ok_or(Validity::Unchecked("parts of them lie outside of the file"))?;
        let label = match path.strip_prefix("/c2pa/") {
            Some(path) => path
                .strip_prefix(self.manifest)
                .and_then(|path| path.strip_prefix('/')),
            None => Some(path),
        };
        label
            .and_then(|label| label.strip_prefix("c2pa.assertions/"))
            .and_then(|label| self.assertions.iter().find(|found| found.label == label))
            .ok_or(Validity::AssertionChanged)
    }

    /// How the assertion is not what the reference says.
    fn difference(&self, reference: &Value<'a>, assertion: &Superbox<'a>) -> Option<Validity> {
        let expected = reference.get("hash").and_then(Value::bytes);
        let Some(found) = self.hash(reference, &[assertion.content]) else {
            return Some(Validity::Unchecked("their kind of hash is not known here"));
        };
        (expected != Some(found.as_slice())).then_some(Validity::AssertionChanged)
    }

    /// The hash of the pieces one after the other, by the algorithm that the item names, or else the claim.
    fn hash(&self, by: &Value<'_>, pieces: &[impl AsRef<[u8]>]) -> Option<Vec<u8>> {
        let algorithm = by.get("alg").or_else(|| self.claim.get("alg"));
        match algorithm.map_or(Some("sha256"), Value::text)? {
            "sha256" => Some(digest::<Sha256>(pieces)),
            "sha384" => Some(digest::<Sha384>(pieces)),
            "sha512" => Some(digest::<Sha512>(pieces)),
            _ => None,
        }
    }

    /// Whether the file is the one that was signed.
    fn file(&self, bindings: &[&Superbox<'a>], located: &Located, file: &[u8]) -> Validity {
        let [assertion] = bindings else {
            return Validity::Unchecked("they are not bound to this file alone");
        };
        let Some(binding) = assertion.content_of(*b"cbor").and_then(Value::parse) else {
            return Validity::AssertionChanged;
        };
        if let Some(reason) = located.unchecked {
            return Validity::Unchecked(reason);
        }
        let is_by_boxes = bmff_hash::is_binding(assertion.label) && !located.boxes.is_empty();
        let found = if assertion.label.starts_with("c2pa.hash.data") {
            covered(&binding, located, file)
                .ok_or(LEFT_OUT)
                .map(|pieces| self.hash(&binding, &pieces))
        } else if is_by_boxes {
            bmff_hash::covered(&binding, located, file).map(|pieces| self.hash(&binding, &pieces))
        } else {
            return Validity::Unchecked("how they are bound to the file is not known here");
        };
        match found {
            Err(reason) => Validity::Unchecked(reason),
            Ok(None) => Validity::Unchecked("their kind of hash is not known here"),
            Ok(Some(found)) if binding.get("hash").and_then(Value::bytes) == Some(&found) => {
                Validity::Valid
            }
            Ok(Some(_)) => Validity::FileChanged,
        }
    }
}

fn digest<D: Digest>(pieces: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut hasher = D::new();
    for piece in pieces {
        hasher.update(piece);
    }
    hasher.finalize().to_vec()
}

/// The bytes that the hash is of. What it leaves out has to lie in the manifest store's own pieces: behind anything else a file
/// could be changed.
fn covered<'f>(binding: &Value<'_>, located: &Located, file: &'f [u8]) -> Option<Vec<&'f [u8]>> {
    let own = joined(&located.ranges);
    let mut pieces = Vec::new();
    let mut at = 0;
    for exclusion in binding.get("exclusions").map_or(&[][..], Value::entries) {
        let start = exclusion.get("start")?.size()?;
        let end = start.checked_add(exclusion.get("length")?.size()?)?;
        own.iter()
            .any(|range| range.start <= start && end <= range.end)
            .then_some(())?;
        pieces.push(file.get(at..start)?);
        at = end;
    }
    pieces.push(file.get(at..)?);
    Some(pieces)
}

/// The ranges, with those that follow one another at once as one.
fn joined(ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => joined.push(range.clone()),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::formats::c2pa::Carrier;
    use crate::attachments::formats::c2pa::jumbf::testing::{boxed, superbox};
    use crate::attachments::formats::c2pa::locate::{Search, locate};
    use crate::attachments::formats::c2pa::tests::fixture;

    fn pieces(exclusions: &[u8]) -> Option<Vec<&'static [u8]>> {
        let located = Located {
            ranges: vec![2..4, 4..6, 8..9],
            ..Located::default()
        };
        let binding = [b"\xa1\x6aexclusions", exclusions].concat();
        covered(&Value::parse(&binding).unwrap(), &located, b"0123456789")
    }

    #[test]
    fn only_the_store_is_left_out() {
        let all: Vec<&[u8]> = vec![b"0123456789"];
        assert_eq!(pieces(b"\x80"), Some(all));
        // `{start: 2, length: 4}` and `{start: 8, length: 1}`
        let two = b"\x82\xa2\x65start\x02\x66length\x04\xa2\x65start\x08\x66length\x01";
        let rest: Vec<&[u8]> = vec![b"01", b"67", b"9"];
        assert_eq!(pieces(two), Some(rest));
        for more in [
            &b"\x81\xa2\x65start\x01\x66length\x04"[..],
            b"\x81\xa2\x65start\x02\x66length\x05",
            b"\x81\xa2\x65start\x00\x66length\x0a",
            b"\x81\xa2\x65start\x20\x66length\x04",
            b"\x82\xa2\x65start\x08\x66length\x01\xa2\x65start\x02\x66length\x04",
            b"\x82\xa2\x65start\x02\x66length\x04\xa2\x65start\x02\x66length\x04",
        ] {
            assert_eq!(pieces(more), None, "{more:?}");
        }
    }

    /// The validity of a store whose claim names its one assertion so often, with the signature of another.
    fn of_repeated(times: u8) -> Option<Validity> {
        let signed = fixture("edited.png");
        let Search::Found(signed) = locate(Carrier::Png, &signed) else {
            return None;
        };
        let store = Superbox::parse(&signed.store)?;
        let parts = store.superboxes()?.first()?.superboxes()?;
        let signature = parts.last()?.content_of(*b"cbor")?;
        let reference = b"\xa2\x63url\x78\x1cself#jumbf=c2pa.assertions/a\x64hash\x41x";
        let claim = [
            b"\xa1\x6aassertions",
            &[0x80 | times][..],
            &reference.repeat(usize::from(times)),
        ]
        .concat();
        let assertion = superbox(*b"cbor", "a", &boxed(*b"cbor", &[0; 4_000]));
        let boxes = [
            superbox(*b"c2as", "c2pa.assertions", &assertion),
            superbox(*b"c2cl", "c2pa.claim", &boxed(*b"cbor", &claim)),
            superbox(*b"c2cs", "c2pa.signature", &boxed(*b"cbor", signature)),
        ]
        .concat();
        let located = Located {
            store: superbox(*b"c2pa", "c2pa", &superbox(*b"c2ma", "m", &boxes)),
            ..Located::default()
        };
        Some(read(&located, b"file")?.validity)
    }

    #[test]
    fn assertions_are_hashed_once() {
        assert_eq!(of_repeated(1), Some(Validity::ClaimChanged));
        assert_eq!(of_repeated(20), None);
    }
}
