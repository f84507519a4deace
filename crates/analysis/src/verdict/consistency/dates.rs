//! Dates that cannot be: days the month does not have, deaths before births, periods that end before they begin. It
//! reads the text alone and asks no calendar but the one everybody shares.

use crate::language::quantities::{Quantity, Sort, month};
use crate::verdict::reading::Reading;

use super::Impossible;

/// What in the sentence cannot be, by the calendar.
pub(super) fn impossible(text: &str, reading: &Reading) -> Vec<Impossible> {
    let mut found: Vec<Impossible> = reading
        .quantities
        .iter()
        .filter_map(|quantity| day_of_month(reading, quantity))
        .collect();
    found.extend(life(reading));
    found.extend(period(text, reading));
    found
}

fn day_of_month(reading: &Reading, quantity: &Quantity) -> Option<Impossible> {
    // `31 February` is read as a day; `31st of February` as a rank.
    if !matches!(quantity.sort, Sort::Day | Sort::Rank) {
        return None;
    }
    let (start, end) = (quantity.words.start, quantity.words.end);
    let named = |at: usize| {
        reading
            .words
            .get(at)
            .filter(|word| word.name)
            .and_then(|word| month(&word.lower))
    };
    let after = if reading
        .words
        .get(end)
        .is_some_and(|word| word.lower == "of")
    {
        end + 1
    } else {
        end
    };
    let (number, words) = match (named(after), start.checked_sub(1).and_then(named)) {
        (Some(number), _) => (number, start..after + 1),
        (None, Some(number)) => (number, start - 1..end),
        (None, None) => return None,
    };
    let year = reading.quantities.iter().find(|other| {
        other.sort == Sort::Year
            && other.words.start >= words.end
            && other.words.start <= words.end + 1
    });
    let leap = year.is_none_or(|year| {
        let multiple_of = |step: f64| year.value % step == 0.0;
        multiple_of(4.0) && (!multiple_of(100.0) || multiple_of(400.0))
    });
    let longest = match number {
        2 if leap => 29.0,
        2 => 28.0,
        4 | 6 | 9 | 11 => 30.0,
        _ => 31.0,
    };
    let words = words.start..year.map_or(words.end, |year| year.words.end);
    (quantity.value > longest).then(|| Impossible {
        name: "impossible_date",
        words,
        detail: format!("that month has {longest} days, not {}", quantity.value),
    })
}

fn year_after(reading: &Reading, stem: &str) -> Option<(usize, usize, f64)> {
    let at = reading.position_of(stem)?;
    let year = reading
        .quantities
        .iter()
        .find(|quantity| quantity.sort == Sort::Year && quantity.words.start > at)?;
    Some((at, year.words.start, year.value))
}

fn life(reading: &Reading) -> Option<Impossible> {
    let (born_at, birth_year, birth) = year_after(reading, "birth")?;
    let (died_at, death_year, death) = year_after(reading, "die")?;
    (death < birth && birth_year != death_year).then(|| Impossible {
        name: "died_before_born",
        words: born_at.min(died_at)..birth_year.max(death_year) + 1,
        detail: format!("born in {birth}, died in {death}"),
    })
}

fn period(text: &str, reading: &Reading) -> Option<Impossible> {
    reading.quantities.windows(2).find_map(|pair| {
        let [first, last] = pair else { return None };
        if first.sort != Sort::Year || last.sort != Sort::Year || last.value >= first.value {
            return None;
        }
        let (start, end) = (first.words.start, last.words.end - 1);
        let between = text[reading.words[start].bytes.end..reading.words[end].bytes.start].trim();
        let from = start
            .checked_sub(1)
            .is_some_and(|at| reading.words[at].lower == "from");
        let reversed = (from && matches!(between, "to" | "until" | "till"))
            || matches!(between, "–" | "-" | "—");
        reversed.then(|| Impossible {
            name: "ends_before_it_begins",
            words: start..end + 1,
            detail: format!("{} is before {}", last.value, first.value),
        })
    })
}
