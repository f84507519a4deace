//! Claims that the sender names. One that is a stretch of the text stands where it stands there; one that is not is a sentence
//! by itself, and the submitted text goes on with it after a blank line, so that every claim stands in the submitted text.

use std::collections::HashSet;

use clara_domain::claim::{ClaimSpan, NotChecked};
use clara_domain::text::{Span, Text};

use super::{MAX_BEFORE, claims, not_checked};
use crate::language::sentences::sentences;

/// Why a sentence is not checked that might have been.
const NOT_HANDED_IN: &str = "not among the claims that were handed in";

/// The submitted text, and the claims where they stand in it, in the order of the text. The same input gives the same text.
pub fn handed_in(text: &str, asked: &[String]) -> (Text, Vec<ClaimSpan>) {
    let mut whole = text.to_owned();
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for claim in asked.iter().map(|claim| claim.trim()) {
        if claim.is_empty() || !seen.insert(claim) {
            continue;
        }
        let (start, by_itself) = if let Some(start) = text.find(claim) {
            (start, false)
        } else {
            if !whole.is_empty() {
                whole.push_str("\n\n");
            }
            whole.push_str(claim);
            (whole.len() - claim.len(), true)
        };
        found.push((start..start + claim.len(), by_itself));
    }
    found.sort_by_key(|(bytes, _)| (bytes.start, bytes.end));
    let all = sentences(text);
    let whole = Text::new(whole);
    let claims = found
        .into_iter()
        .map(|(bytes, by_itself)| {
            let first = all.partition_point(|sentence| sentence.bytes.end <= bytes.start);
            let before = if by_itself {
                0..0
            } else {
                first.saturating_sub(MAX_BEFORE)..first
            };
            ClaimSpan {
                span: whole.span_of(bytes.clone()),
                text: whole.as_str()[bytes].to_owned(),
                before: all[before]
                    .iter()
                    .rev()
                    .map(|sentence| text[sentence.bytes.clone()].to_owned())
                    .collect(),
            }
        })
        .collect();
    (whole, claims)
}

/// The sentences that no claim of these touches, each with the reason.
pub fn others(text: &Text, handed_in: &[ClaimSpan]) -> Vec<NotChecked> {
    let mut found = not_checked(text);
    found.extend(claims(text).into_iter().map(|claim| NotChecked {
        text: claim.text,
        span: claim.span,
        reason: NOT_HANDED_IN,
    }));
    let mut spans: Vec<Span> = handed_in.iter().map(|claim| claim.span).collect();
    spans.sort_unstable();
    found.retain(|sentence| !spans.iter().any(|span| span.overlaps(sentence.span)));
    found.sort_by_key(|sentence| sentence.span);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(claims: &[&str]) -> Vec<String> {
        claims.iter().map(|claim| (*claim).to_owned()).collect()
    }

    #[test]
    fn a_claim_stands_in_the_text_or_after_it() {
        let text = "The bridge is old. It opened in 1931, and has two towers.";
        let (whole, claims) = handed_in(
            text,
            &asked(&[
                "The toll is 2 euros.",
                " It opened in 1931",
                "The toll is 2 euros.",
                "",
            ]),
        );
        assert_eq!(
            whole.as_str(),
            "The bridge is old. It opened in 1931, and has two towers.\n\nThe toll is 2 euros."
        );
        let texts: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
        assert_eq!(texts, ["It opened in 1931", "The toll is 2 euros."]);
        assert_eq!(claims[0].before, ["The bridge is old."]);
        assert!(claims[1].before.is_empty());
        let left: Vec<_> = others(&whole, &claims)
            .into_iter()
            .map(|one| (one.text, one.reason))
            .collect();
        assert_eq!(left, [("The bridge is old.".to_owned(), NOT_HANDED_IN)]);
    }

    #[test]
    fn claims_alone_are_the_text() {
        let (whole, claims) = handed_in("", &asked(&["One is 1.", "Two is 2."]));
        assert_eq!(whole.as_str(), "One is 1.\n\nTwo is 2.");
        assert_eq!(claims.len(), 2);
    }

    proptest! {
        #[test]
        fn every_claim_stands_at_its_position(text in "\\PC{0,60}", claims in prop::collection::vec("\\PC{0,12}", 0..5)) {
            let (whole, found) = handed_in(&text, &claims);
            prop_assert!(whole.as_str().starts_with(&text));
            for claim in found {
                prop_assert_eq!(whole.slice(claim.span), claim.text.as_str());
                prop_assert!(!claim.span.is_empty());
            }
        }
    }
}
