//! Files are read in a child process that can do nothing else: every attempt to break out is contained, and whatever
//! happens to the child, the caller gets an answer in time.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clara::analysis::attachments::child::{Header, Job, Misbehaviour};
use clara::analysis::attachments::{ExtractionError, Extractor};
use clara::analysis::engine::builtin::Builtin;
use clara::analysis::{Engines, Interrupted, Watch, analyse};
use clara::domain::clock::{ManualClock, Timestamp};
use clara::domain::evidence::{Source, SourceKind};
use clara::domain::submission::{Attachment, Submission};

const NOW: Timestamp = Timestamp(1_795_428_000_000);

fn extractor() -> Extractor {
    Extractor::new(clara_test_support::clara())
}

fn attachment(name: &str, bytes: &[u8]) -> Attachment {
    Attachment {
        name: name.to_owned(),
        url: None,
        charset: None,
        bytes: bytes.into(),
    }
}

async fn read(name: &str, bytes: &[u8]) -> Source {
    extractor()
        .read(&attachment(name, bytes), "s1".to_owned(), NOW)
        .await
        .unwrap()
}

async fn misbehave(extractor: &Extractor, how: Misbehaviour) -> Result<String, ExtractionError> {
    let header = Header {
        name: String::new(),
        charset: None,
        length: 0,
        job: Job::Misbehave(how),
        allow_unconfined: false,
    };
    extractor
        .ask(&header, &[])
        .await
        .map(|answer| answer.reading.text)
}

#[tokio::test]
async fn a_file_becomes_a_source_with_its_digest() {
    let source = read("note.txt", b"The bridge was opened in May 1933.").await;
    assert_eq!(source.text.as_str(), "The bridge was opened in May 1933.");
    assert_eq!(
        (source.kind, source.id.as_str()),
        (SourceKind::Attachment, "s1")
    );
    assert_eq!(
        source.sha256,
        "eb0dd173b9c068aa99d652d25984f54c37b37b2ab9bd42f7b1a7561146bce04e"
    );
    assert!(source.unread.is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_a_source_that_says_why() {
    let source = read("report.txt", b"PK\x03\x04\x14\0\0\0\x08\0").await;
    assert!(source.text.is_empty());
    assert_eq!(source.unread[0].page, None);
    assert!(source.unread[0].reason.contains("is a zip archive"));
    assert!(source.unread[1].reason.contains("damaged"));
}

/// A Word document of one sentence.
const DOCX: &str = "\
    UEsDBBQAAAAIAAAAIVBNmRKNRgAAAEsAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbLMJqSxILbaz8S9LLSrKTElVcM7PK0nNKwEJ2yqV5xelFB\
    TlJ6cWF2fmpefm6KXkJ5fmAqX1chMz87QrcnOU9O1s9CFmAABQSwMEFAAAAAgAAAAhUCdy+RRHAAAAXAAAAAsAAABfcmVscy8ucmVsc7MJSs1J\
    LMnMzyvOyCwotrNB5ip4ptgqJSophFQWpNoqVejnp6VlJqe65CeX5qbmlQDFE4vSU0tslVL0KnJzlPTtbPRRDQMAUEsDBBQAAAAIAAAAIVA3W0\
    z8TQAAAFkAAAAFAAAAZC54bWyzSclPLs1NzSuxs0nKT6m0symwsymysymxC8lIVUgqykxJT1UoTyxWyC9IzUtNUcjMU/BNrFQwtDQ21rPRB2rS\
    ByrWB+rRh+jWhxsHAFBLAQIUAxQAAAAIAAAAIVBNmRKNRgAAAEsAAAATAAAAAAAAAAAAAACAAQAAAABbQ29udGVudF9UeXBlc10ueG1sUEsBAh\
    QDFAAAAAgAAAAhUCdy+RRHAAAAXAAAAAsAAAAAAAAAAAAAAIABdwAAAF9yZWxzLy5yZWxzUEsBAhQDFAAAAAgAAAAhUDdbTPxNAAAAWQAAAAUA\
    AAAAAAAAAAAAAIAB5wAAAGQueG1sUEsFBgAAAAADAAMArQAAAFcBAAAAAA==";

#[tokio::test]
async fn office_documents_are_read_in_the_child() {
    use base64::Engine as _;
    let docx = base64::engine::general_purpose::STANDARD
        .decode(DOCX)
        .unwrap();
    for (name, bytes) in [
        ("a.docx", docx.as_slice()),
        (
            "a.rtf",
            br"{\rtf1 The bridge was opened in May 1933.}".as_slice(),
        ),
    ] {
        let source = read(name, bytes).await;
        assert_eq!(source.text.as_str(), "The bridge was opened in May 1933.");
        assert!(source.unread.is_empty(), "{:?}", source.unread);
    }
}

#[tokio::test]
async fn signatures_are_checked_in_the_child() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/crates/analysis/tests/fixtures/content_credentials"
    );
    for name in [
        "made_by_ai.jpg",
        "edited.png",
        "captured.webp",
        "edited.tif",
        "made_by_ai.heic",
        "edited.mp4",
    ] {
        let bytes = std::fs::read(format!("{folder}/{name}")).unwrap();
        let source = read(name, &bytes).await;
        let text = source.text.as_str();
        assert!(text.contains("content credentials are valid"), "{text}");
    }
}

#[tokio::test]
async fn the_limits_that_are_promised_hold_here() {
    let limits = extractor().sandbox_report().await.unwrap();
    assert!(
        limits
            .iter()
            .any(|limit| limit.what.starts_with("30 s in all"))
    );
    if cfg!(target_os = "linux") {
        for promised in [
            "512 MB",
            "20 s of processor",
            "16 descriptors",
            "no core",
            "seccomp",
        ] {
            let limit = limits
                .iter()
                .find(|limit| limit.what.contains(promised))
                .unwrap();
            assert!(limit.holds, "{}", limit.what);
        }
    }
    println!("{limits:#?}");
}

#[tokio::test]
async fn the_childs_environment_is_empty_but_for_caps() {
    let said = misbehave(&extractor(), Misbehaviour::SayEnvironment)
        .await
        .unwrap();
    assert_eq!(
        said,
        "done: MIMALLOC_ARENA_RESERVE PDF_OXIDE_MAX_DECOMPRESS_MB"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn files_sockets_programs_threads_and_signals_are_refused() {
    for how in [
        Misbehaviour::ReadFile,
        Misbehaviour::WriteFile,
        Misbehaviour::Connect,
        Misbehaviour::StartProgram,
        Misbehaviour::StartThread,
        Misbehaviour::KillParent,
    ] {
        let said = misbehave(&extractor(), how).await.unwrap();
        assert!(said.starts_with("refused: "), "{how:?}: {said}");
    }
}

#[tokio::test]
async fn a_child_that_hangs_is_killed_in_time() {
    for how in [Misbehaviour::Spin, Misbehaviour::Sleep] {
        let began = Instant::now();
        let extractor = extractor().with_timeout(Duration::from_secs(1));
        let error = misbehave(&extractor, how).await.unwrap_err();
        assert!(
            matches!(error, ExtractionError::Killed("took too long")),
            "{error}"
        );
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "spins for the 20 s of processor time that are allowed"]
async fn a_child_that_spins_is_killed_by_its_own_limit() {
    let extractor = extractor().with_timeout(Duration::from_mins(5));
    let error = misbehave(&extractor, Misbehaviour::Spin).await.unwrap_err();
    assert!(matches!(error, ExtractionError::Killed(_)), "{error}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_child_that_takes_memory_or_stack_or_panics_ends_alone() {
    for how in [
        Misbehaviour::Allocate,
        Misbehaviour::Recurse,
        Misbehaviour::Panic,
    ] {
        let error = misbehave(&extractor(), how).await.unwrap_err();
        assert!(
            matches!(error, ExtractionError::Killed(_)),
            "{how:?}: {error}"
        );
    }
}

#[tokio::test]
async fn a_child_that_floods_its_pipe_is_cut_off() {
    let error = misbehave(&extractor(), Misbehaviour::Flood)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ExtractionError::Killed("said too much")),
        "{error}"
    );
}

/// Interrupted while it reads the first file, and when all are read.
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_analysis_ends_within_a_second() {
    let mut text = String::new();
    while text.len() < 2_000_000 {
        let number = text.len();
        writeln!(text, "The pier of span {number} was built in 1931.").unwrap();
    }
    for percent in [0, 6, 30] {
        let file = |number: u8| attachment(&format!("{number}.txt"), text.as_bytes());
        let submission = Submission {
            text: text[..100_000].to_owned(),
            attachments: (1..=5).map(file).collect(),
            ..Submission::default()
        };
        let watch = Watch::default();
        let watched = watch.clone();
        let working = tokio::spawn(async move {
            let clock = ManualClock::new(NOW);
            let engines = Engines {
                builtin: Arc::new(Builtin),
                model: None,
            };
            analyse(&engines, &extractor(), &clock, &[], submission, watch).await
        });
        while watched.progress.load(Ordering::Relaxed) < percent {
            tokio::task::yield_now().await;
        }
        watched.interrupted.store(true, Ordering::Relaxed);
        let began = Instant::now();
        let ended = working.await.unwrap();
        assert!(matches!(ended, Err(Interrupted::Asked)), "{percent}");
        assert!(began.elapsed() < Duration::from_secs(1), "{percent}");
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_no_fault_of_the_file() {
    let extractor = Extractor::new(PathBuf::from("/nowhere/clara"));
    let error = extractor
        .read(&attachment("a.txt", b"text"), "s1".to_owned(), NOW)
        .await
        .unwrap_err();
    assert!(matches!(error, ExtractionError::NotStarted(_)), "{error}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_child_dies_with_the_interest_in_it() {
    let extractor = extractor();
    let waiting = misbehave(&extractor, Misbehaviour::Sleep);
    assert!(
        tokio::time::timeout(Duration::from_millis(700), waiting)
            .await
            .is_err()
    );
    let ours = std::process::id().to_string();
    for _ in 0..400 {
        if children_of(&ours).is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a child lives on: {:?}", children_of(&ours));
}

/// Children asked to extract that are asleep, by `/proc`: those of other tests are about to end by themselves.
#[cfg(target_os = "linux")]
fn children_of(parent: &str) -> Vec<String> {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter_map(|entry| {
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            let mut fields = stat.rsplit_once(") ")?.1.split(' ');
            let (state, owner) = (fields.next()?, fields.next()?);
            (owner == parent && state == "S").then_some(stat)
        })
        .collect()
}
