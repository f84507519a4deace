//! Values of a record that say how something is: denied, narrowed, a sentence of its own, or the days of the week.

use super::fit::Reading;
use super::words::quoted;
use super::{Cell, ReadRecord};
use crate::statement::time::{Agreement, When};
use crate::verdict::binding::{Bound, Ground, Outcome, Side};

/// `closed_on: Wednesday`: the days of the week that a column which the claim names gives.
pub(super) fn named_day(side: Side<'_>, record: &ReadRecord, reading: &Reading) -> Option<Bound> {
    let [time] = side.statement.times[..] else {
        return None;
    };
    let wanted = &side.sentence.times[time];
    let named = |at: &&usize| {
        let times = record.cells[**at].time.as_ref();
        times.is_some_and(|time| matches!(time.when, When::Weekdays(_)))
    };
    let mut targets = reading.targets.iter().filter(named);
    let (at, None) = (targets.next()?, targets.next()) else {
        return None;
    };
    let cell = &record.cells[*at];
    let same = match wanted.compare(cell.time.as_ref()?) {
        Agreement::Same => true,
        Agreement::Differs => false,
        Agreement::Open => return None,
    };
    let outcome = if same == side.statement.denied {
        Outcome::Refutes(Ground::Cell)
    } else {
        Outcome::Supports(Ground::Cell)
    };
    let detail = format!("the record gives: {} {}", cell.title, cell.text);
    (reading.named + reading.around > 0).then(|| quoted(outcome, detail, cell))
}

pub(super) fn has_word(side: Side<'_>, word: &str) -> bool {
    let mut tokens = side.sentence.tokens.iter();
    tokens.any(|token| token.lower.eq_ignore_ascii_case(word))
}

impl Cell {
    /// `not allowed`, `no pets`: a value that denies the rest of its words.
    pub(super) fn is_denied(&self) -> bool {
        const DENIALS: [&str; 5] = ["not", "no", "never", "none", "non"];
        self.words().any(|word| {
            DENIALS
                .iter()
                .any(|denial| word.eq_ignore_ascii_case(denial))
        })
    }

    /// The word by which the value says less than its other words: `without breakfast`, `only in summer`.
    pub(super) fn narrowed_by(&self) -> Option<&str> {
        const NARROWING: [&str; 9] = [
            "without",
            "except",
            "excluding",
            "only",
            "if",
            "unless",
            "until",
            "nearly",
            "almost",
        ];
        self.words().find(|word| {
            NARROWING
                .iter()
                .any(|other| word.eq_ignore_ascii_case(other))
        })
    }

    /// Whether the value is a sentence, whose words mean more than that they are there.
    pub(super) fn is_a_sentence(&self) -> bool {
        self.text.trim_end().ends_with('.') && self.text.split_whitespace().count() > 3
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.text
            .split(|letter: char| !letter.is_alphabetic())
            .filter(|word| !word.is_empty())
    }
}
