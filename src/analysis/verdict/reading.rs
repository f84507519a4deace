//! A piece of text read once: words, quantities, and which words are denied. It compares nothing.

use crate::analysis::language::lexicon::meaning;
use crate::analysis::language::quantities::{Quantity, quantities};
use crate::analysis::language::words::{Word, words};

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
        let mut denied = vec![false; words.len()];
        let mut left = 0_usize;
        for (at, word) in words.iter().enumerate() {
            if word.after_break {
                left = 0;
            }
            if meaning::is_negator(&word.lower) && !is_not_only(&words, at) {
                left = REACH;
                denied[at] = true;
            } else if left > 0 {
                denied[at] = true;
                left -= 1;
            }
        }
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

/// `not only … but also` denies nothing.
fn is_not_only(words: &[Word], at: usize) -> bool {
    words[at].lower == "not"
        && words
            .get(at + 1)
            .is_some_and(|next| matches!(next.lower.as_str(), "only" | "just" | "merely"))
}
