use super::*;

#[test]
fn the_bytes_decide_and_the_name_must_agree() {
    for (name, bytes, expected) in [
        ("a.txt", &b"plain"[..], Format::Plain),
        ("A.TXT", b"plain", Format::Plain),
        ("a.md", b"<p align=center>logo</p>", Format::Markdown),
        ("a.html", b"<p>a fragment", Format::Html),
        ("a.html", b"<!-- x --> <!DOCTYPE HTML><html>", Format::Html),
        ("a.pdf", b"%PDF-1.7\n", Format::Pdf),
        ("a.csv", b"a,b\n1,2", Format::Csv),
        ("a.json", b"{}", Format::Json),
        (
            "a.srt",
            b"1\n00:00:01,000 --> 00:00:02,000\nHi",
            Format::Subtitles,
        ),
        ("a.vtt", b"WEBVTT\n", Format::Subtitles),
    ] {
        assert_eq!(format_of(name, bytes), Ok(expected.into()), "{name}");
    }
}

#[test]
fn every_disagreement_says_what_to_change() {
    for (name, bytes, says) in [
        ("a.pdf", &b"hello"[..], "no PDF"),
        ("a.pdf", b"<html>%PDF-1.4", "no PDF"),
        ("a.txt", b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive. Unpack it"),
        ("a.zip", b"hello", "no such file"),
        (
            "a.txt",
            b"PK\x03\x04....[Content_Types].xml",
            "The file is damaged",
        ),
        ("a.csv", b"PK\x03\x04....xl/workbook.xml", "damaged"),
        ("a.html", b"RIFF\0\0\0\0AVI ", "transcript"),
        ("a.mp3", b"hello", "no such file"),
        ("a.json", b"BZh91AY", "Unpack it"),
        ("a.txt", b"\x7fELF\x02", "a document instead"),
        ("a.txt", b" \n", "empty"),
        ("a.docx", b"PK\x03\x04word/document.xml", "damaged"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged"),
        ("noextension", b"text", "Attach it as one of"),
        ("a.txt\u{202e}exe", b"text", "Attach it as one of"),
    ] {
        let reason = format_of(name, bytes).unwrap_err();
        assert!(reason.contains(says), "{name}: {reason}");
    }
}

#[test]
fn another_name_is_told_and_the_file_is_read() {
    for (name, bytes, says) in [
        ("a.docx", &b"plain words"[..], "is plain text"),
        ("a.docx", b"<!DOCTYPE html><p>words", "is an HTML page"),
        ("a.docx", b"%PDF-1.7\n", "is a PDF"),
        ("a.txt", b"{\\rtf1 words}", "named .txt but is a rich-text"),
        ("a.txt", b"%PDF-1.7", "named .txt but is a PDF"),
        ("a.md", b"\xef\xbb\xbf %PDF-1.7", "named .md but is a PDF"),
        (
            "a.txt",
            b"<?xml version='1.0'?><html>",
            "but is an HTML page",
        ),
        (
            "a.pdf",
            b"GIF89a %PDF-1.4",
            "named .pdf but is a GIF picture",
        ),
        (
            "a.docx",
            b"\x89PNG\r\n\x1a\n",
            "named .docx but is a PNG picture",
        ),
        (
            "a.\u{202e}x",
            b"{\\rtf1 words}",
            "no name of its kind but is a rich-text",
        ),
        (
            "a",
            b"{\\rtf1 words}",
            "no name of its kind but is a rich-text",
        ),
    ] {
        let note = format_of(name, bytes).unwrap().note.unwrap();
        assert!(note.contains(says), "{name}: {note}");
    }
    assert_eq!(format_of("a.rtf", b"{\\rtf1 words}").unwrap().note, None);
}
