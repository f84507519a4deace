//! What comes of an analysis whose files could not be read: a report all the same, that says so.

use super::*;
use crate::engine::builtin::Builtin;
use clara_domain::clock::{ManualClock, Timestamp};
use clara_domain::verdict::Verdict;

/// Ends before it answers, whatever it is asked, as a child does that was killed.
const DIES: &str = "/usr/bin/false";

#[cfg(unix)]
#[tokio::test]
async fn a_file_whose_reader_dies_is_named_and_the_analysis_goes_on() {
    let file = |name: &str| Attachment {
        name: name.to_owned(),
        url: None,
        bytes: b"The bridge opened in 1933.".as_slice().into(),
    };
    let submission = Submission {
        text: "The bridge opened in 1931.".to_owned(),
        attachments: vec![file("one.txt"), file("two.txt")],
    };
    let clock = ManualClock::new(Timestamp(1_795_428_000_000));
    let (watch, extractor) = (Watch::default(), Extractor::new(DIES.into()));
    let report = analyse(
        Arc::new(Builtin),
        &extractor,
        &clock,
        &[],
        submission,
        watch.clone(),
    );
    let report = report.await.unwrap();
    assert_eq!(report.claims.len(), 1);
    assert_eq!(report.claims[0].verdict, Verdict::NotEnoughEvidence);
    let names: Vec<&str> = report
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    assert_eq!(names, ["one.txt", "two.txt"]);
    for source in &report.sources {
        assert_eq!(source.characters, 0);
        let reason = &source.unread[0].reason;
        assert!(reason.contains("more time or memory"), "{reason}");
    }
    assert!(watch.progress.load(Ordering::Relaxed) >= JUDGED);
}
