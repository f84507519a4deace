//! Excel workbooks of the old kind (xls), read by `office_oxide` and shown as those of the new kind.

mod hidden;

use std::io::Cursor;

use office_oxide::limits;
use office_oxide::xls::{CellValue, Sheet as OldSheet, XlsDocument, XlsError};

use super::package::{MAX_PART, Refusal};
use super::sheet::{Merged, Row, Share, Sheet};
use super::story::Story;
use super::xlsx::general;
use crate::attachments::draft::{Draft, MAX_CHARACTERS};
use hidden::Hidden;

/// What a workbook may take in memory, in bytes.
const MAX_MEMORY: u64 = 128 * 1024 * 1024;

/// Reads a workbook.
pub fn read(bytes: &[u8], draft: &mut Draft) -> Result<(), Refusal> {
    limits::set_max_memory_bytes(MAX_MEMORY);
    limits::set_max_part_bytes(MAX_PART);
    // What a cell shows may be shared by many; a draft takes no more than this.
    limits::set_max_text_chars(2 * MAX_CHARACTERS);
    let workbook =
        XlsDocument::from_reader(Cursor::new(bytes.to_vec())).map_err(|error| match error {
            XlsError::Encrypted | XlsError::EncryptionNotSupported(_) => Refusal::Password,
            _ => Refusal::Damaged,
        })?;
    let mut hidden = hidden::hidden(bytes);
    let mut share = Share::default();
    for sheet in &workbook.sheets {
        if sheet.hidden {
            let name = draft.clean(&sheet.name);
            draft.unread(
                None,
                format!("The sheet “{name}” is hidden and was left out."),
            );
            continue;
        }
        let unseen = hidden.remove(&sheet.name).unwrap_or_default();
        taken(sheet, unseen).write(draft, &mut share);
        comments(sheet, draft);
    }
    share.write(draft);
    if workbook.truncated() || !workbook.notices().is_empty() {
        draft.unread(
            None,
            "Not all of the workbook could be read: it is damaged or larger than one file may be. Save it as xlsx and attach \
             that.",
        );
    }
    if workbook.has_macros() {
        draft.unread(
            None,
            "The file holds macros. They were neither run nor read.",
        );
    }
    Ok(())
}

fn taken(old: &OldSheet, hidden: Hidden) -> Sheet {
    let mut sheet = Sheet {
        name: old.name.clone(),
        hidden_columns: hidden.columns.count,
        ..Sheet::default()
    };
    let mut characters = 0;
    for (number, values) in (0..).zip(&old.rows) {
        if hidden.rows.contains(&number) {
            continue;
        }
        let mut cells: Vec<(u32, String)> = Vec::new();
        for (column, value) in (0..).zip(values) {
            let Some(shown) = old.display_text(number as usize, column as usize) else {
                continue;
            };
            let text = match value {
                // Without a format, a number is shown with as many digits as people want to see.
                CellValue::Number(plain) if shown == value.as_text() => general(*plain),
                _ => shown.into_owned(),
            };
            if !text.trim().is_empty() && !hidden.columns.contains(column) {
                characters += text.len() + 1;
                cells.push((column, text));
            }
        }
        if !cells.is_empty() {
            sheet.rows.push(Row { number, cells });
        }
        if characters > MAX_CHARACTERS {
            break;
        }
    }
    sheet.hidden_rows = hidden.rows;
    let areas = old
        .merged_cells
        .iter()
        .filter(|area| area.0 <= area.1 && area.2 <= area.3);
    sheet.merged = areas
        .map(|&(first_row, last_row, first_column, last_column)| Merged {
            rows: (first_row.into(), last_row.into()),
            columns: (first_column.into(), last_column.into()),
        })
        .collect();
    sheet
}

fn comments(sheet: &OldSheet, draft: &mut Draft) {
    let mut story = Story::new(draft);
    let name = story.clean(&sheet.name);
    for comment in &sheet.comments {
        let author = story.clean(comment.author.as_deref().unwrap_or_default());
        let words = story.clean(&comment.text);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        // Programs begin the comment with its author's name.
        let words = words
            .strip_prefix(author.as_str())
            .and_then(|rest| rest.strip_prefix(':'))
            .unwrap_or(&words);
        let letters = clara_domain::evidence::column_letters(comment.col.into());
        let cell = format!("{letters}{}", u32::from(comment.row) + 1);
        story.comment(&format!("sheet {name}, comment at {cell}"), &author, words);
    }
    story.finish();
}

#[cfg(test)]
mod tests;
