use super::manifest::Validity;
use super::{Carrier, Credentials, of};
use crate::attachments::extractor::is_sound;
use crate::attachments::formats::picture::testing::png_of;
use crate::attachments::garbled_tests::{Seeded, garble};
use crate::attachments::recognise::PictureKind;
use crate::attachments::testing::verdict;
use crate::attachments::{Reading, read_here};
use clara_domain::verdict::Verdict;
use proptest::prelude::*;

const SIGNED: &str = "The picture's content credentials are signed with a certificate issued to Example Camera Ltd by Example Roots \
    (not checked against a trust list).";
const VALID: &str =
    "The content credentials are valid: neither they nor the picture were changed after signing.";

/// A picture that was signed by a program of others: `tests/fixtures/content_credentials/make`.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/content_credentials");
    std::fs::read(folder.join(name)).unwrap()
}

fn read(name: &str) -> Reading {
    let reading = read_here(name, &fixture(name));
    assert!(is_sound(&reading), "{reading:?}");
    reading
}

fn validity(kind: PictureKind, bytes: &[u8]) -> Option<Validity> {
    match of(kind, bytes) {
        Credentials::Found(manifest) => Some(manifest.validity),
        _ => None,
    }
}

fn reasons(reading: &Reading) -> String {
    let reasons = reading.unread.iter().map(|unread| unread.reason.as_str());
    reasons.collect::<Vec<_>>().join("\n")
}

#[test]
fn valid_credentials_are_sentences() {
    let made = "By its content credentials, the picture was";
    let created = format!("{made} created on 3 May 2024 at 10:22 UTC.");
    let with = format!("{made} made with Example Generator 1.0.");
    let edited = format!("{made} edited: it was cropped and adjusted in its colours.");
    let captured = format!("{made} captured by a digital camera.");
    let intelligence = format!("{made} made by artificial intelligence.");
    let generative = format!("{made} made by generative AI (trainedAlgorithmicMedia).");
    let by_camera = format!("{made} made with Example Camera 7.");
    let parts = "By its content credentials, parts of the picture were made by generative AI.";
    for (name, said) in [
        (
            "made_by_ai.jpg",
            vec![&with, &created, &intelligence, &generative],
        ),
        ("edited.png", vec![&with, &created, &edited, &captured]),
        ("captured.webp", vec![&with, &created, &captured]),
        ("edited.tif", vec![&with, &created, &edited, &captured]),
        (
            "first_version.jpg",
            vec![&with, &created, &edited, &captured],
        ),
        (
            "partly_by_ai.png",
            vec![
                &by_camera,
                &created,
                &format!("{made} edited."),
                &parts.to_owned(),
                &captured,
            ],
        ),
    ] {
        let reading = read(name);
        let lines: Vec<&str> = reading.text.lines().skip(1).collect();
        let expected: Vec<&str> = [VALID, SIGNED]
            .into_iter()
            .chain(said.into_iter().map(String::as_str))
            .collect();
        assert_eq!(lines, expected, "{name}");
        assert!(!reasons(&reading).contains("EXIF or XMP"), "{name}");
    }
}

#[test]
fn claims_on_credentials_are_decided() {
    use Verdict::{Refuted, Supported};
    for (name, claim, expected) in [
        ("made_by_ai.jpg", "The picture was made by AI.", Supported),
        (
            "made_by_ai.jpg",
            "The picture was made by generative AI.",
            Supported,
        ),
        (
            "made_by_ai.jpg",
            "The picture was made by artificial intelligence.",
            Supported,
        ),
        (
            "made_by_ai.jpg",
            "The picture was made with Example Generator.",
            Supported,
        ),
        (
            "made_by_ai.jpg",
            "The picture was created on 3 May 2024.",
            Supported,
        ),
        (
            "made_by_ai.jpg",
            "The content credentials are valid.",
            Supported,
        ),
        (
            "made_by_ai.jpg",
            "The content credentials are not valid.",
            Refuted,
        ),
        (
            "made_by_ai.jpg",
            "The picture was changed after signing.",
            Refuted,
        ),
        ("edited.png", "The picture was edited.", Supported),
        ("edited.png", "The picture was cropped.", Supported),
        ("edited.png", "The picture was never cropped.", Refuted),
        (
            "edited.png",
            "The picture was captured by a digital camera.",
            Supported,
        ),
        (
            "partly_by_ai.png",
            "Parts of the picture were made by AI.",
            Supported,
        ),
        (
            "pixel_changed.jpg",
            "The content credentials are valid.",
            Refuted,
        ),
        (
            "pixel_changed.jpg",
            "The content credentials are not valid.",
            Supported,
        ),
    ] {
        assert_eq!(
            verdict(claim, name, &read(name)),
            expected,
            "{name}: {claim}"
        );
    }
}

#[test]
fn near_misses_of_credentials_stay_open() {
    for (name, claims) in [
        (
            "made_by_ai.jpg",
            &[
                "The picture was made by a person.",
                "The picture was signed by Example Camera Ltd.",
                "The picture was signed by Another Camera Ltd.",
                "The picture was made by Example Camera Ltd.",
                "The certificate is trusted.",
                "The picture was edited.",
                "The picture was made with Example Generator 2.0.",
                "The picture was taken on 3 May 2024.",
                "Example Roots made the picture.",
            ][..],
        ),
        (
            "edited.png",
            &[
                "The picture was resized.",
                "The picture was made by AI.",
                "The picture was edited by AI.",
                "The picture was edited with Example Generator.",
            ],
        ),
        (
            "captured.webp",
            &[
                "The picture was edited.",
                "The picture was cropped.",
                "The picture was made by AI.",
            ],
        ),
        (
            "partly_by_ai.png",
            &[
                "The picture was made by AI.",
                "The picture was made by artificial intelligence.",
            ],
        ),
        (
            "claim_changed.jpg",
            &[
                "The picture was changed after signing.",
                "The picture was changed.",
            ],
        ),
        (
            "assertion_changed.png",
            &["The picture was changed after signing."],
        ),
    ] {
        let reading = read(name);
        for claim in claims {
            let given = verdict(claim, name, &reading);
            assert_eq!(given, Verdict::NotEnoughEvidence, "{name}: {claim}");
        }
    }
}

#[test]
fn what_was_changed_is_no_evidence() {
    for (name, told) in [
        (
            "pixel_changed.jpg",
            "The content credentials are not valid: the picture's file was changed after signing.",
        ),
        (
            "assertion_changed.png",
            "The content credentials are not valid: what they say was changed after signing.",
        ),
        (
            "claim_changed.jpg",
            "The content credentials are not valid: their signature does not fit what they say.",
        ),
        ("unchecked.png", ""),
    ] {
        let reading = read(name);
        assert!(reading.text.contains(told), "{}", reading.text);
        assert!(!reading.text.contains(VALID), "{}", reading.text);
        let [place] = reading.places.as_slice() else {
            panic!("{name}: {:?}", reading.places);
        };
        let untrusted: String = reading.text.chars().skip(place.start).collect();
        assert!(
            place.is_comment && untrusted.starts_with(SIGNED),
            "{name}: {place:?}"
        );
        for claim in [
            "The picture was made by AI.",
            "The picture was not made by AI.",
            "The picture was made by artificial intelligence.",
            "The picture was made with Example Generator.",
            "The picture was made with Another Generator.",
            "The picture was created on 3 May 2024.",
            "The picture was created in 2023.",
            "The picture was edited.",
            "The picture was never resized.",
            "The picture was captured by a digital camera.",
            "The content credentials say that the picture was made by AI.",
            "The picture's content credentials are signed with a certificate issued to Example Camera Ltd.",
        ] {
            let given = verdict(claim, name, &reading);
            assert_eq!(given, Verdict::NotEnoughEvidence, "{name}: {claim}");
        }
    }
}

#[test]
fn unknown_signatures_are_not_checked() {
    let reading = read("unchecked.png");
    assert!(
        reasons(&reading).contains("not checked, for their kind of signature is not known here"),
        "{reading:?}"
    );
    assert_eq!(
        reading.places[0].label.as_deref(),
        Some("content credentials that are not checked")
    );
}

#[test]
fn credentials_of_another_picture_are_invalid() {
    let signed = fixture("edited.png");
    let at = signed.windows(4).position(|kind| kind == b"caBX").unwrap();
    let length = u32::from_be_bytes(signed[at - 4..at].try_into().unwrap());
    let store = &signed[at + 4..at + 4 + usize::try_from(length).unwrap()];
    let other = png_of(40, 30, &[(b"caBX", store)]);
    assert_eq!(
        validity(PictureKind::Png, &other),
        Some(Validity::FileChanged)
    );
    // The same bytes with something behind them are another file.
    let longer = [signed.as_slice(), b"\n"].concat();
    assert_eq!(
        validity(PictureKind::Png, &longer),
        Some(Validity::FileChanged)
    );
    let two = png_of(40, 30, &[(b"caBX", store), (b"caBX", store)]);
    assert_eq!(of(PictureKind::Png, &two), Credentials::Damaged);
    assert!(reasons(&read_here("a.png", &two)).contains("damaged"));
}

#[test]
fn other_kinds_of_credentials_are_told() {
    // An update of a manifest is bound to no picture of its own.
    let signed = fixture("edited.png");
    let at = signed.windows(4).position(|kind| kind == b"c2ma").unwrap();
    let mut update = signed.clone();
    update[at..at + 4].copy_from_slice(b"c2um");
    assert!(matches!(
        validity(PictureKind::Png, &update),
        Some(Validity::Unchecked(_))
    ));
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x23uuid\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81\0\0\0\0update\0";
    assert!(reasons(&read_here("a.heic", heic)).contains("that update others"));
}

#[test]
fn garbled_credentials_have_a_sound_answer() {
    let mut seeded = Seeded(0x2545_f491_4f6c_dd1d);
    for name in [
        "made_by_ai.jpg",
        "edited.png",
        "captured.webp",
        "edited.tif",
        "first_version.jpg",
    ] {
        let whole = fixture(name);
        for round in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..=round / 20 {
                bytes = garble(&bytes, &mut seeded);
            }
            assert!(is_sound(&read_here(name, &bytes)), "{name}: {bytes:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Padding, types of boxes and their like may change; whatever is told may not.
    #[test]
    fn a_changed_byte_is_not_believed(at in any::<prop::sample::Index>(), change in 1_u8.., choice in 0_usize..9) {
        let (name, kind) = [
            ("made_by_ai.jpg", Carrier::Jpeg),
            ("edited.png", Carrier::Png),
            ("captured.webp", Carrier::Riff),
            ("captured.wav", Carrier::Riff),
            ("edited.tif", Carrier::Tiff),
            ("made_by_ai.heic", Carrier::BaseMedia),
            ("captured.avif", Carrier::BaseMedia),
            ("edited.mp4", Carrier::BaseMedia),
            ("captured.m4a", Carrier::BaseMedia),
        ][choice];
        let whole = fixture(name);
        let mut bytes = whole.clone();
        bytes[at.index(whole.len())] ^= change;
        let found = of(kind, &bytes);
        if let Credentials::Found(manifest) = &found && manifest.validity == Validity::Valid {
            prop_assert_eq!(&found, &of(kind, &whole));
        }
    }
}
