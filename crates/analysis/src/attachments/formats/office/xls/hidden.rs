//! Which rows and columns of an old workbook nobody sees: `office_oxide` reads them all and does not say.

use std::collections::{HashMap, HashSet};
use std::io::Cursor;

use office_oxide::cfb::CfbReader;

use super::super::sheet::{HiddenColumns, LAST_ROW};

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const COLUMNS: u16 = 0x007d;

/// What is hidden on a sheet.
#[derive(Debug, Default)]
pub struct Hidden {
    pub rows: HashSet<u32>,
    pub columns: HiddenColumns,
}

/// What is hidden, by the names of the sheets.
pub fn hidden(bytes: &[u8]) -> HashMap<String, Hidden> {
    let mut found = HashMap::new();
    let Ok(mut reader) = CfbReader::new(Cursor::new(bytes)) else {
        return found;
    };
    let Ok(stream) = reader.open_stream("Workbook") else {
        return found;
    };
    let mut sheets = Vec::new();
    for (kind, data) in Records::at(&stream, 0) {
        match kind {
            SHEET => sheets.extend(sheet(data)),
            END => break,
            _ => {}
        }
    }
    for (name, start) in sheets {
        found.insert(name, of_sheet(&stream, start));
    }
    found
}

fn of_sheet(stream: &[u8], start: usize) -> Hidden {
    let mut hidden = Hidden::default();
    let mut depth = 0_usize;
    for (kind, data) in Records::at(stream, start) {
        match kind {
            // A chart on the sheet is a part of its own.
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            ROW if depth == 1 => {
                let flags = number(data, 12).unwrap_or(0);
                if flags & 0x20 != 0
                    && let Some(row) = number(data, 0)
                    && u32::from(row) <= LAST_ROW
                {
                    hidden.rows.insert(row.into());
                }
            }
            COLUMNS if depth == 1 => {
                let flags = number(data, 8).unwrap_or(0);
                if flags & 1 != 0
                    && let (Some(first), Some(last)) = (number(data, 0), number(data, 2))
                    // To the end of the sheet is how programs end what is used.
                    && last < 255
                {
                    hidden.columns.add(first.into(), u32::from(last) + 1);
                }
            }
            _ => {}
        }
    }
    hidden
}

/// A sheet's name and where it begins.
fn sheet(data: &[u8]) -> Option<(String, usize)> {
    let start = u32::from_le_bytes(data.get(..4)?.try_into().ok()?);
    let length = usize::from(*data.get(6)?);
    let is_wide = data.get(7)? & 1 != 0;
    let name = if is_wide {
        let units = data.get(8..8 + length * 2)?.chunks_exact(2);
        let units: Vec<u16> = units.filter_map(|pair| number(pair, 0)).collect();
        String::from_utf16_lossy(&units)
    } else {
        let letters = data.get(8..8 + length)?.iter();
        letters.map(|letter| char::from(*letter)).collect()
    };
    Some((name, usize::try_from(start).ok()?))
}

fn number(data: &[u8], at: usize) -> Option<u16> {
    let pair = data.get(at..at + 2)?.try_into().ok()?;
    Some(u16::from_le_bytes(pair))
}

/// The records of a stream.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn at(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = number(self.stream, self.at)?;
        let length = usize::from(number(self.stream, self.at + 2)?);
        let start = self.at + 4;
        let data = self.stream.get(start..start.checked_add(length)?)?;
        self.at = start + length;
        Some((kind, data))
    }
}
