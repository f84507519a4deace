//! Pictures are given to the programs that read them, each run in a child of its own that gave up its rights before it became
//! that program: input by pipe, output by pipe, at most one a core, killed with its group when it takes too long.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use super::super::child::{ToolBounds, ToolRun};
use super::super::draft::{Reading, Scanned, ScannedPage};
use super::super::ocr::{NotAsked, Pictured, add, add_words, pages_are, say_not_asked};
use super::Extractor;
use super::tools::ToolError;

/// How long the pictures of one file may take together.
const FILE_TIMEOUT: Duration = Duration::from_secs(90);
/// The most pages of one file that are read by OCR.
const MAX_OCR_PAGES: usize = 50;
/// The longest table of words that is taken.
const MAX_TABLE: u64 = 8 * 1024 * 1024;
/// The most pixels of a page that is drawn, a byte each.
const MAX_PAGE_PIXELS: f32 = 20_000_000.0;
/// What the picture of a page may take: its pixels and a header.
pub(super) const MAX_DRAWN: u64 = 20_100_000;
/// How many dots an inch a page is drawn with, and the fewest that letters can be read from.
const RESOLUTION: f32 = 300.0;
const MIN_RESOLUTION: f32 = 100.0;
/// How the picture of a page begins: a grey map in bytes.
pub(super) const GREY_MAP: &[u8] = b"P5";

impl ToolError {
    /// As the report names it, of a picture or a page.
    fn reason(self, pictured: Pictured) -> String {
        let word = pictured.word();
        match self {
            Self::Missing => format!("The {word} was not read: no OCR is set up."),
            Self::TookTooLong | Self::TooMuch | Self::Failed => format!(
                "The words on the {word} could not be read by OCR: it is damaged, or takes more time or memory than a picture may \
                 use. Attach it anew, smaller, or as text."
            ),
            Self::Unconfined | Self::NotStarted => format!(
                "The words on the {word} were not read: OCR cannot be run safely on this server. Its operator learns from \
                 `clara doctor` what is missing."
            ),
        }
    }
}

impl Extractor {
    /// Reads the words in the pictures of a file, and puts them to its text.
    pub(super) async fn read_pictures(&self, mut reading: Reading, bytes: &[u8]) -> Reading {
        match reading.scanned.take() {
            None => reading,
            Some(Scanned::Picture) if self.ocr.reads_pictures() => {
                let table = self.words(bytes, None, self.timeout).await;
                added(reading, Pictured::File, table).await
            }
            Some(Scanned::Pages(pages)) if self.ocr.reads_pages() => {
                self.read_pages(reading, &pages, bytes).await
            }
            scanned => {
                reading.scanned = scanned;
                say_not_asked(&mut reading, NotAsked::NotSetUp);
                reading
            }
        }
    }

    async fn read_pages(&self, mut reading: Reading, pages: &[ScannedPage], pdf: &[u8]) -> Reading {
        let until = Instant::now() + FILE_TIMEOUT;
        for (at, page) in pages.iter().enumerate() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || at == MAX_OCR_PAGES {
                let reason = format!(
                    "The words on {} were not read: the pages before were as much as OCR may read of one file. Attach the pages that \
                     matter as a PDF of their own.",
                    pages_are(&pages[at..])
                );
                add(&mut reading, None, reason);
                break;
            }
            let pictured = Pictured::Page(page.number);
            let Some(resolution) = resolution(page) else {
                let reason =
                    "The page is a picture too large for OCR. Attach the part of it that matters.";
                add(&mut reading, Some(page.number), reason.to_owned());
                continue;
            };
            let timeout = left.min(self.timeout);
            let table = match self.drawn(page.number, resolution, pdf, timeout).await {
                Ok(picture) => {
                    let left = until.saturating_duration_since(Instant::now());
                    let timeout = left.min(self.timeout);
                    self.words(&picture, Some(resolution), timeout).await
                }
                Err(error) => Err(error),
            };
            if table.is_ok()
                && let Some(share) = &mut reading.read
            {
                share.read += 1;
            }
            reading = added(reading, pictured, table).await;
        }
        reading
    }

    /// The table of words in a picture.
    pub(super) async fn words(
        &self,
        picture: &[u8],
        resolution: Option<u16>,
        timeout: Duration,
    ) -> Result<Vec<u8>, ToolError> {
        let tesseract = self.ocr.tesseract.as_ref().ok_or(ToolError::Missing)?;
        let mut arguments: Vec<OsString> = ["stdin", "stdout", "--tessdata-dir"]
            .map(OsString::from)
            .to_vec();
        arguments.push(tesseract.models.clone().into_os_string());
        // 1 finds out which side is up, 3 takes the upper one for it.
        let layout = if tesseract.finds_orientation {
            "1"
        } else {
            "3"
        };
        arguments.extend(["-l", "eng", "--psm", layout].map(OsString::from));
        if let Some(resolution) = resolution {
            arguments.extend(["--dpi".into(), resolution.to_string().into()]);
        }
        arguments.push("tsv".into());
        let run = ToolRun {
            program: tesseract.program.clone(),
            data: Some(tesseract.models.clone()),
            arguments,
            bounds: ToolBounds::Picture,
            allow_unconfined: self.allow_unconfined,
        };
        self.run_tool(&run, picture, MAX_TABLE, timeout).await
    }

    /// A page as a picture in grey.
    async fn drawn(
        &self,
        page: u32,
        resolution: u16,
        pdf: &[u8],
        timeout: Duration,
    ) -> Result<Vec<u8>, ToolError> {
        let pdftoppm = self.ocr.pdftoppm.as_ref().ok_or(ToolError::Missing)?;
        let (page, resolution) = (page.to_string(), resolution.to_string());
        // As they show it, not as their paper is cut.
        let arguments = [
            "-cropbox",
            "-gray",
            "-r",
            &resolution,
            "-f",
            &page,
            "-l",
            &page,
            "-",
        ];
        let run = ToolRun {
            program: pdftoppm.program.clone(),
            data: pdftoppm.tables.clone(),
            arguments: arguments.map(OsString::from).to_vec(),
            bounds: ToolBounds::Picture,
            allow_unconfined: self.allow_unconfined,
        };
        let picture = self.run_tool(&run, pdf, MAX_DRAWN, timeout).await?;
        // Tesseract takes what is no picture for a list of files.
        if picture.starts_with(GREY_MAP) {
            Ok(picture)
        } else {
            Err(ToolError::Failed)
        }
    }
}

/// With how many dots an inch a page is drawn; `None` for one that is too large, or has no size.
fn resolution(page: &ScannedPage) -> Option<u16> {
    let inches = page.width / 72.0 * (page.height / 72.0);
    let fits = (MAX_PAGE_PIXELS / inches).sqrt();
    let resolution = fits.min(RESOLUTION);
    (inches > 0.0 && resolution >= MIN_RESOLUTION)
        .then(|| {
            (100..=300)
                .rev()
                .find(|dots| f32::from(*dots) <= resolution)
        })
        .flatten()
}

/// Puts the words of a picture to the text of its file, away from the threads that wait for others.
pub(super) async fn added(
    mut reading: Reading,
    pictured: Pictured,
    table: Result<Vec<u8>, ToolError>,
) -> Reading {
    match table {
        Ok(table) => {
            let before = reading.clone();
            tokio::task::spawn_blocking(move || add_words(reading, pictured, &table))
                .await
                .unwrap_or(before)
        }
        Err(error) => {
            tracing::warn!(%error, "a picture was not read by OCR");
            let reason = pictured.told(error.reason(pictured));
            add(&mut reading, pictured.page(), reason);
            reading
        }
    }
}

/// How the programs for OCR fared when they were tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OcrTrial {
    /// Tesseract, which reads the words of a picture.
    pub pictures: Result<(), ToolError>,
    /// Pdftoppm, which makes a picture of a PDF's page.
    pub pages: Result<(), ToolError>,
}

impl Extractor {
    /// Has tesseract read a small white picture, and pdftoppm say its version, each confined as for a file.
    pub async fn try_ocr(&self) -> OcrTrial {
        let mut white = b"P5 64 64 255\n".to_vec();
        white.resize(white.len() + 64 * 64, 255);
        let pictures = self.words(&white, Some(300), self.timeout).await;
        let pages = match &self.ocr.pdftoppm {
            None => Err(ToolError::Missing),
            Some(pdftoppm) => {
                let run = ToolRun {
                    program: pdftoppm.program.clone(),
                    data: pdftoppm.tables.clone(),
                    arguments: vec!["-v".into()],
                    bounds: ToolBounds::Picture,
                    allow_unconfined: self.allow_unconfined,
                };
                self.run_tool(&run, &[], MAX_TABLE, self.timeout).await
            }
        };
        OcrTrial {
            pictures: pictures.map(drop),
            pages: pages.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pages_are_drawn_coarser_or_not() {
        let page = |width: f32, height: f32| ScannedPage {
            number: 1,
            width,
            height,
        };
        assert_eq!(resolution(&page(595.0, 842.0)), Some(300));
        let poster = resolution(&page(2384.0, 3370.0)).unwrap();
        assert!((100..300).contains(&poster), "{poster}");
        for (width, height) in [
            (14_400.0, 14_400.0),
            (0.0, 842.0),
            (-595.0, 842.0),
            (f32::NAN, 842.0),
            (f32::INFINITY, 842.0),
        ] {
            assert_eq!(resolution(&page(width, height)), None);
        }
    }
}
