//! Turns registry entries into MCP tools, and answers into tool results: the envelope as structured content, and a text
//! with the same facts for clients that show a model only text; a picture is a block of its own. It decides nothing.

use base64::Engine as _;
use rmcp::model::{CallToolResult, ContentBlock, Icon, Tool, ToolAnnotations};

use super::elicitation::ElicitationOutcome;
use super::instructions;
use crate::operations::Access;
use crate::operations::dispatch::Answer;
use crate::operations::registry::{self, Entry};

const ICON: &[u8] = include_bytes!("../../../packaging/icon.png");

/// Clara's own icon, within the answer: over stdio there is no address to fetch it from.
pub fn icon() -> Icon {
    let image = base64::engine::general_purpose::STANDARD.encode(ICON);
    Icon::new(format!("data:image/png;base64,{image}"))
        .with_mime_type("image/png")
        .with_sizes(vec!["256x256".to_owned()])
}

/// A tick, small enough to stand beside each tool of a list; clients show it to people, and no model is sent it.
const TOOL_ICON: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M1 5l2 2 5-6' fill='none' stroke='#258'/></svg>";

fn tool_icon() -> Icon {
    let image = base64::engine::general_purpose::STANDARD.encode(TOOL_ICON);
    Icon::new(format!("data:image/svg+xml;base64,{image}")).with_mime_type("image/svg+xml")
}

/// The published contract of a tool.
pub fn tool(entry: &'static Entry) -> Tool {
    let (spec, contract) = (&entry.spec, &*entry.contract);
    let hints = spec.hints;
    Tool::new(spec.tool, contract.words.as_str(), contract.input.clone())
        .with_title(spec.title)
        .with_raw_output_schema(contract.output.clone())
        .with_annotations(ToolAnnotations::from_raw(
            None,
            Some(hints.read_only),
            Some(hints.destructive),
            // The protocol's default is no, and a tool that only reads need not say so: each word is paid for.
            (hints.idempotent && !hints.read_only).then_some(true),
            Some(hints.open_world),
        ))
}

/// A tool as a list shows it: the one that signs in tells a caller whose credential is refused that it is.
pub fn listed(entry: &'static Entry, refusal: Option<&str>) -> Tool {
    let mut tool = tool(entry).with_icons(vec![tool_icon()]);
    if let Some(refusal) = refusal.filter(|_| entry.spec.access == Access::Password) {
        let words = format!(
            "{} {}",
            instructions::refused(refusal),
            entry.contract.words
        );
        tool.description = Some(words.into());
    }
    tool
}

/// The result of a call: an error result too is for the model, so it says what to do next.
pub fn result(entry: &Entry, mut answer: Answer, decision: ElicitationOutcome) -> CallToolResult {
    let presentation = if answer.is_success() {
        entry.present(&answer.data)
    } else {
        None
    };
    let page = answer.page(entry);
    let mut picture = None;
    let mut text = match presentation {
        Some(short) => {
            picture = short.picture;
            answer.data = short.data;
            let headline = short.headline.unwrap_or(&answer.message);
            format!("{}\n\n{}", first_line(headline, &answer), short.text)
        }
        None => plain_text(&answer),
    };
    if let Some(page) = page {
        text.push('\n');
        text.push_str(&decision.words(&page));
    }
    let is_success = answer.is_success();
    let mut envelope = answer.envelope();
    if let Some(next) = answer.next() {
        envelope["next"] = next.into();
    }
    let mut result = if is_success {
        CallToolResult::structured(envelope)
    } else {
        CallToolResult::structured_error(envelope)
    };
    result.content = vec![ContentBlock::text(text)];
    result.content.extend(picture.map(|bytes| {
        let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
        ContentBlock::image(encoded, "image/png")
    }));
    result
}

/// The advice without the sentences that name a tool which this server does not offer.
pub fn offered_advice(next: &str, is_offered: impl Fn(&Entry) -> bool) -> Option<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names_absent = |sentence: &&str| {
        sentence
            .split(|c| !is_word(c))
            .filter_map(|word| registry::tools().find(|entry| entry.spec.tool == word))
            .any(|entry| !is_offered(entry))
    };
    let kept: Vec<&str> = next
        .split_inclusive(". ")
        .filter(|sentence| !names_absent(sentence))
        .collect();
    let kept = kept.concat().trim().to_owned();
    (!kept.is_empty()).then_some(kept)
}

fn first_line(headline: &str, answer: &Answer) -> String {
    match answer.next() {
        Some(next) => format!("{headline} {next}"),
        None => headline.to_owned(),
    }
}

fn plain_text(answer: &Answer) -> String {
    let mut text = first_line(&answer.message, answer);
    if !answer.data.is_null() {
        text.push('\n');
        text.push_str(&answer.data.to_string());
    }
    text
}
