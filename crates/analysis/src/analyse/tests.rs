//! What comes of an analysis whose files could not be read: a report all the same, that says so.

use super::*;
use crate::engine::builtin::Builtin;
use clara_domain::clock::{ManualClock, Timestamp};
use clara_domain::verdict::Verdict;
use std::sync::mpsc;

fn builtin() -> Engines {
    Engines {
        builtin: Arc::new(Builtin),
        model: None,
    }
}

/// Ends before it answers, whatever it is asked, as a child does that was killed.
const DIES: &str = "/usr/bin/false";

#[cfg(unix)]
#[tokio::test]
async fn a_file_whose_reader_dies_is_named_and_the_analysis_goes_on() {
    let file = |name: &str| Attachment {
        name: name.to_owned(),
        url: None,
        charset: None,
        bytes: b"The bridge opened in 1933.".as_slice().into(),
    };
    let submission = Submission {
        text: "The bridge opened in 1931.".to_owned(),
        attachments: vec![file("one.txt"), file("two.txt")],
        ..Submission::default()
    };
    let clock = ManualClock::new(Timestamp(1_795_428_000_000));
    let (watch, extractor) = (Watch::default(), Extractor::new(DIES.into()));
    let engines = builtin();
    let report = analyse(&engines, &extractor, &clock, &[], submission, watch.clone());
    let report = report.await.unwrap().report;
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

#[tokio::test]
async fn an_interrupted_analysis_reads_no_file() {
    let submission = Submission {
        text: "The bridge opened in 1931.".to_owned(),
        attachments: vec![Attachment {
            name: "one.txt".to_owned(),
            url: None,
            charset: None,
            bytes: b"The bridge opened in 1933.".as_slice().into(),
        }],
        ..Submission::default()
    };
    let clock = ManualClock::new(Timestamp(0));
    let (watch, extractor) = (Watch::default(), Extractor::new(DIES.into()));
    watch.interrupted.store(true, Ordering::Relaxed);
    let engines = builtin();
    let report = analyse(&engines, &extractor, &clock, &[], submission, watch);
    assert!(matches!(report.await, Err(Interrupted::Asked)));
}

/// What comes of a submission with claims of the sender's own and one file that cannot be read.
async fn handed_in(text: &str, claims: &[&str], context: Option<&str>) -> Report {
    let submission = Submission {
        text: text.to_owned(),
        attachments: Vec::new(),
        claims: claims.iter().map(|claim| (*claim).to_owned()).collect(),
        context: context.map(str::to_owned),
        check: None,
    };
    let clock = ManualClock::new(Timestamp(0));
    let (engines, extractor) = (builtin(), Extractor::new(DIES.into()));
    let watch = Watch::default();
    let analysed = analyse(&engines, &extractor, &clock, &[], submission, watch);
    analysed.await.unwrap().report
}

#[tokio::test]
async fn claims_handed_in_are_the_only_ones() {
    let text = "The bridge is old. It opened in 1931. Please read on.";
    let report = handed_in(text, &["It opened in 1931.", "The toll is 2 euros."], None).await;
    let claims: Vec<(&str, usize)> = report
        .claims
        .iter()
        .map(|claim| (claim.text.as_str(), claim.start))
        .collect();
    // The second is not in the text, which goes on with it after a blank line.
    let after = text.len() + 2;
    assert_eq!(
        claims,
        [("It opened in 1931.", 19), ("The toll is 2 euros.", after)]
    );
    let left: Vec<&str> = report
        .not_checked
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    assert_eq!(left, ["The bridge is old.", "Please read on."]);
}

#[tokio::test]
async fn a_context_line_is_read_and_never_quoted() {
    let context = "We are Ardmoor Ltd. Written on 3 May 2024 in Bergen.";
    let report = handed_in("We employ 413 people here.", &[], Some(context)).await;
    let claim = &report.claims[0];
    assert_eq!(claim.text, "We employ 413 people here.");
    assert_eq!(
        claim.standalone.as_deref(),
        Some("Ardmoor Ltd employ 413 people in Bergen.")
    );
    assert!(claim.evidence.is_empty());
}

#[test]
fn common_words_are_said_in_the_limits() {
    assert_eq!(not_looked_up(0), None);
    let limit = not_looked_up(3).unwrap();
    assert_eq!(limit.what, "words");
    assert!(limit.reason.contains(": 3."), "{}", limit.reason);
    let text = "The bridge is long. ".repeat(2_000);
    let source = submitted(
        Text::new(format!("{text}The bridge has a toll.")),
        Timestamp(0),
    );
    let claim = submitted("The bridge has a toll.".into(), Timestamp(0));
    let weighed = pipeline::weigh(&claim, &[source], &Builtin, Control::NONE);
    assert_eq!(weighed.skipped_words, 1);
}

/// What no analysis gets through soon: 100 KB of sentences that share words with everything in 10 MB of text.
fn hostile() -> (Source, Vec<Source>) {
    let sentence = |number: usize| {
        let word = |step: usize| format!("word{}", (number * step) % 997);
        let [one, two, three] = [word(7), word(31), word(131)];
        format!("The {one} of the {two} was given {number} {three} in 1931. ")
    };
    let text = |bytes: usize| -> String {
        let mut text = String::with_capacity(bytes + 100);
        let mut sentences = (0..).map(sentence);
        while text.len() < bytes {
            text.push_str(&sentences.next().unwrap_or_default());
        }
        text
    };
    let file = |number: usize| Source {
        id: format!("s{number}"),
        kind: SourceKind::Attachment,
        ..submitted(Text::new(text(2_000_000)), Timestamp(0))
    };
    (
        submitted(Text::new(text(100_000)), Timestamp(0)),
        (1..=5).map(file).collect(),
    )
}

#[test]
fn a_hostile_analysis_ends_within_a_second() {
    let (submission, sources) = hostile();
    // The beginning of each part, and far into it: finding claims, splitting and indexing files.
    for wait in [1, 200, 1_500, 6_000] {
        let flag = Arc::new(AtomicBool::new(false));
        let (told, ended) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let weighed = interruptible(&flag, || {
                    pipeline::weigh(&submission, &sources, &Builtin, Control::NONE)
                });
                told.send(weighed.is_err()).unwrap();
            });
            if ended.recv_timeout(Duration::from_millis(wait)).is_ok() {
                // A fast machine is done before it could be interrupted.
                return;
            }
            flag.store(true, Ordering::Relaxed);
            let interrupted = ended.recv_timeout(Duration::from_secs(1));
            assert!(interrupted.is_ok(), "after {wait} ms");
        });
    }
}

#[test]
fn judging_ends_within_a_second() {
    let (submission, sources) = hostile();
    let sources = [Source {
        text: Text::new(sources[0].text.as_str().get(..50_000).unwrap_or_default()),
        ..sources[0].clone()
    }];
    let flag = Arc::new(AtomicBool::new(false));
    let (told, began) = mpsc::channel();
    std::thread::scope(|scope| {
        let working = scope.spawn(|| {
            let control = Control {
                progress: &|done, _| told.send(done).unwrap_or_default(),
                is_cancelled: &|| false,
            };
            interruptible(&flag, || {
                pipeline::weigh(&submission, &sources, &Builtin, control)
            })
        });
        while began.recv().unwrap() < 2 {}
        flag.store(true, Ordering::Relaxed);
        let set = Instant::now();
        assert!(working.join().unwrap().is_err());
        assert!(set.elapsed() < Duration::from_secs(1));
    });
}

#[tokio::test(start_paused = true)]
async fn a_cancel_ends_the_asking_within_a_second() {
    use crate::asking::tests::{CLAIMS, SOURCE, made, slow_engine};

    let (report, material) = made(CLAIMS, SOURCE);
    let claims = report.claims.len();
    let analysed = Analysed {
        report,
        material: Arc::unwrap_or_clone(material),
    };
    let (watch, wanted) = (Watch::default(), Duration::from_secs(3));
    let flag = watch.interrupted.clone();
    tokio::spawn(async move {
        tokio::time::sleep(wanted).await;
        flag.store(true, Ordering::Relaxed);
    });
    let began = tokio::time::Instant::now();
    let ended = ask(&Session::new(slow_engine()), analysed, &watch).await;
    assert!(matches!(ended, Err(Interrupted::Asked)));
    let took = began.elapsed();
    assert!(
        took >= wanted && took < wanted + Duration::from_secs(1),
        "{took:?}"
    );
    assert!(watch.progress.load(Ordering::Relaxed) >= ASKING);
    let told = watch.claims.get().unwrap();
    assert_eq!(usize::try_from(told.total).unwrap(), claims);
    assert!(told.judged < told.total, "{told}");
}
