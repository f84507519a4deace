//! What is said in recordings is heard by a recogniser, and quoted with its second. The recordings are made by
//! `tests/fixtures/recordings/make`, the recogniser is a process of its own.

mod film;
mod lies;
mod set_up;
mod whisper;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use clara::analysis::attachments::{Extractor, Hearing};
use clara::analysis::report::Report;
use clara::domain::evidence::{ReadBy, Source};
use clara::domain::randomness::SystemRandomness;
use clara::domain::verdict::Verdict;
use clara_fake_transcriber::{Fake, SENTENCES, serve_if_asked};
use clara_models::{RetryPolicy, Transcriber, TranscriberOptions};
use clara_test_support::parts::are_installed;
use clara_test_support::root;

use crate::extracted::{self, attachment, read, reasons};

const KEY: &str = "sk-test-8899aabbccddeeff";

/// Not a test of its own: the process that the others ask.
#[test]
fn transcriber_process() {
    serve_if_asked();
}

fn start() -> Fake {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Fake::start("recordings::transcriber_process")
}

async fn report_on(extractor: &Extractor, text: &str, file: &str) -> Report {
    extracted::report_on(extractor, text, attachment(file, fixture(file))).await
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/fixtures/recordings").join(name)).unwrap()
}

/// One that has the fake hear recordings.
fn extractor(fake: &Fake, model: &str) -> Extractor {
    let transcriber = Transcriber::new(TranscriberOptions {
        url: fake.url.parse().unwrap(),
        model: model.to_owned(),
        api_key: Some(KEY.into()),
        call_timeout: Duration::from_secs(3),
        retry: RetryPolicy::default(),
        randomness: Arc::new(SystemRandomness),
    });
    Extractor::new(clara_test_support::clara())
        .with_hearing(Hearing::Service(Arc::new(transcriber)))
}

/// At which second these words are said.
fn second_of(source: &Source, words: &str) -> Option<f64> {
    let at = source.text.as_str().find(words)?;
    let span = source.text.span_of(at..at + words.len());
    source.place_of(span.start).1
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_are_heard_with_their_seconds() {
    let fake = start();
    let extractor = extractor(&fake, "whisper-1");
    for name in [
        "bridge.mp3",
        "bridge.ogg",
        "bridge.opus",
        "bridge.flac",
        "bridge.m4a",
        "bridge.wav",
    ] {
        let source = read(&extractor, name, fixture(name)).await;
        assert!(source.text.as_str().starts_with("The recording is 5."));
        for (second, sentence) in SENTENCES {
            assert_eq!(
                second_of(&source, sentence),
                Some(second),
                "{name}: {source:?}"
            );
        }
        assert_eq!(source.read_by(), Some(ReadBy::Speech));
        assert_eq!(reasons(&source), "", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_on_speech_carry_the_second() {
    let fake = start();
    let extractor = extractor(&fake, "whisper-1");
    for (claim, verdict, second) in [
        (SENTENCES[0].1, Verdict::Supported, 0.0),
        (
            "The Ardmoor Bridge was opened in 1938.",
            Verdict::Refuted,
            0.0,
        ),
        (
            "The Ardmoor Bridge is 412 metres long.",
            Verdict::Supported,
            2.9,
        ),
    ] {
        let report = report_on(&extractor, claim, "bridge.mp3").await;
        let judged = &report.claims[0];
        assert_eq!(judged.verdict, verdict, "{claim}");
        let quote = &judged.evidence[0];
        assert_eq!(quote.seconds, Some(second));
        let place = quote.place.as_deref();
        assert_eq!(place, Some("by speech recognition, 90 % sure"));
        assert!(judged.confidence <= 0.9, "{}", judged.confidence);
        assert_eq!(report.sources[0].read_by, Some(ReadBy::Speech));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_recording_is_sent() {
    let fake = start();
    let extractor = extractor(&fake, "whisper-1");
    let sound = fixture("bridge.mp3");
    read(&extractor, "from Ana's phone.mp3", sound.clone()).await;
    let seen = fake.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(seen[0]["path"], "/v1/audio/transcriptions");
    assert_eq!(seen[0]["authorization"], format!("Bearer {KEY}"));
    assert_eq!(seen[0]["file_name"], "recording.mp3");
    assert_eq!(seen[0]["file_bytes"], sound.len());
    assert_eq!(seen[0]["fields"]["model"], "whisper-1");
    assert_eq!(seen[0]["fields"].as_object().unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_unless_it_is_set() {
    let extractor = Extractor::new(clara_test_support::clara());
    let source = read(&extractor, "bridge.mp3", fixture("bridge.mp3")).await;
    assert_eq!(source.read_by(), None);
    let said = reasons(&source);
    assert!(
        said.contains("TRANSCRIBE_URL") && said.contains("WHISPER_MODEL"),
        "{said}"
    );
}

/// Speech that is made anew, ten sentences of it.
#[tokio::test(flavor = "multi_thread")]
async fn fresh_speech_is_heard_to_its_end() {
    if !are_installed(&["espeak-ng"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("speech.wav");
    speak(&"The bridge was opened. ".repeat(10), &path);
    let fake = start();
    let source = read(
        &extractor(&fake, "whisper-1"),
        "speech.wav",
        std::fs::read(&path).unwrap(),
    )
    .await;
    let last = source.places.last().unwrap();
    assert!(last.seconds.unwrap() > 6.0, "{source:?}");
    assert_eq!(source.read_by(), Some(ReadBy::Speech));
}

fn speak(words: &str, to: &Path) {
    let mut spoken = Command::new("espeak-ng");
    let status = spoken.arg("-w").arg(to).arg(words).status();
    assert!(status.unwrap().success());
}
