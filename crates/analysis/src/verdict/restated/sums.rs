//! What follows from what things cost, what a ban leaves out, and when something began and ended.

use super::Restatement;
use super::words::{Words, find};
use crate::statement::quantity::Unit;

/// All of them.
pub(super) fn sums(words: &Words<'_>) -> Vec<Restatement> {
    lasted(words)
        .into_iter()
        .chain(not_free(words))
        .chain(you_pay(words))
        .chain(no_but(words).unwrap_or_default())
        .collect()
}

/// `The meeting lasted 105 minutes` of `The meeting opened at 19:00 and closed at 20:45`.
fn lasted(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    let and = find(verb + 1..end, |at| words.is(at, "and"))?;
    let opens = words.is(verb, "opened began started") && words.is(verb + 1, "at");
    let closes = words.is(and + 1, "closed ended finished concluded") && words.is(and + 2, "at");
    let hour = |start: usize| {
        words
            .0
            .quantities
            .iter()
            .find(|hour| hour.tokens.start == start && hour.unit == Unit::Clock)
            .filter(|hour| hour.alternative.is_none())
    };
    let (from, to) = (hour(verb + 2)?, hour(and + 3)?);
    let ends = from.tokens.end == and && to.tokens.end == end && to.low > from.low;
    let minutes = to.low - from.low;
    (opens && closes && ends && words.is_noun_phrase(0..verb))
        .then(|| Restatement::part(format!("{} lasted {minutes} minutes.", words.text(0..verb))))
}

/// `Parking is not free` of `Parking costs 2 euros an hour`.
fn not_free(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    let after = words.money(verb + 1)?;
    let price = words
        .0
        .quantities
        .iter()
        .find(|price| price.tokens.start == verb + 1)?;
    let plain = words.is(verb, "costs cost")
        && price.low > 0.0
        && (after..end).all(|at| {
            !words.is(
                at,
                "for if unless except only after before from but on in at with without to",
            )
        });
    let is = if words.is(verb, "cost") { "are" } else { "is" };
    (plain && words.is_noun_phrase(0..verb))
        .then(|| Restatement::part(format!("{} {is} not free.", words.text(0..verb))))
}

/// `A lost key costs £9` of `You pay £9 for a lost key`.
fn you_pay(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let mut verb = 1;
    if words.is(verb, "must have") {
        verb += 1 + usize::from(words.is(verb + 1, "to"));
    }
    if !words.is(0, "you") || !words.is(verb, "pay") {
        return None;
    }
    let after = words.money(verb + 1)?;
    let thing = after + 1..end;
    (words.is(after, "for") && words.is_noun_phrase(thing.clone())).then(|| {
        let costs = if words.is_plural(thing.clone()) {
            "cost"
        } else {
            "costs"
        };
        Restatement::whole(format!(
            "{} {costs} {}.",
            words.leading(thing),
            words.text(verb + 1..after)
        ))
    })
}

/// `Guide dogs are allowed` of `No dogs, except guide dogs`.
fn no_but(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    if !words.is(0, "no") || words.verb(0..end).is_some() {
        return None;
    }
    let except = find(2..end, |at| words.is(at, "except excluding"))?;
    let start = except + 1 + usize::from(words.is(except + 1, "for"));
    let stop = if words.is(except - 1, ",") {
        except - 1
    } else {
        except
    };
    let plural = |range: std::ops::Range<usize>| {
        words.is_noun_phrase(range.clone()) && words.is_plural(range)
    };
    (plural(1..stop) && plural(start..end)).then(|| {
        let allowed = format!("{} are allowed.", words.leading(start..end));
        let banned = format!("{} are not allowed.", words.leading(1..stop));
        vec![Restatement::part(allowed), Restatement::part(banned)]
    })
}
