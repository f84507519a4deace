//! What an analysis costs by the pages of its source and the number of its claims: a PDF of pages of plain sentences is read, and a text
//! of claims about them is weighed against it, in this process and on one thread.
//!
//! ```text
//! cargo run --release -p clara-analysis --example speed
//! ```
//!
//! Both grow eightfold. A cost that is linear doubles from line to line.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::time::Instant;

use clara_analysis::attachments::read_here;
use clara_analysis::engine::builtin::Builtin;
use clara_analysis::pipeline::{Control, weigh};
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::text::Text;
use clara_pdf_writer::{Page, document};

const TOWNS: [&str; 8] = [
    "Orla", "Halm", "Brask", "Lund", "Torvik", "Veskar", "Aster", "Kirn",
];
const TRADES: [&str; 5] = ["mill", "school", "bridge", "harbour", "library"];
/// Sentences of a page; of each, one line.
const LINES: usize = 40;
const PAGES: usize = 200;
const CLAIMS: usize = 100;

fn main() {
    println!("| pages | claims | reading, ms | weighing, ms | per claim, ms |");
    println!("|---|---|---|---|---|");
    for share in [8, 4, 2, 1] {
        measured(PAGES / share, CLAIMS);
    }
    for share in [8, 4, 2] {
        measured(PAGES, CLAIMS / share);
    }
}

fn measured(pages: usize, claims: usize) {
    let pdf = pdf(pages);
    let started = Instant::now();
    let reading = read_here("report.pdf", &pdf);
    let read = started.elapsed();
    let source = Source {
        title: reading.title,
        records: reading.records,
        layouts: reading.layouts,
        places: reading.places,
        ..Source::of_text("s1", SourceKind::Attachment, Text::new(reading.text))
    };
    // Every second claim has another year than its sentence.
    let text: Vec<String> = (0..claims)
        .map(|number| sentence(number * 37 % (pages * LINES), number % 2))
        .collect();
    let submission = source_of(&text.join(" "));
    let started = Instant::now();
    let weighed = weigh(&submission, &[source], &Builtin, Control::NONE);
    let weighing = started.elapsed();
    let found = weighed.claims.len().max(1);
    println!(
        "| {pages} | {found} | {} | {} | {:.1} |",
        read.as_millis(),
        weighing.as_millis(),
        weighing.as_secs_f64() * 1000.0 / f64::from(u32::try_from(found).unwrap_or(u32::MAX))
    );
}

/// `Mill number 371 in Halm was rebuilt in 1904 for 12 million euros.`
fn sentence(number: usize, later: usize) -> String {
    let trade = TRADES[number % TRADES.len()];
    let town = TOWNS[number / TRADES.len() % TOWNS.len()];
    let (year, cost) = (1850 + number * 7 % 150 + later, 1 + number * 13 % 90);
    format!("The {trade} number {number} in {town} was rebuilt in {year} for {cost} million euros.")
}

fn pdf(pages: usize) -> Vec<u8> {
    let lines: Vec<String> = (0..pages * LINES)
        .map(|number| sentence(number, 0))
        .collect();
    let pages: Vec<Page<'_>> = lines
        .chunks(LINES)
        .map(|lines| Page::Lines(lines.iter().map(String::as_str).collect()))
        .collect();
    document("What was rebuilt", "en", &pages)
}

fn source_of(text: &str) -> Source {
    Source::of_text(
        Source::SUBMISSION,
        SourceKind::Submission,
        Text::new(text.to_owned()),
    )
}
