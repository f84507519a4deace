//! The report for a model's context: the same facts as structured content and as text, each within a fixed budget.
//! What matters most comes first (refuted, conflicting, supported, then undecided claims) and what does not fit is counted
//! and named by a resource. Knows the report alone; the resource's address comes from the caller.

mod open;

use serde_json::{Value, json};

use super::sanitize::{beginning, markdown as safe, shortened};
use super::{Report, ReportedClaim, ReportedEvidence, wording};
use clara_domain::verdict::{Stance, Verdict};

/// What a report may take of a model's context, in tokens (JSON characters ÷ 4).
pub const BUDGET_TOKENS: usize = 8_000;
/// Of the budget's characters, what is kept for the envelope and the task around the report.
const ENVELOPE_CHARACTERS: usize = 1_200;
const BUDGET_CHARACTERS: usize = BUDGET_TOKENS * 4 - ENVELOPE_CHARACTERS;

/// A longer quote or claim is cut to a true beginning of it, with its `end` moved, and says so.
const MAX_QUOTE: usize = 600;
const MAX_RATIONALE: usize = 400;
const MAX_NAME: usize = 200;
/// A longer link is left out: cut, it would lead elsewhere.
const MAX_LINK: usize = 500;
/// More of what could not be done than this is counted, not listed.
const MAX_LIMITS: usize = 10;

/// A report as MCP shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ForModel {
    /// For clients that show a model only the structured content.
    pub structured: Value,
    /// For clients that show a model only the text; the same facts.
    pub text: String,
}

/// The report within the budget; `resource` is where the whole of it is.
pub fn for_model(report: &Report, resource: &str) -> ForModel {
    let claims = by_weight(report);
    // The largest number of claims that fits. Each claim only adds, so the number can be found by halving.
    let (mut fits, mut too_many) = (0, claims.len() + 1);
    let mut best = Excerpt::of(report, &[], claims.len(), resource).rendered();
    while too_many - fits > 1 {
        let number = fits + (too_many - fits) / 2;
        let left = claims.len() - number;
        let rendered = Excerpt::of(report, &claims[..number], left, resource).rendered();
        if within_budget(&rendered) {
            fits = number;
            best = rendered;
        } else {
            too_many = number;
        }
    }
    best
}

fn within_budget(rendered: &ForModel) -> bool {
    let text = Value::String(rendered.text.clone());
    [&rendered.structured, &text]
        .into_iter()
        .all(|value| value.to_string().chars().count() <= BUDGET_CHARACTERS)
}

fn by_weight(report: &Report) -> Vec<&ReportedClaim> {
    let mut claims: Vec<&ReportedClaim> = report.claims.iter().collect();
    claims.sort_by_key(|claim| match claim.verdict {
        Verdict::Refuted => 0,
        Verdict::Conflicting => 1,
        Verdict::Supported => 2,
        Verdict::NotEnoughEvidence => 3,
    });
    claims
}

/// The facts that are shown; both forms are written from it, so neither can say more than the other.
struct Excerpt<'a> {
    report: &'a Report,
    claims: Vec<ClaimExcerpt<'a>>,
    limits: Vec<(String, String)>,
    limits_left: usize,
    instructing: Vec<(&'a str, String)>,
    claims_left: usize,
    resource: &'a str,
}

struct ClaimExcerpt<'a> {
    claim: &'a ReportedClaim,
    text: &'a str,
    text_cut: bool,
    rationale: String,
    quotes: Vec<QuoteExcerpt<'a>>,
}

struct QuoteExcerpt<'a> {
    /// The quote with `quote` and `end` moved to what is shown.
    shown: ReportedEvidence,
    cut: bool,
    source_name: &'a str,
}

impl<'a> Excerpt<'a> {
    fn of(
        report: &'a Report,
        claims: &[&'a ReportedClaim],
        claims_left: usize,
        resource: &'a str,
    ) -> Self {
        let not_done = wording::not_done(report);
        let limits_left = not_done.len().saturating_sub(MAX_LIMITS);
        let limits = not_done
            .into_iter()
            .take(MAX_LIMITS)
            .map(|(what, reason)| (shortened(&what, MAX_NAME), shortened(reason, MAX_RATIONALE)))
            .collect();
        Self {
            report,
            claims: claims
                .iter()
                .map(|claim| ClaimExcerpt::of(report, claim))
                .collect(),
            limits,
            limits_left,
            instructing: open::instructing(report),
            claims_left,
            resource,
        }
    }

    fn rendered(&self) -> ForModel {
        ForModel {
            structured: self.structured(),
            text: self.text(),
        }
    }

    /// What to do about the open claims that are shown.
    fn next(&self) -> Option<String> {
        open::next(self.claims.iter().map(|claim| claim.claim))
    }

    fn structured(&self) -> Value {
        let mut excerpt = json!({
            "format": self.report.format,
            "summary": self.report.summary,
            "counts": self.report.counts,
            "note": wording::FROM_OUTSIDE,
            "claims": self.claims.iter().map(ClaimExcerpt::structured).collect::<Vec<_>>(),
            "limits": self.limits.iter()
                .map(|(what, reason)| json!({"what": what, "reason": reason}))
                .collect::<Vec<_>>(),
            "engine": self.report.engine,
            "confidence_means": self.report.confidence_means,
            "more": {
                "claims_left": self.claims_left,
                "limits_left": self.limits_left,
                "resource": self.resource,
            },
        });
        if let Some(next) = self.next() {
            excerpt["next"] = json!(next);
        }
        if !self.instructing.is_empty() {
            excerpt["instructs_reader"] = self
                .instructing
                .iter()
                .map(|(source, text)| json!({"source": source, "text": text}))
                .collect();
        }
        excerpt
    }

    fn text(&self) -> String {
        let mut lines = vec![self.report.summary.clone()];
        if !self.claims.is_empty() {
            lines.push(wording::FROM_OUTSIDE.to_owned());
        }
        for claim in &self.claims {
            lines.push(String::new());
            claim.write(&mut lines);
        }
        if let Some(next) = self.next() {
            lines.push(String::new());
            lines.push(next);
        }
        if !self.instructing.is_empty() {
            lines.push(String::new());
            lines.push(format!("{}:", wording::INSTRUCTS_READER));
            for (source, text) in &self.instructing {
                lines.push(format!("- {source}: “{}”", safe(text)));
            }
        }
        if !self.limits.is_empty() {
            lines.push(String::new());
            lines.push("What could not be done:".to_owned());
            for (what, reason) in &self.limits {
                lines.push(format!("- {}: {}", safe(what), safe(reason)));
            }
        }
        lines.push(String::new());
        let engine = safe(&wording::engine(&self.report.engine));
        let left = match (self.claims_left, self.limits_left) {
            (0, 0) => "Every claim is above".to_owned(),
            (claims, 0) => format!("Not shown: {}", wording::count(claims, "claim", "claims")),
            (claims, limits) => format!(
                "Not shown: {}, {}",
                wording::count(claims, "claim", "claims"),
                wording::count(limits, "limit", "limits")
            ),
        };
        lines.push(format!(
            "Judged by {engine}. {left}; the whole report: {}",
            self.resource
        ));
        lines.push(format!("Confidence: {}", self.report.confidence_means));
        lines.join("\n")
    }
}

impl<'a> ClaimExcerpt<'a> {
    fn of(report: &'a Report, claim: &'a ReportedClaim) -> Self {
        let (text, text_cut) = beginning(&claim.text, MAX_QUOTE);
        // One quote a claim; a conflict is two, or it would look like a verdict for one side.
        let stances: &[Stance] = match claim.verdict {
            Verdict::Supported => &[Stance::Supports],
            Verdict::Refuted => &[Stance::Refutes],
            Verdict::Conflicting => &[Stance::Supports, Stance::Refutes],
            Verdict::NotEnoughEvidence => &[],
        };
        let quotes = stances
            .iter()
            .filter_map(|stance| claim.evidence.iter().find(|quote| quote.stance == *stance))
            .map(|quote| QuoteExcerpt::of(report, quote))
            .collect();
        Self {
            claim,
            text,
            text_cut,
            rationale: shortened(&claim.rationale, MAX_RATIONALE),
            quotes,
        }
    }

    fn structured(&self) -> Value {
        let mut claim = json!({
            "id": self.claim.id,
            "text": self.text,
            "start": self.claim.start,
            "end": self.claim.start + self.text.chars().count(),
            "verdict": self.claim.verdict,
            "confidence": self.claim.confidence,
            "rationale": self.rationale,
            "evidence": self.quotes.iter().map(QuoteExcerpt::structured).collect::<Vec<_>>(),
        });
        if self.text_cut {
            claim["cut"] = json!(true);
        }
        open::add(&mut claim, self.claim);
        claim
    }

    fn write(&self, lines: &mut Vec<String>) {
        lines.push(format!(
            "{}: {} (confidence {:.2})",
            self.claim.id,
            wording::verdict(self.claim.verdict),
            self.claim.confidence
        ));
        lines.push(format!(
            "Claim (characters {}–{}): “{}”{}",
            self.claim.start,
            self.claim.start + self.text.chars().count(),
            safe(self.text),
            cut_mark(self.text_cut)
        ));
        lines.push(format!("Why: {}", safe(&self.rationale)));
        for quote in &self.quotes {
            quote.write(lines);
        }
        open::write(lines, self.claim);
    }
}

impl<'a> QuoteExcerpt<'a> {
    fn of(report: &'a Report, quote: &'a ReportedEvidence) -> Self {
        let (words, cut) = beginning(&quote.quote, MAX_QUOTE);
        let mut shown = ReportedEvidence {
            quote: words.to_owned(),
            end: quote.start + words.chars().count(),
            ..quote.clone()
        };
        shown.link = shown.link.filter(|link| link.len() <= MAX_LINK);
        Self {
            shown,
            cut,
            source_name: wording::source_name(report, &quote.source),
        }
    }

    fn structured(&self) -> Value {
        let mut quote = json!({
            "id": self.shown.id,
            "stance": self.shown.stance,
            "quote": self.shown.quote,
            "source": self.shown.source,
            "source_name": shortened(self.source_name, MAX_NAME),
            "start": self.shown.start,
            "end": self.shown.end,
        });
        if let Some(page) = self.shown.page {
            quote["page"] = json!(page);
        }
        if let Some(seconds) = self.shown.seconds {
            quote["seconds"] = json!(seconds);
        }
        if let Some(place) = &self.shown.place {
            quote["place"] = json!(place);
        }
        if let Some(link) = &self.shown.link {
            quote["link"] = json!(link);
        }
        if self.cut {
            quote["cut"] = json!(true);
        }
        quote
    }

    fn write(&self, lines: &mut Vec<String>) {
        lines.push(format!(
            "> {} {} “{}”{}",
            self.shown.id,
            wording::stance(self.shown.stance),
            safe(&self.shown.quote),
            cut_mark(self.cut)
        ));
        let name = shortened(self.source_name, MAX_NAME);
        let mut place = format!(
            "> in {}: {}, {}",
            self.shown.source,
            safe(&name),
            safe(&wording::position(&self.shown))
        );
        if let Some(link) = &self.shown.link {
            place.push_str(", ");
            place.push_str(&super::sanitize::plain(link));
        }
        lines.push(place);
    }
}

fn cut_mark(cut: bool) -> &'static str {
    if cut { " (cut)" } else { "" }
}
