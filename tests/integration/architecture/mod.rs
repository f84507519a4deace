//! The rules of the house, read off the source itself: which way the arrows point, how long a file may be, and who may
//! print. A rule that only stands in a document is soon not true any more.

mod circles;
mod names;
mod sentences;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each top-level module of the package `clara` may use; `crate::` is left out. Nothing here may point up. That the
/// domain and the analysis know nothing of it, the compiler keeps: they are crates of their own.
const ARROWS: &[(&str, &[&str])] = &[
    ("fault", &["domain"]),
    ("settings", &["domain"]),
    ("data_dir", &["domain"]),
    ("adapters", &["domain", "fault"]),
    // A fault alone says what its error means to a caller.
    ("store", &["domain", "fault"]),
    // The analysis for judging and searching what it found before.
    (
        "services",
        &["store", "adapters", "analysis", "domain", "fault"],
    ),
    // Builds everything once, so it sees all that is built.
    (
        "context",
        &[
            "services", "store", "adapters", "analysis", "settings", "data_dir", "domain", "fault",
        ],
    ),
    (
        "worker",
        &["context", "services", "analysis", "domain", "fault"],
    ),
    (
        "diagnostics",
        &[
            "context", "settings", "worker", "analysis", "services", "store", "domain", "fault",
        ],
    ),
    // The analysis for its report's forms alone.
    (
        "operations",
        &["context", "services", "analysis", "domain", "fault"],
    ),
    (
        "faces",
        &[
            "operations",
            "context",
            "worker",
            "diagnostics",
            "settings",
            "analysis",
            "domain",
            "fault",
        ],
    ),
];

/// Crates that only these layers may name, so that the others can be read without knowing them.
const OUTSIDE_CRATES: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("reqwest", &["adapters", "models", "nli"]),
    ("rmcp", &["faces"]),
    ("axum", &["faces"]),
    ("clap", &["faces"]),
];

/// Where the source is: the package `clara`, and a folder a crate beneath it.
const SOURCES: &[&str] = &[
    "src",
    "crates/analysis/src",
    "crates/domain/src",
    "crates/models/src",
    "crates/nli/src",
];

/// Longer than this, a file is two rooms in one.
const MAX_FILE: usize = 400;
/// Files that may be longer, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];
/// Tests at the end of a file longer than this belong in a file beside it.
const MAX_INLINE_TESTS: usize = 100;

/// A source file, with what the compiler sees outside tests.
struct File {
    /// From the package's root, with `/`.
    path: String,
    /// Without comments, and without the tests at its end.
    code: String,
    /// The module it belongs to: `store` for `src/store/mod.rs`.
    layer: String,
    /// Compiled for tests alone.
    is_test: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    found
}

fn name_of(path: &Path) -> String {
    let inside = path.strip_prefix(root()).unwrap();
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn sources() -> Vec<File> {
    let paths: Vec<PathBuf> = SOURCES.iter().copied().flat_map(rust_files).collect();
    assert!(paths.len() > 20, "the source is where this test looks");
    let tests: BTreeSet<PathBuf> = paths.iter().flat_map(|path| test_modules(path)).collect();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let name = name_of(path);
            let inside = match name.strip_prefix("crates/") {
                Some(member) => member,
                None => &name["src/".len()..],
            };
            let layer = inside.split(['/', '.']).next().unwrap_or_default();
            File {
                layer: layer.to_owned(),
                code: code_of(&text),
                is_test: tests
                    .iter()
                    .any(|test| path == &test.with_extension("rs") || path.starts_with(test)),
                path: name,
            }
        })
        .collect()
}

/// The modules that a file declares under `#[cfg(test)]`, as paths without `.rs`.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let folder = match path.file_name().and_then(|name| name.to_str()) {
        Some("mod.rs" | "lib.rs" | "main.rs") => path.parent().unwrap().to_owned(),
        _ => path.with_extension(""),
    };
    lines
        .windows(2)
        .filter(|pair| pair[0].starts_with("#[cfg(test)]"))
        .filter_map(|pair| pair[1].rsplit_once("mod ")?.1.strip_suffix(';'))
        .map(|module| folder.join(module))
        .collect()
}

fn inline_tests(text: &str) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .windows(2)
        .position(|pair| pair[0] == "#[cfg(test)]" && pair[1].ends_with('{'))
}

fn code_of(text: &str) -> String {
    let end = inline_tests(text).unwrap_or(usize::MAX);
    text.lines()
        .take(end)
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| line.split(" // ").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The top-level modules that follow `crate::` in `code`, groups taken apart.
fn used_modules(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (index, character) in group.char_indices() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    _ if character.is_whitespace() => {}
                    _ if start && depth == 0 => {
                        used.insert(identifier(&group[index..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            used.insert(identifier(rest));
        }
    }
    used
}

fn identifier(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// Fails with every offence at once, each on a line of its own.
fn assert_none(rule: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{rule}\n  {}", offences.join("\n  "));
}

#[test]
fn arrows_point_down_only() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut offences = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test) {
        if !file.path.starts_with("src/")
            || matches!(file.path.as_str(), "src/lib.rs" | "src/main.rs")
        {
            continue;
        }
        let Some(targets) = allowed.get(file.layer.as_str()) else {
            offences.push(format!("{} is in no layer of this test", file.path));
            continue;
        };
        for module in used_modules(&file.code) {
            let is_module = allowed.contains_key(module.as_str());
            if is_module && module != file.layer && !targets.contains(&module.as_str()) {
                offences.push(format!("{} uses {module}", file.path));
            }
        }
    }
    assert_none(
        "faces → operations → services → store, adapters → domain",
        &offences,
    );
}

#[test]
fn each_outside_crate_has_its_one_place() {
    let mut offences = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test) {
        for (name, layers) in OUTSIDE_CRATES {
            let path = format!("{name}::");
            let named = file.code.match_indices(&path).any(|(at, _)| {
                let before = file.code[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
            });
            if named && !layers.contains(&file.layer.as_str()) {
                offences.push(format!(
                    "{} names {name}, which belongs in {}",
                    file.path,
                    layers.join(", ")
                ));
            }
        }
    }
    assert_none("outside crates stay in their layer", &offences);
}

#[test]
fn files_are_one_room_each() {
    let mut offences = Vec::new();
    for path in ["src", "crates", "tests", "examples", "benches"]
        .into_iter()
        .flat_map(rust_files)
    {
        let name = name_of(&path);
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        if lines > MAX_FILE && !LONG_FILES.iter().any(|(long, _)| *long == name) {
            offences.push(format!("{name} has {lines} lines"));
        }
        let tests = inline_tests(&text).map_or(0, |start| lines - start);
        if name.contains("src/") && tests > MAX_INLINE_TESTS {
            offences.push(format!(
                "{name} ends with {tests} lines of tests: move them to tests.rs"
            ));
        }
    }
    for (long, _) in LONG_FILES {
        let text = fs::read_to_string(root().join(long)).unwrap_or_default();
        if text.lines().count() <= MAX_FILE {
            offences.push(format!("{long} is not long any more: take it off the list"));
        }
    }
    assert_none("a file has at most 400 lines", &offences);
}

#[test]
fn only_the_command_line_prints() {
    let mut offences = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test) {
        let prints = ["print!(", "println!(", "dbg!("]
            .iter()
            .any(|mark| file.code.contains(mark));
        if prints && !file.path.starts_with("src/faces/cli") {
            offences.push(file.path.clone());
        }
    }
    assert_none(
        "stdout carries the protocol; what happens is logged",
        &offences,
    );
}

#[test]
fn nothing_gives_up_outside_tests() {
    let mut offences = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test) {
        for mark in [".unwrap()", ".expect(", "todo!(", "unimplemented!("] {
            if file.code.contains(mark) {
                offences.push(format!("{} has {mark}", file.path));
            }
        }
    }
    assert_none("what can fail says so in its type", &offences);
}

#[test]
fn sql_is_never_put_together() {
    let verbs = [
        "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "DROP ", "ALTER ", "PRAGMA ",
        "WITH ",
    ];
    let mut offences = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test) {
        for macro_name in ["format!(", "write!("] {
            for (at, _) in file.code.match_indices(macro_name) {
                let argument = file.code[at + macro_name.len()..].trim_start();
                let literal = argument.split('"').nth(1).unwrap_or_default();
                if verbs
                    .iter()
                    .any(|verb| literal.trim_start().starts_with(verb))
                {
                    offences.push(format!("{}: {macro_name}\"{literal}\"", file.path));
                }
            }
        }
        // sqlx takes only `&'static str`; this is its way around that.
        if file.code.contains("AssertSqlSafe") {
            offences.push(format!("{} names AssertSqlSafe", file.path));
        }
    }
    assert_none("SQL is a constant text, every value is bound", &offences);
}

/// A promise whose test was renamed or thrown away is no promise.
#[test]
fn every_test_that_a_promise_names_is_there() {
    let promises = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let quoted = promises.split('`').skip(1).step_by(2);
    let named: Vec<(&str, &str)> = quoted.filter_map(|q| q.split_once(".rs::")).collect();
    assert!(named.len() > 80, "{} tests are named", named.len());
    let is_missing = |(file, test): &(&str, &str)| {
        let source = fs::read_to_string(root().join(format!("{file}.rs")));
        !source.is_ok_and(|source| source.contains(&format!("fn {test}(")))
    };
    let missing = named.into_iter().filter(is_missing);
    let offences: Vec<String> = missing
        .map(|(file, test)| format!("{file}: {test}"))
        .collect();
    assert_none("docs/security.md names tests that are there", &offences);
}

#[test]
fn this_test_sees_what_it_should() {
    let code = "use crate::{\n    fault::Fault,\n    store::{accounts, ledger},\n};\nlet x = crate::services::a(); $crate::no";
    let used: Vec<String> = used_modules(code).into_iter().collect();
    assert_eq!(used, ["fault", "services", "store"]);
    let text = "fn a() {} // why\n/// words\n#[cfg(test)]\nmod tests {\n    x.unwrap();\n}\n";
    assert_eq!(code_of(text), "fn a() {}");
}
