//! Turns registry entries into MCP tools, and answers into tool results: the envelope as structured content, and a text
//! with the same facts for clients that show a model only text. It decides nothing.

use rmcp::model::{CallToolResult, ContentBlock, Tool, ToolAnnotations};

use super::asking::Decision;
use crate::operations::dispatch::Answer;
use crate::operations::registry::Entry;

/// The published contract of a tool.
pub fn tool(entry: &Entry) -> Tool {
    let spec = &entry.spec;
    let hints = spec.hints;
    Tool::new(spec.tool, entry.words.clone(), entry.input.clone())
        .with_title(spec.title)
        .with_raw_output_schema(entry.output.clone())
        .with_annotations(ToolAnnotations::from_raw(
            None,
            Some(hints.read_only),
            Some(hints.destructive),
            Some(hints.idempotent),
            Some(hints.open_world),
        ))
}

/// The result of a call: an error result too is for the model, so it says what to do next.
pub fn result(entry: &Entry, mut answer: Answer, decision: Decision) -> CallToolResult {
    let presentation = if answer.is_success() {
        entry.present(&answer.data)
    } else {
        None
    };
    let page = answer.page(entry);
    let mut text = match presentation {
        Some(short) => {
            answer.data = short.data;
            format!("{}\n\n{}", answer.message, short.text)
        }
        None => plain_text(&answer),
    };
    if let Some(page) = page {
        text.push('\n');
        text.push_str(&decision.words(&page));
    }
    let is_success = answer.is_success();
    let envelope = answer.envelope();
    let mut result = if is_success {
        CallToolResult::structured(envelope)
    } else {
        CallToolResult::structured_error(envelope)
    };
    result.content = vec![ContentBlock::text(text)];
    result
}

fn plain_text(answer: &Answer) -> String {
    let mut text = answer.message.clone();
    if let Some(next) = &answer.next {
        text.push(' ');
        text.push_str(next);
    }
    if !answer.data.is_null() {
        text.push('\n');
        text.push_str(&answer.data.to_string());
    }
    text
}
