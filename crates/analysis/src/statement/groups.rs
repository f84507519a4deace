//! Verb groups: the auxiliaries, denials and verbs that together say what is done, and how it is meant.

use std::ops::Range;

use super::clause::Mood;
use super::exclusions::{declined_offer, is_barred_from, is_incapable_of, is_yet_to};
use super::lexical;
use super::moods::{Modal, modal_before_infinitive, mood};
use super::tags::Tag;
use super::token::{Token, bracketed};

/// A verb with its auxiliaries: `had not been opened`, `plans to build`.
#[derive(Debug, Clone)]
pub struct Group {
    pub tokens: Range<usize>,
    /// The verbs that say something, in order; the last one is what is done.
    pub verbs: Vec<usize>,
    pub denied: bool,
    pub mood: Mood,
    pub passive: bool,
    /// `is`, `was` with no other verb.
    pub copular: bool,
}

/// The finite verb groups of a sentence, in order.
pub fn groups(tokens: &[Token], tags: &[Tag]) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let inside = bracketed(tokens);
    let mut at = 0;
    while at < tokens.len() {
        if !inside[at] && begins(tokens, tags, at, found.last()) {
            let mut group = read(tokens, tags, at);
            // `was written and directed by Ada`: the second participle shares the auxiliary.
            let bare = group.verbs.len() == 1 && group.tokens.len() == 1;
            group.passive |= bare && describes_what_is_before(tokens, at);
            group.passive |= bare
                && found.last().is_some_and(|last| last.passive)
                && is_participle(&tokens[at].lower)
                && tokens.get(at + 1).is_some_and(|next| next.lower == "by");
            at = group.tokens.end.max(at + 1);
            found.push(group);
        } else {
            at += 1;
        }
    }
    found
}

fn begins(tokens: &[Token], tags: &[Tag], at: usize, last: Option<&Group>) -> bool {
    let token = &tokens[at];
    match tags[at] {
        Tag::Auxiliary => {
            !matches!(token.lower.as_str(), "being" | "been" | "having" | "be")
                || follows_nothing(tokens, tags, at)
        }
        Tag::Verb => {
            let before = at.checked_sub(1);
            let after_to = before.is_some_and(|before| tokens[before].lower == "to");
            let after_preposition = before.is_some_and(|before| tags[before] == Tag::Preposition);
            let is_gerund = token.lower.ends_with("ing");
            // Right after a noun, with a verb before it in the same clause, a participle describes the noun.
            let describes = last.is_some_and(|last| {
                !lexical::is_report(&tokens[*last.verbs.last().unwrap_or(&last.tokens.start)].lower)
                    && !(last.tokens.end..at).any(|between| is_boundary(tokens, tags, between))
            });
            let by_article = before.is_some_and(|before| tags[before] == Tag::Determiner);
            let joins_nouns = before.is_some_and(|before| tokens[before].is_sign('-'));
            // `is a film produced and directed by Ada`: a participle with its agent describes what the subject is.
            let has_agent = last.is_some_and(|last| last.copular) && leads_to_an_agent(tokens, at);
            !(after_to
                || after_preposition
                || is_gerund
                || describes
                || by_article
                || joins_nouns
                || has_agent)
        }
        _ => false,
    }
}

fn follows_nothing(tokens: &[Token], tags: &[Tag], at: usize) -> bool {
    tokens[at].lower == "be" && at == 0 && tags.len() > 1
}

/// Whether a clause may begin after this token.
pub fn is_boundary(tokens: &[Token], tags: &[Tag], at: usize) -> bool {
    let lower = tokens[at].lower.as_str();
    matches!(lower, "," | ";" | ":" | "—" | "–" | "(" | ")")
        || tags[at] == Tag::Conjunction
        || lexical::is_subordinator(lower)
        || lexical::is_relative(lower)
}

fn read(tokens: &[Token], tags: &[Tag], start: usize) -> Group {
    let mut end = start;
    let mut verbs = Vec::new();
    let mut denials = 0;
    let mut auxiliaries: Vec<usize> = Vec::new();
    let mut infinitive = false;
    let mut modal: Option<Modal> = None;
    while end < tokens.len() {
        let lower = tokens[end].lower.as_str();
        match tags[end] {
            Tag::Auxiliary => {
                if lexical::denies(lower) {
                    denials += 1;
                }
                auxiliaries.push(end);
            }
            // `rejected all offers to star`
            Tag::Verb if declined_offer(tokens, tags, end).is_some() => {
                verbs.push(end);
                infinitive = true;
                end = declined_offer(tokens, tags, end).unwrap_or(end);
            }
            // `is barred from being sold`
            Tag::Verb if is_barred_from(tokens, tags, end) => {
                verbs.push(end);
                infinitive = true;
                end += 1;
            }
            Tag::Verb => {
                // `is closed`, `plans to build`, but not `rose sold`: two verbs side by side are two groups.
                if !verbs.is_empty() && !infinitive {
                    break;
                }
                verbs.push(end);
                infinitive = false;
            }
            Tag::Particle if matches!(lower, "not" | "never" | "n't" | "cannot") => denials += 1,
            Tag::Particle if lower == "to" => {
                infinitive = true;
                let denied = denials % 2 == 1;
                if let Some(found) = modal_before_infinitive(tokens, start..end + 1, denied)
                    && modal.is_none()
                    && leads_to_a_verb(tags, end + 1)
                {
                    // `are allowed to park` is `may park`: what is done is the infinitive.
                    denials += usize::from(found.denies);
                    modal = Some(found);
                    verbs.clear();
                    auxiliaries.clear();
                }
            }
            // `has yet to appear` has not appeared.
            _ if lower == "yet" && is_yet_to(tokens, &auxiliaries, end) => denials += 1,
            // `is incapable of being sold` is not sold.
            _ if is_incapable_of(tokens, tags, end) => {
                verbs.push(end);
                infinitive = true;
                end += 1;
            }
            Tag::Adverb if goes_on(tokens, tags, end) => {}
            _ if lower == "ever" && infinitive => {}
            // `was first lit`
            _ if lower == "first"
                && !auxiliaries.is_empty()
                && tags.get(end + 1) == Some(&Tag::Verb) => {}
            Tag::Adjective | Tag::Preposition
                if matches!(
                    lower,
                    "about"
                        | "due"
                        | "likely"
                        | "unlikely"
                        | "able"
                        | "unable"
                        | "set"
                        | "ready"
                        | "welcome"
                ) && tokens.get(end + 1).is_some_and(|next| next.lower == "to") =>
            {
                verbs.push(end);
            }
            _ => break,
        }
        end += 1;
    }
    let be_before = |verb: usize| {
        auxiliaries
            .iter()
            .rev()
            .find(|aux| **aux < verb)
            .is_some_and(|aux| lexical::is_be(&tokens[*aux].lower))
    };
    let fails = |verb: &usize| {
        let lower = &tokens[*verb].lower;
        lexical::is_failure(lower)
            || declined_offer(tokens, tags, *verb).is_some()
            || lexical::is_inability(lower)
            || lexical::is_exclusion(lower) && is_barred_from(tokens, tags, *verb)
    };
    // `refused to be filmed`, `is incapable of being sold`: what did not come to be was to be done to it.
    let not_done = match verbs[..] {
        [failure, done] => {
            fails(&failure)
                && is_participle(&tokens[done].lower)
                && auxiliaries
                    .iter()
                    .any(|aux| (failure..done).contains(aux) && lexical::is_be(&tokens[*aux].lower))
        }
        _ => false,
    };
    let passive = not_done
        || verbs.first().is_some_and(|verb| {
            be_before(*verb)
                && is_participle(&tokens[*verb].lower)
                && !is_barred_from(tokens, tags, *verb)
        });
    // `served as mayor` is `was mayor`.
    let serves = verbs.is_empty()
        && auxiliaries
            .last()
            .is_some_and(|last| lexical::is_serving(&tokens[*last].lower));
    if serves {
        end += 1;
    }
    // `refused to be a model`, `is incapable of being a model`
    let not_so = match verbs[..] {
        [failure] => {
            fails(&failure)
                && matches!(tokens.get(failure + 1), Some(next) if matches!(next.lower.as_str(), "to" | "of" | "from"))
                && auxiliaries
                    .iter()
                    .any(|aux| *aux > failure && lexical::is_be(&tokens[*aux].lower))
        }
        _ => false,
    };
    let copular = serves
        || not_so
        || verbs.is_empty()
            && auxiliaries
                .iter()
                .any(|aux| lexical::is_be(&tokens[*aux].lower));
    let mood = modal.map_or_else(
        || mood(tokens, &auxiliaries, &verbs, start..end),
        |modal| modal.mood,
    );
    // `refused to be a model`: the verb before the infinitive says whether it came to that.
    let to_be = not_so
        || (start..end)
            .any(|at| tokens[at].lower == "to" && verbs.last().is_some_and(|last| at > *last));
    let governing = if to_be {
        verbs.as_slice()
    } else {
        verbs.split_last().map_or(&[][..], |(_, before)| before)
    };
    let failures = governing.iter().filter(|verb| fails(verb)).count();
    Group {
        tokens: start..end.max(start + 1),
        verbs,
        denied: (denials + failures) % 2 == 1,
        mood,
        passive,
        copular,
    }
}

/// Whether the verb of an infinitive stands here, after an adverb at most.
fn leads_to_a_verb(tags: &[Tag], at: usize) -> bool {
    let is_verb = |at: usize| matches!(tags.get(at), Some(Tag::Verb | Tag::Auxiliary));
    is_verb(at) || tags.get(at) == Some(&Tag::Adverb) && is_verb(at + 1)
}

/// `known` of `Ada Lorne, known as Sol, is a singer`; `based` of `is a series by Ada Lorne, based on a novel`: a participle by
/// itself, said of what stands before the comma.
fn describes_what_is_before(tokens: &[Token], at: usize) -> bool {
    let after_comma = at > 0 && (tokens[at - 1].is_sign(',') || tokens[at - 1].is_sign(')'))
        || at > 1 && tokens[at - 1].lower == "also" && tokens[at - 2].is_sign(',');
    let next = tokens.get(at + 1).map_or("", |next| next.lower.as_str());
    let leads = match tokens[at].lower.as_str() {
        "based" => matches!(next, "on" | "upon" | "in"),
        "known" | "nicknamed" | "dubbed" => next == "as" || next == "by",
        "located" | "situated" => matches!(next, "in" | "on" | "at" | "near"),
        "released" | "published" | "recorded" | "founded" | "created" | "established"
        | "launched" | "built" => matches!(next, "by" | "in" | "on" | "at"),
        "made" => matches!(next, "by" | "of" | "from" | "in"),
        lower => next == "by" && is_participle(lower),
    };
    after_comma && leads
}

/// `directed` of `directed, produced and written by Ada Lorne`: a participle with its agent, or the first of several that share one.
fn leads_to_an_agent(tokens: &[Token], at: usize) -> bool {
    is_participle(&tokens[at].lower)
        && tokens[at + 1..]
            .iter()
            .find(|token| {
                !(is_participle(&token.lower) && !token.capital
                    || matches!(token.lower.as_str(), "," | "and" | "or" | "co" | "-"))
            })
            .is_some_and(|token| token.lower == "by")
}

/// Whether an adverb stands within the group: a verb or a denial follows.
fn goes_on(tokens: &[Token], tags: &[Tag], at: usize) -> bool {
    (at + 1..tokens.len().min(at + 3))
        .map(|next| (tags[next], tokens[next].lower.as_str()))
        .take_while(|(tag, _)| {
            matches!(
                tag,
                Tag::Adverb | Tag::Verb | Tag::Auxiliary | Tag::Particle
            )
        })
        .any(|(tag, lower)| matches!(tag, Tag::Verb | Tag::Auxiliary) || lower == "not")
}

/// Participles whose form shows none.
const PARTICIPLES: &str = "built sold held made paid sent lost won found kept left led met put set cut shut hit read said told shot \
    born done gone begun sung sunk run hung worn torn split spent lent laid fed heard struck understood \
    withdrawn let lit dug swept wound bound ground spun swung spread burnt learnt dealt sworn stuck rung \
    drunk slain fled bent felt meant overrun rebuilt resold undone relit";

/// Whether the form can be a past participle.
pub fn is_participle(lower: &str) -> bool {
    lower.ends_with("ed")
        || lower.ends_with("en")
        || lower.ends_with("wn")
        || lower.ends_with("ght")
        || PARTICIPLES.split_whitespace().any(|form| form == lower)
}
