//! Laws over all tools, and `tools/*.json` against the code.

use std::collections::BTreeSet;
use std::path::Path;

use clara::faces::mcp;
use clara::operations::registry::{self, ALL};
use serde_json::Value;

/// The whole list must leave a model room to think: characters of JSON ÷ 4.
/// Issue 18 gave 1,000 more, for judging and searching.
const MAX_LIST_TOKENS: usize = 7_050;
const MAX_AGENT_LIST_TOKENS: usize = 1_900;

#[test]
fn the_contract_has_27_tools_with_names_every_client_takes() {
    let names: BTreeSet<&str> = registry::tools().map(|entry| entry.spec.tool).collect();
    assert_eq!(names.len(), 27);
    for entry in registry::tools() {
        let name = entry.spec.tool;
        assert!(
            name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'),
            "{name}"
        );
        assert!(
            name.starts_with(entry.spec.area.name()),
            "{name} is in its area"
        );
        let dotted = name.replacen(
            &format!("{}_", entry.spec.area.name()),
            &format!("{}.", entry.spec.area.name()),
            1,
        );
        assert_eq!(registry::find(&dotted).unwrap().spec.tool, name, "{dotted}");
    }
    assert!(registry::find("agent-analysis").is_none());
}

#[test]
fn what_is_for_people_is_no_tool() {
    let peoples: Vec<&str> = ALL
        .iter()
        .filter(|entry| !entry.spec.is_tool())
        .map(|entry| entry.spec.tool)
        .collect();
    assert_eq!(
        peoples,
        [
            "session_view_all",
            "session_end",
            "session_end_all",
            "user_export",
            "user_delete",
            "agent_upload",
            "agent_view_upload",
            "operator_list_users",
            "operator_set_credits",
            "operator_change_credits",
            "operator_end_second_factor",
            "operator_list_transactions",
            "operator_check_ledger",
            "operator_reconcile",
            "operator_list_audit",
        ]
    );
    for name in peoples {
        assert!(registry::find(name).is_none(), "{name}");
    }
}

#[test]
fn every_tool_and_every_argument_is_described() {
    for entry in ALL.iter() {
        assert!(
            entry.contract.words.len() > 20,
            "{} has words",
            entry.spec.tool
        );
        assert_fields_described(
            entry.spec.tool,
            &Value::Object((*entry.contract.input).clone()),
        );
    }
}

fn assert_fields_described(path: &str, schema: &Value) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        let words = field["description"].as_str().unwrap_or_default();
        assert!(words.len() > 5, "{path} has a description");
        assert_fields_described(&path, field);
        assert_fields_described(&path, &field["items"]);
    }
}

#[test]
fn inputs_are_plain_objects() {
    for entry in ALL.iter() {
        let input = &entry.contract.input;
        assert_eq!(input["type"], "object", "{}", entry.spec.tool);
        assert!(input["properties"].is_object(), "{}", entry.spec.tool);
        for forbidden in ["anyOf", "oneOf", "allOf", "$ref", "$defs"] {
            assert!(
                !input.contains_key(forbidden),
                "{} has {forbidden}",
                entry.spec.tool
            );
        }
    }
}

#[test]
fn hints_are_consistent_with_what_a_tool_does() {
    for entry in ALL.iter() {
        let (hints, tool) = (entry.spec.hints, entry.spec.tool);
        // A search changes nothing, and its words are for no address.
        let reads = matches!(entry.spec.route.method, clara::operations::Method::Get)
            || tool == "agent_search";
        assert_eq!(
            hints.read_only, reads,
            "{tool}: only what is a GET changes nothing"
        );
        assert!(!(hints.read_only && hints.destructive), "{tool}");
    }
}

#[test]
fn path_variables_are_fields_of_the_input_or_name_the_caller() {
    for entry in ALL.iter() {
        for variable in entry
            .spec
            .route
            .variables()
            .filter(|name| *name != "user_id")
        {
            let fields = entry.contract.input["properties"].as_object().unwrap();
            assert!(
                fields.contains_key(variable),
                "{}: {variable}",
                entry.spec.tool
            );
        }
    }
}

#[test]
fn every_tool_named_in_a_text_exists() {
    let areas = clara::domain::area::Area::ALL.map(|area| format!("{}_", area.name()));
    for entry in registry::tools() {
        let tool = serde_json::to_value(mcp::tool(entry)).unwrap();
        let (mut fields, mut words) = (BTreeSet::new(), Vec::new());
        gather(&tool, &mut fields, &mut words);
        for word in words
            .iter()
            .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        {
            let names_a_tool = areas
                .iter()
                .any(|area| word.starts_with(area.as_str()) && word.len() > area.len());
            if names_a_tool && !fields.contains(word) && word != "user_id" {
                assert!(
                    registry::find(word).is_some(),
                    "{} speaks of {word}",
                    entry.spec.tool
                );
            }
        }
    }
}

/// The names of all fields, and all texts for readers, of a contract.
fn gather(value: &Value, fields: &mut BTreeSet<String>, words: &mut Vec<String>) {
    for (key, inner) in value.as_object().into_iter().flatten() {
        match (key.as_str(), inner) {
            ("description", Value::String(text)) => words.push(text.clone()),
            ("properties", Value::Object(properties)) => fields.extend(properties.keys().cloned()),
            _ => {}
        }
        gather(inner, fields, words);
    }
}

#[test]
fn every_envelope_of_every_fault_fits_the_output_schema() {
    for entry in ALL.iter() {
        let output = &entry.contract.output;
        assert_eq!(output["type"], "object");
        let kinds: Vec<&str> = output["properties"]["data"]["type"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert!(
            kinds.contains(&"null") && kinds.contains(&"object"),
            "{}: details of a fault fit",
            entry.spec.tool
        );
        assert!(
            output["properties"]["data"].get("required").is_none(),
            "{}",
            entry.spec.tool
        );
    }
}

#[test]
fn the_whole_list_stays_small() {
    let tokens = |is_listed: fn(&&registry::Entry) -> bool| {
        let list: Vec<_> = registry::tools().filter(is_listed).map(mcp::tool).collect();
        serde_json::to_string(&list).unwrap().chars().count() / 4
    };
    let all = tokens(|_| true);
    assert!(all < MAX_LIST_TOKENS, "{all} tokens");
    let agent = tokens(|entry| entry.spec.area == clara::domain::area::Area::Agent);
    assert!(agent < MAX_AGENT_LIST_TOKENS, "{agent} tokens");
}

#[test]
fn the_published_contracts_are_what_the_code_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools");
    let mut expected = BTreeSet::new();
    for entry in registry::tools() {
        let name = format!("{}.json", entry.spec.tool);
        let code = serde_json::to_string_pretty(&mcp::tool(entry)).unwrap() + "\n";
        let published = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert!(
            published == code,
            "tools/{name} is not what the code says: run `clara tools --write tools`"
        );
        expected.insert(name);
    }
    let found: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, expected, "no contract without its operation");
}
