//! What a sentence says in other words, written out as sentences of their own: `Both A and B`, `the lid is not`, `No smoking`.
//! Each is bound like any other statement of its passage. A form is read only where the whole sentence has it; what is left out
//! of the new sentence never narrows what is left in.

mod asides;
mod duties;
mod exceptions;
mod exchanges;
mod figures;
mod forms;
mod gaps;
mod holdings;
mod hours;
mod lists;
mod neither;
mod parts;
mod persons;
mod pronouns;
mod respective;
mod shares;
mod successions;
mod sums;
mod withdrawals;
mod words;

use crate::statement::Sentence;

pub(super) use hours::hours_of_row;
use words::Words;

/// A sentence that another one implies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Restatement {
    pub(super) text: String,
    /// Whether it says all that the sentence says, so that a claim may be read as it.
    pub(super) whole: bool,
    /// Whether it bears out only what is so now: `the onions are fried` of the order `fry the onions`.
    pub(super) present: bool,
}

impl Restatement {
    /// The words of `text` with one space between them: parts of a sentence may be empty.
    fn part(text: impl AsRef<str>) -> Self {
        let words: Vec<&str> = text.as_ref().split_whitespace().collect();
        Self {
            text: words.join(" ").replace(" .", "."),
            whole: false,
            present: false,
        }
    }

    fn whole(text: impl AsRef<str>) -> Self {
        Self {
            whole: true,
            ..Self::part(text)
        }
    }
}

/// What a sentence says in other words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Restated {
    pub(super) sentences: Vec<Restatement>,
    /// Whether these stand for all of the sentence, whose own reading would mix what belongs to different things.
    pub(super) instead: bool,
}

/// The most sentences that one is written out as.
const MAX_SENTENCES: usize = 24;
/// The longest sentence that is looked at, in tokens.
const MAX_TOKENS: usize = 80;

/// Restates a sentence.
pub(super) fn restated(sentence: &Sentence) -> Restated {
    let mut found = Restated::default();
    if sentence.is_question || sentence.tokens.len() > MAX_TOKENS {
        return found;
    }
    let words = Words(sentence);
    if let Some(instead) = hours::hours(&words)
        .or_else(|| neither::neither(&words))
        .or_else(|| gaps::gaps(&words))
        .or_else(|| respective::respective(&words))
        .or_else(|| respective::clauses_apart(&words))
        .or_else(|| holdings::year_by_year(&words))
        .or_else(|| shares::only_some(&words))
    {
        found.instead = true;
        found.sentences.extend(instead);
    }
    for form in [
        exceptions::exceptions,
        duties::duties,
        duties::orders,
        lists::included,
        lists::prices,
        lists::price_list,
        figures::figures,
        persons::offices,
        forms::forms,
        asides::but_not,
        asides::attendance,
        asides::inverted,
        exchanges::exchanges,
        exchanges::brackets,
        holdings::holdings,
        shares::shares,
        pronouns::pronouns,
        withdrawals::withdrawals,
        successions::successions,
        parts::of_which,
        parts::labels,
        parts::but_no,
        parts::free_of,
        parts::none_of_them,
        parts::included_in_the_price,
        parts::sold_separately,
        sums::sums,
    ] {
        found.sentences.extend(form(&words));
    }
    found.sentences.truncate(MAX_SENTENCES);
    found
}

#[cfg(test)]
mod tests;
