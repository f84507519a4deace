//! A file name for something fetched: the address's last part, with an extension that fits what the server says it is.
//! Types without an extension here are not read.

use url::Url;

use crate::domain::submission::supported_extension;

/// The longest name that is made, in characters; less than an attachment's may have.
const LONGEST: usize = 100;

/// The name, or `None` for a type that is not read.
pub fn name_of(url: &Url, content_type: &str) -> Option<String> {
    let last = url
        .path_segments()
        .and_then(|mut parts| parts.rfind(|part| !part.is_empty()))
        .unwrap_or_default();
    let extension = match content_type {
        "text/html" | "application/xhtml+xml" => "html",
        "application/pdf" => "pdf",
        "text/markdown" => "md",
        "text/csv" => "csv",
        "application/json" | "text/json" => "json",
        "text/vtt" => "vtt",
        "application/x-subrip" | "text/srt" => "srt",
        "application/rtf" | "text/rtf" => "rtf",
        "application/epub+zip" => "epub",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.oasis.opendocument.text" => "odt",
        "application/vnd.oasis.opendocument.spreadsheet" => "ods",
        "application/vnd.oasis.opendocument.presentation" => "odp",
        "application/xml" | "text/xml" | "application/rss+xml" | "application/atom+xml" => "xml",
        "application/x-ipynb+json" => "ipynb",
        "message/rfc822" => "eml",
        "application/mbox" => "mbox",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "application/x-tar" => "tar",
        "application/gzip" | "application/x-gzip" => "gz",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/tiff" => "tiff",
        "image/bmp" => "bmp",
        "image/heic" | "image/heif" => "heic",
        "image/svg+xml" => "svg",
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "wav",
        "audio/ogg" | "application/ogg" => "ogg",
        "audio/opus" => "opus",
        "audio/flac" | "audio/x-flac" => "flac",
        "audio/mp4" | "audio/x-m4a" => "m4a",
        "video/mp4" => "mp4",
        "video/webm" | "audio/webm" => "webm",
        "video/x-matroska" => "mkv",
        "video/quicktime" => "mov",
        // Servers send many kinds of text as plain: then the name says more.
        "text/plain" => supported_extension(last)
            .filter(|named| {
                matches!(
                    *named,
                    "md" | "csv"
                        | "json"
                        | "srt"
                        | "vtt"
                        | "xml"
                        | "ipynb"
                        | "eml"
                        | "mbox"
                        | "svg"
                )
            })
            .unwrap_or("txt"),
        _ => return None,
    };
    let stem = match supported_extension(last) {
        Some(named) => &last[..last.len() - named.len() - 1],
        None => last,
    };
    let mut stem: String = stem
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '_'
            }
        })
        .take(LONGEST)
        .collect();
    if stem.is_empty() {
        stem = url
            .host_str()
            .unwrap_or("page")
            .chars()
            .take(LONGEST)
            .collect();
    }
    Some(format!("{stem}.{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_fits_the_type() {
        for (url, content_type, name) in [
            (
                "https://example.org/a/report.pdf",
                "application/pdf",
                Some("report.pdf"),
            ),
            (
                "https://example.org/a/report",
                "application/pdf",
                Some("report.pdf"),
            ),
            (
                "https://example.org/",
                "text/html",
                Some("example.org.html"),
            ),
            (
                "https://example.org/wiki/Bridge_(Kell)",
                "text/html",
                Some("Bridge__Kell_.html"),
            ),
            (
                "https://example.org/a.docx?x=1",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                Some("a.docx"),
            ),
            ("https://example.org/a.xlsx", "text/plain", Some("a.txt")),
            ("https://example.org/a.md", "text/plain", Some("a.md")),
            ("https://example.org/a.pdf", "text/plain", Some("a.txt")),
            ("https://example.org/a.txt", "text/html", Some("a.html")),
            ("https://example.org/a.zip", "text/plain", Some("a.txt")),
            ("https://example.org/a", "application/zip", Some("a.zip")),
            ("https://example.org/feed", "text/xml", Some("feed.xml")),
            ("https://example.org/a.png", "image/png", Some("a.png")),
            (
                "https://example.org/a.exe",
                "application/x-msdownload",
                None,
            ),
            ("https://example.org/a.mp4", "video/mp4", Some("a.mp4")),
            ("https://example.org/a.html", "", None),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(name_of(&url, content_type).as_deref(), name, "{url}");
        }
    }
}
