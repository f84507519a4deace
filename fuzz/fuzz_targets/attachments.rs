//! Files of every kind by their bytes: the first byte chooses the name, the rest is the file. Whatever it is, there is a reading whose
//! places and records lie in its text.
#![no_main]

use clara_analysis::attachments::{MAX_CHARACTERS, read_here};
use clara_domain::submission::supported_extensions;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, file)) = data.split_first() else {
        return;
    };
    let extensions = supported_extensions();
    let extension = extensions[usize::from(*choice) % extensions.len()];
    let reading = read_here(&format!("a.{extension}"), file);
    let characters = reading.text.chars().count();
    assert!(characters <= MAX_CHARACTERS);
    assert!(reading.places.iter().all(|place| place.start < characters));
    assert!(
        reading
            .places
            .is_sorted_by(|one, other| one.start < other.start)
    );
    assert!(!reading.text.is_empty() || !reading.unread.is_empty());
});
