//! A long report is read by asking: the passage that is asked for comes first, exactly as it stands.

use super::*;
use crate::attachments::read_here;
use crate::report::fixture;
use clara_domain::evidence::{Place, SourceKind};
use clara_domain::text::{Span, Text};
use proptest::prelude::*;

fn searcher(files: &[(&str, &str)]) -> Searcher {
    let mut sources = Vec::new();
    for (number, (name, content)) in files.iter().enumerate() {
        let reading = read_here(name, content.as_bytes());
        let id = format!("s{}", number + 1);
        let mut source = fixture::source(&id, SourceKind::Attachment, name, "");
        source.text = Text::new(reading.text);
        source.records = reading.records;
        source.layouts = reading.layouts;
        source.title = reading.title;
        sources.push(source);
    }
    let submission = fixture::source(
        Source::SUBMISSION,
        SourceKind::Submission,
        "submission",
        "Text.",
    );
    Searcher::new(Arc::new(Material {
        submission,
        sources,
    }))
}

fn bridge() -> Searcher {
    searcher(&[
        (
            "report.txt",
            "The bridge was opened to traffic in May 1933.\n\nIts main span is 412 metres long. The tram passes over it \
             every ten minutes.\n\nThe garden was replanted with cabbages and (NOT) \"roses\".",
        ),
        (
            "table.csv",
            "bridge,span in metres,opened\nArdmoor,412,1933\nTarsk,97,1951\n",
        ),
    ])
}

fn texts(searcher: &Searcher, query: &str) -> Vec<String> {
    let found = searcher.search(query, None, 5).unwrap();
    found.into_iter().map(|passage| passage.text).collect()
}

#[test]
fn the_passage_that_is_asked_for_comes_first() {
    let searcher = bridge();
    assert_eq!(
        texts(&searcher, "cabbages in the garden")[0],
        "The garden was replanted with cabbages and (NOT) \"roses\"."
    );
    assert_eq!(
        texts(&searcher, "opening of the bridge, traffic")[0],
        "The bridge was opened to traffic in May 1933."
    );
    assert!(texts(&searcher, "elephants").is_empty());
}

#[test]
fn what_is_found_stands_in_its_source() {
    let searcher = bridge();
    for query in ["span metres", "Tarsk", "opened 1933", "412"] {
        for found in searcher.search(query, None, MAX_PASSAGES).unwrap() {
            let source = searcher.material().find(&found.source).unwrap();
            assert_eq!(
                source.text.slice(Span::new(found.start, found.end)),
                found.text
            );
            assert!((0.0..=1.0).contains(&found.score));
        }
    }
}

#[test]
fn a_row_is_found_with_its_number_and_column() {
    let searcher = bridge();
    let found = searcher.search("Tarsk", None, 3).unwrap();
    let first = &found[0];
    assert_eq!(
        (first.source.as_str(), first.row, first.column.as_deref()),
        ("s2", Some(2), Some("bridge"))
    );
    let by_value = searcher.search("span 97", None, 3).unwrap();
    assert_eq!(
        (by_value[0].row, by_value[0].column.as_deref()),
        (Some(2), Some("span in metres"))
    );
}

#[test]
fn a_page_and_a_second_are_told() {
    let mut source = fixture::source(
        "s1",
        SourceKind::Attachment,
        "a.pdf",
        "One page. The last leaf.",
    );
    source.places = vec![
        Place {
            start: 0,
            page: Some(1),
            seconds: None,
            label: None,
            ..Place::default()
        },
        Place {
            start: 10,
            page: Some(2),
            seconds: Some(4.5),
            label: None,
            ..Place::default()
        },
    ];
    let submission = fixture::source(
        Source::SUBMISSION,
        SourceKind::Submission,
        "submission",
        "Text.",
    );
    let searcher = Searcher::new(Arc::new(Material {
        submission,
        sources: vec![source],
    }));
    let found = searcher.search("leaf", None, 1).unwrap();
    assert_eq!((found[0].page, found[0].seconds), (Some(2), Some(4.5)));
}

#[test]
fn operators_are_plain_words() {
    let searcher = bridge();
    let plain = texts(&searcher, "garden roses");
    for query in [
        "\"garden\" AND roses",
        "garden -roses",
        "+garden* roses~2",
        "(garden) OR NEAR/3 roses",
        "garden^4 roses; DROP TABLE tasks",
    ] {
        assert_eq!(texts(&searcher, query)[0], plain[0], "{query}");
    }
}

#[test]
fn a_claim_leads_to_its_own_passage() {
    let searcher = searcher(&[(
        "a.txt",
        "The tower has a height of 90 metres.\n\nThe chimney has a height of 40 metres.",
    )]);
    let mut claim = fixture::bridge().report().claims.remove(0);
    claim.text = "The chimney is tall.".to_owned();
    let found = searcher.search("height", Some(&claim), 2).unwrap();
    assert!(found[0].text.starts_with("The chimney"), "{found:?}");
}

#[test]
fn a_bad_query_is_refused_with_what_to_send() {
    let searcher = bridge();
    for query in ["", "  \n", "?!", "\u{200b}", "is it the of"] {
        assert_eq!(
            searcher.search(query, None, 5),
            Err(QueryError::Empty),
            "{query:?}"
        );
    }
    let long = "bridge ".repeat(1_429);
    assert_eq!(
        searcher.search(&long, None, 5),
        Err(QueryError::TooLong { characters: 10_003 })
    );
    for limit in [0, MAX_PASSAGES + 1] {
        assert_eq!(
            searcher.search("bridge", None, limit),
            Err(QueryError::Limit { limit })
        );
    }
    assert!(QueryError::Empty.to_string().contains("for example"));
}

#[test]
fn a_searcher_is_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Searcher>();
}

proptest! {
    #[test]
    fn whatever_is_asked_the_answer_is_exact(query in "\\PC{1,40}", content in "([A-Z][a-z ]{3,20}\\. |\\PC|\\n){0,30}") {
        let mut source = fixture::source("s1", SourceKind::Attachment, "a.txt", &content);
        source.title = None;
        let submission = fixture::source(Source::SUBMISSION, SourceKind::Submission, "submission", "Text.");
        let searcher = Searcher::new(Arc::new(Material { submission, sources: vec![source] }));
        for found in searcher.search(&query, None, 3).unwrap_or_default() {
            let source = &searcher.material().sources[0];
            prop_assert_eq!(source.text.slice(Span::new(found.start, found.end)), found.text.as_str());
        }
    }
}
