//! Tables as text: the first byte chooses the kind. Each value of a record lies within it, and each has a name.
#![no_main]

use clara_analysis::attachments::read_here;
use libfuzzer_sys::fuzz_target;

const KINDS: [&str; 6] = ["a.csv", "a.txt", "a.md", "a.html", "a.json", "a.xml"];

fuzz_target!(|data: &[u8]| {
    let Some((choice, table)) = data.split_first() else {
        return;
    };
    let reading = read_here(KINDS[usize::from(*choice) % KINDS.len()], table);
    let characters = reading.text.chars().count();
    for (at, record) in reading.records.iter().enumerate() {
        assert!(record.span.start <= record.span.end && record.span.end <= characters);
        assert!(record.parent.is_none_or(|parent| parent < at));
        let names = reading.layouts[record.layout].names.len();
        for field in &record.fields {
            assert!(field.name < names);
            assert!(field.value.start >= record.span.start && field.value.end <= record.span.end);
        }
    }
});
