//! What tests of readers share.

use super::Reading;
use crate::engine::builtin::Builtin;
use crate::pipeline::{Control, weigh};
use clara_domain::clock::Timestamp;
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::text::Text;
use clara_domain::verdict::Verdict;

/// Each record as `under / under / row: name=value name=value`.
pub fn records(reading: &Reading) -> Vec<String> {
    let text = Text::new(reading.text.clone());
    let record = |record: &clara_domain::evidence::Record| {
        let layout = &reading.layouts[record.layout];
        let under = layout.under.iter().map(|name| [name, " / "].concat());
        let row = record.row.map(|row| format!("{row}:"));
        let fields = record.fields.iter().map(|field| {
            let value = text.slice(field.value);
            format!(" {}={value}", layout.names[field.name])
        });
        under.chain(row).chain(fields).collect()
    };
    reading.records.iter().map(record).collect()
}

/// What the builtin engine says of one claim against a reading.
pub fn verdict(claim: &str, name: &str, reading: &Reading) -> Verdict {
    let source = |id: &str, text: String| Source {
        id: id.to_owned(),
        kind: SourceKind::Attachment,
        name: name.to_owned(),
        title: None,
        url: None,
        publisher: None,
        published_at: None,
        retrieved_at: Timestamp(0),
        sha256: String::new(),
        text: Text::new(text),
        language: None,
        places: Vec::new(),
        records: Vec::new(),
        layouts: Vec::new(),
        read: None,
        unread: Vec::new(),
    };
    let submission = source(Source::SUBMISSION, claim.to_owned());
    let evidence = Source {
        title: reading.title.clone(),
        places: reading.places.clone(),
        records: reading.records.clone(),
        layouts: reading.layouts.clone(),
        ..source("s1", reading.text.clone())
    };
    let weighed = weigh(&submission, &[evidence], &Builtin, Control::NONE);
    let first = weighed.claims.first();
    first.map_or(Verdict::NotEnoughEvidence, |claim| claim.judgement.verdict)
}
