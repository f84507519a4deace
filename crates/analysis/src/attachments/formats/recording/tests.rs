use super::testing::{fixture, wav};
use crate::attachments::extractor::is_sound;
use crate::attachments::garbled_tests::{Seeded, garble};
use crate::attachments::testing::verdict;
use crate::attachments::{Reading, read_here};
use clara_domain::verdict::Verdict;

fn reasons(reading: &Reading) -> String {
    let reasons: Vec<&str> = reading
        .unread
        .iter()
        .map(|unread| unread.reason.as_str())
        .collect();
    reasons.join("\n")
}

#[test]
fn facts_of_a_recording_are_sentences() {
    let reading = read_here("bridge.mp3", &fixture("bridge.mp3"));
    assert!(is_sound(&reading));
    assert_eq!(
        reading.text.lines().collect::<Vec<_>>(),
        [
            "The recording is 5.7 seconds long.",
            "The recording is in the format MP3.",
            "The recording has a sample rate of 22050 Hz.",
            "The recording has 1 channel of sound (mono).",
            "The file names Ana Berg as the artist of the recording.",
            "The file says that the recording is of 4 May 2019.",
            "The file says as its title: “The bridge at Ardmoor”",
            "The file says as its copyright notice: “Ana Berg 2019”",
        ]
    );
    assert!(reasons(&reading).contains("was not heard"));
}

#[test]
fn every_container_gives_its_facts() {
    for (name, format, title) in [
        ("bridge.ogg", "Ogg", true),
        ("bridge.opus", "Ogg", true),
        ("bridge.flac", "FLAC", true),
        ("bridge.m4a", "MP4", true),
        ("bridge.wav", "WAV", false),
        ("film.mp4", "MP4", true),
        ("film.mov", "QuickTime", false),
        ("film.mkv", "Matroska or WebM", false),
        ("film.webm", "Matroska or WebM", false),
    ] {
        let reading = read_here(name, &fixture(name));
        let text = &reading.text;
        let is_film = name.starts_with("film");
        let word = if is_film { "video" } else { "recording" };
        let says = |sentence: &str| text.contains(&format!("he {word} {sentence}"));
        assert!(is_sound(&reading), "{name}: {reading:?}");
        assert!(
            says(&format!("is in the format {format}.")),
            "{name}: {text}"
        );
        // Encoders add some hundredths of a second.
        let lengths = if is_film {
            ["8", "8.1"]
        } else {
            ["5.7", "5.8"]
        };
        let is_told = lengths
            .iter()
            .any(|length| says(&format!("is {length} seconds long.")));
        assert!(is_told, "{name}: {text}");
        assert!(says("has a sample rate of"), "{name}: {text}");
        assert_eq!(
            says("is 640 pixels wide and 240 pixels high."),
            is_film,
            "{name}: {text}"
        );
        assert_eq!(
            text.contains("“The bridge at Ardmoor”"),
            title,
            "{name}: {text}"
        );
        let is_dated = title || name.ends_with("mkv") || name.ends_with("webm");
        assert_eq!(says("is of 4 May 2019."), is_dated, "{name}: {text}");
        assert_eq!(reading.unread.len(), 1, "{name}: {reading:?}");
    }
    let silent = read_here("silent.mp4", &fixture("silent.mp4"));
    assert!(
        silent.text.contains("The video has no sound."),
        "{}",
        silent.text
    );
}

#[test]
fn claims_of_a_recording_are_decided() {
    let reading = read_here("bridge.mp3", &fixture("bridge.mp3"));
    for (claim, expected) in [
        ("The recording is 5.7 seconds long.", Verdict::Supported),
        ("The recording is 40 seconds long.", Verdict::Refuted),
        (
            "The recording has a sample rate of 22050 Hz.",
            Verdict::Supported,
        ),
        ("The recording is five minutes long.", Verdict::Refuted),
    ] {
        assert_eq!(verdict(claim, "bridge.mp3", &reading), expected, "{claim}");
    }
}

#[test]
fn another_name_is_told_and_the_recording_is_read() {
    let reading = read_here("bridge.wav", &fixture("bridge.mp3"));
    assert!(reading.text.contains("format MP3"), "{}", reading.text);
    let told = &reading.unread[0].reason;
    assert!(
        told.contains("named .wav but is an MP3 recording"),
        "{told}"
    );
}

#[test]
fn a_length_that_lies_is_no_fact() {
    let hours = 100 * 3_600 * 8_000;
    for (claimed, samples, said) in [
        (hours, 8_000, "100 hours long, but only 1 second of it"),
        (hours, 0, "100 hours long, but only 0 seconds"),
    ] {
        let reading = read_here("a.wav", &wav(claimed, samples));
        assert!(reasons(&reading).contains(said), "{}", reasons(&reading));
        assert!(!reading.text.contains("long."), "{}", reading.text);
    }
    let whole = read_here("a.wav", &wav(24_000, 24_000));
    assert!(whole.text.starts_with("The recording is 3 seconds long."));
    // A program that writes into a pipe cannot know the length, and says the largest number.
    let streamed = read_here("a.wav", &wav(u32::MAX, 16_000));
    assert!(
        streamed
            .text
            .starts_with("The recording is 2 seconds long.")
    );
    assert_eq!(streamed.unread.len(), 1, "{streamed:?}");
}

#[test]
fn a_header_of_a_hundred_hours_is_no_fact() {
    let mut bytes = fixture("bridge.m4a");
    let header = bytes.windows(4).position(|four| four == b"mvhd").unwrap();
    // Ticks a second, and how many there are.
    let ticks: [u8; 4] = bytes[header + 16..header + 20].try_into().unwrap();
    let claimed = u32::from_be_bytes(ticks) * 360_000;
    bytes[header + 20..header + 24].copy_from_slice(&claimed.to_be_bytes());
    let reading = read_here("bridge.m4a", &bytes);
    let said = reasons(&reading);
    assert!(
        said.contains("100 hours long, but only 5.8 seconds"),
        "{said}"
    );
    assert!(!reading.text.contains("long."), "{}", reading.text);
}

#[test]
fn cut_recordings_have_a_reason() {
    for name in [
        "bridge.mp3",
        "bridge.ogg",
        "bridge.flac",
        "bridge.m4a",
        "film.mp4",
        "film.mkv",
    ] {
        let whole = fixture(name);
        for share in [0, 1, 4, 12, 100, whole.len() / 2] {
            let reading = read_here(name, &whole[..share]);
            assert!(is_sound(&reading), "{name} {share}");
            assert!(!reading.unread.is_empty(), "{name} {share}");
            assert!(
                !reading.text.contains("5.7 seconds long"),
                "{name} {share}: {}",
                reading.text
            );
        }
    }
    let empty = read_here("a.mp3", b"");
    assert!(
        reasons(&empty).contains("The file is empty"),
        "{}",
        reasons(&empty)
    );
}

#[test]
fn garbled_recordings_are_no_danger() {
    let mut seeded = Seeded(11);
    for name in [
        "bridge.mp3",
        "bridge.ogg",
        "bridge.flac",
        "bridge.m4a",
        "bridge.wav",
        "film.mp4",
        "film.webm",
    ] {
        let whole = fixture(name);
        for _ in 0..40 {
            let bytes = garble(&whole[..8_000], &mut seeded);
            assert!(is_sound(&read_here(name, &bytes)), "{name}");
        }
    }
}
