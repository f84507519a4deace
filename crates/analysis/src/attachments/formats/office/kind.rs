//! Which kind of office document some bytes are. What the file is called is not asked.

use std::io::Cursor;

use office_oxide::cfb::CfbReader;

use super::package::{Package, Refusal};

/// The beginning of a compound file, which old office files and encrypted new ones are.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// An office document that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Office {
    Docx,
    Xlsx,
    Xls,
    Pptx,
    Odt,
    Ods,
    Odp,
    Rtf,
    Epub,
}

impl Office {
    /// What a person calls it, with its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docx => "a Word document",
            Self::Xlsx => "an Excel workbook",
            Self::Xls => "an Excel workbook of the old kind",
            Self::Pptx => "a PowerPoint presentation",
            Self::Odt => "an OpenDocument text",
            Self::Ods => "an OpenDocument spreadsheet",
            Self::Odp => "an OpenDocument presentation",
            Self::Rtf => "a rich-text (RTF) file",
            Self::Epub => "an EPUB book",
        }
    }

    /// The endings of names that it has.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Docx => &["docx", "docm", "dotx", "dotm"],
            Self::Xlsx => &["xlsx", "xlsm", "xltx", "xltm"],
            Self::Xls => &["xls", "xlt"],
            Self::Pptx => &["pptx", "pptm", "ppsx", "ppsm", "potx", "potm"],
            Self::Odt => &["odt", "ott", "fodt"],
            Self::Ods => &["ods", "ots", "fods"],
            Self::Odp => &["odp", "otp", "fodp"],
            Self::Rtf => &["rtf", "doc"],
            Self::Epub => &["epub"],
        }
    }

    /// The kind of these bytes; `None` where they are no office document, and a sentence where it is one that is not read.
    pub fn of(bytes: &[u8]) -> Option<Result<Self, String>> {
        if bytes.starts_with(b"{\\rtf") {
            return Some(Ok(Self::Rtf));
        }
        if bytes.starts_with(COMPOUND) {
            return Some(of_compound(bytes));
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return of_archive(bytes);
        }
        None
    }
}

fn of_compound(bytes: &[u8]) -> Result<Office, String> {
    let Ok(reader) = CfbReader::new(Cursor::new(bytes)) else {
        return Err(Refusal::Damaged.reason());
    };
    if reader.has_stream("EncryptedPackage") {
        return Err(Refusal::Password.reason());
    }
    if reader.has_stream("Workbook") || reader.has_stream("Book") {
        return Ok(Office::Xls);
    }
    let (kind, newer) = if reader.has_stream("WordDocument") {
        ("a Word document", "docx")
    } else if reader.has_stream("PowerPoint Document") {
        ("a PowerPoint presentation", "pptx")
    } else {
        ("a document", "PDF")
    };
    Err(format!(
        "The file is {kind} of the old kind, which is not read here. Save it as {newer} and attach that."
    ))
}

fn of_archive(bytes: &[u8]) -> Option<Result<Office, String>> {
    let mut package = match Package::open(bytes) {
        Ok(package) => package,
        Err(refusal) => return is_likely(bytes).then(|| Err(refusal.reason())),
    };
    if package.holds("[Content_Types].xml") {
        return match package.xml("[Content_Types].xml") {
            Ok(types) => of_content_types(&types.unwrap_or_default()),
            Err(refusal) => Some(Err(refusal.reason())),
        };
    }
    let mimetype = package.part("mimetype").ok().flatten()?;
    let mimetype = String::from_utf8_lossy(&mimetype);
    let open_document = "application/vnd.oasis.opendocument.";
    let kind = if mimetype.starts_with("application/epub+zip") {
        Office::Epub
    } else {
        let kind = mimetype.trim().strip_prefix(open_document)?;
        match kind.trim_end_matches("-template") {
            "text" | "text-master" | "text-web" => Office::Odt,
            "spreadsheet" => Office::Ods,
            "presentation" => Office::Odp,
            _ => {
                return Some(Err(
                    "The file is an OpenDocument drawing, chart or formula, which is not read here. Export it as PDF and \
                     attach that."
                        .to_owned(),
                ));
            }
        }
    };
    Some(Ok(kind))
}

fn of_content_types(types: &str) -> Option<Result<Office, String>> {
    let holds = |words: &[&str]| words.iter().any(|word| types.contains(word));
    if holds(&[
        "wordprocessingml.document.main",
        "wordprocessingml.template.main",
        "ms-word.",
    ]) {
        return Some(Ok(Office::Docx));
    }
    if holds(&["ms-excel.sheet.binary"]) {
        return Some(Err(
            "The file is an Excel workbook in binary form (xlsb), which is not read here. Save it as xlsx and attach that."
                .to_owned(),
        ));
    }
    if holds(&[
        "spreadsheetml.sheet.main",
        "spreadsheetml.template.main",
        "ms-excel.",
    ]) {
        return Some(Ok(Office::Xlsx));
    }
    if holds(&["presentationml.", "ms-powerpoint."]) {
        return Some(Ok(Office::Pptx));
    }
    None
}

/// Whether an archive that cannot be opened began as an office document.
fn is_likely(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let holds = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
    holds(b"[Content_Types].xml")
        || holds(b"word/")
        || holds(b"xl/")
        || holds(b"ppt/")
        || holds(b"application/epub+zip")
        || holds(b"application/vnd.oasis.opendocument")
}
