//! What a sentence states: its words, quantities and times. A time has an order, and a quantity agrees with itself.
#![no_main]

use clara_analysis::statement::Sentence;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let sentence = Sentence::new(text);
    let _ = sentence.words();
    for time in &sentence.times {
        if let Some((first, last)) = time.span() {
            assert!(first <= last, "{time:?}");
        }
    }
});
