//! Jupyter notebooks: each cell under its number. Markdown is read as Markdown; code is marked as code, for what it says is
//! no statement; of outputs, text and tables are read.

use serde_json::Value;

use super::{html, markdown};
use crate::attachments::draft::{Draft, Reading};

/// The most cells that are read.
const MAX_CELLS: usize = 2_000;

/// The most values of a notebook, texts of a line among them.
const MAX_VALUES: usize = 2_000_000;

/// Reads a notebook.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    // A tree of small values takes many times the file's size.
    if text.bytes().filter(|byte| *byte == b',').count() > MAX_VALUES {
        return Reading::refused(
            "The notebook holds more than 2,000,000 values. Clear its outputs, or split it.",
        );
    }
    let Ok(notebook) = serde_json::from_str::<Value>(text) else {
        return Reading::refused(
            "The notebook is no valid JSON. Save it again, or attach its text as .md.",
        );
    };
    // The third version kept its cells in sheets.
    let cells = notebook
        .get("cells")
        .or_else(|| notebook.pointer("/worksheets/0/cells"));
    let Some(cells) = cells.and_then(Value::as_array) else {
        return Reading::refused(
            "The notebook has no cells. Save it again with Jupyter, or attach its text as .md.",
        );
    };
    draft.about().title = notebook
        .pointer("/metadata/title")
        .and_then(Value::as_str)
        .map(str::to_owned);
    for (number, cell) in (1..).zip(cells.iter().take(MAX_CELLS)) {
        cell_of(cell, &format!("cell {number}"), &mut draft);
    }
    if cells.len() > MAX_CELLS {
        let more = cells.len() - MAX_CELLS;
        draft.unread(
            None,
            format!(
                "{more} more cells were not read: only the first 2,000 are. Split the notebook."
            ),
        );
    }
    draft.finish()
}

fn cell_of(cell: &Value, label: &str, draft: &mut Draft) {
    let source = lines(cell.get("source").or_else(|| cell.get("input")));
    match cell.get("cell_type").and_then(Value::as_str) {
        Some("markdown") => draft.append(label, markdown::read(&source, Draft::default())),
        Some("code") => {
            // Whatever code says in its comments and strings, it states nothing.
            draft.end_block();
            if !source.trim().is_empty() {
                draft.comment_place(&format!("{label}, code"), "\n\n");
                block("Code:", &source, draft);
            }
            let outputs = cell.get("outputs").and_then(Value::as_array);
            for output in outputs.into_iter().flatten() {
                output_of(output, label, draft);
            }
        }
        Some("heading" | "raw") => {
            draft.named_place(label, "\n\n");
            block("", &source, draft);
        }
        _ => draft.unread(None, format!("{label} is of a kind that is not read here.")),
    }
    if cell
        .get("attachments")
        .and_then(Value::as_object)
        .is_some_and(|files| !files.is_empty())
    {
        draft.unread(
            None,
            format!("{label}: pictures in the cell were not read. Attach them by themselves."),
        );
    }
}

/// Text of a cell, with a line before it that says what it is.
fn block(mark: &str, text: &str, draft: &mut Draft) {
    draft.line(mark);
    for line in text.lines() {
        let line = draft.clean(line);
        if line.trim().is_empty() {
            continue;
        }
        draft.separate_by("\n");
        draft.push_cleaned(line.trim_end());
    }
    draft.end_block();
}

fn printed(mark: &str, text: &str, label: &str, draft: &mut Draft) {
    if !text.trim().is_empty() {
        draft.named_place(label, "\n\n");
        block(mark, &plain(text), draft);
    }
}

fn output_of(output: &Value, label: &str, draft: &mut Draft) {
    match output.get("output_type").and_then(Value::as_str) {
        Some("stream") => printed("Output:", &lines(output.get("text")), label, draft),
        Some("error" | "pyerr") => {
            let part = |name| output.get(name).and_then(Value::as_str).unwrap_or_default();
            let error = format!("{}: {}", part("ename"), part("evalue"));
            printed("Error:", &error, label, draft);
        }
        _ => {
            let data = output.get("data").unwrap_or(output);
            let page = lines(data.get("text/html").or_else(|| data.get("html")));
            let text = lines(data.get("text/plain").or_else(|| data.get("text")));
            let is_picture = data.as_object().is_some_and(|data| {
                let mut kinds = data.keys();
                kinds.any(|kind| {
                    kind.starts_with("image/") || matches!(kind.as_str(), "png" | "jpeg" | "svg")
                })
            });
            if page.contains("<table") {
                draft.append(label, html::read(&page, Draft::default()));
            } else if let Some(marked) = data.get("text/markdown") {
                draft.append(
                    label,
                    markdown::read(&lines(Some(marked)), Draft::default()),
                );
            } else if !is_picture {
                printed("Output:", &text, label, draft);
            }
            if is_picture {
                draft.unread(
                    None,
                    format!("{label}: a picture in its output was not read. Attach it by itself."),
                );
            }
        }
    }
}

/// A text that is kept as one string or as a list of its lines.
fn lines(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

/// Without the codes that colour a terminal.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(rest.get(..at).unwrap_or_default());
        let code = rest.get(at + 2..).unwrap_or_default();
        let end = code
            .find(|c: char| c.is_ascii_alphabetic())
            .map_or(code.len(), |end| end + 1);
        rest = code.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use crate::attachments::extractor::is_sound;
    use crate::attachments::garbled_tests::{Seeded, garble};
    use crate::attachments::read_here;
    use crate::attachments::testing::{records, verdict};
    use clara_domain::verdict::Verdict;

    const NOTEBOOK: &str = r##"{"nbformat": 4, "nbformat_minor": 5, "metadata": {"title": "Mills"}, "cells": [
        {"cell_type": "markdown", "source": ["# Mills\n", "\n", "The *old* mill was built in 1871."]},
        {"cell_type": "code", "execution_count": 3, "source": "# The mill was built in 1999.\nprint(wheels)",
         "outputs": [{"output_type": "stream", "name": "stdout", "text": ["4 wheels\n"]},
          {"output_type": "execute_result", "data": {"text/plain": "x", "text/html": "<table><tr><th>town<th>visitors<tr><td>Brask<td>182</table>"}},
          {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}},
          {"output_type": "error", "ename": "KeyError", "evalue": "\u001b[31m'mill'\u001b[0m", "traceback": []}]},
        {"cell_type": "other", "source": ""}]}"##;

    #[test]
    fn cells_are_read_with_their_numbers() {
        let reading = read_here("a.ipynb", NOTEBOOK.as_bytes());
        assert!(is_sound(&reading), "{reading:?}");
        assert_eq!(
            reading.text,
            "Mills\n\nThe old mill was built in 1871.\n\nCode:\n# The mill was built in 1999.\nprint(wheels)\n\nOutput:\n4 wheels\n\n\
             town\tvisitors\nBrask\t182\n\nError:\nKeyError: 'mill'"
        );
        assert_eq!(records(&reading), ["1: town=Brask visitors=182"]);
        assert_eq!(reading.places[0].label.as_deref(), Some("cell 1"));
        let labels = reading.places.iter();
        let labels: Vec<_> = labels.filter_map(|place| place.label.as_deref()).collect();
        assert_eq!(labels, ["cell 1", "cell 2, code", "cell 2", "cell 2"]);
        let reasons = format!("{:?}", reading.unread);
        assert!(
            reasons.contains("cell 2: a picture") && reasons.contains("cell 3 is of a kind"),
            "{reasons}"
        );
    }

    #[test]
    fn code_states_nothing() {
        let reading = read_here("a.ipynb", NOTEBOOK.as_bytes());
        let said = |claim| verdict(claim, "a.ipynb", &reading);
        assert_eq!(said("The old mill was built in 1871."), Verdict::Supported);
        assert_ne!(said("The mill was built in 1999."), Verdict::Supported);
    }

    #[test]
    fn notebook_under_another_name_is_told() {
        let reading = read_here("a.json", NOTEBOOK.as_bytes());
        assert!(reading.text.starts_with("Mills"));
        assert!(reading.unread[0].reason.contains("a Jupyter notebook"));
        assert!(
            read_here("a.ipynb", b"{\"cells\": 4}").unread[0]
                .reason
                .contains("no cells")
        );
        assert!(
            read_here("a.ipynb", b"mill").unread[0]
                .reason
                .contains("no valid JSON")
        );
        let deep = format!("{{\"cells\": {}", "[".repeat(100_000));
        assert!(
            read_here("a.ipynb", deep.as_bytes()).unread[0]
                .reason
                .contains("no valid JSON")
        );
    }

    #[test]
    fn garbled_notebooks_have_a_sound_answer() {
        let mut seeded = Seeded(0x0bad_cafe_1234_5678);
        for round in 0..200 {
            let mut bytes = NOTEBOOK.as_bytes().to_vec();
            for _ in 0..=round / 100 {
                bytes = garble(&bytes, &mut seeded);
            }
            assert!(is_sound(&read_here("a.ipynb", &bytes)));
        }
    }
}
