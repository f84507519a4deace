//! PDF with a text layer. A page's content is carried out ([`content`]), its letters are put together to runs and rows by
//! where they stand ([`runs`], [`scripts`], [`rows`]), cut into columns ([`columns`]) and joined to paragraphs ([`flow`]).
//! A page that is a picture, broken or out of bounds is named, and so is text that nobody would see; one bad page never
//! costs the others.

mod columns;
mod content;
mod document;
mod drawn;
mod flow;
mod fonts;
mod forms;
mod geometry;
mod grid;
mod gutters;
mod heads;
mod line_numbers;
mod marks;
mod narrow;
mod noise;
mod page;
mod path;
mod pieces;
mod records;
mod rows;
mod ruling;
mod running;
mod runs;
mod scripts;
mod show;
mod state;
mod strikes;
mod tables;
#[cfg(test)]
mod tests;
mod text;
mod trimming;
mod write;

pub use document::{MAX_PAGES, read};
