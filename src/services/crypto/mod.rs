//! What rests on the root secret: the keys derived from it, and the tokens, seals and pseudonyms made with them.

pub mod keys;
mod pseudonyms;
pub mod seals;
pub mod tokens;
