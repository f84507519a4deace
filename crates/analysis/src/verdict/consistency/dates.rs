//! Dates that cannot be: days the month does not have, weekdays that the date was not, deaths before births, periods that end
//! before they begin. It reads the text alone and asks no calendar but the one everybody shares.

use crate::statement::Sentence;
use crate::statement::time::{When, civil, impossible_days, wrong_weekdays};

use super::Impossible;

/// What in the sentence cannot be, by the calendar.
pub(super) fn impossible(reading: &Sentence) -> Vec<Impossible> {
    let mut found: Vec<Impossible> = impossible_days(&reading.tokens)
        .into_iter()
        .map(|(words, length)| Impossible {
            name: "impossible_date",
            words,
            detail: format!("that month has {length} days"),
        })
        .collect();
    found.extend(
        wrong_weekdays(&reading.tokens)
            .into_iter()
            .map(|(words, day)| Impossible {
                name: "weekday_differs",
                words,
                detail: format!("that day was a {day}"),
            }),
    );
    found.extend(life(reading));
    found.extend(period(reading));
    found
}

/// The first year named after a word with one of these stems, with the tokens of both.
fn year_after(reading: &Sentence, words: &[&str]) -> Option<(usize, usize, i64)> {
    let at = reading
        .tokens
        .iter()
        .position(|token| words.contains(&token.lower.as_str()))?;
    let time = reading.times.iter().find(|time| time.tokens.start > at)?;
    let (first, _) = time.span()?;
    Some((at, time.tokens.end, civil(first).0))
}

fn life(reading: &Sentence) -> Option<Impossible> {
    let (born_at, birth_end, birth) = year_after(reading, &["born", "birth"])?;
    let (died_at, death_end, death) = year_after(reading, &["died", "death", "dies", "killed"])?;
    (death < birth && birth_end != death_end).then(|| Impossible {
        name: "died_before_born",
        words: born_at.min(died_at)..birth_end.max(death_end),
        detail: format!("born in {birth}, died in {death}"),
    })
}

fn period(reading: &Sentence) -> Option<Impossible> {
    reading.times.windows(2).find_map(|pair| {
        let [first, last] = pair else { return None };
        let year = |when: &When| match when {
            When::Days(spans) if spans.len() == 1 => {
                spans.first().map(|(first, _)| civil(*first).0)
            }
            _ => None,
        };
        let (begins, ends) = (year(&first.when)?, year(&last.when)?);
        let from = reading.tokens[first.tokens.start].lower == "from";
        let between = &reading.tokens[first.tokens.end..last.tokens.end];
        let link = between.first().map_or("", |token| token.lower.as_str());
        let next_to_each_other = last.tokens.start <= first.tokens.end + 1;
        let reversed = ends < begins
            && next_to_each_other
            && ((from && matches!(link, "to" | "until" | "till"))
                || matches!(link, "–" | "-" | "—"));
        reversed.then(|| Impossible {
            name: "ends_before_it_begins",
            words: first.tokens.start..last.tokens.end,
            detail: format!("{ends} is before {begins}"),
        })
    })
}
