//! What passages say of a claim: the comparison in numbers (`features`), the fitted model that weighs them, named
//! checks a person can follow, and the submission held against itself. It fetches nothing and finds no passages.

pub mod alignment;
pub mod checks;
pub mod consistency;
pub mod features;
pub mod labelled;
pub mod model;
pub mod reading;
