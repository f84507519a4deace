//! Digits as they are written: group marks, decimal marks, and the readings that a mark leaves open.

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Literal {
    pub value: f64,
    /// Half of the last digit that is written.
    pub step: f64,
    /// Half of the last digit that is not a trailing zero of a whole number.
    pub rounded: f64,
    /// `1.250` may be one and a quarter or one thousand two hundred and fifty.
    pub alternative: Option<f64>,
}

/// Reads digits with their marks; nothing where the marks make no number (`12:30`, `1.2.3`).
pub fn literal(written: &str) -> Option<Literal> {
    let (written, exponent) = raised(written)?;
    let digits: String = written
        .chars()
        .filter(|letter| {
            !matches!(
                letter,
                ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '’'
            )
        })
        .collect();
    let marks: Vec<(usize, char)> = digits
        .char_indices()
        .filter(|(_, letter)| matches!(letter, '.' | ','))
        .collect();
    if digits.contains(':') {
        return None;
    }
    let (whole, decimals, ambiguous) = match marks.as_slice() {
        [] => (digits.clone(), String::new(), false),
        [(at, mark)] => {
            let (before, after) = (&digits[..*at], &digits[at + 1..]);
            let groups = after.len() == 3 && (1..=3).contains(&before.len()) && before != "0";
            match mark {
                ',' if groups => (format!("{before}{after}"), String::new(), false),
                // Three digits after a single full stop: a decimal in English, a group elsewhere.
                '.' if groups => (before.to_owned(), after.to_owned(), true),
                _ => (before.to_owned(), after.to_owned(), false),
            }
        }
        [.., (last, last_mark)] => {
            let first_mark = marks[0].1;
            if first_mark == *last_mark {
                if !are_groups(&digits, first_mark) {
                    return None;
                }
                (digits.replace(first_mark, ""), String::new(), false)
            } else {
                let (before, after) = (&digits[..*last], &digits[last + 1..]);
                if !are_groups(before, first_mark) {
                    return None;
                }
                (before.replace(first_mark, ""), after.to_owned(), false)
            }
        }
    };
    let value: f64 = if decimals.is_empty() {
        whole.parse().ok()?
    } else {
        format!("{whole}.{decimals}").parse().ok()?
    };
    if let Some(exponent) = exponent {
        let raised = value.powi(exponent);
        return Some(Literal {
            value: raised,
            step: raised.abs() * 1e-9,
            rounded: raised.abs() * 1e-9,
            alternative: None,
        });
    }
    let places = i32::try_from(decimals.len()).unwrap_or(i32::MAX);
    let step = 0.5 * 10_f64.powi(-places);
    let zeros = if decimals.is_empty() && value > 0.0 {
        whole.bytes().rev().take_while(|byte| *byte == b'0').count()
    } else {
        0
    };
    // Trailing zeros of a large figure may be rounding, but not by more than a few hundredths of it.
    let rounded = (step * 10_f64.powi(i32::try_from(zeros).unwrap_or(0)))
        .min(value * 0.05)
        .max(step);
    Some(Literal {
        value,
        step,
        rounded,
        alternative: ambiguous.then_some(value * 1000.0),
    })
}

fn are_groups(digits: &str, mark: char) -> bool {
    let mut groups = digits.split(mark);
    groups
        .next()
        .is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3)
}

/// `10⁶`: the base, and the exponent where one is raised.
fn raised(written: &str) -> Option<(&str, Option<i32>)> {
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let Some(at) = written.find(|letter| letter == '⁻' || RAISED.contains(letter)) else {
        return Some((written, None));
    };
    let (base, exponent) = written.split_at(at);
    let mut value = 0_i32;
    for letter in exponent.chars().filter(|letter| *letter != '⁻') {
        let digit = RAISED.chars().position(|raised| raised == letter)?;
        value = value
            .checked_mul(10)?
            .checked_add(i32::try_from(digit).ok()?)?;
    }
    if value > 300 {
        return None;
    }
    Some((
        base,
        Some(if exponent.starts_with('⁻') {
            -value
        } else {
            value
        }),
    ))
}
