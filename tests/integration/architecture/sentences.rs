//! Sentences are for people: no code reads a fault, or anything else of ours, back out of one.

use super::{assert_none, sources};

/// Ways to look into a text.
const LOOKS: [&str; 6] = [
    ".starts_with(\"",
    ".ends_with(\"",
    ".contains(\"",
    ".strip_prefix(\"",
    ".strip_suffix(\"",
    ".split_once(\"",
];

/// Names of what holds a sentence for people.
const SENTENCES: [&str; 5] = ["message", "hint", "next", "problem", "words"];

/// Who reads sentences of somebody else that come with no type.
const FOREIGN: [(&str, &str); 2] = [
    ("src/operations/input.rs", "serde's errors are text alone"),
    (
        "src/adapters/stripe/error.rs",
        "the client gives Stripe's error as text",
    ),
];

/// Where a status is what HTTP speaks; anywhere else a fault's kind says more.
const SPEAK_HTTP: [&str; 2] = ["src/faces/rest", "src/faces/http"];

/// The text between the first quotation mark and the next.
fn literal(code: &str) -> &str {
    code.split('"').nth(1).unwrap_or_default()
}

/// Whether a text is more than one word of a format or a protocol.
fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    text.contains(' ') && text.chars().any(char::is_alphabetic)
}

fn looks(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for look in LOOKS {
        for (at, _) in code.match_indices(look) {
            let sought = literal(&code[at..]);
            let receiver = code[..at].rsplit(|c: char| !c.is_alphanumeric() && c != '_');
            let receiver = receiver.into_iter().next().unwrap_or_default();
            if is_sentence(sought) || SENTENCES.contains(&receiver) {
                found.push(format!("{receiver}{look}{sought}\")"));
            }
        }
    }
    found
}

#[test]
fn faults_are_never_read_out_of_sentences() {
    let mut offences = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test) {
        let is_foreign = FOREIGN.iter().any(|(path, _)| *path == file.path);
        if !file.path.starts_with("src/") || is_foreign {
            continue;
        }
        let found = looks(&file.code).into_iter();
        offences.extend(found.map(|look| format!("{}: {look}", file.path)));
    }
    assert_none("match on the fault's kind", &offences);
}

#[test]
fn faces_match_kinds_and_not_statuses() {
    let mut offences = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test) {
        let speaks_http = SPEAK_HTTP.iter().any(|path| file.path.starts_with(path));
        if file.layer != "faces" || speaks_http {
            continue;
        }
        for mark in ["match answer.status", ".status == ", ".status != "] {
            let compared = file.code.match_indices(mark).filter(|(at, _)| {
                let rest = &file.code[at + mark.len()..];
                mark.starts_with("match") || rest.starts_with(|c: char| c.is_ascii_digit())
            });
            offences.extend(compared.map(|_| format!("{}: {mark}", file.path)));
        }
    }
    assert_none("match on the fault's kind", &offences);
}

#[test]
fn sentences_that_are_read_are_seen() {
    let code = r#"answer.message.ends_with("gone.") || raw.contains("is not there") || raw.contains("Basic ")"#;
    assert_eq!(
        looks(code),
        [
            "message.ends_with(\"gone.\")",
            "raw.contains(\"is not there\")"
        ]
    );
}
