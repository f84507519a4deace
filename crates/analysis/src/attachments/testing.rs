//! What tests of readers share.

use super::Reading;
use clara_domain::text::Text;

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
