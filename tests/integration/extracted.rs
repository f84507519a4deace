//! Files that an extractor reads with the programs of this machine, and reports on them.

use std::sync::Arc;

use clara::analysis::attachments::Extractor;
use clara::analysis::engine::builtin::Builtin;
use clara::analysis::report::Report;
use clara::analysis::{Engines, Watch, analyse};
use clara::domain::clock::{ManualClock, Timestamp};
use clara::domain::evidence::Source;
use clara::domain::submission::{Attachment, Submission};

pub const NOW: Timestamp = Timestamp(1_795_428_000_000);

pub fn attachment(name: &str, bytes: Vec<u8>) -> Attachment {
    Attachment {
        name: name.to_owned(),
        url: None,
        charset: None,
        bytes: bytes.into(),
    }
}

pub async fn read(extractor: &Extractor, name: &str, bytes: Vec<u8>) -> Source {
    let attachment = attachment(name, bytes);
    extractor
        .read(&attachment, "s1".to_owned(), NOW)
        .await
        .unwrap()
}

/// Why something of it was not read, a line each.
pub fn reasons(source: &Source) -> String {
    let reasons = source.unread.iter();
    let reasons: Vec<&str> = reasons.map(|unread| unread.reason.as_str()).collect();
    reasons.join("\n")
}

/// The builtin engine's report on a text beside one file.
pub async fn report_on(extractor: &Extractor, text: &str, file: Attachment) -> Report {
    let submission = Submission {
        text: text.to_owned(),
        attachments: vec![file],
        ..Submission::default()
    };
    let engines = Engines {
        builtin: Arc::new(Builtin),
        model: None,
    };
    let clock = ManualClock::new(NOW);
    let watch = Watch::default();
    let analysed = analyse(&engines, extractor, &clock, &[], submission, watch).await;
    analysed.unwrap().report
}
