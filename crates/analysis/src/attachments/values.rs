//! What a table's cell looks like: a name, a number, a year, a date. Only to tell header rows from data: nothing is computed,
//! and a cell is quoted as it was written.

/// The look of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Empty,
    Words,
    /// `2021`, `2021/22`, `FY2021`, `Q1 2021`.
    Year,
    /// `2021-05-06`, `06.05.2021`.
    Date,
    /// `41,200`, `€ 1.50`, `12 %`, `8.2 kg`.
    Number,
}

impl Look {
    /// Whether such a cell is a value rather than a name.
    pub fn is_value(self) -> bool {
        matches!(self, Self::Year | Self::Date | Self::Number)
    }
}

/// A unit after a number has at most so many characters: `kWh/100 km`.
const MAX_UNIT: usize = 12;

/// The look of a cell.
pub fn look(cell: &str) -> Look {
    let cell = cell.trim();
    if cell.is_empty() {
        Look::Empty
    } else if is_year(cell) {
        Look::Year
    } else if is_date(cell) {
        Look::Date
    } else if is_number(cell) || stands_for_none(cell) {
        Look::Number
    } else {
        Look::Words
    }
}

/// `n/a`, `-`, `…` where a number is missing.
fn stands_for_none(cell: &str) -> bool {
    matches!(
        cell,
        "-" | "–"
            | "—"
            | "−"
            | "."
            | ".."
            | "..."
            | "…"
            | ":"
            | "*"
            | "?"
            | "NaN"
            | "nan"
            | "NA"
            | "N/A"
            | "n/a"
            | "null"
            | "NULL"
    )
}

fn is_year(cell: &str) -> bool {
    let lower = cell.to_ascii_lowercase();
    let bare = lower
        .strip_prefix("fy")
        .map_or(lower.as_str(), |rest| rest.trim_start_matches([' ', '-']));
    // A quarter or half of a year: `Q1 2021`, `2021 H2`, `2021-Q3`.
    let without_quarter = bare
        .split([' ', '-', '/'])
        .filter(|part| !matches!(*part, "q1" | "q2" | "q3" | "q4" | "h1" | "h2"))
        .collect::<Vec<_>>();
    match without_quarter.as_slice() {
        [year] => is_single_year(year),
        [from, to] => {
            is_single_year(from)
                && (is_single_year(to)
                    || to.len() == 2
                        && to.bytes().all(|b| b.is_ascii_digit())
                        && !bare.contains('-'))
        }
        _ => false,
    }
}

fn is_single_year(text: &str) -> bool {
    text.len() == 4
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(text.as_bytes()[0], b'1' | b'2')
}

fn is_date(cell: &str) -> bool {
    let day = cell.split(['T', ' ']).next().unwrap_or(cell);
    let parts: Vec<&str> = day.split(['-', '.', '/']).collect();
    let digits = |part: &&str| {
        !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit())
    };
    (2..=3).contains(&parts.len())
        && parts.iter().all(digits)
        && parts.iter().filter(|part| is_single_year(part)).count() == 1
        && parts.iter().filter(|part| part.len() <= 2).count() + 1 == parts.len()
}

fn is_number(cell: &str) -> bool {
    let is_mark = |c: char| {
        matches!(
            c,
            '+' | '-'
                | '−'
                | '–'
                | '±'
                | '~'
                | '≈'
                | '<'
                | '>'
                | '≤'
                | '≥'
                | '('
                | '$'
                | '€'
                | '£'
                | '¥'
                | '₹'
                | ' '
        )
    };
    let bare = cell.trim_start_matches(is_mark);
    // `EUR 1.50`, `US$ 3`.
    let bare = match bare.find(|c: char| c.is_ascii_digit()) {
        Some(at)
            if at <= 4
                && bare[..at]
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || is_mark(c)) =>
        {
            &bare[at..]
        }
        _ => bare,
    };
    let begins_with_mark = bare.starts_with(['.', ',']) && bare.len() > 1;
    if !(begins_with_mark || bare.starts_with(|c: char| c.is_ascii_digit())) {
        return false;
    }
    let in_number = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '.' | ',' | '\'' | '’' | ' ' | '-' | '–' | '/' | ':' | '×' | '*'
            )
    };
    let unit = bare
        .trim_start_matches(in_number)
        .trim_end_matches([')', ']', '*']);
    unit.chars().count() <= MAX_UNIT && unit.split_whitespace().count() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_by_their_look() {
        for (look_of, cells) in [
            (Look::Empty, &["", "  "][..]),
            (
                Look::Words,
                &[
                    "Town",
                    "Revenue (EUR)",
                    "Q",
                    "North",
                    "Average ticket",
                    "2nd member of the board of trade",
                ],
            ),
            (
                Look::Year,
                &[
                    "2021",
                    "1850",
                    "2021/22",
                    "FY2021",
                    "Q1 2021",
                    "2021 H2",
                    "2019-2020",
                ],
            ),
            (
                Look::Date,
                &[
                    "2021-05-06",
                    "06.05.2021",
                    "5/6/2021",
                    "2021-05",
                    "2021-05-06T10:00:00",
                ],
            ),
            (
                Look::Number,
                &[
                    "41,200",
                    "-3",
                    "€ 1.50",
                    "12 %",
                    "8.2 kg",
                    "220-240 V",
                    "1 234,5",
                    "EUR 20",
                    "n/a",
                    "–",
                    "(1,204)",
                    "3",
                    ".5",
                ],
            ),
        ] {
            for cell in cells {
                assert_eq!(look(cell), look_of, "{cell}");
            }
        }
    }
}
