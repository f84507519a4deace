//! Words in pictures, by optical character recognition (OCR): which programs read them, what their answer means, and how it
//! becomes text. Which process runs them is [`super::extractor`]'s matter.

mod lines;
mod notes;
mod passages;
mod table;
mod tools;

pub use notes::{NotAsked, say_not_asked};
pub(super) use notes::{add, no_ocr_for_frames, pages_are};
pub use tools::{INSTALL_ON_DEBIAN, INSTALL_ON_MACOS, INSTALL_ON_WINDOWS, OcrTools};

use super::draft::{Draft, OcrPlace, Reading};
use passages::{Passage, Recognised, recognised};
use table::Area;

/// Where in a file a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pictured {
    /// It is the file.
    File,
    /// It is this page.
    Page(u32),
    /// It is shown at this time of a film, in milliseconds.
    Frame(u64),
}

impl Pictured {
    /// The page to name for what is left out.
    pub fn page(self) -> Option<u32> {
        match self {
            Self::File | Self::Frame(_) => None,
            Self::Page(number) => Some(number),
        }
    }

    /// At which second it is shown.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a film is shorter than 2⁵³ milliseconds"
    )]
    fn seconds(self) -> Option<f64> {
        match self {
            Self::Frame(time) => Some(time as f64 / 1_000.0),
            Self::File | Self::Page(_) => None,
        }
    }

    /// What is said of it, with where it is shown.
    pub fn told(self, reason: String) -> String {
        match self {
            Self::Frame(time) => format!("At second {} of the video: {reason}", time / 1_000),
            Self::File | Self::Page(_) => reason,
        }
    }

    /// What a person calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "picture",
            Self::Page(_) => "page",
            Self::Frame(_) => "frame",
        }
    }

    /// What the report says of a passage's place.
    fn label(self, passage: &Passage) -> String {
        let Area {
            left,
            top,
            width,
            height,
        } = passage.area;
        let percent = passage.percent;
        match self {
            Self::File => format!(
                "picture at {left}, {top} ({width} × {height} pixels), by OCR, {percent} % sure"
            ),
            Self::Page(_) => format!("by OCR, {percent} % sure"),
            Self::Frame(_) => format!("shown, by OCR, {percent} % sure"),
        }
    }
}

/// Adds what tesseract wrote of a picture to the text of its file, and names what was left out.
pub(super) fn add_words(mut reading: Reading, pictured: Pictured, table: &[u8]) -> Reading {
    let table = String::from_utf8_lossy(table);
    let word = pictured.word();
    let (passages, reason) = match recognised(table::words(&table)) {
        Recognised::Nothing => (Vec::new(), nothing_found(pictured)),
        Recognised::Unsure { percent } => {
            let reason = format!(
                "OCR is only {percent} % sure of what it takes for words on the {word}, and none of them were taken. Attach a \
                 sharper picture, or hand the words in as text."
            );
            (Vec::new(), Some(reason))
        }
        Recognised::Words { passages, doubtful } => {
            let reason = (doubtful > 0).then(|| {
                format!(
                    "OCR did not make out {doubtful} word{} on the {word} for sure; the sentences and lines around were left out. \
                     Attach a sharper picture, or hand the words in as text.",
                    if doubtful == 1 { "" } else { "s" }
                )
            });
            (passages, reason)
        }
    };
    let has_several = passages.iter().any(|passage| passage.page > 1);
    if pictured.page().is_none() {
        // Its characters are counted anew.
        reading.read = None;
    }
    let mut draft = Draft::resume(reading);
    for passage in &passages {
        let page = pictured.page().or(has_several.then_some(passage.page));
        let label = pictured.label(passage);
        draft.ocr_place(
            &label,
            OcrPlace {
                page,
                seconds: pictured.seconds(),
                percent: passage.percent,
                after_gap: passage.after_gap,
                separator: passage.separator,
            },
        );
        draft.push(&passage.text);
    }
    if let Some(reason) = reason {
        draft.unread(pictured.page(), pictured.told(reason));
    }
    draft.finish()
}

fn nothing_found(pictured: Pictured) -> Option<String> {
    match pictured {
        Pictured::File => Some("OCR found no words in the picture.".to_owned()),
        Pictured::Page(_) => {
            Some("The page is a picture, and OCR found no words on it.".to_owned())
        }
        // Most pictures of a film have none.
        Pictured::Frame(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::extractor::is_sound;
    use crate::attachments::testing::verdict;
    use clara_domain::verdict::Verdict;

    /// A table of one line, each word with this confidence but for the last.
    fn table(line: &str, confidence: u8, last: u8) -> String {
        let words: Vec<&str> = line.split(' ').collect();
        let rows = words.iter().enumerate().map(|(at, word)| {
            let sure = if at + 1 == words.len() {
                last
            } else {
                confidence
            };
            format!(
                "5\t1\t1\t1\t1\t1\t{}\t40\t90\t20\t{sure}.9\t{word}\n",
                at * 100
            )
        });
        rows.collect()
    }

    fn picture() -> Reading {
        Reading {
            text: "The picture is 800 pixels wide and 600 pixels high.".to_owned(),
            ..Reading::default()
        }
    }

    #[test]
    fn words_follow_what_the_file_says() {
        let table = table("The Ardmoor Bridge was opened in 1933.", 96, 93);
        let reading = add_words(picture(), Pictured::File, table.as_bytes());
        assert!(is_sound(&reading), "{reading:?}");
        let (facts, words) = reading.text.split_once("\n\n").unwrap();
        assert!(facts.ends_with("high."));
        assert_eq!(words, "The Ardmoor Bridge was opened in 1933.");
        let place = &reading.places[0];
        assert_eq!((place.page, place.ocr), (None, Some(93)));
        assert_eq!(
            place.label.as_deref(),
            Some("picture at 0, 40 (690 × 20 pixels), by OCR, 93 % sure")
        );
        assert_eq!(reading.unread, []);
        let claim = "The Ardmoor Bridge was opened in 1933.";
        assert_eq!(verdict(claim, "bridge.png", &reading), Verdict::Supported);
    }

    #[test]
    fn pages_keep_their_number() {
        let table = table("The Ardmoor Bridge was opened in 1933.", 96, 93);
        let reading = add_words(Reading::default(), Pictured::Page(7), table.as_bytes());
        let place = &reading.places[0];
        assert_eq!((place.start, place.page), (0, Some(7)));
        assert_eq!(place.label.as_deref(), Some("by OCR, 93 % sure"));
    }

    #[test]
    fn words_of_low_confidence_are_named() {
        for (confidence, last, said) in [(96, 40, "1 word on"), (50, 50, "only 50 %")] {
            let table = table("The bridge was opened in 1933.", confidence, last);
            let reading = add_words(picture(), Pictured::File, table.as_bytes());
            assert!(reading.text.ends_with("high."), "{}", reading.text);
            assert!(reading.unread[0].reason.contains(said), "{said}");
        }
        let reading = add_words(picture(), Pictured::File, b"\xff\xfe nonsense");
        assert!(reading.unread[0].reason.contains("no words"));
    }

    #[test]
    fn a_pronoun_goes_back_over_no_gap() {
        let claim = "The Ardmoor Bridge is 412 metres long.";
        let sure = "The Ardmoor Bridge was opened in 1933.";
        for (before, after) in [
            (sure, "It is 412 metres long."),
            (sure, "The bridge is 412 metres long."),
            (sure, "Opened in 1933, it is 412 metres long."),
            ("", "It is 412 metres long."),
        ] {
            let line = format!("{before} The Tarsk Bridge is older. {after}");
            let table = table(line.trim(), 96, 96).replace("96.9\tTarsk", "30.9\tTarsk");
            for known in [Reading::default(), picture()] {
                let reading = add_words(known, Pictured::Page(1), table.as_bytes());
                assert!(!reading.text.contains("Tarsk"), "{}", reading.text);
                let verdict = verdict(claim, "scan.pdf", &reading);
                assert_eq!(verdict, Verdict::NotEnoughEvidence, "{line}");
            }
        }
    }
}
