//! The settings as they are published: `docs/settings.md` with all of them, and the README's table with those that many
//! want. Both are made from the table; a test says when they are not, and writes them where `INSTA_UPDATE` is `always`.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::{SETTINGS, Setting};

const INTRODUCTION: &str = "# Settings\n\n\
    Each is an environment variable, a flag, or a line of a file that `--env-file` names; a flag wins over the environment, \
    and that over the file.\nAn empty value is none. This page is made from the code (`just snapshots`).\n\n";

fn words(setting: &Setting) -> String {
    setting.words().replace('|', "\\|")
}

fn page() -> String {
    let mut page =
        format!("{INTRODUCTION}| variable | flag | default | what it does |\n|---|---|---|---|\n");
    for setting in SETTINGS {
        let bare = if setting.about.is_bare {
            format!(" or `{}`", setting.name)
        } else {
            String::new()
        };
        let default = match setting.about.default {
            "" => String::new(),
            default => format!("`{default}`"),
        };
        let secret = if setting.about.is_secret {
            " (secret)"
        } else {
            ""
        };
        let _ = writeln!(
            page,
            "| `{}`{bare} | `--{}` | {default} | {}{secret} |",
            setting.variable(),
            setting.flag(),
            words(setting)
        );
    }
    page
}

fn readme_table() -> String {
    let mut table = "| variable | meaning |\n|---|---|\n".to_owned();
    for setting in SETTINGS.iter().filter(|setting| setting.about.is_common) {
        let _ = writeln!(table, "| `{}` | {} |", setting.name, words(setting));
    }
    table
}

fn file(name: &str) -> (PathBuf, String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    (path, text)
}

fn assert_published(name: &str, expected: &str) {
    let (path, text) = file(name);
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, expected).unwrap();
    } else {
        assert!(
            text == expected,
            "{name} is not what the table of settings says: run `just snapshots`"
        );
    }
}

#[test]
fn settings_page_is_made_from_the_table() {
    assert_published("docs/settings.md", &page());
}

#[test]
fn readme_settings_are_made_from_the_table() {
    let (_, readme) = file("README.md");
    let (before, rest) = readme.split_once("<!-- settings -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end of settings -->\n").unwrap();
    let table = readme_table();
    assert_published(
        "README.md",
        &format!("{before}<!-- settings -->\n{table}<!-- end of settings -->\n{after}"),
    );
}
