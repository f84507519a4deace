//! The words of a sentence, as its restatements are put together.

use std::ops::Range;

use crate::language::lexicon;
use crate::statement::Sentence;
use crate::statement::is_function_word;
use crate::statement::quantity::Unit;
use crate::statement::tags::Tag;

/// A sentence whose words are taken up.
pub(super) struct Words<'s>(pub(super) &'s Sentence);

impl Words<'_> {
    pub(super) fn lower(&self, at: usize) -> &str {
        self.0
            .tokens
            .get(at)
            .map_or("", |token| token.lower.as_str())
    }

    pub(super) fn tag(&self, at: usize) -> Option<Tag> {
        self.0.tags.get(at).copied()
    }

    pub(super) fn is(&self, at: usize, words: &str) -> bool {
        let lower = self.lower(at);
        !lower.is_empty() && words.split(' ').any(|word| word == lower)
    }

    /// The end of what is said: the place of the last full stop, or of nothing.
    pub(super) fn end(&self) -> usize {
        let tokens = &self.0.tokens;
        match tokens.last() {
            Some(last) if matches!(last.lower.as_str(), "." | "!" | ";") => tokens.len() - 1,
            _ => tokens.len(),
        }
    }

    /// Words as they stand in the sentence.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.0.written(&range).to_owned()
    }

    /// Words in the middle of a sentence: a small first letter, unless it is a name.
    pub(super) fn within(&self, range: Range<usize>) -> String {
        let text = self.text(range.clone());
        let keeps = self.tag(range.start) == Some(Tag::Name) || range.start > 0;
        if keeps { text } else { small_first(&text) }
    }

    /// Words at the beginning of a sentence.
    pub(super) fn leading(&self, range: Range<usize>) -> String {
        large_first(&self.text(range))
    }

    /// Whether the range is one noun phrase, with what hangs on it by prepositions.
    pub(super) fn is_noun_phrase(&self, range: Range<usize>) -> bool {
        let inside = |at: usize| {
            matches!(
                self.tag(at),
                Some(
                    Tag::Noun
                        | Tag::Name
                        | Tag::Adjective
                        | Tag::Determiner
                        | Tag::Number
                        | Tag::Preposition
                )
            ) || self.is(at, "of - & ' ’ \" “ ”")
                || self.tag(at) == Some(Tag::Verb)
                    && (self.lower(at).ends_with("ing") || self.lower(at).ends_with("ed"))
                    && at > range.start
        };
        // A capital at the beginning may be a name that the tagger does not know.
        let opens = |at: usize| {
            at == 0
                && self.0.tokens[0].capital
                && !is_function_word(self.lower(0))
                && self.tag(0) != Some(Tag::Auxiliary)
        };
        let inside = |at: usize| inside(at) || opens(at);
        let named = |at: usize| matches!(self.tag(at), Some(Tag::Noun | Tag::Name)) || opens(at);
        !range.is_empty()
            && range.clone().all(inside)
            && range.clone().any(named)
            && self.tag(range.start) != Some(Tag::Preposition)
            && !self.is(
                range.start,
                "it they he she those these one this that there",
            )
    }

    /// Whether the range is noun phrases joined by `and`: `charcoal grills and open fires`.
    pub(super) fn are_noun_phrases(&self, range: Range<usize>) -> bool {
        let mut start = range.start;
        loop {
            let stop = find(start..range.end, |at| self.is(at, "and"));
            let end = stop.unwrap_or(range.end);
            if !self.is_noun_phrase(start..end) {
                return false;
            }
            match stop {
                Some(stop) => start = stop + 1,
                None => return true,
            }
        }
    }

    /// The first verb or auxiliary of a range.
    pub(super) fn verb(&self, range: Range<usize>) -> Option<usize> {
        find(range, |at| {
            matches!(self.tag(at), Some(Tag::Verb | Tag::Auxiliary))
        })
    }

    /// Whether a range names a plural: `the rooms are`, beside `the room is`.
    pub(super) fn is_plural(&self, range: Range<usize>) -> bool {
        let head = range
            .clone()
            .take_while(|at| self.tag(*at) != Some(Tag::Preposition) && !self.is(*at, "of"))
            .filter(|at| matches!(self.tag(*at), Some(Tag::Noun | Tag::Name)))
            .last();
        let several = range.clone().any(|at| self.is(at, "and"));
        several
            || head.is_some_and(|at| {
                let lower = self.lower(at);
                lower.ends_with('s') && !lower.ends_with("ss") && self.tag(at) == Some(Tag::Noun)
                    || matches!(lower, "children" | "people" | "men" | "women")
            })
    }

    /// The verb denied: `may not`, `does not have`, `did not vote`. `plural` is its subject's number.
    pub(super) fn denied(&self, verb: usize, plural: bool) -> String {
        let lower = self.lower(verb);
        let leads = matches!(self.tag(verb + 1), Some(Tag::Verb | Tag::Auxiliary));
        let own = self.is(verb, "has have") && !leads;
        if self.tag(verb) == Some(Tag::Auxiliary) && !own {
            return format!("{lower} not");
        }
        if lower.ends_with("ed") || is_past_form(lower) {
            return format!("did not {lower}");
        }
        let does = if plural { "do" } else { "does" };
        format!("{does} not {}", if own { "have" } else { lower })
    }

    /// Whether some word of a range denies.
    pub(super) fn denies(&self, mut range: Range<usize>) -> bool {
        range.any(|at| self.is(at, "not never") || self.lower(at).ends_with("n't"))
    }

    /// The token after an amount of money that stands here.
    pub(super) fn money(&self, at: usize) -> Option<usize> {
        let mut amounts = self.0.quantities.iter();
        amounts
            .find(|quantity| quantity.tokens.start == at && matches!(quantity.unit, Unit::Money(_)))
            .map(|quantity| quantity.tokens.end)
    }
}

/// The first place of a range of which something is so.
pub(super) fn find(range: Range<usize>, of: impl Fn(usize) -> bool) -> Option<usize> {
    range.into_iter().find(|at| of(*at))
}

pub(super) fn large_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

pub(super) fn small_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Verbs whose participle no rule gives.
const PARTICIPLES: &str = "put:put set:set cut:cut let:let shut:shut keep:kept take:taken leave:left make:made give:given send:sent bring:brought \
    write:written wear:worn hold:held read:read pay:paid drive:driven choose:chosen freeze:frozen grind:ground beat:beaten spread:spread \
    build:built find:found hang:hung lay:laid sweep:swept wind:wound bend:bent break:broken do:done lend:lent sell:sold buy:bought \
    tell:told get:got feed:fed light:lit throw:thrown draw:drawn show:shown ring:rung eat:eaten drink:drunk split:split stick:stuck \
    lead:led meet:met speak:spoken steal:stolen tear:torn withdraw:withdrawn rewind:rewound lose:lost win:won sew:sewn melt:melted";

/// `fried` of `fry`, `unplugged` of `unplug`.
pub(super) fn participle(verb: &str) -> String {
    let mut known = PARTICIPLES
        .split_whitespace()
        .filter_map(|entry| entry.split_once(':'));
    if let Some((_, participle)) = known.find(|(base, _)| *base == verb) {
        return participle.to_owned();
    }
    let letters: Vec<char> = verb.chars().collect();
    let vowel = |letter: char| "aeiou".contains(letter);
    match letters.as_slice() {
        [.., 'e'] => format!("{verb}d"),
        [.., before, 'y'] if !vowel(*before) => format!("{}ied", &verb[..verb.len() - 1]),
        [.., one, middle, last]
            if !vowel(*one)
                && vowel(*middle)
                && !vowel(*last)
                && !"wxy".contains(*last)
                && letters.iter().filter(|letter| vowel(**letter)).count() == 1 =>
        {
            format!("{verb}{last}ed")
        }
        _ => format!("{verb}ed"),
    }
}

/// `smoke` of `smoking`, `swim` of `swimming`: the verb that a gerund is of, where it is known.
pub(super) fn verb_of_gerund(gerund: &str) -> Option<String> {
    let stem = gerund.strip_suffix("ing").filter(|stem| stem.len() >= 2)?;
    let doubled = {
        let mut letters = stem.chars().rev();
        let (last, before) = (letters.next(), letters.next());
        last.is_some() && last == before
    };
    let known = |verb: &str| lexicon::is_verb(verb) || lexicon::is_imperative(verb);
    let with_e = format!("{stem}e");
    if known(&with_e) {
        return Some(with_e);
    }
    if doubled && !known(stem) {
        return Some(stem[..stem.len() - 1].to_owned());
    }
    // `leas`, `purchas`, `rais`: hardly a verb ends in a single `s`.
    if stem.ends_with('s') && !stem.ends_with("ss") && !known(stem) {
        return Some(with_e);
    }
    // `smok`, `us`, `driv`: one vowel and one consonant at the end ask for an `e`.
    let tail: Vec<char> = stem.chars().rev().take(3).collect();
    let vowel = |letter: &char| "aeiou".contains(*letter);
    let bare = matches!(tail.as_slice(), [last, middle, first] if !vowel(last) && vowel(middle) && !vowel(first))
        && !known(stem)
        && !stem.ends_with("en")
        && !stem.ends_with("er")
        && !stem.ends_with("it")
        && !stem.ends_with("on");
    Some(if bare { with_e } else { stem.to_owned() })
}

/// Whether a verb's form is that of the past, where it does not end in `ed`.
fn is_past_form(lower: &str) -> bool {
    const PAST: &str = "voted came went took gave made said ran sat stood won lost got found left kept met paid sold bought sent \
        wrote drove spoke chose fell rose grew knew saw did had was were began broke brought built felt held led";
    PAST.split_whitespace().any(|word| word == lower)
}
