use super::testing::{gzip_of, tar_of, zip_of};
use crate::attachments::extractor::is_sound;
use crate::attachments::garbled_tests::{Seeded, garble};
use crate::attachments::members::MAX_MEMBERS;
use crate::attachments::testing::records;
use crate::attachments::{Reading, read_here};

const FILES: [(&str, &[u8]); 3] = [
    ("reports/towns.csv", b"town,visitors\nBrask,182\nTolm,205\n"),
    ("notes.txt", b"The mill was built in 1871."),
    ("__MACOSX/._notes.txt", b"\0\0\0"),
];

fn labels(reading: &Reading) -> Vec<&str> {
    let labels = reading
        .places
        .iter()
        .filter_map(|place| place.label.as_deref());
    labels.collect()
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
fn files_of_each_archive_are_read() {
    for (name, bytes) in [
        ("a.zip", zip_of(&FILES)),
        ("a.tar", tar_of(&FILES)),
        ("a.tar.gz", gzip_of(&tar_of(&FILES))),
        ("a.tgz", gzip_of(&tar_of(&FILES))),
    ] {
        let reading = read_here(name, &bytes);
        assert!(is_sound(&reading), "{name}");
        assert_eq!(
            reading.text, "town,visitors\nBrask,182\nTolm,205\n\nThe mill was built in 1871.",
            "{name}"
        );
        assert_eq!(
            labels(&reading),
            ["file reports/towns.csv", "file notes.txt"]
        );
        assert_eq!(
            records(&reading),
            ["1: town=Brask visitors=182", "2: town=Tolm visitors=205"]
        );
        assert_eq!(reasons(&reading), "", "{name}");
    }
}

#[test]
fn one_packed_file_is_read_under_its_name() {
    let reading = read_here("towns.csv.gz", &gzip_of(FILES[0].1));
    assert_eq!(reading.records.len(), 2);
    let reading = read_here("a.gz", &gzip_of(&zip_of(&FILES)));
    assert!(reasons(&reading).contains("archive within a file"));
}

#[test]
fn archive_under_a_wrong_name_is_read_and_told() {
    for (name, kind) in [("a.txt", "a zip archive"), ("a.pdf", "a zip archive")] {
        let reading = read_here(name, &zip_of(&FILES));
        assert!(reading.text.contains("1871"), "{name}");
        assert!(reasons(&reading).contains(kind), "{}", reasons(&reading));
    }
    let reading = read_here("a.zip", &tar_of(&FILES));
    assert!(reading.text.contains("1871") && reasons(&reading).contains("a tar archive"));
}

#[test]
fn broken_files_do_not_hide_the_sound_one() {
    let png = b"\x89PNG\r\n\x1a\n";
    let inner = zip_of(&FILES);
    let bytes = zip_of(&[
        ("a.pdf", b"no pdf"),
        ("b.png", png),
        ("inner.zip", &inner),
        ("x.exe", b"MZ\x90\0"),
        ("good.txt", b"The mill was built in 1871."),
    ]);
    let reading = read_here("a.zip", &bytes);
    assert!(reading.text.contains("The mill was built in 1871."));
    for name in ["file a.pdf", "file b.png", "file inner.zip", "file x.exe"] {
        assert!(reasons(&reading).contains(name), "{}", reasons(&reading));
    }
    assert!(reasons(&reading).contains("archive within a file"));
}

#[test]
fn more_files_than_a_hundred_are_named() {
    let names: Vec<String> = (0..400).map(|at| format!("{at}.txt")).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &b"A mill."[..]))
        .collect();
    let reading = read_here("a.zip", &zip_of(&files));
    assert_eq!(reading.text.matches("A mill.").count(), MAX_MEMBERS);
    assert!(reasons(&reading).contains("file 100.txt was not read. Only the first 100"));
    assert!(reasons(&reading).contains("250 more files"));
}

#[test]
fn bombs_end_as_unread_files() {
    let zeros = vec![b' '; 26 * 1024 * 1024];
    let bytes = zip_of(&[("bomb.txt", &zeros), ("good.txt", b"A mill.")]);
    assert!(bytes.len() < 200_000);
    let reading = read_here("a.zip", &bytes);
    assert_eq!(reading.text, "A mill.");
    assert!(reasons(&reading).contains("file bomb.txt was not read. It unpacks to more than"));
    // The list of files says less than what comes.
    let mut lying = bytes;
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    while let Some(at) = lying.windows(4).position(|window| window == size) {
        lying[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let reading = read_here("a.zip", &lying);
    assert!(reading.text.len() < 100, "{}", reading.text.len());
    assert!(reasons(&reading).contains("bomb.txt"));
    let reading = read_here("a.gz", &gzip_of(&vec![b'x'; 26 * 1024 * 1024]));
    assert!(reasons(&reading).contains("25 MB"));
}

#[test]
fn files_together_are_bounded() {
    let part = vec![b'\n'; 20 * 1024 * 1024];
    let bytes = zip_of(&[
        ("1.txt", &part),
        ("2.txt", &part),
        ("3.txt", &part),
        ("4.txt", &part),
    ]);
    let reading = read_here("a.zip", &bytes);
    assert!(
        reasons(&reading).contains("file 4.txt was not read. It unpacks"),
        "{}",
        reasons(&reading)
    );
}

#[test]
fn encrypted_files_need_a_password() {
    let mut bytes = zip_of(&[("secret.txt", b"Nothing."), ("open.txt", b"A mill.")]);
    // The flag of the first entry, in the file's own header and in the list.
    bytes[6] |= 1;
    let list = bytes
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    bytes[list + 8] |= 1;
    let reading = read_here("a.zip", &bytes);
    assert_eq!(reading.text, "A mill.");
    assert!(reasons(&reading).contains("file secret.txt was not read. It needs a password"));
}

#[test]
fn other_ways_of_packing_are_named() {
    let mut bytes = zip_of(&[("a.txt", b"A mill."), ("b.txt", b"A wheel.")]);
    let list = bytes
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    for at in [8, list + 10] {
        bytes[at] = 14;
    }
    let reading = read_here("a.zip", &bytes);
    assert_eq!(reading.text, "A wheel.");
    assert!(
        reasons(&reading).contains("file a.txt was not read. It is packed in a way"),
        "{}",
        reasons(&reading)
    );
}

#[test]
fn hostile_names_are_shown_sanitized() {
    let names = [
        "../../etc/passwd",
        "/dev/null",
        "<b>x</b>.txt",
        "invoice\u{202e}fdp.txt",
        "C:\\con.txt",
    ];
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (*name, &b"\x7fELF\x02"[..]))
        .collect();
    for bytes in [zip_of(&files), tar_of(&files)] {
        let reading = read_here("a.zip", &bytes);
        let reasons = reasons(&reading);
        assert!(
            reasons.contains("file etc/passwd") && reasons.contains("file _con.txt"),
            "{reasons}"
        );
        assert!(
            !reasons.contains(['<', '\u{202e}']) && !reasons.contains(".."),
            "{reasons}"
        );
    }
}

#[test]
fn links_and_devices_are_not_followed() {
    let mut builder = ::tar::Builder::new(Vec::new());
    for kind in [::tar::EntryType::Symlink, ::tar::EntryType::Char] {
        let mut header = ::tar::Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(0);
        builder
            .append_link(&mut header, "secret.txt", "/etc/passwd")
            .unwrap();
    }
    let reading = read_here("a.tar", &builder.into_inner().unwrap());
    assert_eq!(reading.text, "");
    assert!(reasons(&reading).contains("a link") && reasons(&reading).contains("no plain file"));
}

#[test]
fn garbled_archives_have_a_sound_answer() {
    let mut seeded = Seeded(0x51_7cc1_b727_220a);
    let whole = [
        ("a.zip", zip_of(&FILES)),
        ("a.tar", tar_of(&FILES)),
        ("a.tgz", gzip_of(&tar_of(&FILES))),
    ];
    for round in 0..70 {
        for (name, bytes) in &whole {
            let mut bytes = bytes.clone();
            for _ in 0..=round / 30 {
                bytes = garble(&bytes, &mut seeded);
            }
            let reading = read_here(name, &bytes);
            assert!(is_sound(&reading), "{name}: {bytes:?}");
            assert!(!reading.text.is_empty() || !reading.unread.is_empty());
        }
    }
}
