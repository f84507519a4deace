//! CSV: each row becomes one sentence, `header: value; header: value.`, on a line of its own, so that a row can be
//! quoted and still says what its numbers mean. It does not calculate: a cell is quoted as it was written.

use crate::attachments::draft::{Draft, Reading};

/// Reads comma-, semicolon-, tab- or bar-separated rows.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut headers: Option<Vec<String>> = None;
    let mut record = csv::StringRecord::new();
    let mut number = 0_u64;
    let mut unreadable = 0_u64;
    while !draft.is_full() {
        match rows.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(_) => {
                unreadable += 1;
                continue;
            }
        }
        number += 1;
        if number == 1 && is_header(&record) {
            headers = Some(record.iter().map(one_line).collect());
            continue;
        }
        draft.line(&sentence(&record, headers.as_deref()));
    }
    if unreadable > 0 {
        draft.unread(
            None,
            format!("{unreadable} rows are broken and were left out."),
        );
    }
    if draft.is_empty()
        && let Some(headers) = headers
    {
        draft.line(&format!("{}.", headers.join("; ")));
    }
    draft.finish()
}

/// The separator that cuts the first lines into the most cells, evenly.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(10)
        .collect();
    [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|candidate| {
            let counts = lines
                .iter()
                .map(|line| line.bytes().filter(|byte| byte == candidate).count());
            let fewest = counts.clone().min().unwrap_or(0);
            // A comma may stand in any cell; one that is in every line separates.
            (fewest, *candidate == b',')
        })
        .unwrap_or(b',')
}

/// Names only: no cell is empty or a number, and none is there twice.
fn is_header(record: &csv::StringRecord) -> bool {
    let mut seen = std::collections::HashSet::new();
    record.iter().all(|cell| {
        let cell = cell.trim();
        !cell.is_empty() && cell.parse::<f64>().is_err() && seen.insert(cell)
    })
}

fn sentence(record: &csv::StringRecord, headers: Option<&[String]>) -> String {
    let cells: Vec<String> = record
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.trim().is_empty())
        .map(|(index, cell)| {
            let value = one_line(cell);
            match headers.and_then(|headers| headers.get(index)) {
                Some(header) => format!("{header}: {value}"),
                None if headers.is_some() => value,
                None => format!("column {}: {value}", index + 1),
            }
        })
        .collect();
    if cells.is_empty() {
        return String::new();
    }
    let mut sentence = cells.join("; ");
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(raw: &str) -> String {
        read(raw, Draft::default()).text
    }

    #[test]
    fn a_row_is_a_sentence_that_says_what_its_numbers_mean() {
        assert_eq!(
            lines("year,vehicles,\"busiest day\"\n1934,\"211,000\",6 August\n1935,,\"a\nb\"\n"),
            "year: 1934; vehicles: 211,000; busiest day: 6 August.\nyear: 1935; busiest day: a b."
        );
    }

    #[test]
    fn other_separators_and_missing_headers_are_seen() {
        assert_eq!(lines("jahr;wert\n1934;2,6\n"), "jahr: 1934; wert: 2,6.");
        assert_eq!(lines("a\tb\n1\t2\n"), "a: 1; b: 2.");
        assert_eq!(
            lines("1934,412\n1935,413\n"),
            "column 1: 1934; column 2: 412.\ncolumn 1: 1935; column 2: 413."
        );
        assert_eq!(lines("a,b\n1,2,3\n"), "a: 1; b: 2; 3.");
        assert_eq!(lines("only,headers\n"), "only; headers.");
    }
}
