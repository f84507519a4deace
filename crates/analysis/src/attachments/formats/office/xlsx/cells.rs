//! The cells of a sheet, walked through once.

use super::super::sheet::{HiddenColumns, LAST_COLUMN, LAST_ROW, Merged, Row, Sheet};
use super::super::xml::{Element, Events, Node};
use super::numbers::Numbers;
use crate::attachments::draft::MAX_CHARACTERS;

/// The most merged areas of a sheet that are looked at.
const MAX_MERGED: usize = 100_000;

/// The texts that cells share.
pub fn shared_strings(text: &str) -> Vec<String> {
    let mut events = Events::new(text);
    let mut strings = Vec::new();
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "si" => strings.push(rich_text(&mut events)),
            Node::End => return strings,
            _ => {}
        }
    }
}

/// The runs of a text, without what tells how it is pronounced.
pub fn rich_text(events: &mut Events) -> String {
    let mut text = String::new();
    let mut depth = 1_usize;
    while depth > 0 {
        match events.next() {
            Node::Open(element) => match element.name() {
                "t" => text.push_str(&events.text_within()),
                "rPh" | "phoneticPr" => events.skip(),
                _ => depth += 1,
            },
            Node::Close => depth -= 1,
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    text
}

/// The areas of cells that are shown as one; they stand behind the cells.
pub fn merged(sheet: &str) -> Vec<Merged> {
    let behind = sheet
        .rfind("sheetData>")
        .map_or(0, |at| at + "sheetData>".len());
    let mut events = Events::new(&sheet[behind..]);
    let mut found = Vec::new();
    loop {
        match events.next() {
            Node::Open(element) if element.name() == "mergeCell" => {
                let area = element.attribute("ref").unwrap_or_default();
                if let Some((from, to)) = area.split_once(':')
                    && let (Some(from), Some(to)) = (position(from), position(to))
                    && from.0 <= to.0
                    && from.1 <= to.1
                    && found.len() < MAX_MERGED
                {
                    found.push(Merged {
                        rows: (from.0, to.0),
                        columns: (from.1, to.1),
                    });
                }
            }
            Node::End => return found,
            _ => {}
        }
    }
}

/// `B12` as row and column, counted from 0.
pub fn position(reference: &str) -> Option<(u32, u32)> {
    let reference = reference.replace('$', "");
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at_checked(digits)?;
    let mut column = 0_u32;
    for letter in letters.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        let place = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(place)?;
    }
    let row = digits.parse::<u32>().ok()?.checked_sub(1)?;
    let column = column.checked_sub(1)?;
    (row <= LAST_ROW && column <= LAST_COLUMN).then_some((row, column))
}

/// The walk through a sheet's cells.
pub struct Cells<'a> {
    strings: &'a [String],
    numbers: &'a Numbers,
    hidden: HiddenColumns,
    characters: usize,
}

impl<'a> Cells<'a> {
    pub fn new(strings: &'a [String], numbers: &'a Numbers) -> Self {
        Self {
            strings,
            numbers,
            hidden: HiddenColumns::default(),
            characters: 0,
        }
    }

    /// Takes what is seen of a sheet.
    pub fn read(mut self, events: &mut Events, sheet: &mut Sheet) {
        let mut next = 0;
        loop {
            match events.next() {
                Node::Open(element) => match element.name() {
                    "col" => self.column(&element, sheet),
                    "row" => {
                        let number = element
                            .number("r")
                            .and_then(|number| u32::try_from(number).ok()?.checked_sub(1))
                            .filter(|number| *number <= LAST_ROW)
                            .unwrap_or(next);
                        next = number.saturating_add(1);
                        if element.is_on("hidden") {
                            sheet.hidden_rows.insert(number);
                            events.skip();
                        } else {
                            self.row(number, events, sheet);
                        }
                        // More than a draft takes need not be kept.
                        if self.characters > MAX_CHARACTERS {
                            return;
                        }
                    }
                    _ => {}
                },
                Node::End => return,
                _ => {}
            }
        }
    }

    fn column(&mut self, element: &Element, sheet: &mut Sheet) {
        let at = |name| {
            let number = u32::try_from(element.number(name)?).ok()?;
            number.checked_sub(1)
        };
        if element.is_on("hidden")
            && let (Some(first), Some(last)) = (at("min"), at("max"))
            // To the end of the sheet is how programs end what is used.
            && last < LAST_COLUMN
        {
            self.hidden.add(first, last.saturating_add(1));
            sheet.hidden_columns = self.hidden.count;
        }
    }

    fn row(&mut self, number: u32, events: &mut Events, sheet: &mut Sheet) {
        let mut cells: Vec<(u32, String)> = Vec::new();
        let mut next = 0;
        loop {
            match events.next() {
                Node::Open(element) if element.name() == "c" => {
                    let reference = element.attribute("r");
                    let at = reference.as_deref().and_then(position);
                    let column = at.map_or(next, |(_, column)| column);
                    next = column.saturating_add(1);
                    let text = self.cell(&element, events, sheet);
                    let is_seen = !self.hidden.contains(column);
                    if is_seen && !text.trim().is_empty() && column <= LAST_COLUMN {
                        self.characters += text.len() + 1;
                        cells.push((column, text));
                    }
                }
                Node::Open(_) => events.skip(),
                Node::Text(_) => {}
                Node::Close | Node::End => break,
            }
        }
        let is_sorted = cells.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if !is_sorted {
            cells.sort_by_key(|(column, _)| *column);
            cells.dedup_by_key(|(column, _)| *column);
        }
        let follows = sheet
            .rows
            .last()
            .is_none_or(|before| before.number < number);
        if !cells.is_empty() && follows {
            sheet.rows.push(Row { number, cells });
        }
    }

    /// What the cell shows.
    fn cell(&self, element: &Element, events: &mut Events, sheet: &mut Sheet) -> String {
        let kind = element.attribute("t").unwrap_or_default();
        let style = element
            .number("s")
            .and_then(|style| u32::try_from(style).ok());
        let mut value = String::new();
        let mut is_formula = false;
        loop {
            match events.next() {
                Node::Open(inner) => match inner.name() {
                    "v" => value = events.text_within(),
                    "is" => value = rich_text(events),
                    "f" => {
                        is_formula = true;
                        events.skip();
                    }
                    _ => events.skip(),
                },
                Node::Text(_) => {}
                Node::Close | Node::End => break,
            }
        }
        if is_formula && value.is_empty() && kind != "str" {
            sheet.without_result += 1;
        }
        match kind.as_str() {
            "s" => {
                let at = value.trim().parse::<usize>().ok();
                let text = at.and_then(|at| self.strings.get(at));
                text.cloned().unwrap_or_default()
            }
            "b" => match value.trim() {
                "1" => "TRUE".to_owned(),
                "0" => "FALSE".to_owned(),
                _ => value,
            },
            "str" | "inlineStr" | "e" => value,
            "d" => value.trim_end_matches("T00:00:00").to_owned(),
            _ => match value.trim().parse::<f64>() {
                Ok(number) => self.numbers.shown(number, style),
                Err(_) => value,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_rows_and_columns() {
        for (reference, expected) in [
            ("A1", Some((0, 0))),
            ("$AB$12", Some((11, 27))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("XFE1", None),
            ("A0", None),
            ("12", None),
            ("ZZZZZZZZ1", None),
            ("é1", None),
            ("", None),
        ] {
            assert_eq!(position(reference), expected, "{reference}");
        }
    }
}
