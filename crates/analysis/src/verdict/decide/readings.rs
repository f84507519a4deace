//! Other readings of what a claim says, that say the same.

use clara_domain::verdict::{Check, Verdict};

use super::{ages, aliases};
use crate::engine::Passage;
use crate::statement::tags::Tag;
use crate::statement::{Place, Sentence, Statement};
use crate::verdict::restated::restated;

/// Nouns for who did something, each with the participle for what was done. Of a deed the time is past; what somebody owns
/// or manages is so at the claim's own time.
const AGENTS: &str = "founder:founded director:directed author:written writer:written creator:created designer:designed \
    inventor:invented composer:composed producer:produced publisher:published translator:translated builder:built architect:designed \
    editor:edited developer:developed owner:owned manager:managed organiser:organised organizer:organized";

/// Another way to say what a claim says.
pub(super) struct Reading {
    pub(super) sentence: Sentence,
    /// Whether what bears it out bears the claim out.
    pub(super) may_support: bool,
    /// Whether what refutes it refutes the claim: `is a founder of` leaves room for others.
    pub(super) may_refute: bool,
    because: String,
}

impl Reading {
    /// What the claim was read as, for the report.
    pub(super) fn check(&self, verdict: Verdict) -> Check {
        Check {
            name: "read_as".to_owned(),
            points_to: verdict,
            detail: self.because.clone(),
        }
    }
}

/// Readings of a claim with the names that its sources introduce for one thing, and with a verb for who did something.
pub(super) fn other_readings(claim: &Sentence, passages: &[&Passage<'_>]) -> Vec<Reading> {
    if claim.is_question {
        return Vec::new();
    }
    let mut found: Vec<Reading> = aliases::renamed(claim, passages)
        .into_iter()
        .map(|(text, because)| Reading {
            sentence: Sentence::new(&text),
            may_support: true,
            may_refute: true,
            because,
        })
        .collect();
    found.extend(by_its_verb(claim));
    let groups = ages::of_a_group(claim, passages).into_iter();
    found.extend(groups.map(|(text, because)| Reading {
        sentence: Sentence::new(&text),
        may_support: true,
        may_refute: true,
        because,
    }));
    let said = restated(claim).sentences.into_iter();
    found.extend(said.map(|one| Reading {
        sentence: Sentence::new(&one.text),
        // What says less than the claim refutes it, and bears out nothing of the rest.
        may_support: one.whole,
        may_refute: true,
        because: format!("the claim says “{}”", one.text),
    }));
    found
}

/// `The mill was founded by Ada Lorne` of `Ada Lorne is the founder of the mill` and of `The mill's founder is Ada Lorne`.
fn by_its_verb(claim: &Sentence) -> Option<Reading> {
    let [statement] = &claim.statements[..] else {
        return None;
    };
    let plain = statement.copular && !statement.denied && claim.times.is_empty();
    if !plain || !claim.quantities.is_empty() {
        return None;
    }
    let lower = |at: usize| {
        claim
            .tokens
            .get(at)
            .map_or("", |token| token.lower.as_str())
    };
    let copula = (0..claim.tokens.len()).find(|at| matches!(lower(*at), "is" | "was"))?;
    let end = claim
        .tokens
        .iter()
        .position(|token| token.is_sign('.'))
        .filter(|at| at + 1 == claim.tokens.len())
        .unwrap_or(claim.tokens.len());
    let names = |range: std::ops::Range<usize>| {
        !range.is_empty() && range.clone().all(|at| claim.tags[at] == Tag::Name)
    };
    let thing = |range: std::ops::Range<usize>| {
        !range.is_empty()
            && range.clone().all(|at| {
                matches!(
                    claim.tags[at],
                    Tag::Name | Tag::Noun | Tag::Adjective | Tag::Determiner
                ) || lower(at) == "of"
                    || claim.tokens[at].is_sign('&')
                    || claim.tokens[at].is_sign('-')
            })
    };
    let participle = |at: usize| {
        let mut entries = AGENTS
            .split_whitespace()
            .filter_map(|entry| entry.split_once(':'));
        entries
            .find(|(noun, _)| *noun == lower(at))
            .map(|(_, verb)| verb)
    };
    let written = |range: std::ops::Range<usize>| claim.written(&range).to_owned();
    let (verb, who, what, article);
    if let Some(done) = participle(copula + 2).filter(|_| lower(copula + 3) == "of") {
        // `Ada Lorne is the founder of the mill`
        if !names(0..copula) || !thing(copula + 4..end) {
            return None;
        }
        (verb, who, what) = (done, written(0..copula), written(copula + 4..end));
        article = lower(copula + 1).to_owned();
    } else {
        // `The mill's founder is Ada Lorne`
        let owner = copula.checked_sub(2)?;
        let done = participle(copula - 1)?;
        if !claim.tokens[owner].possessive || !names(copula + 1..end) || !thing(0..owner + 1) {
            return None;
        }
        let owned = written(0..owner + 1);
        let owned = owned.trim_end_matches("'s").trim_end_matches("’s");
        (verb, who, what) = (done, written(copula + 1..end), owned.to_owned());
        article = "the".to_owned();
    }
    if !matches!(article.as_str(), "the" | "a" | "an") {
        return None;
    }
    let be = if matches!(verb, "owned" | "managed") {
        lower(copula)
    } else {
        "was"
    };
    let text = format!("{what} {be} {verb} by {who}.");
    Some(Reading {
        sentence: Sentence::new(&text),
        may_support: true,
        may_refute: article == "the",
        because: format!("the claim says “{text}”"),
    })
}

/// `is a developer founded in 1994` without its participle, where the sentence says by a statement of its own what that says:
/// sources part the two in other ways.
pub(super) fn without_participle(claim: &Sentence, statement: &Statement) -> Option<Statement> {
    if !statement.copular {
        return None;
    }
    let participle = claim.statements.iter().find(|other| {
        other.tokens.start > statement.tokens.start
            && other.tokens.end == statement.tokens.end
            && !other.copular
            && other.denied == statement.denied
            && other.terms.iter().any(|term| {
                term.place == Place::Verb && !term.inherited && term.at == other.tokens.start
            })
    })?;
    let cut = participle.tokens.start;
    let mut plain = statement.clone();
    plain.terms.retain(|term| term.inherited || term.at < cut);
    plain
        .quantities
        .retain(|index| claim.quantities[*index].tokens.start < cut);
    plain
        .times
        .retain(|index| claim.times[*index].tokens.start < cut);
    // Something must be left that it says.
    let says = plain.terms.iter().any(|term| term.place == Place::Object);
    (says && plain.terms.len() < statement.terms.len()).then_some(plain)
}
