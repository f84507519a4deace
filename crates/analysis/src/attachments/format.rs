//! What a file is: decided from its bytes; the name's extension must agree. Every refusal says what to do instead.

use clara_domain::submission::supported_extension;

/// A format that Clara reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Plain,
    Markdown,
    Html,
    Pdf,
    Csv,
    Json,
    Subtitles,
}

/// The format of these bytes under this name, or a sentence that says why they are not read and what to change.
pub fn format_of(name: &str, bytes: &[u8]) -> Result<Format, String> {
    let Some(extension) = supported_extension(name) else {
        return Err(match foreign(bytes) {
            Some(kind) => format!("The file is {kind}, which is not read here. {}", way_out(kind)),
            None => "The file's kind is not read here. Attach it as one of: txt, md, html, pdf, csv, json, srt, vtt."
                .to_owned(),
        });
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("The file is empty. Attach it again once it has been saved.".to_owned());
    }
    if let Some(kind) = foreign(bytes) {
        return Err(format!(
            "The file is named .{extension} but is {kind}. {}",
            way_out(kind)
        ));
    }
    let is_pdf = begins(bytes, b"%PDF-");
    match (extension, is_pdf) {
        ("pdf", true) => return Ok(Format::Pdf),
        ("pdf", false) => {
            return Err("The file is named .pdf but is no PDF: it does not begin with %PDF. Save it as a PDF again, \
                 or name it after what it is."
                .to_owned());
        }
        (_, true) => {
            return Err(format!(
                "The file is named .{extension} but is a PDF. Name it .pdf and attach it again."
            ));
        }
        _ => {}
    }
    let is_html = looks_like_html(bytes);
    match extension {
        "html" => Ok(Format::Html),
        _ if is_html => Err(format!(
            "The file is named .{extension} but is an HTML page. Name it .html and attach it again."
        )),
        "md" => Ok(Format::Markdown),
        "csv" => Ok(Format::Csv),
        "json" => Ok(Format::Json),
        "srt" | "vtt" => Ok(Format::Subtitles),
        _ => Ok(Format::Plain),
    }
}

/// A kind that is recognised only to say so, with its article.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 24] = [
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"II*\0", "a TIFF picture"),
        (b"MM\0*", "a TIFF picture"),
        (b"BM\0", "a BMP picture"),
        (b"ID3", "an MP3 recording"),
        (b"\xff\xfb", "an MP3 recording"),
        (b"OggS", "an Ogg recording"),
        (b"fLaC", "a FLAC recording"),
        (b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
        (b"7z\xbc\xaf", "a 7-Zip archive"),
        (b"Rar!", "a RAR archive"),
        (b"\xd0\xcf\x11\xe0", "an old Word, Excel or PowerPoint file"),
        (b"{\\rtf", "a rich-text (RTF) file"),
        (b"%!PS", "a PostScript file"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"\xca\xfe\xba\xbe", "a program"),
        (b"SQLite format 3\0", "a database"),
    ];
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(archive(bytes));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("an MP4 video or recording");
    }
    if bytes.starts_with(b"RIFF") {
        return Some(match bytes.get(8..12) {
            Some(b"WEBP") => "a WebP picture",
            Some(b"WAVE") => "a WAV recording",
            _ => "a video",
        });
    }
    MARKS
        .iter()
        .find(|(mark, _)| bytes.starts_with(mark))
        .map(|(_, kind)| *kind)
}

/// Office files and e-books are zip archives; the names of their first entries tell which.
fn archive(bytes: &[u8]) -> &'static str {
    let head = &bytes[..bytes.len().min(4096)];
    let holds = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
    if holds(b"[Content_Types].xml") || holds(b"word/") || holds(b"xl/") || holds(b"ppt/") {
        "a Word, Excel or PowerPoint file"
    } else if holds(b"application/epub+zip") {
        "an EPUB book"
    } else if holds(b"application/vnd.oasis.opendocument") {
        "an OpenDocument file"
    } else {
        "a zip archive"
    }
}

fn way_out(kind: &str) -> &'static str {
    if kind.contains("archive") {
        "Unpack it and attach the files inside."
    } else if kind.contains("picture") {
        "Attach the text in it as .txt: pictures are not read."
    } else if kind.contains("recording") || kind.contains("video") {
        "Attach a transcript as .srt, .vtt or .txt: recordings are not read."
    } else if kind.contains("program") || kind.contains("database") {
        "Attach a document instead."
    } else {
        "Export it as PDF and attach that."
    }
}

/// Whether the bytes begin so, after a byte order mark and white space.
fn begins(bytes: &[u8], mark: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(mark)
}

/// A document type or an `html` element at the beginning; comments and an XML declaration may come before.
fn looks_like_html(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rest = &bytes[..bytes.len().min(4096)];
    loop {
        rest = rest.trim_ascii_start();
        let end = if rest.starts_with(b"<!--") {
            &b"-->"[..]
        } else if rest.starts_with(b"<?xml") {
            &b"?>"[..]
        } else {
            break;
        };
        match rest.windows(end.len()).position(|window| window == end) {
            Some(at) => rest = &rest[at + end.len()..],
            None => return false,
        }
    }
    let starts = |mark: &[u8]| {
        rest.get(..mark.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(mark))
    };
    starts(b"<!doctype html") || starts(b"<html")
}

#[cfg(test)]
mod tests {
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
            assert_eq!(format_of(name, bytes), Ok(expected), "{name}");
        }
    }

    #[test]
    fn every_disagreement_says_what_to_change() {
        for (name, bytes, says) in [
            ("a.txt", &b"%PDF-1.7"[..], "Name it .pdf"),
            ("a.txt", b"\xef\xbb\xbf %PDF-1.7", "Name it .pdf"),
            ("a.pdf", b"hello", "no PDF"),
            ("a.pdf", b"GIF89a %PDF-1.4", "a GIF picture"),
            ("a.pdf", b"<html>%PDF-1.4", "no PDF"),
            ("a.txt", b"PK\x03\x04\x14\0\0\0", "a zip archive. Unpack it"),
            (
                "a.txt",
                b"PK\x03\x04....[Content_Types].xml",
                "Export it as PDF",
            ),
            ("a.csv", b"PK\x03\x04....xl/workbook.xml", "Excel"),
            ("a.md", b"\x89PNG\r\n\x1a\n", "pictures are not read"),
            ("a.html", b"\0\0\0\x18ftypmp42", "transcript"),
            (
                "a.txt",
                b"<?xml version='1.0'?><html xmlns='x'>",
                "Name it .html",
            ),
            ("a.json", b"\x1f\x8b\x08", "Unpack it"),
            ("a.txt", b"\x7fELF\x02", "a document instead"),
            ("a.txt", b" \n", "empty"),
            ("a.docx", b"PK\x03\x04word/document.xml", "Export it as PDF"),
            ("noextension", b"text", "Attach it as one of"),
            ("a.txt\u{202e}exe", b"text", "Attach it as one of"),
        ] {
            let reason = format_of(name, bytes).unwrap_err();
            assert!(reason.contains(says), "{name}: {reason}");
        }
    }
}
