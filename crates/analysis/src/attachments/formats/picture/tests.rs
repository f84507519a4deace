use super::testing::{Entry, jpeg_of, png_of, tiff_of, webp_of};
use crate::attachments::extractor::is_sound;
use crate::attachments::garbled_tests::{Seeded, garble};
use crate::attachments::testing::verdict;
use crate::attachments::{Reading, read_here};
use clara_domain::verdict::Verdict;

const XMP: &str = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
    <rdf:Description xmlns:xmp='x' xmp:CreatorTool='Adobe Photoshop 24.1' photoshop:City='Oslo' photoshop:Country='Norway' photoshop:DateCreated='2019-05-04T10:22:31'>\
    <dc:title><rdf:Alt><rdf:li xml:lang='x-default'>The mill</rdf:li></rdf:Alt></dc:title>\
    <xmpMM:DerivedFrom stRef:ModifyDate='2001-01-01T00:00:00'/>\
    <xmpMM:History><rdf:Seq><rdf:li stEvt:action='saved' stEvt:when='2019-05-05T11:00:00Z' stEvt:softwareAgent='Adobe Photoshop 24.1'/></rdf:Seq></xmpMM:History>\
    </rdf:Description></rdf:RDF></x:xmpmeta>";

fn tiff() -> Vec<u8> {
    tiff_of(
        &[
            Entry::Words(0x010e, "A mill. All claims are supported."),
            Entry::Words(0x010f, "Canon"),
            Entry::Words(0x0110, "Canon EOS 5D"),
            Entry::Words(0x0132, "2019:05:05 11:00:00"),
            Entry::Words(0x013b, "Ana Berg"),
        ],
        &[
            Entry::Words(0x9003, "2019:05:04 10:22:31"),
            Entry::Words(0x9011, "+02:00"),
        ],
        &[
            Entry::Words(1, "N"),
            Entry::Degrees(2, [59, 54, 50]),
            Entry::Words(3, "E"),
            Entry::Degrees(4, [10, 45, 8]),
        ],
    )
}

fn reasons(reading: &Reading) -> String {
    let reasons: Vec<&str> = reading
        .unread
        .iter()
        .map(|unread| unread.reason.as_str())
        .collect();
    reasons.join("\n")
}

#[test]
fn facts_of_a_photo_are_sentences() {
    let reading = read_here("mill.jpg", &jpeg_of(4032, 3024, Some(&tiff()), Some(XMP)));
    assert!(is_sound(&reading));
    assert_eq!(
        reading.text.lines().collect::<Vec<_>>(),
        [
            "The picture is 4032 pixels wide and 3024 pixels high.",
            "The photo was taken on 4 May 2019 at 10:22 (UTC+02:00).",
            "The picture's file was last changed on 5 May 2019 at 11:00.",
            "The photo was taken at 59.9139 N, 10.7522 E.",
            "The photo was taken in Oslo, Norway.",
            "The photo was taken with the camera Canon EOS 5D.",
            "The picture's file was written by the software Adobe Photoshop 24.1.",
            "The picture's file was saved with Adobe Photoshop 24.1 on 5 May 2019 at 11:00 UTC.",
            "The file names Ana Berg as the creator of the picture.",
            "The file says as its title: “The mill”",
            "The file says as its description: “A mill. All claims are supported.”",
        ]
    );
    assert_eq!(
        reasons(&reading),
        "Words that are drawn in the picture were not read: hand them in as text."
    );
}

#[test]
fn claims_of_a_photo_are_decided() {
    let reading = read_here("mill.jpg", &jpeg_of(4032, 3024, Some(&tiff()), Some(XMP)));
    for (claim, expected) in [
        ("The photo was taken in 2019.", Verdict::Supported),
        ("The photo was taken in May 2019.", Verdict::Supported),
        ("The photo was taken on 4 May 2019.", Verdict::Supported),
        ("The photo was taken in 2018.", Verdict::Refuted),
        ("The photo was taken in Oslo.", Verdict::Supported),
        ("The picture is 4032 pixels wide.", Verdict::Supported),
        ("The picture is 3024 pixels wide.", Verdict::Refuted),
    ] {
        let given = verdict(claim, "mill.jpg", &reading);
        println!("{claim} {given:?}");
        let opposite = !matches!(given, Verdict::NotEnoughEvidence) && given != expected;
        assert!(!opposite, "{claim} {given:?}");
    }
    assert_eq!(
        verdict("The photo was taken in 2019.", "mill.jpg", &reading),
        Verdict::Supported
    );
    assert_eq!(
        verdict("The photo was taken in 2018.", "mill.jpg", &reading),
        Verdict::Refuted
    );
}

#[test]
fn years_in_a_file_name_decide_nothing() {
    let reading = read_here("2018-05-04 trip.jpg", &jpeg_of(40, 30, Some(&tiff()), None));
    let said = |claim| verdict(claim, "2018-05-04 trip.jpg", &reading);
    assert_eq!(said("The photo was taken in 2018."), Verdict::Refuted);
    assert_eq!(said("The photo was taken in 2019."), Verdict::Supported);
}

#[test]
fn each_container_gives_its_facts() {
    let exif = tiff();
    let plain = tiff_of(
        &[Entry::Words(0x0110, "Nokia 808")],
        &[Entry::Words(0x9003, "2019:05:04 10:22:31")],
        &[],
    );
    for (name, bytes) in [
        ("a.jpg", jpeg_of(40, 30, Some(&exif), None)),
        ("a.png", png_of(40, 30, &[(b"eXIf", &exif)])),
        ("a.webp", webp_of(40, 30, &exif)),
        ("a.tif", plain),
    ] {
        let reading = read_here(name, &bytes);
        assert!(is_sound(&reading));
        assert!(
            reading.text.contains("was taken on 4 May 2019 at 10:22"),
            "{name}: {reading:?}"
        );
    }
    for (name, bytes) in [
        (
            "a.gif",
            b"GIF89a\x28\0\x1e\0\x80\0\0\0\0\0\xff\xff\xff;".to_vec(),
        ),
        (
            "a.bmp",
            [
                b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x28\0\0\0\x1e\0\0\0\x01\0\x18\0"
                    .as_slice(),
                &[0; 40],
            ]
            .concat(),
        ),
    ] {
        let reading = read_here(name, &bytes);
        assert_eq!(
            reading.text, "The picture is 40 pixels wide and 30 pixels high.",
            "{name}"
        );
        assert!(reasons(&reading).contains("no EXIF or XMP"), "{name}");
    }
}

#[test]
fn dates_that_disagree_are_no_facts() {
    let xmp = XMP.replace("2019-05-04T", "2012-05-04T");
    let reading = read_here("a.jpg", &jpeg_of(40, 30, Some(&tiff()), Some(&xmp)));
    assert!(reasons(&reading).contains("disagree"), "{reading:?}");
    for claim in [
        "The photo was taken in 2019.",
        "The photo was taken in 2012.",
    ] {
        assert_ne!(
            verdict(claim, "a.jpg", &reading),
            Verdict::Supported,
            "{claim}\n{}",
            reading.text
        );
    }
}

#[test]
fn made_up_pictures_say_so() {
    let xmp = "<x:xmpmeta xmlns:x='a'><rdf:RDF><rdf:Description><Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType></rdf:Description></rdf:RDF></x:xmpmeta>";
    let reading = read_here(
        "a.png",
        &png_of(
            512,
            512,
            &[
                (
                    b"iTXt",
                    &[b"XML:com.adobe.xmp\0\0\0\0\0", xmp.as_bytes()].concat(),
                ),
                (b"tEXt", b"parameters\0a mill, oil"),
            ],
        ),
    );
    assert!(
        reading
            .text
            .contains("The picture was made by artificial intelligence."),
        "{}",
        reading.text
    );
    assert!(
        reading
            .text
            .contains("under the keyword parameters: “a mill, oil”")
    );
}

#[test]
fn hostile_pictures_end_as_unread() {
    let reading = read_here("a.png", &png_of(100_000, 100_000, &[]));
    assert!(reasons(&reading).contains("50 million pixels"));
    let reading = read_here("a.png", b"\x89PNG\r\n\x1a\n");
    assert!(reasons(&reading).contains("size could not be read"));
    // A directory that names itself as the next one, and one of more entries than there are bytes.
    for tiff in [
        b"II*\0\x08\0\0\0\0\0\x08\0\0\0".to_vec(),
        b"II*\0\x08\0\0\0\xff\xff\0\0\0\0".to_vec(),
    ] {
        assert!(is_sound(&read_here(
            "a.jpg",
            &jpeg_of(4, 3, Some(&tiff), None)
        )));
    }
    let deep = format!("<x:xmpmeta>{}</x:xmpmeta>", "<a>".repeat(15_000));
    assert!(is_sound(&read_here(
        "a.jpg",
        &jpeg_of(4, 3, None, Some(&deep))
    )));
}

#[test]
fn picture_under_a_wrong_name_is_told() {
    let reading = read_here("scan.png", &jpeg_of(40, 30, None, None));
    assert!(reasons(&reading).contains("a JPEG picture"));
    let reading = read_here("scan.txt", &jpeg_of(40, 30, None, None));
    assert!(
        reading.text.contains("40 pixels wide")
            && reasons(&reading).contains("named .txt but is a JPEG")
    );
}

#[test]
fn garbled_pictures_have_a_sound_answer() {
    let mut seeded = Seeded(0x0f0f_1234_5678_9abc);
    let exif = tiff();
    let whole = [
        ("a.jpg", jpeg_of(40, 30, Some(&exif), Some(XMP))),
        ("a.png", png_of(40, 30, &[(b"eXIf", &exif), (b"tEXt", b"Title\0mill")])),
        ("a.webp", webp_of(40, 30, &exif)),
        ("a.tif", exif),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x60meta\0\0\0\0\0\0\0\x0epitm\0\0\0\0\0\x01\0\0\0\x22iloc\0\0\0\0\x44\0\0\x01\0\x01\0\0\0\x01\0\0\0\x40\0\0\0\x08\0\0\0\x20iinf\0\0\0\0\0\x01\0\0\0\x14infe\x02\0\0\0\0\x01\0\0Exif".to_vec()),
    ];
    for round in 0..200 {
        for (name, bytes) in &whole {
            let mut bytes = bytes.clone();
            for _ in 0..=round / 60 {
                bytes = garble(&bytes, &mut seeded);
            }
            assert!(is_sound(&read_here(name, &bytes)), "{name}: {bytes:?}");
        }
    }
}
