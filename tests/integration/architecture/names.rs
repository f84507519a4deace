//! The words of the code: names that a newcomer would not grep do not come back.

use std::fs;

use super::{assert_none, code_of, name_of, rust_files};

/// Names that were private pictures; `docs/glossary.md` has the field's words for them.
const BANNED: &[&str] = &[
    "Patience",
    "Said",
    "Whence",
    "Arrival",
    "Presented",
    "Foundation",
    "Surroundings",
    "Guesser",
    "Lingering",
    "Shelf",
    "Shown",
    "Sure",
    "AttendedBody",
    "Standing",
    "refuse_alike",
    "BEAT",
    "FAREWELL",
];

/// Bounds are `MAX_` and `MIN_`.
const BANNED_BEGINNINGS: &[&str] = &["MOST_", "LONGEST_", "LARGEST_", "FEWEST_", "SHORTEST_"];

#[test]
fn banned_names_do_not_come_back() {
    let mut offences = Vec::new();
    for path in ["src", "crates"].into_iter().flat_map(rust_files) {
        let text = fs::read_to_string(&path).unwrap();
        for line in code_of(&text).lines() {
            let mut words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let is_banned = |word: &&str| {
                BANNED.contains(word)
                    || BANNED_BEGINNINGS
                        .iter()
                        .any(|beginning| word.starts_with(beginning))
            };
            if let Some(word) = words.find(is_banned) {
                offences.push(format!("{}: {word}", name_of(&path)));
            }
        }
    }
    assert_none("a name that says nothing to a newcomer", &offences);
}
