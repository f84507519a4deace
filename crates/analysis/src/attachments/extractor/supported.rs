//! Which files this set-up reads: what is in them, not only what they say of themselves.

use super::super::speech::Hearing;
use super::Extractor;
use clara_domain::submission::{AttachmentKind, SUPPORTED_EXTENSIONS};

/// Kinds of recording that whisper-cli does not read by itself.
const NOT_BY_WHISPER: [&str; 2] = ["opus", "m4a"];

impl Extractor {
    fn hears(&self, extension: &str) -> bool {
        let is_program = matches!(self.hearing, Hearing::Program(_));
        let needs_ffmpeg = is_program && NOT_BY_WHISPER.contains(&extension);
        self.hearing.is_there() && (self.ffmpeg.is_some() || !needs_ffmpeg)
    }

    /// The extensions of each kind, in the order of the documentation. A kind whose program or service is missing has none.
    pub fn supported(&self) -> Vec<(AttachmentKind, Vec<&'static str>)> {
        let supported = SUPPORTED_EXTENSIONS.iter().map(|(kind, extensions)| {
            let is_read = |extension: &str| match kind {
                AttachmentKind::Document => true,
                // The words of a drawing are text.
                AttachmentKind::Image => self.ocr.reads_pictures() || extension == "svg",
                AttachmentKind::Audio => self.hears(extension),
                AttachmentKind::Video => self.ffmpeg.is_some(),
            };
            let read = extensions.iter().copied();
            (*kind, read.filter(|extension| is_read(extension)).collect())
        });
        supported.collect()
    }
}
