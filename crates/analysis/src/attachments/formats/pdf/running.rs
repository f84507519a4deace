//! Running heads, footers and page numbers: what stands at the same place on page after page is no part of the text, and
//! would stand in the middle of a sentence.

use std::collections::BTreeMap;

use super::geometry::{Area, cell, median};
use super::rows::Row;
use super::text::text_of;

/// So many rows at the head, and as many at the foot, may be running ones.
const ROWS: usize = 3;
/// The share of the page's height, at the head and at the foot, in which they stand.
const MARGIN: f32 = 0.13;
/// A bare number may stand further in.
const NUMBER_MARGIN: f32 = 0.22;

/// What was left out of a document.
#[derive(Debug, Default)]
pub struct Removed {
    /// Each text once, as it stands on the first page that has it, with the number of pages.
    pub texts: BTreeMap<String, usize>,
}

/// A row that may be a running one: where it stands, and its text without its numbers.
type Key = (i32, String);

/// Takes running rows out of the pages. Each page comes with its area.
pub fn remove_running(pages: &mut [(Area, Vec<Row>)]) -> Removed {
    let candidates: Vec<Vec<(usize, Key)>> = pages
        .iter()
        .map(|(area, rows)| candidates(*area, rows))
        .collect();
    let mut counts: BTreeMap<&Key, usize> = BTreeMap::new();
    for (_, key) in candidates.iter().flatten() {
        *counts.entry(key).or_default() += 1;
    }
    let with_text = candidates.iter().filter(|page| !page.is_empty()).count();
    let is_repeated = |key: &Key| {
        // A row on the border of two cells of the grid counts for both.
        let at = |place: i32| counts.get(&(place, key.1.clone())).copied().unwrap_or(0);
        let count = at(key.0) + at(key.0.saturating_sub(1)).max(at(key.0.saturating_add(1)));
        let is_number = is_number(&key.1);
        count >= 3 && count * 8 >= with_text || count >= 2 && (with_text <= 3 || is_number)
    };
    // A page may bear its number alone: the first one often has none.
    let is_own_number = |page: usize, row: usize| {
        let text = row_text(&pages[page].1[row]);
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        page > 0 && bare == (page + 1).to_string()
    };
    let running: Vec<Vec<usize>> = candidates
        .iter()
        .enumerate()
        .map(|(page, rows)| {
            let running = rows
                .iter()
                .filter(|(row, key)| is_repeated(key) || is_own_number(page, *row));
            running.map(|(row, _)| *row).collect()
        })
        .collect();
    let mut removed = Removed::default();
    for ((_, rows), indices) in pages.iter_mut().zip(running) {
        let mut index = 0;
        rows.retain(|row| {
            let is_marked = row.segments.iter().all(|segment| segment.is_artifact);
            let is_out = indices.contains(&index) || is_marked;
            index += 1;
            if is_out {
                removed.note(row);
            }
            !is_out
        });
    }
    removed
}

impl Removed {
    fn note(&mut self, row: &Row) {
        let text = row_text(row);
        // Page numbers are told once, as what they are.
        let shown = if without_numbers(&text).chars().any(char::is_alphabetic) {
            without_numbers(&text)
        } else {
            "#".to_owned()
        };
        *self.texts.entry(shown).or_default() += 1;
    }

    /// What to say of it; `None` where nothing was left out.
    pub fn sentence(&self) -> Option<String> {
        if self.texts.is_empty() {
            return None;
        }
        let words: Vec<String> = self
            .texts
            .keys()
            .filter(|text| *text != "#")
            .take(5)
            .map(|text| format!("“{}”", text.chars().take(80).collect::<String>()))
            .collect();
        let what = if words.is_empty() {
            "Page numbers at the head or foot of the pages were".to_owned()
        } else {
            format!(
                "What repeats at the head or foot of the pages ({}) was",
                words.join(", ")
            )
        };
        Some(format!(
            "{what} left out, so that no sentence is interrupted. Quote the page itself if it matters."
        ))
    }
}

/// Whether a row is a number and nothing else: `7`, `- 7 -`, or `#` for any.
fn is_number(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
    !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || c == '#')
}

fn row_text(row: &Row) -> String {
    let texts: Vec<String> = row.segments.iter().map(text_of).collect();
    texts.join(" ")
}

/// The text with each number as one sign.
fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if !character.is_ascii_digit() {
            out.push(character);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

/// The rows at the page's head and foot that stand apart from the text.
fn candidates(area: Area, rows: &[Row]) -> Vec<(usize, Key)> {
    let steps: Vec<f32> = rows
        .windows(2)
        .map(|pair| pair[1].baseline - pair[0].baseline)
        .collect();
    // On a page with few lines the steps between them say little.
    let size = median(rows.iter().map(|row| row.size).collect());
    let leading = median(steps).clamp(size, size * 1.6);
    let margin = area.height() * MARGIN;
    let mut found = Vec::new();
    let mut add = |index: usize, row: &Row| {
        let key = (cell(row.baseline, 4.0), without_numbers(&row_text(row)));
        found.push((index, key));
    };
    // From the head down to the last row within the margin that has more room below it than lines of text have.
    let head = rows
        .iter()
        .take(ROWS)
        .take_while(|row| row.baseline - area.top < margin)
        .count();
    let last_of_head = (0..head).rev().find(|index| {
        rows.get(index + 1)
            .is_none_or(|next| next.baseline - rows[*index].baseline > 1.25 * leading)
    });
    if let Some(last) = last_of_head {
        for (index, row) in rows.iter().enumerate().take(last + 1) {
            add(index, row);
        }
    }
    let foot = rows
        .iter()
        .rev()
        .take(ROWS)
        .take_while(|row| {
            let room = area.bottom - row.baseline;
            room < margin || room < area.height() * NUMBER_MARGIN && is_number(&row_text(row))
        })
        .count();
    let begin = rows.len() - foot;
    let first_of_foot = (begin..rows.len()).find(|index| {
        index
            .checked_sub(1)
            .is_none_or(|before| rows[*index].baseline - rows[before].baseline > 1.25 * leading)
    });
    if let Some(first) = first_of_foot {
        for (index, row) in rows
            .iter()
            .enumerate()
            .skip(first.max(last_of_head.map_or(0, |last| last + 1)))
        {
            add(index, row);
        }
    }
    found
}
