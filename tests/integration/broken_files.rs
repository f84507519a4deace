//! Broken files: each has an answer, none takes the reading of others down, and a report says which of them were not read.

use std::fs;
use std::path::{Path, PathBuf};

use clara::analysis::attachments::{Extractor, read_here};
use clara::domain::clock::Timestamp;
use clara::domain::submission::Attachment;
use clara_test_support::app::TestApp;
use reqwest::multipart::{Form, Part};

/// Sound files of every kind whose parser is ours or is handed bytes by us.
fn sound_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "examples/sample",
        "tests/fixtures/attachments",
        "tests/fixtures/pictures",
        "tests/fixtures/recordings",
        "crates/analysis/tests/fixtures/content_credentials",
    ];
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some() && path.metadata().unwrap().len() < 200_000)
        .collect();
    files.sort();
    files
}

/// Numbers that are the same at each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

/// The file with bytes changed, its end missing, a piece of it twice, or a piece taken out.
fn broken(sound: &[u8], way: usize, numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = sound.to_vec();
    let start = numbers.below(bytes.len());
    let piece = start..(start + 1 + numbers.below(4_000)).min(bytes.len());
    match way % 4 {
        0 => {
            for _ in 0..20 {
                let at = numbers.below(bytes.len());
                bytes[at] ^= 1 << numbers.below(8);
            }
        }
        1 => bytes.truncate(start),
        2 => {
            let twice = bytes[piece].to_vec();
            bytes.splice(start..start, twice);
        }
        _ => drop(bytes.drain(piece)),
    }
    bytes
}

#[test]
fn broken_files_of_every_kind_have_an_answer() {
    let mut numbers = Numbers(0x5eed);
    let mut tried = 0;
    for path in sound_files() {
        let sound = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for way in 0..6 {
            let reading = read_here(name, &broken(&sound, way, &mut numbers));
            let length = reading.text.chars().count();
            assert!(
                reading.places.iter().all(|place| place.start < length),
                "{name}, way {way}"
            );
            tried += 1;
        }
    }
    assert!(tried >= 200, "{tried} files");
}

#[tokio::test]
async fn one_reader_reads_on_after_broken_files() {
    let extractor = Extractor::new(clara_test_support::clara());
    let mut numbers = Numbers(0xacc1d);
    let read = async |name: &str, bytes: Vec<u8>| {
        let attachment = Attachment {
            name: name.to_owned(),
            url: None,
            charset: None,
            bytes: bytes.into(),
        };
        extractor
            .read(&attachment, "s1".to_owned(), Timestamp(0))
            .await
    };
    for (way, path) in sound_files().iter().step_by(4).enumerate() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = broken(&fs::read(path).unwrap(), way, &mut numbers);
        // One that its reader gave up is told in the source; the next is read all the same.
        let _ = read(name, bytes).await;
    }
    let sound = read("a.txt", b"The mill was built in 1871.".to_vec())
        .await
        .unwrap();
    assert_eq!(sound.text.as_str(), "The mill was built in 1871.");
}

#[test]
fn a_polyglot_is_read_as_its_bytes_say() {
    // A GIF that is a script too, and a PDF with a web page in front: what the bytes begin with decides, and nothing is run.
    let gif = b"GIF89a/*\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;*/=1;alert('The mill was built in 1999.')";
    let reading = read_here("notes.txt", gif);
    assert!(!reading.text.contains("1999"), "{}", reading.text);
    assert!(
        format!("{:?}", reading.unread).contains("GIF"),
        "{:?}",
        reading.unread
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pdf = fs::read(root.join("examples/sample/bridge-report.pdf")).unwrap();
    let mut both = pdf.clone();
    both.extend_from_slice(b"\n<html><body>The bridge opened in 1999.</body></html>");
    let reading = read_here("page.html", &both);
    assert!(!reading.text.contains("1999"), "{}", reading.text);
    assert!(reading.text.contains("1931"), "{}", reading.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn four_broken_files_leave_a_report_on_the_fifth() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let file = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("blob");
    let form = Form::new()
        .text("text", "The mill was built in 1871.")
        .part("torn.pdf", file(b"%PDF-1.7\n1 0 obj\n<<"))
        .part("torn.docx", file(b"PK\x03\x04\x14\x00\x00\x00\x08\x00torn"))
        .part("torn.png", file(b"\x89PNG\r\n\x1a\n\x00\x00"))
        .part("torn.xlsx", file(b"\x00\x01\x02\x03\x04\x05\xfe\xff"))
        .part("sound.txt", file(b"The mill was built in 1871."))
        .text("wait_seconds", "55");
    let request = app.request("POST", &ada.at("/agent/analysis"), &ada.key);
    let done = app.send(request.multipart(form)).await;
    let done = done.data(201, "Analysis started successfully.");
    let report = done["result"].to_string();
    assert!(report.contains("\"supported\""), "{report}");
    for name in ["torn.pdf", "torn.docx", "torn.png", "torn.xlsx"] {
        assert!(report.contains(name), "{name}: {report}");
    }
}
