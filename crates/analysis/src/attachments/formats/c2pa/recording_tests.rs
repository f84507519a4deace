//! Content credentials of ISO base media files, signed by a program of others.

use super::manifest::Validity;
use super::tests::fixture;
use super::{Carrier, Credentials, of};
use crate::attachments::extractor::is_sound;
use crate::attachments::garbled_tests::{Seeded, garble};
use crate::attachments::testing::verdict;
use crate::attachments::{Reading, read_here};
use clara_domain::verdict::Verdict;

/// Files and what each is called.
const VALID: [(&str, &str); 6] = [
    ("made_by_ai.heic", "picture"),
    ("captured.avif", "picture"),
    ("edited.mp4", "video"),
    ("made_by_ai.mov", "video"),
    ("captured.m4a", "recording"),
    ("captured.wav", "recording"),
];

fn read(name: &str) -> Reading {
    let reading = read_here(name, &fixture(name));
    assert!(is_sound(&reading), "{reading:?}");
    reading
}

fn reasons(reading: &Reading) -> String {
    let reasons = reading.unread.iter().map(|unread| unread.reason.as_str());
    reasons.collect::<Vec<_>>().join("\n")
}

fn validity(bytes: &[u8]) -> Option<Validity> {
    match of(Carrier::BaseMedia, bytes) {
        Credentials::Found(manifest) => Some(manifest.validity),
        _ => None,
    }
}

/// Where the box of this kind begins at the top level.
fn place_of(kind: [u8; 4], bytes: &[u8]) -> usize {
    let mut at = 0;
    while bytes[at + 4..at + 8] != kind {
        at += usize::try_from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap();
    }
    at
}

#[test]
fn films_and_sound_have_valid_credentials() {
    for (name, word) in VALID {
        let reading = read(name);
        for sentence in [
            format!(
                "The content credentials are valid: neither they nor the {word} were changed after signing."
            ),
            format!(
                "The {word}'s content credentials are signed with a certificate issued to Example Camera Ltd by Example Roots"
            ),
            format!("By its content credentials, the {word} was made with Example Generator 1.0."),
            format!(
                "By its content credentials, the {word} was created on 3 May 2024 at 10:22 UTC."
            ),
        ] {
            assert!(reading.text.contains(&sentence), "{name}: {}", reading.text);
        }
        assert!(reading.places.is_empty(), "{name}: {:?}", reading.places);
    }
    let heard = read("captured.m4a");
    assert!(heard.text.contains("was captured by a digital recorder."));
    let film = read("edited.mp4");
    assert!(
        film.text
            .contains("the video was edited: it was trimmed and adjusted in its colours.")
    );
    assert!(
        film.text.contains("The video is in the format MP4."),
        "{}",
        film.text
    );
}

#[test]
fn claims_on_films_are_decided() {
    use Verdict::{NotEnoughEvidence, Refuted, Supported};
    for (name, claim, expected) in [
        ("made_by_ai.mov", "The video was made by AI.", Supported),
        (
            "made_by_ai.mov",
            "The video was made by artificial intelligence.",
            Supported,
        ),
        (
            "made_by_ai.mov",
            "The video was made with Example Generator.",
            Supported,
        ),
        (
            "made_by_ai.mov",
            "The content credentials are valid.",
            Supported,
        ),
        (
            "made_by_ai.mov",
            "The content credentials are not valid.",
            Refuted,
        ),
        ("edited.mp4", "The video was edited.", Supported),
        ("edited.mp4", "The video was trimmed.", Supported),
        ("edited.mp4", "The video was made by AI.", NotEnoughEvidence),
        (
            "captured.m4a",
            "The recording was created on 3 May 2024.",
            Supported,
        ),
        (
            "captured.m4a",
            "The recording was edited.",
            NotEnoughEvidence,
        ),
        (
            "film_changed.mp4",
            "The content credentials are valid.",
            Refuted,
        ),
        (
            "film_changed.mp4",
            "The video was edited.",
            NotEnoughEvidence,
        ),
        ("in_pieces.mp4", "The video was edited.", NotEnoughEvidence),
    ] {
        let given = verdict(claim, name, &read(name));
        assert_eq!(given, expected, "{name}: {claim}");
    }
}

#[test]
fn changed_films_are_no_evidence() {
    let changed = read("film_changed.mp4");
    assert!(
        changed
            .text
            .contains("not valid: the video's file was changed after signing."),
        "{}",
        changed.text
    );
    let place = changed.places.last().unwrap();
    assert!(place.is_comment, "{place:?}");
    // Hashes of pieces are none that are checked.
    let in_pieces = read("in_pieces.mp4");
    assert!(
        reasons(&in_pieces).contains("not checked, for they are bound to the pieces"),
        "{in_pieces:?}"
    );
    assert!(!in_pieces.text.contains("are valid"), "{}", in_pieces.text);
    assert!(in_pieces.places.last().unwrap().is_comment);
}

#[test]
fn films_with_odd_boxes_are_not_believed() {
    let film = fixture("edited.mp4");
    assert_eq!(validity(&film), Some(Validity::Valid));
    let store = place_of(*b"uuid", &film)..place_of(*b"free", &film);
    let twice = [&film[..store.end], &film[store.start..]].concat();
    assert_eq!(of(Carrier::BaseMedia, &twice), Credentials::Damaged);
    let behind = [&film[..], &film[store.clone()]].concat();
    assert_eq!(of(Carrier::BaseMedia, &behind), Credentials::Damaged);
    let cut = &film[..film.len() - 1];
    assert!(matches!(validity(cut), Some(Validity::Unchecked(_))));
    let nested = b"\0\0\x40\0moov".repeat(2_000);
    let with = |more: &[u8]| validity(&[&film[..], more].concat());
    // Free space means nothing, as long as nothing is in it.
    assert_eq!(with(b"\0\0\0\x09free\0"), Some(Validity::Valid));
    assert_eq!(with(b"\0\0\0\x08moov"), Some(Validity::FileChanged));
    for more in [
        &b"\0\0\0\x09freex"[..],
        b"\0\0\0\0freex",
        b"\0\0\0\x08ftyp",
        b"\0\0\0\x01free\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\0\0\0\x07free",
        &nested,
    ] {
        let found = with(more);
        assert!(matches!(found, Some(Validity::Unchecked(_))), "{found:?}");
    }
    // Moved, with all that points to it.
    let shifted = [&film[..store.end], b"\0\0\0\x08free", &film[store.end..]].concat();
    assert_eq!(validity(&shifted), Some(Validity::FileChanged));
}

#[test]
fn metadata_in_unsigned_parts_is_not_read() {
    let picture = fixture("made_by_ai.heic");
    let packet = b"<x:xmpmeta><rdf:RDF><rdf:Description xmp:CreateDate='2011-02-03' photoshop:City='Brask'/></rdf:RDF></x:xmpmeta>";
    let boxed = |kind: &[u8]| {
        let length = u32::try_from(packet.len() + 8).unwrap().to_be_bytes();
        [&picture[..], &length, kind, packet].concat()
    };
    // The standard has the index of fragments left out of the hash.
    let left_out = boxed(b"mfra");
    assert_eq!(validity(&left_out), Some(Validity::Valid));
    assert_eq!(
        read_here("a.heic", &left_out).text,
        read("made_by_ai.heic").text
    );
    let hashed = boxed(b"uuid");
    assert_eq!(validity(&hashed), Some(Validity::FileChanged));
    assert!(read_here("a.heic", &hashed).text.contains("Brask"));
}

#[test]
fn garbled_films_have_a_sound_answer() {
    let mut seeded = Seeded(0x9e37_79b9_7f4a_7c15);
    for (name, _) in VALID {
        let whole = fixture(name);
        for round in 0..40 {
            let mut bytes = whole.clone();
            for _ in 0..=round / 15 {
                bytes = garble(&bytes, &mut seeded);
            }
            assert!(is_sound(&read_here(name, &bytes)), "{name}: {bytes:?}");
        }
    }
}
