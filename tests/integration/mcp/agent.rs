//! An agent that knows nothing but the tool list's texts does the whole job, from no account to a report.
//! It fills arguments from their schemas, and where a call is refused it tries the tool that the refusal names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::support::{Client, Folder, newest_code, text_of};

const EMAIL: &str = "agent@example.org";

struct Agent {
    client: Client,
    tools: BTreeMap<String, Value>,
    mailbox: PathBuf,
    /// What refusals said is required, besides what the schemas say.
    demanded: BTreeSet<(String, String)>,
    calls: Vec<String>,
}

impl Agent {
    /// Calls a tool; when it is refused, does what the refusal says and calls it again.
    async fn achieve(&mut self, tool: &str, pursued: &[String]) -> Option<Value> {
        let mut pursued = pursued.to_vec();
        pursued.push(tool.to_owned());
        for _ in 0..4 {
            let arguments = self.arguments(tool);
            self.calls.push(tool.to_owned());
            let result = self.client.result(tool, Value::Object(arguments)).await;
            if result.is_error != Some(true) {
                return result.structured_content;
            }
            if self.learns(tool, &result.structured_content.clone().unwrap_or_default()) {
                continue;
            }
            let advice = text_of(&result);
            let named = advice.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let next = named.into_iter().find(|word| {
                self.tools.contains_key(*word) && !pursued.iter().any(|p| p == word)
            })?;
            let next = next.to_owned();
            Box::pin(self.achieve(&next, &pursued)).await?;
        }
        None
    }

    /// Whether a refusal names anything required that was not known to be.
    fn learns(&mut self, tool: &str, envelope: &Value) -> bool {
        let known = self.demanded.len();
        for error in envelope["data"]["errors"].as_array().into_iter().flatten() {
            if error["problem"] == "is required" {
                let field = error["field"].as_str().unwrap().to_owned();
                self.demanded.insert((tool.to_owned(), field));
            }
        }
        self.demanded.len() > known
    }

    /// What must be given, by what the schema and refusals say of it; nothing is known of any tool.
    fn arguments(&self, tool: &str) -> Map<String, Value> {
        let schema = &self.tools[tool];
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let demanded = self.demanded.iter().filter(|(of, _)| of == tool);
        let demanded = demanded.map(|(_, name)| name.as_str());
        let mut arguments = Map::new();
        for name in required.iter().filter_map(Value::as_str).chain(demanded) {
            let value = self.value(name, &schema["properties"][name]);
            arguments.insert(name.to_owned(), value);
        }
        arguments
    }

    fn value(&self, name: &str, field: &Value) -> Value {
        if name.ends_with("email") {
            json!(EMAIL)
        } else if name == "password" {
            json!("a long enough secret")
        } else if field["pattern"] == "^[0-9]{6}$" {
            json!(newest_code(&self.mailbox, EMAIL).unwrap_or_default())
        } else if let Some(choices) = field["enum"].as_array() {
            choices[0].clone()
        } else {
            // An example in the field's own words is the best guess there is.
            let words = field["description"].as_str().unwrap_or_default();
            json!(words.split('`').nth(1).unwrap_or("Ada"))
        }
    }
}

#[tokio::test]
async fn the_tool_lists_texts_are_enough_to_get_from_nothing_to_a_report() {
    let folder = Folder::new();
    let client = folder.client(&[("CLARA_LOCAL_ACCOUNT", "none")]).await;
    let listed = client.service.list_all_tools().await.unwrap();
    let goal = listed
        .iter()
        .find(|tool| {
            tool.description
                .as_deref()
                .unwrap_or_default()
                .contains("Fact-checks")
        })
        .unwrap();
    let goal = goal.name.to_string();
    let tools = listed
        .iter()
        .map(|tool| {
            (
                tool.name.to_string(),
                Value::Object((*tool.input_schema).clone()),
            )
        })
        .collect();
    let mut agent = Agent {
        client,
        tools,
        mailbox: folder.data().join("outbox"),
        demanded: BTreeSet::new(),
        calls: Vec::new(),
    };

    let envelope = agent.achieve(&goal, &[]).await;

    let envelope = envelope.unwrap_or_else(|| panic!("no report after {:?}", agent.calls));
    assert_eq!(envelope["data"]["status"], "COMPLETED", "{envelope}");
    assert_eq!(envelope["data"]["result"]["format"], "clara-report/2");
    // Two of them only to learn that without a page a password is required after all.
    assert!(
        agent.calls.len() <= 9,
        "the way is short: {:?}",
        agent.calls
    );
}
