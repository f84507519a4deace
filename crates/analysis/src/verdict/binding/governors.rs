//! What a word of the source hangs on: `office` of `plans for an office`, `Ada` of `Ada's dog`. What is said of the whole is
//! not said of the word, unless the claim names the whole too.

use super::super::relations;
use super::{Binding, Found, Side, terms};
use crate::statement::quantity::Unit;
use crate::statement::tags::Tag;
use crate::statement::{Place, Term};

/// Nouns before `of` that add nothing: `the city of Brask`, `a kind of cheese`, `one of the founders`.
const TRANSPARENT: &str = "type kind sort form variety series pair set number total amount city town village state republic kingdom \
    province county district municipality commune region island month year season species genus class style genre rest majority group \
    member members sum combination mixture collection range line brand breed title name rank office";

/// Nouns for what is measured: an amount with its unit says so too.
const MEASURES: &str = "area size length height width depth weight mass population price cost fee capacity distance altitude elevation \
    duration age speed value volume rent salary budget revenue";

/// Nouns for what is not there yet: what they are about is neither had nor done, however many of them stand side by side.
const PROSPECTS: &str = "plan plans hope hopes offer offers need search proposal proposals bid bids chance chances prospect prospects \
    dream dreams desire wish request requests demand call calls application applications candidate candidates candidacy intention \
    intentions idea ideas option options right rights licence license permission wait lack absence shortage threat risk promise";

fn is_in(list: &str, lower: &str) -> bool {
    list.split_whitespace().any(|word| word == lower)
}

impl Binding<'_> {
    /// The word of the source that a word of the claim hangs on there, where the claim has nothing for it.
    pub(super) fn dropped_governor(&self) -> Option<String> {
        let (claim, source) = (self.claim, self.source);
        for (matched, term) in self.matched.iter().zip(&claim.statement.terms) {
            let Found::Here(at) = matched.found else {
                continue;
            };
            let Some(given) = source.statement.terms.iter().find(|given| given.at == at) else {
                continue;
            };
            if term.place == Place::Link || term.place == Place::Verb || given.place == Place::Verb
            {
                continue;
            }
            let found = self
                .owned(term, at)
                .or_else(|| self.compound_head(term, given))
                .or_else(|| self.phrase_head(term, given, at));
            if let Some(governor) = found {
                let word = source.sentence.written(&(governor..governor + 1));
                return Some(format!(
                    "the source says it of “{word}”, which the claim leaves out"
                ));
            }
        }
        None
    }

    /// Whether the claim speaks of the source's token too.
    fn is_spoken_of(&self, at: usize) -> bool {
        if self.used().any(|used| used == at) {
            return true;
        }
        let Some(given) = self
            .source
            .statement
            .terms
            .iter()
            .find(|term| term.at == at)
        else {
            return false;
        };
        let mut own = self.claim.statement.terms.iter();
        own.any(|term| relations::are_same(&term.stem, &given.stem))
    }

    fn used(&self) -> impl Iterator<Item = usize> {
        self.matched
            .iter()
            .filter_map(|matched| match matched.found {
                Found::Here(at) | Found::Contrast(at, _) => Some(at),
                _ => None,
            })
    }

    /// `dog` of `Ada's dog`, where the claim speaks of Ada alone.
    fn owned(&self, term: &Term, at: usize) -> Option<usize> {
        let sentence = self.source.sentence;
        if !sentence.tokens[at].possessive || self.claim.sentence.tokens[term.at].possessive {
            return None;
        }
        let owned: Vec<usize> = (at + 1..sentence.tokens.len())
            .take_while(|next| is_nominal(self.source, *next) || is_described(self.source, *next))
            .filter(|next| matches!(sentence.tags[*next], Tag::Noun | Tag::Name))
            .collect();
        let spoken_of = owned.iter().any(|next| self.is_spoken_of(*next));
        owned.last().copied().filter(|_| !spoken_of)
    }

    /// `stop` of `a bus stop`, `Club` of `Brask Rowing Club`, where the claim speaks of a bus and of Brask.
    fn compound_head(&self, term: &Term, given: &Term) -> Option<usize> {
        const INSTITUTIONS: &str = "university college school hospital club bridge road street avenue river lake island mountain airport \
            station company church cathedral museum library theatre theater hotel park bank prize award cup festival party union \
            association society foundation institute council county district city press times post records group band orchestra \
            castle palace tower stadium arena war battle family brothers";
        let sentence = self.source.sentence;
        let next = given.at + 1;
        let head = sentence.tokens.get(next)?;
        if term.describes || given.inherited || head.glued {
            return None;
        }
        if sentence.tokens[given.at].possessive || self.is_spoken_of(next) {
            return None;
        }
        let is_head = if given.name {
            sentence.tags[next] == Tag::Name && is_in(INSTITUTIONS, &head.lower)
                || sentence.tags[next] == Tag::Noun
                    && terms::is_topic(given, self.source)
                    && is_in(INSTITUTIONS, &head.lower)
        } else {
            // A comedy film is a comedy, and a town council no town.
            sentence.tags[given.at] == Tag::Noun
                && matches!(sentence.tags[next], Tag::Noun | Tag::Name)
                && !head.capital
                && !self.source.statement.copular
        };
        is_head.then_some(next)
    }

    /// The noun, or the verb, that leads by a preposition to the phrase which a token stands in.
    fn phrase_head(&self, term: &Term, given: &Term, at: usize) -> Option<usize> {
        let source = self.source;
        let sentence = source.sentence;
        let mut start = phrase_start(source, at);
        for _ in 0..4 {
            let before = start.checked_sub(1)?;
            let lower = sentence.tokens[before].lower.as_str();
            if is_side_by_side(source, before) {
                // `plans for a pool and an office`
                start = phrase_start(source, before.checked_sub(1)?);
                let noun = start.checked_sub(2)?;
                if is_in(PROSPECTS, &sentence.tokens[noun].lower) && !self.is_spoken_of(noun) {
                    return Some(noun);
                }
                continue;
            }
            if self.is_another_deed(before) {
                return Some(before);
            }
            if sentence.tags[before] != Tag::Preposition && lower != "of" {
                return None;
            }
            let mut governor = before.checked_sub(1)?;
            // `among women over 60 in Hale`
            let counted = sentence
                .quantities
                .iter()
                .find(|quantity| quantity.tokens.contains(&governor) && quantity.tokens.start > 0);
            if let Some(counted) = counted
                && matches!(
                    sentence.tags[counted.tokens.start - 1],
                    Tag::Noun | Tag::Name
                )
            {
                governor = counted.tokens.start - 1;
            }
            // `the hotel next to the station`, `all dishes apart from the stew`
            if matches!(
                sentence.tokens[governor].lower.as_str(),
                "next"
                    | "apart"
                    | "aside"
                    | "close"
                    | "opposite"
                    | "adjacent"
                    | "other"
                    | "due"
                    | "prior"
                    | "near"
            ) && let Some(noun) = governor.checked_sub(1)
                && matches!(sentence.tags[noun], Tag::Noun | Tag::Name)
            {
                governor = noun;
            }
            let noun = &sentence.tokens[governor];
            if !source.statement.tokens.contains(&governor) && !given.inherited {
                return None;
            }
            if self.is_share(governor, lower) {
                return Some(governor);
            }
            let prospect = is_in(PROSPECTS, &noun.lower);
            // `is afraid of dogs`
            let feels = lower == "of" && sentence.tags[governor] == Tag::Adjective;
            if !prospect && !feels && !matches!(sentence.tags[governor], Tag::Noun | Tag::Name) {
                return None;
            }
            // `better known by his stage name Sol`
            if noun.lower == "known" && lower == "by" {
                return None;
            }
            // `was founded by Ada in Brask`, `opened a shop in Brask`: where it was done, on both sides.
            let is_of_the_verb = lower != "of"
                && governor >= terms::verb_start(source)
                && (term.place == given.place || given.place == Place::Subject)
                && !prospect;
            let is_place_of_what_it_is =
                lower != "of" && source.statement.copular && matches!(term.place, Place::After(_));
            if is_of_the_verb || is_place_of_what_it_is {
                return None;
            }
            // `the cost of the work is 9 million`, but not `the cost of the work rose`
            let light = self.claim.statement.copular
                || self.claim.statement.terms.iter().all(|term| {
                    term.place != Place::Verb || crate::statement::is_light_verb(&term.lower)
                });
            let measured = light && is_in(MEASURES, &noun.lower) && !self.amounts.is_empty();
            let transparent = lower == "of" && is_in(TRANSPARENT, &noun.lower) || measured;
            if !transparent && !self.is_spoken_of(governor) {
                return Some(governor);
            }
            start = phrase_start(source, governor);
        }
        None
    }

    /// `build` of `a licence to build a mill`, `inventing` of `credited with inventing the lamp`: a deed of its own.
    fn is_another_deed(&self, at: usize) -> bool {
        let sentence = self.source.sentence;
        let lower = sentence.tokens[at].lower.as_str();
        let own = self
            .source
            .statement
            .terms
            .iter()
            .any(|term| term.at == at && term.place == Place::Verb);
        let led = at.checked_sub(1).is_some_and(|before| {
            sentence.tokens[before].lower == "to"
                || sentence.tags[before] == Tag::Preposition && lower.ends_with("ing")
        });
        sentence.tags[at] == Tag::Verb && led && !own && !self.is_spoken_of(at)
    }

    /// `half of the town`, `most of the members`, where the claim speaks of the town and the members.
    fn is_share(&self, at: usize, preposition: &str) -> bool {
        let given = self.source.statement.quantities.iter().find(|index| {
            self.source.sentence.quantities[**index]
                .tokens
                .contains(&at)
        });
        let Some(index) = given else {
            return false;
        };
        let quantity = &self.source.sentence.quantities[*index];
        // `all of the lamps` are the lamps, and `one of the founders` is a founder.
        let one = quantity.unit == Unit::Count && (quantity.high - 1.0).abs() < 1e-9
            || quantity.unit == Unit::Percent && quantity.low > 99.9;
        preposition == "of"
            && matches!(quantity.unit, Unit::Count | Unit::Percent)
            && !one
            && self.claim.statement.quantities.is_empty()
    }
}

/// `and`, `or`, between two things that hang on the same.
fn is_side_by_side(side: Side<'_>, at: usize) -> bool {
    matches!(side.sentence.tokens[at].lower.as_str(), "and" | "or")
        && at
            .checked_sub(1)
            .is_some_and(|before| matches!(side.sentence.tags[before], Tag::Noun | Tag::Name))
}

fn is_nominal(side: Side<'_>, at: usize) -> bool {
    matches!(
        side.sentence.tags[at],
        Tag::Noun | Tag::Name | Tag::Adjective | Tag::Determiner | Tag::Number
    ) || side.sentence.tokens[at].is_sign('-')
        || side.sentence.tokens[at].is_sign('"')
        || matches!(
            side.sentence.tokens[at].lower.as_str(),
            "his" | "her" | "its" | "their" | "my" | "our" | "your"
        )
}

/// `restored` of `the restored church`, `very` of `a very old church`.
fn is_described(side: Side<'_>, at: usize) -> bool {
    let after_article = at.checked_sub(1).is_some_and(|before| {
        matches!(
            side.sentence.tags[before],
            Tag::Determiner | Tag::Adjective | Tag::Adverb
        )
    });
    let led = matches!(
        side.sentence.tags.get(at + 1),
        Some(Tag::Noun | Tag::Adjective | Tag::Name)
    );
    matches!(side.sentence.tags[at], Tag::Verb | Tag::Adverb) && after_article && led
}

/// Where the noun phrase begins that a token stands in: at its article, where it has one.
pub(super) fn phrase_start(side: Side<'_>, at: usize) -> usize {
    let (tokens, tags) = (&side.sentence.tokens, &side.sentence.tags);
    let is_date = |at: usize| {
        let mut times = side.sentence.times.iter();
        times.any(|time| time.tokens.contains(&at))
    };
    let mut start = at;
    while let Some(before) = start.checked_sub(1) {
        // `At the end of the year the firm employed 40 people`: what stands before the article or the date is another phrase.
        let opened = tags[start] == Tag::Determiner
            && !matches!(tokens[before].lower.as_str(), "all" | "both" | "half");
        if opened || is_date(before) || !(is_nominal(side, before) || is_described(side, before)) {
            break;
        }
        start = before;
    }
    start
}

/// Whether a token belongs to a phrase that a preposition ties to the noun before it: `Halm` of `the museum in Halm`.
pub(super) fn is_of_a_noun(side: Side<'_>, at: usize) -> bool {
    let preposition = phrase_start(side, at).checked_sub(1).filter(|before| {
        side.sentence.tags[*before] == Tag::Preposition
            || side.sentence.tokens[*before].lower == "of"
    });
    preposition
        .and_then(|before| before.checked_sub(1))
        .is_some_and(|noun| matches!(side.sentence.tags[noun], Tag::Noun | Tag::Name))
}
