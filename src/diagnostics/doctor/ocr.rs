//! Whether words in pictures are read, tried out.

use super::{Finding, State, finding};
use crate::analysis::attachments::{
    INSTALL_ON_DEBIAN, INSTALL_ON_MACOS, INSTALL_ON_WINDOWS, OcrTrial, ToolError,
};
use crate::context::Context;

/// Whether the programs that read pictures and scanned pages are there and run confined.
pub(super) async fn ocr_finding(context: &Context) -> Finding {
    ocr_words(context.extractor.try_ocr().await)
}

fn ocr_words(trial: OcrTrial) -> Finding {
    let part = "OCR";
    let told = |program: &str, reads: &str, result: Result<(), ToolError>| match result {
        Ok(()) => format!("{program} reads {reads}"),
        Err(ToolError::Missing) => format!("{reads} are not read: {program} is not on PATH"),
        Err(error) => format!("{reads} are not read: of {program}, {error}"),
    };
    let pictures = told("tesseract", "words in pictures", trial.pictures);
    let pages = match trial.pictures {
        Ok(()) => told("pdftoppm", "scanned pages of PDFs", trial.pages),
        Err(_) if trial.pages == Err(ToolError::Missing) => {
            "scanned pages of PDFs need pdftoppm too".to_owned()
        }
        Err(_) => "scanned pages of PDFs are not read either".to_owned(),
    };
    let mut words = format!("{pictures}; {pages}");
    let results = [trial.pictures, trial.pages];
    if results.contains(&Err(ToolError::Missing)) {
        words = format!(
            "{words}. To install them: Debian `{INSTALL_ON_DEBIAN}`, macOS `{INSTALL_ON_MACOS}`, Windows `{INSTALL_ON_WINDOWS}`"
        );
    }
    let is_broken = |result: &Result<(), ToolError>| {
        // A machine without Landlock is as usual as one without tesseract.
        let is_off = [ToolError::Missing, ToolError::Unconfined];
        matches!(result, Err(error) if !is_off.contains(error))
    };
    let state = if results.iter().all(Result::is_ok) {
        State::Works
    } else if results.iter().any(is_broken) {
        State::Broken
    } else {
        State::Off
    };
    finding(part, state, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_ocr_is_off_and_says_what_to_do() {
        let missing = Err(ToolError::Missing);
        for (pictures, pages, state) in [
            (Ok(()), Ok(()), State::Works),
            (missing, missing, State::Off),
            (missing, Ok(()), State::Off),
            (Ok(()), missing, State::Off),
            (Err(ToolError::Unconfined), missing, State::Off),
            (Err(ToolError::Failed), missing, State::Broken),
            (Ok(()), Err(ToolError::Failed), State::Broken),
        ] {
            let found = ocr_words(OcrTrial { pictures, pages });
            assert_eq!(found.state, state, "{}", found.words);
            let is_missing = pictures == missing || pages == missing;
            for line in [INSTALL_ON_DEBIAN, INSTALL_ON_MACOS, INSTALL_ON_WINDOWS] {
                assert_eq!(found.words.contains(line), is_missing, "{}", found.words);
            }
        }
    }
}
