//! What two places of a word in a statement have to do with each other.

use crate::statement::Place;

/// Words for a stretch of time: where they stand says nothing of who does what.
pub(super) fn is_period(lower: &str) -> bool {
    matches!(
        lower,
        "year"
            | "years"
            | "month"
            | "months"
            | "week"
            | "weeks"
            | "day"
            | "days"
            | "season"
            | "quarter"
            | "night"
            | "morning"
            | "evening"
            | "afternoon"
            | "summer"
            | "winter"
            | "spring"
            | "autumn"
            | "time"
    )
}

/// A place that one side of an exchange takes.
pub(super) fn is_side(place: &Place) -> bool {
    matches!(
        place,
        Place::Subject | Place::Object | Place::After("from" | "to" | "by")
    )
}

/// Prepositions of which one denies the other.
pub(super) fn excludes(one: &Place, other: &Place) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("before", "after"),
        ("above", "below"),
        ("for", "against"),
        ("with", "without"),
        ("in", "outside"),
    ];
    let (Place::After(one), Place::After(other)) = (one, other) else {
        return false;
    };
    PAIRS
        .iter()
        .any(|(first, second)| (first, second) == (one, other) || (second, first) == (one, other))
}

/// Particles of which one turns a verb round: `went up` and `went down`, `moved in` and `moved out`.
pub(super) fn turns_round(one: &str, other: &str) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("up", "down"),
        ("on", "off"),
        ("in", "out"),
        ("into", "out"),
        ("onto", "off"),
        ("forward", "back"),
        ("forwards", "backwards"),
        ("towards", "away"),
    ];
    PAIRS.iter().any(|(first, second)| {
        (first, second) == (&one, &other) || (second, first) == (&one, &other)
    })
}
