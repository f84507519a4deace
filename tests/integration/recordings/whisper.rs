//! Recordings heard by a program of this machine, which is confined. The program is a stand-in, compiled from
//! `tests/fixtures/recordings/whisper-cli.c`.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use clara::analysis::attachments::{Extractor, Hearing, RecognitionError, WhisperCli};
use clara::domain::evidence::ReadBy;
use clara_test_support::parts::are_installed;
use clara_test_support::root;

use super::{SENTENCES, fixture, read, reasons, second_of};

/// Compiles the stand-in into this folder and puts a model beside it; nothing where there is no compiler.
fn install(folder: &Path) -> Option<Extractor> {
    if !are_installed(&["cc"]) {
        return None;
    }
    let source = root().join("tests/fixtures/recordings/whisper-cli.c");
    let program = folder.join("whisper-cli");
    let mut command = Command::new("cc");
    let compiled = command.arg("-o").arg(program).arg(source).arg("-pthread");
    assert!(compiled.status().unwrap().success());
    std::fs::write(folder.join("model.bin"), "ggml weights").unwrap();
    Some(extractor(
        Some(folder.as_os_str()),
        &folder.join("model.bin"),
    ))
}

fn extractor(path: Option<&OsStr>, model: &Path) -> Extractor {
    Extractor::new(clara_test_support::clara())
        .with_hearing(Hearing::Program(WhisperCli::find(path, model)))
}

#[tokio::test(flavor = "multi_thread")]
async fn whisper_cli_hears_confined() {
    let folder = tempfile::tempdir().unwrap();
    let Some(extractor) = install(folder.path()) else {
        return;
    };
    let source = read(&extractor, "bridge.mp3", fixture("bridge.mp3")).await;
    assert_eq!(reasons(&source), "");
    for (second, sentence) in SENTENCES {
        assert_eq!(second_of(&source, sentence), Some(second), "{source:?}");
    }
    assert_eq!(source.read_by(), Some(ReadBy::Speech));
    assert_eq!(
        source.place_label(source.places[0].start, None).unwrap(),
        "by speech recognition"
    );
    assert_eq!(extractor.try_hearing().await, Ok(()));
    // Without ffmpeg it reads no other containers.
    let audio = &extractor.supported()[2];
    assert_eq!(audio.1, ["mp3", "wav", "ogg", "flac"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_whisper_cli_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model.bin");
    for extractor in [
        extractor(None, &model),
        extractor(Some(folder.path().as_os_str()), &model),
    ] {
        let source = read(&extractor, "bridge.mp3", fixture("bridge.mp3")).await;
        assert!(
            reasons(&source).contains("clara doctor"),
            "{}",
            reasons(&source)
        );
        let tried = extractor.try_hearing().await;
        assert!(
            matches!(tried, Err(RecognitionError::NotRun { .. })),
            "{tried:?}"
        );
        let audio = &extractor.supported()[2];
        assert!(audio.1.is_empty(), "{audio:?}");
    }
}
