//! A claim as words that each have to be accounted for: what a rule over rows leaves over, it does not understand.

use std::ops::Range;

use crate::language::words::Stems;
use crate::statement::quantity::Quantity;
use crate::statement::time::{Relation, Time};
use crate::statement::token::TokenKind;
use crate::statement::{Mood, Sentence, is_function_word, is_light_verb};
use crate::verdict::relations;

/// A whole sentence of a claim, and which of its tokens are accounted for.
#[derive(Debug, Clone)]
pub(super) struct Claim<'s> {
    pub(super) sentence: &'s Sentence,
    pub(super) stems: Vec<String>,
    /// For each token, whether something accounts for it.
    used: Vec<bool>,
}

/// Small words that change nothing of what is said. Whatever else holds a sentence together (`not`, `only`, `or`, `if`) has
/// to be accounted for.
const SMALL: &[&str] = &[
    "a", "an", "the", "of", "in", "on", "at", "to", "for", "by", "with", "from", "is", "are",
    "was", "were", "be", "been", "has", "have", "had", "its", "their", "there", "this", "these",
    "it", "as",
];

impl<'s> Claim<'s> {
    /// The claim, where all of it is said as a fact.
    pub(super) fn new(sentence: &'s Sentence) -> Option<Self> {
        let factual = |mood: Mood| mood == Mood::Fact;
        if sentence.is_question
            || sentence.statements.is_empty()
            || !sentence.statements.iter().all(|one| factual(one.mood))
        {
            return None;
        }
        let stems = Stems::new();
        let used = sentence
            .tokens
            .iter()
            .map(|token| {
                SMALL.contains(&token.lower.as_str())
                    || token.kind == TokenKind::Sign
                        && matches!(
                            token.lower.as_str(),
                            "," | "." | "\"" | "“" | "”" | "'" | "’" | "(" | ")"
                        )
            })
            .collect();
        Some(Self {
            stems: sentence
                .tokens
                .iter()
                .map(|token| stems.of(&token.lower))
                .collect(),
            sentence,
            used,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.used.len()
    }

    pub(super) fn lower(&self, at: usize) -> &str {
        self.sentence
            .tokens
            .get(at)
            .map_or("", |token| token.lower.as_str())
    }

    pub(super) fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.lower(at))
    }

    pub(super) fn is_free(&self, at: usize) -> bool {
        self.used.get(at).is_some_and(|used| !used)
    }

    pub(super) fn take(&mut self, range: Range<usize>) {
        for at in range {
            if let Some(used) = self.used.get_mut(at) {
                *used = true;
            }
        }
    }

    /// Tokens that nothing accounts for.
    pub(super) fn free(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.used.len()).filter(|at| !self.used[*at])
    }

    pub(super) fn is_spent(&self) -> bool {
        self.free().next().is_none()
    }

    /// The times of the claim that are said of it as they are; nothing where one is before, after, since or until.
    pub(super) fn times(&self) -> Option<Vec<&'s Time>> {
        let times: Vec<&Time> = self
            .sentence
            .times
            .iter()
            .filter(|time| time.tokens.clone().any(|at| self.is_free(at)))
            .collect();
        let plain = |time: &&Time| time.relation == Relation::At && time.span().is_some();
        times.iter().all(plain).then_some(times)
    }

    /// The amounts that are not accounted for: no quantifiers, and nothing that a name has taken.
    pub(super) fn amounts(&self) -> Vec<&'s Quantity> {
        self.sentence
            .quantities
            .iter()
            .filter(|quantity| !quantity.quantifier)
            .filter(|quantity| {
                quantity
                    .tokens
                    .clone()
                    .all(|at| self.is_free(at) || self.is_small(at))
            })
            .filter(|quantity| quantity.tokens.clone().any(|at| self.is_free(at)))
            .collect()
    }

    fn is_small(&self, at: usize) -> bool {
        SMALL.contains(&self.lower(at))
    }

    /// Takes the first free token within `range` whose word says the same as the stem.
    pub(super) fn find(&self, stem: &str, range: &Range<usize>) -> Option<usize> {
        range.clone().find(|at| {
            self.is_free(*at)
                && self.sentence.tokens[*at].kind == TokenKind::Word
                && says(&self.stems[*at], self.lower(*at), stem)
        })
    }

    /// Takes verbs that add nothing, and these words.
    pub(super) fn take_idle(&mut self, words: &[&str]) {
        for at in 0..self.used.len() {
            let lower = self.lower(at);
            if !self.used[at]
                && (is_light_verb(lower) && !is_function_word(lower) || words.contains(&lower))
            {
                self.used[at] = true;
            }
        }
    }

    /// Takes every free word that says the same as one of these stems.
    pub(super) fn take_stems<'w>(&mut self, stems: impl IntoIterator<Item = &'w String>) {
        for stem in stems {
            while let Some(at) = self.find(stem, &(0..self.used.len())) {
                self.used[at] = true;
            }
        }
    }
}

/// Verbs beside the nouns that name what they count, as columns are called.
const VERBS: &[(&str, &[&str])] = &[
    ("sell sells sold selling", &["sale", "sales", "sold"]),
    (
        "employ employs employed",
        &["employee", "employees", "staff", "headcount", "workforce"],
    ),
    ("earn earns earned", &["earnings", "income"]),
    ("produce produces produced", &["production", "output"]),
    ("spend spends spent", &["spending", "expenditure", "spend"]),
    ("visit visits visited", &["visitors", "visits"]),
    ("weigh weighs weighed heavy", &["weight", "mass"]),
    ("cost costs", &["price", "cost", "fee", "fare"]),
    ("seat seats seated", &["seats", "capacity"]),
    ("sleep sleeps", &["beds", "sleeps", "capacity"]),
    ("last lasts lasted", &["duration", "length"]),
    (
        "measure measures measured tall high",
        &["height", "elevation"],
    ),
    ("long", &["length"]),
    ("wide", &["width"]),
    ("deep", &["depth"]),
    ("return returns returned", &["returns"]),
    ("founded established", &["founded", "established"]),
    ("built constructed", &["built", "constructed"]),
];

/// Whether a word of a claim says what a column's word with this stem says.
pub(super) fn says(own: &str, lower: &str, stem: &str) -> bool {
    if own == stem {
        return true;
    }
    let by_verb = VERBS.iter().any(|(verbs, nouns)| {
        verbs.split(' ').any(|verb| verb == lower)
            && nouns
                .iter()
                .any(|noun| crate::language::words::stem_of(noun) == stem)
    });
    // `began` and `opened`, `old` and `age` say the same of some things only.
    by_verb
        || !matches!(
            stem,
            "open" | "begin" | "start" | "last" | "first" | "close" | "age"
        ) && relations::are_same(own, stem)
}
