use super::*;
use crate::attachments::extractor::is_sound;
use crate::attachments::testing::verdict;
use clara_domain::verdict::Verdict;

fn segment(start: f64, text: &str, percent: u8) -> Segment {
    Segment {
        start,
        end: start + 2.0,
        text: text.to_owned(),
        percent: Some(percent),
        is_doubtful: percent < 50,
    }
}

fn facts() -> Reading {
    Reading {
        text: "The recording is 60 seconds long.".to_owned(),
        ..Reading::default()
    }
}

fn heard(segments: Vec<Segment>) -> Reading {
    let piece = Piece {
        offset: 0.0,
        segments,
    };
    add_speech(facts(), "recording", vec![piece])
}

#[test]
fn speech_follows_the_facts_with_its_seconds() {
    let reading = heard(vec![
        segment(0.0, " The Ardmoor Bridge was", 96),
        segment(2.0, " opened in 1933. It is", 91),
        segment(4.0, " 412 metres long.", 93),
        segment(12.0, " The ferry was given up.", 97),
    ]);
    assert!(is_sound(&reading), "{reading:?}");
    assert_eq!(
        reading.text,
        "The recording is 60 seconds long.\n\nThe Ardmoor Bridge was opened in 1933. It is 412 metres long.\nThe ferry was given up."
    );
    let places: Vec<_> = reading
        .places
        .iter()
        .map(|place| (place.seconds, place.speech))
        .collect();
    assert_eq!(
        places,
        [
            (Some(0.0), Some(96)),
            (Some(2.0), Some(91)),
            (Some(4.0), Some(93)),
            (Some(12.0), Some(97))
        ]
    );
    let label = reading.places[1].label.as_deref();
    assert_eq!(label, Some("by speech recognition, 91 % sure"));
    assert_eq!(reading.unread, []);
    for (claim, expected) in [
        ("The Ardmoor Bridge was opened in 1933.", Verdict::Supported),
        ("The Ardmoor Bridge was opened in 1938.", Verdict::Refuted),
    ] {
        assert_eq!(verdict(claim, "a.mp3", &reading), expected, "{claim}");
    }
}

#[test]
fn doubtful_speech_takes_its_sentences_along() {
    let reading = heard(vec![
        segment(0.0, "The mill was built in 1871. The ferry was", 96),
        segment(2.0, "not", 20),
        segment(4.0, "given up in 1940. It burned down. The town", 93),
        segment(6.0, "paid for it.", 93),
    ]);
    assert!(is_sound(&reading), "{reading:?}");
    let (_, said) = reading.text.split_once("\n\n").unwrap();
    assert_eq!(
        said,
        "The mill was built in 1871.\n\nIt burned down. The town paid for it."
    );
    assert!(reading.places[1].after_gap);
    assert_eq!(reading.places[1].seconds, Some(4.0));
    assert!(
        reading.unread[0]
            .reason
            .contains("1 stretch of the recording")
    );
}

#[test]
fn a_sentence_over_a_border_is_left_out() {
    let piece = |offset, text| Piece {
        offset,
        segments: vec![segment(1.0, text, 95)],
    };
    let pieces = vec![
        piece(0.0, "The mill is old. The ferry was not"),
        piece(600.0, "given up. It burned down."),
    ];
    let reading = add_speech(facts(), "video", pieces);
    let (_, said) = reading.text.split_once("\n\n").unwrap();
    assert_eq!(said, "The mill is old.\n\nIt burned down.");
    assert_eq!(reading.places[1].seconds, Some(601.0));
}

#[test]
fn silence_is_told() {
    let reading = heard(Vec::new());
    assert_eq!(reading.text, facts().text);
    assert_eq!(
        reading.unread[0].reason,
        "No speech was heard in the recording."
    );
}

#[test]
fn an_unstated_confidence_is_bounded() {
    let mut said = segment(0.0, "The mill is old.", 99);
    said.percent = None;
    let place = &heard(vec![said]).places[0];
    assert_eq!(place.speech, Some(UNSTATED_PERCENT));
    assert_eq!(place.label.as_deref(), Some("by speech recognition"));
}
