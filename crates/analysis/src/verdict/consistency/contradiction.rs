//! Two sentences that cannot both be true: the same words, and one year, number, denial or opposite that differs.
//! Narrow on purpose: a second difference makes them two statements about two things.

use crate::language::quantities::{Bound, Sort};
use crate::language::share;
use crate::verdict::alignment::{Alignment, Fate, Found, weight};
use crate::verdict::reading::Reading;

/// How much of either sentence, by weight, may be missing in the other.
const MISSING: f64 = 0.25;

/// The check's name and what was compared, where the two sentences contradict each other.
pub fn contradiction(
    one: (&str, &Reading),
    other: (&str, &Reading),
) -> Option<(&'static str, String)> {
    let nothing = Reading::new("");
    let there = Alignment::new(one.1, other.1, &nothing);
    let back = Alignment::new(other.1, one.1, &nothing);
    let opposites = there.opposites();
    let (clash_one, clash_other) = match opposites.as_slice() {
        [] => (None, None),
        [(at, given)] => (Some(*at), Some(*given)),
        _ => return None,
    };
    if missing(&there, clash_one) > MISSING
        || missing(&back, clash_other) > MISSING
        || lacks_a_name(&there)
        || lacks_a_name(&back)
    {
        return None;
    }
    let others: Vec<(usize, usize)> = there
        .fates
        .iter()
        .enumerate()
        .filter_map(|(index, fate)| match fate {
            Fate::Other(given) => Some((index, *given)),
            Fate::Same(_) | Fate::Around | Fate::Absent => None,
        })
        .collect();
    let unsettled = there
        .fates
        .iter()
        .chain(&back.fates)
        .any(|fate| *fate == Fate::Absent);
    let denied =
        there.claim.denies() != there.passage.denies() && !there.denied_differently().is_empty();
    let quoted = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let against = format!("“{}”", quoted(other.0));
    match (others.as_slice(), clash_one, denied) {
        ([(index, given)], None, false) if !unsettled => {
            let (wanted, told) = (&one.1.quantities[*index], &other.1.quantities[*given]);
            if wanted.bound != Bound::Exact || told.bound != Bound::Exact {
                return None;
            }
            let name = if wanted.sort == Sort::Year {
                "year_differs"
            } else {
                "number_differs"
            };
            let written = |text: &str, reading: &Reading, words: &std::ops::Range<usize>| {
                text[reading.words[words.start].bytes.start..reading.words[words.end - 1].bytes.end]
                    .to_owned()
            };
            let detail = format!(
                "here {}, but {} in {against}",
                written(one.0, one.1, &wanted.words),
                written(other.0, other.1, &told.words)
            );
            Some((name, detail))
        }
        ([], Some(at), false) if !unsettled => {
            let (here, there) = (&one.1.words[at], &other.1.words[clash_other?]);
            let detail = format!(
                "here “{}”, but “{}” in {against}",
                &one.0[here.bytes.clone()],
                &other.0[there.bytes.clone()]
            );
            Some(("antonym", detail))
        }
        ([], None, true) if !unsettled => Some((
            "negation_differs",
            format!("one says so, the other denies it: {against}"),
        )),
        _ => None,
    }
}

fn missing(alignment: &Alignment<'_>, except: Option<usize>) -> f64 {
    let (mut all, mut gone) = (0.0, 0.0);
    for (at, word) in alignment
        .claim
        .content()
        .filter(|(at, _)| Some(*at) != except)
    {
        all += weight(word);
        if alignment.found[at] == Found::Missing {
            gone += weight(word);
        }
    }
    // Nothing but the clash in common: no subject that both are about.
    if all == 0.0 { 1.0 } else { share(gone, all) }
}

fn lacks_a_name(alignment: &Alignment<'_>) -> bool {
    alignment
        .claim
        .content()
        .any(|(at, word)| word.name && alignment.found[at] == Found::Missing)
}
