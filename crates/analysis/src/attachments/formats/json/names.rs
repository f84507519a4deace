//! A member's name in words: `employeesPerYear` and `employees_per_year` are `employees per year`.

/// The words of a name. What is written with spaces, or in capitals, stays as it is.
pub fn in_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let characters: Vec<char> = name.chars().collect();
    let is_sentence = name.contains(' ');
    let begins_small = name.starts_with(char::is_lowercase);
    for (at, &character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| characters[before]);
        let next = characters.get(at + 1).copied();
        if is_sentence {
            words.push(character);
            continue;
        }
        let is_mark = matches!(character, '_' | '.' | '/')
            || (character == '-' && between_letters(before, next));
        if is_mark && !between_digits(before, next) {
            if !words.ends_with(' ') {
                words.push(' ');
            }
            continue;
        }
        let is_hump = character.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && next.is_some_and(char::is_lowercase))
            });
        let begins_year = before.is_some_and(char::is_alphabetic) && is_year(&characters[at..]);
        if (is_hump || begins_year) && !words.ends_with(' ') {
            words.push(' ');
        }
        // `perYear` is `per year`, `usedByEU` stays `used by EU`.
        if is_hump && begins_small && !next.is_some_and(char::is_uppercase) {
            words.extend(character.to_lowercase());
        } else {
            words.push(character);
        }
    }
    words.trim().to_owned()
}

fn between_letters(before: Option<char>, next: Option<char>) -> bool {
    before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)
}

fn between_digits(before: Option<char>, next: Option<char>) -> bool {
    before.is_some_and(|c| c.is_ascii_digit()) && next.is_some_and(|c| c.is_ascii_digit())
}

fn is_year(rest: &[char]) -> bool {
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    digits == 4 && matches!(rest[0], '1' | '2')
}

/// Whether names only count: `0`, `1`, `2`.
pub fn are_indices<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let mut count = 0_usize;
    let mut first = 0;
    for name in names {
        let Ok(number) = name.parse::<usize>() else {
            return false;
        };
        if count == 0 {
            first = number;
        }
        if number != first + count {
            return false;
        }
        count += 1;
    }
    count > 1 && first <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_words() {
        for (name, words) in [
            ("employeesPerYear", "employees per year"),
            ("employees_per_year", "employees per year"),
            ("main-span", "main span"),
            ("GDPPerCapita", "GDP Per Capita"),
            ("shareOfEU", "share of EU"),
            ("visitors2021", "visitors 2021"),
            ("co2", "co2"),
            ("Average ticket (EUR)", "Average ticket (EUR)"),
            ("2019-2020", "2019-2020"),
            ("2021", "2021"),
            ("_id", "id"),
            ("", ""),
        ] {
            assert_eq!(in_words(name), words);
        }
    }

    #[test]
    fn indices_are_told_from_years() {
        assert!(are_indices(["0", "1", "2"]) && are_indices(["1", "2"]));
        assert!(!are_indices(["2020", "2021"]) && !are_indices(["0"]) && !are_indices(["a", "b"]));
    }
}
