use super::*;
use crate::claims::claims;
use crate::verdict::labelled::{Document, Labelled};
use clara_domain::text::Text;

fn names(text: &str) -> Vec<Vec<String>> {
    let labelled = Labelled {
        id: "x".to_owned(),
        dataset: "ours".to_owned(),
        claim: String::new(),
        evidence: vec![Document {
            title: String::new(),
            text: text.to_owned(),
        }],
        label: Verdict::Refuted,
    };
    let submission = Source {
        id: Source::SUBMISSION.to_owned(),
        ..labelled.sources().remove(0)
    };
    collisions(&claims(&Text::from(text)), &submission)
        .into_iter()
        .map(|found| {
            found
                .into_iter()
                .map(|collision| {
                    assert_eq!(
                        submission.text.slice(collision.quote.span),
                        collision.quote.text
                    );
                    collision.check.name
                })
                .collect()
        })
        .collect()
}

#[test]
fn sentences_that_contradict_each_other() {
    for (text, name) in [
        (
            "The bridge was opened in 1931. It was cold. The bridge was opened in 1933.",
            "year_differs",
        ),
        (
            "The library lends 300 books a day. The library lends 200 books a day.",
            "number_differs",
        ),
        (
            "The reading room is open on Sundays. The reading room is not open on Sundays.",
            "negation_differs",
        ),
        (
            "Sales of bicycles rose in May. Sales of bicycles fell in May.",
            "antonym",
        ),
    ] {
        let found = names(text);
        assert_eq!(found.first().unwrap().as_slice(), [name], "{text}");
        assert_eq!(found.last().unwrap().as_slice(), [name], "{text}");
    }
}

#[test]
fn sentences_about_two_things_do_not() {
    for text in [
        "In 2020 the firm had 12 employees. In 2021 the firm had 15 employees.",
        "The bridge was opened in 1931. The bridge was painted in 1950.",
        "Ana Belov was born in 1902. Karl Anders was born in 1880.",
        "The north tower is 96 metres high. The south tower is 94 metres high.",
        "Sales rose in May. Sales fell in June.",
        "Not only the bridge was opened in May. The bridge was opened in May.",
    ] {
        assert!(
            names(text).iter().all(Vec::is_empty),
            "{text}: {:?}",
            names(text)
        );
    }
}

#[test]
fn what_cannot_be_by_calendar_or_arithmetic() {
    for (text, name) in [
        (
            "The tower was finished on 31 February 1990.",
            "impossible_date",
        ),
        ("The tower was finished on April 31.", "impossible_date"),
        (
            "The tower was finished on 29 February 2023.",
            "impossible_date",
        ),
        ("She was born in 1950 and died in 1940.", "died_before_born"),
        (
            "He led the club from 1990 to 1985.",
            "ends_before_it_begins",
        ),
        (
            "The company has 200 employees: 120 women and 90 men.",
            "sum_differs",
        ),
        (
            "They sold 40 cars and 12 buses, a total of 60 vehicles.",
            "sum_differs",
        ),
        (
            "The traffic consists of cars (60%), buses (30%) and bicycles (20%).",
            "percentages_over_100",
        ),
        (
            "In the vote 50 of the 200 members (30%) said no.",
            "percentage_differs",
        ),
        (
            "Output rose from 100 to 150 units, an increase of 20%.",
            "percentage_differs",
        ),
        ("Output rose from 100 to 80 units.", "direction_differs"),
    ] {
        assert_eq!(names(text), [[name]], "{text}");
    }
    for text in [
        "The tower was finished on 29 February 2024.",
        "She was born in 1940 and died in 1990.",
        "He led the club from 1985 to 1990.",
        "The company has 200 employees: 110 women and 90 men.",
        "They sold 40 cars and 12 buses, a total of 52 vehicles.",
        "In the vote 60 of the 200 members (30%) said no.",
        "Output rose from 100 to 150 units, an increase of 50%.",
        "Sales rose by 60% in May, by 30% in June and by 20% in July.",
    ] {
        assert!(
            names(text).iter().all(Vec::is_empty),
            "{text}: {:?}",
            names(text)
        );
    }
}

const PIECES: &[&str] = &[
    "Sales",
    "rose",
    "fell",
    "by",
    "from",
    "to",
    "of",
    "an increase of",
    "20%",
    "100",
    "130 million",
    "£4.2",
    "in 2019",
    "on Friday 3 May 2024",
    "and",
    ",",
    "half of",
    "the 40 pupils",
    "then",
    "between",
    "12",
    "percentage points",
    ".",
];

proptest::proptest! {
    #[test]
    fn any_submission_is_held_against_itself(order in proptest::collection::vec(0..PIECES.len(), 0..30)) {
        let text = order.into_iter().map(|at| PIECES[at]).collect::<Vec<_>>().join(" ");
        let _ = names(&text);
    }
}

#[test]
fn a_share_among_its_ends_is_read() {
    // The share stands between where the rise began and where it ended: nothing was read of it, and reading it ended in a panic.
    let found = names("Sales rose from 100 to 130, a rise of 20%, from 2019 on.");
    assert_eq!(found, [["percentage_differs"]]);
    assert_eq!(names("Sales rose from 100, up 20%, to 120."), [[""; 0]]);
}

#[test]
fn a_text_that_ends_in_a_plural_is_read() {
    // What narrows a plural stands behind it, and here nothing does.
    let text = "percentage points . 20% on Friday 3 May 2024 percentage points";
    assert_eq!(names(text), [[""; 0], [""; 0]]);
}
