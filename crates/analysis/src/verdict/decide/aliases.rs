//! Names that a source introduces for what it names before: `the Northern Water Board (NWB)`, `Lowe Cleaning Ltd ("the
//! Contractor")`.

use crate::engine::Passage;
use crate::statement::Sentence;

/// How much of a source is looked through for names that it introduces.
const MAX_BYTES: usize = 200_000;
/// The longest text in brackets that can introduce a name.
const MAX_BRACKET: usize = 60;
/// How many words before a bracket can be the name that it shortens.
const MAX_WORDS: usize = 8;
/// What may follow a firm's name, and is left out where it is spoken of.
const FORMS: &[&str] = &[
    "Ltd", "Ltd.", "Limited", "Inc", "Inc.", "plc", "LLC", "GmbH", "AG",
];
/// Words of a name that have no letter in its short form.
const SMALL: &[&str] = &["of", "and", "the", "for", "in", "on", "&", "to"];

/// A name and the one that a source introduces for it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Alias {
    full: String,
    short: String,
}

/// The claim with the names that its sources introduce in place of the full ones, and the other way round.
pub(super) fn renamed(claim: &Sentence, passages: &[&Passage<'_>]) -> Vec<(String, String)> {
    let mut seen: Vec<&str> = Vec::new();
    let mut aliases: Vec<Alias> = Vec::new();
    for passage in passages {
        if !seen.contains(&passage.source.id.as_str()) {
            seen.push(&passage.source.id);
            aliases.extend(introduced(passage.source.text.as_str()));
        }
    }
    // A short name that stands for two things stands for neither.
    let all = aliases.clone();
    aliases.retain(|alias| {
        all.iter()
            .all(|other| other.short != alias.short || other.full == alias.full)
    });
    let mut found = Vec::new();
    let mut shortened = claim.text.clone();
    let mut lengthened = claim.text.clone();
    let mut because: Vec<String> = Vec::new();
    for alias in &aliases {
        let said = format!("the source calls {} “{}”", alias.full, alias.short);
        let before = (shortened.clone(), lengthened.clone());
        for full in forms(&alias.full) {
            shortened = put(&shortened, &full, &alias.short);
        }
        lengthened = put(&lengthened, &alias.short, &alias.full);
        if before != (shortened.clone(), lengthened.clone()) && !because.contains(&said) {
            because.push(said);
        }
    }
    for text in [shortened, lengthened] {
        if text != claim.text {
            found.push((text, because.join("; ")));
        }
    }
    found
}

/// A firm's name with and without its legal form, the longer first.
fn forms(full: &str) -> Vec<String> {
    let mut found = vec![full.to_owned()];
    if let Some((name, form)) = full.rsplit_once(' ')
        && FORMS.contains(&form)
        && name.contains(' ')
    {
        found.push(name.to_owned());
    }
    found
}

/// The text with one name in place of another, where that stands as words of its own.
fn put(text: &str, from: &str, to: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    let is_word = |letter: char| letter.is_alphanumeric();
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let touches = before.chars().next_back().is_some_and(is_word)
            || after.chars().next().is_some_and(is_word);
        written.push_str(before);
        let article = ["the ", "The "]
            .iter()
            .find(|article| written.ends_with(*article));
        if touches {
            written.push_str(from);
        } else {
            // `The NWB` is `The Northern Water Board`, and `the Contractor` has its own article.
            let to = to
                .strip_prefix("the ")
                .filter(|_| article.is_some())
                .unwrap_or(to);
            written.push_str(to);
        }
        rest = after;
    }
    written.push_str(rest);
    let mut letters = written.chars();
    match letters.next() {
        Some(first) if text.starts_with(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => written,
    }
}

/// The names that a text introduces in brackets.
fn introduced(text: &str) -> Vec<Alias> {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let mut found = Vec::new();
    for (open, _) in text.match_indices('(') {
        let Some(inside) = text[open + 1..]
            .split_once(')')
            .map(|(inside, _)| inside.trim())
            .filter(|inside| inside.len() <= MAX_BRACKET)
        else {
            continue;
        };
        let Some(short) = short_name(inside) else {
            continue;
        };
        let words: Vec<&str> = text[..open]
            .rsplit(['.', ';', ':', '\n', '(', ')', ','])
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let full = if short.starts_with("the ") {
            name_before(&words)
        } else {
            spelt_out(&words, &short)
        };
        if let Some(full) = full {
            found.push(Alias { full, short });
        }
    }
    found
}

/// `the Contractor` of `"the Contractor"`, `NWB`: what a bracket gives as a name.
fn short_name(inside: &str) -> Option<String> {
    let quotes = ['"', '“', '”'];
    if inside
        .chars()
        .filter(|letter| quotes.contains(letter))
        .count()
        == 2
    {
        let bare: String = inside
            .chars()
            .filter(|letter| !quotes.contains(letter))
            .collect();
        let bare = bare.trim();
        let bare = bare
            .strip_prefix("hereinafter ")
            .or_else(|| bare.strip_prefix("hereafter "))
            .unwrap_or(bare);
        let name = bare.strip_prefix("the ").unwrap_or(bare);
        let one_word = name.split_whitespace().count() == 1;
        return (one_word && name.starts_with(char::is_uppercase)).then(|| format!("the {name}"));
    }
    let capitals = inside.chars().all(|letter| letter.is_ascii_uppercase());
    (capitals && (2..=MAX_WORDS).contains(&inside.len())).then(|| inside.to_owned())
}

/// The words with capitals right before a bracket, with `of` between them.
fn name_before(words: &[&str]) -> Option<String> {
    let capital = |word: &str| word.starts_with(char::is_uppercase) || word == "&";
    let mut start = words.len();
    while let Some(before) = start.checked_sub(1) {
        let joins = words[before] == "of"
            && before > 0
            && capital(words[before - 1])
            && start < words.len();
        if !capital(words[before]) && !joins {
            break;
        }
        start = before;
    }
    let name = words[start..].join(" ");
    (!name.is_empty() && words.len() - start <= MAX_WORDS).then_some(name)
}

/// The words before a bracket whose first letters it gives: `Northern Water Board` of `NWB`.
fn spelt_out(words: &[&str], short: &str) -> Option<String> {
    let mut letters: Vec<char> = short.chars().collect();
    let mut start = words.len();
    while let Some(letter) = letters.last().copied() {
        start = start.checked_sub(1)?;
        let word = words[start];
        let first = word.chars().next()?;
        if first == letter {
            letters.pop();
        } else if !SMALL.contains(&word) {
            return None;
        }
    }
    Some(words[start..].join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        introduced(text)
            .into_iter()
            .map(|alias| (alias.full, alias.short))
            .collect()
    }

    #[test]
    fn brackets_introduce_names() {
        let contract = "Agreement between Lowe Cleaning Ltd (\"the Contractor\") and Ash Grove School (the \"Client\").";
        assert_eq!(
            pairs(contract),
            [
                ("Lowe Cleaning Ltd".to_owned(), "the Contractor".to_owned()),
                ("Ash Grove School".to_owned(), "the Client".to_owned())
            ]
        );
        assert_eq!(
            pairs("The Board of Northern Works (BNW) met.")[0],
            ("Board of Northern Works".to_owned(), "BNW".to_owned())
        );
    }

    #[test]
    fn other_brackets_introduce_none() {
        for text in [
            "The club (founded in 1921) met.",
            "Carl Holm (UK) won.",
            "It costs £4 (VAT included).",
            "She said it (\"no\") twice.",
        ] {
            assert_eq!(pairs(text), [], "{text}");
        }
    }

    #[test]
    fn names_are_put_as_whole_words() {
        assert_eq!(
            put("The NWB met.", "NWB", "Northern Water Board"),
            "The Northern Water Board met."
        );
        assert_eq!(put("NWBX met.", "NWB", "Northern Water Board"), "NWBX met.");
        assert_eq!(
            put("Ash Grove School pays.", "Ash Grove School", "the Client"),
            "The Client pays."
        );
    }
}
