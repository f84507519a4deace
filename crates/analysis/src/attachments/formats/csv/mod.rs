//! CSV: the text is the file's own lines, each row of data a record beside it. Only line breaks inside a cell become spaces, so
//! that a row stays one line. The cells are found here and not by a crate, for none says where in the text a cell stands.

use std::collections::HashMap;
use std::ops::Range;

use crate::attachments::draft::{Draft, Reading};
use crate::attachments::rows::{Header, Line, MAX_COLUMNS, Table};
use clara_domain::evidence::ReadUnit;

/// So many lines, and of them so many bytes, decide which separator it is.
const LINES_TRIED: usize = 30;
const BYTES_TRIED: usize = 64 * 1024;

/// Reads comma-, semicolon-, tab- or bar-separated rows.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let clean = draft.clean(text);
    let (separator, body) = separator(&clean);
    let mut rows = Rows::new(body, separator);
    let table = Table {
        under: Vec::new(),
        header: Header::Unknown { unsure: true },
        lines: rows.by_ref().collect(),
        first_column: None,
    };
    let line_of = |byte: usize| {
        let before = &clean[..clean.len() - body.len() + byte];
        before.matches('\n').count() + 1
    };
    if let Some(start) = rows.widest_line {
        draft.unread_line(
            line_of(start),
            format!(
                "Rows with more than {MAX_COLUMNS} cells, of which this is the first, are read as text from there on: their \
                 further cells have no column's name. Split the table by columns if they matter."
            ),
        );
    }
    if let Some(start) = rows.unclosed {
        draft.unread_line(
            line_of(start),
            "A quotation mark before a cell is never closed. It and those after it were read as they stand: close it if a \
             cell beneath holds a separator or a line break.",
        );
    }
    let of = table.lines.iter().filter(|line| !line.cells.is_empty());
    let of = of.count();
    let read = table.write(&mut draft);
    draft.share(ReadUnit::Rows, read.min(of), of);
    draft.finish()
}

/// The separator, and the text without a line that only names it (`sep=;`).
fn separator(text: &str) -> (char, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut named = first
        .trim()
        .trim_matches('"')
        .strip_prefix("sep=")
        .unwrap_or_default()
        .chars();
    if let (Some(separator), None) = (named.next(), named.next()) {
        return (separator, rest);
    }
    if first.trim_end_matches(' ') == "sep=\t" {
        return ('\t', rest);
    }
    let sample = &text[..text.floor_char_boundary(BYTES_TRIED)];
    let tried = ['\t', ';', '|', ','];
    let best = tried.into_iter().rev().max_by_key(|separator| {
        let mut widths: HashMap<usize, usize> = HashMap::new();
        let rows = Rows::new(sample, *separator).filter(|row| !row.cells.is_empty());
        for row in rows.take(LINES_TRIED) {
            *widths.entry(row.cells.len()).or_default() += 1;
        }
        // The most rows of one width; of separators that do equally well, the rarer one in prose and numbers.
        widths
            .into_iter()
            .filter(|(width, _)| *width > 1)
            .map(|(width, rows)| (rows, width.min(3)))
            .max()
            .unwrap_or_default()
    });
    (best.unwrap_or(','), text)
}

/// The rows of a text, an empty line as a row without cells.
struct Rows<'a> {
    text: &'a str,
    at: usize,
    separator: char,
    /// Whether quotation marks still mean anything: one that is never closed is a mark of the text's own, and looking
    /// for its end again and again would take for ever.
    quotes: bool,
    /// Where the first row with more cells than are named begins.
    widest_line: Option<usize>,
    /// Where the cell begins whose quotation mark is never closed.
    unclosed: Option<usize>,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, separator: char) -> Self {
        Self {
            text,
            at: 0,
            separator,
            quotes: true,
            widest_line: None,
            unclosed: None,
        }
    }

    /// The cell that begins at `start`: its content, and where it ends.
    fn cell(&mut self, start: usize) -> (Range<usize>, usize) {
        let rest = &self.text[start..];
        let lead = rest.len() - rest.trim_start_matches(' ').len();
        if self.quotes && rest[lead..].starts_with('"') {
            let open = start + lead + 1;
            if let Some(close) = closing_quote(&self.text[open..]).map(|at| open + at) {
                let behind = &self.text[close + 1..];
                let gap = behind.len() - behind.trim_start_matches(' ').len();
                let end = close + 1 + gap;
                if self.text[end..].is_empty()
                    || self.text[end..].starts_with([self.separator, '\n'])
                {
                    return (open..close, end);
                }
            } else {
                self.quotes = false;
                self.unclosed = Some(start);
            }
        }
        let end = rest
            .find([self.separator, '\n'])
            .map_or(self.text.len(), |at| start + at);
        let content = self.text[start..end].trim();
        if content.is_empty() {
            return (start..start, end);
        }
        let lead = self.text[start..end].len() - self.text[start..end].trim_start().len();
        (start + lead..start + lead + content.len(), end)
    }
}

/// The mark that closes a quoted cell: two in a row are one that belongs to the cell.
fn closing_quote(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += text[at..].find('"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

impl Iterator for Rows<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let mut cells = Vec::new();
        let mut end = start;
        loop {
            let (content, stop) = self.cell(end);
            if cells.len() < MAX_COLUMNS {
                cells.push(content.start - start..content.end - start);
            } else {
                self.widest_line.get_or_insert(start);
            }
            end = stop;
            if !self.text[end..].starts_with(self.separator) {
                break;
            }
            end += self.separator.len_utf8();
        }
        self.at = end + 1;
        let text = self.text[start..end].replace('\n', " ");
        if cells.iter().all(Range::is_empty) {
            cells.clear();
        }
        Some(Line {
            text,
            cells,
            place: None,
        })
    }
}

#[cfg(test)]
mod tests;
