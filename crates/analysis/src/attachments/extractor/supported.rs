//! Which files this set-up reads: what is in them, not only what they say of themselves.

use super::Extractor;
use clara_domain::submission::{AttachmentKind, SUPPORTED_EXTENSIONS};

impl Extractor {
    /// The extensions of each kind, in the order of the documentation. A kind whose program or service is missing has none.
    pub fn supported(&self) -> Vec<(AttachmentKind, Vec<&'static str>)> {
        let supported = SUPPORTED_EXTENSIONS.iter().map(|(kind, extensions)| {
            let is_read = |extension: &str| match kind {
                AttachmentKind::Document => true,
                // The words of a drawing are text.
                AttachmentKind::Image => self.ocr.reads_pictures() || extension == "svg",
                AttachmentKind::Audio => self.hearing.is_there(),
                AttachmentKind::Video => false,
            };
            let read = extensions.iter().copied();
            (*kind, read.filter(|extension| is_read(extension)).collect())
        });
        supported.collect()
    }
}
