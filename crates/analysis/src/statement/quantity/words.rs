//! Numbers, fractions, multiples and bounds in words.

/// Cardinal numbers below a hundred.
const CARDINALS: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
    seventeen eighteen nineteen";
const TENS: &str = "twenty thirty forty fifty sixty seventy eighty ninety";
const ORDINALS: &str = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth \
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth";

fn place(list: &str, word: &str) -> Option<u32> {
    let at = list.split_whitespace().position(|one| one == word)?;
    u32::try_from(at).ok()
}

/// `seven`, `seventy`: the value of a word below a hundred.
pub fn cardinal(word: &str) -> Option<f64> {
    place(CARDINALS, word)
        .or_else(|| place(TENS, word).map(|at| 20 + 10 * at))
        .map(f64::from)
}

/// Whether the word is one of the tens, which take a unit after them: `sixty-seven`.
pub fn is_tens(word: &str) -> bool {
    place(TENS, word).is_some()
}

/// `third`, `twentieth`, `thirtieth`.
pub fn ordinal(word: &str) -> Option<f64> {
    place(ORDINALS, word)
        .or(match word {
            "thirtieth" => Some(30),
            "fortieth" => Some(40),
            "fiftieth" => Some(50),
            "hundredth" => Some(100),
            "inaugural" => Some(1),
            _ => None,
        })
        .map(f64::from)
}

/// The part of a whole: `half`, `thirds`, `quarter`.
pub fn fraction(word: &str) -> Option<f64> {
    Some(match word {
        "half" | "halves" | "halved" => 0.5,
        "third" | "thirds" => 1.0 / 3.0,
        "quarter" | "quarters" => 0.25,
        "fifth" | "fifths" => 0.2,
        "sixth" | "sixths" => 1.0 / 6.0,
        "seventh" | "sevenths" => 1.0 / 7.0,
        "eighth" | "eighths" => 0.125,
        "ninth" | "ninths" => 1.0 / 9.0,
        "tenth" | "tenths" => 0.1,
        "½" => 0.5,
        "¼" => 0.25,
        "¾" => 0.75,
        "⅓" => 1.0 / 3.0,
        "⅔" => 2.0 / 3.0,
        _ => return None,
    })
}

/// `hundred`, `million`, `bn`; `glued` where it stands at the figure itself (`30k`).
pub fn scale(lower: &str, glued: bool, capital: bool, is_money: bool) -> Option<f64> {
    Some(match lower {
        "hundred" => 1e2,
        "thousand" => 1e3,
        "million" | "millions" | "mn" | "mln" | "mio" => 1e6,
        "billion" | "billions" | "bn" => 1e9,
        "trillion" | "trillions" | "tn" => 1e12,
        "lakh" => 1e5,
        "crore" => 1e7,
        "k" if glued => 1e3,
        "m" if glued && (is_money || capital) => 1e6,
        "m" if is_money => 1e6,
        "b" if glued && is_money => 1e9,
        _ => return None,
    })
}

/// `dozen`, `score`: how many it stands for.
pub fn collective(word: &str) -> Option<f64> {
    match word {
        "dozen" | "dozens" => Some(12.0),
        _ => None,
    }
}

/// A quantifier as the least and greatest share of a whole, in percent.
pub fn quantifier(word: &str) -> Option<(f64, f64)> {
    match word {
        "all" | "every" | "each" | "both" | "everyone" | "everybody" => Some((100.0, 100.0)),
        "none" => Some((0.0, 0.0)),
        "most" => Some((50.01, 100.0)),
        "some" => Some((0.01, 100.0)),
        "few" => Some((0.01, 49.99)),
        _ => None,
    }
}
