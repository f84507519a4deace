//! What people install Clara with: links, bundle, registry entry and skill say what is so.

use std::path::Path;

use base64::Engine as _;
use clara::operations::registry;
use serde_json::{Value, json};

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn parsed(name: &str) -> Value {
    serde_json::from_str(&file(name)).unwrap()
}

/// The configuration that a link in the README carries.
fn config_of(link: &str) -> String {
    let readme = file("README.md");
    let start = readme
        .find(link)
        .unwrap_or_else(|| panic!("{link} is in the README"));
    let address = readme[start..].split(')').next().unwrap();
    let address = reqwest::Url::parse(address).unwrap();
    let pairs: Vec<(String, String)> = address.query_pairs().into_owned().collect();
    assert!(pairs.contains(&("name".to_owned(), "clara".to_owned())));
    let config = pairs.into_iter().find(|(name, _)| name == "config");
    config.unwrap().1
}

#[test]
fn install_links_carry_the_configuration() {
    let expected = &parsed("mcp.json")["mcpServers"]["clara"];
    let cursor = config_of("https://cursor.com/en/install-mcp?");
    let cursor = base64::engine::general_purpose::STANDARD
        .decode(cursor)
        .unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&cursor).unwrap(), *expected);
    let code = config_of("https://vscode.dev/redirect/mcp/install?");
    assert_eq!(serde_json::from_str::<Value>(&code).unwrap(), *expected);
}

#[test]
fn published_descriptions_have_our_version() {
    let version = env!("CARGO_PKG_VERSION");
    let manifest = parsed("packaging/manifest.json");
    assert_eq!(manifest["version"], version);
    assert_eq!(manifest["server"]["mcp_config"]["args"], json!(["stdio"]));
    // A setting of the manifest is one of ours, and each that it shows is used.
    let environment = manifest["server"]["mcp_config"]["env"].as_object().unwrap();
    let names: Vec<&str> = clara::settings::SETTINGS
        .iter()
        .map(|setting| setting.name)
        .collect();
    for (name, value) in environment {
        assert!(
            names.contains(&name.strip_prefix("CLARA_").unwrap()),
            "{name}"
        );
        let shown = value.as_str().unwrap().trim_start_matches("${user_config.");
        let shown = shown.trim_end_matches('}');
        assert!(manifest["user_config"][shown].is_object(), "{shown}");
    }
    let server = parsed("server.json");
    assert_eq!(server["version"], version);
    // The registry's schema: a description has at most 100 characters.
    assert!(server["description"].as_str().unwrap().chars().count() <= 100);
}

#[test]
fn an_unwritable_data_folder_is_told() {
    let folder = super::support::Folder::new();
    let file = folder.parent().join("file");
    std::fs::write(&file, "").unwrap();
    let mut command = folder.command(&["stdio"]);
    command.env("CLARA_DATA_DIR", file.join("clara"));
    command.stdin(std::process::Stdio::null());
    let ended = command.output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(ended.stdout.is_empty(), "stdout carries the protocol alone");
    for words in ["the data folder", "cannot be written", "set CLARA_DATA_DIR"] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn skill_has_its_form_and_names_tools_that_exist() {
    let skill = file("skills/fact-check/SKILL.md");
    let head = skill
        .strip_prefix("---\n")
        .unwrap()
        .split("\n---\n")
        .next()
        .unwrap();
    let field = |name: &str| {
        let line = head
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name}")).to_owned()
    };
    assert_eq!(field("name"), "fact-check");
    assert!(field("description").chars().count() <= 1_024);
    let is_tool = |word: &&str| {
        ["agent_", "task_", "auth_"]
            .iter()
            .any(|area| word.starts_with(area))
    };
    let words = skill.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    for word in words.filter(is_tool) {
        assert!(registry::find(word).is_some(), "{word}");
    }
}
