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
                let area = Area {
                    left,
                    top: at * 30,
                    width,
                    height: 20,
                };
                found.push(Word {
                    page: 1,
                    block: 1,
                    paragraph: *paragraph,
                    line: at,
                    area,
                    upright: area,
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
    match recognised(words(lines)) {
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
        (1, "fic in May 1933. The bridge is 412 met-"),
        (1, "res long."),
        (1, "Its towers are high."),
    ]);
    assert_eq!(
        texts,
        [
            "\n\nThe Ardmoor Bridge was opened to traffic in May 1933.",
            " The bridge is 412 metres long.",
            "\nIts towers are high."
        ]
    );
    assert_eq!(doubtful, 0);
}

#[test]
fn a_word_that_was_passed_over_is_missed() {
    // So much room is left where a word was not made out: spaces are as wide as letters here.
    let wide = "The bridge was      opened in 1933. It is long.";
    let (found, doubtful) = texts(&[(1, wide)]);
    assert_eq!((found, doubtful), (vec!["\n\nIt is long.".to_owned()], 1));
    for lines in [
        // At a line's end, at a line's beginning, and as the sentence's first word.
        [
            "The council said that the bridge was",
            "opened in 1933. And more words stood here too.",
        ],
        [
            "The council says the bridge was never",
            "      opened in 1933. And more words.",
        ],
        [
            "opened in 1933, as the councils have it",
            "The other half of it stands nowhere",
        ],
    ] {
        let (found, doubtful) = texts(&[(1, lines[0]), (1, lines[1])]);
        let text = found.concat();
        assert!(!text.contains("1933"), "{text}");
        assert!(doubtful > 0);
    }
}

#[test]
fn a_sentence_without_its_end_is_missed() {
    let cut = [
        (1, "The mill was sold. The council approved"),
        (1, "the new bridge"),
    ];
    assert_eq!(texts(&cut), (vec!["\n\nThe mill was sold.".to_owned()], 1));
    let mut apart = words(&[(1, "The council approved the bridge"), (1, "removal.")]);
    apart[5].block = 2;
    apart[5].area.top += 300;
    for (words, kept) in [
        (apart, 0),
        (words(&[(1, "The council approved the")]), 0),
        (words(&[(1, "Annual report of the council")]), 1),
    ] {
        let Recognised::Words { passages, .. } = recognised(words) else {
            panic!("there are words");
        };
        assert_eq!(passages.len(), kept, "{passages:?}");
    }
}

#[test]
fn lines_torn_in_two_are_missed() {
    for (left, kept) in [(300, 0), (380, 2)] {
        let mut torn = words(&[
            (1, "The council approved a new bridge."),
            (1, "It was never built."),
        ]);
        for word in torn.iter_mut().filter(|word| word.line == 1) {
            word.block = 2;
            word.area.left += left;
            word.area.top -= 30;
        }
        let Recognised::Words { passages, .. } = recognised(torn) else {
            panic!("there are words");
        };
        assert_eq!(passages.len(), kept, "{passages:?}");
    }
}

#[test]
fn a_line_that_was_passed_over_is_missed() {
    let mut found = words(&[
        (1, "The council says that the new bridge"),
        (1, "was finished and the roads to it too"),
        (1, "were opened in 1933."),
    ]);
    for word in found.iter_mut().filter(|word| word.line == 2) {
        word.area.top += 30;
    }
    let Recognised::Words { passages, doubtful } = recognised(found) else {
        panic!("there are words");
    };
    assert_eq!((passages, doubtful), (Vec::new(), 1));
}

#[test]
fn a_doubtful_word_takes_its_sentence_along() {
    for (word, doubted) in [
        ("not", "not/40"),
        ("not", "|"),
        ("not", "»"),
        ("1933.", "1933./79"),
    ] {
        let line = "The bridge was not opened in 1933. It is long. The end.";
        let (texts, doubtful) = texts(&[(1, &line.replace(word, doubted))]);
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
        (1, "The total is       412"),
        (1, "Brask had       four visitors"),
    ]);
    assert_eq!(texts, ["\n\nTown\tVisitors", "\nBrask\t182"]);
}

#[test]
fn passages_have_a_place_and_the_least_confidence() {
    let found = recognised(words(&[(1, "The bridge/81 is long."), (2, "It stands.")]));
    let Recognised::Words { passages, .. } = found else {
        panic!("{found:?}");
    };
    let first = &passages[0];
    assert_eq!((first.percent, first.area.left, first.area.top), (81, 0, 0));
    assert_eq!((first.area.width, first.area.height), (190, 20));
    assert_eq!((passages[1].percent, passages[1].area.top), (95, 30));
}

#[test]
fn an_unsure_picture_gives_no_passage() {
    let unsure = words(&[(1, "Tne/60 brldge/65 ls/70 lomg./75")]);
    assert_eq!(recognised(unsure), Recognised::Unsure { percent: 67 });
    assert_eq!(recognised(Vec::new()), Recognised::Nothing);
}

/// The place of a word in a picture that was turned so many times to the right.
fn turned(area: Area, times: u32, side: u32) -> Area {
    (0..times).fold(area, |area, _| Area {
        left: side - area.bottom(),
        top: area.left,
        width: area.height,
        height: area.width,
    })
}

#[test]
fn turned_pictures_read_alike() {
    let upright = words(&[
        (1, "The council said that the bridge was"),
        (1, "opened in 1933. It was not       closed"),
        (1, "in 1940. It stands."),
    ]);
    let text = |words: Vec<Word>| match recognised(words) {
        Recognised::Words { passages, doubtful } => {
            let texts = passages.into_iter().map(|passage| passage.text);
            (texts.collect::<Vec<_>>(), doubtful)
        }
        other => panic!("{other:?}"),
    };
    let expected = text(upright.clone());
    assert_eq!(
        expected.0,
        [
            "The council said that the bridge was opened in 1933.",
            "It stands."
        ]
    );
    for times in 1..4 {
        let mut lying = upright.clone();
        for word in &mut lying {
            word.area = turned(word.area, times, 1_000);
        }
        assert_eq!(text(lying), expected, "{times}");
    }
}
