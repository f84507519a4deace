//! Records and places on their way from the child to the parent, as lists of numbers: a table of a million cells with the
//! names of its members would not fit in the answer.

pub mod places;
pub mod records;
