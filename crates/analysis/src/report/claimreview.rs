//! The report as ClaimReview, schema.org's vocabulary for fact checks in JSON-LD, which search engines and other
//! fact-checkers read. Only claims that were decided are reviews: without enough evidence there is nothing to rate.
//! Knows the report alone; must not know where the JSON is put.

use serde_json::{Value, json};

use super::{Report, ReportedClaim, wording};
use clara_domain::verdict::Verdict;

/// The reviews, one for each supported, refuted or conflicting claim. `address` is the report's own, where it has one.
pub fn claim_reviews(report: &Report, address: Option<&str>) -> Value {
    let reviews: Vec<Value> = report
        .claims
        .iter()
        .filter_map(|claim| review(report, claim, address))
        .collect();
    json!({"@context": "https://schema.org", "@graph": reviews})
}

fn review(report: &Report, claim: &ReportedClaim, address: Option<&str>) -> Option<Value> {
    let rating = match claim.verdict {
        Verdict::Supported => 5,
        Verdict::Conflicting => 3,
        Verdict::Refuted => 1,
        Verdict::NotEnoughEvidence => return None,
    };
    let mut review = json!({
        "@type": "ClaimReview",
        "claimReviewed": claim.text,
        "reviewBody": claim.rationale,
        "author": {"@type": "Organization", "name": "Clara"},
        "itemReviewed": {"@type": "Claim", "text": claim.text},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": rating,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": wording::verdict(claim.verdict),
        },
        "citation": claim.evidence.iter().map(|quote| citation(report, quote)).collect::<Vec<_>>(),
    });
    if let Some(address) = address {
        review["url"] = json!(format!("{address}#{}", claim.id));
    }
    Some(review)
}

fn citation(report: &Report, quote: &super::ReportedEvidence) -> Value {
    let mut citation = json!({
        "@type": "Quotation",
        "text": quote.quote,
        "isPartOf": {"@type": "CreativeWork", "name": wording::source_name(report, &quote.source)},
    });
    if let Some(link) = &quote.link {
        citation["url"] = json!(link);
    }
    citation
}
