use super::*;
use clara_domain::clock::Timestamp;
use clara_domain::evidence::SourceKind;
use clara_domain::text::Text;

/// A source with nothing but an identifier and a text.
fn source(id: &str, text: impl Into<String>) -> Source {
    Source {
        id: id.to_owned(),
        kind: SourceKind::Attachment,
        name: format!("{id}.txt"),
        title: None,
        url: None,
        publisher: None,
        published_at: None,
        retrieved_at: Timestamp(0),
        sha256: String::new(),
        text: Text::new(text),
        language: None,
        places: Vec::new(),
        records: Vec::new(),
        layouts: Vec::new(),
        read: None,
        unread: Vec::new(),
    }
}

#[test]
fn the_passage_about_the_claim_comes_first_and_is_exact() {
    let sources = [
        source(
            "s1",
            "The ferry was slow. It crossed the sound eleven times a day. Nobody missed it.",
        ),
        source(
            "s2",
            "# Ardmoor Bridge\n\nThe main span is 412 metres long. It was opened to traffic in May 1933.",
        ),
    ];
    let index = Index::new(&sources);
    let found = index.passages("The Ardmoor Bridge was opened to traffic in 1931.");
    assert_eq!(found[0].text, "It was opened to traffic in May 1933.");
    assert!(
        found
            .iter()
            .all(|passage| passage.source.text.slice(passage.span) == passage.text)
    );
    assert!(
        found
            .windows(2)
            .all(|pair| pair[0].relevance >= pair[1].relevance)
    );
}

#[test]
fn nothing_in_common_finds_nothing() {
    let sources = [source("s1", "The ferry was slow.")];
    assert!(
        Index::new(&sources)
            .passages("Quarks have colour.")
            .is_empty()
    );
    assert!(Index::new(&[]).passages("Quarks have colour.").is_empty());
}

#[test]
fn the_same_question_gets_the_same_answer() {
    let text =
        "The bridge is long. The bridge is old. The bridge is high. The bridge is red. ".repeat(20);
    let sources = [source("s1", text)];
    let spans = |index: &Index<'_>| {
        index
            .passages("The bridge is wide.")
            .iter()
            .map(|passage| passage.span)
            .collect::<Vec<_>>()
    };
    assert_eq!(spans(&Index::new(&sources)), spans(&Index::new(&sources)));
}

#[test]
fn a_word_of_every_passage_is_not_looked_up() {
    let mut text = "The bridge is long. ".repeat(3_000);
    text.push_str("The bridge has a toll house.");
    let sources = [source("s1", text)];
    let index = Index::new(&sources);
    let found = index.passages("The bridge has no toll house.");
    assert_eq!(found[0].text, "The bridge has a toll house.");
    assert_eq!(
        found.len(),
        1,
        "what only shares the common word is not found"
    );
    assert_eq!(index.skipped_words(), 1);
    let found = index.passages("The bridge is wide.");
    assert_eq!(found.len(), PASSAGES, "the only word there is is looked up");
}
