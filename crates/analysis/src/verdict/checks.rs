//! Named reasons a person can follow: what of a claim a passage bears out, and what it says otherwise. They explain a
//! verdict and do not make it.

use crate::language::lexicon::meaning;
use crate::language::quantities::Sort;
use clara_domain::verdict::{Check, Verdict};

use super::alignment::{Alignment, Fate, Found};
use super::reading::Reading;

/// The checks that a claim and a passage give rise to, in a fixed order.
pub fn checks(claim: &str, passage: &str, alignment: &Alignment<'_>) -> Vec<Check> {
    let sides = Sides {
        claim,
        passage,
        alignment,
    };
    let mut found = sides.quantities();
    for (at, other) in alignment.opposites() {
        found.push(sides.pair("antonym", at, other));
    }
    for (at, other) in alignment.excluded() {
        found.push(sides.pair("kind_differs", at, other));
    }
    found.extend(sides.denial());
    for (at, other) in alignment.replaced() {
        if alignment.claim.words[at].name && alignment.passage.words[other].name {
            found.push(sides.pair("name_differs", at, other));
        }
    }
    found.extend(sides.absolute());
    found.push(sides.words());
    found
}

/// A claim and a passage as they are written.
struct Sides<'x, 'r> {
    claim: &'x str,
    passage: &'x str,
    alignment: &'x Alignment<'r>,
}

fn check(name: &str, points_to: Verdict, detail: String) -> Check {
    Check {
        name: name.to_owned(),
        points_to,
        detail,
    }
}

fn written<'t>(text: &'t str, reading: &Reading, words: std::ops::Range<usize>) -> &'t str {
    match (
        reading.words.get(words.start),
        reading.words.get(words.end.saturating_sub(1)),
    ) {
        (Some(first), Some(last)) => {
            &text[first.bytes.start..last.bytes.end.max(first.bytes.start)]
        }
        _ => "",
    }
}

impl Sides<'_, '_> {
    fn shared(&self) -> String {
        let words: Vec<&str> = self
            .alignment
            .claim
            .content()
            .filter(|(at, _)| self.alignment.place(*at).is_some())
            .map(|(_, word)| &self.claim[word.bytes.clone()])
            .take(5)
            .collect();
        words.join(", ")
    }

    fn quantities(&self) -> Vec<Check> {
        let (claim, passage) = (self.alignment.claim, self.alignment.passage);
        claim
            .quantities
            .iter()
            .zip(&self.alignment.fates)
            .filter_map(|(wanted, fate)| {
                let asked = written(self.claim, claim, wanted.words.clone());
                let kind = match wanted.sort {
                    Sort::Year => "year",
                    Sort::Day => "day",
                    Sort::Percent => "percentage",
                    Sort::Rank => "rank",
                    Sort::Amount => "number",
                };
                match fate {
                    Fate::Same(at) => {
                        let told =
                            written(self.passage, passage, passage.quantities[*at].words.clone());
                        Some(check(
                            &format!("{kind}_matches"),
                            Verdict::Supported,
                            format!("claim {asked}, source {told}"),
                        ))
                    }
                    Fate::Other(at) => {
                        let told =
                            written(self.passage, passage, passage.quantities[*at].words.clone());
                        let detail = format!(
                            "claim {asked}, source {told}, same words: {}",
                            self.shared()
                        );
                        Some(check(&format!("{kind}_differs"), Verdict::Refuted, detail))
                    }
                    Fate::Around | Fate::Absent => None,
                }
            })
            .collect()
    }

    fn pair(&self, name: &str, at: usize, other: usize) -> Check {
        let (claim, passage) = (self.alignment.claim, self.alignment.passage);
        let detail = format!(
            "claim “{}”, source “{}”, same words: {}",
            &self.claim[claim.words[at].bytes.clone()],
            &self.passage[passage.words[other].bytes.clone()],
            self.shared()
        );
        // An opposite that one side denies says the same.
        let points_to = if claim.denied[at] == passage.denied[other] {
            Verdict::Refuted
        } else {
            Verdict::Supported
        };
        check(name, points_to, detail)
    }

    fn denial(&self) -> Option<Check> {
        let differently = self.alignment.denied_differently();
        if differently.is_empty() {
            return None;
        }
        let words: Vec<&str> = differently
            .iter()
            .take(4)
            .map(|(at, _)| &self.claim[self.alignment.claim.words[*at].bytes.clone()])
            .collect();
        let side = if self.alignment.claim.denied[differently[0].0] {
            "claim"
        } else {
            "source"
        };
        Some(check(
            "negation_differs",
            Verdict::Refuted,
            format!("only the {side} denies: {}", words.join(", ")),
        ))
    }

    fn absolute(&self) -> Option<Check> {
        let word = self
            .alignment
            .claim
            .words
            .iter()
            .find(|word| meaning::is_absolute(&word.lower))?;
        let as_well = self
            .alignment
            .passage
            .words
            .iter()
            .any(|given| meaning::is_absolute(&given.lower));
        (!as_well).then(|| {
            let detail = format!(
                "claim “{}”, the source does not go so far",
                &self.claim[word.bytes.clone()]
            );
            check("absolute_only_in_claim", Verdict::NotEnoughEvidence, detail)
        })
    }

    fn words(&self) -> Check {
        let missing: Vec<&str> = self
            .alignment
            .claim
            .content()
            .filter(|(at, _)| self.alignment.found[*at] == Found::Missing)
            .map(|(_, word)| &self.claim[word.bytes.clone()])
            .take(5)
            .collect();
        if missing.is_empty() {
            check(
                "words_match",
                Verdict::Supported,
                format!("all in the source: {}", self.shared()),
            )
        } else {
            check(
                "words_missing",
                Verdict::NotEnoughEvidence,
                format!("not in the source: {}", missing.join(", ")),
            )
        }
    }
}
