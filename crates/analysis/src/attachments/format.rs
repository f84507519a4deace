//! What a file is: decided from its bytes; a name that says something else is told. Every refusal says what to do instead.

use super::formats::office::Office;
use super::recognise::{PictureKind, RecordingKind, by_content};
use clara_domain::submission::{supported_extension, supported_extensions};

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
    Office(Office),
    Zip,
    Tar,
    Gzip,
    Mail,
    Mailbox,
    Notebook,
    Xml,
    Svg,
    Picture(PictureKind),
    Recording(RecordingKind),
}

/// A file's format, and what to say where its name says another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    pub format: Format,
    pub note: Option<String>,
}

impl From<Format> for Recognised {
    fn from(format: Format) -> Self {
        Self { format, note: None }
    }
}

/// The format of these bytes under this name, or a sentence that says why they are not read and what to change.
pub fn format_of(name: &str, bytes: &[u8]) -> Result<Recognised, String> {
    if let Some(office) = Office::of(bytes) {
        return office.map(|office| recognised_office(name, office));
    }
    let extension = supported_extension(name);
    if let Some(format) = by_content(extension.unwrap_or_default(), bytes) {
        let note = format.misnamed(name);
        return Ok(Recognised { format, note });
    }
    let Some(extension) = extension else {
        return Err(match foreign(bytes) {
            Some(kind) => format!(
                "The file is {kind}, which is not read here. {}",
                way_out(kind)
            ),
            None => format!(
                "The file's kind is not read here. Attach it as one of: {}.",
                supported_extensions().join(", ")
            ),
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
        ("pdf", true) => return Ok(Format::Pdf.into()),
        (extension, _) if is_office(extension) => {
            return Ok(no_office(extension, is_pdf, bytes));
        }
        ("pdf", false) => {
            return Err("The file is named .pdf but is no PDF: it does not begin with %PDF. Save it as a PDF again, \
                 or name it after what it is."
                .to_owned());
        }
        (_, true) => {
            return Ok(Recognised {
                format: Format::Pdf,
                note: Some(format!(
                    "The file is named .{extension} but is a PDF; it was read as one."
                )),
            });
        }
        _ => {}
    }
    let is_html = looks_like_html(bytes);
    let format = match extension {
        "html" => Format::Html,
        _ if is_html => {
            return Ok(Recognised {
                format: Format::Html,
                note: Some(format!(
                    "The file is named .{extension} but is an HTML page; it was read as one."
                )),
            });
        }
        "md" => Format::Markdown,
        "csv" => Format::Csv,
        "json" => Format::Json,
        "srt" | "vtt" => Format::Subtitles,
        "eml" => Format::Mail,
        "mbox" => Format::Mailbox,
        "ipynb" => Format::Notebook,
        "xml" => Format::Xml,
        "svg" => Format::Svg,
        "tar" if bytes.len() >= 512 => Format::Tar,
        _ if is_of_bytes(extension) => {
            return Err(format!(
                "The file is named .{extension} but its bytes are no such file. Save it again, or name it after what it is."
            ));
        }
        _ => Format::Plain,
    };
    Ok(format.into())
}

/// Extensions of kinds that are known by their first bytes.
fn is_of_bytes(extension: &str) -> bool {
    matches!(
        extension,
        "zip"
            | "tar"
            | "gz"
            | "tgz"
            | "png"
            | "jpg"
            | "jpeg"
            | "gif"
            | "webp"
            | "tif"
            | "tiff"
            | "bmp"
            | "heic"
            | "mp3"
            | "wav"
            | "ogg"
            | "opus"
            | "flac"
            | "m4a"
            | "mp4"
            | "webm"
            | "mkv"
            | "mov"
    )
}

/// An office document is read whatever it is called, and a name that says something else is told.
fn recognised_office(name: &str, office: Office) -> Recognised {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extension = extension.to_ascii_lowercase();
    let is_so_named = office.extensions().contains(&extension.as_str());
    let note = (!is_so_named).then(|| {
        let named = named(&extension);
        format!(
            "The file {named} but is {}; it was read as one.",
            office.name()
        )
    });
    Recognised {
        format: Format::Office(office),
        note,
    }
}

/// How a file is named, where its extension may be shown.
pub(super) fn named(extension: &str) -> String {
    let may_be_shown =
        (1..=10).contains(&extension.len()) && extension.chars().all(|c| c.is_ascii_alphanumeric());
    if may_be_shown {
        format!("is named .{extension}")
    } else {
        "has no name of its kind".to_owned()
    }
}

fn is_office(extension: &str) -> bool {
    matches!(
        extension,
        "docx" | "xlsx" | "xls" | "pptx" | "odt" | "ods" | "odp" | "rtf" | "epub"
    )
}

/// What a file is that is named as an office document and is none: programs that only write text like such names.
fn no_office(extension: &str, is_pdf: bool, bytes: &[u8]) -> Recognised {
    let (format, kind) = if is_pdf {
        (Format::Pdf, "a PDF")
    } else if looks_like_html(bytes) {
        (Format::Html, "an HTML page")
    } else if matches!(extension, "xlsx" | "xls" | "ods") {
        (Format::Csv, "rows of plain text")
    } else {
        (Format::Plain, "plain text")
    };
    Recognised {
        format,
        note: Some(format!(
            "The file is named .{extension} but is {kind}; it was read as that."
        )),
    }
}

/// A kind that is recognised only to say so, with its article.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 11] = [
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
        (b"7z\xbc\xaf", "a 7-Zip archive"),
        (b"Rar!", "a RAR archive"),
        (b"%!PS", "a PostScript file"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"\xca\xfe\xba\xbe", "a program"),
        (b"SQLite format 3\0", "a database"),
    ];
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some("a zip archive");
    }
    if bytes.starts_with(b"RIFF") {
        return Some("a video");
    }
    MARKS
        .iter()
        .find(|(mark, _)| bytes.starts_with(mark))
        .map(|(_, kind)| *kind)
}

fn way_out(kind: &str) -> &'static str {
    if kind.contains("archive") {
        "Unpack it and attach the files inside."
    } else if kind.contains("video") {
        "Save it as MP4 or WebM, or attach a transcript as .srt, .vtt or .txt."
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
mod tests;
