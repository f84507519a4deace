//! Which sentences of a text state something that can be checked, and exactly where they stand.
//! It knows language, not evidence: nothing here says whether a claim is true.

pub mod context;
mod handed_in;

use std::ops::Range;

use crate::language::lexicon;
use crate::language::lines::Kind;
use crate::language::sentences::{Sentence, sentences};
use crate::language::words::{Word, words};
use clara_domain::claim::{ClaimSpan, NotChecked};
use clara_domain::text::Text;

pub use handed_in::{handed_in, others};

/// The check-worthy statements of a text, in order, without overlap.
pub fn claims(text: &Text) -> Vec<ClaimSpan> {
    let all = sentences(text.as_str());
    all.iter()
        .enumerate()
        .filter_map(|(at, sentence)| Some((at, stated(text.as_str(), sentence).ok()?)))
        .map(|(at, bytes)| ClaimSpan {
            span: text.span_of(bytes.clone()),
            text: text.as_str()[bytes].to_owned(),
            before: all[at.saturating_sub(MAX_BEFORE)..at]
                .iter()
                .rev()
                .map(|before| text.as_str()[before.bytes.clone()].to_owned())
                .collect(),
        })
        .collect()
}

/// The sentences of a text that are no claims and hold none, each with the reason.
pub fn not_checked(text: &Text) -> Vec<NotChecked> {
    sentences(text.as_str())
        .iter()
        .filter_map(|sentence| Some((sentence, stated(text.as_str(), sentence).err()?)))
        .map(|(sentence, reason)| NotChecked {
            span: text.span_of(sentence.bytes.clone()),
            text: text.as_str()[sentence.bytes.clone()].to_owned(),
            reason,
        })
        .collect()
}

/// How many sentences back a pronoun may lean.
const MAX_BEFORE: usize = 3;

/// Beginnings that say only how something is said; what follows is the statement.
const FRAMES: &[&str] = &[
    "please note that ",
    "please note: ",
    "please note, ",
    "note that ",
    "please remember that ",
    "remember that ",
    "please be aware that ",
    "be aware that ",
    "please keep in mind that ",
    "keep in mind that ",
    "it should be noted that ",
    "it is worth noting that ",
    "let us note that ",
    "i believe that ",
    "i believe ",
    "i think that ",
    "i think ",
    "i am sure that ",
    "i'm sure that ",
    "we believe that ",
    "we think that ",
    "as you know, ",
    "of course, ",
];

/// The bytes of what a sentence states, or why it states nothing that could be checked.
fn stated(text: &str, sentence: &Sentence) -> Result<Range<usize>, &'static str> {
    let content = &text[sentence.bytes.clone()];
    if sentence.kind == Kind::Heading {
        return Err("a heading");
    }
    if let Some(end) = tag_question(content) {
        let bytes = sentence.bytes.start..sentence.bytes.start + end;
        return kind(&text[bytes.clone()], sentence.kind, true).map(|()| bytes);
    }
    if is_question(content) {
        return Err("a question");
    }
    if let Some(start) = frame(content) {
        let bytes = sentence.bytes.start + start..sentence.bytes.end;
        let believes = content.starts_with(['I', 'i', 'W', 'w'])
            && !content.starts_with("It")
            && !content.starts_with("it");
        if believes
            && !words(&text[bytes.clone()])
                .iter()
                .any(|word| word.number || word.name)
        {
            return Err("an opinion or a wish");
        }
        if kind(&text[bytes.clone()], sentence.kind, false).is_ok() {
            return Ok(bytes);
        }
    }
    kind(content, sentence.kind, false).map(|()| sentence.bytes.clone())
}

/// Where the statement begins behind a frame such as `Please note that`.
fn frame(content: &str) -> Option<usize> {
    FRAMES.iter().find_map(|frame| {
        let start = content.get(..frame.len())?;
        start.eq_ignore_ascii_case(frame).then_some(frame.len())
    })
}

/// `It was built in 1850, wasn't it?`: where the statement ends.
fn tag_question(content: &str) -> Option<usize> {
    let body = content.trim_end().strip_suffix('?')?;
    let comma = body.rfind(',')?;
    let tag = body[comma + 1..].trim().to_lowercase();
    let is_tag = matches!(tag.as_str(), "right" | "correct" | "no" | "yes") || {
        let mut words = tag.split_whitespace();
        let verb = words.next().is_some_and(|verb| {
            verb.ends_with("n't")
                || matches!(
                    verb,
                    "is" | "was"
                        | "are"
                        | "were"
                        | "does"
                        | "did"
                        | "do"
                        | "has"
                        | "have"
                        | "will"
                        | "can"
                )
        });
        verb && words
            .next()
            .is_some_and(|who| matches!(who, "it" | "he" | "she" | "they" | "we" | "you" | "there"))
            && words.next().is_none()
    };
    is_tag.then_some(comma)
}

/// Whether the words state something that can be checked; `ended` where a statement's end was cut off.
fn kind(content: &str, kind: Kind, ended: bool) -> Result<(), &'static str> {
    let words = words(content);
    // Scripts without spaces or with few of our words: let the engine say that it does not read them.
    let foreign = content
        .chars()
        .filter(|letter| *letter > '\u{24f}' && letter.is_alphabetic())
        .count();
    if foreign * 2 > content.chars().count() {
        return if content.chars().count() >= 6 {
            Ok(())
        } else {
            Err("no statement")
        };
    }
    if is_labelled_value(content) {
        return Ok(());
    }
    let ended = ended
        || content
            .trim_end_matches(['"', '”', '’', ')', ']', '*', '_'])
            .ends_with(['.', '!', '。', '！', '…']);
    if words.len() < 2 || words.len() == words.iter().filter(|word| word.number).count() {
        return Err("no statement");
    }
    if is_greeting(&words) {
        return Err("a greeting");
    }
    if is_command(&words) {
        return Err("an instruction");
    }
    if is_opinion(content) {
        return Err("an opinion or a wish");
    }
    let has_verb = words.iter().any(|word| lexicon::is_verb(&word.lower))
        // `Carla paints houses`: a small word ending in s after the first may be the verb.
        || words[1..].iter().any(|word| !word.name && !word.stop && word.lower.ends_with('s') && word.lower.len() > 3);
    if words.len() < 3 && !(has_verb && ended) {
        return Err("no statement");
    }
    let states = match kind {
        Kind::Heading => false,
        Kind::Row => has_verb && ended,
        Kind::Item | Kind::Prose if ended => words.len() > 3 || has_verb,
        Kind::Item | Kind::Prose => is_unended_statement(&words),
    };
    if states { Ok(()) } else { Err("no statement") }
}

/// `Employees: 999`: a label and a figure on a line of their own.
fn is_labelled_value(content: &str) -> bool {
    content.split_once(": ").is_some_and(|(label, value)| {
        label.split_whitespace().count() <= 4
            && label.starts_with(char::is_uppercase)
            && value.split_whitespace().count() <= 4
            && value.chars().any(|letter| letter.is_ascii_digit())
    })
}

/// A line without a full stop is a heading, unless it has a verb that only a statement has.
fn is_unended_statement(words: &[Word]) -> bool {
    words.len() >= 4
        && words[1..]
            .iter()
            .any(|word| lexicon::is_verb(&word.lower) && !word.name)
}

fn is_question(content: &str) -> bool {
    content
        .trim_end_matches(|letter: char| {
            !letter.is_alphanumeric() && letter != '?' && letter != '？'
        })
        .ends_with(['?', '？'])
}

fn is_greeting(words: &[Word]) -> bool {
    matches!(
        words[0].lower.as_str(),
        "hello"
            | "hi"
            | "hey"
            | "dear"
            | "thanks"
            | "thank"
            | "regards"
            | "sincerely"
            | "welcome"
            | "congratulations"
            | "cheers"
            | "sorry"
    ) || (words[0].lower == "good"
        && matches!(
            words[1].lower.as_str(),
            "morning" | "afternoon" | "evening" | "night" | "day"
        ))
        || (matches!(words[0].lower.as_str(), "best" | "kind" | "warm" | "yours")
            && words.len() <= 4)
}

fn is_command(words: &[Word]) -> bool {
    let always = matches!(
        words[0].lower.as_str(),
        "please" | "let" | "let's" | "don't" | "do"
    );
    // `Output rose`: a word that is followed by a verb is a subject.
    lexicon::is_imperative(&words[0].lower)
        && (always || !lexicon::is_verb(&words[1].lower))
        && !(words[0].lower == "do" && words[1].name)
}

const OPINIONS: &[&str] = &[
    "i feel",
    "i hope",
    "i love",
    "i like",
    "i guess",
    "i would like",
    "i'd like",
    "i prefer",
    "i suppose",
    "i wish",
    "i want",
    "we feel",
    "we hope",
    "we should",
    "in my opinion",
    "in my view",
    "in our opinion",
    "in our view",
    "if you ask me",
    "personally,",
    "hopefully",
    "must see",
    "let us",
    "let's",
    "here is what",
    "here are some",
    "it would be nice",
];

fn is_opinion(content: &str) -> bool {
    let lower = content.to_lowercase();
    OPINIONS.iter().any(|phrase| {
        lower.match_indices(phrase).any(|(at, found)| {
            let before = lower[..at].chars().next_back();
            let after = lower[at + found.len()..].chars().next();
            before.is_none_or(|letter| !letter.is_alphanumeric())
                && after.is_none_or(|letter| !letter.is_alphanumeric())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<String> {
        claims(&Text::from(text))
            .into_iter()
            .map(|claim| claim.text)
            .collect()
    }

    #[test]
    fn statements_stay_and_all_else_goes() {
        let text = "# The bridge\n\nBriefing for members\n\nHello everyone! I think it is beautiful. Was it expensive? \
                    Please read the report. The bridge cost 4.2 million. It opened in 1931.\n\n* Tarsk Ridge has 24 turbines\n\
                    * Fresh air and good food\n\nThank you for listening.\n";
        assert_eq!(
            found(text),
            [
                "The bridge cost 4.2 million.",
                "It opened in 1931.",
                "Tarsk Ridge has 24 turbines"
            ]
        );
    }

    #[test]
    fn other_scripts_are_kept_so_that_they_can_be_answered() {
        assert_eq!(found("这座桥于一九三一年通车。它很长很长。").len(), 2);
    }

    #[test]
    fn a_hundred_thousand_characters_of_marks_take_no_time() {
        for piece in [
            ". ", "A. ", "\"", "1.", "- ", "#", "e.g. ", "\n", "?! ", ">>", "a: b\n", "．", "İ",
        ] {
            let text = Text::new(piece.repeat(100_000 / piece.chars().count()));
            let started = std::time::Instant::now();
            let _ = claims(&text);
            assert!(
                started.elapsed().as_secs() < 5,
                "{piece:?} took {:?}",
                started.elapsed()
            );
        }
    }

    proptest! {
        #[test]
        fn spans_are_exact_in_order_and_apart(content in "(\\PC|[A-Z][a-z]+ (was|has) [0-9]{1,4}\\. |\\n|\\r\\n|\\. |- ){0,120}") {
            let text = Text::new(content);
            let mut position = 0;
            for claim in claims(&text) {
                prop_assert_eq!(text.slice(claim.span), claim.text.as_str());
                prop_assert!(claim.span.start >= position);
                prop_assert!(!claim.span.is_empty());
                position = claim.span.end;
            }
        }
    }
}
