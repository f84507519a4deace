//! Words in pictures and on scanned pages are read by programs of other makers, each confined, and what they are not sure of is not
//! taken. The pictures are made by `tests/fixtures/pictures/make`.

mod confinement;

use std::time::{Duration, Instant};

use clara::analysis::attachments::{Extractor, INSTALL_ON_DEBIAN, OcrTools};
use clara::analysis::report::Report;
use clara::domain::evidence::ReadBy;
use clara::domain::verdict::Verdict;
use clara_test_support::parts::are_installed;
use clara_test_support::root;

use crate::extracted::{self, NOW, attachment, read, reasons};

const SENTENCES: [&str; 3] = [
    "The Ardmoor Bridge was opened in 1933.",
    "It is 412 metres long and cost 4.6 million pounds.",
    "The ferry was not given up in 1940, although the town had asked for it.",
];

async fn report_on(extractor: &Extractor, text: &str, file: &str) -> Report {
    extracted::report_on(extractor, text, attachment(file, fixture(file))).await
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/fixtures/pictures").join(name)).unwrap()
}

fn without_tools() -> Extractor {
    let tools = OcrTools::find(Some("".as_ref()));
    Extractor::new(clara_test_support::clara()).with_ocr(tools)
}

/// An extractor that reads pictures, or nothing where this machine has no programs for it.
fn extractor() -> Option<Extractor> {
    are_installed(&["tesseract", "pdftoppm"]).then(|| {
        let tools = OcrTools::find(std::env::var_os("PATH").as_deref());
        assert!(tools.reads_pages(), "{tools:?}");
        Extractor::new(clara_test_support::clara()).with_ocr(tools)
    })
}

#[tokio::test]
async fn pictures_of_each_kind_give_their_words() {
    let Some(extractor) = extractor() else { return };
    for name in [
        "bridge.png",
        "bridge.jpg",
        "bridge.webp",
        "bridge.gif",
        "bridge.tiff",
        "bridge.bmp",
        "turned.png",
    ] {
        let source = read(&extractor, name, fixture(name)).await;
        for sentence in SENTENCES {
            assert!(
                source.text.as_str().contains(sentence),
                "{name}: {source:?}"
            );
        }
        assert!(source.text.as_str().starts_with("The picture is"), "{name}");
        assert_eq!(source.read_by(), Some(ReadBy::Ocr));
        let at = source.text.as_str().find(SENTENCES[1]).unwrap();
        let span = source.text.span_of(at..at + SENTENCES[1].len());
        let label = source.place_label(span.start, None).unwrap();
        assert!(label.contains("by OCR, 9"), "{name}: {label}");
        assert!(source.reading_confidence(span).unwrap() >= 0.9);
        assert!(!reasons(&source).contains("Words"), "{}", reasons(&source));
    }
}

#[tokio::test]
async fn verdicts_are_no_surer_than_ocr() {
    let Some(extractor) = extractor() else { return };
    for (file, claim, verdict) in [
        ("bridge.png", SENTENCES[0], Verdict::Supported),
        (
            "bridge.png",
            "The Ardmoor Bridge was opened in 1938.",
            Verdict::Refuted,
        ),
        ("scan.pdf", SENTENCES[0], Verdict::Supported),
        (
            "scan.pdf",
            "The Ardmoor Bridge was opened in 1938.",
            Verdict::Refuted,
        ),
    ] {
        let report = report_on(&extractor, claim, file).await;
        let claim = &report.claims[0];
        assert_eq!(claim.verdict, verdict, "{file}: {}", claim.text);
        assert_eq!(report.sources[0].read_by, Some(ReadBy::Ocr));
        let quote = &claim.evidence[0];
        let place = quote.place.as_deref().unwrap();
        assert!(place.contains("by OCR, 9"), "{place}");
        assert!(claim.confidence <= 0.92);
        assert_eq!(quote.page.is_some(), file == "scan.pdf");
    }
}

#[tokio::test]
async fn doubtful_words_support_nothing() {
    let Some(extractor) = extractor() else { return };
    let source = read(&extractor, "doubtful.png", fixture("doubtful.png")).await;
    assert!(source.text.as_str().contains(SENTENCES[0]));
    // Its "412" is passed over, and the words around it are no sentence without it.
    assert!(
        !source.text.as_str().contains("metres"),
        "{}",
        source.text.as_str()
    );
    assert!(
        reasons(&source).contains("not make out 1 word"),
        "{}",
        reasons(&source)
    );
    let source = read(&extractor, "blurred.png", fixture("blurred.png")).await;
    assert_eq!(source.read_by(), None, "{}", source.text.as_str());
    assert!(
        reasons(&source).contains("OCR is only"),
        "{}",
        reasons(&source)
    );
}

#[tokio::test]
async fn scanned_pages_are_read_with_their_number() {
    let Some(extractor) = extractor() else { return };
    let source = read(&extractor, "scan.pdf", fixture("scan.pdf")).await;
    for sentence in SENTENCES {
        assert!(source.text.as_str().contains(sentence), "{source:?}");
    }
    assert_eq!(source.place_of(0), (Some(1), None));
    let label = source.place_label(0, None).unwrap();
    assert!(label.starts_with("by OCR, 9"), "{label}");
    let share = source.read.unwrap();
    assert_eq!((share.read, share.of), (2, 2));
    assert_eq!(source.unread.len(), 1);
    assert_eq!(source.unread[0].page, Some(2));
    assert!(source.unread[0].reason.contains("no words"));
}

#[tokio::test]
async fn missing_tools_are_named_with_the_line() {
    let extractor = without_tools();
    for (name, pages) in [("bridge.png", 0), ("scan.pdf", 2)] {
        let source = read(&extractor, name, fixture(name)).await;
        assert!(reasons(&source).contains(INSTALL_ON_DEBIAN), "{name}");
        let named = source.unread.iter().filter(|unread| unread.page.is_some());
        assert_eq!(named.count(), pages, "{name}");
        assert_eq!(source.read_by(), None);
    }
    let report = report_on(&extractor, SENTENCES[0], "scan.pdf").await;
    assert_eq!(report.claims[0].verdict, Verdict::NotEnoughEvidence);
}

/// A PNG file's head that claims so many pixels, and nothing behind it.
fn claimed_png(side: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(side.to_be_bytes());
    bytes.extend(side.to_be_bytes());
    bytes.extend(b"\x08\0\0\0\0\0\0\0\0");
    bytes
}

#[tokio::test]
async fn huge_pictures_are_not_decoded() {
    let Some(extractor) = extractor() else { return };
    let began = Instant::now();
    let source = read(&extractor, "a.png", claimed_png(100_000)).await;
    assert!(reasons(&source).contains("50 million pixels"));
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn broken_pictures_have_an_answer() {
    let Some(extractor) = extractor() else { return };
    let mut cut = fixture("scan.pdf");
    cut.truncate(3_000);
    let half = |name: &str| {
        let mut bytes = fixture(name);
        bytes.truncate(bytes.len() / 2);
        bytes
    };
    for (name, bytes) in [
        ("claimed.png", claimed_png(7_000)),
        ("half.png", half("bridge.png")),
        ("half.jpg", half("bridge.jpg")),
        ("half.tiff", half("bridge.tiff")),
        ("half.webp", half("bridge.webp")),
        ("cut.pdf", cut),
    ] {
        let source = read(&extractor, name, bytes).await;
        assert!(!source.unread.is_empty(), "{name}: {source:?}");
    }
}
