//! Films are taken apart by ffmpeg, confined: subtitles, sound and pictures become text with seconds.

use std::time::{Duration, Instant};

use clara::analysis::attachments::{Extractor, Ffmpeg, INSTALL_FFMPEG_ON_DEBIAN, OcrTools};
use clara::domain::evidence::ReadBy;
use clara::domain::verdict::Verdict;
use clara_fake_transcriber::{Fake, SENTENCES};
use clara_test_support::parts::are_installed;
use clara_test_support::root;

use super::{extractor, fixture, read, reasons, report_on, second_of, start};

const SUBTITLE: &str = "The ferry was given up in 1940.";
/// What the cards show, each from its second on.
const CARDS: [(f64, &str); 2] = [
    (0.0, "The mill was built in 1871."),
    (4.0, "It burned down in 1902."),
];

/// One that reads films in all their parts, or nothing where this machine has not the programs.
fn with_tools(fake: &Fake) -> Option<Extractor> {
    are_installed(&["ffmpeg", "tesseract"]).then(|| {
        let path = std::env::var_os("PATH");
        let ffmpeg = Ffmpeg::find(path.as_deref());
        assert!(ffmpeg.is_some());
        extractor(fake, "whisper-1")
            .with_ocr(OcrTools::find(path.as_deref()))
            .with_ffmpeg(ffmpeg)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn films_are_read_with_their_seconds() {
    let fake = start();
    let Some(extractor) = with_tools(&fake) else {
        return;
    };
    assert_eq!(extractor.try_ffmpeg().await, Ok(()));
    for name in ["film.mp4", "film.mov", "film.mkv", "film.webm"] {
        let source = read(&extractor, name, fixture(name)).await;
        assert_eq!(reasons(&source), "", "{name}");
        let said = SENTENCES.into_iter().chain(CARDS).chain([(1.0, SUBTITLE)]);
        for (second, sentence) in said {
            let found = second_of(&source, sentence);
            let is_near = found.is_some_and(|found| (found - second).abs() < 0.5);
            assert!(is_near, "{name}: {sentence} {found:?} {source:?}");
        }
        assert_eq!(source.read_by(), Some(ReadBy::Speech), "{name}");
    }
    let seen = fake.seen();
    assert!(seen.iter().all(|seen| seen["file_name"] == "recording.wav"));
    assert!(
        seen.iter()
            .all(|seen| seen["file_begins"].as_str().unwrap().starts_with("RIFF"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_on_films_carry_the_second() {
    let fake = start();
    let Some(extractor) = with_tools(&fake) else {
        return;
    };
    for (claim, verdict, second, place) in [
        (SUBTITLE, Verdict::Supported, 1.0, "subtitles"),
        (
            SENTENCES[0].1,
            Verdict::Supported,
            0.0,
            "by speech recognition",
        ),
        (
            "The mill was built in 1875.",
            Verdict::Refuted,
            0.0,
            "shown, by OCR",
        ),
    ] {
        let report = report_on(&extractor, claim, "film.mp4").await;
        let judged = &report.claims[0];
        assert_eq!(judged.verdict, verdict, "{claim}: {judged:?}");
        let quote = &judged.evidence[0];
        assert!(
            quote
                .seconds
                .is_some_and(|said| (said - second).abs() < 0.5),
            "{quote:?}"
        );
        assert!(
            quote.place.as_deref().unwrap().starts_with(place),
            "{quote:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_ffmpeg_is_named_with_its_line() {
    let fake = start();
    let extractor = extractor(&fake, "whisper-1");
    let source = read(&extractor, "film.mp4", fixture("film.mp4")).await;
    assert!(source.text.as_str().starts_with("The video is 8"));
    assert!(
        reasons(&source).contains(INSTALL_FFMPEG_ON_DEBIAN),
        "{}",
        reasons(&source)
    );
    assert!(fake.seen().is_empty(), "a film was sent as it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_without_sound_is_not_heard() {
    let fake = start();
    let Some(extractor) = with_tools(&fake) else {
        return;
    };
    let source = read(&extractor, "silent.mp4", fixture("silent.mp4")).await;
    assert_eq!(reasons(&source), "");
    assert!(source.text.as_str().contains("The video has no sound."));
    assert_eq!(source.read_by(), Some(ReadBy::Ocr));
    assert!(fake.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_films_have_an_answer() {
    let fake = start();
    let Some(extractor) = with_tools(&fake) else {
        return;
    };
    let began = Instant::now();
    for name in ["film.mp4", "film.mkv", "film.webm"] {
        let whole = fixture(name);
        let mut torn = whole.clone();
        let middle = whole.len() / 2;
        torn[middle..middle + 2_000].fill(0x55);
        for bytes in [whole[..middle].to_vec(), torn] {
            let source = read(&extractor, name, bytes).await;
            let is_told = !source.unread.is_empty() || source.read_by().is_some();
            assert!(is_told, "{name}: {source:?}");
        }
    }
    assert!(began.elapsed() < Duration::from_mins(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_is_no_list_of_other_files() {
    let fake = start();
    let Some(extractor) = with_tools(&fake) else {
        return;
    };
    let film = root().join("tests/fixtures/recordings/film.mp4");
    let film = film.canonicalize().unwrap();
    for (name, list) in [
        (
            "list.mp4",
            format!("ffconcat version 1.0\nfile '{}'\n", film.display()),
        ),
        (
            "list.mkv",
            format!("#EXTM3U\n#EXTINF:8,\n{}\n", film.display()),
        ),
    ] {
        let source = read(&extractor, name, list.into_bytes()).await;
        assert!(source.text.is_empty(), "{name}: {source:?}");
        assert!(!source.unread.is_empty(), "{name}");
    }
    assert!(fake.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_recording_is_heard_in_pieces() {
    let fake = start();
    let Some(extractor) = with_tools(&fake) else {
        return;
    };
    // A thousand seconds of a WAV file of 16,000 samples a second are more than a service takes.
    let mut bytes = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    bytes.extend(16_000_u32.to_le_bytes());
    bytes.extend(32_000_u32.to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data\xff\xff\xff\xff");
    bytes.resize(bytes.len() + 32_000 * 1_000, 0);
    let source = read(&extractor, "long.wav", bytes).await;
    let lengths: Vec<u64> = fake
        .seen()
        .iter()
        .map(|seen| seen["file_bytes"].as_u64().unwrap() / 32_000)
        .collect();
    assert_eq!(lengths, [600, 400], "{}", reasons(&source));
    let last = source.places.last().unwrap();
    assert!(last.seconds.unwrap() > 900.0, "{last:?}");
}
