//! A table in the source's text: a line a row, its cells parted by tabs, and a record for each row that states something.

use super::tables::{Table, TableRow};
use crate::attachments::draft::Draft;
use clara_domain::evidence::{Field, Layout, Record};
use clara_domain::text::Span;

/// Writes a table as a block of its own.
pub fn write_table(table: &Table, draft: &mut Draft) {
    let layout = Layout {
        under: table.title.iter().map(|title| draft.clean(title)).collect(),
        names: (0..table.columns())
            .map(|column| draft.clean(table.names.get(column).map_or("", String::as_str)))
            .collect(),
        first_column: None,
    };
    let mut text = String::new();
    let mut characters = 0;
    let mut records: Vec<Record> = Vec::new();
    let mut layouts = vec![layout.clone()];
    let first_layout = draft.about().layouts.len();
    let mut number = 0;
    for row in &table.rows {
        let start = characters + usize::from(!text.is_empty());
        let (line, fields) = line_of(row, start, draft);
        if line.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        characters = start + line.chars().count();
        text.push_str(&line);
        if row.is_section {
            let mut section = layout.clone();
            section.under.push(line);
            layouts.push(section);
        } else if row.is_body {
            number += 1;
            records.push(Record {
                layout: first_layout + layouts.len() - 1,
                span: Span::new(start, characters),
                row: Some(number),
                parent: None,
                fields,
            });
        }
    }
    draft.clean_paragraph(&text);
    if draft.is_full() {
        return;
    }
    let begin = draft.characters() - characters;
    let moved = |span: Span| Span::new(span.start + begin, span.end + begin);
    for record in &mut records {
        record.span = moved(record.span);
        for field in &mut record.fields {
            field.value = moved(field.value);
        }
    }
    draft.about().layouts.append(&mut layouts);
    draft.about().records.append(&mut records);
}

/// The line of a row, and where its cells stand if the line begins at `start`.
fn line_of(row: &TableRow, start: usize, draft: &mut Draft) -> (String, Vec<Field>) {
    let mut line = String::new();
    let mut at = start;
    let mut fields = Vec::new();
    for (column, cell) in &row.cells {
        let clean = draft.clean(cell);
        let cell = clean.split_whitespace().collect::<Vec<_>>().join(" ");
        if cell.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push('\t');
            at += 1;
        }
        let end = at + cell.chars().count();
        fields.push(Field {
            name: *column,
            value: Span::new(at, end),
        });
        line.push_str(&cell);
        at = end;
    }
    (line, fields)
}
