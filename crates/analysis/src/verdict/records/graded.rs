//! Adjectives that grade a column: `heavier`, `the oldest`, `cheaper`, and which way the more of it goes.

use super::claim::Claim;
use super::table::Table;

/// Comparative and superlative, which way the most of it goes, and the columns' words.
const GRADED: &[(&str, &str, f64, &[&str])] = &[
    ("heavier", "heaviest", 1.0, WEIGHTS),
    ("lighter", "lightest", -1.0, WEIGHTS),
    ("taller", "tallest", 1.0, &["height"]),
    ("longer", "longest", 1.0, &["length"]),
    ("shorter", "shortest", -1.0, &["length"]),
    ("wider", "widest", 1.0, &["width"]),
    ("narrower", "narrowest", -1.0, &["width"]),
    ("deeper", "deepest", 1.0, &["depth"]),
    ("shallower", "shallowest", -1.0, &["depth"]),
    ("faster", "fastest", 1.0, &["speed"]),
    ("slower", "slowest", -1.0, &["speed"]),
    ("warmer", "warmest", 1.0, &["temperature"]),
    ("hotter", "hottest", 1.0, &["temperature"]),
    ("colder", "coldest", -1.0, &["temperature"]),
    ("cooler", "coolest", -1.0, &["temperature"]),
    ("wetter", "wettest", 1.0, &["rainfall", "precipitation"]),
    ("drier", "driest", -1.0, &["rainfall", "precipitation"]),
    ("sunnier", "sunniest", 1.0, &["sunshine"]),
    ("steeper", "steepest", 1.0, &["slope", "gradient"]),
    ("older", "oldest", -1.0, BEGINNINGS),
    ("newer", "newest", 1.0, BEGINNINGS),
    ("younger", "youngest", 1.0, BEGINNINGS),
    ("cheaper", "cheapest", -1.0, PRICES),
    ("dearer", "dearest", 1.0, PRICES),
    ("costlier", "costliest", 1.0, PRICES),
    ("pricier", "priciest", 1.0, PRICES),
];
const WEIGHTS: &[&str] = &["weight", "mass"];
/// Columns of the year in which a thing began.
const BEGINNINGS: &[&str] = &[
    "opened",
    "founded",
    "built",
    "established",
    "born",
    "constructed",
    "erected",
    "completed",
];
/// What prices are called.
const PRICES: &[&str] = &["price", "cost", "fee", "fare", "rent"];

/// What an adjective grades.
#[derive(Debug, Clone)]
pub(super) struct Graded {
    pub(super) sign: f64,
    /// How many words it takes.
    pub(super) words: usize,
    /// The words of the columns that it grades; none where the claim names the column itself.
    pub(super) columns: &'static [&'static str],
}

impl Graded {
    /// Of the column that the claim names.
    pub(super) fn of_named(sign: f64) -> Self {
        Self {
            sign,
            words: 1,
            columns: &[],
        }
    }

    /// Whether the column is one that the adjective grades.
    pub(super) fn grades(&self, table: &Table<'_>, column: usize) -> bool {
        let column = &table.columns[column];
        let title = column.title.to_lowercase();
        column.depth == 0
            && title
                .split(|letter: char| !letter.is_alphabetic())
                .any(|word| self.columns.contains(&word))
    }
}

/// `more expensive`, `least expensive`: by the columns of prices.
fn of_price(word: &str, more: &str, less: &str) -> Option<Graded> {
    let sign = match word {
        word if word == more => 1.0,
        word if word == less => -1.0,
        _ => return None,
    };
    Some(Graded {
        sign,
        words: 2,
        columns: PRICES,
    })
}

/// The comparative at this token.
pub(super) fn comparative(claim: &Claim<'_>, at: usize) -> Option<Graded> {
    if !claim.is_free(at) {
        return None;
    }
    if claim.lower(at + 1) == "expensive" {
        return of_price(claim.lower(at), "more", "less");
    }
    match claim.lower(at) {
        "more" | "higher" | "larger" | "greater" | "bigger" => Some(Graded::of_named(1.0)),
        "fewer" | "less" | "lower" | "smaller" => Some(Graded::of_named(-1.0)),
        other => {
            let (.., sign, columns) = GRADED.iter().find(|(word, ..)| *word == other)?;
            Some(Graded {
                sign: *sign,
                words: 1,
                columns,
            })
        }
    }
}

/// The superlative at this token.
pub(super) fn superlative(claim: &Claim<'_>, at: usize) -> Option<Graded> {
    if claim.lower(at + 1) == "expensive" {
        return of_price(claim.lower(at), "most", "least");
    }
    match claim.lower(at) {
        "most" | "highest" | "largest" | "biggest" | "greatest" => Some(Graded::of_named(1.0)),
        "fewest" | "least" | "lowest" | "smallest" => Some(Graded::of_named(-1.0)),
        other => {
            let (.., sign, columns) = GRADED.iter().find(|(_, word, ..)| *word == other)?;
            Some(Graded {
                sign: *sign,
                words: 1,
                columns,
            })
        }
    }
}
