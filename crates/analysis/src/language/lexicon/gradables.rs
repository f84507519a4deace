//! Adjectives that have degrees: the two ends of each scale, and the words for more and most of each.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Scales, each with its two ends: words of one end say the same in a comparison, words of the other the opposite.
const SCALES: &str = "long,lengthy/short,brief tall/short high,tall/low deep/shallow wide,broad/narrow thick/thin large,big,great/small,little \
    heavy/light strong/weak fast,quick,rapid,swift,speedy/slow hot/cold warm,mild/cool,chilly,cold wet,damp,moist,rainy/dry,sunny old,ancient/young old,ancient/new,recent,modern \
    expensive,dear,costly,pricey/cheap,inexpensive bright/dim,dark loud,noisy/quiet,silent clean/dirty full/empty rich,wealthy/poor \
    hard,difficult,tough/easy,simple hard/soft smooth/rough sharp/blunt tight/loose steep/gentle,flat near,close/far,distant early/late \
    safe/dangerous,risky,unsafe common,frequent/rare popular/unpopular busy,crowded/quiet healthy/sick,ill good/bad sweet/sour,bitter \
    fresh/stale strict/lax,lenient simple/complex,complicated polite/rude generous/mean happy/sad,unhappy calm/rough sunny/cloudy tidy/messy \
    fertile/barren efficient/inefficient reliable/unreliable comfortable/uncomfortable powerful/weak spacious,roomy/cramped accurate/inaccurate \
    numerous/few useful/useless severe/mild important/unimportant";

const IRREGULAR: &[(&str, &str, Degree)] = &[
    ("better", "good", Degree::More),
    ("best", "good", Degree::Most),
    ("worse", "bad", Degree::More),
    ("worst", "bad", Degree::Most),
    ("further", "far", Degree::More),
    ("farther", "far", Degree::More),
    ("furthest", "far", Degree::Most),
    ("farthest", "far", Degree::Most),
    ("elder", "old", Degree::More),
    ("eldest", "old", Degree::Most),
    ("pricier", "pricey", Degree::More),
    ("priciest", "pricey", Degree::Most),
];

/// How much of it a form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Degree {
    /// `long`
    Plain,
    /// `longer`
    More,
    /// `longest`
    Most,
}

/// An end of a scale: which scale, and which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    scale: usize,
    upper: bool,
}

impl End {
    /// The other end of the same scale: `short` for `long`.
    #[must_use]
    pub fn other(self) -> Self {
        Self {
            upper: !self.upper,
            ..self
        }
    }
}

static WORDS: LazyLock<HashMap<String, (Vec<End>, Degree)>> = LazyLock::new(|| {
    let mut found: HashMap<String, (Vec<End>, Degree)> = HashMap::new();
    for (scale, entry) in SCALES.split_whitespace().enumerate() {
        let Some((upper, lower)) = entry.split_once('/') else {
            continue;
        };
        for (words, upper) in [(upper, true), (lower, false)] {
            for word in words.split(',') {
                let irregular = IRREGULAR
                    .iter()
                    .filter(|(_, base, _)| *base == word)
                    .map(|(form, _, degree)| ((*form).to_owned(), *degree));
                let regular = [
                    (word.to_owned(), Degree::Plain),
                    (inflected(word, "er"), Degree::More),
                    (inflected(word, "est"), Degree::Most),
                ];
                for (form, degree) in regular.into_iter().chain(irregular) {
                    let end = End { scale, upper };
                    found
                        .entry(form)
                        .or_insert_with(|| (Vec::new(), degree))
                        .0
                        .push(end);
                }
            }
        }
    }
    found
});

/// `bigger`, `heavier`, `larger`, `longer`.
fn inflected(word: &str, ending: &str) -> String {
    let letters = word.as_bytes();
    let vowel = |at: usize| matches!(letters.get(at), Some(b'a' | b'e' | b'i' | b'o' | b'u'));
    let last = letters.len() - 1;
    if let Some(stem) = word.strip_suffix('e') {
        return format!("{stem}{ending}");
    }
    if let Some(stem) = word.strip_suffix('y').filter(|_| !vowel(last - 1)) {
        return format!("{stem}i{ending}");
    }
    // One vowel before one consonant, in a word of one syllable.
    let doubles = last >= 2
        && !vowel(last)
        && vowel(last - 1)
        && !vowel(last - 2)
        && !matches!(letters[last], b'w' | b'x')
        && word.len() <= 4;
    if doubles {
        return format!("{word}{}{ending}", char::from(letters[last]));
    }
    format!("{word}{ending}")
}

/// The ends of scales that a word names, and how much of it.
pub fn degree(lower: &str) -> Option<(&'static [End], Degree)> {
    WORDS
        .get(lower)
        .map(|(ends, degree)| (ends.as_slice(), *degree))
}

/// Whether two words of one degree lie on the same end of a scale (`true`) or on its two ends (`false`).
pub fn same_end(one: &str, other: &str) -> Option<bool> {
    let ((ends, degree), (others, other_degree)) = (self::degree(one)?, self::degree(other)?);
    if degree != other_degree {
        return None;
    }
    if ends.iter().any(|end| others.contains(end)) {
        return Some(true);
    }
    ends.iter()
        .any(|end| others.contains(&end.other()))
        .then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_an_adjective_are_known() {
        for (form, of) in [
            ("bigger", Degree::More),
            ("heaviest", Degree::Most),
            ("larger", Degree::More),
            ("steeper", Degree::More),
            ("better", Degree::More),
            ("drier", Degree::More),
            ("newest", Degree::Most),
        ] {
            assert_eq!(degree(form).map(|found| found.1), Some(of), "{form}");
        }
    }

    #[test]
    fn ends_of_one_scale_are_opposite() {
        assert_eq!(same_end("dearer", "cheaper"), Some(false));
        assert_eq!(same_end("pricier", "costlier"), Some(true));
        assert_eq!(same_end("damp", "dry"), Some(false));
        assert_eq!(same_end("longer", "short"), None);
        assert_eq!(same_end("longer", "cheaper"), None);
    }
}
