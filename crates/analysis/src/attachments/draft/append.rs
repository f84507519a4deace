//! A file within a file: its own reading becomes a part of the draft, with every position moved to where its text begins.

use super::{Draft, MAX_LABEL_BYTES, Reading, one_line};
use clara_domain::evidence::{Field, Layout, Place, Record, Unread};
use clara_domain::text::Span;

/// So many parts that were left out are named of one file within a file; of the rest, the number.
const MAX_NAMED: usize = 20;

impl Draft {
    /// Goes on with a reading that was finished; what is added makes blocks of its own.
    pub fn resume(reading: Reading) -> Self {
        let label_bytes = reading
            .places
            .iter()
            .filter_map(|place| place.label.as_ref());
        Self {
            characters: reading.text.chars().count(),
            label_bytes: label_bytes.map(String::len).sum(),
            block_ended: !reading.text.is_empty(),
            reading,
            ..Self::default()
        }
    }

    /// Adds the reading of a part as blocks of their own. Its quotes are found under `label`, and so is what its reader left out:
    /// `file reports/a.csv`. Without a label the part belongs to the place that is begun.
    pub fn append(&mut self, label: &str, part: Reading) {
        let mut left = part.unread;
        let more = left.split_off(left.len().min(MAX_NAMED)).len();
        for unread in left {
            let reason = under(label, &unread.reason);
            self.reading.unread.push(Unread { reason, ..unread });
        }
        if more > 0 {
            self.unread(
                None,
                under(label, &format!("{more} more parts were not read.")),
            );
        }
        if part.text.trim().is_empty() {
            return;
        }
        if label.is_empty() {
            self.separate("\n\n");
        } else {
            self.return_to(label);
        }
        if self.full {
            self.lost += part.text.chars().count();
            return;
        }
        let start = self.characters;
        self.push_clean(&part.text);
        self.append_places(start, label, &part.places);
        self.append_records(start, &part.layouts, part.records);
        self.end_block();
    }

    /// What follows belongs to the part of this name, if it does not already; without a name, to the draft's own text.
    pub fn return_to(&mut self, label: &str) {
        let is_here = match self.reading.places.last() {
            Some(last) => {
                let is_plain = last.page.is_none() && last.seconds.is_none() && !last.is_comment;
                last.label.as_deref().unwrap_or_default() == label && is_plain
            }
            None => label.is_empty(),
        };
        if is_here {
            self.separate("\n\n");
        } else {
            self.named_place(label, "\n\n");
        }
    }

    /// Places of the part keep their page or second, and their name behind the part's own.
    fn append_places(&mut self, start: usize, label: &str, places: &[Place]) {
        for place in places
            .iter()
            .filter(|place| start + place.start < self.characters)
        {
            let label = match &place.label {
                Some(inner) if label.is_empty() => inner.clone(),
                Some(inner) => one_line(&format!("{label}, {inner}")),
                None => label.to_owned(),
            };
            self.label_bytes += label.len();
            let place = Place {
                start: start + place.start,
                label: (!label.is_empty() && self.label_bytes <= MAX_LABEL_BYTES).then_some(label),
                ..place.clone()
            };
            match self.reading.places.last_mut() {
                Some(last) if last.start >= place.start => *last = place,
                _ => self.reading.places.push(place),
            }
        }
    }

    fn append_records(&mut self, start: usize, layouts: &[Layout], records: Vec<Record>) {
        let moved = |span: Span| Span::new(start + span.start, start + span.end);
        let mut positions = Vec::with_capacity(records.len());
        for record in records {
            let parent = record
                .parent
                .and_then(|parent| positions.get(parent).copied().flatten());
            let span = moved(record.span);
            let layout = layouts.get(record.layout);
            let Some(layout) = layout.filter(|_| span.end <= self.characters) else {
                positions.push(None);
                continue;
            };
            let layout = self.layout(layout.clone());
            let fields = record.fields.iter().map(|field| Field {
                name: field.name,
                value: moved(field.value),
            });
            let fields = fields.collect();
            positions.push(self.record(Record {
                layout,
                span,
                row: record.row,
                parent,
                fields,
            }));
        }
    }
}

fn under(label: &str, reason: &str) -> String {
    if label.is_empty() {
        reason.to_owned()
    } else {
        format!("{label}: {reason}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::extractor::is_sound;
    use crate::attachments::formats::csv;
    use crate::attachments::testing::records;

    #[test]
    fn appended_tables_keep_their_rows() {
        let mut draft = Draft::default();
        draft.paragraph("Ägir counted the visitors.");
        for (name, town) in [("a.csv", "Brask"), ("b.csv", "Tolm")] {
            let table = format!("town,visitors\n{town},182\nSkerrow,205\n");
            draft.append(&format!("file {name}"), csv::read(&table, Draft::default()));
        }
        let reading = draft.finish();
        assert!(is_sound(&reading), "{reading:?}");
        let labels: Vec<_> = reading
            .places
            .iter()
            .map(|place| place.label.as_deref())
            .collect();
        assert_eq!(labels, [Some("file a.csv"), Some("file b.csv")]);
        assert_eq!(
            records(&reading),
            [
                "1: town=Brask visitors=182",
                "2: town=Skerrow visitors=205",
                "1: town=Tolm visitors=182",
                "2: town=Skerrow visitors=205"
            ]
        );
    }

    #[test]
    fn appended_parts_name_what_they_left_out() {
        let mut part = Reading::refused("The file is empty.");
        part.unread = vec![part.unread[0].clone(); 30];
        let mut draft = Draft::default();
        draft.append("file b.txt", part);
        let reading = draft.finish();
        assert_eq!(reading.unread.len(), MAX_NAMED + 1);
        assert_eq!(reading.unread[0].reason, "file b.txt: The file is empty.");
        assert!(reading.unread[MAX_NAMED].reason.contains("10 more"));
    }
}
