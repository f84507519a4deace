//! Line numbers in the margin, as contracts and manuscripts have them: they are no part of the lines.

use super::geometry::number;
use super::rows::Row;

/// Fewer numbers may be anything.
const FEWEST: usize = 4;
/// Lines have about this many words at least; the rows of a table have fewer in a piece.
const MIN_WORDS: f32 = 5.0;

/// Takes the numbers before the lines out, and says how many there were.
pub fn remove_line_numbers(rows: &mut [Row]) -> usize {
    let numbered: Vec<(usize, u32)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.segments.len() == 2)
        .filter_map(|(index, row)| Some((index, value(row)?)))
        .collect();
    if numbered.len() < FEWEST || numbered.len() * 5 < rows.len() {
        return 0;
    }
    let step = numbered[1].1.saturating_sub(numbered[0].1);
    let is_counted = matches!(step, 1 | 2 | 5 | 10)
        && numbered
            .windows(2)
            .all(|pair| pair[1].1.checked_sub(pair[0].1) == Some(step));
    let words: usize = numbered
        .iter()
        .map(|(index, _)| rows[*index].segments[1].word_count())
        .sum();
    let flows = numbered.iter().any(|(index, _)| {
        let first = rows[*index].segments[1].letters.first();
        first.is_some_and(|letter| letter.character.is_lowercase())
    });
    if !is_counted || !flows || number(words) < MIN_WORDS * number(numbered.len()) {
        return 0;
    }
    for (index, _) in &numbered {
        rows[*index].segments.remove(0);
    }
    numbered.len()
}

/// The number that a row begins with.
fn value(row: &Row) -> Option<u32> {
    let letters = &row.segments.first()?.letters;
    let text: String = letters.iter().map(|letter| letter.character).collect();
    if text.len() > 4 {
        None
    } else {
        text.parse().ok()
    }
}
