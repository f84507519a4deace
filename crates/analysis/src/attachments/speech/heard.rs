//! What a recogniser may say. It is another program's word on a stranger's file: what makes no sense is no answer.

use super::{RecognitionError, Segment, Transcript};

/// More segments are no speech of one file.
const MAX_SEGMENTS: usize = 50_000;
/// The most characters that are taken of one recording.
const MAX_TEXT: usize = 1_000_000;
/// Recognisers work in windows of half a minute, and may name a second in the last one that is no more there.
const WINDOW: f64 = 30.0;
/// One that is less sure of a segment's words has guessed them, in percent.
const MIN_PERCENT: u8 = 50;
/// So often the same words after each other are a recogniser that goes in circles.
const MAX_REPEATS: usize = 3;

/// The segments of an answer, the doubtful ones marked; or what of it makes no sense.
pub fn segments(
    transcript: Transcript,
    seconds: Option<f64>,
) -> Result<Vec<Segment>, RecognitionError> {
    let unreadable = |problem| Err(RecognitionError::Unreadable { problem });
    let mut segments = transcript.segments;
    if segments.is_empty() {
        return if transcript.text.trim().is_empty() {
            Ok(segments)
        } else {
            unreadable("it has words without the seconds at which they are said (segments)")
        };
    }
    let characters: usize = segments
        .iter()
        .map(|segment| segment.text.chars().count())
        .sum();
    if segments.len() > MAX_SEGMENTS || characters > MAX_TEXT {
        return unreadable("it has more words than a recording can have");
    }
    let mut before = 0.0;
    for segment in &segments {
        if !segment.start.is_finite() || !segment.end.is_finite() || segment.start < 0.0 {
            return unreadable("it names seconds that are none");
        }
        if segment.start < before || segment.end < segment.start {
            return unreadable("its seconds go backwards");
        }
        if seconds.is_some_and(|seconds| segment.start > seconds + WINDOW) {
            return unreadable("it names seconds beyond the recording's end");
        }
        if has_markup(&segment.text) {
            return unreadable("its words have markup, which nobody says");
        }
        before = segment.start;
    }
    segments.retain(|segment| !is_no_speech(segment.text.trim()));
    for segment in &mut segments {
        segment.is_doubtful |= segment.percent.is_some_and(|percent| percent < MIN_PERCENT);
    }
    mark_repeats(&mut segments);
    Ok(segments)
}

/// `<b>`, `</b>`, `<!--`, `<|en|>`: nothing of it is speech.
fn has_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).any(|pair| {
        pair[0] == b'<'
            && (pair[1].is_ascii_alphabetic() || matches!(pair[1], b'/' | b'!' | b'?' | b'|'))
    })
}

/// Nothing, or a sound that is named: `[BLANK_AUDIO]`, `(music)`, `*applause*`.
fn is_no_speech(text: &str) -> bool {
    let is_within =
        |(open, close)| text.len() > 1 && text.starts_with(open) && text.ends_with(close);
    text.is_empty()
        || [('[', ']'), ('(', ')'), ('*', '*')]
            .into_iter()
            .any(is_within)
}

fn mark_repeats(segments: &mut [Segment]) {
    let words = |segment: &Segment| segment.text.trim().to_lowercase();
    for run in segments.chunk_by_mut(|one, other| words(one) == words(other)) {
        if run.len() >= MAX_REPEATS {
            for segment in run {
                segment.is_doubtful = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(start: f64, end: f64, text: &str) -> Segment {
        Segment {
            start,
            end,
            text: text.to_owned(),
            percent: None,
            is_doubtful: false,
        }
    }

    fn heard(segments: Vec<Segment>) -> Result<Vec<Segment>, RecognitionError> {
        let transcript = Transcript {
            text: "words".to_owned(),
            segments,
        };
        super::segments(transcript, Some(60.0))
    }

    #[test]
    fn answers_that_make_no_sense_are_refused() {
        for (segments, said) in [
            (vec![], "without the seconds"),
            (
                vec![segment(4.0, 5.0, "a"), segment(1.0, 2.0, "b")],
                "backwards",
            ),
            (vec![segment(4.0, 3.0, "a")], "backwards"),
            (vec![segment(-1.0, 3.0, "a")], "seconds that are none"),
            (vec![segment(f64::NAN, 3.0, "a")], "seconds that are none"),
            (
                vec![segment(0.0, f64::INFINITY, "a")],
                "seconds that are none",
            ),
            (
                vec![segment(5_000.0, 5_001.0, "a")],
                "beyond the recording's end",
            ),
            (vec![segment(0.0, 1.0, "<script>a</script>")], "markup"),
            (vec![segment(0.0, 1.0, "<|startoftranscript|>")], "markup"),
            (
                vec![segment(0.0, 1.0, &"a".repeat(1_000_001))],
                "more words",
            ),
        ] {
            let error = heard(segments).unwrap_err();
            assert!(error.to_string().contains(said), "{said}: {error}");
        }
    }

    #[test]
    fn silence_is_an_answer() {
        let silent = Transcript::default();
        assert_eq!(super::segments(silent, None), Ok(Vec::new()));
        for sound in [" ", "[BLANK_AUDIO]", "(music)", "*applause*"] {
            assert_eq!(heard(vec![segment(0.0, 2.0, sound)]), Ok(Vec::new()));
        }
    }

    #[test]
    fn guesses_and_circles_are_doubtful() {
        let mut unsure = segment(0.0, 1.0, "It costs < 5 pounds.");
        unsure.percent = Some(49);
        let circles = (1..4).map(|at| segment(f64::from(at), f64::from(at) + 1.0, "Thank you."));
        let heard = heard(std::iter::once(unsure).chain(circles).collect()).unwrap();
        assert!(heard.iter().all(|segment| segment.is_doubtful), "{heard:?}");
    }
}
