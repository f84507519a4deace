//! JSON: the text is the file's own, numbers as they are written; a record for each object beside it. The file is walked in
//! borrowed pieces and never held as a tree: a tree of small values takes many times the file's size.

pub(in crate::attachments) mod names;
mod pieces;
mod shapes;
mod shown;
mod walk;

use serde_json::value::RawValue;

use crate::attachments::draft::{Draft, Reading};

/// Reads JSON or JSON Lines; a part before a mistake is not kept, for nobody can say what it means.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let shown = draft.clean(&shown::shown(text.trim()));
    let mut values = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(&shown).into_iter::<&RawValue>();
    loop {
        let before = reader.byte_offset();
        match reader.next() {
            None => break,
            Some(Ok(value)) if values.is_empty() || shown[before..].starts_with('\n') => {
                values.push(value);
            }
            Some(Err(error)) if values.is_empty() => {
                return refused_at(error.line(), error.column());
            }
            // Two values on one line, or a broken line: nobody can say what the rest is.
            Some(_) => return refused(&shown, before),
        }
    }
    draft.push_cleaned(&shown);
    walk::records(&shown, &values, &mut draft);
    draft.finish()
}

fn refused(text: &str, byte: usize) -> Reading {
    let before = &text[..byte];
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
    refused_at(line, column)
}

fn refused_at(line: usize, column: usize) -> Reading {
    Reading::refused(format!(
        "The file is named .json but is no valid JSON (line {line}, column {column}). Correct it there, or name it .txt."
    ))
}

#[cfg(test)]
mod tests;
