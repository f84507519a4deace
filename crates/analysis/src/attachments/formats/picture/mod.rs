//! Pictures: what the file says of itself, as sentences: its size, and by EXIF and XMP when, where and with what it was made and
//! changed, and by its content credentials (C2PA) how it was made and edited. No pixel is decoded. What a file says of itself is its
//! maker's word; the report quotes it as that of this source.

mod chunks;
mod exif_facts;
mod facts;
mod sentences;
mod xmp;

use crate::attachments::draft::{Draft, Reading, Scanned};
use crate::attachments::formats::c2pa::{self, Credentials};
use crate::attachments::recognise::PictureKind;
use facts::Facts;

/// A picture that claims more pixels is not handed to OCR.
const MAX_PIXELS: u64 = 50_000_000;

/// Reads what the file says of the picture.
pub fn read(kind: PictureKind, bytes: &[u8], mut draft: Draft) -> Reading {
    let size = imagesize::blob_size(bytes)
        .ok()
        .filter(|size| size.width > 0 && size.height > 0);
    let exif = exif_facts::of(bytes);
    let credentials = c2pa::of(kind, bytes);
    // Bytes that the signature does not cover must not be read as if they were signed.
    let packets = credentials.signed_parts(bytes).into_iter().map(xmp::of);
    let xmp = packets.into_iter().find(|facts| *facts != Facts::default());
    let xmp = xmp.unwrap_or_default();
    let texts = match kind {
        PictureKind::Png => chunks::texts(bytes),
        _ => Vec::new(),
    };
    let is_silent = exif == Facts::default()
        && xmp == Facts::default()
        && texts.is_empty()
        && credentials == Credentials::Absent;
    if let Some(size) = size {
        draft.line(&format!(
            "The picture is {} pixels wide and {} pixels high.",
            size.width, size.height
        ));
    } else {
        draft.unread(
            None,
            "The picture's size could not be read: the file is damaged. Save it again.",
        );
    }
    sentences::write(&exif, &xmp, &texts, &mut draft);
    c2pa::write("picture", &credentials, &mut draft);
    if is_silent {
        draft.unread(
            None,
            "The file has no EXIF or XMP data: when, where and with what the picture was made is not in it.",
        );
    }
    let pixels = size.map_or(0, |size| {
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        count(size.width).saturating_mul(count(size.height))
    });
    if pixels > MAX_PIXELS {
        draft.unread(
            None,
            "The picture claims more than 50 million pixels, and no text is looked for in it. Attach a smaller one.",
        );
    } else if pixels == 0 {
        draft.unread(
            None,
            "Words that are drawn in the picture were not read: hand them in as text.",
        );
    } else if kind == PictureKind::Heic {
        draft.unread(
            None,
            "Words that are drawn in the picture were not read, for OCR reads no HEIC: save it as PNG or JPEG.",
        );
    } else {
        draft.about().scanned = Some(Scanned::Picture);
    }
    // Last, for the place that is no evidence goes on to the end.
    c2pa::write_distrusted("picture", &credentials, &mut draft);
    draft.finish()
}

#[cfg(test)]
pub(in crate::attachments) mod testing;
#[cfg(test)]
mod tests;
