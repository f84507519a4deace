//! A recogniser that refuses, keeps silent, lies or tells secrets: the file's facts stay, and the reason is said.

use super::{KEY, extractor, fixture, read, reasons, start};

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_recogniser_does_has_a_reason() {
    let fake = start();
    for (model, said) in [
        ("unauthorized", "TRANSCRIBE_API_KEY"),
        ("too-large", "no file of this size"),
        ("busy", "too much to do"),
        ("failing", "failed (status 503)"),
        ("moved", "(status 302)"),
        ("page", "answered no JSON"),
        ("without-seconds", "without the seconds"),
        ("backwards", "go backwards"),
        ("beyond", "beyond the recording's end"),
        ("markup", "markup"),
        ("endless", "longer than 16000000 bytes"),
        ("silent", "did not answer in time"),
        ("telling", "repeats the key"),
    ] {
        let source = read(
            &extractor(&fake, model),
            "bridge.mp3",
            fixture("bridge.mp3"),
        )
        .await;
        let reasons = reasons(&source);
        assert!(reasons.contains(said), "{model}: {reasons}");
        assert!(reasons.contains("as a transcript"), "{model}: {reasons}");
        assert!(
            !reasons.contains(KEY) && !reasons.contains("127.0.0.1"),
            "{reasons}"
        );
        assert_eq!(source.read_by(), None, "{model}");
        let text = source.text.as_str();
        assert!(text.starts_with("The recording is 5.7"), "{model}: {text}");
        assert!(!text.contains("bridge."), "{model}: {text}");
    }
    let paths = fake.seen();
    let elsewhere = paths.iter().any(|seen| seen["path"] == "/v1/elsewhere");
    assert!(!elsewhere, "the key went elsewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_and_absence_are_told_apart() {
    let fake = start();
    let bytes = fixture("bridge.mp3");
    let source = read(&extractor(&fake, "nobody"), "bridge.mp3", bytes.clone()).await;
    assert_eq!(reasons(&source), "No speech was heard in the recording.");
    let absent = extractor(&fake, "whisper-1");
    drop(fake);
    let source = read(&absent, "bridge.mp3", bytes).await;
    assert!(
        reasons(&source).contains("cannot be reached"),
        "{}",
        reasons(&source)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_too_large_is_not_sent() {
    let fake = start();
    let mut bytes = fixture("bridge.wav");
    bytes.resize(25_000_001, 0x80);
    let source = read(&extractor(&fake, "whisper-1"), "bridge.wav", bytes).await;
    assert!(
        reasons(&source).contains("more than 25 MB"),
        "{}",
        reasons(&source)
    );
    assert!(fake.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn hollow_recordings_reach_no_recogniser() {
    let fake = start();
    let extractor = extractor(&fake, "whisper-1");
    let film = fixture("bridge.m4a");
    for (name, bytes) in [
        ("empty.mp3", Vec::new()),
        ("cut.m4a", film[..film.len() / 2].to_vec()),
        ("head.wav", fixture("bridge.wav")[..20].to_vec()),
    ] {
        let source = read(&extractor, name, bytes).await;
        assert!(!source.unread.is_empty(), "{name}");
        assert!(source.text.is_empty(), "{name}: {source:?}");
    }
    assert!(fake.seen().is_empty());
}
