//! From what a model takes to follow to a verdict, with more caution than the model has: such models are sure of themselves, read
//! two things of one kind as the same thing, and do not see who "it" is.

use std::collections::HashSet;

use clara_analysis::engine::judge::{ClaimToJudge, ProposedJudgement, ProposedQuote};
use clara_analysis::language::words::{Word, words};
use clara_domain::verdict::Verdict;

use crate::classifier::Relation;

/// The least share for `supported`. Set by hand and not measured: published models give most of their right answers more.
pub const MIN_ENTAILMENT: f32 = 0.95;
/// The least share for `refuted`. Higher, for models call contradiction what is only about another thing of the same kind.
pub const MIN_CONTRADICTION: f32 = 0.98;
/// No other passage may speak for the opposite with so much.
pub const MAX_OPPOSITE: f32 = 0.5;

/// A first word that stands for something outside of the quote.
const LEANING: &[&str] = &[
    "it", "its", "he", "his", "she", "her", "they", "their", "this", "that", "these", "those",
    "here", "there", "such", "both", "neither",
];

/// A stretch of a passage, and how it stands to the claim.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WeighedPremise {
    pub passage: String,
    pub source_name: String,
    pub text: String,
    pub relation: Relation,
}

/// What the model takes a claim to be; `not_enough_evidence` wherever there is a doubt.
pub(crate) fn judgement(
    claim: &ClaimToJudge,
    premises: &[WeighedPremise],
    model: &str,
) -> ProposedJudgement {
    let reading = claim.standalone.as_deref().unwrap_or(&claim.text);
    let entails = |premise: &WeighedPremise| premise.relation.entailment;
    let contradicts = |premise: &WeighedPremise| premise.relation.contradiction;
    let supported = decided(premises, &entails, MIN_ENTAILMENT, &contradicts)
        .filter(|premise| binds(reading, premise, false))
        .map(|premise| {
            (
                Verdict::Supported,
                premise,
                entails(premise),
                "follows from",
            )
        });
    let refuted = decided(premises, &contradicts, MIN_CONTRADICTION, &entails)
        .filter(|premise| binds(reading, premise, true))
        .map(|premise| {
            (
                Verdict::Refuted,
                premise,
                contradicts(premise),
                "contradicts",
            )
        });
    let (verdict, quotes, rationale) = match supported.or(refuted) {
        Some((verdict, premise, share, relation)) => (
            verdict,
            vec![ProposedQuote {
                passage: premise.passage.clone(),
                text: premise.text.clone(),
                stance: None,
            }],
            format!(
                "By the local model {model} the claim {relation} the quote; it gives this a share of {share:.2}, which is its \
                 own measure and not a share of right answers."
            ),
        ),
        None => (
            Verdict::NotEnoughEvidence,
            Vec::new(),
            format!("The local model {model} finds nothing that decides the claim."),
        ),
    };
    ProposedJudgement {
        claim: claim.id.clone(),
        verdict,
        quotes,
        rationale,
        correction: None,
    }
}

/// The premise with the greatest share, where it is enough and none speaks for the opposite.
fn decided<'a>(
    premises: &'a [WeighedPremise],
    share: &dyn Fn(&WeighedPremise) -> f32,
    least: f32,
    opposite: &dyn Fn(&WeighedPremise) -> f32,
) -> Option<&'a WeighedPremise> {
    if premises
        .iter()
        .any(|premise| opposite(premise) >= MAX_OPPOSITE)
    {
        return None;
    }
    premises
        .iter()
        .filter(|premise| share(premise) >= least)
        .max_by(|one, other| share(one).total_cmp(&share(other)))
}

/// Whether a quote can be about the thing that the claim is about: it has the claim's names, and does not begin with a word that
/// stands for something before it. A contradiction needs the claim's first word too, which may be a name.
fn binds(claim: &str, premise: &WeighedPremise, is_strict: bool) -> bool {
    let quoted = words(&premise.text);
    let leans = quoted
        .first()
        .is_none_or(|first| LEANING.contains(&first.lower.as_str()));
    if leans {
        return false;
    }
    let around = words(&premise.source_name);
    let given: HashSet<&str> = quoted
        .iter()
        .chain(&around)
        .map(|word| word.stem.as_str())
        .collect();
    let claimed = words(claim);
    let first = claimed.iter().find(|word| !word.stop).filter(|_| is_strict);
    let is_name = |word: &&Word| word.name && !word.number;
    claimed
        .iter()
        .filter(is_name)
        .chain(first)
        .all(|word| given.contains(word.stem.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn premise(text: &str, entailment: f32, contradiction: f32) -> WeighedPremise {
        WeighedPremise {
            passage: "p1".to_owned(),
            source_name: "report.pdf".to_owned(),
            text: text.to_owned(),
            relation: Relation {
                entailment,
                contradiction,
            },
        }
    }

    fn verdict(claim: &str, premises: &[WeighedPremise]) -> Verdict {
        let claim = ClaimToJudge {
            id: "c1".to_owned(),
            text: claim.to_owned(),
            standalone: None,
            passages: Vec::new(),
        };
        judgement(&claim, premises, "m").verdict
    }

    const CLAIM: &str = "The mill at Ardmoor belongs to the town.";

    #[test]
    fn a_sure_entailment_supports() {
        let bought = "The town bought the mill at Ardmoor.";
        assert_eq!(
            verdict(CLAIM, &[premise(bought, 0.97, 0.01)]),
            Verdict::Supported
        );
        assert_eq!(
            verdict(CLAIM, &[premise(bought, 0.94, 0.01)]),
            Verdict::NotEnoughEvidence
        );
        let sold = premise("The mill at Ardmoor is the miller's own.", 0.001, 0.99);
        assert_eq!(
            verdict(CLAIM, std::slice::from_ref(&sold)),
            Verdict::Refuted
        );
        let both = [premise(bought, 0.97, 0.01), sold];
        assert_eq!(verdict(CLAIM, &both), Verdict::NotEnoughEvidence);
        assert_eq!(verdict(CLAIM, &[]), Verdict::NotEnoughEvidence);
    }

    #[test]
    fn a_quote_about_another_thing_decides_nothing() {
        for text in [
            "The town bought the mill at Selby.",
            "It was bought by the town, with all of Ardmoor.",
            "The town bought the mill.",
        ] {
            assert_eq!(
                verdict(CLAIM, &[premise(text, 0.99, 0.0)]),
                Verdict::NotEnoughEvidence
            );
            assert_eq!(
                verdict(CLAIM, &[premise(text, 0.0, 0.99)]),
                Verdict::NotEnoughEvidence
            );
        }
        // Another thing of the kind, with no name in it.
        let oven = "The oven of Ardmoor is the baker's.";
        assert_eq!(
            verdict(CLAIM, &[premise(oven, 0.0, 0.99)]),
            Verdict::NotEnoughEvidence
        );
    }

    #[test]
    fn a_name_may_stand_in_the_title() {
        let mut bought = premise("The town bought the mill.", 0.99, 0.0);
        bought.source_name = "Annals of Ardmoor".to_owned();
        assert_eq!(verdict(CLAIM, &[bought]), Verdict::Supported);
    }
}
