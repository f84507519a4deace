//! PDFs of every kind that once was read wrongly, built in code.

mod layout;
mod order;
mod running;
mod scripts;
mod tables;
mod unseen;

use super::read;
use crate::attachments::draft::{Draft, Reading};
use clara_pdf_writer::{Page, Pdf, document};

/// What is read of pages with this content; `F1` is Helvetica.
fn read_pages(contents: &[&str]) -> Reading {
    let pages: Vec<Page<'_>> = contents
        .iter()
        .map(|content| Page::Drawing(content.as_bytes()))
        .collect();
    read(&document("", "en", &pages), Draft::default())
}

/// The text of one page with this content.
fn text(content: &str) -> String {
    read_pages(&[content]).text
}

/// Content that shows lines: size, x, y and the text of each.
fn lines(lines: &[(f32, f32, f32, &str)]) -> String {
    let shown = lines.iter().map(|(size, x, y, text)| {
        format!(
            "BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET
"
        )
    });
    shown.collect::<Vec<_>>().concat()
}

/// One page with these entries of its own besides content and fonts.
fn read_with(page_entries: &str, content: &str) -> Reading {
    let mut pdf = Pdf::default();
    let info = pdf.add("<< >>");
    let font = pdf
        .add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    let content = pdf.stream("", content.as_bytes());
    let tree = pdf.next(1);
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {tree} 0 R {page_entries} /Contents {content} 0 R /Resources << /Font << /F1 {font} 0 R \
         >> >> >>"
    ));
    pdf.add(format!("<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>"));
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    read(&pdf.finish(root, info), Draft::default())
}
