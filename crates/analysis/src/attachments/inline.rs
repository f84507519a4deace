//! A line of text put together from marked-up pieces: superscripts and subscripts that stay what they are, nothing glued to its
//! neighbour that a mark kept apart.

/// So many characters of struck-out text are named, all pieces together.
const MAX_STRUCK: usize = 300;

/// Text in the making.
#[derive(Debug, Clone, Default)]
pub struct Inline {
    text: String,
    /// Where a word begins even if no space stands before it.
    apart: bool,
}

impl Inline {
    /// Adds text as it stands.
    pub fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.apart && self.text.ends_with(is_word) && text.starts_with(is_word) {
            self.text.push(' ');
        }
        self.apart = false;
        self.text.push_str(text);
    }

    /// Adds text whose white space means no more than one space.
    pub fn push_collapsed(&mut self, text: &str) {
        let is_space = |c: char| c.is_ascii_whitespace();
        if text.starts_with(is_space) {
            self.space();
        }
        let mut words = text.split_ascii_whitespace().peekable();
        if words.peek().is_none() {
            return;
        }
        let joined = words.collect::<Vec<_>>().join(" ");
        self.push(&joined);
        if text.ends_with(is_space) {
            self.space();
        }
    }

    /// Adds a space, if none stands there.
    pub fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }

    /// Begins a line.
    pub fn line_break(&mut self) {
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// What follows is a word of its own.
    pub fn keep_apart(&mut self) {
        self.apart = true;
    }

    /// Adds a raised piece: an exponent, a unit's power, a footnote's mark or an ending. `is_link` is a footnote's mark for certain.
    pub fn superscript(&mut self, raised: &str, is_link: bool) {
        let raised = raised.trim();
        let powers: Option<String> = raised.chars().map(raised_letter).collect();
        let before = self.text.as_str();
        let is_charge =
            raised.ends_with(['+', '-', '−', '–']) && before.ends_with(char::is_alphabetic);
        let is_power = !is_link
            && raised.chars().any(|c| c.is_ascii_digit())
            && (takes_power(before) || is_charge);
        match powers {
            _ if raised.is_empty() => {}
            Some(powers) if is_power => self.push(&powers),
            _ if is_ending(before, raised) => self.push(raised),
            _ if is_mark(raised) => {
                let mark = format!("[{raised}]");
                self.apart = false;
                self.text.push_str(&mark);
            }
            _ => self.push(raised),
        }
    }

    /// Adds a lowered piece: `CO₂`.
    pub fn subscript(&mut self, lowered: &str) {
        let lowered = lowered.trim();
        match lowered
            .chars()
            .map(lowered_letter)
            .collect::<Option<String>>()
        {
            Some(small) => self.push(&small),
            None => self.push(lowered),
        }
    }

    /// Whether the text ends so.
    pub fn ends_with(&self, end: char) -> bool {
        self.text.ends_with(end)
    }

    /// What has been put together, whose place is empty afterwards.
    pub fn take(&mut self) -> String {
        self.apart = false;
        std::mem::take(&mut self.text)
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric()
}

/// Whether what stands before is something that has powers: ten, a unit or a variable.
fn takes_power(before: &str) -> bool {
    let word_start = before
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        });
    let word = &before[word_start..];
    let is_unit = matches!(
        word,
        "m" | "km"
            | "cm"
            | "mm"
            | "dm"
            | "µm"
            | "μm"
            | "nm"
            | "hm"
            | "ft"
            | "in"
            | "mi"
            | "yd"
            | "s"
            | "min"
            | "h"
            | "kg"
            | "g"
            | "mol"
            | "K"
            | "W"
            | "V"
            | "A"
            | "N"
            | "J"
            | "Pa"
            | "Hz"
            | "L"
            | "l"
            | "mL"
            | "ml"
            | "d"
            | "a"
            | "yr"
    );
    let digits_before_unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let unit_after_number = digits_before_unit.len() < word.len()
        && matches!(
            digits_before_unit,
            "m" | "km" | "cm" | "mm" | "ft" | "s" | "mi" | "in"
        );
    let is_variable = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let is_ten = word == "10" && !before[..word_start].ends_with(['.', ',', '\'']);
    is_unit || unit_after_number || is_variable || is_ten
}

/// `1st`, `2nd`, `Mme`: letters that end the word before them.
fn is_ending(before: &str, raised: &str) -> bool {
    let lower = raised.to_lowercase();
    let ordinal = matches!(
        lower.as_str(),
        "st" | "nd"
            | "rd"
            | "th"
            | "er"
            | "ère"
            | "re"
            | "e"
            | "ème"
            | "o"
            | "os"
            | "as"
            | "ª"
            | "º"
    );
    let after_digit = before.ends_with(|c: char| c.is_ascii_digit());
    let word = raised.chars().count() > 1 && raised.chars().all(char::is_alphabetic);
    (ordinal && after_digit) || word
}

/// A footnote's mark: `1`, `12`, `1,2`, `a`.
fn is_mark(raised: &str) -> bool {
    raised.chars().count() <= 12
        && raised.chars().any(char::is_alphanumeric)
        && raised
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ',' | ' ' | '-' | '–' | '.'))
}

fn raised_letter(character: char) -> Option<char> {
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
        _ => return None,
    })
}

fn lowered_letter(character: char) -> Option<char> {
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
        '-' | '−' => '₋',
        _ => return None,
    })
}

/// Text that its author struck out: left out and named.
#[derive(Debug, Default)]
pub struct Struck {
    pieces: Vec<String>,
    characters: usize,
    left_out: usize,
}

impl Struck {
    /// Takes a piece.
    pub fn add(&mut self, piece: &str) {
        let piece = piece.split_whitespace().collect::<Vec<_>>().join(" ");
        if piece.is_empty() {
            return;
        }
        let length = piece.chars().count();
        if self.characters + length > MAX_STRUCK {
            self.left_out += 1;
            return;
        }
        self.characters += length;
        self.pieces.push(format!("“{piece}”"));
    }

    /// What to say of it.
    pub fn note(&self) -> Option<String> {
        self.note_as("Struck-out text")
    }

    /// The same of text that was left out for another reason: `Hidden text`.
    pub fn note_as(&self, what: &str) -> Option<String> {
        let all = self.pieces.len() + self.left_out;
        if all == 0 {
            return None;
        }
        let mut named = self.pieces.join(", ");
        if self.left_out > 0 {
            let and = if named.is_empty() { "" } else { " and " };
            named = format!("{named}{and}{} longer or later pieces", self.left_out);
        }
        Some(format!("{what} was left out: {named}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raised(before: &str, raised: &str, is_link: bool) -> String {
        let mut inline = Inline::default();
        inline.push(before);
        inline.superscript(raised, is_link);
        inline.push(" end");
        inline.take()
    }

    #[test]
    fn raised_digits_never_join_a_number() {
        for (before, up, is_link, text) in [
            ("has 4,312", "2", false, "has 4,312[2] end"),
            ("employs 410", "1", true, "employs 410[1] end"),
            ("counted 10", "6", false, "counted 10⁶ end"),
            ("3.2 × 10", "-3", false, "3.2 × 10⁻³ end"),
            ("in 10", "6", true, "in 10[6] end"),
            ("it is 5.10", "6", false, "it is 5.10[6] end"),
            ("an area of 40 km", "2", false, "an area of 40 km² end"),
            ("an area of 40km", "2", false, "an area of 40km² end"),
            ("E = mc", "2", false, "E = mc[2] end"),
            ("x", "2", false, "x² end"),
            ("Mg", "2+", false, "Mg²⁺ end"),
            ("9.8 m s", "-2", false, "9.8 m s⁻² end"),
            ("the town", "a", false, "the town[a] end"),
            ("the 21", "st", false, "the 21st end"),
            ("Brand", "™", false, "Brand™ end"),
            ("410", "[1]", true, "410[1] end"),
            ("410", "1,2", false, "410[1,2] end"),
            ("410", "*", false, "410* end"),
        ] {
            assert_eq!(raised(before, up, is_link), text);
        }
    }

    #[test]
    fn lowered_digits_stay_lowered() {
        let mut inline = Inline::default();
        inline.push("CO");
        inline.subscript("2");
        inline.push(" and x");
        inline.subscript("max");
        assert_eq!(inline.take(), "CO₂ and xmax");
    }

    #[test]
    fn what_was_kept_apart_is_not_glued() {
        let mut inline = Inline::default();
        inline.push("price");
        inline.keep_apart();
        inline.push("40");
        inline.keep_apart();
        inline.push(", now");
        assert_eq!(inline.take(), "price 40, now");
    }

    #[test]
    fn struck_pieces_are_named_up_to_a_bound() {
        let mut struck = Struck::default();
        assert_eq!(struck.note(), None);
        struck.add("50\n euros");
        struck.add(&"x".repeat(400));
        assert_eq!(
            struck.note().unwrap(),
            "Struck-out text was left out: “50 euros” and 1 longer or later pieces."
        );
    }
}
