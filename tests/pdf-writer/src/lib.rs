//! Writes small PDFs by hand: a text layer in Helvetica, nothing compressed, the same bytes every time. For the sample that
//! comes with Clara and for tests; it can also write what no program would.

use std::fmt::Write as _;

/// A PDF in the making: objects by number, from 1.
#[derive(Debug, Default)]
pub struct Pdf {
    objects: Vec<Vec<u8>>,
}

impl Pdf {
    /// Adds an object and gives its number.
    pub fn add(&mut self, body: impl Into<Vec<u8>>) -> usize {
        self.objects.push(body.into());
        self.objects.len()
    }

    /// Adds a stream with these entries in its dictionary.
    pub fn stream(&mut self, entries: &str, bytes: &[u8]) -> usize {
        let mut body = format!("<< {entries} /Length {} >>\nstream\n", bytes.len()).into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\nendstream");
        self.add(body)
    }

    /// The number that the object after `ahead` others will get.
    pub fn next(&self, ahead: usize) -> usize {
        self.objects.len() + 1 + ahead
    }

    /// The file, with its table of objects.
    pub fn finish(self, root: usize, info: usize) -> Vec<u8> {
        let mut file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = Vec::new();
        for (index, object) in self.objects.iter().enumerate() {
            offsets.push(file.len());
            file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        let table = file.len();
        file.extend_from_slice(
            format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).as_bytes(),
        );
        for offset in &offsets {
            file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
        }
        file.extend_from_slice(
            format!(
                "trailer\n<< /Size {} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{table}\n%%EOF\n",
                offsets.len() + 1
            )
            .as_bytes(),
        );
        file
    }
}

/// What stands on a page.
pub enum Page<'a> {
    /// Lines of text, one below the other; an empty one leaves a gap.
    Lines(Vec<&'a str>),
    /// Drawing operators as they are.
    #[allow(dead_code, reason = "tests draw, the sample does not")]
    Drawing(&'a [u8]),
}

/// A document with these pages.
pub fn document(title: &str, language: &str, pages: &[Page<'_>]) -> Vec<u8> {
    let mut pdf = Pdf::default();
    let info = pdf.add(format!("<< /Title {} >>", literal(title)));
    let font = pdf
        .add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    let tree = pdf.next(pages.len() * 2);
    let mut kids = Vec::new();
    for page in pages {
        let content = match page {
            Page::Lines(lines) => pdf.stream("", &show(lines)),
            Page::Drawing(operators) => pdf.stream("", operators),
        };
        let number = pdf.add(format!(
            "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
             /Resources << /Font << /F1 {font} 0 R >> >> >>"
        ));
        kids.push(format!("{number} 0 R"));
    }
    pdf.add(format!(
        "<< /Type /Pages /Count {} /Kids [{}] >>",
        pages.len(),
        kids.join(" ")
    ));
    let root = pdf.add(format!(
        "<< /Type /Catalog /Pages {tree} 0 R /Lang {} >>",
        literal(language)
    ));
    pdf.finish(root, info)
}

/// The operators that show the lines from the top of the page.
fn show(lines: &[&str]) -> Vec<u8> {
    let mut operators = b"BT /F1 11 Tf 15 TL 72 770 Td\n".to_vec();
    for line in lines {
        operators.extend_from_slice(literal(line).as_bytes());
        operators.extend_from_slice(b" Tj T*\n");
    }
    operators.extend_from_slice(b"ET\n");
    operators
}

/// A text as a PDF's own string; letters past ASCII by their Latin-1 number.
fn literal(text: &str) -> String {
    let mut out = String::from("(");
    for character in text.chars() {
        match character {
            '(' | ')' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            ' '..='~' => out.push(character),
            _ => {
                let _ = write!(out, "\\{:03o}", u32::from(character).min(255));
            }
        }
    }
    out.push(')');
    out
}
