//! Text into sentences and claims: they stand in order, within the text, and on the borders of its letters.
#![no_main]

use clara_analysis::claims::{claims, not_checked};
use clara_analysis::language::sentences::sentences;
use clara_domain::text::Text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for sentence in sentences(text) {
        assert!(sentence.bytes.start >= end && sentence.bytes.end <= text.len());
        assert!(text.get(sentence.bytes.clone()).is_some());
        end = sentence.bytes.end;
    }
    let text = Text::new(text.to_owned());
    let _ = claims(&text);
    let _ = not_checked(&text);
});
