//! What a source says of a claim: statements bound to each other, the answers of all passages taken together, and the
//! submission held against itself. It fetches nothing and finds no passages.

#![allow(
    clippy::match_same_arms,
    clippy::if_same_then_else,
    clippy::too_many_lines,
    clippy::similar_names,
    clippy::struct_excessive_bools,
    reason = "forms of words are listed one a line, in the order they are looked for, and a statement is yes or no in many ways"
)]

pub mod binding;
pub mod confidence;
pub mod consistency;
pub mod decide;
mod kinds;
#[cfg(test)]
pub mod labelled;
pub mod parts;
pub mod records;
pub mod relations;
mod replacement;
mod restated;
pub mod standalone;
