//! What is read out of files: the sample, PDFs that no program would write, and any bytes at all.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use clara::analysis::attachments::{EXTRACTION_TIMEOUT, Extractor, MAX_PAGES, Reading, read_here};
use clara::domain::clock::Timestamp;
use clara::domain::evidence::Source;
use clara::domain::submission::Attachment;
use clara_pdf_writer::{Page, Pdf, document};
use pdf_oxide::decoders::{LzwDecoder, StreamDecoder as _};
use proptest::prelude::*;

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("examples/sample")
            .join(name),
    )
    .unwrap()
}

/// In the child, as a server reads it; a child that was killed is a source that says so.
async fn read_apart(name: &str, bytes: &[u8]) -> Source {
    read_within(EXTRACTION_TIMEOUT, name, bytes).await
}

/// The same with a shorter timeout, for files that would use up all of it.
async fn read_within(timeout: Duration, name: &str, bytes: &[u8]) -> Source {
    let extractor = Extractor::new(clara_test_support::clara()).with_timeout(timeout);
    let attachment = Attachment {
        name: name.to_owned(),
        url: None,
        charset: None,
        bytes: bytes.into(),
    };
    let now = Timestamp(0);
    match extractor.read(&attachment, "s1".to_owned(), now).await {
        Ok(source) => source,
        Err(error) => Extractor::given_up(&attachment, &error, "s1".to_owned(), now).await,
    }
}

fn reasons(reading: &Reading) -> String {
    format!("{:?}", reading.unread)
}

#[tokio::test]
async fn the_sample_says_the_same_as_a_text_and_as_a_pdf() {
    let text = read_here("bridge-report.txt", &sample("bridge-report.txt"));
    let pdf = read_apart("bridge-report.pdf", &sample("bridge-report.pdf")).await;
    assert_eq!(
        pdf.text.as_str(),
        text.text,
        "run `cargo run --example make_sample_pdf` after a change of the text"
    );
    assert!(pdf.unread.is_empty());
    assert_eq!(
        pdf.title.as_deref(),
        Some("Ardmoor Bridge Authority, Annual report 1934")
    );
    assert_eq!(pdf.language.as_deref(), Some("en"));
    for (quote, page) in [
        ("The bridge was opened to traffic in May 1933.", 1),
        (
            "Before the bridge was built, a steam ferry made the crossing eleven times a day.",
            1,
        ),
        (
            "In 1934 the bridge was crossed by 211,000 vehicles, of which 34,000 were lorries and buses.",
            2,
        ),
    ] {
        let at = pdf.text.as_str().find(quote).expect(quote);
        let span = pdf.text.span_of(at..at + quote.len());
        assert_eq!(pdf.text.slice(span), quote);
        assert_eq!(pdf.place_of(span.start), (Some(page), None));
    }
}

#[test]
fn a_page_that_is_a_picture_is_named_and_an_empty_one_is_not() {
    let bytes = document(
        "",
        "en",
        &[
            Page::Lines(vec!["The first page has words on it."]),
            Page::Drawing(b"q 100 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q"),
            Page::Drawing(b" "),
            Page::Lines(vec!["The fourth page (with a bracket) too."]),
        ],
    );
    let reading = read_here("a.pdf", &bytes);
    assert_eq!(
        reading.text,
        "The first page has words on it.\n\nThe fourth page (with a bracket) too."
    );
    assert_eq!(reading.unread.len(), 1, "{}", reasons(&reading));
    assert_eq!(reading.unread[0].page, Some(2));
    assert_eq!(
        reading.unread[0].reason,
        "The page is a picture and no OCR is set up."
    );
    assert_eq!(reading.places[1].page, Some(4));
    assert_eq!(reading.title, None);
}

#[test]
fn a_scan_says_what_to_do() {
    let bytes = document("", "en", &[Page::Drawing(b"0 0 10 10 re f")]);
    let reading = read_here("a.pdf", &bytes);
    assert!(reading.text.is_empty());
    assert!(reasons(&reading).contains("OCR) and attach"));
}

#[test]
fn pages_past_the_cap_are_named() {
    let pages: Vec<Page> = (0..MAX_PAGES + 3)
        .map(|_| Page::Lines(vec!["One line."]))
        .collect();
    let reading = read_here("a.pdf", &document("", "en", &pages));
    assert!(
        reasons(&reading).contains("to 503 were not read"),
        "{}",
        reasons(&reading)
    );
    assert!(reading.places.len() <= MAX_PAGES);
}

#[test]
fn a_truncated_pdf_says_that_its_end_is_missing() {
    let whole = sample("bridge-report.pdf");
    let reading = read_here("a.pdf", &whole[..whole.len() / 3]);
    assert!(
        reasons(&reading).contains("its end is missing"),
        "{}",
        reasons(&reading)
    );
    let reading = read_here("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<");
    assert!(reading.text.is_empty());
    assert!(reasons(&reading).contains("cut off"));
}

#[test]
fn a_pdf_with_a_password_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("locked.pdf");
    let mut pdf = pdf_oxide::api::Pdf::from_bytes(sample("bridge-report.pdf")).unwrap();
    pdf.save_encrypted(&path, "secret", "owner").unwrap();
    let reading = read_here("locked.pdf", &std::fs::read(&path).unwrap());
    assert!(reading.text.is_empty());
    assert!(
        reasons(&reading).contains("needs a password"),
        "{}",
        reasons(&reading)
    );
}

fn zlib(bytes: &[u8], times: usize) -> Vec<u8> {
    let mut packed = bytes.to_vec();
    for _ in 0..times {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&packed).unwrap();
        packed = encoder.finish().unwrap();
    }
    packed
}

/// A one-page document whose content is this stream.
fn with_content(entries: &str, content: &[u8]) -> Vec<u8> {
    let mut pdf = Pdf::default();
    let info = pdf.add("<< >>");
    let content = pdf.stream(entries, content);
    let tree = pdf.next(1);
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R >>"
    ));
    pdf.add(format!("<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>"));
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    pdf.finish(root, info)
}

#[tokio::test]
async fn bombs_end_in_a_source_that_says_so() {
    let blank = vec![b' '; 65 * 1024 * 1024];
    let once = zlib(&blank, 1);
    let nested = zlib(&once, 1);
    drop(blank);
    // Each byte pair of a run-length stream unpacks to 128.
    let runs: Vec<u8> = [129_u8, b' '].repeat(4 * 1024 * 1024);
    let unpacked = LzwDecoder.decode(&lzw_run(1)).unwrap();
    assert!(unpacked.len() > 7_000_000 && unpacked.iter().all(|byte| *byte == b' '));
    let lzw = lzw_run(100);
    for (what, entries, content) in [
        ("lzw", "/Filter /LZWDecode", &lzw),
        ("flate", "/Filter /FlateDecode", &once),
        (
            "nested flate",
            "/Filter [/FlateDecode /FlateDecode]",
            &nested,
        ),
        ("run length", "/Filter /RunLengthDecode", &runs),
    ] {
        let source = read_apart("bomb.pdf", &with_content(entries, content)).await;
        assert!(source.text.is_empty(), "{what}");
        let reasons = format!("{:?}", source.unread);
        assert!(
            reasons.contains("64 MB") || reasons.contains("more time or memory"),
            "{what}: {reasons}"
        );
    }
}

/// A run of spaces, packed as LZW packs it best: each code stands for one space more than the code before it. One cycle
/// is five kilobytes that unpack to seven megabytes.
fn lzw_run(cycles: usize) -> Vec<u8> {
    let mut packed = Vec::new();
    let (mut pending, mut bits) = (0_u32, 0_u32);
    let mut put = |code: u32, width: u32| {
        pending = (pending << width) | code;
        bits += width;
        while bits >= 8 {
            bits -= 8;
            packed.push(u8::try_from((pending >> bits) & 0xff).unwrap());
        }
        pending &= (1 << bits) - 1;
    };
    for _ in 0..cycles {
        put(256, 9);
        put(u32::from(b' '), 9);
        for code in 258..4094_u32 {
            // The width grows one code early, as PDF has it by default.
            let width = 32 - (code + 1).leading_zeros();
            put(code, width.max(9));
        }
    }
    packed
}

/// A page whose description is packed away in an object stream, with so many spaces behind it.
fn packed_away(spaces: usize) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 4 0 R >>",
        "<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 4 0 R /MediaBox [0 0 600 800] /Contents 7 0 R /Resources << /Font << /F1 6 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let (mut places, mut described) = (Vec::new(), String::new());
    for (number, object) in (3..).zip(objects) {
        places.push(format!("{number} {} ", described.len()));
        described.push_str(object);
        described.push(' ');
    }
    let places = places.concat();
    let first = places.len();
    let mut unpacked = (places + &described).into_bytes();
    unpacked.resize(unpacked.len() + spaces, b' ');
    let mut pdf = b"%PDF-1.5\n".to_vec();
    let mut put = |number: u32, entries: &str, content: &[u8]| {
        let at = u32::try_from(pdf.len()).unwrap();
        let length = content.len();
        pdf.extend(format!("{number} 0 obj\n<< {entries} /Length {length} >>\nstream\n").bytes());
        pdf.extend(content);
        pdf.extend(b"\nendstream\nendobj\n");
        at
    };
    let entries = format!("/Type /ObjStm /N 4 /First {first} /Filter /FlateDecode");
    let stream = put(1, &entries, &zlib(&unpacked, 1));
    let page = put(
        7,
        "",
        b"BT /F1 12 Tf 50 700 Td (The bridge opened in 1931.) Tj ET",
    );
    let mut rows = Vec::new();
    let inside = (0..4_u16).map(|index| (2_u8, 1, index));
    let outside = [(0, 0, 65_535), (1, stream, 0), (0, 0, 0)];
    for (kind, place, index) in outside.into_iter().chain(inside).chain([(1, page, 0)]) {
        rows.push(kind);
        rows.extend(place.to_be_bytes());
        rows.extend(index.to_be_bytes());
    }
    let table = put(2, "/Type /XRef /Size 8 /W [1 4 2] /Root 3 0 R", &rows);
    pdf.extend(format!("startxref\n{table}\n%%EOF\n").bytes());
    pdf
}

#[tokio::test]
async fn objects_packed_away_are_read_and_are_no_way_around_the_cap() {
    let packed = read_apart("packed.pdf", &packed_away(0)).await;
    assert_eq!(packed.text.as_str(), "The bridge opened in 1931.");
    let bomb = read_apart("bomb.pdf", &packed_away(65 * 1024 * 1024)).await;
    assert!(bomb.text.is_empty() && !bomb.unread.is_empty());
}

#[tokio::test]
async fn page_trees_that_lie_or_loop_come_to_an_end() {
    let mut looped = Pdf::default();
    let info = looped.add("<< >>");
    let tree = looped.next(0);
    looped.add(format!(
        "<< /Type /Pages /Count 1000000 /Kids [{tree} 0 R {tree} 0 R] /Parent {tree} 0 R >>"
    ));
    let root = looped.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    let looped = looped.finish(root, info);
    let mut lying = document("", "en", &[Page::Lines(vec!["The only page."])]);
    let at = lying
        .windows(8)
        .position(|window| window == b"/Count 1")
        .unwrap();
    lying[at..at + 8].copy_from_slice(b"/Count 9");
    let looped = read_within(Duration::from_secs(3), "loop.pdf", &looped).await;
    assert!(looped.text.is_empty() && !looped.unread.is_empty());
    let lying = read_apart("lie.pdf", &lying).await;
    assert_eq!(lying.text.as_str(), "The only page.");
}

#[tokio::test]
async fn deep_markup_costs_one_file_at_most() {
    let deep = format!("<html><body>{}deep", "<div><b>".repeat(200_000));
    let source = read_within(Duration::from_secs(3), "deep.html", deep.as_bytes()).await;
    assert!(!source.text.is_empty() || !source.unread.is_empty());
    let deep = "[".repeat(1_000_000);
    let source = read_apart("deep.json", deep.as_bytes()).await;
    assert!(source.unread[0].reason.contains("JSON"));
}

/// Quotes are cut out of the text by these positions.
fn places_stand(reading: &Reading) -> bool {
    let length = reading.text.chars().count();
    reading
        .places
        .windows(2)
        .all(|pair| pair[0].start < pair[1].start)
        && reading.places.iter().all(|place| place.start < length)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_under_any_name_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400), name in "a\\.(txt|md|html|pdf|csv|json|srt|vtt|docx|rtf|zip)") {
        let reading = read_here(&name, &bytes);
        prop_assert!(places_stand(&reading));
        prop_assert!(!reading.text.is_empty() || !reading.unread.is_empty());
    }

    #[test]
    fn any_text_under_any_name_gets_an_answer(text in "[\\PC\n\t<>{}\\[\\]\":;,.#*`|0-9-]{0,300}", name in "a\\.(txt|md|html|csv|json|srt|vtt)") {
        let reading = read_here(&name, text.as_bytes());
        prop_assert!(places_stand(&reading));
        let seen = reading.text.contains(['\r', '\u{200b}', '\u{202e}']);
        prop_assert!(!seen);
    }

    #[test]
    fn a_pdf_with_flipped_bytes_gets_an_answer(flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut bytes = sample("bridge-report.pdf");
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        prop_assert!(places_stand(&read_here("a.pdf", &bytes)));
    }

    #[test]
    fn subtitles_keep_their_seconds(cues in proptest::collection::vec((0_u32..50_000, "[a-zA-Z .]{1,30}"), 1..20)) {
        let time = |start: u32| format!("{}:{:02}.000", start / 60, start % 60);
        let raw: Vec<String> = cues
            .iter()
            .map(|(start, said)| format!("{} --> {}\n{said}", time(*start), time(start + 1)))
            .collect();
        let raw = raw.join("\n\n");
        let reading = read_here("a.vtt", format!("WEBVTT\n\n{raw}").as_bytes());
        prop_assert!(places_stand(&reading), "{reading:?}");
    }
}
