//! The report for a terminal: each claim, its verdict, its quotes and where they stand, wrapped to the window.
//! Readable without colour; text from outside can move no cursor and open no link. It writes nothing itself.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::sanitize::plain;
use super::{Report, ReportedClaim, ReportedEvidence, wording};
use clara_domain::verdict::Verdict;

/// Narrower than this, lines are not wrapped further.
const NARROWEST: usize = 30;
/// Wider than this, lines are hard to read.
const WIDEST: usize = 100;

/// The report as text for a window of `width` columns, with colour only where it is asked for.
pub fn terminal(report: &Report, colour: bool, width: usize) -> String {
    let mut page = Page {
        text: String::new(),
        colour,
        width: width.clamp(NARROWEST, WIDEST),
    };
    page.report(report);
    page.text
}

struct Page {
    text: String,
    colour: bool,
    width: usize,
}

impl Page {
    fn report(&mut self, report: &Report) {
        self.lines("", "", &report.summary, Style::new().bold());
        for claim in &report.claims {
            self.text.push('\n');
            self.claim(report, claim);
        }
        let instructing = wording::instructing(report);
        if !instructing.is_empty() {
            self.text.push('\n');
            let head = wording::INSTRUCTS_READER;
            self.lines("", "", head, Style::new().bold());
            for (source, text) in instructing {
                let line = format!("{}: “{}”", plain(source), plain(text));
                self.lines("  - ", "    ", &line, Style::new());
            }
        }
        let not_done = wording::not_done(report);
        if !not_done.is_empty() {
            self.text.push('\n');
            self.lines("", "", "What could not be done", Style::new().bold());
            for (what, reason) in not_done {
                let line = format!("{}: {}", plain(&what), plain(reason));
                self.lines("  - ", "    ", &line, Style::new());
            }
        }
        self.text.push('\n');
        let engine = plain(&wording::engine(&report.engine));
        let last = format!(
            "Judged by {engine}. Confidence: {}",
            report.confidence_means
        );
        self.lines("", "", &last, Style::new().dimmed());
    }

    fn claim(&mut self, report: &Report, claim: &ReportedClaim) {
        let verdict = wording::verdict(claim.verdict).to_uppercase();
        let head = format!(
            "{}  {verdict}  confidence {:.2}",
            claim.id, claim.confidence
        );
        self.lines("", "", &head, style_of(claim.verdict));
        let text = format!("“{}”", plain(&claim.text));
        self.lines("    ", "     ", &text, Style::new().bold());
        self.lines("    ", "    ", &plain(&claim.rationale), Style::new());
        for (label, text) in wording::beside(claim) {
            let line = format!("{label}: {}", plain(&text));
            self.lines("    ", "      ", &line, Style::new());
        }
        for quote in &claim.evidence {
            self.quote(report, quote);
        }
        if !claim.passages.is_empty() {
            let head = format!("{}:", wording::MAY_DECIDE);
            self.lines("    ", "    ", &head, Style::new());
        }
        for passage in &claim.passages {
            let words = format!("{}: “{}”", passage.id, plain(&passage.text));
            self.lines("    │ ", "    │ ", &words, Style::new());
            let place = plain(&wording::passage_position(report, passage));
            self.lines("    │ ", "    │ ", &place, Style::new().dimmed());
        }
    }

    fn quote(&mut self, report: &Report, quote: &ReportedEvidence) {
        let words = format!("“{}”", plain(&quote.quote));
        self.lines("    │ ", "    │ ", &words, Style::new());
        let place = format!(
            "{}: {}, {}",
            wording::stance(quote.stance),
            plain(wording::source_name(report, &quote.source)),
            plain(&wording::position(quote))
        );
        self.lines("    │ ", "    │ ", &place, Style::new().dimmed());
        if let Some(link) = &quote.link {
            // Never broken, so that it can be copied.
            let _ = writeln!(self.text, "    │ {}", plain(link));
        }
    }

    /// A paragraph: `first` before its first line, `rest` before the others.
    fn lines(&mut self, first: &str, rest: &str, paragraph: &str, style: Style) {
        let mut indent = first;
        let mut line = String::new();
        let mut length = 0;
        for word in paragraph.split(' ') {
            let needed = word.chars().count();
            if length > 0 && indent.chars().count() + length + 1 + needed > self.width {
                self.line(indent, &line, style);
                line.clear();
                length = 0;
                indent = rest;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += needed;
        }
        self.line(indent, &line, style);
    }

    fn line(&mut self, indent: &str, line: &str, style: Style) {
        let style = if self.colour { style } else { Style::new() };
        let _ = writeln!(self.text, "{indent}{style}{line}{style:#}");
    }
}

fn style_of(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Supported => AnsiColor::Green,
        Verdict::Refuted => AnsiColor::Red,
        Verdict::Conflicting => AnsiColor::Yellow,
        Verdict::NotEnoughEvidence => AnsiColor::Blue,
    };
    colour.on_default().bold()
}
