//! A piece of text read once: words, quantities, and which words are denied. It compares nothing.

use crate::language::lexicon::meaning;
use crate::language::quantities::{Quantity, quantities};
use crate::language::words::{Word, words};

/// How many words a denial reaches.
const REACH: usize = 7;

/// A claim or a passage, read.
#[derive(Debug, Clone)]
pub struct Reading {
    pub words: Vec<Word>,
    pub quantities: Vec<Quantity>,
    /// For each word: whether a denial reaches it.
    pub denied: Vec<bool>,
    /// For each word: whether it is part of a quantity.
    pub counted: Vec<bool>,
}

impl Reading {
    /// Reads a text.
    pub fn new(text: &str) -> Self {
        let words = words(text);
        let quantities = quantities(text, &words);
        let denied = denied(&words);
        let mut counted = vec![false; words.len()];
        for quantity in &quantities {
            for at in quantity.words.clone() {
                counted[at] = true;
            }
        }
        Self {
            words,
            quantities,
            denied,
            counted,
        }
    }

    /// The words that are compared as words: those that say something and are no part of a quantity.
    pub fn content(&self) -> impl Iterator<Item = (usize, &Word)> {
        self.words
            .iter()
            .enumerate()
            .filter(|(at, word)| !word.stop && !self.counted[*at])
    }

    /// Whether anything in it is denied.
    pub fn denies(&self) -> bool {
        self.denied.contains(&true)
    }

    /// Where the stem stands.
    pub fn position_of(&self, stem: &str) -> Option<usize> {
        self.words.iter().position(|word| word.stem == stem)
    }
}

/// A denial reaches the words around it, on both sides, up to the end of its clause: `no boats are allowed` and `boats are
/// not allowed` deny the same.
fn denied(words: &[Word]) -> Vec<bool> {
    let mut denied = vec![false; words.len()];
    for (at, _) in words
        .iter()
        .enumerate()
        .filter(|(at, word)| meaning::is_negator(&word.lower) && !is_not_only(words, *at))
    {
        for (back, place) in (0..=at).rev().take(REACH + 1).enumerate() {
            denied[place] = true;
            if back > 0 && words[place].after_break || words[at].after_break {
                break;
            }
        }
        for place in (at..words.len()).take(REACH + 1) {
            if place > at && words[place].after_break {
                break;
            }
            denied[place] = true;
        }
    }
    denied
}

/// `not only … but also` denies nothing.
fn is_not_only(words: &[Word], at: usize) -> bool {
    words[at].lower == "not"
        && words
            .get(at + 1)
            .is_some_and(|next| matches!(next.lower.as_str(), "only" | "just" | "merely"))
}
