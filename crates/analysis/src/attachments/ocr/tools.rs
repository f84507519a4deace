//! The programs that read pictures: tesseract for words, pdftoppm of poppler for pages of a PDF. Looked for once, in the folders
//! of a search path, and only there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::attachments::programs;

/// The line that installs both on this system.
pub const INSTALL: &str = if cfg!(target_os = "macos") {
    INSTALL_ON_MACOS
} else if cfg!(windows) {
    INSTALL_ON_WINDOWS
} else {
    INSTALL_ON_DEBIAN
};
/// The same on Debian and what is made of it.
pub const INSTALL_ON_DEBIAN: &str = "apt-get install tesseract-ocr poppler-utils";
/// The same on macOS.
pub const INSTALL_ON_MACOS: &str = "brew install tesseract poppler";
/// The same on Windows.
pub const INSTALL_ON_WINDOWS: &str =
    "winget install UB-Mannheim.TesseractOCR oschwartz10612.Poppler";

/// The model of a language's letters that is used: Clara reads English.
const MODEL: &str = "eng.traineddata";
/// The model that finds out which side of a picture is up.
const ORIENTATION_MODEL: &str = "osd.traineddata";

/// What of the programs is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OcrTools {
    pub(crate) tesseract: Option<Tesseract>,
    pub(crate) pdftoppm: Option<Pdftoppm>,
}

/// The program that reads words, with its models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tesseract {
    pub program: PathBuf,
    pub models: PathBuf,
    pub finds_orientation: bool,
}

/// The program that draws pages, with its tables of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pdftoppm {
    pub program: PathBuf,
    pub tables: Option<PathBuf>,
}

impl OcrTools {
    /// Looks in the folders of `path`, which is written as `PATH` is. Folders that are not absolute are passed over: what they
    /// hold depends on the working directory.
    pub fn find(path: Option<&OsStr>) -> Self {
        let folders = programs::folders(path);
        let tesseract = programs::find(&folders, "tesseract").and_then(|program| {
            let models = models_of(&program)?;
            Some(Tesseract {
                finds_orientation: models.join(ORIENTATION_MODEL).is_file(),
                models,
                program,
            })
        });
        let pdftoppm = programs::find(&folders, "pdftoppm").map(|program| Pdftoppm {
            tables: programs::shared_folders(&program)
                .into_iter()
                .map(|folder| folder.join("poppler"))
                .find(|folder| folder.is_dir()),
            program,
        });
        Self {
            tesseract,
            pdftoppm,
        }
    }

    /// Whether words of pictures are read.
    pub fn reads_pictures(&self) -> bool {
        self.tesseract.is_some()
    }

    /// Whether scanned pages of a PDF are read.
    pub fn reads_pages(&self) -> bool {
        self.tesseract.is_some() && self.pdftoppm.is_some()
    }
}

/// The folder with tesseract's models: `share/tessdata`, or on Debian one of its version.
fn models_of(program: &Path) -> Option<PathBuf> {
    for folder in programs::shared_folders(program) {
        let mut candidates = vec![folder.join("tessdata")];
        let versions = std::fs::read_dir(folder.join("tesseract-ocr"));
        let versions = versions.into_iter().flatten().flatten();
        let mut versions: Vec<PathBuf> = versions.map(|entry| entry.path()).collect();
        versions.sort_unstable();
        candidates.extend(
            versions
                .iter()
                .rev()
                .map(|version| version.join("tessdata")),
        );
        let found = candidates
            .into_iter()
            .find(|models| models.join(MODEL).is_file());
        if let Some(models) = found {
            return models.canonicalize().ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_path_has_no_tools() {
        for path in [None, Some(""), Some("."), Some("bin:/nowhere")] {
            let tools = OcrTools::find(path.map(OsStr::new));
            assert_eq!(tools, OcrTools::default(), "{path:?}");
            assert!(!tools.reads_pictures() && !tools.reads_pages());
        }
    }

    #[test]
    fn pages_need_both_tools() {
        let tesseract = Tesseract {
            program: "/bin/tesseract".into(),
            models: "/models".into(),
            finds_orientation: false,
        };
        let tools = OcrTools {
            tesseract: Some(tesseract),
            pdftoppm: None,
        };
        assert!(tools.reads_pictures() && !tools.reads_pages());
    }
}
