//! Claims that a judge found in a text. They are kept only where they stand in it; a reading by itself is kept only where it has
//! no word that the text has not, and all that the claim says. What the builtin engine takes for a claim and the judge left
//! out is checked all the same: a judge can add and part claims, and lose none.

use std::collections::{HashMap, HashSet};

use clara_domain::claim::ClaimSpan;
use clara_domain::text::{Span, Text};
use clara_domain::verdict::Verdict;

use super::Session;
use crate::engine::judge::ProposedClaim;
use crate::engine::{Engine, Judgement, Passage};
use crate::language::words::words;
use crate::report::{Limit, Report};

/// A longer stretch is no claim.
const MAX_CLAIM_CHARACTERS: usize = 5_000;
/// Nothing was measured for a claim that was not judged.
const NOT_JUDGED: f64 = 0.5;

/// The claims of a text, by the builtin engine and a judge together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundClaims {
    /// In the order of the text, without overlap.
    claims: Vec<ClaimSpan>,
    /// The claims that are the judge's own, with the reading by itself where there is one.
    own: HashMap<Span, Option<String>>,
}

/// Asks for the claims of a text. Where no answer comes, the builtin engine's stand, and the limit says so.
pub async fn find_claims(
    session: &Session,
    engine: &dyn Engine,
    text: &Text,
) -> (FoundClaims, Option<Limit>) {
    let judge = &session.engine.judge;
    let asking = judge.find_claims(text.as_str(), &session.spending);
    let found = tokio::time::timeout_at(session.deadline(), asking).await;
    let problem = match found {
        Ok(Ok(proposed)) => return (FoundClaims::new(engine.claims(text), text, &proposed), None),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it took too long".to_owned(),
    };
    let limit = Limit {
        what: judge.engine().to_owned(),
        reason: format!(
            "The claims were found by the builtin engine alone, for the model gave no answer: {problem}."
        ),
    };
    (
        FoundClaims::new(engine.claims(text), text, &[]),
        Some(limit),
    )
}

impl FoundClaims {
    fn new(builtin: Vec<ClaimSpan>, text: &Text, proposed: &[ProposedClaim]) -> Self {
        let mut located = located(text, proposed);
        let mut kept = builtin;
        // A claim of the builtin engine gives way only to claims that together have all of its words.
        loop {
            let left: Vec<Span> = kept
                .iter()
                .filter(|claim| has_words_left(claim, located.keys(), text))
                .map(|claim| claim.span)
                .collect();
            let before = located.len();
            located.retain(|span, _| !left.iter().any(|kept| kept.overlaps(*span)));
            if located.len() == before {
                break;
            }
        }
        let own = located;
        let mut claims: Vec<ClaimSpan> = own
            .keys()
            .map(|span| ClaimSpan {
                text: text.slice(*span).to_owned(),
                span: *span,
                before: kept
                    .iter()
                    .find(|claim| claim.span.overlaps(*span))
                    .map(|claim| claim.before.clone())
                    .unwrap_or_default(),
            })
            .collect();
        // What is the same stretch for both stays the builtin engine's, with the judge's reading.
        let same: HashSet<Span> = kept.iter().map(|claim| claim.span).collect();
        claims.retain(|claim| !same.contains(&claim.span));
        kept.retain(|claim| {
            own.contains_key(&claim.span) || !own.keys().any(|span| span.overlaps(claim.span))
        });
        claims.append(&mut kept);
        claims.sort_by_key(|claim| claim.span);
        Self { claims, own }
    }

    /// Writes the readings into the report.
    pub fn read_by_themselves(&self, report: &mut Report) {
        for claim in &mut report.claims {
            if let Some(Some(reading)) = self.own.get(&Span::new(claim.start, claim.end)) {
                claim.standalone = Some(reading.clone());
            }
        }
    }

    /// An engine that judges these claims as `engine` does. Parts of sentences it leaves open: read without the rest of
    /// their sentence they may say something else.
    pub fn judged_by<E: Engine + ?Sized>(&self, engine: std::sync::Arc<E>) -> WithClaims<E> {
        WithClaims {
            found: self.clone(),
            engine,
        }
    }
}

/// See [`FoundClaims::judged_by`].
pub struct WithClaims<E: ?Sized> {
    found: FoundClaims,
    engine: std::sync::Arc<E>,
}

impl<E: Engine + ?Sized> Engine for WithClaims<E> {
    fn name(&self) -> &'static str {
        self.engine.name()
    }

    fn version(&self) -> &'static str {
        self.engine.version()
    }

    fn claims(&self, _text: &Text) -> Vec<ClaimSpan> {
        self.found.claims.clone()
    }

    fn judge(&self, claim: &ClaimSpan, passages: &[Passage<'_>]) -> Judgement {
        let judgement = self.engine.judge(claim, passages);
        let whole = Text::new(claim.text.as_str());
        let is_whole = self
            .engine
            .claims(&whole)
            .iter()
            .any(|found| found.text == claim.text);
        let is_own = self.found.own.contains_key(&claim.span);
        if !is_own || is_whole || judgement.verdict == Verdict::NotEnoughEvidence {
            return judgement;
        }
        Judgement {
            verdict: Verdict::NotEnoughEvidence,
            confidence: NOT_JUDGED,
            rationale: "It is part of a sentence, which the builtin engine does not judge without the rest. Missing: a judge \
                        who reads it with what stands around it."
                .to_owned(),
            ..judgement
        }
    }
}

/// Where the proposed claims stand, in their order and without overlap.
fn located(text: &Text, proposed: &[ProposedClaim]) -> HashMap<Span, Option<String>> {
    let content = text.as_str();
    let known: HashSet<String> = lower_words(content);
    let mut located: HashMap<Span, Option<String>> = HashMap::new();
    let mut from = 0;
    for claim in proposed {
        let wanted = claim.text.trim();
        let says_something = words(wanted).iter().any(|word| !word.stop);
        if !says_something || wanted.chars().count() > MAX_CLAIM_CHARACTERS {
            continue;
        }
        let later = content[from..].find(wanted).map(|at| from + at);
        let Some(start) = later.or_else(|| content.find(wanted)) else {
            continue;
        };
        let end = start + wanted.len();
        let span = text.span_of(start..end);
        if cuts_a_word(content, start, end) || located.keys().any(|taken| taken.overlaps(span)) {
            continue;
        }
        from = end;
        let reading = claim.standalone.as_deref().map(str::trim);
        let reading =
            reading.filter(|reading| *reading != wanted && may_stand_for(reading, wanted, &known));
        located.insert(span, reading.map(str::to_owned));
    }
    located
}

fn cuts_a_word(content: &str, start: usize, end: usize) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let before = is_letter(content[..start].chars().next_back());
    let after = is_letter(content[end..].chars().next());
    before && is_letter(content[start..].chars().next())
        || after && is_letter(content[..end].chars().next_back())
}

/// Whether a reading has only words of the text, and all words of the claim that say something: numbers, names, denials.
fn may_stand_for(reading: &str, claim: &str, known: &HashSet<String>) -> bool {
    let said = lower_words(reading);
    let is_known = said.iter().all(|word| known.contains(word));
    let mut needed = words(claim)
        .into_iter()
        .filter(|word| !word.stop || is_denial(&word.lower));
    let denials = |text: &str| {
        words(text)
            .iter()
            .filter(|word| is_denial(&word.lower))
            .count()
    };
    is_known
        && needed.all(|word| said.contains(&word.lower))
        && denials(reading) == denials(claim)
        && reading.chars().count() <= MAX_CLAIM_CHARACTERS
}

fn is_denial(word: &str) -> bool {
    matches!(
        word,
        "no" | "not" | "never" | "none" | "nor" | "neither" | "without" | "nobody" | "nothing"
    ) || word.ends_with("n't")
}

fn lower_words(text: &str) -> HashSet<String> {
    words(text).into_iter().map(|word| word.lower).collect()
}

/// Whether the claim says something outside of all these spans.
fn has_words_left<'s>(
    claim: &ClaimSpan,
    spans: impl Iterator<Item = &'s Span>,
    text: &Text,
) -> bool {
    let spans: Vec<&Span> = spans.filter(|span| span.overlaps(claim.span)).collect();
    if spans.is_empty() {
        return false;
    }
    let start = text.byte_of(claim.span.start);
    words(&claim.text).iter().any(|word| {
        let position = text.position_of(start + word.bytes.start);
        let is_covered = spans
            .iter()
            .any(|span| (span.start..span.end).contains(&position));
        !is_covered && (!word.stop || is_denial(&word.lower))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::builtin::Builtin;

    fn found(text: &str, proposed: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        let proposed: Vec<ProposedClaim> = proposed
            .iter()
            .map(|(text, reading)| ProposedClaim {
                text: (*text).to_owned(),
                standalone: (!reading.is_empty()).then(|| (*reading).to_owned()),
            })
            .collect();
        let text = Text::new(text);
        let found = FoundClaims::new(Builtin.claims(&text), &text, &proposed);
        let own = found.own.clone();
        found
            .claims
            .into_iter()
            .map(|claim| {
                assert_eq!(text.slice(claim.span), claim.text);
                (claim.text, own.get(&claim.span).cloned().flatten())
            })
            .collect()
    }

    fn texts(text: &str, proposed: &[(&str, &str)]) -> Vec<String> {
        found(text, proposed)
            .into_iter()
            .map(|(text, _)| text)
            .collect()
    }

    const BRIDGE: &str =
        "The Ardmoor Bridge opened in 1931. It is 412 metres long and cost 4 million pounds.";

    #[test]
    fn a_sentence_is_parted_only_whole() {
        let parts = [("It is 412 metres long", ""), ("cost 4 million pounds", "")];
        assert_eq!(
            texts(BRIDGE, &parts),
            [
                "The Ardmoor Bridge opened in 1931.",
                "It is 412 metres long",
                "cost 4 million pounds"
            ]
        );
        let whole = "It is 412 metres long and cost 4 million pounds.";
        assert_eq!(texts(BRIDGE, &parts[..1])[1], whole);
        assert_eq!(texts(BRIDGE, &[]).len(), 2);
    }

    #[test]
    fn what_does_not_stand_in_the_text_is_no_claim() {
        let proposed = [
            ("The Ardmoor Bridge opened in 1932.", ""),
            ("the", ""),
            ("dge opened", ""),
            ("", ""),
        ];
        assert_eq!(texts(BRIDGE, &proposed), texts(BRIDGE, &[]));
    }

    #[test]
    fn a_reading_adds_nothing_and_loses_nothing() {
        let sentence = "It is 412 metres long and cost 4 million pounds.";
        let reading = |reading| found(BRIDGE, &[(sentence, reading)])[1].1.clone();
        let good = "The Ardmoor Bridge is 412 metres long and cost 4 million pounds.";
        assert_eq!(reading(good).as_deref(), Some(good));
        for bad in [
            "The Ardmoor Bridge is 412 metres long.",
            "The Skerrow Bridge is 412 metres long and cost 4 million pounds.",
            "The Ardmoor Bridge is 413 metres long and cost 4 million pounds.",
            "The Ardmoor Bridge is not 412 metres long and cost 4 million pounds.",
        ] {
            assert_eq!(reading(bad), None, "{bad}");
        }
    }
}
