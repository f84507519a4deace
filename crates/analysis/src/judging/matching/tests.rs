//! What is found is always the source's own text, and what a copy does to white space, marks and dashes hides nothing.

use super::*;
use clara_domain::text::Text;
use proptest::prelude::*;

fn found<'s>(source: &'s str, quote: &str) -> Option<&'s str> {
    match Quotable::new(source).find(quote) {
        Found::At(places) => Some(&source[places[0].clone()]),
        _ => None,
    }
}

#[test]
fn what_a_copy_changes_hides_no_quote() {
    for (source, quote, stored) in [
        ("It  was\nopened", "It was opened", "It  was\nopened"),
        (
            "It was\u{c}\nopened",
            "It was opened",
            "It was\u{c}\nopened",
        ),
        (
            "the construc-\ntion of",
            "the construction of",
            "the construc-\ntion of",
        ),
        (
            "the construc-\ntion of",
            "the construc- tion of",
            "the construc-\ntion of",
        ),
        (
            "a well-\nknown man",
            "a well-known man",
            "a well-\nknown man",
        ),
        ("said “yes” to", "said \"yes\" to", "said “yes” to"),
        ("the bridge’s end", "the bridge's end", "the bridge’s end"),
        ("bridge — opened", "bridge - opened", "bridge — opened"),
        ("bridge—opened", "bridge -- opened", "bridge—opened"),
        ("1990–1995", "1990-1995", "1990–1995"),
        (
            "the ﬁrst eﬃcient",
            "the first efficient",
            "the ﬁrst eﬃcient",
        ),
        ("un\u{ad}happy man", "unhappy man", "un\u{ad}happy man"),
        ("a cafe\u{301} there", "a café there", "a cafe\u{301} there"),
        ("so it goes on", "“so it goes …”", "so it goes"),
        ("so it goes on", "\"...so it goes\"", "so it goes"),
        (
            "这座桥于\n一九三一年",
            "这座桥于一九三一年",
            "这座桥于\n一九三一年",
        ),
        ("at −5 °C", "at -5 °C", "at −5 °C"),
    ] {
        assert_eq!(found(source, quote), Some(stored), "{quote:?}");
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    for (source, quote) in [
        ("the bridge opened", "The bridge opened"),
        ("the bridge opened", "the bridgе opened"),
        ("in 10² cases", "in 102 cases"),
        ("1990 1995", "1990-1995"),
        ("a cafe there", "a café there"),
        ("a café there", "a cafe there"),
        ("the ﬁrst", "the f"),
        ("It was opened", "It opened"),
        ("It was opened", " "),
        ("It was opened", "…"),
    ] {
        assert_eq!(found(source, quote), None, "{quote:?}");
    }
}

#[test]
fn a_place_of_whole_words_is_preferred() {
    let source = "It cost 14.2 million, or 4.2 million a year.";
    let Found::At(places) = Quotable::new(source).find("4.2 million") else {
        panic!("found whole");
    };
    assert_eq!(places, [25..36]);
    let only = "It cost 14.2 million.";
    assert_eq!(Quotable::new(only).find("4.2 million"), Found::Cut(9..20));
}

/// What a copy may do to a character: nothing, or one of these.
fn copied(text: &str, choices: &[u8]) -> String {
    let mut copy = String::new();
    for (at, letter) in text.chars().enumerate() {
        let choice = choices[at % choices.len()] % 4;
        match letter {
            ' ' | '\n' => copy.push_str([" ", "  ", "\n", "\u{a0}"][usize::from(choice)]),
            '“' | '”' | '"' => copy.push(['"', '“', '”', '„'][usize::from(choice)]),
            '\'' | '’' => copy.push(['\'', '’', '‘', '\''][usize::from(choice)]),
            '-' | '–' | '—' => copy.push(['-', '–', '—', '\u{2011}'][usize::from(choice)]),
            'ﬁ' => copy.push_str(["fi", "ﬁ", "fi", "ﬁ"][usize::from(choice)]),
            'é' => copy.push_str(["é", "e\u{301}", "é", "é"][usize::from(choice)]),
            _ => copy.push(letter),
        }
        if choice == 3 && letter.is_alphabetic() {
            copy.push('\u{ad}');
        }
    }
    copy
}

const SOURCE: &str = "([a-zé]{1,6}|[A-Z][a-z]{2,5}|[0-9]{1,4}|of|ﬁn|“[a-z]{2,4}”|[a-z]{2,3}’s|[a-z]{2,4}[-–—][a-z]{2,4}|[.,;] ?|[ \n]){4,60}";

proptest! {
    #[test]
    fn a_copied_stretch_is_found_where_it_stands(
        source in SOURCE, from in 0_usize..60, length in 1_usize..30, choices in prop::collection::vec(any::<u8>(), 1..20),
    ) {
        let words: Vec<(usize, &str)> = source
            .split_whitespace()
            .map(|word| (word.as_ptr() as usize - source.as_ptr() as usize, word))
            .collect();
        prop_assume!(!words.is_empty());
        let first = from % words.len();
        let last = (first + length).min(words.len()) - 1;
        let bytes = words[first].0..words[last].0 + words[last].1.len();
        let stretch = &source[bytes.clone()];
        prop_assume!(stretch.chars().any(char::is_alphanumeric) && !cuts_a_word(&source, &bytes));
        let quote = copied(stretch, &choices);
        let quotable = Quotable::new(&source);
        let Found::At(places) = quotable.find(&quote) else {
            return Err(TestCaseError::fail(format!("{quote:?} is not found in {source:?}")));
        };
        let text = Text::new(source.clone());
        let same = Comparable::new(&quote).text;
        for place in &places {
            let span = text.span_of(place.clone());
            prop_assert_eq!(text.slice(span), &source[place.clone()]);
            let stored = Comparable::new(&source[place.clone()]).text;
            prop_assert!(stored == same || stored == Comparable::new(without_frame(&quote)).text);
        }
    }

    #[test]
    fn what_is_found_is_the_source_whatever_is_asked(source in "\\PC{0,80}", quote in "\\PC{0,12}") {
        if let Found::At(places) = Quotable::new(&source).find(&quote) {
            for place in places {
                prop_assert!(source.get(place).is_some_and(|stored| !stored.is_empty()));
            }
        }
    }
}
