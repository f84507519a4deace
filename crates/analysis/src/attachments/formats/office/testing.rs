//! Office documents made in tests: archives with parts of a few lines.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::attachments::{Reading, read_here};

/// An archive of these parts.
pub fn archive<N: AsRef<str>, T: AsRef<[u8]>>(parts: &[(N, T)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default();
        writer.start_file(name.as_ref(), options).unwrap();
        writer.write_all(content.as_ref()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A list of relations: identifier, kind, target.
pub fn relations(list: &[(&str, &str, &str)]) -> String {
    let all: Vec<String> = list
        .iter()
        .map(|(id, kind, target)| {
            let mode = if target.contains("://") {
                " TargetMode=\"External\""
            } else {
                ""
            };
            format!(
                "<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"{mode}/>"
            )
        })
        .collect();
    format!("<Relationships>{}</Relationships>", all.concat())
}

/// An Office Open XML package with a main part of this type, and other parts.
pub fn package(kind: &str, main: (&str, &str), others: &[(&str, &str)]) -> Vec<u8> {
    let types = format!(
        "<Types><Override PartName=\"/{}\" ContentType=\"application/vnd.openxmlformats-officedocument.{kind}.main+xml\"/></Types>",
        main.0
    );
    let root = relations(&[("rId1", "officeDocument", main.0)]);
    let mut parts = vec![
        ("[Content_Types].xml", types.as_str()),
        ("_rels/.rels", root.as_str()),
        main,
    ];
    parts.extend(others);
    archive(&parts)
}

/// What a file of this name reads as.
pub fn read(name: &str, bytes: &[u8]) -> Reading {
    let reading = read_here(name, bytes);
    assert!(crate::attachments::extractor::is_sound(&reading));
    reading
}

/// The reasons for what was not read.
pub fn unread(reading: &Reading) -> String {
    let reasons: Vec<&str> = reading
        .unread
        .iter()
        .map(|part| part.reason.as_str())
        .collect();
    reasons.join("\n")
}

/// The names of the parts, each with the text that begins there.
pub fn parts(reading: &Reading) -> Vec<(String, String)> {
    let characters: Vec<char> = reading.text.chars().collect();
    let ends = reading.places.iter().skip(1).map(|place| place.start);
    let ends = ends.chain([characters.len()]);
    let places = reading.places.iter().zip(ends);
    places
        .map(|(place, end)| {
            let text: String = characters[place.start..end].iter().collect();
            (
                place.label.clone().unwrap_or_default(),
                text.trim().to_owned(),
            )
        })
        .collect()
}

/// Rows as (names of their cells, cells), parted by bars.
pub fn rows(reading: &Reading) -> Vec<(String, String)> {
    let text = clara_domain::text::Text::new(reading.text.clone());
    let records = reading.records.iter();
    records
        .map(|record| {
            let names = &reading.layouts[record.layout].names;
            let heads: Vec<&str> = record
                .fields
                .iter()
                .map(|f| names[f.name].as_str())
                .collect();
            let cells: Vec<&str> = record.fields.iter().map(|f| text.slice(f.value)).collect();
            (heads.join("|"), cells.join("|"))
        })
        .collect()
}

/// The file with a part of it changed or missing, in 200 ways: each must have a sound answer.
pub fn break_in_many_ways(name: &str, bytes: &[u8]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % most.max(1) as u64).unwrap()
    };
    for round in 0..200 {
        let mut broken = bytes.to_vec();
        match round % 4 {
            0 => broken.truncate(next(bytes.len())),
            1 => {
                for _ in 0..=next(8) {
                    let at = next(broken.len());
                    broken[at] ^= 1 << next(8);
                }
            }
            2 => {
                let (from, to) = (next(broken.len()), next(broken.len()));
                let (from, to) = (from.min(to), from.max(to));
                broken.drain(from..to);
            }
            _ => {
                let at = next(broken.len());
                let byte = u8::try_from(next(256)).unwrap();
                let length = 1 + next(16);
                broken.splice(at..at, std::iter::repeat_n(byte, length));
            }
        }
        read(name, &broken);
    }
}

/// The same of what stands in the parts, so that the archive around them is sound.
pub fn break_parts_in_many_ways(name: &str, parts: &[(String, String)]) {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % most.max(1) as u64).unwrap()
    };
    let signs = [
        "<",
        ">",
        "/",
        "\"",
        "=",
        "&",
        "9999999999",
        "-1",
        "\u{0}",
        "é",
        "]]>",
        "<!--",
    ];
    for _ in 0..200 {
        let mut broken = parts.to_vec();
        let part = next(broken.len());
        let text = &mut broken[part].1;
        for _ in 0..=next(3) {
            let from = text.floor_char_boundary(next(text.len()));
            let to = text.ceil_char_boundary((from + next(12)).min(text.len()));
            text.replace_range(from..to, signs[next(signs.len())]);
        }
        read(name, &archive(&broken));
    }
}
