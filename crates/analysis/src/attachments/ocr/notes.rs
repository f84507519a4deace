//! What is said of pictures whose words are not, or not all, in the text.

use super::tools::INSTALL;
use crate::attachments::draft::{Reading, Scanned, ScannedPage};
use clara_domain::evidence::{ReadUnit, Unread};

/// Why no picture of a file was given to OCR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsked {
    /// This process reads without it.
    InProcess,
    /// The file lies within another.
    Within,
    /// The machine has not the programs for it.
    NotSetUp,
}

/// Says of each picture in the file that its words were not read, and takes the pictures off the reading.
pub fn say_not_asked(reading: &mut Reading, why: NotAsked) {
    match reading.scanned.take() {
        None => {}
        Some(Scanned::Picture) => {
            let reason = match why {
                NotAsked::InProcess | NotAsked::Within => {
                    "Words that are drawn in the picture were not read: hand them in as text."
                        .to_owned()
                }
                NotAsked::NotSetUp => format!(
                    "Words that are drawn in the picture were not read, for no OCR is set up: hand them in as text, or install \
                     it where Clara runs: {INSTALL}"
                ),
            };
            add(reading, None, reason);
        }
        Some(Scanned::Pages(pages)) => {
            let reason = match why {
                NotAsked::InProcess | NotAsked::NotSetUp => {
                    "The page is a picture and no OCR is set up."
                }
                NotAsked::Within => {
                    "The page is a picture, and pictures in a file within a file are not read. Attach the file by itself."
                }
            };
            for page in &pages {
                add(reading, Some(page.number), reason.to_owned());
            }
            if why == NotAsked::NotSetUp {
                let reason = format!(
                    "To have {} read, install OCR where Clara runs: {INSTALL}",
                    pages_are(&pages)
                );
                add(reading, None, reason);
            }
            if is_whole(reading, &pages) {
                let reason = "The whole PDF is pictures, a scan perhaps. Run it through a program that recognises text (OCR) and \
                     attach the result.";
                add(reading, None, reason.to_owned());
            }
        }
    }
}

/// A film whose pictures are not looked at.
pub fn no_ocr_for_frames() -> String {
    format!(
        "Words that are shown in the video were not read, for no OCR is set up: hand them in as text, or install it where Clara runs: \
         {INSTALL}"
    )
}

/// Names a part that was left out.
pub fn add(reading: &mut Reading, page: Option<u32>, reason: String) {
    reading.unread.push(Unread {
        page,
        reason,
        ..Unread::default()
    });
}

fn is_whole(reading: &Reading, pages: &[ScannedPage]) -> bool {
    let share = reading.read.filter(|share| share.unit == ReadUnit::Pages);
    share.is_some_and(|share| share.of == pages.len())
}

/// `page 3`, `pages 3, 7 to 9 and 12`.
pub fn pages_are(pages: &[ScannedPage]) -> String {
    let numbers: Vec<u32> = pages.iter().map(|page| page.number).collect();
    let runs = numbers.chunk_by(|one, other| one.checked_add(1) == Some(*other));
    let mut runs: Vec<String> = runs
        .filter_map(|run| match (run.first()?, run.last()?) {
            (first, last) if first == last => Some(first.to_string()),
            (first, last) => Some(format!("{first} to {last}")),
        })
        .collect();
    let word = if numbers.len() == 1 { "page" } else { "pages" };
    match runs.pop() {
        Some(last) if runs.is_empty() => format!("{word} {last}"),
        Some(last) => format!("{word} {} and {last}", runs.join(", ")),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clara_domain::evidence::ReadShare;

    fn pages(numbers: &[u32]) -> Vec<ScannedPage> {
        let page = |number: &u32| ScannedPage {
            number: *number,
            width: 595.0,
            height: 842.0,
        };
        numbers.iter().map(page).collect()
    }

    #[test]
    fn pages_are_named_by_their_runs() {
        for (numbers, words) in [
            (&[3][..], "page 3"),
            (&[3, 4, 5], "pages 3 to 5"),
            (&[1, 3, 7, 8, 9, 12], "pages 1, 3, 7 to 9 and 12"),
        ] {
            assert_eq!(pages_are(&pages(numbers)), words);
        }
    }

    #[test]
    fn missing_tools_are_named_with_their_line() {
        let reading = |scanned| Reading {
            scanned: Some(scanned),
            read: Some(ReadShare {
                unit: ReadUnit::Pages,
                read: 0,
                of: 2,
            }),
            ..Reading::default()
        };
        let mut picture = reading(Scanned::Picture);
        say_not_asked(&mut picture, NotAsked::NotSetUp);
        assert!(picture.unread[0].reason.ends_with(INSTALL));
        assert_eq!(picture.scanned, None);
        let mut pdf = reading(Scanned::Pages(pages(&[1, 2])));
        say_not_asked(&mut pdf, NotAsked::NotSetUp);
        let named: Vec<_> = pdf.unread.iter().map(|unread| unread.page).collect();
        assert_eq!(named, [Some(1), Some(2), None, None]);
        assert!(pdf.unread[2].reason.contains("pages 1 to 2"));
        assert!(pdf.unread[2].reason.ends_with(INSTALL));
        assert!(pdf.unread[3].reason.contains("whole PDF"));
    }
}
