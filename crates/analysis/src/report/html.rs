//! The report as a page of HTML that stands alone: no script, nothing loaded from elsewhere, every text escaped.
//! Knows the report and its template (`templates/report.html`); must not know who serves the page or its headers.

use askama::Template;

use super::context::web_address;
use super::sanitize::plain;
use super::{Report, ReportedClaim, ReportedEvidence, wording};

/// The whole report as a page.
pub fn html(report: &Report) -> Result<String, askama::Error> {
    ReportPage::from(report).render()
}

/// What the template shows; texts are made plain here, and escaped by the template.
#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    summary: String,
    from_outside: &'static str,
    claims: Vec<ClaimView>,
    may_decide: &'static str,
    sources: Vec<SourceView>,
    instructs_reader: &'static str,
    instructing: Vec<(String, String)>,
    not_done: Vec<(String, String)>,
    queries: Vec<(String, String)>,
    engine: String,
    confidence_means: String,
}

struct ClaimView {
    id: String,
    /// Also the name of a class of the page's style.
    class: &'static str,
    verdict: &'static str,
    confidence: String,
    text: String,
    rationale: String,
    beside: Vec<(String, String)>,
    checks: Vec<(String, String)>,
    quotes: Vec<QuoteView>,
    /// The number, words and place of each passage that may decide it.
    passages: Vec<(String, String, String)>,
}

struct QuoteView {
    stance: &'static str,
    before: String,
    quote: String,
    after: String,
    source: String,
    position: String,
    link: Option<String>,
}

struct SourceView {
    id: String,
    name: String,
    facts: String,
    sha256: String,
    link: Option<String>,
}

impl From<&Report> for ReportPage {
    fn from(report: &Report) -> Self {
        Self {
            summary: report.summary.clone(),
            from_outside: wording::FROM_OUTSIDE,
            claims: report
                .claims
                .iter()
                .map(|claim| claim_view(report, claim))
                .collect(),
            may_decide: wording::MAY_DECIDE,
            sources: report.sources.iter().map(source_view).collect(),
            instructs_reader: wording::INSTRUCTS_READER,
            instructing: wording::instructing(report)
                .into_iter()
                .map(|(source, text)| (plain(source), plain(text)))
                .collect(),
            not_done: wording::not_done(report)
                .into_iter()
                .map(|(what, reason)| (plain(&what), plain(reason)))
                .collect(),
            queries: report
                .queries
                .iter()
                .map(|query| (plain(&query.source), plain(&query.text)))
                .collect(),
            engine: plain(&wording::engine(&report.engine)),
            confidence_means: report.confidence_means.clone(),
        }
    }
}

fn claim_view(report: &Report, claim: &ReportedClaim) -> ClaimView {
    ClaimView {
        id: plain(&claim.id),
        class: wording::verdict_key(claim.verdict),
        verdict: wording::verdict(claim.verdict),
        confidence: format!("{:.2}", claim.confidence),
        text: plain(&claim.text),
        rationale: plain(&claim.rationale),
        beside: wording::beside(claim)
            .into_iter()
            .map(|(label, text)| (label, plain(&text)))
            .collect(),
        passages: claim
            .passages
            .iter()
            .map(|passage| {
                let place = wording::passage_position(report, passage);
                (plain(&passage.id), plain(&passage.text), plain(&place))
            })
            .collect(),
        checks: claim
            .checks
            .iter()
            .map(|check| (plain(&check.name), plain(&check.detail)))
            .collect(),
        quotes: claim
            .evidence
            .iter()
            .map(|quote| quote_view(report, quote))
            .collect(),
    }
}

fn quote_view(report: &Report, quote: &ReportedEvidence) -> QuoteView {
    QuoteView {
        stance: wording::stance(quote.stance),
        before: plain(&quote.prefix),
        quote: plain(&quote.quote),
        after: plain(&quote.suffix),
        source: plain(wording::source_name(report, &quote.source)),
        position: wording::position(quote),
        link: quote
            .link
            .clone()
            .filter(|link| web_address(link).is_some()),
    }
}

fn source_view(source: &super::ReportedSource) -> SourceView {
    let facts: Vec<String> = [&source.title, &source.publisher, &source.published_at]
        .into_iter()
        .flatten()
        .map(|fact| plain(fact))
        .chain([
            wording::count(source.characters, "character", "characters"),
            source.retrieved_at.to_string(),
        ])
        .collect();
    SourceView {
        id: plain(&source.id),
        name: plain(&source.name),
        facts: facts.join(", "),
        sha256: plain(&source.sha256),
        link: source
            .url
            .as_deref()
            .and_then(web_address)
            .map(String::from),
    }
}
