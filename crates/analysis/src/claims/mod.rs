//! Which sentences of a text state something that can be checked, and exactly where they stand.
//! It knows language, not evidence: nothing here says whether a claim is true.

use crate::language::lexicon;
use crate::language::lines::Kind;
use crate::language::sentences::{Sentence, sentences};
use crate::language::words::{Word, words};
use clara_domain::claim::ClaimSpan;
use clara_domain::text::Text;

/// The check-worthy statements of a text, in order, without overlap.
pub fn claims(text: &Text) -> Vec<ClaimSpan> {
    sentences(text.as_str())
        .into_iter()
        .filter(|sentence| is_checkable(text.as_str(), sentence))
        .map(|sentence| ClaimSpan {
            span: text.span_of(sentence.bytes.clone()),
            text: text.as_str()[sentence.bytes].to_owned(),
        })
        .collect()
}

fn is_checkable(text: &str, sentence: &Sentence) -> bool {
    let content = &text[sentence.bytes.clone()];
    if sentence.kind == Kind::Heading || is_question(content) {
        return false;
    }
    let words = words(content);
    // Scripts without spaces or with few of our words: let the engine say that it does not read them.
    let foreign = content
        .chars()
        .filter(|letter| *letter > '\u{24f}' && letter.is_alphabetic())
        .count();
    if foreign * 2 > content.chars().count() {
        return content.chars().count() >= 6;
    }
    if words.len() < 3 || words.len() == words.iter().filter(|word| word.number).count() {
        return false;
    }
    if is_greeting(&words) || is_command(&words) || is_opinion(content) {
        return false;
    }
    let has_verb = words.iter().any(|word| lexicon::is_verb(&word.lower))
        // `Carla paints houses`: a small word ending in s after the first may be the verb.
        || words[1..].iter().any(|word| !word.name && !word.stop && word.lower.ends_with('s') && word.lower.len() > 3);
    let ended = content
        .trim_end_matches(['"', '”', '’', ')', ']', '*', '_'])
        .ends_with(['.', '!', '。', '！', '…']);
    match sentence.kind {
        Kind::Heading => false,
        Kind::Row => has_verb && ended,
        Kind::Item | Kind::Prose if ended => words.len() > 3 || has_verb,
        Kind::Item | Kind::Prose => is_unended_statement(&words),
    }
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
    "i think",
    "i believe",
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
    "i am sure",
    "i'm sure",
    "we think",
    "we believe",
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
    "should be",
    "ought to",
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
