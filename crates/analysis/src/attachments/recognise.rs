//! Kinds of file that their bytes give away, whatever their name is: archives, mail, notebooks, XML, pictures and recordings.

use super::format::{Format, named};
use super::formats::{archive, mail};

/// So many bytes are looked through for the first element of an XML file.
const PROLOGUE: usize = 16 * 1024;

/// Kinds of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    Png,
    Jpeg,
    Gif,
    WebP,
    Tiff,
    Bmp,
    Heic,
}

/// Kinds of recording, by their container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingKind {
    Mp3,
    Wav,
    Ogg,
    Flac,
    Mp4,
    QuickTime,
    Matroska,
}

impl RecordingKind {
    /// What the format is called.
    pub fn format(self) -> &'static str {
        match self {
            Self::Mp3 => "MP3",
            Self::Wav => "WAV",
            Self::Ogg => "Ogg",
            Self::Flac => "FLAC",
            Self::Mp4 => "MP4",
            Self::QuickTime => "QuickTime",
            Self::Matroska => "Matroska or WebM",
        }
    }

    /// The extension of a file with nothing but sound.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Wav => "wav",
            Self::Ogg => "ogg",
            Self::Flac => "flac",
            Self::Mp4 | Self::QuickTime => "m4a",
            Self::Matroska => "webm",
        }
    }
}

/// The kind of a file by its bytes, where they leave no doubt. `extension` is the name's, in lower case.
pub fn by_content(extension: &str, bytes: &[u8]) -> Option<Format> {
    if let Some(kind) = picture(bytes) {
        return Some(Format::Picture(kind));
    }
    if let Some(kind) = recording(bytes) {
        return Some(Format::Recording(kind));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        // Documents in zip archives are known before.
        return Some(Format::Zip);
    }
    if bytes.starts_with(b"\x1f\x8b\x08") {
        return Some(Format::Gzip);
    }
    if archive::is_tar(bytes) {
        return Some(Format::Tar);
    }
    if mail::is_mailbox(bytes) {
        return Some(Format::Mailbox);
    }
    if mail::is_message(bytes) {
        return Some(Format::Mail);
    }
    if matches!(extension, "json" | "ipynb") && is_notebook(bytes) {
        return Some(Format::Notebook);
    }
    match root_element(bytes).as_deref() {
        Some("svg") => Some(Format::Svg),
        Some(root) if !root.eq_ignore_ascii_case("html") && extension != "html" => {
            (is_declared_xml(bytes) || extension == "xml").then_some(Format::Xml)
        }
        _ => None,
    }
}

/// The kind of picture that the bytes are.
pub fn picture(bytes: &[u8]) -> Option<PictureKind> {
    const MARKS: [(&[u8], PictureKind); 6] = [
        (b"\x89PNG\r\n", PictureKind::Png),
        (b"\xff\xd8\xff", PictureKind::Jpeg),
        (b"GIF87a", PictureKind::Gif),
        (b"GIF89a", PictureKind::Gif),
        (b"II*\0", PictureKind::Tiff),
        (b"MM\0*", PictureKind::Tiff),
    ];
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(PictureKind::WebP);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        let brand = bytes.get(8..12)?;
        let brands: [&[u8]; 8] = [
            b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif",
        ];
        return brands.contains(&brand).then_some(PictureKind::Heic);
    }
    // Two letters alone begin many a text: the header's size and the empty fields must fit too.
    let is_bitmap = bytes.starts_with(b"BM")
        && bytes.get(6..10) == Some(&[0; 4])
        && matches!(bytes.get(14), Some(12 | 40 | 52 | 56 | 64 | 108 | 124));
    if is_bitmap {
        return Some(PictureKind::Bmp);
    }
    MARKS
        .iter()
        .find(|(mark, _)| bytes.starts_with(mark))
        .map(|(_, kind)| *kind)
}

/// The kind of recording that the bytes are.
fn recording(bytes: &[u8]) -> Option<RecordingKind> {
    const MARKS: [(&[u8], RecordingKind); 4] = [
        (b"ID3", RecordingKind::Mp3),
        (b"OggS", RecordingKind::Ogg),
        (b"fLaC", RecordingKind::Flac),
        (b"\x1aE\xdf\xa3", RecordingKind::Matroska),
    ];
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE") {
        return Some(RecordingKind::Wav);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(match bytes.get(8..12) {
            Some(b"qt  ") => RecordingKind::QuickTime,
            _ => RecordingKind::Mp4,
        });
    }
    if is_mp3_frame(bytes) {
        return Some(RecordingKind::Mp3);
    }
    // Three letters begin many a text: a tag's version follows them.
    let is_tag = |bytes: &[u8]| !bytes.starts_with(b"ID3") || matches!(bytes.get(3), Some(2..=4));
    MARKS
        .iter()
        .find(|(mark, _)| bytes.starts_with(mark) && is_tag(bytes))
        .map(|(_, kind)| *kind)
}

/// Whether an MPEG audio frame of layer III begins here: eleven bits that are set, and a bit rate and sample rate that there are.
fn is_mp3_frame(bytes: &[u8]) -> bool {
    let [0xff, version, rates, ..] = bytes else {
        return false;
    };
    version & 0xe6 == 0xe2 && version & 0x18 != 0x08 && rates >> 4 != 0xf && rates & 0x0c != 0x0c
}

fn is_notebook(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{")
        && std::str::from_utf8(bytes)
            .is_ok_and(|text| text.contains("\"nbformat\"") && text.contains("\"cells\""))
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes
        .get(..bytes.len().min(PROLOGUE))
        .unwrap_or(bytes)
        .trim_ascii_start()
}

fn is_declared_xml(bytes: &[u8]) -> bool {
    without_mark(bytes).starts_with(b"<?xml")
}

/// The name of the first element, without its prefix; comments, processing instructions and a document type come before it.
fn root_element(bytes: &[u8]) -> Option<String> {
    let mut rest = without_mark(bytes);
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!") {
            let subset = rest.iter().position(|byte| *byte == b'[');
            let close = rest.iter().position(|byte| *byte == b'>')?;
            if subset.is_some_and(|subset| subset < close) {
                b"]>"
            } else {
                b">"
            }
        } else {
            break;
        };
        let at = rest.windows(end.len()).position(|window| window == end)?;
        rest = rest.get(at + end.len()..)?;
    }
    let tag = rest.strip_prefix(b"<")?;
    let name: Vec<u8> = tag
        .iter()
        .copied()
        .take(100)
        .take_while(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.')
        })
        .collect();
    let name = String::from_utf8(name).ok()?;
    let local = name.rsplit(':').next().unwrap_or(&name).to_owned();
    (!local.is_empty()).then_some(local)
}

impl Format {
    /// What a kind of this module is called, with its article, and the extensions that fit it.
    fn called(self) -> Option<(&'static str, &'static [&'static str])> {
        Some(match self {
            Self::Zip => ("a zip archive", &["zip"]),
            Self::Tar => ("a tar archive", &["tar"]),
            Self::Gzip => ("a gzip archive", &["gz", "tgz"]),
            Self::Mail => ("an e-mail", &["eml"]),
            Self::Mailbox => ("a mailbox", &["mbox"]),
            Self::Notebook => ("a Jupyter notebook", &["ipynb"]),
            Self::Xml => ("XML", &["xml"]),
            Self::Svg => ("an SVG drawing", &["svg"]),
            Self::Picture(kind) => match kind {
                PictureKind::Png => ("a PNG picture", &["png"]),
                PictureKind::Jpeg => ("a JPEG picture", &["jpg", "jpeg"]),
                PictureKind::Gif => ("a GIF picture", &["gif"]),
                PictureKind::WebP => ("a WebP picture", &["webp"]),
                PictureKind::Tiff => ("a TIFF picture", &["tif", "tiff"]),
                PictureKind::Bmp => ("a BMP picture", &["bmp"]),
                PictureKind::Heic => ("a HEIF picture", &["heic", "heif", "avif"]),
            },
            Self::Recording(kind) => match kind {
                RecordingKind::Mp3 => ("an MP3 recording", &["mp3"]),
                RecordingKind::Wav => ("a WAV recording", &["wav"]),
                RecordingKind::Ogg => ("an Ogg recording", &["ogg", "oga", "ogv", "opus"]),
                RecordingKind::Flac => ("a FLAC recording", &["flac"]),
                RecordingKind::Mp4 => ("an MP4 video or recording", &["mp4", "m4a", "m4v", "mov"]),
                RecordingKind::QuickTime => ("a QuickTime video", &["mov", "mp4"]),
                RecordingKind::Matroska => ("a Matroska or WebM video", &["mkv", "mka", "webm"]),
            },
            _ => return None,
        })
    }

    /// What to say where the extension is another kind's; the file is read by its bytes all the same.
    pub fn misnamed(self, name: &str) -> Option<String> {
        let (kind, extensions) = self.called()?;
        let extension = name
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_ascii_lowercase());
        let fits = extension
            .as_deref()
            .is_some_and(|extension| extensions.contains(&extension));
        let named = named(extension.as_deref().unwrap_or_default());
        (!fits).then(|| format!("The file {named} but is {kind}; it was read as one."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_recognised_by_their_bytes() {
        for (extension, bytes, format) in [
            ("txt", &b"PK\x05\x06\0\0"[..], Some(Format::Zip)),
            ("txt", b"\x1f\x8b\x08\0", Some(Format::Gzip)),
            ("txt", b"GIF89a", Some(Format::Picture(PictureKind::Gif))),
            (
                "txt",
                b"\0\0\0\x18ftypheic",
                Some(Format::Picture(PictureKind::Heic)),
            ),
            (
                "txt",
                b"\0\0\0\x18ftypmp42",
                Some(Format::Recording(RecordingKind::Mp4)),
            ),
            (
                "txt",
                b"\xff\xfb\x90\0",
                Some(Format::Recording(RecordingKind::Mp3)),
            ),
            ("txt", b"\xff\xfe\x90\0", None),
            ("txt", b"ID3 is a tag, said the miller.", None),
            ("txt", b"BM is short for bitmap, said the miller.", None),
            (
                "txt",
                b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b '>'>]><catalog/>",
                Some(Format::Xml),
            ),
            ("xml", b"<catalog/>", Some(Format::Xml)),
            ("txt", b"<catalog/>", None),
            ("md", b"<p align=center>", None),
            ("html", b"<?xml version='1.0'?><feed/>", None),
            ("txt", b"<?xml version='1.0'?><html>", None),
            (
                "txt",
                b"<!-- a --><svg:svg xmlns:svg='x'>",
                Some(Format::Svg),
            ),
            (
                "json",
                b"{\"cells\": [], \"nbformat\": 4}",
                Some(Format::Notebook),
            ),
            ("txt", b"From here it is far.\nSubject: none", None),
            ("txt", b"", None),
        ] {
            assert_eq!(
                by_content(extension, bytes),
                format,
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn misnamed_files_are_told_their_name() {
        assert_eq!(Format::Zip.misnamed("a.ZIP"), None);
        assert_eq!(Format::Plain.misnamed("a.pdf"), None);
        let told = Format::Picture(PictureKind::Jpeg)
            .misnamed("scan.png")
            .unwrap();
        assert!(told.contains("a JPEG picture") && told.starts_with("The file is named .png"));
    }
}
