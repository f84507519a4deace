//! Raised and lowered pieces in plain text: `410[1] people` for a footnote's mark, `10⁶` and `m²` for an exponent, `CO₂` for
//! an index. A raised digit never joins the number beside it.

/// Units that carry an exponent.
const UNITS: &[&str] = &[
    "m", "km", "cm", "mm", "dm", "µm", "μm", "nm", "hm", "in", "ft", "yd", "mi", "s", "h", "kg",
    "g", "mol", "K", "Hz", "A", "V", "W", "J", "N", "Pa", "L", "l", "c", "r", "R", "x", "y", "z",
    "a", "b", "n", "p", "q", "t", "v", "d", "mc", "χ", "σ", "π", "E", "e", "sec", "min", "person",
    "day",
];

/// Appends a raised piece to what stands before it; `after` follows it.
pub fn raised(text: &mut String, piece: &str, after: &str) {
    if is_exponent(text, piece, after) {
        text.extend(
            piece
                .chars()
                .map(|character| superscript(character).unwrap_or(character)),
        );
        return;
    }
    let is_list = piece
        .chars()
        .all(|character| character.is_ascii_digit() || matches!(character, ',' | '-' | '–' | ';'));
    let is_letter = piece.chars().count() == 1
        && piece
            .chars()
            .all(|character| character.is_ascii_lowercase())
        && !text
            .ends_with(|before: char| before.is_ascii_digit() && matches!(piece, "e" | "a" | "o"));
    if (is_list && piece.chars().any(|character| character.is_ascii_digit()) || is_letter)
        && !after.starts_with(']')
    {
        text.push('[');
        text.push_str(piece);
        text.push(']');
    } else {
        text.push_str(piece);
    }
}

/// What an index stands at in the formulas of everyday texts.
const FORMULAS: &[&str] = &[
    "C", "CO", "CaCO", "CH", "H", "HCO", "HNO", "N", "NH", "NO", "O", "PM", "PO", "SO", "SiO",
    "TiO",
];

/// Appends figures that their font raises or lowers, without a word about which of the two.
pub fn small(text: &mut String, piece: &str, after: &str) {
    let word = text
        .rsplit(|character: char| !character.is_alphabetic())
        .next()
        .unwrap_or_default();
    if FORMULAS.contains(&word) {
        lowered(text, piece);
        return;
    }
    let sign = text.chars().last().filter(|last| "-−–".contains(*last));
    let is_signed = sign.is_some_and(|sign| {
        let before = text.trim_end_matches(sign);
        let word = before.rsplit(|character: char| !character.is_alphanumeric());
        word.take(1)
            .any(|word| word == "10" || UNITS.contains(&word))
    });
    match sign {
        Some(sign) if is_signed => {
            text.pop();
            raised(text, &format!("{sign}{piece}"), after);
        }
        _ => raised(text, piece, after),
    }
}

/// Appends a lowered piece.
pub fn lowered(text: &mut String, piece: &str) {
    let count = piece.chars().count();
    for character in piece.chars() {
        let index = if count == 1 || character.is_ascii_digit() || "+-−()=".contains(character) {
            subscript(character)
        } else {
            None
        };
        text.push(index.unwrap_or(character));
    }
}

fn is_exponent(before: &str, piece: &str, after: &str) -> bool {
    if !piece
        .chars()
        .all(|character| superscript(character).is_some())
        || !piece
            .chars()
            .any(|character| character.is_ascii_digit() || "+-−n".contains(character))
    {
        return false;
    }
    let is_signed = piece.starts_with(['-', '−', '+']) || piece.ends_with(['+', '-', '−']);
    let digits = piece.trim_matches(['-', '−', '+', '–']);
    // The word or number that it stands at, without what it is multiplied or divided by.
    let word = before
        .rsplit(|character: char| !character.is_alphanumeric() && !is_index(character))
        .next()
        .unwrap_or_default();
    if word.is_empty() {
        return before.ends_with([')', ']']) && digits.len() == 1 && has_operator(before);
    }
    if word.chars().all(|character| character.is_ascii_digit()) {
        let is_power_of_ten = word == "10" && digits != "1";
        let is_factor = before
            .strip_suffix(word)
            .is_some_and(|rest| rest.trim_end().ends_with(['×', '·', '⋅', '∙', '*', '^']));
        let is_equation = after.trim_start().starts_with(['=', '×', '·']) && word.len() <= 2;
        return is_power_of_ten && !before.ends_with(".10") && !before.ends_with(",10")
            || is_factor && word == "10"
            || is_equation
            || is_signed && word == "10";
    }
    if word.chars().any(is_index) {
        // The charge of an ion.
        return true;
    }
    let unit = word.trim_start_matches(|character: char| character.is_ascii_digit());
    let is_small = digits.len() <= 1;
    is_signed && unit.len() <= 4 || is_small && (UNITS.contains(&unit) || digits == "n")
}

fn has_operator(before: &str) -> bool {
    let inside = before.rsplit(['(', '[']).next().unwrap_or_default();
    inside.chars().count() < 30 && inside.contains(['+', '−', '-', '×', '·', '/', '='])
}

fn is_index(character: char) -> bool {
    matches!(character, '₀'..='₉')
}

fn superscript(character: char) -> Option<char> {
    Some(match character {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '+' => '⁺',
        '-' | '−' | '–' => '⁻',
        '=' => '⁼',
        '(' => '⁽',
        ')' => '⁾',
        'n' => 'ⁿ',
        _ => return None,
    })
}

fn subscript(character: char) -> Option<char> {
    Some(match character {
        '0' => '₀',
        '1' => '₁',
        '2' => '₂',
        '3' => '₃',
        '4' => '₄',
        '5' => '₅',
        '6' => '₆',
        '7' => '₇',
        '8' => '₈',
        '9' => '₉',
        '+' => '₊',
        '-' | '−' | '–' => '₋',
        '=' => '₌',
        '(' => '₍',
        ')' => '₎',
        'a' => 'ₐ',
        'e' => 'ₑ',
        'h' => 'ₕ',
        'i' => 'ᵢ',
        'j' => 'ⱼ',
        'k' => 'ₖ',
        'l' => 'ₗ',
        'm' => 'ₘ',
        'n' => 'ₙ',
        'o' => 'ₒ',
        'p' => 'ₚ',
        'r' => 'ᵣ',
        's' => 'ₛ',
        't' => 'ₜ',
        'u' => 'ᵤ',
        'v' => 'ᵥ',
        'x' => 'ₓ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_raised(before: &str, piece: &str, after: &str) -> String {
        let mut text = before.to_owned();
        raised(&mut text, piece, after);
        text + after
    }

    #[test]
    fn footnote_marks_never_join_a_number() {
        for (before, piece, after, right) in [
            ("410", "1", " people", "410[1] people"),
            ("4,312", "2", "", "4,312[2]"),
            ("in 2010", "3", " and", "in 2010[3] and"),
            ("the mill", "12", ".", "the mill[12]."),
            ("costs.", "1,2", "", "costs.[1,2]"),
            ("3.10", "4", "", "3.10[4]"),
            ("wages", "a", "", "wages[a]"),
            ("20", "th", " century", "20th century"),
        ] {
            assert_eq!(with_raised(before, piece, after), right);
        }
    }

    #[test]
    fn exponents_stay_exponents() {
        for (before, piece, after, right) in [
            ("10", "6", " cells", "10⁶ cells"),
            ("6.02 × 10", "23", "", "6.02 × 10²³"),
            ("12 m", "2", " of land", "12 m² of land"),
            ("40 km", "2", "", "40 km²"),
            ("9.81 m s", "−2", "", "9.81 m s⁻²"),
            ("kg/m", "3", "", "kg/m³"),
            ("E = mc", "2", "", "E = mc²"),
            ("(a + b)", "2", "", "(a + b)²"),
            ("SO₄", "2−", "", "SO₄²⁻"),
        ] {
            assert_eq!(with_raised(before, piece, after), right);
        }
    }

    #[test]
    fn indices_stay_with_their_letter() {
        for (before, piece, right) in [("CO", "2", "CO₂"), ("x", "i", "xᵢ"), ("V", "max", "Vmax")]
        {
            let mut text = before.to_owned();
            lowered(&mut text, piece);
            assert_eq!(text, right);
        }
    }

    #[test]
    fn small_figures_are_marks_powers_or_indices() {
        for (before, piece, right) in [
            ("412", "3", "412[3]"),
            ("812 m", "2", "812 m²"),
            ("4 × 10", "9", "4 × 10⁹"),
            ("or 10−", "3", "or 10⁻³"),
            ("CO", "2", "CO₂"),
            ("H₂SO", "4", "H₂SO₄"),
        ] {
            let mut text = before.to_owned();
            small(&mut text, piece, "");
            assert_eq!(text, right);
        }
    }
}
