//! What a sentence states: its words with their roles, its quantities and times, whether it affirms or denies, and whether
//! it says so as a fact.

#![allow(
    clippy::match_same_arms,
    clippy::if_same_then_else,
    clippy::too_many_lines,
    clippy::similar_names,
    clippy::struct_excessive_bools,
    reason = "forms of words are listed one a line, in the order they are looked for, and a statement is yes or no in many ways"
)]

mod cache;
mod clause;
mod exclusions;
mod groups;
mod lexical;
mod moods;
pub mod quantity;
mod sentence;
pub mod tags;
pub mod time;
pub mod token;

pub use cache::SentenceCache;
pub use clause::{Mood, Place, Statement, Subject, Term};
pub use lexical::{
    is_exclusion, is_exclusive, is_failure, is_function_word, is_inability, is_light_verb,
    is_restriction,
};
pub use sentence::Sentence;
