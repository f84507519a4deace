//! A claim against a source, with the builtin engine: the claim stands before the first line break, the source after it. Quotes stand in
//! the source.
#![no_main]

use clara_analysis::engine::builtin::Builtin;
use clara_analysis::pipeline::{Control, weigh};
use clara_domain::clock::Timestamp;
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::text::Text;
use libfuzzer_sys::fuzz_target;

fn source(id: &str, text: &str) -> Source {
    Source {
        id: id.to_owned(),
        kind: SourceKind::Attachment,
        name: "a.txt".to_owned(),
        title: None,
        url: None,
        publisher: None,
        published_at: None,
        retrieved_at: Timestamp(0),
        sha256: String::new(),
        text: Text::new(text.to_owned()),
        language: None,
        places: Vec::new(),
        records: Vec::new(),
        layouts: Vec::new(),
        read: None,
        unread: Vec::new(),
    }
}

fuzz_target!(|data: &str| {
    let (claim, evidence) = data.split_once('\n').unwrap_or((data, data));
    let submission = source(Source::SUBMISSION, claim);
    let evidence = source("s1", evidence);
    let weighed = weigh(&submission, &[evidence], &Builtin, Control::NONE);
    for claim in &weighed.claims {
        let confidence = claim.judgement.confidence;
        assert!((0.0..=1.0).contains(&confidence), "{confidence}");
    }
});
