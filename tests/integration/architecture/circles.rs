//! Files that once went in circles do not again: each names what it stands on, and nothing that stands on it.

use super::{assert_none, sources};

/// A file or folder, and the neighbours that stand on it.
const STAND_ON: &[(&str, &[&str])] = &[
    ("src/faces/http/", &["cli", "mcp", "pages", "rest", "serve"]),
    (
        "src/operations/caller.rs",
        &["admission", "credential", "throttling", "dispatch"],
    ),
    ("src/operations/credential.rs", &["admission", "dispatch"]),
    (
        "src/operations/throttling/",
        &["admission", "credential", "dispatch"],
    ),
    ("src/operations/registry.rs", &["dispatch", "documented"]),
    ("src/operations/describe.rs", &["documented", "registry"]),
    ("src/services/codes.rs", &["accounts"]),
    ("src/services/throttling/", &["accounts"]),
    (
        "src/services/owners_networks.rs",
        &["accounts", "codes", "throttling"],
    ),
    ("src/services/ledger/books.rs", &["accounts"]),
];

/// Whether code names a module among its neighbours: `super::module`, or by its whole path.
fn names(code: &str, path: &str, module: &str) -> bool {
    let layer = path.split('/').nth(1).unwrap_or_default();
    let begins = [
        format!("super::{module}"),
        format!("crate::{layer}::{module}"),
    ];
    begins.iter().any(|begin| {
        code.match_indices(begin.as_str()).any(|(at, _)| {
            let next = code[at + begin.len()..].chars().next();
            !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    })
}

#[test]
fn files_do_not_go_in_circles() {
    let mut offences = Vec::new();
    for (place, above) in STAND_ON {
        let files = sources();
        let mut files = files
            .iter()
            .filter(|file| file.path.starts_with(place) && !file.is_test)
            .peekable();
        assert!(files.peek().is_some(), "{place} is there");
        for file in files {
            let named = above
                .iter()
                .filter(|module| names(&file.code, place, module));
            offences.extend(named.map(|module| format!("{} names {module}", file.path)));
        }
    }
    assert_none("what stands on a file is not named in it", &offences);
}

#[test]
fn a_name_that_only_begins_alike_is_none() {
    assert!(names("use super::rest::BASE;", "src/faces/http/", "rest"));
    assert!(names("crate::faces::mcp::x()", "src/faces/http/", "mcp"));
    assert!(!names("use super::restart;", "src/faces/http/", "rest"));
}
