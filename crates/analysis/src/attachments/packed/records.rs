//! Each record as a list of numbers.

use serde::de::Error as _;
use serde::ser::SerializeSeq as _;
use serde::{Deserialize as _, Deserializer, Serializer};

use clara_domain::evidence::{Field, Record};
use clara_domain::text::Span;

/// Numbers before a record's fields.
const HEAD: usize = 5;

/// Writes each record as `[layout, start, length, row, parent]` and `[name, start, length]` for each field; row and parent are
/// one more than they are, 0 where there is none; a field's start is counted from its record's.
pub fn serialize<S: Serializer>(records: &[Record], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(records.len()))?;
    for record in records {
        let mut numbers = vec![
            record.layout,
            record.span.start,
            record.span.len(),
            record.row.map_or(0, |row| row as usize + 1),
            record.parent.map_or(0, |parent| parent + 1),
        ];
        for field in &record.fields {
            numbers.extend([
                field.name,
                field.value.start - record.span.start.min(field.value.start),
                field.value.len(),
            ]);
        }
        list.serialize_element(&numbers)?;
    }
    list.end()
}

/// Reads what [`serialize`] wrote. Whether the positions make sense is checked with the whole reading.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Record>, D::Error> {
    let lists = Vec::<Vec<usize>>::deserialize(deserializer)?;
    lists
        .into_iter()
        .map(|numbers| record(&numbers).ok_or_else(|| D::Error::custom("not a record")))
        .collect()
}

fn record(numbers: &[usize]) -> Option<Record> {
    let (head, fields) = numbers.split_at_checked(HEAD)?;
    let &[layout, start, length, row, parent] = head else {
        return None;
    };
    let row = match row.checked_sub(1) {
        Some(row) => Some(u32::try_from(row).ok()?),
        None => None,
    };
    let fields = fields.chunks(3).map(|field| {
        let &[name, at, length] = field else {
            return None;
        };
        let at = start.checked_add(at)?;
        Some(Field {
            name,
            value: Span::new(at, at.checked_add(length)?),
        })
    });
    Some(Record {
        layout,
        span: Span::new(start, start.checked_add(length)?),
        row,
        parent: parent.checked_sub(1),
        fields: fields.collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::Reading;

    #[test]
    fn records_come_back_as_they_were_sent() {
        let record = |row, parent| Record {
            layout: 2,
            span: Span::new(10, 40),
            row,
            parent,
            fields: vec![
                Field {
                    name: 0,
                    value: Span::new(10, 14),
                },
                Field {
                    name: 3,
                    value: Span::new(20, 40),
                },
            ],
        };
        let reading = Reading {
            records: vec![record(None, None), record(Some(7), Some(0))],
            ..Reading::default()
        };
        let sent = serde_json::to_string(&reading).unwrap();
        assert!(sent.contains("[2,10,30,8,1,0,0,4,3,10,20]"), "{sent}");
        assert_eq!(serde_json::from_str::<Reading>(&sent).unwrap(), reading);
    }

    #[test]
    fn a_record_cut_short_is_refused() {
        assert!(record(&[0, 1, 2, 0]).is_none());
        assert!(record(&[0, 1, 2, 0, 0, 1, 1]).is_none());
        assert!(record(&[0, usize::MAX, 2, 0, 0]).is_none());
    }
}
