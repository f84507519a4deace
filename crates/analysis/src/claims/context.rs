//! What the sender says of when and where a text was written and who "we" is: read out of one line, and put in the place of
//! `we`, `here` and `today`. It is never quoted and never evidence.

use crate::language::detect::language;
use crate::statement::Sentence;
use crate::statement::time::When;
use crate::statement::token::tokens;

/// What the words that lean on the situation mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    we: Option<String>,
    here: Option<String>,
    today: Option<String>,
}

impl Context {
    /// Reads a line such as `We are Ardmoor Ltd. Written on 3 May 2024 in Bergen.`, or `we: Ardmoor Ltd; today: 3 May 2024`.
    pub fn new(line: &str) -> Self {
        Self {
            we: said_of(line, &["we", "“we”", "\"we\"", "us"]),
            here: said_of(line, &["here", "place", "where"]).or_else(|| place(line)),
            today: said_of(line, &["today", "date", "when"])
                .filter(|date| !date.is_empty() && is_one_day(date))
                .or_else(|| day(line)),
        }
    }

    /// The claim with what its words mean put in their place, where anything of it is known.
    pub fn resolved(&self, claim: &str) -> Option<String> {
        if language(claim).is_some_and(|found| found != "en") {
            return None;
        }
        let mut text = claim.to_owned();
        let mut changed = false;
        for token in tokens(claim).iter().rev() {
            let written = &claim[token.bytes.clone()];
            // `we're` and `today's` would need another form.
            let whole = written.chars().all(char::is_alphabetic) && !token.possessive;
            let quoted = claim[..token.bytes.start].matches(['“', '"']).count() % 2 == 1;
            if !whole || quoted || written.chars().count() > 1 && written.to_uppercase() == *written
            {
                continue;
            }
            let with = match token.lower.as_str() {
                "we" | "us" => self.we.clone(),
                "our" => self.we.as_deref().map(possessive),
                "here" => self
                    .here
                    .as_deref()
                    .map(|place| with_preposition("in", place)),
                "today" => self
                    .today
                    .as_deref()
                    .map(|date| with_preposition("on", date)),
                _ => None,
            };
            if let Some(with) = with {
                let with = if token.bytes.start == 0 {
                    capital(&with)
                } else {
                    with
                };
                text.replace_range(token.bytes.clone(), &with);
                changed = true;
            }
        }
        changed.then_some(text)
    }
}

fn possessive(name: &str) -> String {
    let ending = if name.ends_with('s') { "’" } else { "’s" };
    format!("{name}{ending}")
}

fn with_preposition(preposition: &str, phrase: &str) -> String {
    let has_one = ["in ", "on ", "at "]
        .iter()
        .any(|given| phrase.to_lowercase().starts_with(given));
    if has_one {
        phrase.to_owned()
    } else {
        format!("{preposition} {phrase}")
    }
}

fn capital(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// `we: X`, `we = X`, `we are X`, `"we" means X`: X, up to where the phrase ends.
fn said_of(line: &str, words: &[&str]) -> Option<String> {
    let lower = line.to_lowercase();
    // A letter that changes its length in small letters would move every position after it.
    if lower.len() != line.len() {
        return None;
    }
    for word in words {
        for (at, found) in lower.match_indices(word) {
            let before = lower[..at].chars().next_back();
            if before.is_some_and(char::is_alphanumeric) {
                continue;
            }
            let after = at + found.len();
            let between = [
                ": ",
                ":",
                " = ",
                "=",
                " is ",
                " are ",
                " means ",
                " stands for ",
                " refers to ",
            ]
            .into_iter()
            .find(|between| lower[after..].starts_with(between));
            if let Some(between) = between {
                let phrase = phrase(&line[after + between.len()..]);
                return (!phrase.is_empty()).then(|| phrase.to_owned());
            }
        }
    }
    None
}

/// The most characters of a name, place or date.
const MAX_PHRASE: usize = 80;

/// Up to a comma, semicolon or the end of a sentence, which the dot of `St. Olav` is not.
fn phrase(text: &str) -> &str {
    let text = text.trim_start();
    let end = text
        .char_indices()
        .find(|(at, letter)| match letter {
            ',' | ';' | '\n' | '(' => true,
            '.' => {
                let rest = &text[at + 1..];
                let word = text[..*at].rsplit(' ').next().unwrap_or_default();
                let is_title = matches!(word, "St" | "Dr" | "Mr" | "Mrs" | "Ms" | "Prof");
                rest.trim().is_empty() || rest.starts_with(' ') && !is_title
            }
            _ => false,
        })
        .map_or(text.len(), |(at, _)| at);
    let phrase = text[..end].trim().trim_matches(['"', '“', '”']);
    if phrase.chars().count() > MAX_PHRASE {
        ""
    } else {
        phrase
    }
}

/// The one day that the line names.
fn day(line: &str) -> Option<String> {
    let sentence = Sentence::new(line);
    let mut days = sentence
        .times
        .iter()
        .filter(|time| matches!(&time.when, When::Days(spans) if matches!(spans.as_slice(), [(first, last)] if first == last)));
    let one = days.next()?;
    days.next().is_none().then(|| {
        sentence
            .written(&one.tokens)
            .trim_start_matches("on ")
            .to_owned()
    })
}

fn is_one_day(text: &str) -> bool {
    day(text).is_some()
}

/// The one place after `in`: a name, and nothing else that could be one.
fn place(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut found = Vec::new();
    for (at, _) in words.iter().enumerate().filter(|(_, word)| **word == "in") {
        let name: Vec<&str> = words[at + 1..]
            .iter()
            .copied()
            .scan(false, |ended, word| {
                if *ended || !word.starts_with(char::is_uppercase) {
                    return None;
                }
                *ended = word.ends_with(['.', ',', ';']);
                Some(word.trim_end_matches(['.', ',', ';']))
            })
            .collect();
        let name = name.join(" ");
        if !name.is_empty() && Sentence::new(&format!("in {name}")).times.is_empty() {
            found.push(name);
        }
    }
    match found.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_says_who_where_and_when() {
        let whole = Context {
            we: Some("Ardmoor Ltd".to_owned()),
            here: Some("Bergen".to_owned()),
            today: Some("3 May 2024".to_owned()),
        };
        for line in [
            "We are Ardmoor Ltd. Written on 3 May 2024 in Bergen.",
            "we: Ardmoor Ltd; here: Bergen; today: 3 May 2024",
            "\"we\" means Ardmoor Ltd, date = 3 May 2024, written in Bergen",
        ] {
            assert_eq!(Context::new(line), whole, "{line}");
        }
        assert_eq!(Context::new("Minutes of the board."), Context::default());
        // Of two days or places none is certainly the one.
        assert_eq!(
            Context::new("Written on 3 May 2024 in Bergen, read on 4 May 2024 in Oslo."),
            Context::default()
        );
    }

    #[test]
    fn words_that_lean_on_it_are_read_by_it() {
        let context = Context::new("we: Ardmoor Ltd; here: Bergen; today: 3 May 2024");
        for (claim, read) in [
            (
                "We employ 410 people.",
                Some("Ardmoor Ltd employ 410 people."),
            ),
            (
                "Our mill opened here in 1912.",
                Some("Ardmoor Ltd’s mill opened in Bergen in 1912."),
            ),
            (
                "Today the bridge is closed.",
                Some("On 3 May 2024 the bridge is closed."),
            ),
            ("The mayor said “we are closed today”.", None),
            ("The US has 50 states.", None),
            ("The bridge is closed.", None),
        ] {
            assert_eq!(context.resolved(claim).as_deref(), read, "{claim}");
        }
        assert_eq!(Context::default().resolved("We employ 410 people."), None);
    }

    proptest! {
        #[test]
        fn any_line_and_any_claim_are_read(line in "\\PC{0,60}", claim in "(\\PC|we |our |today |here ){0,20}") {
            let _ = Context::new(&line).resolved(&claim);
            let _ = Context::new(&format!("we: {line}; today = {line}")).resolved(&claim);
        }
    }
}
