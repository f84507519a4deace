use super::*;

/// Words of lines, each as wide as its letters; a word may have its confidence behind a slash. Lines begin with the number of
/// their paragraph.
fn words(lines: &[(u32, &str)]) -> Vec<Word> {
    let mut found = Vec::new();
    for (at, (paragraph, line)) in (0..).zip(lines) {
        let mut left = 0;
        for piece in line.split(' ') {
            let (text, confidence) = piece.split_once('/').unwrap_or((piece, "95"));
            let width = u32::try_from(text.chars().count()).unwrap() * 10;
            if !text.is_empty() {
                found.push(Word {
                    page: 1,
                    block: 1,
                    paragraph: *paragraph,
                    line: at,
                    left,
                    top: at * 30,
                    width,
                    height: 20,
                    confidence: confidence.parse().unwrap(),
                    text: text.to_owned(),
                });
            }
            left += width + 10;
        }
    }
    found
}

fn texts(lines: &[(u32, &str)]) -> (Vec<String>, usize) {
    match recognised(&words(lines)) {
        Recognised::Words { passages, doubtful } => {
            let texts = passages
                .iter()
                .map(|passage| format!("{}{}", passage.separator, passage.text));
            (texts.collect(), doubtful)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn wrapped_lines_become_sentences() {
    let (texts, doubtful) = texts(&[
        (1, "The Ardmoor Bridge was opened to traf-"),
        (1, "fic in May 1933. The bridge is 412 m"),
        (1, "long."),
        (1, "Its towers are high."),
    ]);
    assert_eq!(
        texts,
        [
            "\n\nThe Ardmoor Bridge was opened to traffic in May 1933.",
            " The bridge is 412 m long.",
            "\nIts towers are high."
        ]
    );
    assert_eq!(doubtful, 0);
}

#[test]
fn a_doubtful_word_takes_its_sentence_along() {
    for doubted in ["not/40", "1933./79"] {
        let line = "The bridge was not opened in 1933. It is long. The end.";
        let plain = doubted.split('/').next().unwrap();
        let (texts, doubtful) = texts(&[(1, &line.replace(plain, doubted))]);
        assert_eq!(texts, ["\n\nIt is long.", " The end."], "{doubted}");
        assert_eq!(doubtful, 1);
    }
}

#[test]
fn a_doubtful_word_counts_across_paragraphs() {
    let lines = [
        (1, "The bridge was not/30"),
        (2, "opened in 1933."),
        (3, "Another paragraph stands here."),
    ];
    let (texts, _) = texts(&lines);
    assert_eq!(texts, ["\n\nAnother paragraph stands here."]);
}

#[test]
fn rows_keep_their_lines_and_cells() {
    let (texts, _) = texts(&[
        (1, "Town       Visitors"),
        (1, "Brask       182"),
        (1, "Tolm       20/50"),
    ]);
    assert_eq!(texts, ["\n\nTown\tVisitors", "\nBrask\t182"]);
}

#[test]
fn passages_have_a_place_and_the_least_confidence() {
    let found = recognised(&words(&[(1, "The bridge/81 is long."), (2, "It stands.")]));
    let Recognised::Words { passages, .. } = found else {
        panic!("{found:?}");
    };
    let first = &passages[0];
    assert_eq!((first.percent, first.left, first.top), (81, 0, 0));
    assert_eq!((first.width, first.height), (190, 20));
    assert_eq!((passages[1].percent, passages[1].top), (95, 30));
}

#[test]
fn an_unsure_picture_gives_no_passage() {
    let unsure = words(&[(1, "Tne/60 brldge/65 ls/70 lomg./75")]);
    assert_eq!(recognised(&unsure), Recognised::Unsure { percent: 67 });
    assert_eq!(recognised(&[]), Recognised::Nothing);
}
