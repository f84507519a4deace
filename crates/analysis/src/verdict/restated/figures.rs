//! The figures of a firm: `Sales of Hollin Foods were £2,300 million in 2022` of `Hollin Foods made sales of £2,300 million and a
//! profit of £87 million in 2022`, and of `In 2022 sales at Hollin Foods came to £2,300 million`.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find, large_first, small_first};
use crate::statement::quantity::Unit;
use crate::statement::tags::Tag;

const FIGURES: &str = "sales revenue revenues turnover profit profits income earnings loss losses expenses costs debt debts surplus deficit \
    margin margins";
/// What a firm does with its figures.
const HAVING: &str =
    "made had has reported recorded posted achieved earned generated stated booked declared showed";
/// What figures do with an amount.
const AMOUNTING: &str = "reached hit totalled totaled";

/// All of them.
pub(super) fn figures(words: &Words<'_>) -> Vec<Restatement> {
    if let Some(found) = closed_with(words) {
        return found;
    }
    let Some(frame) = Frame::of(words) else {
        return Vec::new();
    };
    figures_of_a_firm(words, &frame)
        .or_else(|| amount_of_figures(words, &frame).map(|one| vec![one]))
        .unwrap_or_default()
}

/// A sentence without the time at its beginning or end.
struct Frame {
    said: Range<usize>,
    /// The time as it is written, after a space; empty where there is none.
    when: String,
}

impl Frame {
    fn of(words: &Words<'_>) -> Option<Self> {
        let end = words.end();
        let whole = 0..end;
        let times: Vec<Range<usize>> = words
            .0
            .times
            .iter()
            .map(|time| time.tokens.clone())
            .collect();
        match &times[..] {
            [] => Some(Self {
                said: whole,
                when: String::new(),
            }),
            [time] if time.end == end => Some(Self {
                said: 0..time.start,
                when: format!(" {}", within(words, time)),
            }),
            [time] if time.start <= 1 && time.end < end => {
                let comma = usize::from(words.is(time.end, ","));
                Some(Self {
                    said: time.end + comma..end,
                    when: format!(" {}", small_first(&within(words, &(0..time.end)))),
                })
            }
            _ => None,
        }
    }
}

/// A time as a figure's: `for the second half of 2022` is said as `in` it.
fn within(words: &Words<'_>, time: &Range<usize>) -> String {
    if words.is(time.start, "for") {
        format!("in {}", words.text(time.start + 1..time.end))
    } else {
        words.text(time.clone())
    }
}

/// The token after an amount of money or a percentage that begins at `at`.
fn amount(words: &Words<'_>, at: usize) -> Option<usize> {
    let mut amounts = words.0.quantities.iter();
    amounts
        .find(|one| one.tokens.start == at && matches!(one.unit, Unit::Money(_) | Unit::Percent))
        .map(|one| one.tokens.end)
}

/// `net operating profit`: the noun of a figure with the words before it that qualify it.
fn named_figure(words: &Words<'_>, noun: usize, from: usize) -> Range<usize> {
    let start = (from..noun)
        .rev()
        .take_while(|at| {
            // `adjusted operating margin`
            let participle = words.tag(*at) == Some(Tag::Verb)
                && (words.lower(*at).ends_with("ed") || words.lower(*at).ends_with("ing"));
            participle
                || matches!(words.tag(*at), Some(Tag::Noun | Tag::Adjective))
                || words.is(*at, "- gaap")
        })
        .last();
    start.unwrap_or(noun)..noun + 1
}

fn said_of(
    words: &Words<'_>,
    figure: Range<usize>,
    whose: &str,
    amount: Range<usize>,
    when: &str,
) -> String {
    let were = if words.is_plural(figure.clone()) {
        "were"
    } else {
        "was"
    };
    format!(
        "{} of {whose} {were} {}{when}.",
        large_first(&words.text(figure)),
        words.text(amount)
    )
}

/// `Hollin Foods closed 2022 with sales of £2,300 million and a profit of £87 million`.
fn closed_with(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = find(0..words.end(), |at| words.is(at, ";")).unwrap_or(words.end());
    let verb = words.verb(0..end)?;
    let time = words
        .0
        .times
        .iter()
        .find(|time| time.tokens.start == verb + 1)?;
    let with = time.tokens.end;
    let closed = words.is(verb, "closed ended finished") && words.is(with, "with");
    if !closed || !words.is_noun_phrase(0..verb) {
        return None;
    }
    let when = format!(" in {}", words.text(time.tokens.clone()));
    listed(words, with + 1..end, &words.within(0..verb), &when)
}

/// `Hollin Foods made sales of £2,300 million and earned a profit of £87 million`.
fn figures_of_a_firm(words: &Words<'_>, frame: &Frame) -> Option<Vec<Restatement>> {
    let Range { start, end } = frame.said;
    let verb = words.verb(start..end)?;
    if !words.is(verb, HAVING) || !words.is_noun_phrase(start..verb) {
        return None;
    }
    let whose = words.text(start..verb);
    let whose = if start == 0 {
        words.within(0..verb)
    } else {
        whose
    };
    listed(words, verb + 1..end, &whose, &frame.when)
}

/// `sales of £2,300 million and earned a profit of £87 million`: each figure with its amount.
fn listed(
    words: &Words<'_>,
    list: Range<usize>,
    whose: &str,
    when: &str,
) -> Option<Vec<Restatement>> {
    let Range { start, end } = list;
    let mut found = Vec::new();
    let mut at = start;
    while at < end {
        let noun = find(at..end, |noun| words.is(noun, FIGURES))?;
        // `earnings per share of $1.02`
        let last = noun + if words.is(noun + 1, "per") { 2 } else { 0 };
        let of = last + 1;
        let stop = words.is(of, "of").then(|| amount(words, of + 1))??;
        let figure = named_figure(words, noun, at).start..last + 1;
        // Only an article may come between the verb and the figure.
        let between = (at..figure.start).all(|at| words.is(at, "a an the its"));
        if !between {
            return None;
        }
        found.push(said_of(words, figure, whose, of + 1..stop, when));
        at = stop;
        while at < end && words.is(at, ", and") {
            at += 1;
        }
        if words.is(at, HAVING) {
            at += 1;
        }
    }
    let whole = found.len() == 1;
    let restated = found.into_iter().map(|text| {
        if whole {
            Restatement::whole(text)
        } else {
            Restatement::part(text)
        }
    });
    Some(restated.collect())
}

/// `Sales at Hollin Foods came to £2,300 million`.
fn amount_of_figures(words: &Words<'_>, frame: &Frame) -> Option<Restatement> {
    let Range { start, end } = frame.said;
    let noun = find(start..end, |at| words.is(at, FIGURES))?;
    let figure = named_figure(words, noun, start);
    let opens = figure.start == start || figure.start == start + 1 && words.is(start, "the");
    if !opens || !words.is(noun + 1, "at of in") {
        return None;
    }
    let comma = find(noun + 2..end, |at| words.is(at, ","));
    let verb = words.verb(noun + 2..comma.unwrap_or(end)).or_else(|| {
        // `sales at Hollin Foods, a family firm, reached £2,300 million`
        let again = find(comma? + 1..end, |at| words.is(at, ","))?;
        let aside = comma? + 1..again;
        (words.verb(aside.clone()).is_none() && words.verb(again + 1..end) == Some(again + 1))
            .then_some(again + 1)
    })?;
    let of_whom = noun + 2..comma.filter(|comma| *comma < verb).unwrap_or(verb);
    let after = if words.is(verb, AMOUNTING) || words.is(verb, "was were is are") {
        verb + 1
    } else if words.is(verb, "came amounted ran") && words.is(verb + 1, "to")
        || words.is(verb, "stood") && words.is(verb + 1, "at")
    {
        verb + 2
    } else {
        return None;
    };
    let stop = amount(words, after)?;
    let plain = stop == end && words.is_noun_phrase(of_whom.clone());
    plain.then(|| {
        Restatement::whole(said_of(
            words,
            figure,
            &words.text(of_whom),
            after..stop,
            &frame.when,
        ))
    })
}
