//! The stretches of a passage that are put to a model: the whole passage where the model takes it, else runs of whole sentences. A
//! sentence is never cut: half of one may say what the whole denies.

use clara_analysis::asking::MAX_PASSAGE_CHARACTERS;
use clara_analysis::language::sentences::sentences;

/// The stretches of `passage` that `fits` takes, in their order. A sentence that is too long by itself is in none.
pub(crate) fn premises<'a, E>(
    passage: &'a str,
    fits: &mut dyn FnMut(&str) -> Result<bool, E>,
) -> Result<Vec<&'a str>, E> {
    let mut bounds: Vec<(usize, usize)> = sentences(passage)
        .into_iter()
        .map(|sentence| (sentence.bytes.start, sentence.bytes.end))
        .collect();
    // A passage of the greatest length may have been cut within its last sentence.
    if passage.chars().count() >= MAX_PASSAGE_CHARACTERS {
        bounds.pop();
    }
    let mut found = Vec::new();
    split(passage, &bounds, fits, &mut found)?;
    Ok(found)
}

fn split<'a, E>(
    passage: &'a str,
    sentences: &[(usize, usize)],
    fits: &mut dyn FnMut(&str) -> Result<bool, E>,
    found: &mut Vec<&'a str>,
) -> Result<(), E> {
    let (Some((start, _)), Some((_, end))) = (sentences.first(), sentences.last()) else {
        return Ok(());
    };
    let text = passage.get(*start..*end).unwrap_or_default();
    if text.is_empty() {
        return Ok(());
    }
    if fits(text)? {
        found.push(text);
        return Ok(());
    }
    if sentences.len() > 1 {
        let (first, second) = sentences.split_at(sentences.len() / 2);
        split(passage, first, fits, found)?;
        split(passage, second, fits, found)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(passage: &str, most: usize) -> Vec<&str> {
        let mut fits = |text: &str| Ok::<_, ()>(text.len() <= most);
        premises(passage, &mut fits).unwrap()
    }

    const PASSAGE: &str = "The mill was sold. It has twelve floors. Nobody lives there. The wheel still turns in spring.";

    #[test]
    fn a_passage_that_fits_stays_whole() {
        assert_eq!(cut(PASSAGE, 200), [PASSAGE]);
        assert!(cut(" \n", 200).is_empty());
    }

    #[test]
    fn a_long_passage_falls_into_whole_sentences() {
        assert_eq!(
            cut(PASSAGE, 60),
            [
                "The mill was sold. It has twelve floors.",
                "Nobody lives there. The wheel still turns in spring."
            ]
        );
        // The last sentence fits nowhere and is not cut.
        assert_eq!(
            cut(PASSAGE, 25),
            [
                "The mill was sold.",
                "It has twelve floors.",
                "Nobody lives there."
            ]
        );
    }

    #[test]
    fn what_may_be_cut_off_is_left_out() {
        let long = format!("The mill was sold. {}", "The wheel turns ".repeat(200));
        let passage: String = long.chars().take(MAX_PASSAGE_CHARACTERS).collect();
        assert!(
            cut(&passage, 10_000)
                .iter()
                .all(|text| text.len() < passage.len())
        );
    }
}
