use super::*;
use crate::engine::builtin::Builtin;
use crate::evidence::Index;
use crate::pipeline::{Control, weigh};
use crate::verdict::labelled::{Document, Labelled};
use clara_domain::evidence::{Field, Layout, Record};
use clara_domain::verdict::Verdict;

fn sources(texts: &[&str]) -> Vec<Source> {
    let labelled = Labelled {
        id: "x".to_owned(),
        dataset: "ours".to_owned(),
        claim: String::new(),
        evidence: texts
            .iter()
            .map(|text| Document {
                title: String::new(),
                text: (*text).to_owned(),
            })
            .collect(),
        label: Verdict::NotEnoughEvidence,
    };
    labelled.sources()
}

fn found(claim: &str, sources: &[Source]) -> Vec<Candidate> {
    let index = Index::new(sources);
    let mut passages = index.passages(claim);
    passages.extend(index.records(claim));
    let found = candidates(claim, &passages, &[]);
    for candidate in &found {
        let source = sources
            .iter()
            .find(|source| source.id == candidate.source)
            .unwrap();
        assert_eq!(source.text.slice(candidate.span), candidate.text);
    }
    found
}

fn texts(claim: &str, given: &[&str]) -> Vec<String> {
    found(claim, &sources(given))
        .into_iter()
        .map(|one| one.text)
        .collect()
}

#[test]
fn the_best_passages_come_first_and_none_twice() {
    let given = texts(
        "Stir in half a dozen dates.",
        &[
            "Chop the onions. The recipe uses six dates. Stir in the dates.",
            "Stir in the dates. The oven is hot.",
        ],
    );
    assert_eq!(given, ["Stir in the dates.", "The recipe uses six dates."]);
}

#[test]
fn no_shared_word_is_no_passage() {
    assert_eq!(
        texts("The steel came from Norway.", &["The oven is hot."]),
        [""; 0]
    );
}

#[test]
fn a_pronoun_brings_the_sentence_before() {
    let given = texts(
        "The bridge spans half a kilometre.",
        &["The Ardmoor Bridge was opened in 1931. It spans 412 metres. The toll is 2 euros."],
    );
    assert_eq!(
        given[0],
        "The Ardmoor Bridge was opened in 1931. It spans 412 metres."
    );
}

#[test]
fn a_row_comes_with_the_names_of_its_columns() {
    let mut source = sources(&["North,12\nSouth,14\n"]).remove(0);
    source.layouts = vec![Layout {
        under: Vec::new(),
        names: vec!["region".to_owned(), "turbines".to_owned()],
        first_column: None,
    }];
    let row = |start: usize, name: usize, row: u32| Record {
        layout: 0,
        span: Span::new(start, start + name + 3),
        row: Some(row),
        parent: None,
        fields: vec![
            Field {
                name: 0,
                value: Span::new(start, start + name),
            },
            Field {
                name: 1,
                value: Span::new(start + name + 1, start + name + 3),
            },
        ],
    };
    source.records = vec![row(0, 5, 1), row(9, 5, 2)];
    let given = found("The south has fewer turbines than the north.", &[source]);
    assert_eq!(given.len(), 2);
    assert_eq!(given[0].column.as_deref(), Some("region | turbines"));
}

#[test]
fn a_long_passage_is_cut_around_its_words() {
    let long = format!(
        "{} the steel came from Norway {}",
        "and so on ".repeat(100),
        "and so on ".repeat(100)
    );
    let given = texts("Norway sold steel.", &[&long]);
    assert!(given[0].chars().count() <= MAX_CHARACTERS);
    assert!(
        given[0].contains("the steel came from Norway"),
        "{}",
        given[0]
    );
}

#[test]
fn what_the_engine_looked_at_last_comes_first() {
    let sources = sources(&[
        "The steel came by sea. The bridge has towers. The steel towers came from Norway by sea.",
    ]);
    let submission = Source {
        id: Source::SUBMISSION.to_owned(),
        text: "The steel for the towers was made in Norway.".into(),
        ..sources[0].clone()
    };
    let weighed = weigh(&submission, &sources, &Builtin, Control::NONE);
    let claim = &weighed.claims[0];
    assert_eq!(claim.judgement.verdict, Verdict::NotEnoughEvidence);
    assert_eq!(claim.candidates[0].text, claim.judgement.quotes[0].text);
}
