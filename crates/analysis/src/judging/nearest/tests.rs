//! The nearest text shows how a quote must be put right.

use super::*;
use crate::judging::matching::{Found, Quotable};
use proptest::prelude::*;

const SOURCE: &str = "The Ardmoor Bridge was opened to traffic in May 1933. Its main span is 412 metres long. The bill came to \
                      £4.6 million, said the treasurer. Nobody knows who paid it.";

fn nearest(quote: &str) -> Option<(&'static str, Vec<(String, String)>)> {
    let nearest = Words::new(SOURCE).nearest(quote)?;
    let pair = |one: WordDifference| (one.quote, one.source);
    Some((
        &SOURCE[nearest.bytes],
        nearest.differences.into_iter().map(pair).collect(),
    ))
}

fn pair(quote: &str, source: &str) -> (String, String) {
    (quote.to_owned(), source.to_owned())
}

#[test]
fn a_changed_word_is_shown_with_the_sources_own() {
    assert_eq!(
        nearest("Its main span is 421 metres long"),
        Some(("Its main span is 412 metres long", vec![pair("421", "412")]))
    );
    assert_eq!(
        nearest("The bill came to £4.2 million"),
        Some(("The bill came to £4.6 million", vec![pair("2", "6")]))
    );
    assert_eq!(
        nearest("The bridge was opened to traffic in May 1933"),
        Some((
            "The Ardmoor Bridge was opened to traffic in May 1933",
            vec![pair("bridge", "Ardmoor Bridge")]
        ))
    );
    let left_out = nearest("Its span is 412 metres long").unwrap();
    assert_eq!(left_out.1, [pair("", "main")]);
}

#[test]
fn a_look_alike_letter_is_named() {
    let nearest = Words::new(SOURCE)
        .nearest("The Аrdmoor Bridge was opened")
        .unwrap();
    assert_eq!(&SOURCE[nearest.bytes], "The Ardmoor Bridge was opened");
    let [difference] = nearest.differences.as_slice() else {
        panic!("one word differs");
    };
    let note = difference.letters.as_deref().unwrap();
    assert!(note.contains("U+0410") && note.contains("U+0041"), "{note}");
}

#[test]
fn nothing_is_near_to_words_from_elsewhere() {
    assert_eq!(nearest("Completely other words of another book"), None);
    assert_eq!(nearest("!!!"), None);
    assert_eq!(Words::new("").nearest("any words"), None);
}

#[test]
fn the_nearest_text_is_itself_a_quote() {
    let source = "It was a well-known fact that in-\nside the 10–12 men’s hut −5 °C were measured.";
    for quote in ["known fact thus", "side the 12 mens", "5 °C was measured"] {
        let nearest = Words::new(source).nearest(quote).unwrap();
        let text = &source[nearest.bytes.clone()];
        assert!(
            matches!(Quotable::new(source).find(text), Found::At(_)),
            "{text:?}"
        );
    }
}

proptest! {
    #[test]
    fn the_nearest_always_stands_in_its_source(source in "(\\PC|[a-f]{1,3}| ){0,60}", quote in "([a-f]{1,3}|\\PC| ){0,30}") {
        if let Some(nearest) = Words::new(&source).nearest(&quote) {
            prop_assert!(source.get(nearest.bytes).is_some());
        }
    }
}
