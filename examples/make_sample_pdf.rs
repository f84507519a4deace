//! Makes `examples/sample/bridge-report.pdf` from the text beside it, two pages with a text layer.
//! Run it after the text was changed: `cargo run --example make_sample_pdf`.

use std::path::Path;

use clara_pdf_writer::{Page, document};

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sample");
    let text = std::fs::read_to_string(folder.join("bridge-report.txt"))?;
    std::fs::write(folder.join("bridge-report.pdf"), sample(&text))
}

/// The report on two pages; the second begins with a section.
fn sample(text: &str) -> Vec<u8> {
    let (first, second) = text.split_at(text.find("\n4. ").map_or(text.len(), |at| at + 1));
    let title = text.lines().take(2).collect::<Vec<_>>().join(", ");
    document(
        &title,
        "en",
        &[
            Page::Lines(first.lines().collect()),
            Page::Lines(second.lines().collect()),
        ],
    )
}
