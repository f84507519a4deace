//! A sentence read whole: tokens, tags, amounts, times, and the statements it falls into.

mod apposition;
mod authors;
mod changes;
mod clauses;
mod conditions;
mod content;
mod coordination;
mod derived;
mod inherit;
mod periods;
mod reduced;
mod relative;
mod reports;

use std::ops::Range;

use super::clause::{Mood, Place, Statement, Subject, Term, is_empty_word};
use super::groups::{Group, groups};
use super::lexical;
use super::quantity::{Bound, Quantity, Role, Unit, quantities};
use super::tags::{Tag, tags};
use super::time::{Time, times};
use super::token::{Token, TokenKind, tokens};
use crate::language::words::Stems;

/// A sentence, read.
#[derive(Debug, Clone)]
pub struct Sentence {
    pub text: String,
    pub tokens: Vec<Token>,
    pub tags: Vec<Tag>,
    pub quantities: Vec<Quantity>,
    pub times: Vec<Time>,
    pub statements: Vec<Statement>,
    pub is_question: bool,
}

use content::counted;
use inherit::{inherit_predicate, inherit_subject, is_bare};

/// How a clause hangs on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Main,
    Coordinate,
    Relative,
    Complement,
    /// `because`, `when`
    Subordinate,
    Condition,
}

#[derive(Debug, Clone)]
struct Clause {
    tokens: Range<usize>,
    group: Option<usize>,
    link: Link,
    /// The token that links it.
    by: Option<usize>,
    governor: Option<usize>,
    /// A subject whose verb comes after a relative clause.
    is_subject_only: bool,
    /// The relative clause that narrows its subject: `members who are over 65`.
    narrowing: Option<Range<usize>>,
}

impl Clause {
    fn new(tokens: Range<usize>, group: Option<usize>, link: Link) -> Self {
        Self {
            tokens,
            group,
            link,
            by: None,
            governor: None,
            is_subject_only: false,
            narrowing: None,
        }
    }
}

impl Sentence {
    /// Reads a sentence.
    pub fn new(text: &str) -> Self {
        let stems = Stems::new();
        let tokens = tokens(text);
        let times = times(&tokens);
        let mut taken = vec![false; tokens.len()];
        for time in &times {
            taken[time.tokens.clone()].fill(true);
        }
        let mut quantities = quantities(text, &tokens, &taken);
        for quantity in &quantities {
            taken[quantity.tokens.clone()].fill(true);
        }
        let tags = tags(text, &tokens, &taken);
        let has_verb = tags
            .iter()
            .any(|tag| matches!(tag, Tag::Verb | Tag::Auxiliary));
        for quantity in &mut quantities {
            quantity.of = counted(&tokens, &tags, quantity, &stems);
            // `Apartment 14 is vacant`: a figure right after a noun, counting nothing, says which one.
            let before = quantity.tokens.start.checked_sub(1);
            let after_noun = before.is_some_and(|before| {
                matches!(tags[before], Tag::Noun | Tag::Name)
                    && !lexical::is_function_word(&tokens[before].lower)
            });
            if has_verb
                && after_noun
                && quantity.of.is_empty()
                && tokens
                    .get(quantity.tokens.end)
                    .is_none_or(|next| next.lower != "of")
                && quantity.unit == Unit::Count
                && quantity.bound != Bound::MoreThan
                && quantity.low.fract() == 0.0
                && quantity.role == Role::Value
            {
                quantity.role = Role::Label;
            }
        }
        let mut sentence = Self {
            text: text.to_owned(),
            is_question: text
                .trim_end_matches(['"', '”', '’', ')', ' '])
                .ends_with('?'),
            tokens,
            tags,
            quantities,
            times,
            statements: Vec::new(),
        };
        sentence.derive_parts();
        let found = groups(&sentence.tokens, &sentence.tags);
        sentence.statements = Builder {
            sentence: &sentence,
            groups: found,
            stems: &stems,
        }
        .statements();
        sentence.name_what_there_is();
        sentence.derive_changes();
        sentence.derive_lives(&stems);
        sentence.derive_releases(&stems);
        sentence.derive_authors(&stems);
        sentence.derive_appositions(&stems);
        sentence.derive_spans(&stems);
        sentence
    }

    /// The stems of the words that name something.
    pub fn words(&self) -> Vec<String> {
        let stems = Stems::new();
        self.tokens
            .iter()
            .filter(|token| token.kind != TokenKind::Sign && !is_empty_word(&token.lower))
            .map(|token| stems.of(&token.lower))
            .collect()
    }

    /// The text of a range of tokens.
    pub fn written(&self, range: &Range<usize>) -> &str {
        match (
            self.tokens.get(range.start),
            range
                .end
                .checked_sub(1)
                .and_then(|last| self.tokens.get(last)),
        ) {
            (Some(first), Some(last)) if first.bytes.start <= last.bytes.end => {
                &self.text[first.bytes.start..last.bytes.end]
            }
            _ => "",
        }
    }
}

struct Builder<'s> {
    sentence: &'s Sentence,
    groups: Vec<Group>,
    stems: &'s Stems,
}

impl Builder<'_> {
    fn lower(&self, at: usize) -> &str {
        self.sentence
            .tokens
            .get(at)
            .map_or("", |token| token.lower.as_str())
    }

    fn statements(mut self) -> Vec<Statement> {
        let clauses = self.clauses();
        let mut found: Vec<Statement> = Vec::new();
        // For each clause, its first statement: what later clauses inherit from.
        let mut firsts: Vec<Statement> = Vec::new();
        for (number, clause) in clauses.iter().enumerate() {
            let mut statement = self.statement(number, clause, &clauses, &firsts);
            if let Some(narrowing) = &clause.narrowing {
                statement.restrictions.extend(self.words_of(narrowing));
            }
            firsts.push(statement.clone());
            // What stands before a relative clause that parts it from its verb is said with the verb.
            if clause.is_subject_only {
                continue;
            }
            if let ([first], 1) = (&mut found[..], number) {
                self.give_subject_to_participle(first, &statement);
            }
            for part in self.split_gapped(statement, clause) {
                found.extend(self.split_by_amounts(part, clause));
            }
        }
        self.share_agents(&mut found);
        self.part_participles(&mut found);
        self.share_times(&mut found);
        self.attribute(&clauses, &mut found);
        found.retain(|statement| !statement.terms.is_empty() || !statement.quantities.is_empty());
        found
    }

    fn statement(
        &self,
        number: usize,
        clause: &Clause,
        clauses: &[Clause],
        firsts: &[Statement],
    ) -> Statement {
        let group = clause.group.map(|group| &self.groups[group]);
        let mut statement = Statement {
            terms: Vec::new(),
            subject: Subject::Absent,
            quantities: Vec::new(),
            times: Vec::new(),
            inherited_times: Vec::new(),
            // `nor does it have a shop`
            denied: group.is_some_and(|group| group.denied)
                ^ clause.by.is_some_and(|by| self.lower(by) == "nor"),
            mood: group.map_or(Mood::Fact, |group| group.mood),
            copular: group.is_some_and(|group| group.copular),
            passive: group.is_some_and(|group| group.passive),
            has_verb: group.is_some(),
            is_change: false,
            shares_times: true,
            restrictions: Vec::new(),
            tokens: clause.tokens.clone(),
            part: clause.tokens.clone(),
        };
        if clause.link == Link::Subordinate
            && let Some(by) = clause.by
        {
            statement.terms.push(self.term(by, Place::Link));
        }
        self.fill(&mut statement, clause, group);
        let verb_start = group.map_or(clause.tokens.start, |group| group.tokens.start);
        // What a passive is done to stands where its subject does.
        let has_subject = statement.terms.iter().any(|term| {
            term.at < verb_start && matches!(term.place, Place::Subject | Place::Object)
        });
        let leans = group.is_some() && self.leads_with_a_pronoun(clause, verb_start);
        if leans {
            statement.subject = Subject::Pronoun;
        } else if has_subject {
            statement.subject = Subject::Named;
        } else if (clause.tokens.start..verb_start)
            .any(|at| matches!(self.lower(at), "nobody" | "none" | "nothing"))
        {
            statement.subject = Subject::Named;
        } else if (clause.tokens.start..verb_start).any(|at| lexical::is_pronoun(self.lower(at))) {
            statement.subject = Subject::Pronoun;
        }
        let counted_subject = statement
            .quantities
            .iter()
            .any(|index| self.sentence.quantities[*index].tokens.start < verb_start);
        let antecedent = clause.governor.and_then(|governor| firsts.get(governor));
        if let Some(governing) = antecedent {
            match clause.link {
                Link::Relative => {
                    self.take_antecedent(&mut statement, clause);
                    self.take_subject_of_predicate(&mut statement, clause, governing);
                }
                Link::Coordinate | Link::Main
                    if !has_subject
                        && !counted_subject
                        && statement.subject == Subject::Absent
                        && group.is_some() =>
                {
                    inherit_subject(&mut statement, governing, &self.sentence.tokens);
                }
                Link::Coordinate if has_subject && is_bare(&statement, group) => {
                    inherit_predicate(&mut statement, governing);
                }
                _ => {}
            }
            // `may be borrowed and renewed`: the second participle shares the auxiliary, and how it is meant.
            let shares_auxiliary = group.is_some_and(|group| {
                self.sentence.tags[group.tokens.start] == Tag::Verb
                    && governing.passive
                    && super::groups::is_participle(self.lower(group.tokens.start))
                    && self.lower(group.tokens.start.saturating_sub(1)) == "and"
            });
            if clause.link == Link::Coordinate
                && statement.mood == Mood::Fact
                && (matches!(governing.mood, Mood::Reported | Mood::Conditional)
                    || shares_auxiliary)
                && !has_subject
            {
                statement.mood = governing.mood;
            }
            // `which bought it from Ada`: the pronoun stands for what the clause before is about.
            let object_pronoun = group.is_some_and(|group| {
                (group.tokens.end..clause.tokens.end)
                    .any(|at| matches!(self.lower(at), "it" | "them"))
            });
            if object_pronoun {
                let subject = if governing.passive {
                    Place::Object
                } else {
                    Place::Subject
                };
                let taken: Vec<Term> = governing
                    .terms
                    .iter()
                    .filter(|term| term.place == subject && !statement.has(&term.stem))
                    .map(|term| Term {
                        place: Place::Object,
                        inherited: true,
                        ..term.clone()
                    })
                    .collect();
                statement.terms.extend(taken);
            }
            if clause.link == Link::Complement {
                let governor = &clauses[clause.governor.unwrap_or(0)];
                self.judge_complement(&mut statement, governor, clause);
            }
        }
        if self.is_under_a_report(clause, verb_start) && statement.mood == Mood::Fact {
            statement.mood = Mood::Reported;
        }
        let is_case = statement.mood == Mood::Fact && self.is_a_case(clause, group);
        if is_case || self.is_conditional(number, clauses) {
            statement.mood = Mood::Conditional;
        }
        if statement.subject == Subject::Absent
            && self.is_order(clause, group)
            && statement.mood == Mood::Fact
        {
            statement.mood = Mood::Obliged;
        }
        if self.sentence.is_question {
            statement.mood = Mood::Reported;
        }
        statement
    }

    fn is_order(&self, clause: &Clause, group: Option<&Group>) -> bool {
        // `pupils who come by bicycle` are told nothing.
        let is_relative = clause.link == Link::Relative;
        group.filter(|_| !is_relative).is_some_and(|group| {
            let first = (clause.tokens.start..group.tokens.start).all(|at| {
                matches!(
                    self.sentence.tags[at],
                    Tag::Adverb | Tag::Sign | Tag::Particle
                ) || matches!(self.lower(at), "please" | "always" | "never" | "do")
            });
            first
                && group
                    .verbs
                    .first()
                    .is_some_and(|verb| !is_past(self.lower(*verb)))
        })
    }
}

fn is_past(lower: &str) -> bool {
    lower.ends_with("ed")
        || matches!(lower, "was" | "were" | "had" | "did")
        // `Built in 1974, the factory employs 210 people` is no order.
        || matches!(lower, "built" | "made" | "born" | "written" | "known")
}

/// Whether two amounts can be the ends of one change: the same unit, or a unit named once, at the end.
fn units_agree(from: &Quantity, to: &Quantity) -> bool {
    from.unit == to.unit || (from.unit == Unit::Count && from.of.is_empty())
}
