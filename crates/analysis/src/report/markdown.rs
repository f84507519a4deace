//! The report as Markdown, for a person. Everything that others wrote is escaped and set off as a quotation.
//! Knows the report alone; must not cut anything: the whole report is here.

use std::fmt::Write as _;

use super::sanitize::markdown as safe;
use super::{Report, ReportedClaim, ReportedEvidence, ReportedSource, wording};

/// The whole report as Markdown.
pub fn markdown(report: &Report) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut page, report);
    page
}

fn write(page: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(page, "# Fact check\n\n{}\n", report.summary)?;
    if !report.claims.is_empty() {
        writeln!(page, "{}\n", wording::FROM_OUTSIDE)?;
    }
    for claim in &report.claims {
        write_claim(page, report, claim)?;
    }
    if !report.sources.is_empty() {
        writeln!(page, "## Sources\n")?;
        for source in &report.sources {
            write_source(page, source)?;
        }
        writeln!(page)?;
    }
    let instructing = wording::instructing(report);
    if !instructing.is_empty() {
        writeln!(page, "## {}\n", wording::INSTRUCTS_READER)?;
        for (source, text) in instructing {
            writeln!(page, "- {}: “{}”", safe(source), safe(text))?;
        }
        writeln!(page)?;
    }
    let not_done = wording::not_done(report);
    if !not_done.is_empty() {
        writeln!(page, "## What could not be done\n")?;
        for (what, reason) in not_done {
            writeln!(page, "- {}: {}", safe(&what), safe(reason))?;
        }
        writeln!(page)?;
    }
    if !report.queries.is_empty() {
        writeln!(page, "## Queries that were sent\n")?;
        for query in &report.queries {
            writeln!(page, "- {}: {}", safe(&query.source), safe(&query.text))?;
        }
        writeln!(page)?;
    }
    writeln!(
        page,
        "Judged by {}. Confidence: {}",
        safe(&wording::engine(&report.engine)),
        report.confidence_means
    )
}

pub(super) fn write_claim(
    page: &mut String,
    report: &Report,
    claim: &ReportedClaim,
) -> std::fmt::Result {
    writeln!(
        page,
        "## {}: {} (confidence {:.2})\n",
        claim.id,
        wording::verdict(claim.verdict),
        claim.confidence
    )?;
    writeln!(page, "Claim: “{}”\n", safe(&claim.text))?;
    writeln!(page, "{}\n", safe(&claim.rationale))?;
    let beside = wording::beside(claim);
    for (label, text) in &beside {
        writeln!(page, "- {label}: {}", safe(text))?;
    }
    if !beside.is_empty() {
        writeln!(page)?;
    }
    for check in &claim.checks {
        writeln!(page, "- {}: {}", safe(&check.name), safe(&check.detail))?;
    }
    if !claim.checks.is_empty() {
        writeln!(page)?;
    }
    for quote in &claim.evidence {
        write_quote(page, report, quote)?;
    }
    if !claim.passages.is_empty() {
        writeln!(page, "{}:\n", wording::MAY_DECIDE)?;
    }
    for passage in &claim.passages {
        writeln!(page, "> {}: “{}”\n>", passage.id, safe(&passage.text))?;
        let place = wording::passage_position(report, passage);
        writeln!(page, "> {}\n", safe(&place))?;
    }
    Ok(())
}

fn write_quote(page: &mut String, report: &Report, quote: &ReportedEvidence) -> std::fmt::Result {
    writeln!(page, "> “{}”\n>", safe(&quote.quote))?;
    write!(
        page,
        "> {}: {}, {}",
        wording::stance(quote.stance),
        safe(wording::source_name(report, &quote.source)),
        safe(&wording::position(quote))
    )?;
    match &quote.link {
        Some(link) => writeln!(page, " ([open]({}))\n", address(link)),
        None => writeln!(page, "\n"),
    }
}

fn write_source(page: &mut String, source: &ReportedSource) -> std::fmt::Result {
    write!(page, "- {}: {}", source.id, safe(&source.name))?;
    for fact in [&source.title, &source.publisher, &source.published_at]
        .into_iter()
        .flatten()
    {
        write!(page, ", {}", safe(fact))?;
    }
    writeln!(
        page,
        ", {}, SHA-256 `{}`",
        wording::count(source.characters, "character", "characters"),
        super::sanitize::plain(&source.sha256).replace('`', "")
    )
}

/// An address inside `(…)`: what would end it or begin a tag is percent-encoded.
fn address(link: &str) -> String {
    let mut safe = String::with_capacity(link.len());
    for character in link.chars() {
        match character {
            '(' => safe.push_str("%28"),
            ')' => safe.push_str("%29"),
            '<' => safe.push_str("%3C"),
            '>' => safe.push_str("%3E"),
            '\\' => safe.push_str("%5C"),
            other if other.is_whitespace() || other.is_control() => safe.push_str("%20"),
            other => safe.push(other),
        }
    }
    safe
}
